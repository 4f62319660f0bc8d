"""Reading closed days from a file that a school has: an iCalendar file or a table as CSV.

`read` takes the bytes and gives rows to choose from, or refuses with one line in plain words. Nothing is
stored and no address in the file is followed. A file is bounded in size, events and repetitions, and only
repetitions that are sure to end soon are worked out, so that a hostile file costs no more than a large one.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, tzinfo

from django.utils.translation import gettext_lazy as _

from . import _calendarfile

MAX_BYTES = 1_000_000
MAX_ROWS = 2_000  # lines of a table, or events with their repetitions
MAX_KEPT = 500  # rows to choose from: more is not a list of closed days
LONGEST_DAYS = 100
LONGEST_NAME = 80

MESSAGES = {
    "empty": _("There is nothing in this file. Choose another file."),
    "too_big": _("This file is larger than 1 MB. Choose a file with only the closed days."),
    "pdf": _("This is a PDF. Choose an iCalendar file (.ics) or a table saved as CSV."),
    "zip": _("This is an Excel or zip file. Open it, save the table as CSV, and choose that file."),
    "html": _("This is a web page. Choose the iCalendar file (.ics) itself, or a table saved as CSV."),
    "binary": _("We cannot read this file. Choose an iCalendar file (.ics) or a table saved as CSV."),
    "broken": _("This calendar file is damaged or not complete. Export it again and choose the new file."),
    "many": _(
        "There are more than 2,000 days or repetitions in this file. Choose one with only closed days."
    ),
    "kept": _("There are more than 500 days in this file. Choose one with only the closed days."),
    "slow": _("Reading this file takes too long. Choose a file with only the closed days."),
    "endless": _("What is in this file is repeated without an end. Give it an end date and export it again."),
    "no_days": _(
        "We found no days in this file. A table needs a first day, a last day and a name on each line."
    ),
    "outside": _("All days in this file lie before this school year, or more than two school years ahead."),
}
# Why a line or event cannot be chosen.
SKIPPED = {
    "no_day": _("no day that we can read"),
    "backwards": _("the last day is before the first"),
    "long": _("longer than 100 days"),
    "early": _("before this school year"),
    "late": _("more than two school years ahead"),
    "cancelled": _("cancelled in the calendar"),
    "endless": _("repeated without an end"),
    "repeats": _("repeated in a way that we cannot read"),
    "twice": _("stands in the file twice"),
}


class Refused(Exception):
    """The file cannot be read; ``code`` is a key of `MESSAGES`, ``message`` says it to a person."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code, self.message = code, MESSAGES[code]


@dataclass(frozen=True, order=True)
class Row:
    """Days that could be closed, ``first`` and ``last`` inclusive. ``clock``: it has times, as a meeting has."""

    first: date
    last: date
    name: str
    clock: bool = False


@dataclass(frozen=True)
class Skipped:
    """What is not offered: its name or line, and why, a key of `SKIPPED`."""

    what: str
    why: str

    @property
    def reason(self):
        return SKIPPED[self.why]


@dataclass
class Found:
    """What `read` found in a file."""

    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def read(data: bytes, *, earliest: date, latest: date, zone: tzinfo) -> Found:
    """The rows in a file that touch the days from ``earliest`` up to and including ``latest``, in order.

    Times in the file count on the clock of ``zone``.

    Refused: no iCalendar file or table, too large, nothing in it that can be chosen.
    """
    if len(data) > MAX_BYTES:
        raise Refused("too_big")
    text = _text_of(data)
    if "BEGIN:VCALENDAR" in text[:2_000].upper():
        try:
            found = _from_calendar(text, earliest, latest, zone)
        except _calendarfile.Unreadable as error:
            raise Refused(error.code) from None
    else:
        found = _from_table(text)
    return _within(found, earliest, latest)


