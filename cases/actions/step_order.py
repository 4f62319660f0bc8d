"""The order of things: which steps are open, and the lock under which a case changes.

Every verb first takes the lock of its case, then looks, then writes; the journal comes last. With
one order of locks two people on one case wait for each other instead of undoing each other.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from ..method import METHOD
from ..method.grammar import Step
from ..method.step1_talk import WANTS_CHANGE
from ..models import Case, PageRecord, Round, StepRecord
from .round_snapshot import RoundSnapshot


class NotYet(Exception):
    """This cannot be done now; ``missing`` says what is asked for first, if it is that."""

    def __init__(self, missing: Iterable[Any] = ()) -> None:
        super().__init__(missing)
        self.missing = list(missing)


def lock_case(case: Case | UUID) -> Case:
    """Lock a case for the rest of the transaction; what it says now. ``case`` is a Case or its
    id.
    """
    pk = case.pk if isinstance(case, Case) else case
    return Case.objects.select_for_update().get(pk=pk)


def states(case_round: Round, snapshot: RoundSnapshot | None = None) -> dict[str, str]:
    """The state of every step in this round: open, done or skipped."""
    if snapshot:
        known = {key: each.state for key, each in snapshot.steps.items()}
    else:
        known = dict(StepRecord.objects.filter(round=case_round).values_list("step", "state"))
    return {step.key: known.get(step.key, StepRecord.OPEN) for step in steps_of(case_round)}


def steps_of(case_round: Round) -> tuple[Step, ...]:
    """The steps of a round: all of them, or from the step at which a later round begins."""
    return METHOD.from_step(case_round.first_step)


def wishes_change(case_round: Round, snapshot: RoundSnapshot | None = None) -> str:
    """The pupil's answer to whether it should change: yes, unsure, no, or "" when not asked yet."""
    if snapshot:
        return next((each.wish for each in snapshot.records.values() if each.wish), "")
    return (
        PageRecord.objects.filter(round=case_round)
        .exclude(wish="")
        .values_list("wish", flat=True)
        .first()
        or ""
    )


def may_open(case_round: Round, step: Step, snapshot: RoundSnapshot | None = None) -> bool:
    """Whether a step can be recorded now: every step before it in the round is finished or skipped.

    Without the pupil's yes the steps after the one that asks it stay closed, also when the answer
    was corrected later (S1.4).
    """
    known = states(case_round, snapshot)
    if step.key not in known:
        return False
    before = [each for each in METHOD.before(step.key) if each.key in known]
    if any(known[each.key] == StepRecord.OPEN for each in before):
        return False
    if not any(each.asks_wish for each in before):
        return True
    return wishes_change(case_round, snapshot) == WANTS_CHANGE


def may_plan(case_round: Round, kind: str) -> bool:
    """Whether an appointment of this kind can be agreed on: the step that agrees on it is open."""
    for step in steps_of(case_round):
        if any(question.plans == kind for _, question in step.questions()):
            return may_open(case_round, step)
    return True
