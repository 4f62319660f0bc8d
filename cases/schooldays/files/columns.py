"""Which column of a table is what: by the names of the columns, and otherwise by asking.

A column is one of `ROLES`. `layout_of` says them as far as the names are plain; where they are not,
the reader asks. Nothing is read from the order of the columns alone, but for one case: no names of
columns, and nothing in any line but one column of words and one or two of days that never run
backwards.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from . import vocabulary, written_dates
from .written_dates import plain

NAME, FIRST, LAST, DAY, REGION, TIME, KIND, ALL_DAY, UNUSED = (
    "name", "first", "last", "day", "region", "time", "kind", "all_day", "",
)  # fmt: skip
ROLES = {
    UNUSED: _("not used"),
    NAME: _("Name"),
    DAY: _("Day, or first and last day together"),
    FIRST: _("First day"),
    LAST: _("Last day"),
    REGION: _("Region"),
    TIME: _("Time"),
    KIND: _("Kind"),
    ALL_DAY: _("Whole day or not"),
}
WRONG = {
    "no_days": _("Say in which column the day is, or the first day."),
    "twice": _(
        "Choose one column for the name, the first day, the last day, the region and the kind."
    ),
    "both": _("Choose “Day” or “First day”, not both."),
    "not_days": _("There are no days in the column that you chose for them."),
}
# Names of columns, in lower case without accents and signs; per role nl, en, de, fr.
_ALIASES = {
    NAME: """naam, titel, onderwerp, vakantie, vakantienaam, activiteit, gebeurtenis, evenement,
        feestdag, wat, vrije dag, vrije dagen, vakanties, name, title, summary, subject, event,
        event name, event title, holiday, holiday name, what, betreff, bezeichnung, anlass,
        ferien, feiertag, ferienname, titre, nom, objet, libelle, intitule, vacances, nom
        vacances, evenement""",
    "note": "omschrijving, beschrijving, description, beschreibung, details, toelichting",
    FIRST: """van, vanaf, begin, start, begindatum, startdatum, eerste dag, eerste, datum van, datum
        begin, begint op, from, from date, date from, start date, startdate, begin date, first
        day, first, starts, dtstart, date start, von, ab, anfang, beginn, erster tag, datum von,
        startdatum, du, debut, date debut, date de debut, premier jour""",
    LAST: """tot, t m, tm, tot en met, einde, eind, einddatum, laatste dag, laatste, datum tot, t e
        m, tem, eindigt op, to, to date, date to, end, end date, enddate, until, through, thru,
        last day, last, ends, dtend, date end, bis, ende, enddatum, letzter tag, datum bis, au,
        fin, stop, date fin, date de fin, dernier jour, jusqu au""",
    DAY: """datum, data, dag, dagen, wanneer, periode, datum periode, date, dates, day, days, when,
        period, tag, tage, zeitraum, termin, jour, jours, jour s""",
    REGION: """regio, regio s, gebied, gemeenschap, region, regions, zone, zones, state, groups,
        subdivisions, subdivision, bundesland, bundeslander, kanton, academie, academies""",
    TIME: """tijd, tijden, begintijd, starttijd, eindtijd, aanvang, uur, van tijd, tot tijd, time,
        times, start time, end time, hour, starttime, endtime, zeit, uhrzeit, startzeit,
        endzeit, beginnt um, endet um, heure, heures, heure de debut, heure de fin, heure debut,
        heure fin""",
    KIND: "type, soort, categorie, kind, category, categories, art, kategorie, kategorien, genre, "
    "typ",
    ALL_DAY: """all day event, all day, allday, duurt hele dag, hele dag, duurt een hele dag,
        ganztagig, ganztagiges ereignis, journee entiere, toute la journee""",
}
_ROLE_OF = {
    name: role
    for role, names in _ALIASES.items()
    for name in (" ".join(each.split()) for each in names.split(","))
}
_TRUE = frozenset("true 1 yes ja waar wahr vrai oui x".split())
SEARCHED = 10  # lines in which the names of the columns may stand
MOST_COLUMNS = 40


@dataclass
class Layout:
    """What each column is. ``by_region``: the columns of days that belong to one region only."""

    roles: list[str]
    names: list[str] = field(default_factory=list)
    header: int = -1  # the place of the line with the names, among the lines that hold something
    by_region: dict[str, dict[str, int]] = field(default_factory=dict)
    kinds: str = ""  # what stands in the columns, where they have no names
    nameless: bool = False  # the first line may hold names of columns, but none that we know
    plain: bool = False
    guess: list[str] = field(default_factory=list)  # the same for a question, where it is not plain

    def at(self, role: str) -> int:
        """The column of a role; -1 when there is none."""
        return self.roles.index(role) if role in self.roles else -1

    def every(self, role: str) -> list[int]:
        return [n for n, each in enumerate(self.roles) if each == role]


def tidy(name: str) -> str:
    """The name of a column as the table of aliases has it: "StartDate" and "start_date" are "start
    date".
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name[:80])
    return " ".join(re.sub(r"[^\w]+|_", " ", plain(spaced)).split())


