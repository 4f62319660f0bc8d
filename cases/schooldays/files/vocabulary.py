"""What names of days say: that there is no school, that it is only a part of a day, which region
they are of.

The tables are per language. A name that is not in them is not wrong: it is offered without being
ticked.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from .. import regions
from .written_dates import has_time, plain

# Words for days without school; as regular expressions on lower case without accents.
_FREE = {
    "nl": r"""vakantie(?:s|dag|dagen|week)? \w*vakantie(?:dag|dagen)?
        vrije?\s(?:dag|dagen|week) vrij (?:les|school|rooster|leerlingen)vrij(?:e)?
        studie(?:twee)?daag\w* \w*studiedag(?:en)?
        (?:(?:studie|marge|brug|adv|verlof|ontwikkel|team|plan|calamiteiten)-?\s?dag(?:en)?)
        pedagogische\sdag(?:en)? conferentiedag(?:en)? geen\s(?:school|les|lessen|onderwijs)
        (?:herfst|kerst|paas|krokus|zomer|lente|hemelvaarts?)verlof
        (?:facultatieve|lokale)\sverlof\w* feestdag(?:en)? sluitingsdag(?:en)?""",
    "en": r"""holidays? vacations? half[\s-]?term recess
        (?:winter|spring|summer|fall|autumn|february|mid-?winter)\sbreak
        (?:christmas|easter|thanksgiving)\sbreak no\s(?:school|classes|lessons)
        inset(?:\sdays?)? in-?service(?:\sdays?)? day\soff days\soff closing\sdays?
        (?:staff|teacher|professional)\s(?:training|development)\sdays? non-?pupil\sdays?
        student\sfree\sdays?""",
    "de": r"""\w*ferien(?:tag|tage)? (?:schul|unterrichts)frei(?:er?|en)? frei freie(?:r|n)?\stage?
        bruckentage? (?:padagogischer|padagogische|studien)\s?tage?
        kein(?:e)?\s(?:schule|unterricht) schulentwicklungstage? feiertage? vakanz""",
    "fr": r"""vacances conges? conge\sde\s\w+ feriee?s? pont\sde\s(?:l'?)?\w+
        journees?\spedagogiques? relache pas\s(?:d'(?:ecole|classe)|de\scours)""",
}
_CLOSED = r"""
    (?:^|\b(?:school|schools|district|schule|ecole|etablissement)\s(?:is\s|are\s|ist\s|est\s)?)
    (?:gesloten|dicht|closed|geschlossen|fermee?)\b"""
# What takes it back: around a holiday, beside it, or for somebody else than the pupils.
_NOT_FREE = re.compile(
    r"""\b(?:eerste|laatste|first|last|letzter?|erster?|premier|dernier)\s(?:school|les|werk|unterrichts|schul)?
        \s?(?:dag|day|tag|jour|lesson|schultag|class)\w*
    |\b(?:start|begin|beginn|debut|einde|eind|end|ende|fin)\s(?:van\s|of\s|der\s|des\s|de\s)?(?:the\s|la\s|les\s|l'|de\s)?
        (?:school|schooljaar|lessen|classes|term|lessons|unterricht\w*|cours|\w*vakantie|\w*ferien|vacances|holidays?)
    |\b(?:voor|na|before|after|vor|nach|avant|apres)\s(?:de|het|the|den|der|les|la)\s
    |\b\w*opvang\b|\w*betreuung\b|\bholiday\s(?:club|camp|course|homework)|\bvakantie(?:werk|school|rooster|data|spel)\w*
    |\bvrij(?:dag|willig|markt|heid)\w*|\b(?:(?:pre-?)?rentree|reprise|resumes?|resume|reopens?|wiederbeginn|schulbeginn)\b
    |\bniet\s(?:vrij|gesloten)|\bnot\sclosed|\bopen\b|\bferien(?:pass|spiel|programm|kurs)\w*""",
    re.VERBOSE,
)
_PART = re.compile(
    r"""\b(?:middag|'s\smiddags|ochtend|namiddag|voormiddag|avond|ouderavond|halve\sdag|dagdeel|continurooster)\b
    |\b(?:vervroegd|eerder|eher|fruher|early)\s(?:uit|vrij|dismissal|release|schulschluss|closing|closure)
    |\b(?:half[\s-]?day|halftags|halbtags|nachmittag\w*|vormittag\w*|abend|elternabend|morning|afternoon|evening
        |matin|apres-midi|soir|soiree|demi-journee|delayed\sopening|late\sstart|dismissal)\b
    |\b(?:om|vanaf|at|ab|um)\s\d{1,2}\s(?:uit|vrij|schluss|frei)\b""",
    re.VERBOSE,
)
# Taken back, not certain yet, or only about such a day.
_NOT_CERTAIN = re.compile(
    r"""\?\W*$|\b(?:onder\svoorbehoud|voorlopig|misschien|mogelijk|wellicht|nog\sniet|tentative|provisional|maybe
        |unter\svorbehalt|eventuell|vielleicht|sous\sreserve|peut-etre)\b
    |\b(?:geen|kein(?:e)?|no|pas\sde)\s(?!school|les|onderwijs|class|schule|unterricht|ecole|cours)
    |(?<!les\s)(?<!lessen\s)\b(?:vervalt|vervallen|geannuleerd|afgelast|verzet|verplaatst|cancell?ed|postponed
        |abgesagt|verschoben|annule\w*|reporte\w*)\b
    |\bgaat\s(?:\w+\s)?door\b|\b(?:wel|gewoon)\s(?:les|lessen|school|naar\sschool)\b
    |\b(?:terug|back|zuruck|retour)\b|\b(?:voorbereid\w*|preparation\w*|vorbereitung\w*|vergader\w*|meeting
        |inschrijv\w*|aanmeld\w*|aanvra\w*|verzoek\w*|plannen|roosteren)\b|\bnog\s\d+
    |\b(?:juf|meester|meneer|mevrouw|mw|dhr|mr|mrs|ms|herr|frau|madame|monsieur)\b""",
    re.VERBOSE,
)
_PART_OF_THE_SCHOOL = re.compile(
    r"""\b(?:groep(?:en)?|gr|klas(?:sen)?|leerjaar|leerjaren|brugklas\w*|years?|grades?|form|klassen?|jahrgang|stufe)
        \s?\.?\s?(?!1\s?(?:t/?m|-|–|tot\sen\smet)\s?8\b)\d
    |\b(?:onderbouw|middenbouw|bovenbouw|kleuters?|peuters?|brugklas\w*|eindexamen\w*|unterstufe|oberstufe)\b
    |\b\d\s?(?:havo|vwo|vmbo|mavo)\b|\b(?:havo|vwo|vmbo|mavo)\s?\d""",
    re.VERBOSE,
)
_ALL_FREE = "|".join(word for words in _FREE.values() for word in words.split())
_WORDS = re.compile(rf"(?<![\w-])(?:{_ALL_FREE})(?!\w)|{_CLOSED}", re.VERBOSE)


def doubt_about(name: str, kind: str = "") -> str:
    """Why a day with this name, and this kind where the file has one, is not ticked: a key of
    `DOUBTS`, or "".
    """
    said = plain(name)
    if has_time(name):
        return "time"
    if _PART.search(said):
        return "part"
    if _NOT_FREE.search(said) or _NOT_CERTAIN.search(said):
        return "words"
    if _PART_OF_THE_SCHOOL.search(said):
        return "group"
    return "" if _WORDS.search(said) or _WORDS.search(plain(kind)) else "words"


_CANCELLED = re.compile(
    r"^\W*(?:vervalt|vervallen|geannuleerd|afgelast|cancell?ed|abgesagt|entfallt|annule)\b"
)


def is_cancelled(name: str) -> bool:
    """Whether a title says itself that this was called off, as Outlook writes it."""
    return bool(_CANCELLED.match(plain(name)))


# --- regions

_NL = {
    "Noord": "noord north nord no n",
    "Midden": "midden central centre center mitte centraal mi m centrum",
}
_NL |= {"Zuid": "zuid south sud zu z sued"}
_BE = {
    "Flemish": "vlaamse vlaanderen flemish flamande flandre nl",
    "French": "franse francaise french wallonie fr",
}
_BE |= {"German": "duitstalige germanophone german ostbelgien de"}
EVERYWHERE = frozenset(
    "alle all heel nederland landelijk national nationwide toutes tous everywhere overal "
    "bundesweit".split()
)


def label_of(key: str) -> Any:
    """The words for a region: of a key that `regions` knows, a French zone, or as the file has
    it.
    """
    if key in regions.REGIONS:
        return regions.REGIONS[key][2]
    if key.startswith("FR-"):
        return _("Zone %(letter)s") % {"letter": key[-1]}
    return key.upper() if len(key) <= 3 else key.capitalize()


def is_region(key: str) -> bool:
    """Whether this is a region that we know, and not only a text from a file."""
    return key in regions.REGIONS or key.startswith("FR-")


@lru_cache(maxsize=16)
def _codes(country: str) -> dict[str, str]:
    """Short and long words of regions in a column of their own, to their keys."""
    found: dict[str, str] = {}
    for land, table in (("NL", _NL), ("BE", _BE)):
        for part, words in table.items():
            for word in words.split():
                if land == country or (len(word) > 3 and word not in found):
                    found[word] = f"{land}-{part}"
    for key, (land, part, label) in regions.REGIONS.items():
        if land in ("DE", "AT"):
            found.setdefault(plain(str(label)), key)
            if land == country:
                found |= {plain(part): key, plain(f"{land}-{part}"): key}
        found[plain(key)] = key
    for letter in "abc":
        found[f"zone {letter}"] = f"FR-{letter.upper()}"
        if country == "FR":
            found |= {letter: f"FR-{letter.upper()}", f"z{letter}": f"FR-{letter.upper()}"}
    return found


def regions_in(cell: str, country: str) -> frozenset[str]:
    """The regions that a cell in a column of regions names; empty for all of them.

    What we do not know stays as the file has it, so that a person can choose it.
    """
    said = plain(cell).strip()
    if not said or said in EVERYWHERE or said.split()[0] in EVERYWHERE:
        return frozenset()
    codes = _codes(country)
    found = set()
    last_zone = ""
    for piece in re.split(r"[,;/&+|]|\b(?:en|et|und|and)\b", said):
        piece = re.sub(
            r"\b(?:regio|region|regions|regio's|gemeenschap|communaute|community)\b", " ", piece
        )
        piece = " ".join(piece.split())
        if re.fullmatch(r"zones?(?: [abc])+", piece):
            found |= {f"FR-{letter.upper()}" for letter in piece.split()[1:]}
            last_zone = "zone "
        elif piece:
            found.add(codes.get(last_zone + piece) or codes.get(piece) or piece[:40])
    return frozenset(found)


# Where a title names regions: in brackets, at its end after a dash, and after the word itself.
_PLACES = [
    re.compile(pattern)
    for pattern in (
        r"[(\[]([^)\]]*)[)\]]",
        r"(?:\s[-–—]|[:/|])\s([^-–—:/|]*)$",
        r"\bregio(?:ns?)?\s(.*)$",
    )
]


def regions_of_name(name: str, country: str) -> frozenset[str]:
    """The regions that a title names: "(noord)", "regio Zuid", "– Zone A", "Herbstferien
    Sachsen".
    """
    said = plain(name)
    if zones := re.search(r"\bzones?\b((?:[\s,/&-]*(?:et|and)?[\s,/&-]*\b[abc]\b)+)", said):
        return frozenset(f"FR-{letter.upper()}" for letter in re.findall(r"\b[abc]\b", zones[1]))
    found: set[str] = set()
    for place in _PLACES:
        for text in place.findall(said):
            found |= _known(text, country)
    for key, (land, _part, label) in regions.REGIONS.items():
        if land in ("DE", "AT") and re.search(
            rf"(?<![\w-]){re.escape(plain(str(label)))}(?![\w-])", said
        ):
            found.add(key)
    return frozenset(found)


def _known(text: str, country: str) -> set[str]:
    """The regions that a short text names, when it names nothing else."""
    words = [
        word
        for word in re.split(r"[\s,;/&+]+", text)
        if word not in ("", "en", "et", "und", "and", "regio")
    ]
    words = [word for word in words if word not in ("region", "regions", "nederland")]
    codes = _codes(country)
    keys = [codes.get(word) for word in words if len(word) > 2]
    return (
        {key for key in keys if key} if words and len(keys) == len(words) and all(keys) else set()
    )
