"""Windows of follow-ups: the first and last calendar day on which a talk or meeting is held.

The guide's windows stand in `method.days`; a school may set its own. A window counts calendar days,
so a change to summer time, a leap day or a year end never moves it. A ``datetime`` is refused,
because which day it falls on depends on a time zone that this module does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..method.days import WINDOWS

Spans = Mapping[str, tuple[int, int]]

DEFAULT_WINDOWS: Spans = WINDOWS

# A school may set other windows than the guide's, within these bounds (in days after the start).
SHORTEST_AFTER, LONGEST_AFTER = 1, 60


@dataclass(frozen=True)
class Window:
    """The calendar days from ``first`` up to and including ``last``. ValueError if last is before
    first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        require_day(self.first)
        require_day(self.last)
        if self.last < self.first:
            raise ValueError("A window cannot end before it starts.")

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= require_day(day) <= self.last

    def days(self) -> list[date]:
        """Every calendar day in the window, in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def window(kind: str, start: date, spans: Spans = DEFAULT_WINDOWS) -> Window:
    """The window of ``kind`` after ``start``: the day of the pupil's talk (pupil, meeting), or of
    the group's meeting (members, interim). ``spans`` gives the first and last calendar day after
    the start.

    ValueError: an unknown kind, a span that runs backwards, or a window that falls off the
    calendar.
    """
    if kind not in spans:
        raise ValueError(f"No follow-up window is known as {kind!r}.")
    low, high = spans[kind]
    return Window(shift_day(start, low), shift_day(start, high))


def spans_with(own: Mapping[str, Iterable[int]]) -> Spans:
    """The guide's windows with a school's own in their place, each (first, last) in calendar days.

    ValueError: a kind that has no window, or not 1 ≤ first ≤ last ≤ 60 in whole days.
    """
    spans = dict(DEFAULT_WINDOWS)
    for kind, pair in own.items():
        days = tuple(pair)
        if (
            kind not in DEFAULT_WINDOWS
            or len(days) != 2
            or any(type(each) is not int for each in days)
        ):
            raise ValueError(f"{kind!r} has no window {days!r}.")
        if not SHORTEST_AFTER <= days[0] <= days[1] <= LONGEST_AFTER:
            raise ValueError(f"A window runs forward, from 1 to 60 days: not {days!r}.")
        spans[kind] = (days[0], days[1])
    return spans


def require_day(day: date) -> date:
    """The day. ValueError for anything but a date, a datetime too."""
    if isinstance(day, datetime) or not isinstance(day, date):
        raise ValueError(f"A calendar day is needed, not {day!r}.")
    return day


def shift_day(day: date, days: int) -> date:
    """So many days later. ValueError when that is not on the calendar."""
    try:
        return require_day(day) + timedelta(days=days)
    except OverflowError:
        raise ValueError(f"{days} days from {day} is not on the calendar.") from None
