"""Planning, holding and cancelling appointments, and what comes next in a case (B3).

Which appointments there are, and in which days each belongs, is read in `appointment_windows`.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from ..answers import is_empty, plan_keys
from ..method import METHOD
from ..method.grammar import ENDING, Moment, Question, Step
from ..method.later import DECIDE_WITHIN
from ..models import Appointment, Case, Round, User
from ..next_actions import CLOSE, DECIDE_LATER, GO_ON, RESUME, TO_DECIDE, to_plan
from . import journal, reminder_rows
from .appointment_windows import held_on, live, plan_values, settled_now
from .page_location import PageLocation
from .step_order import NotYet, lock_case, may_plan
from .talks import members_without_talk, talked

ASK_AGAIN_DAYS = 14  # a paused case is looked at again after two weeks


def plan_from(
    location: PageLocation, question: Question, values: Mapping[str, Any], *, by: User
) -> None:
    """Make, move or cancel the appointment of a page's question from its form values."""
    on_key, at_key, reason_key = plan_keys(question)
    now = plan_values(location.round, question)
    values = {**now, **values}
    if is_empty(values.get(on_key)):
        cancel(location.case, location.round, question.plans, by=by)
        return
    plan(
        location.case,
        location.round,
        question.plans,
        datetime.date.fromisoformat(values[on_key]),
        time=datetime.time.fromisoformat(values[at_key]) if values.get(at_key) else None,
        reason=values.get(reason_key) or "",
        by=by,
    )


@transaction.atomic
def plan(
    case: Case,
    case_round: Round,
    kind: str,
    date: datetime.date,
    *,
    time: datetime.time | None = None,
    reason: str = "",
    by: User,
) -> Appointment:
    """Agree on a day, or move the day agreed on: the same appointment, with a higher sequence.

    The forms have checked the day; a day outside the window carries its ``reason``. NotYet when the
    step that agrees on it is not open, or when the appointment has been held.
    """
    if not _plannable(lock_case(case), case_round, kind):
        raise NotYet
    found = Appointment.objects.filter(round=case_round, kind=kind).first()
    if found is None:
        found = Appointment(
            school_id=case.school_id, case=case, round=case_round, kind=kind, owner=case.leader
        )
    elif found.state == Appointment.HELD:
        if (found.date, found.time) == (date, time):
            return found
        raise NotYet
    elif (found.date, found.time) != (date, time) or found.state == Appointment.CANCELLED:
        found.sequence += 1
    if (found.date, found.reason) != (date, reason):
        found.settled_for = settled_now(case_round, kind)
    found.date, found.time, found.reason, found.owner = date, time, reason, case.leader
    if found.state == Appointment.CANCELLED:
        found.state = Appointment.PLANNED
    found.save()
    _note(case, case_round, kind, ["date", "time"], by)
    refresh_next(case)
    return found


def _plannable(case: Case, case_round: Round, kind: str) -> bool:
    """Whether a day can be agreed on now: a later check in aftercare, anything else while the case
    runs.
    """
    if kind in Appointment.LATER:
        return case.status == Case.AFTERCARE
    return case.status == Case.OPEN and may_plan(case_round, kind)


@transaction.atomic
def cancel(case: Case, case_round: Round, kind: str, *, by: User) -> None:
    """Call an appointment off. Nothing happens when there is none, or when it was held.

    A follow-up that was called off comes back as a day to choose (B1).
    """
    lock_case(case)
    for found in Appointment.objects.filter(round=case_round, kind=kind, state=Appointment.PLANNED):
        found.state = Appointment.CANCELLED
        found.sequence += 1
        found.save()
        _note(case, case_round, kind, ["cancelled"], by)
    refresh_next(case)


def _note(case: Case, case_round: Round, kind: str, fields: Sequence[str], by: User) -> None:
    thing = f"{case_round.number}/plan/{kind}"
    journal.record(journal.CHANGE, by=by, case=case, thing=thing, fields=fields)


def mark_held(case_round: Round, kind: str, date: datetime.date | None) -> None:
    """Note that an appointment was held on a day, or (None) that it was not after all."""
    found = live(case_round, kind)
    if found is None or found.held_on == date:
        return
    found.held_on = date
    found.state = Appointment.HELD if date else Appointment.PLANNED
    if not date:
        found.owner = case_round.case.leader  # handed over, perhaps, since it was held
    found.save(update_fields=["held_on", "state", "owner"])


