"""Drawings of numbers over time, from plain data. Geometry only: the words stand in the table
beside it.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import TypedDict

from django.utils.translation import gettext as _

from ..method.grammar import Text
from .drawings import number

# The drawing, in its own units: 0 stands at the bottom line, 10 at the top one.
WIDTH, HEIGHT = 360, 196
TOP, BOTTOM = 46, 166
LEFT, FIRST, RIGHT = 30, 52, 24
WIDEST, NARROWEST, BETWEEN_ROUNDS = 72, 30, 24
LINES = (0, 5, 10)


class Point(TypedDict):
    """A number that was given, and in which round."""

    value: int
    round: int


class Dot(Point):
    """A point where it is drawn; ``turn`` is its place in the order."""

    x: str
    y: str
    above: str
    turn: str


class Mark(TypedDict):
    """The mark before a round, and where the round's number stands."""

    number: int
    x: str
    text: str


class Line(TypedDict):
    """A level line and the place of its number."""

    value: int
    y: str
    text: str


class ScaleChart(TypedDict):
    """All that the drawing of one line of numbers needs."""

    width: str
    height: int
    left: int
    right: str
    lines: list[Line]
    dots: list[Dot]
    runs: list[str]
    rounds: list[Mark]
    bottom: int
    under: int
    label: str


def height(value: float) -> float:
    """Where a number from 0 to 10 stands: from ``BOTTOM`` up to ``TOP``."""
    return BOTTOM - (BOTTOM - TOP) * value / 10


def places(points: Sequence[Point]) -> list[float]:
    """How far to the right each point stands: evenly, with more room where another round begins.

    By order and not by date: the first talks lie days apart, the later checks months.
    """
    steps = len(points) - 1
    turns = sum(1 for before, after in pairwise(points) if before["round"] != after["round"])
    room = WIDTH - FIRST - RIGHT - turns * BETWEEN_ROUNDS
    pitch = max(NARROWEST, min(WIDEST, room / steps)) if steps else 0
    found: list[float] = []
    x: float = FIRST
    for place, point in enumerate(points):
        if place:
            x += pitch + (BETWEEN_ROUNDS if point["round"] != points[place - 1]["round"] else 0)
        found.append(x)
    return found


def scale_line(points: Iterable[Point], name: Text) -> ScaleChart:
    """Numbers from 0 to 10 as a line, a separate one for each round.

    ``points``: dicts with ``value`` and ``round``, in order. ``name``: who gave them. One point is
    a dot.
    """
    points = list(points)
    dots: list[Dot] = [
        {
            "value": point["value"],
            "round": point["round"],
            "x": number(x),
            "y": number(height(point["value"])),
            "above": number(height(point["value"]) - 11),
            "turn": number(place),
        }
        for place, (point, x) in enumerate(zip(points, places(points), strict=True), start=1)
    ]
    runs = [list(run) for _round, run in groupby(dots, key=lambda dot: dot["round"])]
    width = max(WIDTH, float(dots[-1]["x"]) + RIGHT) if dots else WIDTH
    return {
        "width": number(width),
        "height": HEIGHT,
        "left": LEFT,
        "right": number(width - 4),
        "lines": [
            {"value": value, "y": number(height(value)), "text": number(height(value) + 5)}
            for value in LINES
        ],
        "dots": dots,
        "runs": [" ".join(f"{dot['x']},{dot['y']}" for dot in run) for run in runs if len(run) > 1],
        "rounds": _rounds(runs),
        "bottom": BOTTOM,
        "under": BOTTOM + 20,
        "label": _("%(name)s gave these numbers from 0 to 10, the oldest first: %(numbers)s.")
        % {"name": name, "numbers": ", ".join(str(point["value"]) for point in points)},
    }


def _rounds(runs: Sequence[Sequence[Dot]]) -> list[Mark]:
    """For each round after the first in the drawing, where the mark before it stands; its number
    above.
    """
    if len(runs) < 2:
        return []
    marks: list[Mark] = [{"number": runs[0][0]["round"], "x": "", "text": number(LEFT)}]
    for before, after in pairwise(runs):
        x = (float(before[-1]["x"]) + float(after[0]["x"])) / 2
        marks.append({"number": after[0]["round"], "x": number(x), "text": number(x + 5)})
    return marks