def _text_of(data: bytes) -> str:
    """The text of a file, whatever program wrote it. Refused when it is no text."""
    start = data[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        raise Refused("empty")
    for code, marks in (
        ("pdf", (b"%pdf",)),
        ("zip", (b"pk\x03\x04", b"pk\x05\x06", b"\xd0\xcf\x11\xe0")),
        ("html", (b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")),
    ):
        if start.startswith(marks):
            raise Refused(code)
    text = _decoded(data)
    strange = sum(
        unicodedata.category(each) in ("Cc", "Cn", "Co") and each not in "\r\n\t\f" for each in text
    )
    if "\x00" in text or strange * 50 > len(text):
        raise Refused("binary")
    if not text.strip("\ufeff \t\r\n,;"):
        raise Refused("empty")
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data[:200]:  # UTF-16 without its mark: every other byte of plain words is empty
        encodings = ["utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("binary")


def _named(text: str) -> str:
    """A name on one line, without control characters, short enough to keep."""
    kept = "".join(" " if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") else each for each in text)
    return unicodedata.normalize("NFC", " ".join(kept.split()))[:LONGEST_NAME].strip()


def _within(found: Found, earliest: date, latest: date) -> Found:
    """Only the rows that can be chosen, each once and in order; Refused when none is left."""
    kept: dict[Row, None] = {}
    for row in sorted(found.rows):
        why = ""
        if row.last < row.first:
            why = "backwards"
        elif (row.last - row.first).days >= LONGEST_DAYS:
            why = "long"
        elif row.last < earliest or row.first > latest:
            why = "early" if row.last < earliest else "late"
        elif row in kept:
            why = "twice"
        if why:
            found.skipped.append(Skipped(row.name, why))
        else:
            kept[row] = None
    if len(kept) > MAX_KEPT:
        raise Refused("kept")
    if not kept:
        reasons = {each.why for each in found.skipped}
        if "endless" in reasons:
            raise Refused("endless")
        raise Refused("outside" if reasons & {"early", "late"} else "no_days")
    return Found(list(kept), found.skipped)


# --- an iCalendar file


def _from_calendar(text: str, earliest: date, latest: date, zone: tzinfo) -> Found:
    found = Found()
    events = _calendarfile.events(text, earliest=earliest, latest=latest, zone=zone, most=MAX_ROWS)
    for event in events:
        name = _named(event.name) or str(_("Closed"))
        if event.why:
            found.skipped.append(Skipped(name, event.why))
        elif event.first is not None and event.last is not None:
            found.rows.append(Row(event.first, event.last, name, event.clock))
    return found


# --- a table


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january januar janvier", "feb februari february februar février fevrier",
            "mrt maart mar march mär märz mars", "apr april avril avr", "mei may mai", "jun juni june juin",
            "jul juli july juillet", "aug augustus august août aout", "sep sept september septembre",
            "okt oktober oct october octobre", "nov november novembre",
            "dec december dez dezember déc décembre decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})")
_WORDS = re.compile(r"(\d{1,2})\.?[\s-]+([^\W\d_]+)\.?[\s-]+(\d{4}|\d{2})")
_AROUND = re.compile(r"^(?:[^\W\d_]{2,10}\.?,?\s+)?(.+?)(?:[ T]\d{1,2}[:.]\d{2}(?::\d{2})?Z?)?$")
_UNTIL = re.compile(r"\s+(?:t/m|t\.e\.m\.|tot en met|tot|bis|until|to|au)\s+|\s+[-–—]\s+", re.IGNORECASE)


def day_in(text: str) -> date | None:
    """The day that a cell holds, written the Dutch, German or ISO way, with or without a weekday or a time.

    None when there is none, or when it is not on the calendar (30 February).
    """
    around = _AROUND.match(text.strip().strip("'\"").strip())
    bare = around[1].strip() if around else ""
    try:
        if found := _ISO.fullmatch(bare):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMBERS.fullmatch(bare):
            return date(_year(found[3]), int(found[2]), int(found[1]))
        if (found := _WORDS.fullmatch(bare)) and (month := _MONTHS.get(found[2].casefold())):
            return date(_year(found[3]), month, int(found[1]))
    except ValueError:
        return None
    return None


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _from_table(text: str) -> Found:
    found = Found()
    for number, cells in enumerate(_lines(text), start=1):
        if number > MAX_ROWS:
            raise Refused("many")
        days, words = _sorted_out(cells)
        if days:
            name = _named(words[0]) if words else str(_("Closed"))
            found.rows.append(Row(days[0], days[1] if len(days) > 1 else days[0], name))
        elif number > 1:  # the first line may hold the names of the columns
            found.skipped.append(Skipped(_named(" ".join(cells))[:40], "no_day"))
    return found


def _lines(text: str) -> Iterator[list[str]]:
    """The lines of a table that hold something, as cells, whatever stands between them."""
    start = [line for line in text.splitlines()[:50] if line.strip()]
    between = max(";\t,", key=lambda each: sum(line.count(each) for line in start))
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=between):
            if any(cell.strip() for cell in cells):
                yield [cell.strip() for cell in cells]
    except csv.Error:
        raise Refused("binary") from None


def _sorted_out(cells: list[str]) -> tuple[list[date], list[str]]:
    """The days in a line and its words; a cell may hold both days of a period."""
    days: list[date] = []
    words: list[str] = []
    for cell in cells:
        parts = [day_in(part) for part in _UNTIL.split(cell)] if day_in(cell) is None else [day_in(cell)]
        if all(parts) and parts:
            days += [part for part in parts if part is not None]
        elif any(map(str.isalpha, cell)):
            words.append(cell)
    return days[:2], words
