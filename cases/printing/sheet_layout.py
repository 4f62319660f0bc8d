"""Where everything on a conversation sheet goes: columns, two beside each other, nothing cut in
two.

Heights are reckoned in millimetres from the words themselves, so that any language and any wording
finds its place: the type is chosen as large as fits, and what is left of a side becomes room to
write.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement

from . import text_measure

SIDE = 272.5  # mm between the margins
HALF = 123.5  # mm of half a side, 11 from the cut and a little more for what stands above a capital
COLUMN = 90.0
SPARE = 3.0  # kept free on a side: words break a little differently in print than they are measured
LINE = 8.35  # a line to write on
MOST_LINES = 12  # of one place
_HEADING, _SUBHEADING, _GAP = 10.5, 6.0, 1.5
_QUOTE = 5.5  # room for the quotation mark before a phrase
_BOX_PADDING = 6.0
_CERTAIN = 1.2  # reckoned to be so much too high, it does not fit in print either
_TO_GROW = 25.0  # that a place to write would like to have more


@dataclass(frozen=True)
class Type:
    """Size in pt, line height, and the room (mm) above and below a phrase. ``css`` is its class."""

    css: str
    size: float
    leading: float
    padding: float

    @property
    def line(self) -> float:
        return self.size * self.leading * text_measure.MM_PER_PT

    def phrase(self, text: str) -> float:
        """The height of something to say, behind its quotation mark."""
        return self.lines(text, COLUMN - _QUOTE) * self.line + 2 * self.padding + 0.2

    def lines(self, text: str, room: float, weight: int = 400) -> int:
        return text_measure.line_count(text, self.size, "atkinson", weight, room)


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
    """Room for an answer. ``kind`` is lines, box, options, date, scale or check; ``lines`` grows.

    ``aloud``: the label is said in these words, so it is printed as a phrase.
    """

    kind: str
    label: str
    options: tuple[str, ...] = ()
    note: str = ""
    lines: int = 0
    wanted: int = 0
    aloud: bool = False

    def height(self, type_: Type) -> float:
        label = 5.0 * text_measure.line_count(self.label, 9.5, "atkinson", 400, COLUMN) + 0.8
        if self.aloud:
            label = type_.phrase(self.label)
        if self.kind == "lines":
            return label + self.lines * LINE
        if self.kind == "box":
            return (
                type_.lines(self.label, COLUMN - 7, 700) * type_.line
                + _BOX_PADDING
                + self.lines * 7
            )
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
            wide = 6.2 + text_measure.width(option, type_.size, "atkinson", 400) + 6
            if used and used + wide > COLUMN:
                rows, used = rows + 1, 0.0
            used += wide
            rows += max(0, type_.lines(option, COLUMN - 7) - 1)
        return rows


@dataclass
class Cell:
    """Phrases under their headings, and the place for what is answered to them. Never split.

    ``minds`` are what to mind, in a few words. The first cell of a part of the talk carries the
    part's ``number`` and ``title``.
    """

    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    place: Place | None = None
    number: int = 0
    title: str = ""
    minds: tuple[str, ...] = ()

    def height(self, type_: Type) -> float:
        heading = _HEADING * text_measure.line_count(
            self.title, 13.5, "bricolage", 700, COLUMN - 10
        )
        words = sum(
            _SUBHEADING + sum(type_.phrase(line) for line in lines) for _title, lines in self.groups
        )
        if self.minds:
            words += (
                sum(type_.lines(mind, COLUMN - _QUOTE) * type_.line for mind in self.minds) + 0.8
            )
        place = self.place.height(type_) + 0.8 if self.place else 0
        return (heading if self.number else 0) + words + place + _GAP


Columns = list[list[Cell]]


def two_sides(head: float, foot: float) -> list[float]:
    """The heights (mm) of four columns: ``head`` is taken from the first side, ``foot`` from the
    second.
    """
    return [SIDE - SPARE - head] * 2 + [SIDE - SPARE - foot] * 2


def fit(cells: list[Cell], rooms: list[float], *, first: int = 0) -> tuple[int, Columns]:
    """The number in TYPES of the largest type in which the cells fit, and the cells in columns.

    ``rooms`` are the heights (mm) of the columns, two to a side; they are read one after the other.
    Starts at the ``first`` type; when nothing fits, the tightest with the fairest division.
    """
    for number in range(first, len(TYPES)):
        columns, over = _divide(cells, TYPES[number], rooms)
        if over <= 0:
            break
    for column, room in zip(columns, rooms, strict=True):
        _grow(column, TYPES[number], room)
    return number, columns


def _divide(cells: list[Cell], type_: Type, rooms: list[float]) -> tuple[Columns, float]:
    """The best division, and by how many mm its fullest column is too full.

    Best: nothing too full; then a new side and a new column begin with a new part of the talk,
    where there are parts; then even.
    """
    tops, roomy = [0.0], [0.0]
    for cell in cells:
        height = cell.height(type_)
        tops.append(tops[-1] + height)
        roomy.append(
            roomy[-1] + height + (_TO_GROW if cell.place and cell.place.kind == "lines" else 0)
        )
    last, many = len(cells), range(len(rooms))
    parted = any(cell.number for cell in cells)
    best: tuple[float, int, bool, float] = (float("inf"), 0, False, 0)
    columns: Columns = []
    for cuts in combinations_with_replacement(range(last + 1), len(rooms) - 1):
        edges = (0, *cuts, last)
        over = max(tops[edges[i + 1]] - tops[edges[i]] - rooms[i] for i in many)
        # Every second cut turns the leaf.
        torn = sum(
            3 if at % 2 else 1 for at, cut in enumerate(cuts) if parted and not _starts(cells, cut)
        )
        # Without parts to keep together, places to write are spread so that each can grow.
        even = (
            over if parted else max(roomy[edges[i + 1]] - roomy[edges[i]] - rooms[i] for i in many)
        )
        hollow = last > 0 and edges[1] == 0  # nobody begins to read in the second column
        score = (max(over, 0), torn, hollow, even)
        if score < best:
            best, columns = score, [cells[edges[i] : edges[i + 1]] for i in many]
    return columns, best[0]


def _starts(cells: list[Cell], cut: int) -> bool:
    return cut == len(cells) or bool(cells[cut].number)


def _height(column: list[Cell], type_: Type) -> float:
    return sum(cell.height(type_) for cell in column)


def left_over(columns: Columns, number: int, rooms: list[float]) -> float:
    """The height (mm) that the fullest of these columns leaves free in its room."""
    heights = [
        room - _height(column, TYPES[number]) for column, room in zip(columns, rooms, strict=True)
    ]
    return max(0.0, min(heights))


def overfull(columns: Columns, number: int, rooms: list[float]) -> bool:
    """Whether a column is certainly higher than its room: heights are reckoned on the safe side."""
    return any(
        _height(column, TYPES[number]) > _CERTAIN * room + SPARE
        for column, room in zip(columns, rooms, strict=True)
    )


def _grow(column: list[Cell], type_: Type, room: float) -> None:
    """Gives the room that is left in a column to the places to write, the neediest first."""
    growing = [cell.place for cell in column if cell.place and cell.place.kind in ("lines", "box")]
    while growing:
        place = min(growing, key=lambda each: each.lines / each.wanted)
        place.lines += 1
        if _height(column, type_) > room or place.lines > MOST_LINES:
            place.lines -= 1
            growing.remove(place)
