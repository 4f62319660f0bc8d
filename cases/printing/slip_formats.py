"""The sizes in which a slip is printed: where its parts stand, and how many letters it holds.

Millimetres and points, the same as in print.css. A slip of A5 is one of A6 drawn 1.41 times as
large, so it is reckoned as one.
"""

import math
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..method.grammar import Text
from . import text_measure

LONGEST_IDEA = 300  # characters that are kept for a slip at all
BIGGER = 1.3
# characters at full size, and one size down, four to an A4 (design brief, 9)
_FULL, _SMALLER = (
    90,
    140,
)


@dataclass(frozen=True)
class Fit:
    """What the texts of a slip have to fit in. ``full``, ``smaller`` and ``longest`` are numbers of
    characters: at the largest letter, at a smaller one, and at all."""

    on_a_page: int
    width: float  # of the idea
    idea_top: float
    idea_bottom: float  # of the thanks under it
    gap: float  # between the idea and the thanks
    least_height: float  # of the idea
    air: float  # that a short idea starts lower
    sizes: tuple[int, ...]  # of the idea, in pt
    small_sizes: tuple[int, ...]  # where words may break
    name_sizes: tuple[tuple[int, int], ...]  # of the name, with the lines it may take
    small_names: tuple[int, ...]
    smallest_name: int
    name_width: float  # of the middle of a pebble
    name_room: float  # where several lines fit
    name_height: float
    pebble_height: float
    to_height: float
    foot_width: float
    foot: float  # pt
    foot_lines: int  # of the thanks and the name in most languages
    foot_leading: float
    second_foot: float
    second_leading: float
    rule: float  # a line to write on
    most_rules: int
    full: int = 0
    smaller: int = 0
    longest: int = 0


@dataclass(frozen=True)
class Format:
    """A way to print slips: ``title`` for a list to choose from, ``on_a_page`` how many to a
    page.
    """

    key: str
    title: Text
    on_a_page: int
    small: bool = False

    def fit(self, *, bigger: bool = False, second: bool = False) -> Fit:
        """The room on such a slip, with a bigger letter, and with words in a second language."""
        made = _fit(self, bigger)
        four = _fit(FORMATS["a6x4"], bigger=False)
        full, smaller = (
            _down(
                most
                * _letters(made, second, made.sizes[at])
                / _letters(four, False, four.sizes[at])
            )
            for at, most in ((0, _FULL), (2, _SMALLER))
        )
        longest = min(LONGEST_IDEA, _down(_letters(made, second, made.small_sizes[-1])))
        return Fit(**{**vars(made), "full": full, "smaller": smaller, "longest": longest})


FORMATS = {
    each.key: each
    for each in (
        Format("a6x4", _("Four on a sheet of A4"), 4),
        Format("a6", _("One on a sheet of A6"), 1),
        Format("a5", _("One on a sheet of A5"), 1),
        Format("a7x8", _("Eight on a sheet of A4, small"), 8, small=True),
    )
}


def _fit(format: Format, bigger: bool) -> Fit:
    scale = BIGGER if bigger else 1

    def up(*sizes: float) -> tuple[int, ...]:
        return tuple(math.ceil(size * scale) for size in sizes)

    if format.small:
        return Fit(
            on_a_page=format.on_a_page,
            width=43,
            idea_top=11.5,
            idea_bottom=63,
            gap=1.5,
            least_height=10,
            air=0,
            sizes=up(15, 14, 12, 10),
            small_sizes=up(9, 8),
            name_sizes=tuple(zip(up(14, 12, 10, 9), (1, 1, 2, 2), strict=True)),
            small_names=(8, 7, 6),
            smallest_name=5,
            name_width=26,
            name_room=24,
            name_height=10,
            pebble_height=22,
            to_height=3.6 * scale,
            foot_width=82,
            foot=9.5 * scale,
            foot_lines=3,
            foot_leading=1.35,
            second_foot=8.5 * scale,
            second_leading=1.3,
            rule=10,
            most_rules=3,
        )
    return Fit(
        on_a_page=format.on_a_page,
        width=79,
        idea_top=58 if bigger else 61,
        idea_bottom=136,
        gap=3,
        least_height=14,
        air=3,
        sizes=up(22, 20, 18, 15),
        small_sizes=up(13, 11, 9),
        name_sizes=tuple(
            zip(up(25, 21, 18, 15, 13), (1 if bigger else 2, 2, 2, 3, 3), strict=True)
        ),
        small_names=(13, 12, 10, 8),
        smallest_name=7,
        name_width=53 if bigger else 56,
        name_room=52,
        name_height=19,
        pebble_height=46,
        to_height=6 * scale,
        foot_width=79,
        foot=14 * scale,
        foot_lines=4 if bigger else 3,
        foot_leading=1.3 if bigger else 1.45,
        second_foot=11 * scale,
        second_leading=1.3 if bigger else 1.35,
        rule=14,
        most_rules=3,
    )


def _letters(fit: Fit, second: bool, pt: int) -> float:
    """About how many letters of an idea stand on such a slip at a size."""
    foot = fit.foot_lines * fit.foot * fit.foot_leading
    foot += 2 * fit.second_foot * fit.second_leading if second else 0
    height = fit.idea_bottom - fit.idea_top - fit.gap - foot * text_measure.MM_PER_PT
    size = pt * text_measure.MM_PER_PT
    # A letter is about as wide as 0.55 of its size, and a line ends half a word early.
    return int(height / (size * 1.3)) * (fit.width / (size * 0.55) - 3)


def _down(number: float) -> int:
    """To a number that a person can keep in mind."""
    return int(number + 1e-9) // 5 * 5
