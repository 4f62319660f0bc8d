"""On which days the later checks fall (B2): pure functions on calendar days, like
`school_calendar`.
"""

from __future__ import annotations

from datetime import date, timedelta

from ..method.days import (
    DAYS_AFTER,
    DAYS_INTO_THE_YEAR,
    EXTRA_DAYS,
    SUMMER,
    TOO_NEAR_DAYS,
)
from .school_calendar import SchoolCalendar

LONG_HOLIDAY_DAYS = 20  # a closed run of so many days that touches July or August is the summer


def first_day_after_summer(day: date, calendar: SchoolCalendar) -> date:
    """The first school day after the first summer holiday that ends after ``day``.

    The summer is the school's own closed period of three weeks or more that touches July or August;
    where none is known, school is taken to begin on the first Monday of September.
    """
    ends = sorted(
        period.last
        for period, _name in calendar.closed
        if period.last > day
        and (period.last - period.first).days + 1 >= LONG_HOLIDAY_DAYS
        and (7 <= period.first.month <= 8 or 7 <= period.last.month <= 9)
    )
    guess = _first_monday_of_september(day.year)
    if guess <= day:
        guess = _first_monday_of_september(day.year + 1)
    # A known summer of a later year says nothing about the one before it.
    known = ends[0] + timedelta(days=1) if ends and ends[0] <= guess + timedelta(days=45) else guess
    return calendar.next_school_day(known)


def _first_monday_of_september(year: int) -> date:
    first = date(year, 9, 1)
    return first + timedelta(days=-first.weekday() % 7)


def later_days(talked: date, calendar: SchoolCalendar, today: date) -> dict[str, date]:
    """The days of the later checks after the last talk with the pupil on ``talked``, by kind, on
    school days.

    None lies before ``today``. A check within two weeks of the one after the summer, or of the one
    before it, is left out: a pupil is not asked the same twice in a row.
    """
    summer = calendar.next_school_day(
        first_day_after_summer(talked, calendar) + timedelta(days=DAYS_INTO_THE_YEAR)
    )
    earliest = calendar.next_school_day(today, inclusive=False)
    days = {}
    for kind, after in DAYS_AFTER.items():
        days[kind] = max(calendar.next_school_day(talked + timedelta(days=after)), earliest)
    days[SUMMER] = max(summer, earliest)
    kept: dict[str, date] = {}
    # The one after the summer is kept before the others, because classes and teachers change then.
    for kind, day in sorted(days.items(), key=lambda each: (each[0] != SUMMER, each[1])):
        if all(abs((day - other).days) >= TOO_NEAR_DAYS for other in kept.values()):
            kept[kind] = day
    return dict(sorted(kept.items(), key=lambda each: each[1]))


def extra_day(today: date, calendar: SchoolCalendar) -> date:
    """When a new worry is asked about again."""
    return calendar.next_school_day(today + timedelta(days=EXTRA_DAYS))
