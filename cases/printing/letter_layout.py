"""Cards with letters on them: eight or four to an A4, in fixed places, in a size of type that
fits.
"""

from collections.abc import Sequence
from typing import Any

from . import text_measure
from .printable_text import direction

SMALL, MIDDLE = "cards8", "cards4"
PER_LEAF = {SMALL: 8, MIDDLE: 4}
SMALLEST = "small"

# Millimetres, the same as in print-letters.css: width between the margins; what is left for
# heading, text and facts when the lines that are always there are taken off.
_ROOM = {SMALL: 83, MIDDLE: 79}
_HEIGHT = {SMALL: 43, MIDDLE: 101}
# Of a fact (day, time, place): room for its words in mm, their size in pt, height of a line in mm.
_FACT = {SMALL: (56, 11, 5.4), MIDDLE: (52, 13, 7.0)}
_SIGNED_SIZE, _SIGNED_LINE = 14, 6.5  # pt, mm; on the middle card only
# Heading and text in pt, largest first.
_SIZES = {
    SMALL: ((16, 11), (14, 10), (12, 9), (10, 9)),
    MIDDLE: ((20, 14), (18, 13), (16, 12), (14, 11), (12, 10)),
}
_LEADING, _GAP = 1.38, 1.6  # of lines; mm between paragraphs


def size_of(
    shape: str, heading: str, paragraphs: list[list[str]], facts: Sequence[str], signed: str
) -> str:
    """The class of the largest type in which everything fits on this card; "" when none does.

    ``paragraphs`` are lists of lines; ``facts`` the words of day, time, place: "" for a line to
    write on.
    """
    left = _HEIGHT[shape] - _facts_height(shape, facts) - _signed_height(shape, signed)
    last = len(_SIZES[shape]) - 1
    for number, (large, plain) in enumerate(_SIZES[shape]):
        # A name that is wider than the card in the smallest type is broken: nobody can shorten a
        # name.
        whole = number == last or _whole(shape, heading, large)
        if whole and _height(shape, heading, paragraphs, large, plain) <= left:
            return f"fit{number}"
    return ""


def _facts_height(shape: str, facts: Sequence[str]) -> float:
    room, size, line = _FACT[shape]
    return sum(text_measure.line_count(text, size, "andika", 700, room) for text in facts) * line


def _signed_height(shape: str, signed: str) -> float:
    if shape == SMALL:
        return 0
    return text_measure.line_count(signed, _SIGNED_SIZE, "andika", 400, _ROOM[shape]) * _SIGNED_LINE


def _height(
    shape: str, heading: str, paragraphs: list[list[str]], large: float, plain: float
) -> float:
    room = _ROOM[shape]
    mm: float = (
        text_measure.line_count(heading, large, "andika", 700, room)
        * large
        * 1.2
        * text_measure.MM_PER_PT
    )
    for lines in paragraphs:
        count = sum(text_measure.line_count(line, plain, "andika", 400, room) for line in lines)
        mm += count * plain * _LEADING * text_measure.MM_PER_PT + _GAP
    return mm


def _whole(shape: str, heading: str, size: float) -> bool:
    return text_measure.longest_word(heading, size, "andika", 700) <= _ROOM[shape]


def with_direction(part: dict[str, Any]) -> dict[str, Any]:
    """The part with the way in which its heading, its paragraphs and its facts are written."""
    part["dir"] = direction(part["to"] or part["heading"])
    part["paragraphs"] = [
        {"lines": lines, "dir": direction(" ".join(lines))} for lines in part["paragraphs"]
    ]
    part["signed_dir"] = direction(part["signed"])
    for row in part["rows"]:
        row["dir"] = direction(row["text"])
    return part
