"""The words on the task slips, where they differ from the idea as it was said."""

from django.db import transaction

from ..models import Idea
from . import journal
from .order import lock_case


def ideas_of(round) -> dict:
    """Member id to idea, for the members of a round now."""
    return {idea.member_id: idea for idea in Idea.objects.filter(member__round=round, member__left=None)}


@transaction.atomic
def word_slips(round, texts: dict[str, tuple[str, str]], *, by) -> list:
    """Keep texts for paper. ``texts``: member id to the idea it was made from, and the new text.

    Returns the members whose idea was changed meanwhile: their slip is left as it is, because the
    text was made for other words.
    """
    lock_case(round.case_id)
    changed, outdated = 0, []
    for idea in Idea.objects.filter(member__round=round).select_related("member__pupil"):
        said, text = texts.get(str(idea.member_id), (None, None))
        if text is None or text == idea.slip:
            continue
        if said != idea.text:
            outdated.append(idea.member)
            continue
        idea.slip = text
        idea.save()
        changed += 1
    if changed:
        journal.record(journal.CHANGE, by=by, case=round.case, thing="slips", fields=["slip"])
    return outdated
