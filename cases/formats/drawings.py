"""Where things stand in the drawings: pure geometry for the tags in steentje.py."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import TypedDict

from ..method.grammar import Text

PEBBLE = "M3 13C1 6 8 1.5 14 2c8 .5 12 6 11 12-1 6-10 7-15 6.5C6 20 4 17 3 13Z"
# The signs of a role in the group, 20 units wide.
ROLE_CIRCLE_RADIUS, ROLE_DIAMOND_PATH = "7.5", "M10 1.5L18.5 10 10 18.5 1.5 10Z"
_TILTS = (-3, 2, -2, 3, -1.5, 2, -2.5)
_TILE, _PITCH, _MOMENT_GAP, _WAIT_GAP = 26, 29, 14, 31
SEAT_H = 36
ROW_HEIGHT = 34  # of the seats in the picture of the balance
_SEATS_IN_ROW, _FIRST_SEAT, _SEAT_WIDTH = 4, 22, 34


class PathStep(TypedDict):
    """A step as the path of progress draws it."""

    number: int
    state: str
    moment: str
    after_wait: bool


class Tile(TypedDict):
    """Where the tile of a step stands, and the marks on it."""

    number: int
    state: str
    x: str
    middle: str
    check: str
    pebble: str
    tilt: str


class Seat(TypedDict):
    """Two seats in the picture of the balance, as far from its middle (``x``): whether somebody who
    took part (left) and somebody else (right) sits there.
    """

    x: int
    involved: bool
    other: bool


def number(value: float) -> str:
    """A number for an SVG attribute: at most one decimal, always with a dot."""
    return f"{value:.1f}".removesuffix(".0")


def tiles(steps: Sequence[PathStep]) -> tuple[list[Tile], list[str], str]:
    """The tiles of a path, the dots of the wait, the width of the drawing."""
    row: list[Tile] = []
    dots: list[str] = []
    x = 0
    for place, step in enumerate(steps):
        if place:
            x += _PITCH
            if step["moment"] != steps[place - 1]["moment"]:
                waits = step["after_wait"] and not steps[place - 1]["after_wait"]
                gap = _WAIT_GAP if waits else _MOMENT_GAP
                if waits:
                    dots = [number(x - (_PITCH - _TILE) + 8 + 7.5 * dot) for dot in range(3)]
                x += gap - (_PITCH - _TILE)
        row.append(
            {
                "number": step["number"],
                "state": step["state"],
                "x": number(x),
                "middle": number(x + _TILE / 2),
                "check": number(x + 7),
                "pebble": number(x + 15),
                "tilt": number(_TILTS[place % len(_TILTS)]),
            }
        )
    return row, dots, number(x + _TILE + 7)


def seat_places(count: int) -> tuple[int, int, int, list[tuple[float, float]]]:
    """Width and height of the drawing, width of a seat, the middle of each seat clockwise from the
    top.
    """
    width, height = (300, 214) if count <= 8 else (386, 304)
    seat = 74 if count <= 6 else 66
    rx, ry = (width - seat) / 2 - 4, (height - SEAT_H) / 2 - 4
    turns = [2 * pi * place / count for place in range(count)]
    return width, height, seat, [(width / 2 + rx * sin(t), height / 2 - ry * cos(t)) for t in turns]


def shortened(name: Text, length: int) -> str:
    """A name that fits a seat: cut with an ellipsis when longer than ``length`` signs."""
    name = str(name)
    return name if len(name) <= length else name[: length - 1].rstrip() + "…"


def balance_rows(involved: int, others: int) -> list[list[Seat]]:
    """Rows of four seats a side, at least one."""
    rows = max(1, -(-max(involved, others) // _SEATS_IN_ROW))
    return [
        [
            _seat(column, row * _SEATS_IN_ROW + column, involved, others)
            for column in range(_SEATS_IN_ROW)
        ]
        for row in range(rows)
    ]


def _seat(column: int, place: int, involved: int, others: int) -> Seat:
    far = _FIRST_SEAT + _SEAT_WIDTH * column
    return {"x": far, "involved": place < involved, "other": place < others}
