"""What is known of the days of a round's appointments: which there are, when they are or were, and
from which day the window of each counts. Nothing is written here; planning is `appointments`.

The windows count in calendar days: the pupil's follow-up from the talk, the short talks and the
check in between from the meeting (S1.14, S6.2).
"""

import datetime
from typing import Any

from ..answers import plan_keys
from ..method.grammar import Question
from ..models import Appointment, Round
from ..schooldays import school_calendar, windows
from .page_location import holding, record_of
from .round_snapshot import RoundSnapshot

# What each kind of appointment counts from: the appointment whose date starts its window.
COUNTS_FROM = {
    Appointment.MEETING: Appointment.TALK,
    Appointment.PUPIL: Appointment.TALK,
    Appointment.MEMBERS: Appointment.MEETING,
    Appointment.INTERIM: Appointment.MEETING,
}
# What depends on the day of a first talk or of a meeting, in the order in which it is held.
DEPENDS_ON = {
    Appointment.TALK: (Appointment.MEETING, Appointment.PUPIL),
    Appointment.MEETING: (Appointment.INTERIM, Appointment.PUPIL, Appointment.MEMBERS),
}
FURTHEST = datetime.timedelta(days=366)  # the last day that can be agreed on, from today


def plan_values(
    case_round: Round, question: Question, snapshot: RoundSnapshot | None = None
) -> dict[str, Any]:
    """The appointment of this question's kind as form values; empty when there is none."""
    found = live(case_round, question.plans, snapshot)
    if found is None:
        return {}
    date, time, reason = plan_keys(question)
    return {
        date: found.date.isoformat(),
        time: found.time.strftime("%H:%M") if found.time else "",
        reason: found.reason,
    }


def live(case_round: Round, kind: str, snapshot: RoundSnapshot | None = None) -> Appointment | None:
    """The appointment of this kind in a round, planned or held; None when there is none."""
    if snapshot:
        return snapshot.appointments.get(kind)
    return (
        Appointment.objects.filter(round=case_round, kind=kind)
        .exclude(state=Appointment.CANCELLED)
        .first()
    )


def starts_on(
    case_round: Round, kind: str, snapshot: RoundSnapshot | None = None
) -> datetime.date | None:
    """The day from which the window of an appointment counts; None while it is not known.

    In a later round there is no first talk: the last talk with the pupil takes its place (S7.2).
    """
    source = COUNTS_FROM.get(kind)
    if source is None:
        return None
    if source == Appointment.TALK and case_round.number > 1:
        previous = Round.objects.filter(
            case=case_round.case_id, number=case_round.number - 1
        ).first()
        opened_on = case_round.school.day_of(case_round.opened_at)
        return held_on(previous, Appointment.PUPIL) or opened_on
    return held_on(case_round, source, snapshot)


def held_on(
    case_round: Round | None, kind: str, snapshot: RoundSnapshot | None = None
) -> datetime.date | None:
    """The day on which a talk or meeting was held; None while it was not, or without a round."""
    location = holding(kind)
    if case_round is None or location is None:
        return None
    record = record_of(case_round, *location, snapshot=snapshot)
    return record.held_on if record else None


def day_of(
    case_round: Round, kind: str, snapshot: RoundSnapshot | None = None
) -> datetime.date | None:
    """The day on which a talk or meeting was held or, while it is to come, is planned; None when
    unknown.
    """
    location = holding(kind)
    record = record_of(case_round, *location, snapshot=snapshot) if location else None
    if record is not None and record.held_on:
        return record.held_on
    found = live(case_round, kind, snapshot)
    return found.date if found else None


def settled_now(case_round: Round, kind: str) -> dict[str, str]:
    """The days of the talk and meeting that this kind depends on, as they are now: it is decided
    with these.

    What `Appointment.settled_for` holds: kind of the talk or meeting to its day, in ISO form.
    """
    sources = [source for source, kinds in DEPENDS_ON.items() if kind in kinds]
    days = {source: day_of(case_round, source) for source in sources}
    return {source: day.isoformat() for source, day in days.items() if day}


def window_of(
    case_round: Round, kind: str, snapshot: RoundSnapshot | None = None
) -> windows.Window | None:
    """The days in which this appointment belongs at this school; None while its start is not
    known.
    """
    start = starts_on(case_round, kind, snapshot)
    return windows.window(kind, start, case_round.school.spans()) if start else None


def meeting_before(
    case_round: Round, kind: str, snapshot: RoundSnapshot | None = None
) -> datetime.date | None:
    """The day of the meeting, held or planned, that must come before an appointment of this kind:
    the pupil is asked how it goes once the group has met. None for another kind, or while unknown.
    """
    if kind != Appointment.PUPIL:
        return None
    return day_of(case_round, Appointment.MEETING, snapshot)


def proposal_for(
    case_round: Round,
    kind: str,
    *,
    today: datetime.date,
    start: datetime.date | None = None,
    calendar: school_calendar.SchoolCalendar | None = None,
    spans: windows.Spans | None = None,
    snapshot: RoundSnapshot | None = None,
) -> school_calendar.Proposal:
    """The days that are still possible for an appointment of this kind at this school, after the
    meeting where that comes first.

    ``start``: the day from which its window counts; the recorded one without it, or ``today`` while
    that is not known. ``calendar`` and ``spans`` are the school's without them.
    """
    school = case_round.school
    meeting = meeting_before(case_round, kind, snapshot)
    return school_calendar.propose(
        kind,
        start or starts_on(case_round, kind, snapshot) or today,
        calendar or school.calendar(),
        today=today,
        not_before=meeting + datetime.timedelta(days=1) if meeting else None,
        spans=spans or school.spans(),
    )
