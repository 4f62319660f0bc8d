"""What stands on a sheet: the pages of the method as cells for `sheet_layout`, and the table of the
group.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from cases.formats.dates import named
from cases.method.grammar import (
    CHECK,
    CHOICE,
    DATE,
    ENCLOSURE,
    MANY,
    PLAN,
    SCALE,
    Page,
    Question,
    Say,
    Text,
)

from . import text_measure
from .printable_text import isolated
from .sheet_layout import Cell, Place

Window = tuple[date, date] | None

LEAST_LINES = 2
_SEATS = 8  # rows when the group is not known yet
_SEATS_HEAD = 20.0  # mm: its heading, the row of labels and the gap below
ROW, TIGHT_ROW, TALLEST_ROW = 10, 8, 15  # mm
_NAME_WIDTH = 44


def cells_of(
    pages: Sequence[Page], name: str, window: Window, *, least: int = LEAST_LINES
) -> list[Cell]:
    """Everything on the pages in the order of the talk; the first cell of each page carries its
    heading.

    Pages without a title for the sheet are left out; when there is one page, its title stands above
    it already. ``least`` is the number of lines of a place to write.
    """
    cells, number, alone = [], 0, len(pages) == 1
    for page in pages:
        own = _cells(page, name, window, least)
        if not own or not (alone or page.sheet_title):
            continue
        if not alone:
            number += 1
            own[0].number, own[0].title = number, text_with(page.sheet_title, name)
        cells.extend(own)
    return cells


def _cells(page: Page, name: str, window: Window, least: int) -> list[Cell]:
    """What to mind, the page's own phrases, then each question's phrases with the place for its
    answer.
    """
    cells = [Cell((group,)) for group in _groups(page.say, name)]
    for question in page.questions:
        groups, place = _groups(question.say, name), _place(question, name, window, least)
        # What ends a talk is said after the answer that it depends on.
        if question.aloud and place:
            cells.append(Cell((), place))
            cells.extend(Cell((group,)) for group in groups)
        elif groups or place:
            # Several groups at one question are apart, so that they can stand in different columns.
            cells.append(Cell(tuple(groups[:1]), place))
            cells.extend(Cell((group,)) for group in groups[1:])
    minds = tuple(text_with(mind.sheet, name) for mind in page.mind if mind.sheet)
    if minds and cells:
        cells[0].minds = minds
    elif minds:
        cells.append(Cell(minds=minds))
    return cells


def _groups(says: tuple[Say, ...], name: str) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (text_with(say.title, name), tuple(text_with(line, name) for line in say.lines))
        for say in says
        if say.sheet and say.aloud
    ]


def _place(question: Question, name: str, window: Window, least: int) -> Place | None:
    wanted = max(least, question.lines)
    if question.private:
        label = gettext("This I do not pass on:")
        return Place("box", label, lines=least, wanted=wanted)
    # The date of the talk has its place in the heading, and what is asked of each member in their
    # table.
    if not question.sheet or question.column == "held_on" or question.per_member:
        return None
    label, aloud = text_with(question.sheet, name), question.aloud
    if question.kind in (CHOICE, MANY, ENCLOSURE) and question.choices:
        options = tuple(text_with(choice.label, name) for choice in question.choices)
        return Place("options", label, options, aloud=aloud)
    if question.kind == PLAN:
        return Place("date", label, note=_window_sentence(window) if window else "", aloud=aloud)
    kinds = {DATE: "date", SCALE: "scale", CHECK: "check"}
    if question.kind in kinds:
        return Place(kinds[question.kind], label, aloud=aloud and question.kind != CHECK)
    return Place("lines", label, lines=least, wanted=wanted, aloud=aloud)


@dataclass(frozen=True)
class Seat:
    """A place at the table. ``size`` of the name is in pt."""

    name: str
    size: int


@dataclass(frozen=True)
class Seats:
    """The table of the group: ``ticks`` and ``lines`` are the labels of its columns, ``row`` the
    height of a row in whole mm.
    """

    seats: list[Seat]
    ticks: list[str]
    lines: list[str]
    row: int

    @property
    def height(self) -> float:
        return _SEATS_HEAD + len(self.seats) * (self.row + 0.3)

    def taller(self, room: float) -> "Seats":
        """The same with so many mm more to fill, as far as rows may grow."""
        return replace(self, row=min(TALLEST_ROW, self.row + int(room / len(self.seats))))


def seats_of(pages: Iterable[Page], members: Sequence[str]) -> Seats:
    """The table of what is asked of each member on these pages, with their names, or empty rows."""
    asked = [question for page in pages for question in page.questions if question.per_member]
    labels = [
        (question.kind == CHECK, text_with(question.sheet, ""))
        for question in asked
        if question.sheet
    ]
    row = TIGHT_ROW if len(members) > _SEATS else ROW
    seats = [_seat(member, row - 1) for member in members] or [Seat("", 12)] * _SEATS
    return Seats(
        seats,
        [label for tick, label in labels if tick],
        [label for tick, label in labels if not tick],
        row,
    )


def _seat(name: str, height: float) -> Seat:
    for size in (12, 10, 8, 7):
        lines = text_measure.line_count(name, size, "atkinson", 700, _NAME_WIDTH)
        if lines * size * 1.1 * text_measure.MM_PER_PT <= height and (lines == 1 or size <= 10):
            break
    else:
        size = 6
    return Seat(name, size)


def text_with(text: Text, name: str) -> str:
    """A text of the method with the first name in its place."""
    return named(text, isolated(name))


def _window_sentence(window: tuple[date, date]) -> str:
    first, last = window
    # Translators: how a day is written on paper, in the letters of Django's date filter.
    whole = pgettext("weekday, day and month", "l j F")
    if first == last:
        return gettext("Choose {day}.").format(day=date_format(first, whole))
    within = (first.year, first.month) == (last.year, last.month)
    short = pgettext("weekday and day, the month follows later", "l j") if within else whole
    return gettext("Choose a day from {first} to {last}.").format(
        first=date_format(first, short), last=date_format(last, whole)
    )
