"""The school's settings and closed days: every change under the school's lock, with a line in the
journal.

What the school typed or changed itself is never overwritten by a list or a file: those only add
beside it.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ..models import Appointment, Case, ClosedDay, Reminder, School, User
from ..schooldays import regions, school_calendar, windows
from . import journal, reminder_recipients, reminder_rows
from .step_order import lock_case

MOST_CLOSED = 2_000  # rows per school; more is a mistake
# How far from days that changed a reminder may move: overdue things before them, "tomorrow" after a
# holiday.
DAYS_BEFORE, DAYS_AFTER = datetime.timedelta(days=10), datetime.timedelta(days=30)
MOST_WHILE_WAITING = 300  # cases whose reminders follow while somebody waits for the page
# Settings on which the days of reminders depend.
MOVES_REMINDERS = frozenset({"free_weekdays", "country", "subdivision", "late_to_coordinator"})
SETTINGS = (
    "free_weekdays",
    "free_afternoons",
    "country",
    "subdivision",
    "late_to_coordinator",
    "slip_shows_name",
)


class TooMany(Exception):
    """The school has so many closed days that something must be wrong with them."""


@dataclass
class RegionPlan:
    """What choosing a region would do: ``new`` breaks, ``same`` ones that are there, ``yours`` that
    the school has itself, and ``gone``, the rows of an earlier list that nobody changed.
    """

    new: list[regions.Break] = field(default_factory=list)
    same: list[regions.Break] = field(default_factory=list)
    yours: list[regions.Break] = field(default_factory=list)
    gone: list[ClosedDay] = field(default_factory=list)


def _locked(school: School) -> School:
    return School.objects.select_for_update(no_key=True).get(pk=school.pk)


def _note(school: School, by: User, thing: str, fields: Iterable[str]) -> None:
    school.forget_days()
    journal.record(journal.CHANGE, by=by, school=school, thing=f"school/{thing}", fields=fields)


def _follow(school: School, days: Collection[datetime.date] | None = None) -> None:
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


@transaction.atomic
def change_settings(school: School, values: dict[str, Any], *, by: User) -> list[str]:
    """Set some of `SETTINGS`; returns the names of what changed. The form has checked the values.

    ValueError when no calendar can be made of them (an unknown country, no weekday left).
    """
    now = _locked(school)
    changed = [name for name in SETTINGS if name in values and getattr(now, name) != values[name]]
    for name in changed:
        setattr(now, name, values[name])
    school_calendar.SchoolCalendar(now.country, now.subdivision, now.free_weekdays)
    if changed:
        now.save(update_fields=changed)
        for name in changed:
            setattr(school, name, values[name])
        if MOVES_REMINDERS.intersection(changed):
            _follow(now)
        _note(school, by, "settings", changed)
    return changed


@transaction.atomic
def change_windows(school: School, own: dict[str, Any], *, by: User) -> bool:
    """Set the school's own windows, kind to (first, last); {} is back to the guide's. Whether it
    changed.

    What is the guide's already is not kept as the school's own. ValueError: see
    `windows.spans_with`.
    """
    now = _locked(school)
    spans = windows.spans_with(own)
    kept = {kind: list(spans[kind]) for kind in own if spans[kind] != windows.DEFAULT_WINDOWS[kind]}
    if now.windows == kept:
        return False
    fields = sorted(set(now.windows) | set(kept))
    now.windows = school.windows = kept
    now.save(update_fields=["windows"])
    _note(school, by, "windows", fields)
    return True


@transaction.atomic
def add_closed(
    school: School, first: datetime.date, last: datetime.date, name: str, *, by: User
) -> tuple[ClosedDay, bool]:
    """Close the school from ``first`` up to and including ``last``; the row, and whether it is
    new.
    """
    now = _locked(school)
    _room_for(school, 1)
    row, new = ClosedDay.objects.get_or_create(
        school=school, first=first, last=last, name=name, defaults={"added_by": by}
    )
    if new:
        _follow(now, [first, last])
        _note(school, by, "closed", ["added"])
    return row, new


@transaction.atomic
def change_closed(
    school: School,
    pk: str | UUID,
    first: datetime.date,
    last: datetime.date,
    name: str,
    *,
    by: User,
) -> ClosedDay | None:
    """Change a closed day; from then on it is the school's own. None when it is gone meanwhile.

    ValueError when there is another row with the same days and name.
    """
    now = _locked(school)
    row = ClosedDay.objects.filter(school=school, pk=pk).first()
    if row is None or (row.first, row.last, row.name) == (first, last, name):
        return row
    if ClosedDay.objects.filter(school=school, first=first, last=last, name=name).exists():
        raise ValueError("there is such a row already")
    days = [row.first, row.last, first, last]
    row.first, row.last, row.name, row.source = first, last, name, ClosedDay.TYPED
    row.save()
    _follow(now, days)
    _note(school, by, "closed", ["first", "last", "name"])
    return row


@transaction.atomic
def remove_closed(school: School, pk: str | UUID, *, by: User) -> bool:
    """Take a closed day off the list; whether it was there."""
    now = _locked(school)
    row = ClosedDay.objects.filter(school=school, pk=pk).first()
    if row is None:
        return False
    row.delete()
    _follow(now, [row.first, row.last])
    _note(school, by, "closed", ["removed"])
    return True


@transaction.atomic
def import_closed(
    school: School, rows: Iterable[tuple[datetime.date, datetime.date, str]], *, by: User
) -> int:
    """Add closed days from a file: (first, last, name) each; how many are new. What is there stays
    as it is.
    """
    now = _locked(school)
    there = set(ClosedDay.objects.filter(school=school).values_list("first", "last", "name"))
    new = [row for row in dict.fromkeys(rows) if row not in there]
    _add(school, new, ClosedDay.FILE, by)
    if new:
        _follow(now, [day for first, last, _name in new for day in (first, last)])
        _note(school, by, "closed", ["imported"])
    return len(new)


def plan_region(school: School, region: str, years: Collection[int]) -> RegionPlan:
    """What choosing a region for these school years would change; nothing is written.

    Rows of an earlier list go when they lie in one of these years or, with another region, later
    than the first of them. A holiday that the school has itself, by name or by its days, is not
    added beside it.
    """
    plan = RegionPlan()
    rows = list(ClosedDay.objects.filter(school=school))
    wanted = [
        each for year in sorted(years) for each in regions.breaks(region, year, school.language)
    ]
    listed = {
        (row.first, row.last, row.name): row for row in rows if row.source == ClosedDay.REGION
    }
    own = [row for row in rows if row.source != ClosedDay.REGION]
    for each in wanted:
        if (each.first, each.last, each.name) in listed:
            plan.same.append(each)
        elif any(_covers(row, each) for row in own):
            plan.yours.append(each)
        else:
            plan.new.append(each)
    kept = {(each.first, each.last, each.name) for each in plan.same}
    for key, row in listed.items():
        year = regions.school_year(row.first)
        if key not in kept and (year in years or (region != school.region and year > min(years))):
            plan.gone.append(row)
    return plan


def _covers(row: ClosedDay, each: regions.Break) -> bool:
    """Whether a row of the school stands for this holiday: the same name about then, or all of its
    days.
    """
    meets = row.first <= each.last and row.last >= each.first
    same = row.name.strip().casefold() == each.name.casefold()
    return (meets and same) or (row.first <= each.first and row.last >= each.last)


@transaction.atomic
def use_region(school: School, region: str, years: Collection[int], *, by: User) -> RegionPlan:
    """Choose whose school holidays count, for some school years: does what `plan_region` says.

    ValueError for a region that is not in the list, or a year of which no dates are known.
    """
    if (
        region not in regions.REGIONS
        or not years
        or not all(regions.breaks(region, year) for year in years)
    ):
        raise ValueError(f"no school holidays are known for {region} in {sorted(years)}")
    now = _locked(school)
    plan = plan_region(now, region, years)
    ClosedDay.objects.filter(pk__in=[row.pk for row in plan.gone]).delete()
    _add(school, [(each.first, each.last, each.name) for each in plan.new], ClosedDay.REGION, by)
    changed = now.region != region
    School.objects.filter(pk=school.pk).update(region=region)
    school.region = region
    if plan.new or plan.gone:
        spans = [(each.first, each.last) for each in plan.new]
        spans += [(row.first, row.last) for row in plan.gone]
        _follow(now, [day for span in spans for day in span])
    if changed or plan.new or plan.gone:
        _note(school, by, "region", ["region", *(str(year) for year in sorted(years))])
    return plan


def _add(
    school: School,
    rows: Collection[tuple[datetime.date, datetime.date, str]],
    source: str,
    by: User,
) -> None:
    _room_for(school, len(rows))
    ClosedDay.objects.bulk_create(
        ClosedDay(school=school, first=first, last=last, name=name, source=source, added_by=by)
        for first, last, name in rows
    )


def _room_for(school: School, more: int) -> None:
    if ClosedDay.objects.filter(school=school).count() + more > MOST_CLOSED:
        raise TooMany


def appointments_on_closed(school: School) -> QuerySet[Appointment]:
    """What is planned, from today on, on a day without school: in running cases, soonest first.

    For who may see cases: filter with ``case__in=Case.objects.visible_to(user)``. Two queries,
    whatever there is.
    """
    coming = Appointment.objects.filter(
        school=school,
        state=Appointment.PLANNED,
        date__gte=school.today(),
        case__status__in=Case.RUNNING,
    )
    calendar = school.calendar()
    days = coming.order_by("date").values_list("date", flat=True).distinct()
    closed: list[datetime.date] = [day for day in days if not calendar.is_school_day(day)]
    return coming.filter(date__in=closed).select_related("case").order_by("date", "time", "pk")
