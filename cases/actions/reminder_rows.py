"""Writing down what must be reminded of. Rows only: mailing is the sweep's work, at its own time.

One rule makes all rows: `wanted` says, from the case as it is now, who has to hear what on which
day, and `refresh` makes the rows agree with it. Every verb that changes a case ends with
`appointments.refresh_next`, and that ends here; so nothing can be planned, moved, held, paused,
handed over or closed without its reminders following.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from .. import reminder_kinds
from ..models import Appointment, Case, Reminder, Round
from ..next_actions import only_when_late, to_plan
from ..reminder_kinds import KINDS
from ..schooldays.school_calendar import SchoolCalendar
from .page_location import LATER
from .reminder_recipients import ReminderContext, coordinators_of, owner_is_there, recipients
from .talks import talked
from .unfinished import check_saved_at, draft_saved_at

# School days after the day itself on which what is overdue is said again; after these, every fifth.
LATE_AFTER = (1, 3, 5)
LATE_EVERY = 5
DRAFT_DAYS = 7
FOLLOW_UPS = (Appointment.PUPIL, Appointment.MEMBERS)


@dataclass(frozen=True)
class Wanted:
    """One thing to be said: ``kind`` of reminder, ``subject`` it is about, ``recipient`` (an id),
    on which day.
    """

    kind: str
    subject: str
    recipient: UUID
    due_on: datetime.date


def late_day(
    date: datetime.date,
    said: datetime.date | None,
    calendar: SchoolCalendar,
    after: Sequence[int] = LATE_AFTER,
) -> datetime.date:
    """The next day on which something planned for ``date`` is said to be overdue.

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
def refresh(
    case: Case,
    today: datetime.date | None = None,
    *,
    case_round: Round | None = None,
    coordinators: list[UUID] | None = None,
) -> None:
    """Make the reminders of a case agree with how it is now. Calling it again changes nothing.

    ``today`` is the calendar day at the school, read from its clock if left out. ``case_round``
    (the current one) and ``coordinators`` (see `coordinators_of`) are read if left out.
    """
    if case_round is None:
        case_round = Round.objects.get(case=case, number=case.round_number)
    if coordinators is None:
        coordinators = coordinators_of([case.school_id])[case.school_id]
    rows = list(Reminder.objects.filter(case=case))
    context = ReminderContext(case, case_round, rows, today or case.school.today(), coordinators)
    wish = {_key(each): each for each in wanted(context)}
    there = {_key(row): row for row in rows if row.round_id == case_round.pk}
    silent = [
        row.pk
        for row in rows
        if row.state == Reminder.DUE
        and (row.round_id != case_round.pk or _key(row) not in wish)
        # The clock writes these, for as long as it is so.
        and not (KINDS[row.kind].by_monitor and case.running and not owner_is_there(case))
    ]
    again = [row.pk for key, row in there.items() if key in wish and row.state == Reminder.SILENCED]
    new = [each for key, each in wish.items() if key not in there]
    if silent:
        Reminder.objects.filter(pk__in=silent, state=Reminder.DUE).update(state=Reminder.SILENCED)
    if again:
        Reminder.objects.filter(pk__in=again, state=Reminder.SILENCED).update(state=Reminder.DUE)
    if new:
        _create(context, new)


def _key(each: Reminder | Wanted) -> tuple[str, str, UUID, datetime.date]:
    recipient = each.recipient_id if isinstance(each, Reminder) else each.recipient
    return each.kind, each.subject, recipient, each.due_on


def _create(context: ReminderContext, new: Iterable[Wanted]) -> None:
    Reminder.objects.bulk_create(
        [
            Reminder(
                school_id=context.case.school_id,
                case=context.case,
                round=context.case_round,
                kind=each.kind,
                subject=each.subject,
                recipient_id=each.recipient,
                due_on=each.due_on,
            )
            for each in sorted(new, key=lambda each: (each.due_on, each.kind, each.subject))
        ],
        ignore_conflicts=True,
    )


def wanted(context: ReminderContext) -> list[Wanted]:
    """Everything that has to be said about a case from today on, given the rows there are.

    Of something with a day: the school day before, the day itself, and while it is not done after
    one, three and five school days and then every fifth; after `School.late_to_coordinator` school
    days to the care coordinators as well (B1, B3). Of something without a day: the day by which one
    must be chosen.
    """
    if not context.case.running:
        return []
    found: list[Wanted] = []
    planned = _appointments(context)
    for appointment in planned:
        found += _of_appointment(context, appointment)
    found += _of_next(context, planned)
    found += _of_called_off(context)
    found += _of_draft(context)
    return found


def _appointments(context: ReminderContext) -> list[Appointment]:
    """What is planned in the current round and can be held as the case stands."""
    if context.case.status == Case.PAUSED:
        return []
    planned = Appointment.objects.filter(round=context.case_round, state=Appointment.PLANNED)
    later = context.case.status == Case.AFTERCARE
    return [each for each in planned if (each.kind in Appointment.LATER) == later]


