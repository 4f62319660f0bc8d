"""Reading closed days from a file that a school has: an iCalendar file or a table as CSV.

`read` takes the bytes and gives rows to choose from, a question to ask first, or refuses with one
line in plain words. Nothing is stored and no address in the file is followed. A file is bounded in
size, events and repetitions, and only repetitions that are sure to end soon are worked out, so that
a hostile file costs no more than a large one. Every line and event is accounted for, and what is
doubtful is never ticked.
"""

from __future__ import annotations

from datetime import date

from .decoding import text_of
from .icalendar_files import read_calendar
from .results import (
    DOUBTS,
    LONGEST_NAME,
    MESSAGES,
    NOT_READ,
    SKIPPED,
    Answers,
    Context,
    Found,
    Question,
    Refused,
    Row,
    Skipped,
)
from .tables import read_table

__all__ = [
    "DOUBTS", "LONGEST_NAME", "MAX_BYTES", "MESSAGES", "NOT_READ", "SKIPPED", "Answers", "Context",
    "Found", "Question", "Refused", "Row", "Skipped", "read",
]  # fmt: skip

MAX_BYTES = 1_000_000
MAX_KEPT = 500  # rows to choose from: more is not a list of closed days
LONGEST_DAYS = 100


def read(data: bytes, context: Context, answers: Answers | None = None) -> Found | Question:
    """The rows in a file that touch the days of ``context``, in order; or what must be asked first.

    ``answers``: what a person said to an earlier `Question` about this file.

    Refused: no iCalendar file or table, too large, nothing in it that can be chosen.
    """
    if len(data) > MAX_BYTES:
        raise Refused("too_big")
    text = text_of(data)
    is_calendar = "BEGIN:VCALENDAR" in text[:2_000].upper()
    found = (read_calendar if is_calendar else read_table)(text, answers or Answers(), context)
    return _within(found, context.earliest, context.latest) if isinstance(found, Found) else found


def _within(found: Found, earliest: date, latest: date) -> Found:
    """Only the rows that can be chosen, each once and in order; Refused when none is left."""
    kept: dict[tuple[date, date, str], Row] = {}
    for row in sorted(found.rows):
        why = ""
        if row.last < row.first:
            why = "backwards"
        elif (row.last - row.first).days >= LONGEST_DAYS:
            why = "long"
        elif row.last < earliest or row.first > latest:
            why = "early" if row.last < earliest else "late"
        elif (row.first, row.last, row.name) in kept:
            why = "twice"
        if why:
            found.skipped.append(Skipped(row.name, why))
        else:
            kept[row.first, row.last, row.name] = row
    if len(kept) > MAX_KEPT:
        raise Refused("kept")
    if not kept:
        raise Refused(_nothing_because({each.why for each in found.skipped}, found.table))
    found.rows = list(kept.values())
    return found


def _nothing_because(why: set[str], table: bool) -> str:
    """Which message tells best why nothing is left."""
    for reason, code in (
        ("endless", "endless"),
        ("early", "outside"),
        ("late", "outside"),
        ("damaged", "broken"),
        ("no_year", "no_year"),
    ):
        if reason in why:
            return code
    return "no_days" if table else "no_events"
