"""The words on the task slips, where they differ from the idea as it was said."""

from django.db import transaction

from ..models import Idea
from . import journal


def ideas_of(round) -> dict:
    """Member id to idea, for the members of a round now."""
    return {idea.member_id: idea for idea in Idea.objects.filter(member__round=round, member__left=None)}


@transaction.atomic
def word_slips(round, texts: dict[str, str], *, by):
    """Keep texts for paper, by member id; an empty text goes back to the idea as it was said."""
    changed = 0
    for idea in Idea.objects.filter(member__round=round):
        text = texts.get(str(idea.member_id))
        if text is not None and text.strip() != idea.slip:
            idea.slip = text.strip()
            idea.save()
            changed += 1
    if changed:
        journal.record(journal.CHANGE, by=by, case=round.case, thing="slips", fields=["slip"])
