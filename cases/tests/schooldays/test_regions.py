"""School holidays of regions: only where their source reaches, and as the ministry published
them.
"""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.schooldays import regions
from cases.schooldays.school_calendar import SchoolCalendar

# rijksoverheid.nl, "Overzicht schoolvakanties 2027-2028", read on 24 November 2026.
PUBLISHED_2027 = {
    "NL-Noord": "1016-1024 1225-0109 0219-0227 0429-0507 0715-0827",
    "NL-Midden": "1016-1024 1225-0109 0226-0305 0429-0507 0708-0820",
    "NL-Zuid": "1023-1031 1225-0109 0226-0305 0429-0507 0722-0903",
}
KNOWN = [
    (key, year)
    for key, (c, _p, _l) in regions.REGIONS.items()
    for year in (2026, regions.SOURCES[c].last)
]


@pytest.mark.parametrize("region", sorted(PUBLISHED_2027))
def test_the_dutch_dates_are_those_of_the_ministry(region):
    found = regions.breaks(region, 2027, "nl")
    assert (
        " ".join(f"{each.first:%m%d}-{each.last:%m%d}" for each in found) == PUBLISHED_2027[region]
    )
    names = "Herfstvakantie Kerstvakantie Voorjaarsvakantie Meivakantie Zomervakantie".split()
    assert [each.name for each in found] == names


@pytest.mark.parametrize(("region", "year"), KNOWN)
def test_a_year_that_is_offered_is_whole(region, year):
    found = regions.breaks(region, year)
    assert found == sorted(found)
    assert {regions.school_year(each.first) for each in found} == {year}
    longest = max((each.last - each.first).days + 1 for each in found)
    assert 39 <= longest <= 75  # there is a summer
    assert any(
        each.first.month == 12 and each.last - each.first >= timedelta(days=7) for each in found
    )
    assert any(each.first.month in (10, 11) for each in found)


@pytest.mark.parametrize("region", sorted(regions.REGIONS))
def test_beyond_its_source_nothing_is_offered(region):
    country = regions.REGIONS[region][0]
    assert regions.breaks(region, regions.SOURCES[country].last + 1) == []
    assert regions.breaks(region, 1999) == []


def test_the_names_are_in_the_language_of_the_school_when_there_is_one():
    assert regions.breaks("BE-Flemish", 2026, "fr")[0].name.startswith("Vacances")
    assert regions.breaks("NL-Noord", 2026, "xx")[0].name == "Herfstvakantie"


def test_single_public_holidays_are_left_to_the_calendar_of_the_country():
    assert "Wapenstilstand" not in {each.name for each in regions.breaks("BE-Flemish", 2026, "nl")}


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_every_day_lies_in_one_school_year(day):
    year = regions.school_year(day)
    assert regions.first_day(year) <= day < regions.first_day(year + 1)


@pytest.mark.parametrize("country", sorted(regions.COUNTRIES))
def test_every_place_that_can_be_chosen_has_a_calendar(country):
    for part in ("", *regions.PARTS.get(country, {})):
        assert SchoolCalendar(country, part).closed_because(date(2026, 12, 25)) is not None
        assert len(part) <= 8


def test_every_german_land_can_be_chosen():
    laender = {part for part in holidays.country_holidays("DE").subdivisions if len(part) == 2}
    assert {key for key in regions.REGIONS if key.startswith("DE-")} == {
        f"DE-{part}" for part in laender
    }
