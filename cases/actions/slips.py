"""The words on the task slips, where they differ from the idea as it was said."""

from dataclasses import dataclass

from django.db import transaction

from ..models import Idea
from . import journal
from .order import lock_case


def ideas_of(round) -> dict:
    """Member id to idea, for the members of a round now."""
    return {idea.member_id: idea for idea in Idea.objects.filter(member__round=round, member__left=None)}


@dataclass(frozen=True)
class Wording:
    """A text for one slip, the idea it was made from, and whether a person said that what looks like a name in it
    is none. The idea itself, or nothing, needs no wording: then the idea is printed as it was said."""

    said: str
    text: str
    checked: bool = False


@transaction.atomic
def word_slips(round, texts: dict[str, Wording], *, by) -> list:
    """Keep texts for paper. ``texts``: member id to the wording.

    Returns the members whose idea was changed meanwhile: their slip is left as it is, because the
    text was made for other words.
    """
    lock_case(round.case_id)
    changed, outdated = 0, []
    for idea in Idea.objects.filter(member__round=round).select_related("member__pupil"):
        wording = texts.get(str(idea.member_id))
        if wording is None:
            continue
        if wording.said != idea.text:
            outdated.append(idea.member)
            continue
        own = bool(wording.text) and (wording.checked or wording.text != idea.text)
        now = (wording.text, by, wording.checked) if own else ("", None, False)
        if now[0] == idea.slip and now[2] == idea.slip_checked and (idea.slip_by_id is not None) == own:
            continue
        idea.slip, idea.slip_by, idea.slip_checked = now
        idea.save()
        changed += 1
    if changed:
        journal.record(journal.CHANGE, by=by, case=round.case, thing="slips", fields=["slip"])
    return outdated
