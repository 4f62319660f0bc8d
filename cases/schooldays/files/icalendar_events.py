"""The days that a series of events takes: what happens once, is repeated, was moved or cancelled.

The events come as `icalendar` has read them. Those that are repeated are worked out in
`recurrences`; what each is called, and whether it is doubtful, is judged by `vocabulary`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from ...typed_text import one_line
from . import recurrences, vocabulary
from .regional_items import Item
from .results import LONGEST_NAME, Context, Row, Skipped, is_midnight


@dataclass
class Event:
    """An event that `icalendar` has read, with its place in the file."""

    event: Any
    line: int
    title: str


def days_of(series: list[Event], context: Context) -> list[Item | Skipped]:
    """The days of a series; one that is too strange to work out is left out, and the others
    stay.
    """
    try:
        return _of(series, context)
    except Exception:  # noqa: BLE001  (the libraries raise whatever a strange event makes them)
        return [Skipped(series[0].title, "repeats", series[0].line)]


def _of(series: list[Event], context: Context) -> list[Item | Skipped]:
    repeated = [each for each in series if "RRULE" in each.event or "RDATE" in each.event]
    if not repeated:
        return [_item(each.event, each.line, context) for each in series]
    why = next((why for each in repeated if (why := recurrences.why_not(each.event))), "")
    if why:
        return [Skipped(repeated[0].title, why, repeated[0].line)]
    worked_out = recurrences.worked_out(
        [each.event for each in series], context.earliest, context.latest
    )
    if not worked_out:
        start = _day(recurrences.value(repeated[0].event, "DTSTART"))
        return [
            Skipped(
                repeated[0].title, "late" if start > context.latest else "early", repeated[0].line
            )
        ]
    return [_item(event, repeated[0].line, context) for event in worked_out]


def _item(event: Any, line: int, context: Context) -> Item | Skipped:
    """An event as days on the school's clock, or why it is left out."""
    summary = event.get("SUMMARY", "")
    name = one_line(str(summary[0] if isinstance(summary, list) else summary), LONGEST_NAME)
    if str(event.get("STATUS", "")).strip().upper() == "CANCELLED" or vocabulary.is_cancelled(name):
        return Skipped(name, "cancelled", line)
    start, end, length = (recurrences.value(event, key) for key in ("DTSTART", "DTEND", "DURATION"))
    if not isinstance(start, date):
        return Skipped(name, "no_day", line)
    if end is None and isinstance(length, timedelta):
        end = start + length
    if not isinstance(end, date | None) or not all(
        recurrences.OLDEST <= each.year <= recurrences.NEWEST for each in (start, end) if each
    ):
        return Skipped(name, "early" if start.year < recurrences.OLDEST else "late", line)
    first, last, clock = _days(start, end, context.zone)
    doubt = "time" if clock else vocabulary.doubt_about(name) if name else "words"
    regions = (
        vocabulary.regions_of_name(name, context.country)
        if doubt in ("", "region")
        else frozenset()
    )
    return Item(Row(first, last, name or _("Closed"), doubt), line, regions)


def _days(start: date, end: date | None, zone: tzinfo) -> tuple[date, date, bool]:
    """First and last day, and whether it has times. From midnight to midnight is whole days, as it
    is written or on the school's clock; the end of whole days is the day after them, as iCalendar
    has it.
    """
    if isinstance(start, datetime):
        for at, to in ((start, end), (_local(start, zone), _local(end, zone))):
            if to is not None and is_midnight(at) and _fills_days(to) and _day(to) >= _day(at):
                last = _day(to) - timedelta(days=is_midnight(to) and _day(to) > _day(at))
                if not (is_midnight(to) and _day(to) == _day(at)):
                    return _day(at), last, False
        start, end = _local(start, zone), _local(end, zone)
    first = _day(start)
    if end is None or _day(end) == first:
        return first, first, isinstance(start, datetime)
    return first, _day(end) - timedelta(days=is_midnight(end)), isinstance(start, datetime)


def _fills_days(end: date) -> bool:
    """Whether an end is midnight, or the last minute before it."""
    return is_midnight(end) or (isinstance(end, datetime) and (end.hour, end.minute) == (23, 59))


def _local(moment: Any, zone: tzinfo) -> Any:
    """A moment on the school's clock; a day, or a time without a zone, is as it stands there."""
    return moment.astimezone(zone) if isinstance(moment, datetime) and moment.tzinfo else moment


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
