"""Slips: each pupil's own idea to take along (inventory S6.3), four to a sheet of A4 or in another
size.

On a slip stand the pupil's name, the idea, a thank-you and who will talk with the pupil soon. No
date, no box to tick, no score, no address, and not the name of the pupil who is helped: a slip gets
lost, and it is not there to check anyone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import text_measure
from .pdf_rendering import PaperRefused, pdf
from .printable_text import direction, plain
from .slip_formats import FORMATS, LONGEST_IDEA, Fit
from .slip_phrases import Frame, frame_for

__all__ = ["FORMATS", "LONGEST_IDEA", "Slip", "slips_html", "task_slips", "too_long"]

LONGEST_NAME, MOST_SLIPS = 120, 60
_PEBBLES = 8  # drawings
_INSIDE = 0.64  # of the height of a pebble, where it is wide enough for a line
_BOLD, _REGULAR = ("andika", 700), ("andika", 400)


@dataclass(frozen=True)
class Slip:
    """One pupil's slip. An empty ``idea`` becomes lines to write on, an empty ``name`` a bare
    pebble.

    ``language`` is that of the words around the idea; None: the language of the sheet.
    """

    name: str
    idea: str = ""
    language: str | None = None


def too_long(
    idea: str, *, format: str = "a6x4", bigger: bool = False, second: str | None = None
) -> str:
    """Whether the idea fits at the full size of its letter: "" (it does), "smaller" (it is printed
    in a smaller letter) or "long" (ask to shorten it: it prints smaller again, or not at all).

    For four to an A4 that is up to 90 and up to 140 characters; other sizes of slip, a bigger
    letter and a ``second`` language leave more or less room.
    """
    fit = FORMATS[format].fit(bigger=bigger, second=bool(second))
    length = len(plain(idea))
    return "" if length <= fit.full else "smaller" if length <= fit.smaller else "long"


def task_slips(
    slips: Sequence[Slip],
    *,
    signed: str,
    language: str,
    format: str = "a6x4",
    bigger: bool = False,
    second: str | None = None,
    spare: int = 0,
    school_name: str = "",
) -> bytes:
    """The slips as a PDF, with lines to cut along where there are several on a page.

    ``signed`` is the name by which pupils know the teacher; ``format`` a key of FORMATS; ``bigger``
    a letter that is 30 % larger; ``second`` a language whose words stand below those of the slip's
    own; ``spare`` the number of empty slips added; ``school_name`` stands in the document's
    properties only. PaperRefused when a text is too long for the slip or there are too many slips.
    KeyError for another format.
    """
    html = slips_html(
        slips,
        signed=signed,
        language=language,
        format=format,
        bigger=bigger,
        second=second,
        spare=spare,
        school_name=school_name,
    )
    with translation.override(language):
        title = gettext("Slips")
    sides = max(1, -(-(len(slips) + spare) // FORMATS[format].on_a_page))
    return pdf(html, language=language, title=title, sides=sides)


def slips_html(
    slips: Sequence[Slip],
    *,
    signed: str,
    language: str,
    format: str = "a6x4",
    bigger: bool = False,
    second: str | None = None,
    spare: int = 0,
    school_name: str = "",
) -> str:
    """The document of which ``task_slips`` makes a PDF."""
    fit = FORMATS[format].fit(bigger=bigger, second=bool(second))
    _refuse(slips, signed, spare, fit)
    signed = plain(signed)
    cards = [
        _card(slip, number, fit, signed, slip.language or language, second)
        for number, slip in enumerate([*slips, *[Slip("")] * spare] or [Slip("")])
    ]
    of_page = FORMATS[format].on_a_page
    with translation.override(language):
        return render_to_string(
            "paper/slips.html",
            {
                "language": language,
                "title": gettext("Slips"),
                "school_name": plain(school_name)[:LONGEST_NAME],
                "format": format,
                "bigger": bigger,
                "cut": of_page > 1,
                "leaves": [
                    cards[start : start + of_page] for start in range(0, len(cards), of_page)
                ],
                "signed": {"text": signed, "dir": direction(signed)},
            },
        )


def _refuse(slips: Sequence[Slip], signed: str, spare: int, fit: Fit) -> None:
    if spare < 0 or len(slips) + spare > MOST_SLIPS:
        raise PaperRefused(_("That is too many slips at once. Print them in parts."))
    if any(len(slip.idea) > fit.longest for slip in slips):
        raise PaperRefused(_shorten(fit))
    if len(signed) > LONGEST_NAME or any(len(slip.name) > LONGEST_NAME for slip in slips):
        raise PaperRefused(_NAME_TOO_LONG)


_NAME_TOO_LONG = _("A name is too long for a slip.")


def _shorten(fit: Fit) -> str:
    sentence = gettext(
        "An idea is too long for a slip. Make it one short sentence, of at most %(number)s "
        "characters."
    )
    return sentence % {"number": fit.smaller}


def _card(
    slip: Slip, number: int, fit: Fit, signed: str, language: str, second: str | None
) -> dict[str, Any]:
    name, idea = plain(slip.name), plain(slip.idea)
    name_size, down = _name_size(name, fit)
    code, frame = frame_for(language)
    other, below = frame_for(second) if second else ("", None)
    if other == code:
        below = None
    height = fit.idea_bottom - fit.idea_top - _foot_height(frame, below, signed, fit)
    if height < fit.least_height:
        raise PaperRefused(_NAME_TOO_LONG)
    return {
        "place": number % fit.on_a_page + 1,
        "pebble": number % _PEBBLES + 1,
        "language": code,
        "frame": frame,
        "second": other,
        "below": below,
        "name": name,
        "name_dir": direction(name),
        "name_size": name_size,
        "down": down,
        "idea": idea,
        "idea_dir": direction(idea),
        "idea_size": _idea_size(idea, height, fit),
        "rules": range(max(1, min(fit.most_rules, int(height / fit.rule)))),
    }


def _idea_size(idea: str, height: float, fit: Fit) -> str:
    """The largest size that its length allows and that fits in the height (mm). PaperRefused when
    none does.
    """
    length = len(idea)
    sizes = fit.sizes[0 if length <= fit.full else 2 if length <= fit.smaller else 3 :]
    for size in sizes:
        if (
            _fits(idea, size, fit.width, height, 1.3)
            and text_measure.longest_word(idea, size, *_BOLD) <= fit.width
        ):
            # Short ideas get more air between their lines.
            airy = _fits(idea, size, fit.width, height - fit.air, 1.42)
            return f"{size} airy" if airy else f"{size}"
    for size in (fit.sizes[-1], *fit.small_sizes):
        if _fits(idea, size, fit.width, height, 1.3):
            return f"{size}"
    raise PaperRefused(_shorten(fit))


def _name_size(name: str, fit: Fit) -> tuple[int, int]:
    """The size of the name in pt, and how far down (mm) it starts to stand in the middle of its
    pebble.
    """
    for size, lines in fit.name_sizes:
        high = fit.to_height + _name_lines(name, size, fit) * size * 1.15 * text_measure.MM_PER_PT
        inside = high <= _INSIDE * fit.pebble_height
        if inside and _name_lines(name, size, fit) <= lines and _unbroken(name, size, fit):
            break
    else:
        smaller = (
            at for at in fit.small_names if _fits(name, at, fit.name_room, fit.name_height, 1.15)
        )
        size = next(smaller, fit.smallest_name)
    height = fit.to_height + _name_lines(name, size, fit) * size * 1.15 * text_measure.MM_PER_PT
    return size, max(1, min(19, round((fit.pebble_height - height) / 2)))


def _name_lines(name: str, size: float, fit: Fit) -> int:
    if text_measure.width(name, size, *_BOLD) <= fit.name_width:
        return 1
    return text_measure.line_count(name, size, *_BOLD, fit.name_room)


def _unbroken(name: str, size: float, fit: Fit) -> bool:
    return text_measure.longest_word(name, size, *_BOLD) <= fit.name_room


def _foot_height(frame: Frame, below: Frame | None, signed: str, fit: Fit) -> float:
    """The height in mm of the thanks and the name under it, with the gap above them."""

    def lines(size: float, *texts: str) -> float:
        room = fit.foot_width
        return sum(text_measure.line_count(text, size, *_REGULAR, room) for text in texts) * size

    own = lines(fit.foot, frame.thanks, frame.soon, signed) * fit.foot_leading
    other = (
        lines(fit.second_foot, f"{below.thanks} {below.soon}") * fit.second_leading if below else 0
    )
    return (own + other) * text_measure.MM_PER_PT + fit.gap


def _fits(text: str, size: float, room: float, height: float, leading: float) -> bool:
    lines = text_measure.line_count(text, size, *_BOLD, room)
    return lines * size * leading * text_measure.MM_PER_PT <= height
