"""What follows in the cases of a school when its days change: their reminders move along.

Every verb that changes the school's settings or closed days begins with `locked_school` and ends
with `note_change`; between them it calls `refresh_reminders` when reminders depend on what it
changed.
"""

import datetime
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ..models import Appointment, Case, Reminder, School, User
from . import journal, reminder_recipients, reminder_rows
from .step_order import lock_case

# How far from days that changed a reminder may move: overdue things before them, "tomorrow" after a
# holiday.
DAYS_BEFORE, DAYS_AFTER = datetime.timedelta(days=10), datetime.timedelta(days=30)
MOST_WHILE_WAITING = 300  # cases whose reminders follow while somebody waits for the page


def locked_school(school: School) -> School:
    """The school's row as it is now, locked until the transaction ends: its settings and closed
    days change under this lock.
    """
    return School.objects.select_for_update(no_key=True).get(pk=school.pk)


def note_change(school: School, by: User, thing: str, fields: Iterable[str]) -> None:
    """Write in the journal that ``by`` changed these ``fields`` of a ``thing`` of the school, which
    reads its days anew from here on.
    """
    school.forget_days()
    journal.record(journal.CHANGE, by=by, school=school, thing=f"school/{thing}", fields=fields)


def refresh_reminders(school: School, days: Collection[datetime.date] | None = None) -> None:
    """Let the reminders follow after ``days`` changed, before the journal is written: cases are
    locked here.

    ``school`` is the locked row. ``days``: the days that changed, None for all. With many cases
    near them only a mark is set, and `refresh_after_days` does the work.
    """
    near = Case.objects.running().filter(school=school)
    if days is not None:
        near = near.filter(_near(min(days) - DAYS_BEFORE, max(days) + DAYS_AFTER))
    keys = list(near.order_by("pk").values_list("pk", flat=True)[: MOST_WHILE_WAITING + 1])
    if len(keys) > MOST_WHILE_WAITING:
        School.objects.filter(pk=school.pk).update(
            days_changed_at=timezone.now(), days_done_to=None
        )
        return
    school.forget_days()
    coordinators = reminder_recipients.coordinators_of([school.pk])[school.pk]
    for key in keys:
        case = lock_case(key)
        case.school = school  # its days are read once
        reminder_rows.refresh(case, coordinators=coordinators)


def _near(first: datetime.date, last: datetime.date) -> Q:
    """Cases with something to do, or something to be said, from ``first`` up to and including
    ``last``.
    """
    span = (first, last)
    planned = Appointment.objects.filter(
        case=OuterRef("pk"), state=Appointment.PLANNED, date__range=span
    )
    said = Reminder.objects.filter(case=OuterRef("pk"), state=Reminder.DUE, due_on__range=span)
    return Q(next_date__range=span) | Q(Exists(planned)) | Q(Exists(said))


def refresh_after_days(school: School, most: int = 200) -> int:
    """Let the reminders of up to ``most`` running cases follow days that changed; how many it
    looked at.

    Goes on where it stopped the last time, in order of key, and takes the mark
    `School.days_changed_at` away when all had their turn. Each case is locked by itself, so nobody
    waits for the whole batch. A change of days meanwhile sets a new mark, and all of it begins
    again.
    """
    marked, done_to = School.objects.values_list("days_changed_at", "days_done_to").get(
        pk=school.pk
    )
    if marked is None:
        return 0
    waiting = Case.objects.running().filter(school=school).order_by("pk")
    if done_to is not None:
        waiting = waiting.filter(pk__gt=done_to)
    keys = list(waiting.values_list("pk", flat=True)[:most])
    for key in keys:
        with transaction.atomic():
            reminder_rows.refresh(lock_case(key))  # reads the days anew: they may change meanwhile
    now = (
        {"days_done_to": keys[-1]}
        if len(keys) == most
        else {"days_changed_at": None, "days_done_to": None}
    )
    School.objects.filter(pk=school.pk, days_changed_at=marked).update(**now)
    return len(keys)
