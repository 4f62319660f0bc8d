"""Where everything on the conversation sheet goes: two sides, two columns each, nothing cut in two.

Heights are reckoned in millimetres from the words themselves, so that any language and any wording finds
its place: the type is chosen as large as fits, and what is left of a side becomes room to write.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement

from . import measure

SIDE = 272.5  # mm between the margins
COLUMN = 90.0
SPARE = 3.0  # kept free on a side: words break a little differently in print than they are measured
LINE = 8.35  # a line to write on
MOST_LINES = 12  # of one place
_HEADING, _SUBHEADING, _GAP = 10.5, 6.0, 1.5
_QUOTE = 5.5  # room for the quotation mark before a phrase
_BOX_PADDING = 6.0


@dataclass(frozen=True)
class Type:
    """Size in pt, line height, and the room (mm) above and below a phrase. ``css`` is its class."""

    css: str
    size: float
    leading: float
    padding: float

    @property
    def line(self) -> float:
        return self.size * self.leading * measure.MM_PER_PT

    def lines(self, text: str, room: float, weight: int = 400) -> int:
        return measure.line_count(text, self.size, "atkinson", weight, room)


TYPES = (
    Type("fit0", 11.5, 1.42, 1.0),
    Type("fit1", 11.5, 1.36, 0.7),
    Type("fit2", 11.5, 1.3, 0.6),
    Type("fit3", 11.5, 1.24, 0.5),
    Type("fit4", 11.5, 1.2, 0.4),
    Type("fit5", 11.0, 1.26, 0.5),
    Type("fit6", 11.0, 1.22, 0.4),
    Type("fit7", 11.0, 1.18, 0.25),
)


@dataclass
class Place:
    """Room for an answer. ``kind`` is lines, box, options, date, scale or check; ``lines`` grows."""

    kind: str
    label: str
    options: tuple[str, ...] = ()
    note: str = ""
    lines: int = 0
    wanted: int = 0

    def height(self, type_: Type) -> float:
        label = 5.0 * measure.line_count(self.label, 9.5, "atkinson", 400, COLUMN) + 0.8
        if self.kind == "lines":
            return label + self.lines * LINE
        if self.kind == "box":
            return type_.lines(self.label, COLUMN - 7, 700) * type_.line + _BOX_PADDING + self.lines * 7
        if self.kind == "options":
            return label + self._rows(type_) * (type_.line + 1.8) + 1
        if self.kind == "date":
            note = type_.lines(self.note, COLUMN) * type_.line if self.note else 0
            return label + 9 + note
        if self.kind == "scale":
            return label + 9
        return type_.lines(self.label, COLUMN - 7) * type_.line + 2

    @property
    def each_line(self) -> range:
        return range(self.lines)

    def _rows(self, type_: Type) -> int:
        """Options follow one another on a line; one that is too wide takes the next line."""
        rows, used = 1, 0.0
        for option in self.options:
            wide = 6.2 + measure.width(option, type_.size, "atkinson", 400) + 6
            if used and used + wide > COLUMN:
                rows, used = rows + 1, 0.0
            used += wide
            rows += max(0, type_.lines(option, COLUMN - 7) - 1)
        return rows


@dataclass
class Cell:
    """Phrases under their headings, and the place for what is answered to them. Never split.

    The first cell of a part of the talk carries the part's ``number`` and ``title``.
    """

    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    place: Place | None = None
    number: int = 0
    title: str = ""

    def height(self, type_: Type) -> float:
        heading = _HEADING * measure.line_count(self.title, 13.5, "bricolage", 700, COLUMN - 10)
        words = sum(
            _SUBHEADING
            + sum(type_.lines(line, COLUMN - _QUOTE) * type_.line + 2 * type_.padding + 0.2 for line in lines)
            for _title, lines in self.groups
        )
        place = self.place.height(type_) + 0.8 if self.place else 0
        return (heading if self.number else 0) + words + place + _GAP


Columns = list[list[Cell]]


def fit(cells: list[Cell], *, head: float, foot: float, first: int = 0) -> tuple[Type, Columns]:
    """The largest type in which the cells fit, and the cells in four columns: two on each side.

    They are read one column after the other. ``head`` (mm) is taken from the first side, ``foot`` from the
    second. Starts at the ``first`` type; when nothing fits, the tightest with the fairest division.
    """
    rooms = [SIDE - SPARE - head] * 2 + [SIDE - SPARE - foot] * 2
    for type_ in TYPES[first:]:
        columns, over = _divide(cells, type_, rooms)
        if over <= 0:
            break
    for column, room in zip(columns, rooms, strict=True):
        _grow(column, type_, room)
    return type_, columns


def _divide(cells: list[Cell], type_: Type, rooms: list[float]) -> tuple[Columns, float]:
    """The best division, and by how many mm its fullest column is too full.

    Best: nothing too full; then a new side and a new column begin with a new part of the talk; then even.
    """
    tops = [0.0]
    for cell in cells:
        tops.append(tops[-1] + cell.height(type_))
    last = len(cells)
    best, columns = None, []
    for cuts in combinations_with_replacement(range(last + 1), 3):
        edges = (0, *cuts, last)
        fill = [tops[edges[i + 1]] - tops[edges[i]] - rooms[i] for i in range(4)]
        over = max(fill)
        torn = sum(weight for cut, weight in zip(cuts, (1, 3, 1), strict=True) if not _starts(cells, cut))
        score = (max(over, 0), torn, over)
        if best is None or score < best:
            best, columns = score, [cells[edges[i] : edges[i + 1]] for i in range(4)]
    return columns, best[0]


def _starts(cells: list[Cell], cut: int) -> bool:
    return cut == len(cells) or bool(cells[cut].number)


def _height(column: list[Cell], type_: Type) -> float:
    return sum(cell.height(type_) for cell in column)


def _grow(column: list[Cell], type_: Type, room: float) -> None:
    """Gives the room that is left in a column to the places to write, the neediest first."""
    growing = [cell.place for cell in column if cell.place and cell.place.kind in ("lines", "box")]
    while growing:
        place = min(growing, key=lambda each: each.lines / each.wanted)
        place.lines += 1
        if _height(column, type_) > room or place.lines > MOST_LINES:
            place.lines -= 1
            growing.remove(place)
