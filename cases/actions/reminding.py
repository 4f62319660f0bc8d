"""Writing down what must be reminded of. Rows only: mailing is the sweep's work, at its own time.

Every function belongs in the transaction of the verb that plans, moves, holds or closes, so that
no appointment exists without its reminders and none is reminded of that was called off.
"""

import datetime

from django.db import transaction
from django.db.models import Q

from ..models import Appointment, Reminder
from ..schooldays import SchoolCalendar

OF_APPOINTMENT = (Reminder.TOMORROW, Reminder.TODAY, Reminder.LATE)


def days_of(on: datetime.date, calendar: SchoolCalendar) -> dict[str, datetime.date]:
    """On which day each kind of reminder falls for something planned ``on`` a day.

    The last school day before, the day itself (also when it is a free day: someone chose it), and
    the first school day after. ValueError when there is no school day within ten years.
    """
    return {
        Reminder.TOMORROW: calendar.add_school_days(on, -1),
        Reminder.TODAY: on,
        Reminder.LATE: calendar.next_school_day(on, inclusive=False),
    }


@transaction.atomic
def remind_of(appointment: Appointment, today: datetime.date | None = None) -> None:
    """Make the reminders of an appointment agree with it, whatever happened to it before.

    Planned or moved: its owner is reminded the school day before, on the day and, if it was not
    held, the first school day after; what is still due for another day or person is silenced, and
    so is the reminder to plan it. Held or cancelled: everything about it is silenced. Calling it
    again changes nothing. ``today`` is the calendar day at the school, read from its clock if left
    out; "tomorrow" and "today" are not written for days that have passed.
    """
    if appointment.state != Appointment.PLANNED:
        silence(appointment.round, subject=appointment.kind)
        return
    school = appointment.school
    today = today or school.today()
    wanted = {
        (kind, day)
        for kind, day in days_of(appointment.on, school.calendar()).items()
        if day >= today or kind == Reminder.LATE
    }
    _make_due(
        appointment.round,
        appointment.kind,
        appointment.owner_id,
        wanted,
        over=(*OF_APPOINTMENT, Reminder.PLAN),
    )


@transaction.atomic
def remind_to_plan(round, subject: str, to, due_on: datetime.date) -> None:
    """Remind ``to`` on ``due_on`` that a day must still be chosen for ``subject``, a kind of appointment.

    One of these per round and subject: one that is due on another day or for someone else is silenced.
    """
    _make_due(round, subject, to.pk, {(Reminder.PLAN, due_on)}, over=(Reminder.PLAN,))


def silence(round, subject: str | None = None, kinds=None) -> int:
    """Nothing more is sent about this round, or one subject or some kinds in it; returns how many.

    For what was held, cancelled, planned or closed. What was sent stays noted as sent.
    """
    due = Reminder.objects.filter(round=round, state=Reminder.DUE)
    if subject is not None:
        due = due.filter(subject=subject)
    if kinds is not None:
        due = due.filter(kind__in=kinds)
    return due.update(state=Reminder.SILENCED)


def _make_due(round, subject, to_id, wanted, *, over) -> None:
    """Of the kinds in ``over``, exactly the ``wanted`` (kind, day) are due, unless sent already."""
    match = Q(pk__in=[])
    for kind, day in wanted:
        match |= Q(kind=kind, due_on=day, to_id=to_id)
    rows = Reminder.objects.filter(round=round, subject=subject)
    rows.filter(state=Reminder.DUE, kind__in=over).exclude(match).update(state=Reminder.SILENCED)
    Reminder.objects.bulk_create(
        [
            Reminder(
                school_id=round.school_id,
                case_id=round.case_id,
                round=round,
                kind=kind,
                subject=subject,
                to_id=to_id,
                due_on=day,
            )
            for kind, day in sorted(wanted)
        ],
        ignore_conflicts=True,
    )
    # Moved and moved back: the row of that day exists already. Its lease stays, because a worker
    # that is mailing it at this moment must not be joined by a second one.
    rows.filter(match, state=Reminder.SILENCED).update(state=Reminder.DUE, attempts=0, last_error="")
