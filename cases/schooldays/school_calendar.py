"""School days, closed days, and the best day in a window: pure functions on calendar days.

Everything here works on ``datetime.date``; a ``datetime`` is refused. Nothing reads the clock;
today is always an argument.

A date close to ``date.min`` or ``date.max`` never leads to an OverflowError: what would fall off
the calendar raises ValueError.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..method.days import PUPIL
from ..method.grammar import Text
from .national_holidays import check_region, holidays_of, language_for
from .windows import DEFAULT_WINDOWS, Spans, Window, require_day, shift_day, window

NOTE_PAST = "past"
NOTE_NONE_LEFT = "none_left"
NOTE_ONE_LEFT = "one_left"

# How far a search or a count may run: ten years. A calendar that is closed for longer is a mistake,
# and a mistyped year must not keep a page busy.
HORIZON_DAYS = 3660
LONGEST_BY_DAY = 400  # a closed period that is longer is looked up as a period, not day by day

_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class Closed:
    """Why a day is not a school day.

    ``kind`` is the key to decide on; ``name`` is what people call it (the holiday's name in the
    calendar's language, or what the school typed) and may be empty; ``label`` always has words for
    a reader.
    """

    kind: Literal["weekend", "holiday", "closed"]
    name: str = ""

    @property
    def label(self) -> Text:
        return self.name or _LABELS[self.kind]


_LABELS = {
    "weekend": _("no school on this day of the week"),
    "holiday": _("public holiday"),
    "closed": _("school closed"),
}


@dataclass(frozen=True)
class Proposal:
    """When to hold a talk or a meeting: see ``propose``."""

    window: Window
    fits: list[date]
    best: date
    note: str
    because: tuple[Closed, ...] = ()  # the holidays and closed days that leave so little
    cut: bool = False  # part of the window had passed already


@dataclass(frozen=True)
class Day:
    """One cell of a calendar page: why it is closed, if it is, and which windows it lies in."""

    date: date
    closed: Closed | None
    kinds: frozenset[str]


def to_blame(window: Window, calendar: SchoolCalendar) -> tuple[Closed, ...]:
    """The public holidays and closed days that take school days out of a window, each once, in
    order.

    A day on which there is no school in any week is nobody's fault.
    """
    taken = [
        closed
        for day in window.days()
        if day.weekday() not in calendar.free_weekdays and (closed := calendar.closed_because(day))
    ]
    return tuple(dict.fromkeys(taken))


class SchoolCalendar:
    """The days on which a school is open: not on its free weekdays, public holidays and own closed
    days.

    ``country`` and ``subdivision`` are codes or names that the holidays library knows ("DE", "BY");
    an empty country means that no public holidays are taken into account. ``free_weekdays`` counts
    from Monday = 0. ``closed`` holds (first, last, name), inclusive: school holidays, training
    days. ``language`` names public holidays; without it the reader's own language does.

    Public holidays only. For the Netherlands this includes Good Friday, on which a school may
    decide for itself but nearly all close, and Liberation Day in lustrum years only, as in the
    primary schools' collective agreement; a school that closes on other days adds them to
    ``closed``.

    ValueError: an unknown country or subdivision, no weekday left to go to school, a closed period
    that ends before it starts.
    """

    def __init__(
        self,
        country: str = "NL",
        subdivision: str = "",
        free_weekdays: Iterable[int] = (_SATURDAY, _SUNDAY),
        closed: Iterable[tuple[date, date, str]] = (),
        *,
        language: str | None = None,
    ) -> None:
        self.country = country.strip().upper()
        self.subdivision = subdivision.strip()
        check_region(self.country, self.subdivision)
        self.free_weekdays = frozenset(free_weekdays)
        if not self.free_weekdays < frozenset(range(7)):
            raise ValueError(
                "Free weekdays are numbers from 0 (Monday) to 6 (Sunday), and not all seven."
            )
        self.closed = tuple((Window(first, last), name) for first, last, name in closed)
        self.language = language
        # By day, so that a school with many closed days is asked as quickly as one with few.
        self._by_day: dict[date, str] = {}
        for period, name in self.closed:
            if (period.last - period.first).days <= LONGEST_BY_DAY:
                for day in period.days():
                    self._by_day.setdefault(day, name)
        self._long = [
            each for each in self.closed if (each[0].last - each[0].first).days > LONGEST_BY_DAY
        ]

    def closed_because(self, day: date) -> Closed | None:
        """Why there is no school on this day; None on a school day.

        Of several reasons the one that tells most: a public holiday, then the school's own, then
        the weekday.
        """
        name = self._holidays(require_day(day).year).get(day)
        if name is not None:
            return Closed("holiday", name)
        own = self._own(day)
        if own is not None:
            return Closed("closed", own)
        return Closed("weekend") if day.weekday() in self.free_weekdays else None

    def is_school_day(self, day: date) -> bool:
        return (
            require_day(day).weekday() not in self.free_weekdays
            and self._own(day) is None
            and day not in self._holidays(day.year)
        )

    def school_days(self, window: Window) -> list[date]:
        """The school days in the window, in order; possibly none."""
        return [day for day in window.days() if self.is_school_day(day)]

    def next_school_day(self, day: date, inclusive: bool = True) -> date:
        """The first school day on (``inclusive``) or after ``day``.

        ValueError: none within ten years, or before the calendar ends.
        """
        for candidate in _walk(day, 1, skip=0 if inclusive else 1):
            if self.is_school_day(candidate):
                return candidate
        raise ValueError(f"No school day was found after {day}.")

    def school_days_between(self, a: date, b: date) -> int:
        """How many school days come after ``a``, up to and including ``b``: "2 days late".

        0 when ``b`` is not after ``a``. Counts ten years of days at most.
        """
        count = min((require_day(b) - require_day(a)).days, HORIZON_DAYS)
        return sum(self.is_school_day(a + timedelta(days=n)) for n in range(1, count + 1))

    def add_school_days(self, day: date, n: int) -> date:
        """The ``n``-th school day after ``day``, or before it if ``n`` is negative; ``day`` itself
        for 0.

        ValueError: more than ten years away, or off the calendar.
        """
        if n == 0:
            return require_day(day)
        left = abs(n)
        for candidate in _walk(day, 1 if n > 0 else -1, skip=1):
            left -= self.is_school_day(candidate)
            if not left:
                return candidate
        raise ValueError(f"{n} school days from {day} is too far away.")

    def _own(self, day: date) -> str | None:
        """What the school's own list calls this day; None when it does not name it."""
        if day in self._by_day:
            return self._by_day[day]
        return next((name for period, name in self._long if day in period), None)

    def _holidays(self, year: int) -> Mapping[date, str]:
        if not self.country:
            return {}
        language = self.language if self.language is not None else get_language()
        return holidays_of(
            self.country, self.subdivision, year, language_for(self.country, language or "")
        )


def propose(
    kind: str,
    start: date,
    calendar: SchoolCalendar,
    *,
    not_before: date | None = None,
    today: date,
    spans: Spans = DEFAULT_WINDOWS,
) -> Proposal:
    """Propose a day for ``kind`` after ``start`` (see ``window``).

    ``fits`` are the school days in the window that are still possible: not before today, nor before
    ``not_before``. ``best`` is one of them: the first, but for the pupil's own talk a late one,
    because the group must have had time to do something (with three or more, the last but one, so
    that an absence can still be made up within the window). If none fits, best is the first
    possible school day after it.

    ``note`` is a key: "past" (the whole window lies before today), "none_left", "one_left" or "";
    with the middle two, ``because`` tells which holidays took the days that were still possible.

    ValueError: as ``window``, or no school day can be found at all.
    """
    span = window(kind, start, spans)
    earliest = max(require_day(today), require_day(not_before or today))
    fits = [day for day in calendar.school_days(span) if day >= earliest]
    cut = earliest > span.first
    because = (
        ()
        if earliest > span.last
        else to_blame(Window(max(span.first, earliest), span.last), calendar)
    )
    if len(fits) > 1:
        return Proposal(span, fits, _best(kind, fits), "")
    if fits:
        return Proposal(span, fits, fits[0], NOTE_ONE_LEFT, because, cut)
    note = NOTE_PAST if span.last < today else NOTE_NONE_LEFT
    # No school day of the window is possible, so looking from its last day on skips nothing.
    return Proposal(
        span, fits, calendar.next_school_day(max(span.last, earliest)), note, because, cut
    )


def month_grid(
    first: date, last: date, calendar: SchoolCalendar, *, windows: Mapping[str, Window]
) -> list[list[Day]]:
    """The whole weeks, Monday first, that cover ``first`` up to and including ``last``.

    ``windows`` maps a kind to its window; each day tells in which of them it lies.

    ValueError: last before first, or a week that runs off the calendar.
    """
    asked = Window(first, last)
    monday = shift_day(asked.first, -asked.first.weekday())
    sunday = shift_day(asked.last, _SUNDAY - asked.last.weekday())
    days = [
        Day(
            day,
            calendar.closed_because(day),
            _kinds(day, windows),
        )
        for day in Window(monday, sunday).days()
    ]
    return [days[n : n + 7] for n in range(0, len(days), 7)]


def _kinds(day: date, windows: Mapping[str, Window]) -> frozenset[str]:
    return frozenset(kind for kind, span in windows.items() if day in span)


def _best(kind: str, fits: list[date]) -> date:
    if kind != PUPIL:
        return fits[0]
    return fits[-2] if len(fits) > 2 else fits[-1]


def _walk(day: date, step: Literal[1, -1], *, skip: int) -> Iterator[date]:
    """Calendar days from ``day`` on (or back), leaving out the first ``skip``, as far as the
    horizon.
    """
    edge = date.max if step > 0 else date.min
    reach = min(HORIZON_DAYS, abs((edge - require_day(day)).days))
    return (day + timedelta(days=step * n) for n in range(skip, reach + 1))
