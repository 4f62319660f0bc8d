"""Days as people write them in a table: words and numbers, in four languages."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cases.schooldays.files import written_dates
from cases.schooldays.files.written_dates import has_time, lacks_year, serial, span


def written(text, order="day"):
    found = span(text, order)
    return found and f"{found.first} {found.last}"


@pytest.mark.parametrize(
    "text",
    [
        "17 t/m 25 oktober 2026",
        "17 oktober t/m 25 oktober 2026",
        "za 17 okt - zo 25 okt 2026",
        "zaterdag 17 oktober 2026 tot en met zondag 25 oktober 2026",
        "17 t.e.m. 25 okt. 2026",
        "17-25 October 2026",
        "October 17-25, 2026",
        "Sat 17th to Sun 25th October 2026",
        "vom 17. bis 25. Oktober 2026",
        "17.10. - 25.10.2026",
        "17.10.2026–25.10.2026",
        "Sa, 17.10.26 bis So, 25.10.26",
        "du 17 au 25 octobre 2026",
        "du samedi 17 octobre au dimanche 25 octobre 2026",
        "2026-10-17 - 2026-10-25",
        "2026-10-17/2026-10-25",
        "17/10 t/m 25/10/2026",
        "20261017 - 20261025",
    ],
)
def test_a_period_in_one_cell(text):
    assert written(text) == "2026-10-17 2026-10-25"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("19 december t/m 3 januari 2027", "2026-12-19 2027-01-03"),
        ("19 dec 2026 - 3 jan", "2026-12-19 2027-01-03"),
        ("23.12. - 06.01.2027", "2026-12-23 2027-01-06"),
        ("du 19 décembre 2026 au 4 janvier 2027", "2026-12-19 2027-01-04"),
        ("1er mai 2027", "2027-05-01 2027-05-01"),
        ("ma 1 en di 2 februari 2027", "2027-02-01 2027-02-02"),
        ("mar. 3 novembre 2026", "2026-11-03 2026-11-03"),
        ("5 août 2027", "2027-08-05 2027-08-05"),
        ("Mo, 1. März 2027", "2027-03-01 2027-03-01"),
    ],
)
def test_over_the_end_of_the_year_and_in_other_languages(text, days):
    assert written(text) == days


@given(st.dates(date(2026, 8, 10), date(2029, 8, 9)))
@example(date(2028, 2, 29))
def test_a_day_is_read_back_however_it_is_written(day):
    months = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()
    ways = [
        f"{day:%Y-%m-%d}",
        f"{day:%d-%m-%Y}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d/%m/%y}",
    ]
    ways += [
        f"{day.day} {months[day.month - 1]} {day.year}",
        f"{day:%Y-%m-%d}T00:00:00Z",
        f"{day:%Y%m%d}",
    ]
    assert {written(way) for way in ways} == {f"{day} {day}"}
    assert (
        written(f"{day:%m/%d/%Y}", written_dates.MONTH_FIRST)
        == written(f"{day:%y-%m-%d}", written_dates.YEAR_FIRST)
        == f"{day} {day}"
    )
    assert serial(str((day - date(1899, 12, 30)).days)).first == day


@pytest.mark.parametrize(
    "text",
    [
        "", "vrij", "31-02-2026", "2026-13-01", "1-1-99999", "13", "17-10", "groep 8",
        "1 en 8 februari 2027", "17 18 oktober 2026", "Herfstvakantie 17 oktober 2026", "12345678",
        "17-10-2026 t/m 18-10-2026 t/m 19-10-2026",
    ],
)  # fmt: skip
def test_what_is_no_day(text):
    assert span(text) is None


def test_a_day_without_its_year_is_known_as_such():
    assert (
        lacks_year("17 oktober") and lacks_year("17 t/m 25 okt") and lacks_year("26.10. - 30.10.")
    )
    assert not lacks_year("31 x") and not lacks_year("17 oktober 2026") and not lacks_year("vrij")


def test_a_time_of_day_and_a_wrong_day_of_the_week_are_seen():
    assert span("08-12-2026 19:30").timed and span("8 dec 2026 19.30 uur").timed
    assert span("8 dec 2026 19:30-21:00").timed and not span("2026-12-08 00:00:00").timed
    assert span("zo 17 oktober 2026").odd and not span("za 17 oktober 2026").odd
    assert all(
        map(has_time, ("om 19:30", "19.30 uur", "vanaf 12.00", "ab 12 Uhr", "8h30", "12 uur vrij"))
    )
    assert not any(map(has_time, ("Les 10", "17.10.2026", "versie 4.12", "groep 8")))
