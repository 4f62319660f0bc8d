"""Days in words and numbers, as people write them in a table: Dutch, English, German and French.

`span` reads one cell: "17-10-2026", "17 t/m 25 oktober 2026", "du 17 octobre au 2 novembre 2026".
Which of two numbers is the day and which the month is not known from one cell: the caller says the
order.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

LONGEST_CELL = 160
# How a date in numbers is written; dates that begin with four digits of a year are clear by
# themselves.
DAY_FIRST, MONTH_FIRST, YEAR_FIRST = ORDERS = ("day", "month", "year")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january januar jänner janvier janv",
            "feb febr februari february februar fevrier fevr",
            "mrt maart mar march marz maerz mars", "apr april avril avr", "mei may mai",
            "jun juni june juin", "jul juli july juillet juil", "aug augustus august aout",
            "sep sept september septembre", "okt oktober oct october octobre",
            "nov november novembre", "dec december dez dezember decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTHS["janner"] = 1
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "ma maandag mon monday mo montag lun lundi",
            "di dinsdag tue tues tuesday dienstag mardi",
            "wo woensdag wed weds wednesday mi mittwoch mer mercredi",
            "do donderdag thu thur thurs thursday donnerstag jeu jeudi",
            "vr vrijdag fri friday fr freitag ven vendredi",
            "za zaterdag sat saturday sa samstag sonnabend sam samedi",
            "zo zondag sun sunday so sonntag dim dimanche",
        )
    )
    for name in names.split()
}  # fmt: skip
_FILLERS = frozenset(
    "van vanaf du de le la les des from the of von vom den der dem am on op ab".split()
)
_SEPARATORS = frozenset("tm tem tot bis until till to through thru au jusqu jusquau".split())
# joins two days that follow each other: "1 en 2 februari 2027"
_AND = frozenset("en und et and".split())
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?:t(?=\d))?
    |(?P<compact>(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)
    |(?P<three>\d{1,2}\s?([-/.])\s?\d{1,2}\s?\4\s?(?:\d{4}|\d{2}))(?![\d:])
    |(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?(?:am|pm|uur|uhr|u|h)\b)?(?:z|[+-]\d{2}:?\d{2})?
        |\d{1,2}\.\d{2}\s?(?:uur|uhr|u|h)\b|\d{1,2}\s?(?:uur|uhr|am|pm|h)\b|\d{1,2}h\d{2}\b)
    |(?P<two>\d{1,2}(?:\.\d{1,2}\.?|[-/]\d{1,2}))(?![\d])
    |(?P<year>\d{4})(?!\d)
    |(?P<number>\d{1,2})(?:st|nd|rd|th|er|ste|de|e)?\b\.?(?!\d)
    |(?P<until>t/m|t\.?\s?e\.?\s?m\.?(?![^\W\d_])|tot\sen\smet|jusqu'?au|\bt\.m\.|[-–—]+|→|(?<=-\d\d)/)
    |(?P<word>[^\W\d_]+)\.?
    |(?P<rest>[,'"()]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Span:
    """Days, ``first`` and ``last`` inclusive, as one cell has them.

    ``timed``: with a time of day that is not midnight; ``midnight``: with midnight, as programs
    write it. ``odd``: a day of the week stands beside it that does not belong to this date.
    """

    first: date
    last: date
    timed: bool = False
    midnight: bool = False
    odd: bool = False


NoYear = Literal["no_year"]  # a day was read, of which only the year is missing


@dataclass
class _Part:
    """One day of a cell, as far as it was written."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None


def span(text: str, order: str = DAY_FIRST) -> Span | None:
    """The day or days that a cell holds; None when it holds anything else, or a day that is not on
    the calendar.

    A year that stands only at the end counts for both days. Without a year there is no day.
    """
    found = _read(text, order)
    return found if isinstance(found, Span) else None


def lacks_year(text: str) -> bool:
    """Whether a cell holds a day of which only the year is missing."""
    return _read(text, DAY_FIRST) == "no_year"


def serial(text: str) -> Span | None:
    """The day of a cell that holds the number that Excel keeps for it: 46312 is 17 October 2026."""
    found = re.fullmatch(r"(\d{5})(?:[.,](\d+))?", text.strip())
    if not found or not 36_526 <= int(found[1]) <= 73_415:  # the years 2000 to 2100
        return None
    day = date(1899, 12, 30) + timedelta(days=int(found[1]))
    return Span(day, day, timed=bool((found[2] or "").strip("0")))


def has_time(text: str) -> bool:
    """Whether a text names a time of day: "19:30", "19.30 uur", "vanaf 12 uur"."""
    return bool(_CLOCK.search(plain(text)))


_CLOCK = re.compile(
    r"\b(?:[01]?\d|2[0-4]):[0-5]\d\b(?!\d)|\b(?:[01]?\d|2[0-4])[.h][0-5]\d\s?(?:uur|uhr|u\b|h\b)"
    r"|\b(?:[01]?\d|2[0-4])\s?(?:uur|uhr|u|h|am|pm|o'clock)\b|\b(?:[01]?\d|2[0-4])h[0-5]\d\b"
    r"|\b(?:vanaf|om|ab|um|from|at|des|a)\s(?:[01]?\d|2[0-4])[.:][0-5]\d(?!\.?\d)"
)


