"""Where a school can be, and whose school holidays it can choose from a list.

A list is offered only where its dates can be had from a source that is named here. They are read
from the holidays library (MIT), version 0.109, category "school", on 24 November 2026; what that
library itself names as its source, and how far that source goes, stands at each country in
`SOURCES`. The Dutch dates of 2027–2028 were compared with rijksoverheid.nl, "Overzicht
schoolvakanties 2027-2028"; a test holds them.

Not offered: Luxembourg and Switzerland (the library has no school holidays for them) and France
(decided for a few years at a time; the library reckons further than was decided). A school types
them in or imports them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.utils.translation import gettext_lazy as _

# A break that begins from this day on belongs to the new school year: no summer begins later, no
# autumn sooner.
YEAR_BEGINS = (8, 10)
YEARS_OFFERED = 3  # the present school year and the two after it

COUNTRIES = {
    "NL": _("Netherlands"),
    "BE": _("Belgium"),
    "DE": _("Germany"),
    "LU": _("Luxembourg"),
    "AT": _("Austria"),
    "CH": _("Switzerland"),
    "FR": _("France"),
}
_LAENDER = {
    "BW": "Baden-Württemberg", "BY": "Bayern", "BE": "Berlin", "BB": "Brandenburg", "HB": "Bremen",
    "HH": "Hamburg", "HE": "Hessen", "MV": "Mecklenburg-Vorpommern", "NI": "Niedersachsen",
    "NW": "Nordrhein-Westfalen", "RP": "Rheinland-Pfalz", "SL": "Saarland", "SN": "Sachsen",
    "ST": "Sachsen-Anhalt", "SH": "Schleswig-Holstein", "TH": "Thüringen",
}  # fmt: skip
_BUNDESLAENDER = {
    "1": "Burgenland", "2": "Kärnten", "3": "Niederösterreich", "4": "Oberösterreich",
    "5": "Salzburg", "6": "Steiermark", "7": "Tirol", "8": "Vorarlberg", "9": "Wien",
}  # fmt: skip
_CANTONS = {
    "AG": "Aargau", "AR": "Appenzell Ausserrhoden", "AI": "Appenzell Innerrhoden",
    "BL": "Basel-Landschaft", "BS": "Basel-Stadt", "BE": "Bern", "FR": "Fribourg", "GE": "Genève",
    "GL": "Glarus", "GR": "Graubünden", "JU": "Jura", "LU": "Luzern", "NE": "Neuchâtel",
    "NW": "Nidwalden", "OW": "Obwalden", "SG": "St. Gallen", "SH": "Schaffhausen", "SZ": "Schwyz",
    "SO": "Solothurn", "TG": "Thurgau", "TI": "Ticino", "UR": "Uri", "VS": "Valais", "VD": "Vaud",
    "ZG": "Zug", "ZH": "Zürich",
}  # fmt: skip
# Parts of a country with public holidays of their own, by the library's code; the names are their
# own.
PARTS: Mapping[str, Mapping[str, str]] = {
    "DE": _LAENDER,
    "AT": _BUNDESLAENDER,
    "CH": _CANTONS,
    "FR": {"57": "Moselle", "6AE": "Alsace"},
}


@dataclass(frozen=True)
class Source:
    """Where a country's school holidays come from, and the last school year (its first half) they
    are known for.
    """

    named: str
    last: int


SOURCES = {
    "NL": Source(
        "Regeling vaststelling schoolvakanties 2025–2030 (Staatscourant 2024, 19237)", 2029
    ),
    "DE": Source("Ferienkalender der Kultusministerkonferenz (kmk.org)", 2028),
    "BE": Source(
        "the Communities’ decrees on the school year (vlaanderen.be, enseignement.be)", 2028
    ),
    "AT": Source("Schulzeitgesetz 1985 (ris.bka.gv.at)", 2028),
}
_COMMUNITIES = {"Flemish": _("Flemish Community"), "French": _("French Community")}
_COMMUNITIES |= {"German": _("German-speaking Community")}
_CHOICES: Mapping[str, Mapping[str, object]] = {
    "NL": {"Noord": _("Region North"), "Midden": _("Region Central"), "Zuid": _("Region South")},
    "BE": _COMMUNITIES,
    "DE": _LAENDER,
    "AT": _BUNDESLAENDER,
}
# What can be chosen, as "NL-Midden": country, the library's name of the part, words for a reader.
REGIONS = {
    f"{country}-{part}": (country, part, label)
    for country, parts in _CHOICES.items()
    for part, label in parts.items()
}


@dataclass(frozen=True, order=True)
class Break:
    """A school holiday, ``first`` and ``last`` inclusive, as the region calls it."""

    first: date
    last: date
    name: str


def school_year(day: date) -> int:
    """The calendar year in which the school year of this day began: 2026 for "2026–2027"."""
    return day.year if (day.month, day.day) >= YEAR_BEGINS else day.year - 1


def first_day(year: int) -> date:
    """The first day that counts to the school year that begins in ``year``."""
    return date(year, *YEAR_BEGINS)


def breaks(region: str, year: int, language: str = "") -> list[Break]:
    """The school holidays of a region in the school year that begins in ``year``, in order.

    Empty when the source does not reach that year, so that nobody plans on a guess. ``language``
    names them, when the library knows it; otherwise the country's own. KeyError for a region that
    is not in the list.
    """
    country, part, _label = REGIONS[region]
    if not 2020 <= year <= SOURCES[country].last:
        return []
    named: dict[str, set[date]] = {}
    for day, names in _school_days_off(country, part, year, language).items():
        for name in names.split("; "):
            named.setdefault(name, set()).add(day)
    public = set(holidays.country_holidays(country, years=(year, year + 1)))
    found = [
        Break(first, last, name[:80])
        for name, days in named.items()
        for first, last in _runs(days)
        if school_year(first) == year and not (first == last and first in public)
    ]
    return sorted(found)


@lru_cache(maxsize=256)
def _school_days_off(country: str, part: str, year: int, language: str) -> Mapping[date, str]:
    known = holidays.country_holidays(country)
    spoken = language if language in known.supported_languages else known.default_language
    # Expanding would add years that were not asked for.
    return dict(
        holidays.country_holidays(
            country,
            subdiv=part,
            years=(year, year + 1),
            categories=("school",),
            expand=False,
            language=spoken,
        ).items()
    )


def _runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days that follow each other, as (first, last)."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
