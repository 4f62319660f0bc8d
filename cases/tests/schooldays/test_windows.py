"""A school's own closed days and windows: which holiday is in the way, and what is
proposed instead.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.method.days import MEMBERS, PUPIL
from cases.schooldays.school_calendar import (
    NOTE_NONE_LEFT,
    NOTE_ONE_LEFT,
    Closed,
    SchoolCalendar,
    propose,
    to_blame,
)
from cases.schooldays.windows import (
    DEFAULT_WINDOWS,
    LONGEST_AFTER,
    Window,
    spans_with,
    window,
)

AUTUMN = (date(2026, 10, 17), date(2026, 10, 25), "Herfstvakantie")
MEETING = date(2026, 10, 6)  # the short talks belong from 16 to 20 October

# Around leap days, clock changes and the turn of the year as often as on any other day.
odd_days = st.sampled_from(
    [date(2028, 2, 28), date(2028, 2, 29), date(2027, 2, 28), date(2026, 3, 28), date(2026, 10, 24)]
    + [date(2026, 12, 31), date(2000, 2, 29), date(2100, 2, 28)]
)
days = odd_days | st.dates(date(1990, 1, 1), date(2060, 12, 31))
periods = st.tuples(
    days, st.integers(0, 450), st.sampled_from(["Herfst", "Studiedag", "Feest"])
).map(lambda it: (it[0], it[0] + timedelta(days=it[1]), it[2]))
calendars = st.builds(
    SchoolCalendar,
    country=st.sampled_from(["NL", "BE", "DE", "AT", "LU", "FR", "CH", ""]),
    free_weekdays=st.sets(st.integers(0, 6), max_size=6),
    closed=st.lists(periods, max_size=6),
    language=st.just("nl"),
)
pairs = (
    st.tuples(st.integers(1, LONGEST_AFTER), st.integers(1, LONGEST_AFTER)).map(sorted).map(tuple)
)
own_windows = st.dictionaries(st.sampled_from(sorted(DEFAULT_WINDOWS)), pairs)


@pytest.fixture
def autumn():
    return SchoolCalendar("NL", closed=[AUTUMN], language="nl")


# A school's own windows


@given(own_windows, days)
def test_a_window_of_the_school_counts_calendar_days_as_well(own, start):
    spans = spans_with(own)
    for kind in DEFAULT_WINDOWS:
        first, last = own.get(kind, DEFAULT_WINDOWS[kind])
        span = window(kind, start, spans)
        assert (span.first - start).days == first
        assert (span.last - start).days == last


@pytest.mark.parametrize(
    "own",
    [
        {PUPIL: (0, 5)},
        {PUPIL: (8, 61)},
        {PUPIL: (9, 8)},
        {PUPIL: (8,)},
        {PUPIL: (8, 14, 20)},
        {PUPIL: ("8", "14")},
        {PUPIL: (True, 14)},
        {PUPIL: (8.0, 14.0)},
        {"lunch": (1, 2)},
    ],
)
def test_a_window_that_makes_no_sense_is_refused(own):
    with pytest.raises(ValueError, match="window"):
        spans_with(own)


@given(st.sampled_from(sorted(DEFAULT_WINDOWS)), days, days, calendars, own_windows)
def test_what_is_proposed_is_a_school_day_in_the_window_or_the_first_after(
    kind, start, today, calendar, own
):
    today = max(start, min(today, start + timedelta(days=80)))
    try:
        found = propose(kind, start, calendar, today=today, spans=spans_with(own))
    except ValueError:
        return  # closed for longer than anybody looks ahead
    assert calendar.is_school_day(found.best) and found.best >= today
    possible = [day for day in found.window.days() if day >= today and calendar.is_school_day(day)]
    assert found.fits == possible
    if possible:
        assert found.best in possible
        assert (found.note == NOTE_ONE_LEFT) == (len(possible) == 1)
    else:
        between = Window(max(found.window.first, today), found.best).days()[:-1]
        assert found.best > found.window.last or found.window.last < today
        assert not any(map(calendar.is_school_day, between))
    # Who is blamed closed a day that was still possible, and is never the weekend.
    left = [day for day in found.window.days() if day >= today]
    assert all(closed.kind != "weekend" for closed in found.because)
    assert set(found.because) <= {calendar.closed_because(day) for day in left}
    if found.note == "":
        assert found.because == ()


# Own closed days


@given(st.lists(periods, max_size=6), days)
def test_a_long_list_says_the_same_as_going_through_it(closed, day):
    calendar = SchoolCalendar("", free_weekdays=(), closed=closed)
    names = [name for first, last, name in closed if first <= day <= last]
    assert calendar.is_school_day(day) == (not names)
    because = calendar.closed_because(day)
    assert because is None if not names else because.name in names


def test_a_period_of_many_years_is_no_trouble():
    calendar = SchoolCalendar("", closed=[(date.min, date(2020, 1, 1), "Lang")])
    assert calendar.closed_because(date(1500, 1, 1)) == Closed("closed", "Lang")


# Which holiday is to blame


def test_the_holiday_that_leaves_one_day_is_named(autumn):
    found = propose(MEMBERS, MEETING, autumn, today=MEETING)
    assert found.fits == [date(2026, 10, 16)]
    assert found.note == NOTE_ONE_LEFT
    assert found.because == (Closed("closed", "Herfstvakantie"),)
    assert not found.cut


def test_the_holiday_over_all_days_is_named_and_the_first_day_after_proposed(autumn):
    found = propose(MEMBERS, date(2026, 10, 8), autumn, today=date(2026, 10, 8))
    assert found.note == NOTE_NONE_LEFT
    assert found.best == date(2026, 10, 26)
    assert [closed.label for closed in found.because] == ["Herfstvakantie"]


def test_several_are_named_once_each_in_order():
    closed = [
        (date(2026, 10, 19), date(2026, 10, 20), "Herfstvakantie"),
        (date(2026, 10, 16), date(2026, 10, 16), "Studiedag"),
    ]
    calendar = SchoolCalendar("NL", closed=closed, language="nl")
    names = [
        each.label for each in to_blame(Window(date(2026, 10, 16), date(2026, 10, 20)), calendar)
    ]
    assert names == ["Studiedag", "Herfstvakantie"]


def test_a_weekday_without_school_and_days_that_passed_are_nobodys_fault(autumn):
    assert to_blame(Window(date(2026, 10, 10), date(2026, 10, 11)), autumn) == ()
    found = propose(MEMBERS, date(2026, 9, 22), autumn, today=date(2026, 10, 6))
    assert (found.note, found.because, found.cut) == (NOTE_ONE_LEFT, (), True)


def test_a_holiday_that_is_over_is_not_to_blame_for_what_is_left_after_it():
    closed = [
        (date(2026, 10, 16), date(2026, 10, 16), "Storm"),
        (*[date(2026, 10, 20)] * 2, "Studiedag"),
    ]
    calendar = SchoolCalendar("", closed=closed)
    found = propose(MEMBERS, MEETING, calendar, today=date(2026, 10, 19))
    assert (found.note, found.cut) == (NOTE_ONE_LEFT, True)
    assert [each.label for each in found.because] == ["Studiedag"]


def test_a_public_holiday_is_named_in_the_language_of_the_reader():
    calendar = SchoolCalendar("NL", language="nl")
    assert [
        each.label for each in to_blame(Window(date(2027, 4, 26), date(2027, 4, 28)), calendar)
    ] == ["Koningsdag"]
