"""Cleaning of typed and pasted text: small pure functions, for forms, files, names and paper alike.

Each takes any text and returns it composed (NFC), without the characters that it says.
"""

import unicodedata

CONTROL = frozenset({"Cc", "Cs"})  # control characters and halves of a pair: pasting brings them
INVISIBLE = CONTROL | {"Cf"}  # and what only says how others are set: of no width, direction


def replaced(text: str, categories: frozenset, *, by: str = "", kept: str = "") -> str:
    """A text with the characters of these Unicode categories replaced, except those in ``kept``."""
    return "".join(
        by if unicodedata.category(each) in categories and each not in kept else each
        for each in text
    )


def single_spaced(text: str) -> str:
    """A text on one line, with one space between words and none around them."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def tidy(text: str) -> str:
    """Text as it is kept: line ends alike, without the invisible control characters that pasting
    brings.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", replaced(text, CONTROL, kept="\n\t")).strip()


def on_one_line(text: str) -> str:
    """Typed text as it is kept of a field of one line: its lines joined by a space, the rest as in
    `tidy`.
    """
    return " ".join(part.strip() for part in tidy(text).split("\n") if part.strip())


def one_line(text: str, longest: int) -> str:
    """A text from a file on one line, control characters taken for spaces, short enough to keep."""
    return single_spaced(replaced(text, CONTROL | {"Zl", "Zp"}, by=" "))[:longest].strip()
