"""On which days the later checks fall."""

import datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cases.method import METHOD
from cases.method.days import DAYS_AFTER, LATER_KINDS, SUMMER, TOO_NEAR_DAYS, WEEKS6
from cases.schooldays.later_checks import (
    first_day_after_summer,
    later_days,
)
from cases.schooldays.school_calendar import SchoolCalendar

D = datetime.date
SUMMER_2027 = (D(2027, 7, 10), D(2027, 8, 22), "Zomervakantie")
CALENDAR = SchoolCalendar(
    "NL", closed=[SUMMER_2027, (D(2026, 12, 19), D(2027, 1, 3), "Kerstvakantie")]
)


def test_every_kind_of_later_check_has_its_page():
    assert tuple(page.key for page in METHOD.later) == LATER_KINDS


def test_six_weeks_three_and_six_months_and_after_the_summer():
    days = later_days(D(2026, 11, 17), CALENDAR, today=D(2026, 11, 17))
    assert days == {
        "weeks6": D(2027, 1, 4),  # six weeks later is in the Christmas holidays
        "months3": D(2027, 2, 16),
        "months6": D(2027, 5, 18),
        "summer": D(2027, 9, 2),
    }


def test_checks_close_to_the_one_after_the_summer_are_one():
    days = later_days(D(2027, 6, 1), CALENDAR, today=D(2027, 6, 1))
    assert "months3" not in days  # 31 August, two days before the one after the summer
    assert days[SUMMER] == D(2027, 9, 2)


def test_the_schools_own_summer_else_the_first_monday_of_september():
    assert first_day_after_summer(D(2027, 3, 1), CALENDAR) == D(2027, 8, 23)
    assert first_day_after_summer(D(2027, 8, 22), CALENDAR) == D(2027, 9, 6)
    plain = SchoolCalendar("NL")
    assert first_day_after_summer(D(2027, 3, 1), plain) == D(2027, 9, 6)
    assert first_day_after_summer(D(2027, 9, 6), plain) == D(2028, 9, 4)


def test_a_summer_far_ahead_says_nothing_about_the_one_before():
    assert first_day_after_summer(D(2026, 3, 1), CALENDAR) == D(2026, 9, 7)


def test_what_is_begun_late_is_not_planned_in_the_past():
    days = later_days(D(2026, 1, 13), CALENDAR, today=D(2026, 11, 17))
    assert min(days.values()) > D(2026, 11, 17)


@given(
    talked=st.dates(D(2024, 1, 1), D(2034, 12, 31)),
    since=st.integers(0, 400),
    closed=st.lists(
        st.tuples(st.dates(D(2024, 1, 1), D(2035, 12, 31)), st.integers(0, 60)), max_size=4
    ),
)
def test_always_on_school_days_ahead_in_order_and_apart(talked, since, closed):
    runs = [(first, first + datetime.timedelta(days=length), "x") for first, length in closed]
    calendar = SchoolCalendar("NL", closed=runs)
    today = talked + datetime.timedelta(days=since)
    days = later_days(talked, calendar, today)
    assert SUMMER in days and set(days) <= set(LATER_KINDS)
    found = list(days.values())
    assert found == sorted(found)
    assert all(calendar.is_school_day(day) and day > today for day in found)
    assert all((b - a).days >= TOO_NEAR_DAYS for a, b in pairwise(found))
    if WEEKS6 in days:
        assert (days[WEEKS6] - talked).days >= DAYS_AFTER[WEEKS6]