def _guess(layout: Layout, look: list[_Column]) -> list[str]:
    """The columns as we think they are, for a question: each role once, and a name where there are
    words.
    """
    roles: list[str] = []
    for role in layout.roles:
        roles.append(UNUSED if role in roles and role != TIME else role)
    words_in = [
        n for n, each in enumerate(look) if roles[n] == UNUSED and each.words > each.looked_at / 2
    ]
    if NAME not in roles and words_in:
        roles[words_in[0]] = NAME
    return roles


def shape_of(layout: Layout) -> str:
    """What stands for files with the same columns: a hash of their names, or of what stands in
    them.
    """
    text = "\x1f".join(map(tidy, layout.names)) if layout.names else f"#{layout.kinds}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def is_day(cell: str) -> bool:
    """Whether a cell holds days, in whatever order they are written."""
    return any(written_dates.span(cell, order) is not None for order in written_dates.ORDERS)


def is_header(cells: list[str], country: str) -> bool:
    """Whether a line holds names of columns: no day, and at least one name that we know."""
    known = [cell for cell in cells if tidy(cell) in _ROLE_OF or _of_region(cell, country)]
    return bool(known) and not any(map(is_day, cells)) and (len(known) > 1 or len(cells) <= 3)


def _of_region(name: str, country: str) -> tuple[str, str] | None:
    """The region and role of a column for one region, such as "Noord", "Zuid van" and "Zone A"; or
    None.
    """
    said = tidy(name)
    for role, bare in [(DAY, said)] + [
        (role, re.sub(rf"^{alias} | {alias}$", "", said))
        for alias, role in _ROLE_OF.items()
        if role in (FIRST, LAST, DAY)
        and (said.startswith(alias + " ") or said.endswith(" " + alias))
    ]:
        found = vocabulary.regions_in(bare, country)
        if len(bare) > 3 and len(found) == 1 and vocabulary.is_region(next(iter(found))):
            return next(iter(found)), role
    return None


def layout_of(lines: list[list[str]], country: str) -> Layout:
    """What the columns of a table are, as far as that is plain. ``lines``: those that hold
    something.
    """
    width = min(MOST_COLUMNS, max(map(len, lines)))
    place = next((n for n, cells in enumerate(lines[:SEARCHED]) if is_header(cells, country)), -1)
    if any(is_day(cell) for cells in lines[: max(place, 0)] for cell in cells):
        place = -1
    body = lines[place + 1 :]
    look = [
        _Column([cells[n] for cells in body if n < len(cells) and cells[n]]) for n in range(width)
    ]
    if place < 0:
        return _without_names(look, lines)
    names = (lines[place] + [""] * width)[:width]
    roles = [_ROLE_OF.get(tidy(name), UNUSED) for name in names]
    by_region: dict[str, dict[str, int]] = {}
    for n, name in enumerate(names):
        if roles[n] == UNUSED and (found := _of_region(name, country)) and look[n].days:
            by_region.setdefault(found[0], {})[found[1]] = n
    layout = Layout(_mended(roles, look), names, place, by_region)
    layout.plain, layout.guess = _is_plain(layout, look), _guess(layout, look)
    return layout


class _Column:
    """What stands in a column, without its name."""

    def __init__(self, cells: list[str]):
        self.filled = len(cells)
        some = cells[:200]
        self.days = sum(is_day(cell) or written_dates.serial(cell) is not None for cell in some)
        self.serials = sum(written_dates.serial(cell) is not None for cell in some)
        self.times = sum(written_dates.has_time(cell) and not is_day(cell) for cell in some)
        self.words = sum(any(map(str.isalpha, cell)) and not is_day(cell) for cell in some)
        self.looked_at = len(some)

    @property
    def kind(self) -> str:
        """One letter for what stands in it: days, times, words, numbers, or nothing."""
        if not self.filled:
            return "-"
        return "d" if self.days else "t" if self.times else "w" if self.words else "n"


