"""What people typed, as it can stand on paper.

A word with a letter that none of our fonts has becomes a line to write on: never a box, never a
hole.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ..people.names import graphemes
from ..typed_text import INVISIBLE, single_spaced
from . import typefaces

BLANK = "________"
_MOST_MARKS = 2  # accents on one letter: more are a joke, and climb out of their line
_MOST_MARKS_ELSEWHERE = 4  # of scripts that write vowels and tones as marks
_JOINERS = "\u200c\u200d"  # shape letters in Persian, Urdu and others, and join emoji
_FRAME = "\u20e3"  # makes a key of a digit: the digit stays
# Scripts without spaces between words: only the letter itself becomes a line.
_WITHOUT_SPACES = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)
_noted: ContextVar[list[str] | None] = ContextVar("noted", default=None)


def plain(text: str) -> str:
    """One line of text that our fonts can draw: nothing invisible that turns or hides letters."""
    kept, marks, latin = [], 0, True
    for char in unicodedata.normalize("NFD", str(text)):
        if unicodedata.combining(char):
            marks += 1
        else:
            marks, latin = 0, ord(char) < 0x530
        if char.isspace():
            kept.append(" ")
        elif char in _JOINERS:
            if kept and (kept[-1].isalpha() or unicodedata.category(kept[-1])[0] in "MS"):
                kept.append(char)
        elif _visible(char) and marks <= (_MOST_MARKS if latin else _MOST_MARKS_ELSEWHERE):
            kept.append(char)
    line = single_spaced("".join(kept))
    if typefaces.is_common(line) and not typefaces.has_marks(line):
        return line
    return " ".join(map(_drawable, line.split(" ")))


def _drawable(word: str) -> str:
    """The word, or a line in its place when a letter of it is in no font."""
    letters = graphemes(word)
    missing = [each for each in letters if typefaces.font_for(each) is None]
    if not missing:
        return word
    if any(map(_WITHOUT_SPACES.match, missing)) and len(missing) < len(letters):
        _note(*missing)
        return "".join(BLANK if each in missing else each for each in letters)
    first = next(at for at, each in enumerate(letters) if each[0].isalnum() or each in missing)
    last = max(at for at, each in enumerate(letters) if each[0].isalnum() or each in missing) + 1
    _note("".join(letters[first:last]))
    return "".join([*letters[:first], BLANK, *letters[last:]])


def _note(*words: str) -> None:
    noted = _noted.get()
    if noted is not None:
        noted.extend(word for word in words if word not in noted)


@contextmanager
def noting_missing() -> Iterator[list[str]]:
    """Within it, the list that is given collects the words that became lines."""
    found: list[str] = []
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def missing_in(text: str) -> list[str]:
    """The words of a text that cannot be printed, as they were typed."""
    with noting_missing() as found:
        plain(text)
    return found


def paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a text, each a list of lines; empty lines part them, however many there
    are.
    """
    parts = re.split(r"\n[^\S\n]*\n\s*", str(text).strip())
    found = [[line for line in map(plain, part.split("\n")) if line] for part in parts]
    return [part for part in found if part]


def _visible(char: str) -> bool:
    """Whether it is a sign at all; those that no font can have (private use, not in Unicode) become
    a line.
    """
    return (
        unicodedata.category(char) not in INVISIBLE
        and not "\ufe00" <= char <= "\ufe0f"
        and char != _FRAME
    )


def isolated(name: str) -> str:
    """A name for the middle of a sentence: from right to left by itself, so that it turns nothing
    beside it.
    """
    return f"\u2068{name}\u2069" if direction(name) == "rtl" else name


def direction(text: str) -> str:
    """ "rtl" when the first letter is of a script that is written from right to left, else
    "ltr".
    """
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"
