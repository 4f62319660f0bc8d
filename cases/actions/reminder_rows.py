"""Writing down what must be reminded of. Rows only: mailing is the sweep's work, at its own time.

One rule makes all rows: `wanted` says, from the case as it is now, who has to hear what on which
day, and `refresh` makes the rows agree with it. Every verb that changes a case ends with
`appointments.refresh_next`, and that ends here; so nothing can be planned, moved, held, paused,
handed over or closed without its reminders following.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from ..models import (
    Appointment,
    Case,
    CaseStaff,
    Membership,
    PageRecord,
    Reminder,
    Round,
    StepRecord,
)
from ..schooldays.school_calendar import SchoolCalendar
from .page_location import LATER
from .talks import talked

# School days after the day itself on which what is overdue is said again; after these, every fifth.
LATE_AFTER = (1, 3, 5)
LATE_EVERY = 5
DRAFT_DAYS = 7
FOLLOW_UPS = (Appointment.PUPIL, Appointment.MEMBERS)
# These have the day itself as theirs, on which somebody is at work on it already.
SAID_WHEN_LATE_ONLY = frozenset({"note_talk", "write_up"})


@dataclass(frozen=True)
class Wanted:
    """One thing to be said: ``kind`` of reminder, ``subject`` it is about, ``to`` whom (an id), on
    which day.
    """

    kind: str
    subject: str
    recipient: object
    due_on: datetime.date


def late_day(
    date: datetime.date, said: datetime.date | None, calendar: SchoolCalendar, after=LATE_AFTER
):
    """The next day on which something planned ``on`` a day is said to be overdue.

    ``said`` is the last day on which it was said, None when it never was. ``after``: the school
    days after which it is said; from the last of them on, every fifth.
    """
    number, steps = 0, iter(after)
    while True:
        number = next(steps, number + LATE_EVERY)
        day = calendar.add_school_days(date, number)
        if said is None or day > said:
            return day


@transaction.atomic
def refresh(case: Case, today: datetime.date | None = None) -> None:
    """Make the reminders of a case agree with how it is now. Calling it again changes nothing.

    ``today`` is the calendar day at the school, read from its clock if left out.
    """
    today = today or case.school.today()
    rows = list(Reminder.objects.filter(case=case))
    wish = {_key(each): each for each in wanted(case, rows, today)}
    there = {_key(row): row for row in rows if row.round_id == _round_id(case)}
    silent = [
        row.pk
        for row in rows
        if row.state == Reminder.DUE
        and (row.round_id != _round_id(case) or _key(row) not in wish)
        # The clock writes these, for as long as it is so.
        and not (row.kind == Reminder.NOBODY and case.running and not owner_is_there(case))
    ]
    again = [row.pk for key, row in there.items() if key in wish and row.state == Reminder.SILENCED]
    new = [each for key, each in wish.items() if key not in there]
    if silent:
        Reminder.objects.filter(pk__in=silent, state=Reminder.DUE).update(state=Reminder.SILENCED)
    if again:
        Reminder.objects.filter(pk__in=again, state=Reminder.SILENCED).update(state=Reminder.DUE)
    if new:
        _create(case, new)


def owner_is_there(case) -> bool:
    """Whether who does what comes next may sign in and works with pupils at this school."""
    working = Membership.objects.filter(school_id=case.school_id, active=True, user__is_active=True)
    return working.filter(user=case.next_owner_id).exclude(role=Membership.ADMINISTRATOR).exists()


def _key(each):
    recipient = each.recipient_id if isinstance(each, Reminder) else each.recipient
    return each.kind, each.subject, recipient, each.due_on


def _round_id(case):
    if not hasattr(case, "round_now") or case.round_now.number != case.round_number:
        case.round_now = Round.objects.get(case=case, number=case.round_number)
    return case.round_now.pk


def _create(case, new):
    Reminder.objects.bulk_create(
        [
            Reminder(
                school_id=case.school_id,
                case=case,
                round_id=_round_id(case),
                kind=each.kind,
                subject=each.subject,
                recipient_id=each.recipient,
                due_on=each.due_on,
            )
            for each in sorted(new, key=lambda each: (each.due_on, each.kind, each.subject))
        ],
        ignore_conflicts=True,
    )


def wanted(case: Case, rows, today: datetime.date) -> list[Wanted]:
    """Everything that has to be said about a case from ``today`` on, given the ``rows`` there are.

    Of something with a day: the school day before, the day itself, and while it is not done after
    one, three and five school days and then every fifth; after `School.late_to_coordinator` school
    days to the care coordinators as well (B1, B3). Of something without a day: the day by which one
    must be chosen.
    """
    if not case.running:
        return []
    calendar = case.school.calendar()
    found = []
    planned = _appointments(case)
    for appointment in planned:
        found += _of_appointment(case, appointment, rows, calendar, today)
    is_planned = any(appointment.kind == case.next_kind for appointment in planned)
    if case.next_kind and case.next_date and case.next_owner_id and not is_planned:
        found += _of_next(case, rows, calendar, today)
    found += _of_called_off(case, rows, calendar, today)
    found += _of_draft(case, calendar, today)
    return found


def _appointments(case):
    """What is planned in the current round and can be held as the case stands."""
    if case.status == Case.PAUSED:
        return []
    planned = Appointment.objects.filter(round=_round_id(case), state=Appointment.PLANNED)
    later = case.status == Case.AFTERCARE
    return [each for each in planned if (each.kind in Appointment.LATER) == later]


def _of_appointment(case, appointment, rows, calendar, today):
    recipient, subject, date = appointment.owner_id, appointment.kind, appointment.date
    before = calendar.add_school_days(date, -1)
    if before >= today:
        yield Wanted(Reminder.TOMORROW, subject, recipient, before)
    if date >= today:
        yield Wanted(Reminder.TODAY, subject, recipient, date)
    yield from _late(case.school, subject, recipient, date, rows, calendar)


def _of_next(case, rows, calendar, today):
    recipient, subject, date = case.next_owner_id, case.next_kind, case.next_date
    if subject not in SAID_WHEN_LATE_ONLY and not _said(
        rows, Reminder.PLAN, subject, recipient, date
    ):
        # Also when its day has passed: a worker that was away still says it.
        yield Wanted(Reminder.PLAN, subject, recipient, date)
    yield from _late(case.school, subject, recipient, date, rows, calendar)


def _late(school, subject, recipient, date, rows, calendar):
    said = _last_said(school, rows, Reminder.LATE, subject, recipient, date)
    yield Wanted(Reminder.LATE, subject, recipient, late_day(date, said, calendar))
    after = school.late_to_coordinator
    if after:
        for coordinator in coordinators_of(school):
            if coordinator != recipient:
                said = _last_said(school, rows, Reminder.ESCALATE, subject, coordinator, date)
                day = late_day(date, said, calendar, after=(after,))
                yield Wanted(Reminder.ESCALATE, subject, coordinator, day)


def coordinators_of(school) -> list:
    """The ids of the care coordinators of a school who may sign in. Read once for a school object."""
    if not hasattr(school, "coordinator_ids"):
        school.coordinator_ids = list(
            Membership.objects.filter(
                school=school, role=Membership.COORDINATOR, active=True, user__is_active=True
            ).values_list("user_id", flat=True)
        )
    return school.coordinator_ids


def who_else(case) -> list:
    """The ids of those who are told that nobody takes care of a case: the care coordinators, else
    colleagues on the case, else the administrators, who see no case but learn its code.
    """
    if coordinators := coordinators_of(case.school):
        return coordinators
    there = Membership.objects.filter(school_id=case.school_id, active=True, user__is_active=True)
    colleagues = there.exclude(role=Membership.ADMINISTRATOR).filter(
        user__in=CaseStaff.objects.filter(case=case).values("user")
    )
    found = list(colleagues.values_list("user_id", flat=True))
    return found or list(
        there.filter(role=Membership.ADMINISTRATOR).values_list("user_id", flat=True)
    )


def _last_said(school, rows, kind, subject, recipient, date):
    """The last day on the school's clock on which this was mailed, since it was planned for ``on``."""
    zone = school.now().tzinfo
    days = [
        max(row.due_on, row.sent_at.astimezone(zone).date()) if row.sent_at else row.due_on
        for row in rows
        if row.state == Reminder.SENT
        and (row.kind, row.subject, row.recipient_id) == (kind, subject, recipient)
        and row.due_on > date
    ]
    return max(days, default=None)