def _mended(roles: list[str], look: list[_Column]) -> list[str]:
    """The roles, after a look at what stands below: "van" and "tot" of a table may hold times."""
    roles = [
        (TIME if each.times else UNUSED)
        if role in (FIRST, LAST, DAY) and each.filled and not each.days
        else role
        for role, each in zip(roles, look, strict=True)
    ]
    if NAME not in roles and "note" in roles:
        roles[roles.index("note")] = NAME
    return [UNUSED if role == "note" else role for role in roles]


def _is_plain(layout: Layout, look: list[_Column]) -> bool:
    roles = layout.roles
    if any(roles.count(role) > 1 for role in (NAME, FIRST, LAST, DAY, REGION)):
        return False
    if len(layout.by_region) > 1 and not {FIRST, DAY, LAST} & set(roles):
        return NAME in roles
    if layout.by_region or NAME not in roles or (DAY in roles) == (FIRST in roles):
        return False
    # Days in a column that we do not know may be the last days.
    unknown = any(
        role == UNUSED and each.days and tidy(name) not in _NO_DAYS
        for role, name, each in zip(roles, layout.names, look, strict=True)
    )
    return LAST in roles or not unknown


# Columns of days that say nothing about when there is no school.
_NO_DAYS = frozenset(
    each.strip()
    for each in """created, created date, created at, modified, last modified, date last modified,
    updated, updated at, made on, aangemaakt, aangemaakt op, gewijzigd, gewijzigd op, gemaakt op,
    laatst gewijzigd, erstellt, erstellt am, geandert, cree le, modifie le, dtstamp, reminder date,
    herinneringsdatum""".split(",")
)


def _without_names(look: list[_Column], lines: list[list[str]]) -> Layout:
    """A table without names of columns: plain when nothing else is possible, see the module."""
    roles = [UNUSED] * len(look)
    days = [n for n, each in enumerate(look) if each.days]
    texts = [n for n, each in enumerate(look) if each.filled and not each.days]
    layout = Layout(roles)
    whole = all(look[n].words == look[n].looked_at for n in texts) and not any(
        look[n].times for n in texts
    )
    if days:
        roles[days[0]] = FIRST if len(days) > 1 else DAY
    if len(days) > 1:
        roles[days[1]] = LAST
    if texts:
        roles[texts[0]] = NAME
    layout.guess = _guess(layout, look)
    serials = any(look[n].serials for n in days)
    layout.nameless = (
        sum(map(bool, lines[0])) > 1 and not any(map(is_day, lines[0])) and len(lines) > 1
    )
    layout.kinds = "".join(each.kind for each in look)
    if layout.nameless:
        layout.names = (lines[0] + [""] * len(look))[: len(look)]
    one_way = (
        len(texts) == 1 and 1 <= len(days) <= 2 and whole and not serials and not layout.nameless
    )
    layout.plain = one_way and _in_order(lines, days)
    return layout


def _in_order(lines: list[list[str]], days: list[int]) -> bool:
    """Whether the second column of days never comes before the first, in some way of writing
    dates.
    """
    if len(days) < 2:
        return True
    pairs = [[cells[n] if n < len(cells) else "" for n in days] for cells in lines]
    for order in written_dates.ORDERS:
        spans = [(written_dates.span(a, order), written_dates.span(b, order)) for a, b in pairs]
        if all(a.first <= b.first for a, b in spans if a and b) and any(a and b for a, b in spans):
            return True
    return False


def wrong_with(roles: tuple[str, ...], lines: list[list[str]]) -> str:
    """What is wrong with the columns that a person chose, a key of `WRONG`; "" when nothing is."""
    if any(roles.count(role) > 1 for role in (NAME, FIRST, LAST, DAY, REGION, KIND)):
        return "twice"
    if DAY in roles and FIRST in roles:
        return "both"
    if DAY not in roles and FIRST not in roles:
        return "no_days"
    chosen = roles.index(DAY if DAY in roles else FIRST)
    cells = [cells[chosen] for cells in lines if chosen < len(cells)]
    return "" if any(is_day(cell) or written_dates.serial(cell) for cell in cells) else "not_days"


def is_true(cell: str) -> bool:
    """Whether a cell of "whole day or not" says yes."""
    return plain(cell).strip() in _TRUE
