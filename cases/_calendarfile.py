"""The events of an iCalendar file (RFC 5545) as plain days; used by `dayfiles`.

Events that are repeated are worked out with `recurring_ical_events`, after a look at each rule: one that asks
for hours or minutes, that may never come true, or that has no end is left out, so that working it out is
sure to stop; all of them together get `SECONDS`. An event that was moved or cancelled within a series
counts as it was changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

import icalendar
import recurring_ical_events

FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
# The parts of a rule that only choose among days that there are.
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY"}
MOST_REPEATED = 1_000
SECONDS = 6
OLDEST, NEWEST = 1970, 2100


class Unreadable(Exception):
    """The file cannot be used; ``code`` says why: "broken", "many" or "slow"."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Event:
    """One event on its days, ``last`` inclusive, or ``why`` it is left out; ``clock``: it has times."""

    name: str
    first: date | None = None
    last: date | None = None
    clock: bool = False
    why: str = ""


def events(text: str, *, earliest: date, latest: date, zone: tzinfo, most: int) -> list[Event]:
    """Every event of the file; of repeated ones those between two days. Times count on the clock of ``zone``.

    Unreadable: it is no calendar, or holds more than ``most`` events and repetitions.
    """
    found: list[Event] = []
    until = time.monotonic() + SECONDS
    try:
        for series in _series(text, most):
            found += _safely(series, earliest, latest, zone)
            if len(found) > most:
                raise Unreadable("many")
            if time.monotonic() > until:
                raise Unreadable("slow")
    except Unreadable:
        raise
    except Exception as error:  # the libraries raise whatever a strange file makes them
        raise Unreadable("broken") from error
    return found


def _series(text: str, most: int) -> Iterator[list[Any]]:
    """The events of the file, those that belong to one series together."""
    if text.upper().count("BEGIN:VEVENT") > most:
        raise Unreadable("many")
    by_uid: dict[str, list[Any]] = {}
    for calendar in icalendar.Calendar.from_ical(text.strip("\ufeff \r\n") + "\r\n", multiple=True):
        for number, event in enumerate(calendar.walk("VEVENT")):
            by_uid.setdefault(str(event.get("UID", f"#{number}")), []).append(event)
    yield from by_uid.values()


def _safely(series: list[Any], earliest: date, latest: date, zone: tzinfo) -> list[Event]:
    """The events of a series; one that is too strange to work out is left out, and the others stay."""
    try:
        return _of(series, earliest, latest, zone)
    except Exception:  # noqa: BLE001  (the libraries raise whatever a strange event makes them)
        return [Event(str(series[0].get("SUMMARY", "")), why="repeats")]


def _of(series: list[Any], earliest: date, latest: date, zone: tzinfo) -> list[Event]:
    repeated = [event for event in series if "RRULE" in event or "RDATE" in event]
    if not repeated:
        return [_plain(event, zone) for event in series]
    why = next((why for event in repeated if (why := _why_not(event))), "")
    if why:
        return [Event(str(repeated[0].get("SUMMARY", "")), why=why)]
    calendar = icalendar.Calendar()
    for event in series:
        calendar.add_component(event)
    worked_out = recurring_ical_events.of(calendar).between(earliest, latest + timedelta(days=1))
    if not worked_out:
        start = _value(repeated[0], "DTSTART")
        return [Event(str(repeated[0].get("SUMMARY", "")), why="late" if _day(start) > latest else "early")]
    return [_plain(event, zone) for event in worked_out]


def _why_not(event: Any) -> str:
    """Why a repeated event is left out; "" when it can be worked out."""
    start = _value(event, "DTSTART")
    if start is None or not OLDEST <= start.year <= NEWEST:
        return "no_day" if start is None else "late" if start.year > NEWEST else "early"
    dates = event.get("RDATE", [])
    if sum(len(each.dts) for each in (dates if isinstance(dates, list) else [dates])) > MOST_REPEATED:
        return "repeats"
    if "RRULE" not in event:
        return ""
    rules = event["RRULE"]
    if isinstance(rules, list):  # more than one is out of use since 2009
        return "repeats"
    rule = {part.upper(): values if isinstance(values, list) else [values] for part, values in rules.items()}
    frequency = str(rule.get("FREQ", [""])[0]).upper()
    interval = int(rule.get("INTERVAL", [1])[0])
    if frequency not in FREQUENCIES or not set(rule) <= PARTS or not 1 <= interval <= 60:
        return "repeats"
    chooses = {"BYDAY", "BYMONTH", "BYMONTHDAY"} & set(rule)
    if frequency == "DAILY" and chooses and (interval > 1 or chooses != {"BYDAY"}):
        return "repeats"
    if frequency == "WEEKLY" and "BYMONTHDAY" in rule:
        return "repeats"  # counted by the day or week, the 30th of February is looked for until the year 9999
    if int(rule.get("COUNT", [0])[0]) > MOST_REPEATED:
        return "repeats"
    return "" if {"COUNT", "UNTIL"} & set(rule) or frequency == "YEARLY" else "endless"


def _plain(event: Any, zone: tzinfo) -> Event:
    """An event as days on the school's clock."""
    name = str(event.get("SUMMARY", ""))
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return Event(name, why="cancelled")
    start, end, length = (_value(event, key) for key in ("DTSTART", "DTEND", "DURATION"))
    if not isinstance(start, date):
        return Event(name, why="no_day")
    if end is None and isinstance(length, timedelta):
        end = start + length
    if not isinstance(end, date | None) or not all(
        OLDEST <= each.year <= NEWEST for each in (start, end) if each
    ):
        return Event(name, why="late")
    first, last = _days(_local(start, zone), _local(end, zone))
    return Event(name, first, last, isinstance(start, datetime))


def _value(event: Any, key: str) -> Any:
    """The plain value of a property; None when it is not there or cannot be read."""
    found = event.get(key)
    if isinstance(found, list):
        found = found[0]
    try:
        return getattr(found, "dt", None)
    except ValueError:  # a day such as 31 February, kept by the library as it stood there
        return None


def _local(moment: Any, zone: tzinfo) -> Any:
    """A moment on the school's clock; a day, or a time without a zone, is as it stands there."""
    return moment.astimezone(zone) if isinstance(moment, datetime) and moment.tzinfo else moment


def _days(start: date | datetime, end: date | datetime | None) -> tuple[date, date]:
    """First and last day; the end of an event of whole days is the day after it, as iCalendar has it."""
    first = _day(start)
    if end is None or _day(end) == first:
        return first, first
    ends_at_midnight = not isinstance(end, datetime) or (end.hour, end.minute, end.second) == (0, 0, 0)
    return first, _day(end) - timedelta(days=ends_at_midnight)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
