"""What reading a file with closed days gives: days, what is left out and why, or a question."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from django.utils.translation import gettext_lazy as _

from ...method.grammar import Text

LONGEST_NAME = 80  # of a closed day, as it is kept
MESSAGES = {
    "empty": _("There is nothing in this file. Choose another file."),
    "too_big": _("This file is larger than 1 MB. Choose a file with only the closed days."),
    "pdf": _("This is a PDF. Choose an iCalendar file (.ics) or a table saved as CSV."),
    "zip": _("This is an Excel or zip file. Open it, save the table as CSV, and choose that file."),
    "html": _(
        "This is a web page. Choose the iCalendar file (.ics) itself, or a table saved as CSV."
    ),
    "binary": _(
        "We cannot read this file. Choose an iCalendar file (.ics) or a table saved as CSV."
    ),
    "broken": _(
        "This calendar file is damaged or not complete. Export it again and choose the new file."
    ),
    "many": _(
        "There are more than 2,000 days or repetitions in this file. Choose one with only closed "
        "days."
    ),
    "kept": _("There are more than 500 days in this file. Choose one with only the closed days."),
    "slow": _("Reading this file takes too long. Choose a file with only the closed days."),
    "endless": _(
        "What is in this file is repeated without an end. Give it an end date and export it again."
    ),
    "no_days": _(
        "We found no days in this file. A table needs a first day, a last day and a name on each "
        "line."
    ),
    "no_events": _("We found no days in this calendar that we can read."),
    "no_year": _(
        "The days in this file have no year. Write the year with each day, such as 17-10-2026."
    ),
    "outside": _(
        "All days in this file lie before this school year, or more than two school years ahead."
    ),
}
# Why a line or event cannot be chosen.
SKIPPED = {
    "no_day": _("no day that we can read"),
    "no_year": _("the year is missing"),
    "backwards": _("the last day is before the first"),
    "long": _("longer than 100 days"),
    "early": _("before this school year"),
    "late": _("more than two school years ahead"),
    "cancelled": _("cancelled in the calendar"),
    "endless": _("repeated without an end"),
    "repeats": _("repeated in a way that we cannot read"),
    "twice": _("stands in the file twice"),
    "region": _("of another region"),
    "title": _("above the names of the columns"),
    "damaged": _("damaged or not complete"),
}
NOT_READ = frozenset({"no_day", "no_year", "title", "damaged", "repeats", "endless"})
# Why a day is offered without being ticked.
DOUBTS = {
    "time": _("has times, so it is mostly no closed day"),
    "part": _("sounds like a part of a day"),
    "words": _("the name does not say that there is no school"),
    "group": _("sounds like a part of the school"),
    "weekday": _("the day of the week does not belong to this date"),
    "region": _("of another region than yours"),
    "which region": _("of one region: is it yours?"),
}


class Refused(Exception):
    """The file cannot be read; ``code`` is a key of `MESSAGES`, ``message`` says it to a person."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code, self.message = code, MESSAGES[code]


@dataclass(frozen=True, order=True)
class Row:
    """Days that could be closed, ``first`` and ``last`` inclusive. ``doubt``: a key of `DOUBTS`, or
    "".
    """

    first: date
    last: date
    name: str
    doubt: str = ""

    @property
    def reason(self) -> Text:
        return DOUBTS.get(self.doubt, "")


@dataclass(frozen=True)
class Skipped:
    """What is not offered: its name or text, the line it stands on (0: none), and why, a key of
    `SKIPPED`.
    """

    what: str
    why: str
    line: int = 0

    @property
    def reason(self) -> Text:
        return SKIPPED[self.why]


@dataclass(frozen=True)
class Odd:
    """A part of a calendar that was put aside: the property or component, its line, and the event
    it is of.
    """

    what: str
    line: int = 0
    of: str = ""


@dataclass
class Counts:
    """Where every line of a table, or every event of a calendar, went: ``total`` is the sum of the
    others.
    """

    total: int = 0
    read: int = 0
    not_read: int = 0
    blank: int = 0
    header: int = 0


@dataclass
class Found:
    """What `read` found in a file. ``table``: it has lines, and no events; ``shape``: see
    `Question`.
    """

    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)
    more_odd: int = 0
    counts: Counts = field(default_factory=Counts)
    table: bool = False
    shape: str = ""

    def pack(self) -> dict[str, Any]:
        """As plain JSON, for `unpack`."""
        return {
            "rows": [[r.first.isoformat(), r.last.isoformat(), r.name, r.doubt] for r in self.rows],
            "skipped": [[each.what, each.why, each.line] for each in self.skipped],
            "odd": [[each.what, each.line, each.of] for each in self.odd],
            "more_odd": self.more_odd,
            "counts": vars(self.counts),
            "table": self.table,
        }

    @classmethod
    def unpack(cls, packed: dict[str, Any]) -> Found:
        """What `pack` made."""
        day = date.fromisoformat
        return cls(
            [
                Row(day(first), day(last), name, doubt)
                for first, last, name, doubt in packed["rows"]
            ],
            [Skipped(*each) for each in packed["skipped"]],
            [Odd(*each) for each in packed["odd"]],
            packed["more_odd"],
            Counts(**packed["counts"]),
            packed["table"],
        )


@dataclass(frozen=True)
class Answers:
    """What a person said about a file; empty where nothing was asked.

    ``roles``: for each column a key of `columns.ROLES`. ``header``: whether the first line holds
    names of columns ("yes", "no"). ``order``: a key of `written_dates.ORDERS`. ``region``: a key of
    `Question.regions`, said of this very file; it goes before the school's own, so it must never be
    remembered for another file. ``ends``: whether the last day is free ("inclusive") or the first
    day of school again ("exclusive").
    """

    roles: tuple[str, ...] = ()
    header: str = ""
    order: str = ""
    region: str = ""
    ends: str = ""

    def __bool__(self) -> bool:
        return self != Answers()


@dataclass
class Question:
    """What must be asked before a file can be read. Only what is not empty is asked.

    ``shape`` stands for files with the same columns, so that an answer can be remembered.
    """

    shape: str
    # a role for each column, as far as we think we know
    columns: list[str] = field(default_factory=list)
    # the names of the columns, where the file has them
    names: list[str] = field(default_factory=list)
    # first lines, with their number
    sample: list[tuple[int, list[str]]] = field(default_factory=list)
    header: str = ""  # whether we think that the first line holds names of columns
    # an order, and what ``example`` is in it
    orders: list[tuple[str, date | None]] = field(default_factory=list)
    example: str = ""
    regions: dict[str, Any] = field(default_factory=dict)  # key to words
    ends: tuple[str, date, date] | None = (
        None  # an example: its name, its first day and the day in question
    )
    given: Answers = Answers()
    wrong: str = ""  # what is wrong with the columns that were chosen, a key of `columns.WRONG`


@dataclass(frozen=True)
class Context:
    """What reading depends on besides the file: the days that count, the school's clock, country
    and region.
    """

    earliest: date
    latest: date
    zone: tzinfo
    country: str = ""
    region: str = ""  # a key of `regions.REGIONS`, or ""


def is_midnight(moment: date) -> bool:
    """Whether a day, or a moment, is the very beginning of a day."""
    return not isinstance(moment, datetime) or (moment.hour, moment.minute, moment.second) == (
        0,
        0,
        0,
    )
