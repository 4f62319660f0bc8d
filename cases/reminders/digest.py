"""What one mail says: a sentence for each thing, from the reminders that are due for a person."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from ..models import Appointment, Case, Reminder

# Of several reminders about the same thing the first of these is said; a draft only if nothing else
# is.
WEIGHT = (
    Reminder.NOBODY,
    Reminder.LATE,
    Reminder.ESCALATE,
    Reminder.TODAY,
    Reminder.PLAN,
    Reminder.TOMORROW,
    Reminder.DRAFT,
)


@dataclass(frozen=True)
class Item:
    """One thing to say: kind of reminder, subject, case, its day and time, school days late, and
    whether the day was agreed on (otherwise it is the day by which).
    """

    kind: str
    subject: str
    case: Case
    date: datetime.date | None = None
    time: datetime.time | None = None
    late: int = 0
    agreed: bool = True


def items(rows: list[Reminder], today: datetime.date) -> list[Item]:
    """The things that ``rows`` (with their cases and schools) say ``today``, most urgent first."""
    planned = {
        (each.round_id, each.kind): each
        for each in Appointment.objects.filter(
            round__in={row.round_id for row in rows}, state=Appointment.PLANNED
        )
    }
    best: dict[tuple[UUID, str], Reminder] = {}
    for row in sorted(rows, key=_urgency):
        best.setdefault((row.case_id, row.subject), row)
    said = {row.case_id for row in best.values() if row.kind != Reminder.DRAFT}
    return [
        _item(row, planned.get((row.round_id, row.subject)), today)
        for row in sorted(best.values(), key=_urgency)
        if row.kind != Reminder.DRAFT or row.case_id not in said
    ]


def said(rows: list[Reminder]) -> list[Reminder]:
    """Those of the reminders that `items` says, by itself or along with another about the same
    thing; a draft that gives way to something else waits for a day without it.
    """
    other = {row.case_id for row in rows if row.kind != Reminder.DRAFT}
    return [row for row in rows if row.kind != Reminder.DRAFT or row.case_id not in other]


def _urgency(row: Reminder) -> tuple[int, datetime.date, str, str]:
    return WEIGHT.index(row.kind), row.due_on, row.case.code, row.subject


def _item(row: Reminder, appointment: Appointment | None, today: datetime.date) -> Item:
    date = appointment.date if appointment else row.case.next_date
    if appointment is None and row.kind == Reminder.PLAN:
        date = row.due_on  # also when something else comes first in this case
    late = 0
    if row.kind in (Reminder.LATE, Reminder.ESCALATE) and date:
        late = max(1, row.case.school.calendar().school_days_between(date, today))
    time = appointment.time if appointment else None
    return Item(row.kind, row.subject, row.case, date, time, late, agreed=appointment is not None)
