"""Reading the events of an iCalendar file (RFC 5545) as days.

The file is taken apart into its events first, so that what is odd in one of them, or around them,
is put aside and named while the others are read; `icalendar` reads each. Definitions of time zones
are not needed: a name that is known everywhere counts, and any other time is as it stands there.
What days a series of events takes is worked out in `icalendar_events`.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from functools import cached_property

import icalendar
from django.utils.translation import gettext as _

from ...typed_text import one_line
from .icalendar_events import Event, days_of
from .regional_items import Item, settle
from .results import (
    LONGEST_NAME,
    NOT_READ,
    Answers,
    Context,
    Found,
    Odd,
    Question,
    Refused,
    Skipped,
)

MOST_EVENTS = 2_000  # events and repetitions
SECONDS = 6
MOST_ODD = 200  # odd lines that are named; of more it is said how many there are
DEEPEST = 20  # components within each other; a calendar has three
MOST_LINES, LONGEST_LINE = 400, 20_000  # of one event; a thousand dates fit on such a line
# What of an event is read. Anything else may be as strange as it likes.
_READ = frozenset(
    """UID SUMMARY DTSTART DTEND DURATION RRULE RDATE EXDATE RECURRENCE-ID STATUS DTSTAMP CREATED
    LAST-MODIFIED SEQUENCE CATEGORIES""".split()
)
_DATES = frozenset("DTSTART DTEND RDATE EXDATE RECURRENCE-ID".split())
_PROPERTY = re.compile(r"([A-Za-z][A-Za-z0-9-]*)\s*(?=[;:])")


@dataclass
class Block:
    """One component of the file: its first line, and its lines with their numbers."""

    name: str
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)
    closed: bool = False

    def value(self, name: str) -> str:
        """The plain text of the first property with this name."""
        for _number, line in self.lines:
            if line.upper().startswith((name + ":", name + ";")):
                return re.sub(r"\\[nN]", " ", line.partition(":")[2]).replace("\\", "")
        return ""

    @cached_property
    def title(self) -> str:
        """Its name in one line; asked for only once all lines are there, and often."""
        return one_line(self.value("SUMMARY"), LONGEST_NAME)


def read_calendar(text: str, answers: Answers, context: Context) -> Found | Question:
    """The days of a calendar, or which region's are wanted. Refused: too many, or too slow to work
    out.
    """
    found = Found()
    until = time.monotonic() + SECONDS
    items: list[Item] = []
    for series in _series(text, found, until):
        new = days_of(series, context)
        items += [each for each in new if isinstance(each, Item)]
        found.skipped += [each for each in new if isinstance(each, Skipped)]
        lost = sum(isinstance(each, Skipped) and each.why in NOT_READ for each in new)
        found.counts.not_read += len(series) if lost == len(new) else min(lost, len(series))
        if len(items) + len(found.skipped) > MOST_EVENTS:
            raise Refused("many")
        if time.monotonic() > until:
            raise Refused("slow")
    found.counts.read = found.counts.total - found.counts.not_read
    kept, regions = settle(items, answers, context)
    if regions:
        return Question(shape="calendar", regions=regions, given=answers)
    found.rows = kept.rows
    found.skipped += kept.skipped
    return found


def blocks(text: str, until: float) -> tuple[list[Block], list[Odd], int]:
    """The events of a file and its time zones, lines that belong to nothing, and how many of those
    are not named.

    A line that was folded badly counts to the line before it. An event that was never closed is not
    `closed`. Refused: components lie too deep within each other, or it takes longer than ``until``.
    """
    found: list[Block] = []
    odd: list[tuple[str, int, Block | None]] = []
    stack: list[Block] = []
    last: tuple[Block, int] | None = None  # where a folded line goes on
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if time.monotonic() > until:
            raise Refused("slow")
        if not line.strip():
            continue
        if line[0] in " \t" or not (name := _PROPERTY.match(line)):
            if last and last[0].name == "VEVENT":
                folded = line[1:] if line[0] in " \t" else " " + line
                at, before = last[0].lines[last[1]]
                last[0].lines[last[1]] = (
                    (at, before + folded) if len(before) <= LONGEST_LINE else (at, before)
                )
            if line[0] not in " \t":
                odd.append((line, number, stack[-1] if stack else None))
            continue
        key, value = name[1].upper(), line.partition(":")[2].strip().upper()
        if key == "BEGIN":
            if value == "VEVENT":  # one that was left open ends here
                stack = [each for each in stack if each.name == "VCALENDAR"]
            elif value == "VCALENDAR" and stack and stack[-1].name == value:  # likewise
                stack.pop()
            if len(stack) == DEEPEST:
                raise Refused("broken")
            stack.append(Block(value, number))
            last = None
            if value in ("VEVENT", "VTIMEZONE"):
                found.append(stack[-1])
        elif key == "END":
            last = None
            if any(each.name == value for each in stack):
                while (ended := stack.pop()).name != value:
                    pass
                ended.closed = True
            else:
                odd.append((line, number, None))
        elif stack:
            stack[-1].lines.append((number, line))
            last = (stack[-1], len(stack[-1].lines) - 1)
    named = [
        Odd(one_line(line[:200], 40), number, block.title if block else "")
        for line, number, block in odd[:MOST_ODD]
    ]
    return found, named, max(0, len(odd) - MOST_ODD)


def _series(text: str, found: Found, until: float) -> list[list[Event]]:
    """The events of the file, those that belong to one series together; what cannot be read goes to
    ``found``.
    """
    if text.upper().count("BEGIN:VEVENT") > MOST_EVENTS:
        raise Refused("many")
    parts, found.odd, found.more_odd = blocks(text, until)
    by_uid: dict[str, list[Event]] = {}
    for block in parts:
        if time.monotonic() > until:
            raise Refused("slow")
        if block.name == "VTIMEZONE":
            if sum(line.upper().startswith("TZID") for _number, line in block.lines) != 1:
                found.odd.append(Odd("VTIMEZONE", block.line))
            continue
        found.counts.total += 1
        event = _parsed(block, found)
        if event is None:
            found.counts.not_read += 1
        else:
            by_uid.setdefault(str(event.get("UID", "")), []).append(
                Event(event, block.line, block.title)
            )
    found.more_odd += max(0, len(found.odd) - MOST_ODD)
    del found.odd[MOST_ODD:]
    return list(by_uid.values())


def _parsed(block: Block, found: Found) -> icalendar.Component | None:
    """An event as `icalendar` reads it; None, and a word in ``found``, when its days cannot be
    read.
    """
    kept = [(number, line) for number, line in block.lines if _name(line) in _READ]
    why = "" if block.closed else "damaged"
    if len(kept) > MOST_LINES or any(len(line) > LONGEST_LINE for _number, line in kept):
        why = why or "repeats"
    event: icalendar.Component | None = None
    if not why:
        event, why = _by_library(block, kept, found)
    if why or event is None:
        found.skipped.append(Skipped(block.title or _("without a name"), why, block.line))
        return None
    if "UID" not in event:
        event.add("UID", f"line {block.line}")
    return event


def _by_library(
    block: Block, kept: list[tuple[int, str]], found: Found
) -> tuple[icalendar.Component | None, str]:
    lines = []
    for number, line in kept:
        if _name(line) == "RRULE" and not line.partition(":")[2].strip():
            found.odd.append(Odd("RRULE", number, block.title))
        elif (tidied := _tidied(line)) not in lines or _name(line) in ("EXDATE", "RDATE"):
            lines.append(tidied)
    try:
        event = icalendar.Event.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""]))
        errors = [name for name, _message in event.errors]
    except Exception:  # noqa: BLE001  (the library raises whatever a strange event makes it)
        return None, "damaged"
    for name in dict.fromkeys(errors):
        at = next((number for number, line in kept if _name(line) == name), block.line)
        found.odd.append(Odd(name or _("a line"), at, block.title))
    needed = {"DTSTART", "DTEND", "DURATION"}.intersection(name for name in errors if name)
    return event, "no_day" if needed or "DTSTART" not in event else ""


def _name(line: str) -> str:
    found = _PROPERTY.match(line)
    return found[1].upper() if found else ""


def _tidied(line: str) -> str:
    """A line with dates as the library wants it: a plain day is a day, with a time zone beside it
    or not.
    """
    name = _name(line)
    if name not in _DATES:
        return line
    head, _colon, value = line.rpartition(":")
    value = value.strip().upper()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z?)?", value):
        value = value.replace("-", "")
    if re.fullmatch(r"\d{8}(?:,\d{8})*", value):
        return f"{name};VALUE=DATE:{value}"
    zone = re.search(r";TZID=\"?([^\";]+)", head, re.IGNORECASE)
    period = ";VALUE=PERIOD" if re.search(r";VALUE=PERIOD", head, re.IGNORECASE) else ""
    return f"{name}{period}{f';TZID={chr(34)}{zone[1]}{chr(34)}' if zone else ''}:{value}"