def current_round(case: Case) -> Round:
    return Round.objects.get(case=case, number=case.round_number)


def refresh_next(case: Case) -> None:
    """Work out what comes next, when and who does it, and keep it on the case (B3)."""
    case.refresh_from_db(
        fields=["status", "step", "round_number", "leader", "next_kind", "next_date", "next_agreed"]
    )
    case_round = current_round(case)
    kind, date, time = _next(case, case_round)
    agreed = date is not None or kind in TO_DECIDE
    if kind and date is None:
        date = _by_when(case, kind)
    owner = case.leader if kind else None
    Case.objects.filter(pk=case.pk).update(
        next_kind=kind, next_date=date, next_time=time, next_agreed=agreed, next_owner=owner
    )
    case.next_kind, case.next_date, case.next_time, case.next_agreed = kind, date, time, agreed
    case.next_owner = owner
    reminder_rows.refresh(case, case_round=case_round)


def _by_when(case: Case, kind: str) -> datetime.date:
    """The school day by which something without a day is done, because no case waits for nothing
    (B3); it stays the same while nothing changes.
    """
    stays = kind in TO_DECIDE or not case.next_agreed
    if case.next_kind == kind and case.next_date is not None and stays:
        return case.next_date
    within = {moment.to_plan: moment.plan_within for moment in METHOD.moments if moment.to_plan}
    within[DECIDE_LATER] = DECIDE_WITHIN
    return case.school.calendar().add_school_days(case.school.today(), within.get(kind, 1))


def _next(case: Case, case_round: Round) -> tuple[str, datetime.date | None, datetime.time | None]:
    if case.status in (Case.CLOSED, Case.ELSEWHERE):
        return "", None, None
    if case.status == Case.PAUSED:
        return RESUME, case.next_date, None
    if case.status == Case.AFTERCARE:
        return _next_check(case_round)
    step = METHOD.step(case.step)
    moment = METHOD.moment(step.moment)
    return _next_of_moment(case_round, step, moment) or _next_talk(case_round, step)


def _next_of_moment(
    case_round: Round, step: Step, moment: Moment
) -> tuple[str, datetime.date | None, datetime.time | None] | None:
    """In a step of one sitting: it is planned, held, or to be written down. None in other steps."""
    if not moment.held_as:
        return None
    held = held_on(case_round, moment.held_as)
    if held or METHOD.held_in(moment.held_as) in METHOD.before(step.key):
        return moment.to_record, held, None
    found = live(case_round, moment.held_as)
    return _dated(moment.held_as if found else moment.to_plan, found)


def _dated(
    kind: str, appointment: Appointment | None
) -> tuple[str, datetime.date | None, datetime.time | None]:
    if appointment is None:
        return kind, None, None
    return kind, appointment.date, appointment.time


def _next_talk(
    case_round: Round, step: Step
) -> tuple[str, datetime.date | None, datetime.time | None]:
    """In a step with talks on days of their own: the one that is due first; one without a day comes
    before the rest. Without any (any more): how to go on, or to fill in the step.
    """
    waiting = []
    for page in step.pages:
        kind = page.holds or page.completes
        found = live(case_round, kind) if kind else None
        if found is not None and found.state == Appointment.PLANNED:
            waiting.append(found)
        elif kind and found is None and not page.optional and not talked(case_round, kind):
            return to_plan(kind), None, None
    if not waiting:
        return (CLOSE if step.page_for(ENDING) else GO_ON), None, None
    first = min(waiting, key=lambda each: (each.date, each.time or datetime.time.min))
    return first.kind, first.date, first.time


def _next_check(case_round: Round) -> tuple[str, datetime.date | None, datetime.time | None]:
    """In aftercare: the first later check that is planned, or the end of it (B2)."""
    planned = Appointment.objects.filter(
        round=case_round, kind__in=Appointment.LATER, state=Appointment.PLANNED
    ).first()
    return _dated(planned.kind, planned) if planned else (DECIDE_LATER, None, None)


def note_talks(case_round: Round) -> None:
    """After a member's talk was recorded: the short talks are held when everyone was spoken
    with.
    """
    waiting = members_without_talk(case_round)
    found = live(case_round, Appointment.MEMBERS)
    if not waiting and found is not None and found.state == Appointment.HELD:
        return  # a talk was corrected later: the day on which they were done stays
    mark_held(case_round, Appointment.MEMBERS, None if waiting else case_round.school.today())
