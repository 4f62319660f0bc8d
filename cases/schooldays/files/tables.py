"""Reading a table with closed days: every line is a day, not understood, empty, or the names of the
columns.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from ...typed_text import one_line
from . import columns, vocabulary, written_dates
from .columns import ALL_DAY, DAY, FIRST, KIND, LAST, NAME, REGION, TIME, Layout
from .date_order import example_in, order_of
from .regional_items import Item, settle
from .results import LONGEST_NAME, Answers, Context, Counts, Found, Question, Refused, Row, Skipped

MAX_ROWS = 2_000
MAX_COLUMNS = 200  # a list of closed days has a few, and each costs time
MOST_JOINED = 70  # days of a summer holiday
SHOWN = 5  # lines that are shown when we ask
LONGEST_SHOWN = 60
_WHOLE_DAY = re.compile(r"(?:hele|gehele|ganzer?|ganztagig|all|whole|full|toute|journee)\b.*|[-–—]")


@dataclass
class Line:
    """A line of the file: its number, and its cells."""

    number: int
    cells: list[str]

    def cell(self, place: int) -> str:
        return self.cells[place] if 0 <= place < len(self.cells) else ""

    @property
    def text(self) -> str:
        return one_line(" · ".join(cell for cell in self.cells if cell), LONGEST_NAME)


def read_table(text: str, answers: Answers, context: Context) -> Found | Question:
    """The days of a table, or what must be asked first. Refused: nothing in it is a day, or it is
    too long.
    """
    lines, counts = _lines(text)
    bodies = [line.cells for line in lines]
    if not any(
        columns.is_day(cell) or written_dates.serial(cell) for cells in bodies for cell in cells
    ):
        missing = any(written_dates.lacks_year(cell) for cells in bodies for cell in cells)
        raise Refused("no_year" if missing else "no_days")
    layout = columns.layout_of(bodies, context.country)
    question = _question(layout, lines, answers)
    said = answers.roles or not layout.plain
    if said and (wrong := _apply(layout, answers, bodies)):
        question.columns, question.wrong = layout.guess, "" if wrong == "ask" else wrong
        return question
    return _read(layout, lines, counts, question, answers, context)


def _lines(text: str) -> tuple[list[Line], Counts]:
    """The lines that hold something, and the counts so far."""
    lines: list[Line] = []
    counts = Counts()
    between = ""
    # Excel's own first line
    if found := re.match(r"\s*\"?sep=([;,\t|])\"?[ \t]*(?:\r\n|\r|\n|$)", text):
        between, text = found[1], text[found.end() :]
        counts.header = counts.total = 1
    start = [line for line in text.splitlines()[:50] if line.strip()]
    between = between or max(";\t,|", key=lambda each: sum(line.count(each) for line in start))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    number = counts.header + 1
    try:
        for cells in reader:
            counts.total += 1
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                counts.blank += 1
            elif len(cells) > MAX_COLUMNS:
                raise Refused("no_days")
            elif len(lines) == MAX_ROWS:
                raise Refused("many")
            else:
                lines.append(Line(number, cells))
            number = counts.header + reader.line_num + 1
    except csv.Error:
        raise Refused("binary") from None
    return lines, counts


def _question(layout: Layout, lines: list[Line], answers: Answers) -> Question:
    """A question about this table in which nothing is asked yet."""
    width = len(layout.roles)
    first = (
        lines[layout.header + 1 : layout.header + 1 + SHOWN]
        if layout.header >= 0
        else lines[layout.nameless :][:SHOWN]
    )
    return Question(
        shape=columns.shape_of(layout),
        names=[one_line(name, LONGEST_SHOWN) for name in layout.names],
        sample=[
            (line.number, [one_line(line.cell(n), LONGEST_SHOWN) for n in range(width)])
            for line in first
        ],
        header="" if layout.header >= 0 else "yes" if layout.nameless else "no",
        given=answers,
    )


def _apply(layout: Layout, answers: Answers, bodies: list[list[str]]) -> str:
    """Let the layout be what a person said; "ask" when nobody did, or what is wrong with it."""
    if len(answers.roles) != len(layout.roles) or not set(answers.roles) <= set(columns.ROLES):
        return "ask"
    layout.roles = list(answers.roles)
    layout.by_region = {}
    if layout.header < 0 and answers.header == "yes":
        layout.header = 0
    return columns.wrong_with(answers.roles, bodies[layout.header + 1 :])


def _read(
    layout: Layout,
    lines: list[Line],
    counts: Counts,
    question: Question,
    answers: Answers,
    context: Context,
) -> Found | Question:
    body = lines[layout.header + 1 :]
    regions = set(layout.by_region)
    if len(regions) > 1:
        chosen = next((key for key in (answers.region, context.region) if key in regions), "")
        if not chosen:
            question.regions = {key: vocabulary.label_of(key) for key in sorted(regions)}
            return question
        for role, place in layout.by_region[chosen].items():
            layout.roles[place] = role
    found = Found(table=True, shape=question.shape, counts=counts)
    if layout.header >= 0:
        counts.header += 1
    for line in lines[: max(layout.header, 0)]:
        found.skipped.append(Skipped(line.text, "title", line.number))
    start = layout.at(DAY) if DAY in layout.roles else layout.at(FIRST)
    pairs = [(line.cell(start), line.cell(layout.at(LAST))) for line in body]
    order = order_of(pairs, answers, context)
    if isinstance(order, list):
        question.orders, order = order, written_dates.DAY_FIRST
        question.example = example_in(pairs)
    items = [_item(layout, line, order, found, context) for line in body]
    read = [item for item in items if item is not None]
    question.ends = _ends(read, answers)
    if answers.ends != "inclusive" and (answers.ends == "exclusive" or question.ends is None):
        read = [_without_end(item, answers.ends == "exclusive") for item in read]
    kept, question.regions = settle(read, answers, context)
    if question.orders or question.ends or question.regions:
        return question
    found.rows = kept.rows if LAST in layout.roles else _joined(kept.rows)
    found.skipped += kept.skipped
    counts.read = len(read)
    counts.not_read = counts.total - counts.read - counts.blank - counts.header
    return found


def _joined(rows: list[Row]) -> list[Row]:
    """With a holiday of which each day stands on its own line as one: the same name, on days that
    follow.
    """
    found: list[Row] = []
    for row in sorted(rows, key=lambda row: (row.name, row.doubt, row.first)):
        last = found[-1] if found else None
        follows = last and (row.name, row.doubt, row.first) == (
            last.name,
            last.doubt,
            last.last + timedelta(days=1),
        )
        if last and follows and (row.last - last.first).days < MOST_JOINED:
            found[-1] = replace(last, last=row.last)
        else:
            found.append(row)
    return found


def _day(cell: str, order: str) -> written_dates.Span | None:
    return written_dates.span(cell, order) or written_dates.serial(cell)


def _item(layout: Layout, line: Line, order: str, found: Found, context: Context) -> Item | None:
    """The days of one line; None, and a word in ``found.skipped``, when it has none."""
    first_cell = line.cell(layout.at(DAY)) or line.cell(layout.at(FIRST))
    last_cell = line.cell(layout.at(LAST))
    first = _day(first_cell, order)
    last = _day(last_cell, order) if last_cell else first
    if first is None or last is None:
        unclear = first_cell if first is None else last_cell
        why = "no_year" if written_dates.lacks_year(unclear) else "no_day"
        found.skipped.append(Skipped(line.text, why, line.number))
        return None
    kind = line.cell(layout.at(KIND))
    name = one_line(line.cell(layout.at(NAME)) or kind, LONGEST_NAME)
    timed, midnight = _times(layout, line)
    doubt = vocabulary.doubt_about(name, kind) if name else "words"
    if first.odd or last.odd:
        doubt = doubt or "weekday"
    if timed or (
        (first.timed or last.timed) and not columns.is_true(line.cell(layout.at(ALL_DAY)))
    ):
        doubt = "time"
    place = layout.at(REGION)
    regions = vocabulary.regions_in(line.cell(place), context.country) if place >= 0 else None
    two = bool(last_cell)
    return Item(
        Row(first.first, last.last, name or _("Closed"), doubt),
        line.number,
        regions if regions is not None else vocabulary.regions_of_name(name, context.country),
        ends_at_midnight=two and midnight,
        may_end_at_midnight=two and first.midnight and last.midnight,
        cancelled=vocabulary.is_cancelled(name),
    )


def _times(layout: Layout, line: Line) -> tuple[bool, bool]:
    """Whether a line has a time of day, and whether it says that it ends at midnight."""
    cells = [line.cell(place) for place in layout.every(TIME)]
    filled = [
        cell
        for cell in cells
        if cell and not _WHOLE_DAY.fullmatch(written_dates.plain(cell).strip())
    ]
    zero = [
        bool(re.fullmatch(r"0?0[:.]00(?:[:.]00)?(?:\s?uur)?|12:00(?::00)?\s?am", cell.lower()))
        for cell in filled
    ]
    if columns.is_true(line.cell(layout.at(ALL_DAY))):
        return False, len(zero) > 1 and all(zero)
    return not all(zero), len(zero) > 1 and all(zero)


def _ends(items: list[Item], answers: Answers) -> tuple[str, date, date] | None:
    """An example of what must be asked: is the last day free? Programs write the day after it, at
    midnight.

    A table from Excel has midnight beside every day and means the day itself, so the cells do not
    tell.
    """
    asked = [
        item.row
        for item in items
        if item.may_end_at_midnight and not item.ends_at_midnight and item.row.last > item.row.first
    ]
    if answers.ends or not asked:
        return None
    shortest = min(asked, key=lambda row: row.last - row.first)
    return shortest.name, shortest.first, shortest.last


def _without_end(item: Item, all_of_them: bool) -> Item:
    """With the day before as its last, where the end is midnight."""
    ends = item.ends_at_midnight or (all_of_them and item.may_end_at_midnight)
    if not ends or item.row.last <= item.row.first:
        return item
    return replace(item, row=replace(item.row, last=item.row.last - timedelta(days=1)))