def plain(text: str) -> str:
    """Lower case without accents."""
    parts = unicodedata.normalize("NFKD", text[:LONGEST_CELL]).casefold()
    return "".join(each for each in parts if not unicodedata.combining(each))


def _read(text: str, order: str) -> Span | NoYear | None:
    """A Span, "no_year", or None."""
    bare = plain(text).strip().strip("'\"").strip()
    together = False
    if not bare or len(text) > LONGEST_CELL or not any(map(str.isdigit, bare)):
        return None
    parts = [_Part()]
    times: list[str] = []
    at = 0
    while at < len(bare):
        token = _TOKEN.match(bare, at)
        if token is None:
            if bare[at:].strip():
                return None
            break
        at = token.end()
        kind = token.lastgroup or ""  # every alternative of the pattern has a name
        if kind == "rest":
            continue
        word = token[kind]
        # "3-7 oktober" and "October 3-7": days, and no month.
        if (
            kind == "two"
            and "-" in word
            and (_month_follows(bare, at) or parts[-1].month is not None)
        ):
            first, last = word.split("-")
            if not _number(parts[-1], int(first)):
                return None
            parts.append(_Part())
            if not _number(parts[-1], int(last)):
                return None
        elif kind == "time":
            times.append(word)
        elif kind == "until" or (kind == "word" and word in _SEPARATORS | _AND):
            together |= word in _AND
            if parts[-1] == _Part() and not times:
                continue  # "tot en met" in pieces, or a dash in front
            parts.append(_Part())
        elif not _takes(parts[-1], kind, word, order):
            return None
    found = _whole(parts, times)
    if together and isinstance(found, Span) and (found.last - found.first).days != 1:
        return None  # "1 en 8 februari": two days, and not all that lies between them
    return found


def _month_follows(bare: str, at: int) -> bool:
    found = re.match(r"\s*([^\W\d_]+)", bare[at:])
    return found is not None and found[1] in _MONTHS


def _takes(part: _Part, kind: str, word: str, order: str) -> bool:
    """Let a part take what a token says; False when there is no place for it."""
    if kind == "word":
        if word in _MONTHS and part.month is None:
            part.month = _MONTHS[word]
        # "mar. 3 novembre": a Tuesday
        elif word in _MONTHS and part.month == 3 and part.weekday is None:
            part.weekday, part.month = 1, _MONTHS[word]
        elif word in _WEEKDAYS and part.weekday is None:
            part.weekday = _WEEKDAYS[word]
        else:
            return word in _FILLERS
        return True
    if kind == "number":
        return _number(part, int(word))
    if kind == "year":
        if part.year is not None:
            return False
        part.year = int(word)
        return True
    if part.day is not None or part.month is not None:
        return False
    if kind == "compact":
        part.year, part.month, part.day = int(word[:4]), int(word[4:6]), int(word[6:])
        return True
    numbers = [int(each) for each in re.findall(r"\d+", word)]
    if kind == "iso":
        part.year, part.month, part.day = numbers
    elif kind == "two":
        part.day, part.month = numbers if order != MONTH_FIRST else numbers[::-1]
    else:
        whole_year = len(re.findall(r"\d+", word)[2]) == 4
        if order == YEAR_FIRST and not whole_year:
            part.year, part.month, part.day = numbers
        elif order == MONTH_FIRST:
            part.month, part.day, part.year = numbers
        else:
            part.day, part.month, part.year = numbers
        if not whole_year:
            part.year = 2000 + (part.year or 0)
    return True


def _number(part: _Part, number: int) -> bool:
    if part.day is None:
        part.day = number
        return True
    if part.year is None and part.month is not None:  # "17 okt 26"
        part.year = 2000 + number
        return True
    return False


def _whole(parts: list[_Part], times: list[str]) -> Span | NoYear | None:
    """The days of all parts together: what one leaves out stands at the other."""
    # "… 19:30 – 21:00": only a time after the dash
    parts = [part for part in parts if part != _Part()]
    if not 1 <= len(parts) <= 2:
        return None
    first, last = parts[0], parts[-1]
    if first.day is None or last.day is None:
        return None
    if last.month is None:
        last.month = first.month  # "October 17-25, 2026"
    if first.month is None:
        first.month = last.month
    if first.month is None or last.month is None:
        return None
    over = (first.month, first.day) > (last.month, last.day)
    if first.year is None and last.year is None:
        return "no_year" if first.month <= 12 and last.month <= 12 else None
    if first.year is None and last.year is not None:
        first.year = last.year - over
    elif last.year is None and first.year is not None:
        last.year = first.year + over
    try:
        days = [date(each.year or 0, each.month or 0, each.day or 0) for each in (first, last)]
    except ValueError:
        return None
    odd = any(
        part.weekday not in (None, day.weekday())
        for part, day in zip((first, last), days, strict=True)
    )
    midnights = [bool(re.match(r"0?0[:.h]00(?:[:.]00(?:\.0+)?)?(?!\d)", each)) for each in times]
    return Span(days[0], days[1], not all(midnights), bool(times) and all(midnights), odd)
