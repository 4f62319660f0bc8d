"""How a person's name is cleaned, shown to staff, sorted and searched: pure functions on text.

A name is what its owner says it is, so nothing here changes capitals or accents in what is shown;
only the keys for sorting and searching fold them. What people see as one letter may be several code
points; nothing here cuts through one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from ..typed_text import INVISIBLE, replaced, single_spaced

# The longest key returned. Folding may lengthen a text (one Arabic ligature stands for eighteen
# letters), and a column has a width.
KEY_LENGTH = 255

# How many letters of a last name are shown before the whole name reads better.
_MOST_LETTERS = 3

# After these a last name follows without a space: d'Haïti, al-Hassan.
_JOINING = ("'", "\u2019", "-")

_APOSTROPHES = "'\u2019\u2018\u02bc\u02bb\u0060\u00b4\u2032"

# Invisible as well as what has a category for it, though Unicode calls them letters, marks or
# symbols: a name of only these looks empty.
_INVISIBLE = frozenset(
    map(chr, [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0])
) | frozenset(map(chr, [*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))

# Letters that Unicode does not take apart, but that people type as these when they search.
_FOLD = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ə": "e",
        # Arabic letters that are written one for another, and the stroke that only stretches a
        # word.
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ـ": None,
    }
)

Name = Sequence[str]
"""first, prefix, last and, optionally, the group"""


def clean_name(text: str) -> str:
    """The name as it is stored: composed (NFC), single spaces, nothing invisible; everything else
    kept.
    """
    spaced = "".join(" " if char.isspace() else char for char in text)
    visible = replaced(spaced, INVISIBLE | {"Co"})
    return single_spaced("".join(char for char in visible if char not in _INVISIBLE))


def full_name(first: str, prefix: str = "", last: str = "") -> str:
    """First name, prefix and last name in reading order; empty parts leave no trace."""
    first, prefix, last = clean_name(first), clean_name(prefix), clean_name(last)
    glue = "" if prefix.endswith(_JOINING) else " "
    return f"{first} {prefix}{glue}{last}".strip() if prefix else f"{first} {last}".strip()


def initial(first: str) -> str:
    """The first letter with a full stop, for the title of a tab: "N."; empty for an empty name.

    As written: capitals differ by language (i and İ in Turkish). The Dutch IJ counts as one letter.
    """
    name = clean_name(first)
    letters = [piece for piece in graphemes(name) if piece[0].isalnum()] or graphemes(name)
    if not letters:
        return ""
    if letters[:2] == ["I", "J"]:
        return "IJ."
    return f"{letters[0]}."


def short_name(
    first: str, prefix: str = "", last: str = "", *, among: Iterable[Name] = (), group: str = ""
) -> str:
    """The name by which staff see a pupil: "Jesse K.", or only "Jesse" if there is no last name.

    ``among`` are the pupils shown together, as (first, prefix, last) or (first, prefix, last,
    group). If another has the same first name, more letters of the last name follow, or else the
    full name; if that is the same too, the group, if ``group`` is given. Names that differ only in
    accents or capitals count as the same. The pupil itself may be in ``among``: an entry equal in
    every part is skipped.
    """
    first, prefix, last, group = (clean_name(part) for part in (first, prefix, last, group))
    own = (first, prefix, last, group)
    others = [other for other in map(_parts, among) if other != own and _same(other[0], first)]
    if not first:
        others = []
    full = full_name(first, prefix, last)
    rivals = [other for other in others if _same(full_name(*other[:3]), full)]
    if rivals:
        # Only the group can tell them apart, and only if theirs is another one.
        told_apart = group and any(other[3] != group for other in rivals)
        return f"{full} ({group})" if told_apart else full
    if not last or not first:
        return full
    lasts = [sort_key(other[2]) for other in others]
    for piece in _beginnings(last):
        if not any(other.startswith(sort_key(piece)) for other in lasts):
            return f"{first} {piece}."
    return full


def graphemes(text: str) -> list[str]:
    """The text in pieces that a reader sees as one: a letter with its marks, an emoji with its
    parts.
    """
    pieces: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        if pieces and _continues(pieces[-1], char):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def sort_key(text: str) -> str:
    """A key that sorts names without regard to capitals, accents, apostrophes and hyphens.

    Meant to be stored and compared as plain text; never longer than KEY_LENGTH. Names that differ
    only in those respects get the same key, so order by something unique as well.
    """
    kept = (char if char.isalnum() else " " for char in _fold(text) if char not in _APOSTROPHES)
    return " ".join("".join(kept).split())[:KEY_LENGTH].rstrip()


def search_key(text: str) -> str:
    """A key in which a name is found however it is typed: only its folded letters and digits.

    Store the key of the full name and look for the key of what was typed inside it: "noel",
    "annemarie", "dhaiti" and "d'haiti" are found in Noël, Anne-Marie and D'Haïti. Never longer than
    KEY_LENGTH. Empty if nothing but signs was typed, which is in every name: treat that as no
    search.
    """
    return sort_key(text).replace(" ", "")


def search_words(text: str) -> list[str]:
    """The search keys of the words typed, to be found in any order: "hoff noel" finds Noël van 't
    Hoff.
    """
    return [key for key in map(search_key, clean_name(text).split()) if key]


def _parts(name: Name) -> tuple[str, str, str, str]:
    first, prefix, last, group, *_rest = [*map(clean_name, name), "", "", "", ""]
    return first, prefix, last, group


def _same(one: str, other: str) -> bool:
    return (sort_key(one) or one) == (sort_key(other) or other)


def _beginnings(last: str) -> Iterator[str]:
    """The first letter of a last name, the first two, ...; never ending in a sign, never the whole
    name except when it is a single letter.
    """
    pieces = graphemes(last)
    letters = 0
    for end, piece in enumerate(pieces, start=1):
        if not piece[0].isalnum():
            continue
        letters += 1
        if letters > _MOST_LETTERS or (end == len(pieces) and end > 1):
            return
        yield "".join(pieces[:end])


def _continues(piece: str, char: str) -> bool:
    if (
        unicodedata.category(char) in ("Mn", "Me", "Mc")
        or char == "\u200d"
        or piece.endswith("\u200d")
    ):
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    return _is_flag_half(char) and len(piece) == 1 and _is_flag_half(piece)


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _fold(text: str) -> str:
    """Small letters without accents."""
    small = unicodedata.normalize("NFKD", clean_name(text)).casefold()
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", small) if unicodedata.category(char) != "Mn"
    )
    return unicodedata.normalize("NFC", bare.translate(_FOLD))
