"""What earlier releases made of an idea with a name in it.

They took the name out of it and printed what was left, as if the pupil had said that. Nothing does
that any more: `without_name` is here to know such a text again where it was kept (see
``slip_words``).
"""

import re
import unicodedata

_MARKS = "[\u0300-\u036f]*"
_LETTER = "[^\\W\\d_]"

# Words that hang in the air once the name behind them is gone. The Dutch "op" stays after "let" and
# "pas": there it belongs to the verb.
_BEFORE = (
    # nl
    "aan achter bij door langs met naar naast over rond tegen tegenover tot uit van via voor "
    "zonder "
    # en
    "about alongside around at behind beside by for from like near next\\sto opposite to towards "
    "with without "
    # de
    "an auf bei fuer für gegen gegenüber hinter mit nach neben ohne um über von vor zu "
    # fr
    "à a avec chez contre de derrière devant envers par pour près\\sde sans sur vers"
).split()
_AND = "en and und et & of or oder ou".split()

# First names that are also everyday words: only as written, with the capital.
ALSO_WORDS = frozenset(
    "wil will may mark rose hope joy grace faith sunny bloem roos lente storm beer wolf vos bas "
    "sem ben max guy pierre rob bill pat art dean ray jay sky summer autumn sterre vrij rein mai "
    "ernst frank dan an as jet do mees linde merel iris fleur eve "
    "aime claire blanche juste clement felix lief fee zon".split()
)


def without_name(idea: str, first_name: str) -> str:
    """What an earlier release made of an idea: without the first name, and without the preposition
    or "and" that the name leaves hanging. Never printed.

    Both in any language; capitals and accents make no difference, except for names that are also
    everyday words. Returns the idea unchanged when the name is not in it; may return "".
    """
    name = " ".join(unicodedata.normalize("NFD", first_name).split())
    if not name:
        return idea
    text = unicodedata.normalize("NFD", idea)
    pattern = _name(name)
    if not pattern.search(text):
        return idea
    pieces = [_without(piece, pattern) for piece in re.split(r"(\n+)", text)]
    return unicodedata.normalize("NFC", "".join(pieces)).strip()


def _name(name: str) -> re.Pattern[str]:
    letters = []
    for char in name:
        if unicodedata.combining(char):
            continue
        if char in "'’‘ʼ":
            letters.append("['’‘ʼ]?")
        elif char in "-‐‑ ":
            letters.append(r"[-‐‑\s]+")
        else:
            letters.append(re.escape(char) + _MARKS)
    flags = 0 if name.casefold() in ALSO_WORDS else re.IGNORECASE
    # A possessive goes with its name (Noor's, Noors tas), but only before the thing possessed:
    # "Jans" at the end of a sentence is somebody else than Jan.
    owner = rf"(?:['’](?:s\b)?(?=\s+{_LETTER})|s(?=\s+{_LETTER})|['’]s\b)?"
    return re.compile(
        rf"(?<![\w\u0300-\u036f])(?<!\w[-‐‑])(?:[dl]['’])?{''.join(letters)}{owner}(?![\w\u0300-\u036f]|[-‐‑]\w)",
        flags,
    )


def _without(text: str, name: re.Pattern[str]) -> str:
    if not name.search(text):
        return text
    capital = next((char for char in text if char.isalpha()), "").isupper()
    before = "|".join(unicodedata.normalize("NFD", word) for word in _BEFORE)
    both = "|".join(map(re.escape, _AND))
    hole = "\0"
    text = name.sub(hole, text)
    capitalised = "(?=(?-i:[^\\W\\d_a-zß-öø-ÿ])(?!\\b))"
    for pattern, kept in (
        # Noor en Tess → Tess; Tess en Noor → Tess
        (rf"{hole}\s*(?:,|\b(?:{both})\b)\s+{capitalised}", ""),
        (rf"(?<=\w)\s*(?:,|\s(?:{both}))\s+{hole}(?=\s*(?:[.,;:!?]|$))", ""),
        # bij Noor → nothing
        (rf"\b(?:{before})\s+{hole}", ""),
        (hole, ""),
        # what is left of the punctuation
        (r"\(\s*\)|\[\s*\]|\"\s*\"|“\s*”|‘\s*’", ""),
        (r"\s+([.,;:!?)\]…])", r"\1"),
        (r"([(\[])\s+", r"\1"),
        (r"([:;,(])\s*,", r"\1"),
        (r",(?=\s*[.;:!?])", ""),
        (r"[ \t]{2,}", " "),
        (rf"^[\s,;:]*(?:(?:{both})\s+)?", ""),
        (r"[\s,;:]+$", ""),
    ):
        text = re.sub(pattern, kept, text, flags=re.IGNORECASE)
    if not any(char.isalnum() for char in text):
        return ""
    return text[:1].upper() + text[1:] if capital else text
