"""Slips: each pupil's own idea to take along (inventory S6.3), four to a sheet of A4.

On a slip stand the pupil's name, the idea, a thank-you and who will talk with the pupil soon. No date, no
box to tick, no score, no address, and not the name of the pupil who is helped: a slip gets lost, and it is
not there to check anyone.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import measure
from .render import PaperRefused, pdf
from .unnamed import without_name

__all__ = ["Slip", "slips_html", "task_slips", "too_long", "without_name"]

LONGEST_IDEA, LONGEST_NAME, MOST_SLIPS = 300, 120, 60
LARGE, MEDIUM = 90, 140  # characters up to which an idea is printed at 22 and at 18 pt

# Millimetres, the same as in print.css.
_ROOM = 79  # width of a slip between its margins
_IDEA_TOP, _IDEA_BOTTOM, _IDEA_GAP = 61.0, 136.5, 3.0
_NAME_WIDTH = 56  # of the middle of a pebble
_NAME_ROOM, _NAME_HEIGHT = 52, 19  # where several lines fit
_PEBBLE_HEIGHT, _FOR_HEIGHT = 46, 6

_PEBBLES = 4  # drawings
_JOINERS = "\u200c\u200d"  # shape letters in Persian, Urdu and others
_PICTURES = (
    (0x1F000, 0x1FAFF),  # emoji, flags, skin tones
    (0x2600, 0x27BF),
    (0x2B00, 0x2BFF),
    (0xFE00, 0xFE0F),
    (0x20E3, 0x20E3),
)


@dataclass(frozen=True)
class Slip:
    """One pupil's slip. An empty ``idea`` becomes lines to write on, an empty ``name`` a bare pebble."""

    name: str
    idea: str = ""


def too_long(idea: str) -> str:
    """Whether the idea fits at its full size: "" (it does), "smaller" (over 90 characters: 18 pt) or
    "long" (over 140: ask to shorten it; it still prints, smaller again)."""
    length = len(_plain(idea))
    return "" if length <= LARGE else "smaller" if length <= MEDIUM else "long"


