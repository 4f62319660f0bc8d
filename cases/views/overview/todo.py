"""What a person has to do now: the list that "Today" shows and the daily mail says."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, F, Max, OuterRef, Q

from ... import reminder_kinds
from ...actions.page_location import LATER
from ...models import Appointment, Case, Reminder
from ...next_actions import DRAFT, to_plan

FIRST_SHOWN = 12


@dataclass(frozen=True)
class TodoItem:
    """Something to do now: a case and its kind (of next action, appointment, or a draft), its day
    and time.
    """

    case: Case
    kind: str
    date: datetime.date
    time: datetime.time | None = None


def todo_items(user, today) -> list[TodoItem]:
    """What a person has to do now, as the daily mail says it: the next actions whose day has come,
    overdue first, other appointments of the same cases, and steps that lie unfinished for a week.

    From the cases and appointments themselves, so it is complete although no worker ever ran.
    """
    visible = Case.objects.visible_to(user)
    whole = ("school", "pupil", "pupil__group")
    cases = visible.filter(next_owner=user, next_date__lte=today).select_related(*whole)
    found = [
        TodoItem(case, case.next_kind, case.next_date, case.next_time)
        for case in cases.order_by("next_date", "next_time", "pk")[:FIRST_SHOWN]
        if case.next_date is not None
    ]
    there = {(each.case.pk, each.kind) for each in found}
    planned = Appointment.objects.filter(
        owner=user,
        state=Appointment.PLANNED,
        date__lte=today,
        case__in=visible.filter(status__in=[Case.OPEN, Case.AFTERCARE]),
    ).select_related(*(f"case__{each}" for each in whole))
    for each in planned.order_by("date", "time", "pk")[:FIRST_SHOWN]:
        later = (each.kind in Appointment.LATER) == (each.case.status == Case.AFTERCARE)
        if later and (each.case_id, each.kind) not in there:
            found.append(TodoItem(each.case, each.kind, each.date, each.time))
    found += _called_off(user, today, {(each.case.pk, each.kind) for each in found})
    busy = {each.case.pk for each in found}
    return [
        *sorted(found, key=lambda each: (each.date, each.time or datetime.time.min)),
        *_drafts(user, today, busy),
    ]


def _called_off(user, today, there):
    """Follow-ups that were called off and for which another day must be chosen, while other steps
    come first.
    """
    rows = Reminder.objects.filter(
        recipient=user,
        kind=reminder_kinds.PLAN,
        subject__in=[Appointment.PUPIL, Appointment.MEMBERS],
        state__in=[Reminder.DUE, Reminder.SENT],
        due_on__lte=today,
        case__in=Case.objects.visible_to(user).filter(status=Case.OPEN, leader=user),
    ).filter(
        Exists(
            Appointment.objects.filter(
                round=OuterRef("round"), kind=OuterRef("subject"), state=Appointment.CANCELLED
            )
        )
    )
    latest = {}
    for row in rows.select_related("case__school", "case__pupil__group").order_by("due_on", "pk")[
        :FIRST_SHOWN
    ]:
        latest[row.case_id, to_plan(row.subject)] = row
    return [
        TodoItem(row.case, kind, row.due_on)
        for (case, kind), row in latest.items()
        if (case, kind) not in there
    ]


def _drafts(user, today, busy):
    """Steps begun a week ago or longer, of cases that have nothing else to do now."""
    latest = (
        Reminder.objects.filter(
            recipient=user, kind=reminder_kinds.DRAFT, state__in=[Reminder.DUE, Reminder.SENT]
        )
        .filter(case__in=Case.objects.visible_to(user).filter(leader=user))
        .filter(
            Q(case__status=Case.OPEN, subject=F("case__step"))
            | Q(case__status=Case.AFTERCARE, subject=LATER)
        )
        .values("case")
        .annotate(day=Max("due_on"))
        .filter(day__lte=today)
        .order_by("day")[:FIRST_SHOWN]
    )
    days = {row["case"]: row["day"] for row in latest if row["case"] not in busy}
    cases = Case.objects.filter(pk__in=days).select_related("school", "pupil", "pupil__group")
    waiting = [
        case for case in cases if case.status == Case.AFTERCARE or not _has_day_ahead(case, today)
    ]
    return [
        TodoItem(case, DRAFT, days[case.pk])
        for case in sorted(waiting, key=lambda case: days[case.pk])
    ]


def _has_day_ahead(case, today) -> bool:
    return case.next_agreed and case.next_date is not None and case.next_date >= today
