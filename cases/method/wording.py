"""The word guard: which words have no place in what pupils hear or read (inventory S3.2).

It covers three kinds of words in the four languages of the product: bullying in any form, blame
(guilt, culprit, victim) and the names of roles. A word is compared without capitals, accents,
zero-width characters or soft hyphens, so that neither a copied text nor a typing trick hides it.
The patterns match whole words, because many innocent ones contain a forbidden one (Dutch
"geduldig", German "Schuldirektor", French "peste", English "tapestry").
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

# Without accents and in lower case: "Täter" is compared as "tater", "Mitläufer" as "mitlaufer".
# German umlauts may also be written as two letters, hence "ae?" and "ue?".
_BULLYING = (
    # nl: pest, pesten, gepest, pestkop ...; not pesto, pesticide, pestilentie, Pestalozzi, fr.
    # peste
    r"(?!pest(?:os?|osaus|opasta|es?|les?)$|pest(?:ic|il|alozzi))"
    r"(?:weg|uit|dood|kapot|mee|na|cyber|digi|online|anti)?(?:ge)?pest[a-z]*",
    r"(?:weg|ge)*treiter[a-z]*",
    r"[a-z]*bull(?:y|ys|ying|yings|yish|ied|ies)",
    r"[a-z]*mobb(?!y)[a-z]*",  # mobbing, Mobber, gemobbt, Cybermobbing
    r"harcel[a-z]*",
    r"harass[a-z]*",
    r"intimid[a-z]*",
    r"schikan[a-z]*",
    r"drangsal[a-z]*",
    r"(?:ge)?hae?nsel(?:t|te|ten|ei|eien)|hae?nseln",
    r"brim(?:er|e|ee|es|ees|ade|ades)",
    r"torment[a-z]*",
)
_BLAME = (
    # nl, de: schuld and its family; not Schuldirektor, Schuldienst, Entschuldigung,
    # verontschuldigen
    r"(?:be|mit|mede|haupt|hoofd|on|un|eigen|allein)*"
    r"schuld(?:e|en|s|t|et|ig(?!ital)[a-z]*|lo+s[a-z]*|ge(?:fu|vo)[a-z]*|bewus[a-z]*|zuw[a-z]*|vra[a-z]*|frage[a-z]*)?",
    r"(?:mede|hoofd)?dader[a-z]*",
    r"[a-z]*slachtoffer[a-z]*",
    r"(?:mobbing|gewalt)?opfer(?!ung|bereit)[a-z]*",
    r"(?:mit|haupt|ue?bel|einzel|gewalt|straf)?tae?ter(?:s|n|in|innen)?",
    r"victim[a-z]*",
    r"perpetrat[a-z]*",
    r"culprits?",
    r"offenders?",
    r"blam(?:e|er|es|ed|ing|eless|eworthy)",
    r"guilt(?:y|ily|less)?",
    r"accus(?:e|er|ee|es|ees|ed|ing|ation|ations|ateur|ateurs)",
    r"aggress(?:or|ors|eur|eure|euren)|agress(?:or|ors|eur|eurs|euse|euses)",
    r"coupab[a-z]*|culpab[a-z]*|inculp[a-z]*",
    r"zondebok(?:ken)?|sue?ndenbock[a-z]*|scapegoat[a-z]*",
)
_ROLES = (
    r"aanvoerders?|aanvoerster[s]?",
    r"meelopers?|meeloopsters?",
    r"omstanders?",
    r"aanstichters?|raddraaiers?|belhamels?",
    r"ringleaders?",
    r"bystanders?",
    r"onlookers?",
    r"accomplices?",
    r"anfue?hrer(?:s|n|in|innen)?",
    r"rae?delsfue?hrer[a-z]*",
    r"mitlae?ufer[a-z]*",
    r"anstifter[a-z]*",
    r"meneurs?|meneuses?",
    r"suiveurs?|suiveuses?",
)
_FORBIDDEN = re.compile("|".join(f"(?:{pattern})" for pattern in _BULLYING + _BLAME + _ROLES))
_PAIRS = {
    ("bouc", "emissaire"),
    ("boucs", "emissaires"),
    ("souffre", "douleur"),
    ("souffre", "douleurs"),
}


def _words(text: str) -> Iterator[str]:
    """The words of a text as typed, without invisible characters: letters and their accents."""
    word: list[str] = []
    for char in unicodedata.normalize("NFKD", text):
        kind = unicodedata.category(char)
        if kind == "Cf":  # zero-width space and joiner, soft hyphen, direction marks
            continue
        if kind[0] in "LM":
            word.append(char)
        elif word:
            yield "".join(word)
            word = []
    if word:
        yield "".join(word)


def _plain(word: str) -> str:
    """The word as the patterns know it: no capitals, no accents, plain Latin letters."""
    folded = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in folded if unicodedata.category(char)[0] != "M")


def forbidden_in(text: str) -> list[str]:
    """The words in ``text`` that a pupil is not to hear or read, as they were typed (S3.2).

    Each is named once, in the order of the text; an empty list means that nothing was found.
    """
    words = list(_words(str(text)))
    plain = [_plain(word) for word in words]
    places = {place for place, word in enumerate(plain) if _FORBIDDEN.fullmatch(word)}
    for place, pair in enumerate(pairwise(plain)):
        if pair in _PAIRS:
            places.update((place, place + 1))
    found: dict[str, str] = {}
    for place in sorted(places):
        found.setdefault(plain[place], unicodedata.normalize("NFC", words[place]))
    return list(found.values())