def _of_appointment(context: ReminderContext, appointment: Appointment) -> Iterator[Wanted]:
    owner, subject, date = appointment.owner_id, appointment.kind, appointment.date
    before = context.calendar.add_school_days(date, -1)
    if before >= context.today:
        yield from _to_each(context, reminder_kinds.TOMORROW, subject, before, owner=owner)
    if date >= context.today:
        yield from _to_each(context, reminder_kinds.TODAY, subject, date, owner=owner)
    yield from _late(context, subject, owner, date)


def _of_next(context: ReminderContext, planned: Iterable[Appointment]) -> Iterator[Wanted]:
    owner, subject, date = (
        context.case.next_owner_id,
        context.case.next_kind,
        context.case.next_date,
    )
    is_planned = any(appointment.kind == subject for appointment in planned)
    if is_planned or not (subject and date and owner):
        return
    if not only_when_late(subject):
        for each in _to_each(context, reminder_kinds.PLAN, subject, date, owner=owner):
            # Also when its day has passed: a worker that was away still says it.
            if not _said(context.rows, each):
                yield each
    yield from _late(context, subject, owner, date)


def _late(
    context: ReminderContext, subject: str, owner: UUID | None, date: datetime.date
) -> Iterator[Wanted]:
    after: dict[str, Sequence[int]] = {reminder_kinds.LATE: LATE_AFTER}
    if context.case.school.late_to_coordinator:
        after[reminder_kinds.ESCALATE] = (context.case.school.late_to_coordinator,)
    for kind, days in after.items():
        for recipient in recipients(context, kind, owner):
            said = _last_said(context, kind, subject, recipient, date)
            yield Wanted(
                kind, subject, recipient, late_day(date, said, context.calendar, after=days)
            )


def _to_each(
    context: ReminderContext,
    kind: str,
    subject: str,
    day: datetime.date,
    *,
    owner: UUID | None = None,
) -> list[Wanted]:
    return [Wanted(kind, subject, each, day) for each in recipients(context, kind, owner)]


@transaction.atomic
def tell_nobody_takes_care(case: Case, *, since: datetime.date) -> None:
    """Write down that somebody must hear that nobody takes care of a case, but for those who were
    told after the day ``since``.
    """
    case_round = Round.objects.get(case=case, number=case.round_number)
    coordinators = coordinators_of([case.school_id])[case.school_id]
    rows = list(
        Reminder.objects.filter(round=case_round, kind=reminder_kinds.NOBODY, due_on__gt=since)
    )
    told = {row.recipient_id for row in rows}
    context = ReminderContext(case, case_round, rows, case.school.today(), coordinators)
    new = _to_each(context, reminder_kinds.NOBODY, "owner", context.today, owner=case.next_owner_id)
    _create(context, [each for each in new if each.recipient not in told])


def _last_said(
    context: ReminderContext, kind: str, subject: str, recipient: UUID, date: datetime.date
) -> datetime.date | None:
    """The last day on the school's clock on which this was mailed, since it was planned for
    ``date``.
    """
    school = context.case.school
    days = [
        max(row.due_on, school.day_of(row.sent_at)) if row.sent_at else row.due_on
        for row in context.rows
        if row.state == Reminder.SENT
        and (row.kind, row.subject, row.recipient_id) == (kind, subject, recipient)
        and row.due_on > date
    ]
    return max(days, default=None)


def _said(rows: Iterable[Reminder], wanted: Wanted) -> bool:
    return any(row.state == Reminder.SENT and _key(row) == _key(wanted) for row in rows)


def _of_called_off(context: ReminderContext) -> Iterator[Wanted]:
    """A follow-up that was called off asks for another day, also while other steps come first
    (B1).
    """
    case, leader = context.case, context.case.leader_id
    if case.status != Case.OPEN:
        return
    off = Appointment.objects.filter(
        round=context.case_round, kind__in=FOLLOW_UPS, state=Appointment.CANCELLED
    ).values_list("kind", flat=True)
    for kind in off:
        if case.next_kind == to_plan(kind) or talked(context.case_round, kind):
            continue
        said = [
            row
            for row in context.rows
            if (row.kind, row.subject, row.recipient_id) == (reminder_kinds.PLAN, kind, leader)
        ]
        due = [row.due_on for row in said if row.state == Reminder.DUE]
        sent = [row.due_on for row in said if row.state == Reminder.SENT]
        day = max(due, default=None) or context.calendar.add_school_days(
            max(sent, default=context.today), LATE_EVERY if sent else 1
        )
        yield from _to_each(context, reminder_kinds.PLAN, kind, day, owner=leader)


def _of_draft(context: ReminderContext) -> Iterator[Wanted]:
    """A step that was begun and lies still for a week, unless a day ahead was agreed on for it;
    also a later check that was begun and not finished.
    """
    case = context.case
    if case.status == Case.AFTERCARE:
        subject, saved = LATER, check_saved_at(context.case_round)
    elif case.status != Case.OPEN or (
        case.next_agreed and case.next_date and case.next_date >= context.today
    ):
        return
    else:
        subject, saved = case.step, draft_saved_at(context.case_round, case.step)
    if saved is not None:
        saved_on = case.school.day_of(saved)
        due = context.calendar.next_school_day(saved_on + datetime.timedelta(days=DRAFT_DAYS))
        yield from _to_each(context, reminder_kinds.DRAFT, subject, due)
