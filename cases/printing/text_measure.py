"""How wide a text is and how many lines it takes, read from the fonts that print it.

Used to choose a size before the page is laid out, so that nothing runs out of its place. Widths are
the sum of the letters' own widths: a little more than what is printed, never much less.
"""

import re
from functools import lru_cache

from . import typefaces

MM_PER_PT = 25.4 / 72

_UNKNOWN = 1.0  # em: a letter that none of our fonts has


def _letter(char: str, family: str, weight: int) -> float:
    code = ord(char)
    if 0x2066 <= code <= 0x2069:  # isolates are not drawn
        return 0.0
    for name in typefaces.FAMILIES[family]:
        widths = typefaces.widths(name, weight)
        if code in widths:
            return widths[code]
    return _UNKNOWN


def width(text: str, size: float, family: str, weight: int) -> float:
    """The width in mm of the text on one line, at a size in pt."""
    return sum(_letter(char, family, weight) for char in text) * size * MM_PER_PT


def longest_word(text: str, size: float, family: str, weight: int) -> float:
    """The width in mm of its widest word; a hyphen ends one."""
    return max((width(word, size, family, weight) for word in _pieces(text)), default=0.0)


def _pieces(text: str) -> list[str]:
    return re.findall(r"[^\s-]*-+|[^\s-]+", text)


@lru_cache(maxsize=4096)
def line_count(text: str, size: float, family: str, weight: int, room: float) -> int:
    """How many lines of ``room`` mm the text takes; a word that is wider than a line is broken."""
    space = width(" ", size, family, weight)
    lines, used = 1, 0.0
    for word in re.findall(r"\s*(?:[^\s-]*-+|[^\s-]+)", text.strip()):
        gap = space if word[0].isspace() else 0.0
        word = word.strip()
        wide = width(word, size, family, weight)
        if used and used + gap + wide > room:
            lines, used = lines + 1, 0.0
        if wide <= room:
            used += (gap if used else 0.0) + wide
            continue
        for char in word:
            step = width(char, size, family, weight)
            if used + step > room:
                lines, used = lines + 1, 0.0
            used += step
    return lines
