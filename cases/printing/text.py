"""What people typed, as it can stand on paper."""

import re
import unicodedata

_MOST_MARKS = 2  # accents on one letter: more are a joke, and climb out of their line
_JOINERS = "\u200c\u200d"  # shape letters in Persian, Urdu and others
_PICTURES = (
    (0x1F000, 0x1FAFF),  # emoji, flags, skin tones
    (0x2600, 0x27BF),
    (0x2B00, 0x2BFF),
    (0xFE00, 0xFE0F),
    (0x20E3, 0x20E3),
)


def plain(text: str) -> str:
    """One line of text that our fonts can draw: no emoji, nothing invisible that turns or hides letters."""
    kept, marks = [], 0
    for char in unicodedata.normalize("NFD", str(text)):
        marks = marks + 1 if unicodedata.combining(char) else 0
        if char.isspace():
            kept.append(" ")
        elif char in _JOINERS:
            if kept and kept[-1].isalpha():
                kept.append(char)
        elif _printable(char) and marks <= _MOST_MARKS:
            kept.append(char)
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a text, each a list of lines; empty lines part them, however many there are."""
    parts = re.split(r"\n[^\S\n]*\n\s*", str(text).strip())
    found = [[line for line in map(plain, part.split("\n")) if line] for part in parts]
    return [part for part in found if part]


def _printable(char: str) -> bool:
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return False
    return not any(first <= ord(char) <= last for first, last in _PICTURES)


def direction(text: str) -> str:
    """ "rtl" when the first letter is of a script that is written from right to left, else "ltr"."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"