def task_slips(
    slips: Sequence[Slip], *, signed: str, language: str, spare: int = 0, school_name: str = ""
) -> bytes:
    """The slips as a PDF: A6 each, four to a sheet of A4, with lines to cut along.

    ``signed`` is the name by which pupils know the teacher; ``spare`` the number of empty slips added;
    ``school_name`` stands in the document's properties only. PaperRefused when a text is too long or there
    are too many slips.
    """
    with translation.override(language):
        title = gettext("Slips")
        html = slips_html(slips, signed=signed, language=language, spare=spare, school_name=school_name)
        return pdf(html, language=language, title=title, sides=max(1, -(-(len(slips) + spare) // 4)))


def slips_html(
    slips: Sequence[Slip], *, signed: str, language: str, spare: int = 0, school_name: str = ""
) -> str:
    """The document of which ``task_slips`` makes a PDF."""
    _refuse(slips, signed, spare)
    signed = _plain(signed)
    with translation.override(language):
        bottom = _IDEA_BOTTOM - _foot_height(signed)
        cards = [
            _card(slip, number, bottom - _IDEA_GAP)
            for number, slip in enumerate([*slips, *[Slip("")] * spare] or [Slip("")])
        ]
        return render_to_string(
            "print/slips.html",
            {
                "language": language,
                "title": gettext("Slips"),
                "school_name": _plain(school_name)[:LONGEST_NAME],
                "leaves": [cards[start : start + 4] for start in range(0, len(cards), 4)],
                "signed": {"text": signed, "dir": _direction(signed)},
            },
        )


def _refuse(slips: Sequence[Slip], signed: str, spare: int) -> None:
    if spare < 0 or len(slips) + spare > MOST_SLIPS:
        raise PaperRefused(_("That is too many slips at once. Print them in parts."))
    if any(len(slip.idea) > LONGEST_IDEA for slip in slips):
        raise PaperRefused(
            _("An idea is too long for a slip. Make it one short sentence, of at most 140 characters.")
        )
    if len(signed) > LONGEST_NAME or any(len(slip.name) > LONGEST_NAME for slip in slips):
        raise PaperRefused(_("A name is too long for a slip."))


def _card(slip: Slip, number: int, bottom: float) -> dict:
    name, idea = _plain(slip.name), _plain(slip.idea)
    name_size, down = _name_size(name)
    return {
        "place": number % 4 + 1,
        # One further on every sheet, so that two pupils who sit side by side do not have the same pebble.
        "pebble": (number + number // 4) % _PEBBLES + 1,
        "name": name,
        "name_dir": _direction(name),
        "name_size": name_size,
        "down": down,
        "idea": idea,
        "idea_dir": _direction(idea),
        "idea_size": _idea_size(idea, bottom - _IDEA_TOP),
    }


def _idea_size(idea: str, height: float) -> str:
    """The largest size that its length allows and that fits in the height (mm)."""
    sizes = {"": (22, 20, 18, 15), "smaller": (18, 15), "long": (15,)}[too_long(idea)]
    for size in sizes:
        if _fits(idea, size, _ROOM, height, 1.3) and measure.longest_word(idea, size, *_BOLD) <= _ROOM:
            # Short ideas get more air between their lines.
            return f"{size} airy" if _fits(idea, size, _ROOM, height, 1.42) else f"{size}"
    for size in (15, 13, 11):
        if _fits(idea, size, _ROOM, height, 1.3):
            return f"{size}"
    return "9"


def _name_size(name: str) -> tuple[int, int]:
    """The size of the name in pt, and how far down (mm) it starts to stand in the middle of its pebble."""
    for size, lines in ((25, 2), (21, 2), (18, 2), (15, 3), (13, 3)):
        if _name_lines(name, size) <= lines and _unbroken(name, size):
            break
    else:
        size = next((at for at in (13, 12, 10, 8) if _fits(name, at, _NAME_ROOM, _NAME_HEIGHT, 1.15)), 7)
    height = _FOR_HEIGHT + _name_lines(name, size) * size * 1.15 * measure.MM_PER_PT
    return size, max(5, min(19, round((_PEBBLE_HEIGHT - height) / 2)))


def _name_lines(name: str, size: float) -> int:
    if measure.width(name, size, *_BOLD) <= _NAME_WIDTH:
        return 1
    return measure.line_count(name, size, *_BOLD, _NAME_ROOM)


def _unbroken(name: str, size: float) -> bool:
    return measure.longest_word(name, size, *_BOLD) <= _NAME_ROOM


def _foot_height(signed: str) -> float:
    """The height in mm of the thanks and the name under it."""
    texts = (gettext("Thank you for helping."), gettext("We two will talk soon."), signed)
    lines = sum(measure.line_count(text, 14, "andika", 400, _ROOM) for text in texts)
    return lines * 14 * 1.45 * measure.MM_PER_PT


def _fits(text: str, size: float, room: float, height: float, leading: float) -> bool:
    lines = measure.line_count(text, size, *_BOLD, room)
    return lines * size * leading * measure.MM_PER_PT <= height


_BOLD = ("andika", 700)


def _plain(text: str) -> str:
    """One line of text that our fonts can draw: no emoji, nothing invisible that turns or hides letters."""
    kept = []
    for char in unicodedata.normalize("NFC", text):
        if char.isspace():
            kept.append(" ")
        elif char in _JOINERS:
            if kept and kept[-1].isalpha():
                kept.append(char)
        elif _printable(char):
            kept.append(char)
    return " ".join("".join(kept).split())


def _printable(char: str) -> bool:
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return False
    return not any(first <= ord(char) <= last for first, last in _PICTURES)


def _direction(text: str) -> str:
    """ "rtl" when the first letter is of a script that is written from right to left, else "ltr"."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"