def _said(rows, kind, subject, recipient, date):
    return any(
        row.state == Reminder.SENT
        and (row.kind, row.subject, row.recipient_id, row.due_on)
        == (kind, subject, recipient, date)
        for row in rows
    )


def _of_called_off(case, rows, calendar, today):
    """A follow-up that was called off asks for another day, also while other steps come first (B1)."""
    if case.status != Case.OPEN:
        return
    off = Appointment.objects.filter(
        round=_round_id(case), kind__in=FOLLOW_UPS, state=Appointment.CANCELLED
    ).values_list("kind", flat=True)
    for kind in off:
        if case.next_kind == f"plan_{kind}" or talked(case.round_now, kind):
            continue
        said = [
            row
            for row in rows
            if (row.kind, row.subject, row.recipient_id) == (Reminder.PLAN, kind, case.leader_id)
        ]
        due = [row.due_on for row in said if row.state == Reminder.DUE]
        sent = [row.due_on for row in said if row.state == Reminder.SENT]
        day = max(due, default=None) or calendar.add_school_days(
            max(sent, default=today), LATE_EVERY if sent else 1
        )
        yield Wanted(Reminder.PLAN, kind, case.leader_id, day)


def _of_draft(case, calendar, today):
    """A step that was begun and lies still for a week, unless a day ahead was agreed on for it;
    also a later check that was begun and not finished.
    """
    if case.status == Case.AFTERCARE:
        subject, saved = LATER, check_saved(case)
    elif case.status != Case.OPEN or (
        case.next_agreed and case.next_date and case.next_date >= today
    ):
        return
    else:
        subject, saved = case.step, draft_saved(case)
    if saved is not None:
        there = saved.astimezone(case.school.now().tzinfo).date()
        due = calendar.next_school_day(there + datetime.timedelta(days=DRAFT_DAYS))
        yield Wanted(Reminder.DRAFT, subject, case.leader_id, due)


def check_saved(case) -> datetime.datetime | None:
    """When something was last written in a later check that was not finished; None when there is
    none.
    """
    held = Appointment.objects.filter(
        round=_round_id(case), kind__in=Appointment.LATER, state=Appointment.HELD
    )
    records = PageRecord.objects.filter(round=_round_id(case), step=LATER).exclude(
        page__in=held.values("kind")
    )
    return records.aggregate(last=Max("saved_at"))["last"]


def draft_saved(case) -> datetime.datetime | None:
    """When something was last written in the step that is open; None when nothing was."""
    done = StepRecord.objects.filter(round=_round_id(case), step=case.step).exclude(
        state=StepRecord.OPEN
    )
    if done.exists():
        return None
    records = PageRecord.objects.filter(round=_round_id(case), step=case.step)
    return records.aggregate(last=Max("saved_at"))["last"]
