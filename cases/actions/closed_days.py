"""The school's closed days, typed in, from a file or from the list of a region: every change under
the school's lock, with a line in the journal.

What the school typed or changed itself is never overwritten by a list or a file: those only add
beside it.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from ..models import Appointment, Case, ClosedDay, School, User
from ..schooldays import regions
from .days_changed import locked_school, note_change, refresh_reminders

MOST_CLOSED = 2_000  # rows per school; more is a mistake


class TooManyClosedDays(Exception):
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


@transaction.atomic
def add_closed(
    school: School, first: datetime.date, last: datetime.date, name: str, *, by: User
) -> tuple[ClosedDay, bool]:
    """Close the school from ``first`` up to and including ``last``; the row, and whether it is
    new.
    """
    now = locked_school(school)
    _room_for(school, 1)
    row, new = ClosedDay.objects.get_or_create(
        school=school, first=first, last=last, name=name, defaults={"added_by": by}
    )
    if new:
        refresh_reminders(now, [first, last])
        note_change(school, by, "closed", ["added"])
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
    now = locked_school(school)
    row = ClosedDay.objects.filter(school=school, pk=pk).first()
    if row is None or (row.first, row.last, row.name) == (first, last, name):
        return row
    if ClosedDay.objects.filter(school=school, first=first, last=last, name=name).exists():
        raise ValueError("there is such a row already")
    days = [row.first, row.last, first, last]
    row.first, row.last, row.name, row.source = first, last, name, ClosedDay.TYPED
    row.save()
    refresh_reminders(now, days)
    note_change(school, by, "closed", ["first", "last", "name"])
    return row


@transaction.atomic
def remove_closed(school: School, pk: str | UUID, *, by: User) -> bool:
    """Take a closed day off the list; whether it was there."""
    now = locked_school(school)
    row = ClosedDay.objects.filter(school=school, pk=pk).first()
    if row is None:
        return False
    row.delete()
    refresh_reminders(now, [row.first, row.last])
    note_change(school, by, "closed", ["removed"])
    return True


@transaction.atomic
def import_closed(
    school: School, rows: Iterable[tuple[datetime.date, datetime.date, str]], *, by: User
) -> int:
    """Add closed days from a file: (first, last, name) each; how many are new. What is there stays
    as it is.
    """
    now = locked_school(school)
    there = set(ClosedDay.objects.filter(school=school).values_list("first", "last", "name"))
    new = [row for row in dict.fromkeys(rows) if row not in there]
    _add(school, new, ClosedDay.FILE, by)
    if new:
        refresh_reminders(now, [day for first, last, _name in new for day in (first, last)])
        note_change(school, by, "closed", ["imported"])
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
    now = locked_school(school)
    plan = plan_region(now, region, years)
    ClosedDay.objects.filter(pk__in=[row.pk for row in plan.gone]).delete()
    _add(school, [(each.first, each.last, each.name) for each in plan.new], ClosedDay.REGION, by)
    changed = now.region != region
    School.objects.filter(pk=school.pk).update(region=region)
    school.region = region
    if plan.new or plan.gone:
        spans = [(each.first, each.last) for each in plan.new]
        spans += [(row.first, row.last) for row in plan.gone]
        refresh_reminders(now, [day for span in spans for day in span])
    if changed or plan.new or plan.gone:
        note_change(school, by, "region", ["region", *(str(year) for year in sorted(years))])
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
        raise TooManyClosedDays


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
