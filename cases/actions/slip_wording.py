"""The words on the task slips, where they differ from the idea as it was said."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from ..models import Idea, Round, User
from . import journal
from .step_order import lock_case


def ideas_of(case_round: Round) -> dict[UUID, Idea]:
    """Member id to idea, for the members of a round now."""
    return {
        idea.member_id: idea
        for idea in Idea.objects.filter(member__round=case_round, member__left_at=None)
    }


@dataclass(frozen=True)
class Wording:
    """A text for one slip, the idea it was made from, and whether a person said that what looks
    like a name in it is none. The idea itself, or nothing, needs no wording: then the idea is
    printed as it was said.

    ``was``: what stood on the slip when it was worded; None for the idea as it was said.
    """

    said: str
    text: str
    checked: bool = False
    was: str | None = None


@transaction.atomic
def word_slips(case_round: Round, texts: dict[str, Wording], *, by: User) -> list[str]:
    """Keep texts for paper. ``texts``: member id to the wording.

    Returns the ids of the members whose idea or slip was changed meanwhile: their slip is left as
    it is, because the text was made for other words. The same words once more, after an answer that
    got lost, are no change.
    """
    lock_case(case_round.case_id)
    changed, outdated = 0, []
    ideas = {str(idea.member_id): idea for idea in Idea.objects.filter(member__round=case_round)}
    for member, wording in texts.items():
        idea = ideas.get(member)
        if idea is None or not idea.text:
            outdated += [member] if wording.text else []  # there is nothing left to word
            continue
        own = bool(wording.text) and (wording.checked or wording.text != idea.text)
        now = (wording.text, by, wording.checked) if own else ("", None, False)
        same = wording.text == idea.slip and (idea.slip_checked or not wording.checked)
        stands = same and idea.slip_by_id is not None if own else not idea.slip
        if stands:
            continue
        if _outdated(wording, idea):
            outdated.append(member)
            continue
        idea.slip, idea.slip_by, idea.slip_checked = now
        idea.save()
        changed += 1
    if changed:
        journal.record(journal.CHANGE, by=by, case=case_round.case, thing="slips", fields=["slip"])
    return outdated


def _outdated(wording: Wording, idea: Idea) -> bool:
    """Whether the wording was made for an idea, or took the place of words, that are no longer
    there.
    """
    if wording.said != idea.text:
        return True
    # What nobody is known to have worded may be shown as the idea itself.
    on_it = {idea.slip} if idea.slip_by_id is not None else {idea.slip or idea.text, idea.text}
    return (wording.said if wording.was is None else wording.was) not in on_it
