"""Is 03/04/2026 in March or in April? Decided by the whole file, or asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from . import written_dates
from .results import Answers, Context

# A period as it was read: its first and its last day, None where there is no day.
_Read = tuple[written_dates.Span | None, written_dates.Span | None]


def order_of(
    pairs: list[tuple[str, str]], answers: Answers, context: Context
) -> str | list[tuple[str, date | None]]:
    """How the dates of a file are written, from its cells with a first and a last day; or the ways
    between which a person must choose.

    A way counts when every date that can be read in some way can be read in it; of those the ones
    without a period that runs backwards or lasts too long; of dates with a year of two digits,
    those that bring any day into our years.
    """
    read = {
        order: [
            (written_dates.span(a, order), written_dates.span(b, order) if b else None)
            for a, b in pairs
        ]
        for order in written_dates.ORDERS
    }
    if (
        read[written_dates.DAY_FIRST]
        == read[written_dates.MONTH_FIRST]
        == read[written_dates.YEAR_FIRST]
    ):
        return written_dates.DAY_FIRST
    possible = [order for order in written_dates.ORDERS if _reads_all(order, read)]
    mixed = not possible  # some dates can be read in one way only, others only in the other
    sensible = [order for order in possible if all(map(_is_sensible, read[order]))]
    possible = sensible or possible or [written_dates.DAY_FIRST, written_dates.MONTH_FIRST]
    if (
        written_dates.YEAR_FIRST in possible
        and read[written_dates.YEAR_FIRST] == read[written_dates.DAY_FIRST]
    ):
        possible.remove(written_dates.YEAR_FIRST)
    elif written_dates.YEAR_FIRST in possible:
        ours = [order for order in possible if _in_our_years(read[order], context)]
        possible = ours or possible
    different = [
        a + b
        for (a, b), one, other in zip(pairs, read[possible[0]], read[possible[-1]], strict=True)
        if one != other
    ]
    if len(possible) == 1 or not different:
        return possible[0]
    if answers.order in possible:
        return answers.order
    # With dots or dashes the day comes first wherever our schools are; a slash is written both
    # ways.
    only_days_first = {written_dates.DAY_FIRST, written_dates.MONTH_FIRST} == set(
        possible
    ) and not any(map(_slashed, different))
    if only_days_first and not mixed:
        return written_dates.DAY_FIRST
    example = example_in(pairs, possible)
    read_as = {order: written_dates.span(example, order) for order in possible}
    return [(order, found.first if found else None) for order, found in read_as.items()]


def _is_sensible(pair: _Read) -> bool:
    """Whether a period runs forward, and is no longer than a holiday can be."""
    first, last = pair
    return not (first and last) or timedelta() <= last.last - first.first < timedelta(days=100)


def _reads_all(order: str, read: dict[str, list[_Read]]) -> bool:
    """Whether every date that can be read in some way can be read in this one."""
    for number, mine in enumerate(read[order]):
        for other in read.values():
            if any(theirs and not own for own, theirs in zip(mine, other[number], strict=True)):
                return False
    return True


def _in_our_years(pairs: list[_Read], context: Context) -> bool:
    return any(a and context.earliest <= a.first <= context.latest for a, _b in pairs)


def _slashed(text: str) -> bool:
    return "/" in text


def example_in(pairs: list[tuple[str, str]], possible: Iterable[str] = written_dates.ORDERS) -> str:
    """A cell of the file that means another day in each way of writing."""
    for pair in pairs:
        for cell in pair:
            if len({written_dates.span(cell, order) for order in possible} - {None}) > 1:
                return cell
    return ""
