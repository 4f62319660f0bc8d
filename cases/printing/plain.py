"""Text as paper can show it: paragraphs without what a font cannot draw, and the way it is written."""

import re
import unicodedata

_JOINERS = "\u200c\u200d"  # shape letters in Persian, Urdu and others


def one_line(text: str) -> str:
    """The text on one line, without control characters and marks that turn or hide letters."""
    kept = []
    for char in unicodedata.normalize("NFC", str(text)):
        if char.isspace():
            kept.append(" ")
        elif char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"):
            kept.append(char)
    return " ".join("".join(kept).split())


def paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a text, each a list of lines; empty lines part them, however many there are."""
    parts = re.split(r"\n[^\S\n]*\n\s*", str(text).strip())
    found = [[line for line in map(one_line, part.split("\n")) if line] for part in parts]
    return [part for part in found if part]


def direction(text: str) -> str:
    """ "rtl" when the first letter is of a script that is written from right to left, else "ltr"."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL", "L"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"
