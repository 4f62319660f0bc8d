"""The fonts that paper is printed with, and which of them draws a letter.

Every style sheet for paper ends each list of fonts with those of ``REST``, in this order (a test
holds them to it). So a letter is printed when one of them has it, whatever the paper; and no font
of the machine is ever needed. Their letters are read once.
"""

import re
from functools import cache, lru_cache
from io import BytesIO

from fontTools.ttLib import TTFont

from ..people.names import graphemes
from .static_files import static_bytes

# Scripts that came in one weight.
_WEIGHTS = {
    "noto-emoji": (500,),
    "noto-sans-cjk": (400,),
    "noto-sans-signs": (400,),
    "noto-sans-syriac": (400,),
    "noto-sans-tibetan": (400,),
    "noto-sans-tifinagh": (400,),
}
LATIN = ("andika", "andika-latin-ext", "andika-cyrillic", "andika-vietnamese")
_SCRIPTS = (
    "hebrew ethiopic armenian georgian devanagari bengali gurmukhi gujarati tamil telugu kannada "
    "malayalam sinhala thai lao khmer myanmar tibetan syriac tifinagh"
).split()
WIDE = "noto-sans-wide"
REST = (
    *LATIN[1:],
    "noto-sans-arabic",
    WIDE,
    *(f"noto-sans-{script}" for script in _SCRIPTS),
    "noto-sans-signs",
    "noto-sans-cjk",
    "noto-emoji",
)
FAMILIES = {
    "andika": ("andika", *REST),
    "atkinson": ("atkinson-next", "andika", *REST),
    "bricolage": ("bricolage", "bricolage-latin-ext", "andika", *REST),
}


# Every font that is not in static/css/print-fonts.css: loaded when a paper needs it.
_LATER = frozenset(REST) - {*LATIN, "noto-sans-arabic"}
_MARKS = re.compile("[\u0300-\u036f]")
_TEXT = re.compile("(?<=>)[^<>]+(?=<)")
_WORDS = re.compile(r"\S*[^\x00-\u02ff\s]\S*")
_UNUSUAL = re.compile(r"[^\s<>]?[^\x00-\u024f\s]+")


def weight_of(name: str, weight: int) -> int:
    """The weight in which a font is there: the one asked for, or its only one."""
    return weight if weight in _WEIGHTS.get(name, (weight,)) else _WEIGHTS[name][0]


@cache
def widths(name: str, weight: int) -> dict[int, float]:
    """Code point to width in em, of the letters that a font has."""
    file = f"fonts/{name}-{weight_of(name, weight)}.woff2"
    font = TTFont(BytesIO(static_bytes(file)), lazy=True)
    advances, em = font["hmtx"].metrics, font["head"].unitsPerEm
    return {code: advances[glyph][0] / em for code, glyph in font.getBestCmap().items()}


@cache
def _common() -> frozenset[int]:
    """The letters of the fonts that nearly every text needs."""
    return frozenset().union(*(widths(name, 400) for name in LATIN))


@lru_cache(maxsize=8192)
def font_for(letters: str) -> str | None:
    """The font that draws what a reader sees as one letter, with the marks on it; None when there
    is none.

    Each sign comes from the first font that has it. Marks from another font than their letter do
    not find their place: then it is ``WIDE``, which `marked` asks for by name.
    """
    codes = [ord(char) for char in letters if not _unseen(char)]
    found = {_first_with(code) for code in codes}
    if len(found) > 1:
        return WIDE if all(code in widths(WIDE, 400) for code in codes) else None
    return found.pop() if found else LATIN[0]


@lru_cache(maxsize=16384)
def _first_with(code: int) -> str | None:
    return next((name for name in FAMILIES["andika"] if code in widths(name, 400)), None)


def is_common(text: str) -> bool:
    """Whether our usual fonts have every letter of a text: then there is nothing to look up."""
    return text.isascii() or _common().issuperset(map(ord, text))


def has_marks(text: str) -> bool:
    """Whether a letter is written with a mark of its own, as where no letter with that mark
    exists.
    """
    return bool(_MARKS.search(text))


def needed(text: str) -> list[str]:
    """The fonts beside the usual ones that a text needs, for the PDF process to load."""
    if is_common(text) and not has_marks(text):
        return []
    found = {font_for(letters) for run in _UNUSUAL.findall(text) for letters in graphemes(run)}
    return sorted(name for name in found if name in _LATER)


def marked(html: str) -> str:
    """The document with words in a font by name where one of their letters would get its marks from
    another.
    """
    if is_common(html) and not has_marks(html):
        return html
    head, body, rest = html.partition("</head>")
    return head + body + _TEXT.sub(lambda text: _WORDS.sub(_in_one_font, text[0]), rest)


def _in_one_font(word: re.Match[str]) -> str:
    mixed = any(
        len({_first_with(ord(c)) for c in each if not _unseen(c)}) > 1
        for each in graphemes(word[0])
    )
    return f'<span class="wide">{word[0]}</span>' if mixed else word[0]


def _unseen(char: str) -> bool:
    """Joiners, isolates and variation selectors: they shape what stands beside them and need no
    drawing.
    """
    return char in "\u200c\u200d\u034f\u2066\u2067\u2068\u2069" or "\ufe00" <= char <= "\ufe0f"
