from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cases.method.days import INTERIM, MEETING, MEMBERS, PUPIL
from cases.schooldays.school_calendar import (
    HORIZON_DAYS,
    Closed,
    SchoolCalendar,
    month_grid,
    propose,
)
from cases.schooldays.windows import (
    DEFAULT_WINDOWS,
    Window,
    window,
)

AUTUMN_BREAK = (date(2026, 10, 17), date(2026, 10, 25), "Herfstvakantie")
TALK = date(2026, 10, 1)
GROUP_MEETING = date(2026, 10, 6)
HOLIDAY = "holiday"

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
kinds = st.sampled_from(sorted(DEFAULT_WINDOWS))
spans_of_days = st.tuples(days, st.integers(0, 40)).map(
    lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]), "Vrij")
)
calendars = st.builds(
    SchoolCalendar,
    country=st.sampled_from(["NL", "BE", "DE", ""]),
    free_weekdays=st.sets(st.integers(0, 6), max_size=6),
    closed=st.lists(spans_of_days, max_size=3),
    language=st.just("nl"),
)


@pytest.fixture
def dutch():
    return SchoolCalendar("NL", closed=[AUTUMN_BREAK], language="nl")


def d(text):
    return date.fromisoformat(text)


# Windows


@pytest.mark.inventory("S1.14", "S6.2")
@given(kinds, days)
def test_a_window_counts_calendar_days_whatever_happens_to_the_clock(kind, start):
    low, high = DEFAULT_WINDOWS[kind]
    span = window(kind, start)
    assert span.first.toordinal() == start.toordinal() + low
    assert span.last.toordinal() == start.toordinal() + high
    assert [day.toordinal() for day in span.days()] == [
        start.toordinal() + n for n in range(low, high + 1)
    ]
    assert all(day in span for day in span.days())
    assert span.first - timedelta(days=1) not in span
    assert span.last + timedelta(days=1) not in span


@pytest.mark.parametrize(
    ("kind", "start", "first", "last"),
    [
        (PUPIL, "2026-10-20", "2026-10-28", "2026-11-03"),  # over the end of summer time
        (PUPIL, "2026-03-20", "2026-03-28", "2026-04-03"),  # over its start
        (MEMBERS, "2028-02-18", "2028-02-28", "2028-03-03"),  # over 29 February
        (MEMBERS, "2027-02-18", "2027-02-28", "2027-03-04"),  # no 29 February
        (INTERIM, "2026-12-29", "2027-01-01", "2027-01-05"),
        (MEETING, "2026-12-31", "2027-01-01", "2027-01-07"),
    ],
)
def test_windows_over_clock_changes_leap_days_and_year_ends(kind, start, first, last):
    assert window(kind, d(start)) == Window(d(first), d(last))


def test_a_school_may_use_its_own_spans():
    assert window(PUPIL, TALK, {PUPIL: (7, 7)}).days() == [date(2026, 10, 8)]


@pytest.mark.parametrize("kind", sorted(DEFAULT_WINDOWS))
@pytest.mark.parametrize("start", [date.max, date.max - timedelta(days=3)])
def test_a_window_off_the_calendar_is_a_value_error(kind, start):
    with pytest.raises(ValueError, match="calendar"):
        window(kind, start)


def test_windows_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="known"):
        window("lunch", TALK)
    with pytest.raises(ValueError, match="before it starts"):
        window(PUPIL, TALK, {PUPIL: (14, 8)})
    with pytest.raises(ValueError, match="before it starts"):
        Window(date(2026, 1, 2), date(2026, 1, 1))


def test_a_moment_is_not_a_day(dutch):
    # 23.30 in one time zone is the next day in another: the caller has to choose.
    moment = datetime(2026, 10, 1, 23, 30, tzinfo=UTC)
    for refuse in (
        lambda: window(PUPIL, moment),
        lambda: moment in Window(TALK, TALK),
        lambda: dutch.is_school_day(moment),
        lambda: dutch.closed_because(moment),
        lambda: dutch.next_school_day(moment),
        lambda: propose(PUPIL, TALK, dutch, today=moment),
    ):
        with pytest.raises(ValueError, match="calendar day"):
            refuse()


# Public holidays


@pytest.mark.parametrize(
    ("country", "part", "day", "name"),
    [
        ("NL", "", "2026-04-06", "Tweede paasdag"),
        ("NL", "", "2026-04-03", "Goede vrijdag"),
        ("NL", "", "2025-04-26", "Koningsdag"),  # the 27th was a Sunday
        ("NL", "", "2025-04-27", None),
        ("NL", "", "2026-04-27", "Koningsdag"),
        ("NL", "", "2025-05-05", "Bevrijdingsdag"),  # once in five years
        ("NL", "", "2026-05-05", None),
        ("NL", "", "2026-05-01", None),
        ("BE", "", "2026-05-01", "Dag van de Arbeid"),
        ("BE", "", "2026-07-21", "Nationale feestdag"),
        ("BE", "", "2026-11-11", "Wapenstilstand"),
        ("BE", "", "2026-04-03", None),
        ("DE", "BY", "2026-01-06", "Heilige Drei Könige"),
        ("DE", "Bayern", "2026-01-06", "Heilige Drei Könige"),
        ("DE", "NI", "2026-01-06", None),
        ("DE", "NI", "2025-10-31", "Reformationstag"),
        ("DE", "BY", "2025-10-31", None),
        ("DE", "NW", "2026-06-04", "Fronleichnam"),
        ("DE", "BE", "2026-06-04", None),
        ("CH", "TI", "2026-03-19", "Josefstag"),
        ("CH", "ZH", "2026-03-19", None),
        ("CH", "GE", "2026-09-10", "Genfer Bettag"),
        ("CH", "ZH", "2026-09-10", None),
        ("CH", "ZH", "2025-08-01", "Nationalfeiertag"),
    ],
)
def test_public_holidays_per_country_and_part(country, part, day, name):
    closed = SchoolCalendar(country, part, language="nl").closed_because(d(day))
    assert (closed.name if closed and closed.kind == HOLIDAY else None) == name


def test_holidays_carry_the_name_in_the_readers_language():
    calendar = SchoolCalendar("NL")
    with translation.override("nl"):
        assert calendar.closed_because(d("2026-04-06")) == Closed("holiday", "Tweede paasdag")
    with translation.override("en-gb"):
        assert calendar.closed_because(d("2026-04-06")) == Closed("holiday", "Easter Monday")
    # not spoken by this table: the country's own language, not the server's
    with translation.override("de"):
        assert calendar.closed_because(d("2026-04-06")) == Closed("holiday", "Tweede paasdag")


@pytest.mark.parametrize(
    ("country", "part"), [("XX", ""), ("Nederland", ""), ("NL", "zz"), ("DE", "ZH"), ("", "BY")]
)
def test_an_unknown_country_or_part_is_refused_in_plain_words(country, part):
    with pytest.raises(ValueError, match="country"):
        SchoolCalendar(country, part)


def test_without_a_country_there_are_no_public_holidays():
    assert SchoolCalendar("").is_school_day(d("2026-12-25"))


# School days


def test_the_reason_that_tells_most_comes_first(dutch):
    assert dutch.closed_because(d("2026-10-16")) is None
    assert dutch.closed_because(d("2026-10-10")) == Closed("weekend")
    # a Saturday in it
    assert dutch.closed_because(d("2026-10-17")) == Closed("closed", "Herfstvakantie")
    assert dutch.closed_because(d("2026-10-25")) == Closed("closed", "Herfstvakantie")
    assert dutch.closed_because(d("2026-10-26")) is None
    christmas = SchoolCalendar(
        "NL", closed=[(d("2026-12-19"), d("2027-01-03"), "Kerst")], language="nl"
    )
    assert christmas.closed_because(d("2026-12-25")) == Closed("holiday", "Eerste kerstdag")


def test_every_reason_has_words_for_a_reader():
    with translation.override("en"):
        assert str(Closed("closed", "Studiedag").label) == "Studiedag"
        assert (
            len({str(Closed(kind).label) for kind in ("weekend", "holiday", "closed")} - {""}) == 3
        )


def test_a_school_may_be_free_on_other_weekdays():
    calendar = SchoolCalendar("NL", free_weekdays=(2, 5, 6), language="nl")
    assert calendar.closed_because(d("2026-10-07")) == Closed("weekend")
    assert calendar.next_school_day(d("2026-10-07")) == d("2026-10-08")


@pytest.mark.parametrize("weekdays", [range(7), (7,), (-1,)])
def test_free_weekdays_that_cannot_be(weekdays):
    with pytest.raises(ValueError, match="weekdays"):
        SchoolCalendar("NL", free_weekdays=weekdays)


def test_a_closed_period_that_runs_backwards_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        SchoolCalendar("NL", closed=[(d("2026-10-25"), d("2026-10-17"), "Herfst")])


def test_next_school_day(dutch):
    assert dutch.next_school_day(d("2026-10-16")) == d("2026-10-16")
    assert dutch.next_school_day(d("2026-10-16"), inclusive=False) == d("2026-10-26")
    assert dutch.next_school_day(d("2026-10-17")) == d("2026-10-26")


def test_days_late_are_school_days(dutch):
    assert dutch.school_days_between(d("2026-10-15"), d("2026-10-26")) == 2
    assert dutch.school_days_between(d("2026-10-16"), d("2026-10-25")) == 0
    assert dutch.school_days_between(d("2026-10-16"), d("2026-10-16")) == 0
    assert dutch.school_days_between(d("2026-10-16"), d("2026-10-01")) == 0


def test_add_school_days_in_both_directions(dutch):
    assert dutch.add_school_days(d("2026-10-16"), 1) == d("2026-10-26")
    assert dutch.add_school_days(d("2026-10-26"), -2) == d("2026-10-15")
    assert dutch.add_school_days(d("2026-10-17"), 0) == d("2026-10-17")


@given(calendars, days, st.integers(0, 60))
def test_adding_and_counting_school_days_are_each_others_inverse(calendar, day, n):
    later = calendar.add_school_days(day, n)
    assert calendar.school_days_between(day, later) == n
    if n:
        assert calendar.is_school_day(later)
        assert calendar.add_school_days(later, -n) < later
    start = calendar.next_school_day(day)
    assert calendar.add_school_days(calendar.add_school_days(start, n), -n) == start


@given(calendars, days, st.booleans())
def test_the_next_school_day_skips_none(calendar, day, inclusive):
    found = calendar.next_school_day(day, inclusive)
    start = day if inclusive else day + timedelta(days=1)
    assert calendar.school_days(Window(start, found)) == [found]


@given(calendars, days)
def test_a_day_is_a_school_day_or_has_a_reason(calendar, day):
    assert calendar.is_school_day(day) == (calendar.closed_because(day) is None)


@pytest.mark.parametrize("day", [date.min, date.max, date(1, 6, 1), date(9999, 1, 1)])
@pytest.mark.parametrize("country", ["NL", "BE", "DE", "CH", "GB", "US"])
def test_far_away_days_are_answered(country, day):
    calendar = SchoolCalendar(country, language="nl")
    assert calendar.is_school_day(day) == (day.weekday() < 5)
    assert calendar.closed_because(day) in (None, Closed("weekend"))


def test_running_off_the_calendar_is_a_value_error(dutch):
    assert dutch.next_school_day(date.max) == date.max  # a Friday
    for run_off in (
        lambda: dutch.next_school_day(date.max, inclusive=False),
        lambda: dutch.add_school_days(date.max, 1),
        lambda: dutch.add_school_days(date.min, -1),
        lambda: dutch.add_school_days(TALK, 10**9),
        lambda: month_grid(date.max, date.max, dutch, windows={}),
    ):
        with pytest.raises(ValueError, match=r"found|too far|calendar"):
            run_off()


def test_a_mistyped_year_is_counted_no_further_than_the_horizon(dutch):
    assert 0 < dutch.school_days_between(date.min, date.max) < HORIZON_DAYS


def test_a_school_that_never_opens_is_a_value_error():
    shut = SchoolCalendar("NL", closed=[(date(2020, 1, 1), date.max, "Gesloten")], language="nl")
    with pytest.raises(ValueError, match="No school day"):
        propose(PUPIL, TALK, shut, today=TALK)


# Proposals


def test_the_autumn_break_leaves_one_day_for_the_group(dutch):
    found = propose(MEMBERS, GROUP_MEETING, dutch, today=GROUP_MEETING)
    assert found.window == Window(date(2026, 10, 16), date(2026, 10, 20))
    assert (found.fits, found.best, found.note) == (
        [date(2026, 10, 16)],
        date(2026, 10, 16),
        "one_left",
    )


def test_the_pupils_talk_is_proposed_late_with_a_day_in_hand(dutch):
    found = propose(PUPIL, TALK, dutch, today=TALK)
    assert found.fits == [
        d("2026-10-09"),
        d("2026-10-12"),
        d("2026-10-13"),
        d("2026-10-14"),
        d("2026-10-15"),
    ]
    assert (found.best, found.note) == (d("2026-10-14"), "")


def test_of_two_days_the_pupils_talk_takes_the_later(dutch):
    assert propose(PUPIL, TALK, dutch, not_before=d("2026-10-14"), today=TALK).best == d(
        "2026-10-15"
    )


@pytest.mark.parametrize(("kind", "best"), [(MEETING, "2026-10-02"), (INTERIM, "2026-10-05")])
def test_meeting_and_interim_take_the_first_school_day(dutch, kind, best):
    assert propose(kind, TALK, dutch, today=TALK).best == d(best)


def test_a_window_wholly_in_a_holiday_gives_the_first_school_day_after(dutch):
    found = propose(MEMBERS, d("2026-10-08"), dutch, today=d("2026-10-08"))
    assert (found.fits, found.best, found.note) == ([], d("2026-10-26"), "none_left")


def test_days_gone_by_are_not_proposed(dutch):
    found = propose(PUPIL, TALK, dutch, today=d("2026-10-13"))
    assert found.fits == [d("2026-10-13"), d("2026-10-14"), d("2026-10-15")]
    assert propose(PUPIL, TALK, dutch, today=d("2026-10-15")).note == "one_left"


def test_a_window_gone_by_is_past(dutch):
    found = propose(PUPIL, TALK, dutch, today=d("2026-10-17"))
    assert (found.fits, found.best, found.note) == ([], d("2026-10-26"), "past")


def test_a_window_is_not_past_on_its_last_day(dutch):
    found = propose(PUPIL, d("2026-10-04"), dutch, today=d("2026-10-18"))
    assert (found.window.last, found.note) == (d("2026-10-18"), "none_left")


def test_not_before_is_kept_even_after_the_window(dutch):
    found = propose(PUPIL, TALK, dutch, not_before=d("2026-10-19"), today=TALK)
    assert (found.fits, found.best, found.note) == ([], d("2026-10-26"), "none_left")


@given(kinds, days, calendars, st.integers(-10, 40), st.none() | st.integers(0, 30))
def test_every_proposal_is_possible(kind, start, calendar, later, wait):
    today = start + timedelta(days=later)
    not_before = None if wait is None else start + timedelta(days=wait)
    found = propose(kind, start, calendar, not_before=not_before, today=today)
    assert calendar.is_school_day(found.best)
    assert found.best >= today
    assert not_before is None or found.best >= not_before
    assert all(
        day in found.window and calendar.is_school_day(day) and day >= today for day in found.fits
    )
    if found.fits:
        assert found.best in found.fits
        assert found.note == ("one_left" if len(found.fits) == 1 else "")
    else:
        assert found.note == ("past" if found.window.last < today else "none_left")
        assert found.best > found.window.last
        possible = max(day for day in (found.window.last, today, not_before) if day)
        assert calendar.school_days(Window(possible, found.best)) == [found.best]


# The calendar page


@given(days, st.integers(0, 80), calendars, st.lists(st.tuples(kinds, days), max_size=3))
def test_a_grid_shows_each_day_once_in_whole_weeks(first, length, calendar, starts):
    last = first + timedelta(days=length)
    windows = {kind: window(kind, start) for kind, start in starts}
    weeks = month_grid(first, last, calendar, windows=windows)
    cells = [cell for week in weeks for cell in week]
    shown = [cell.date for cell in cells]
    assert all(len(week) == 7 and week[0].date.weekday() == 0 for week in weeks)
    assert shown == [shown[0] + timedelta(days=n) for n in range(len(shown))]
    assert weeks[0][first.weekday()].date == first
    assert weeks[-1][last.weekday()].date == last
    for cell in cells:
        assert cell.closed == calendar.closed_because(cell.date)
        assert cell.kinds == {kind for kind, span in windows.items() if cell.date in span}


def test_the_grid_of_the_autumn_example(dutch):
    windows = {PUPIL: window(PUPIL, TALK), MEMBERS: window(MEMBERS, GROUP_MEETING)}
    weeks = month_grid(date(2026, 10, 1), date(2026, 10, 31), dutch, windows=windows)
    assert (weeks[0][0].date, weeks[-1][-1].date) == (d("2026-09-28"), d("2026-11-01"))
    assert [sorted(cell.kinds) for cell in weeks[2]] == [
        [PUPIL], [PUPIL], [PUPIL], [PUPIL], [MEMBERS], [MEMBERS], [MEMBERS]
    ]  # fmt: skip
    assert weeks[2][5].closed == Closed("closed", "Herfstvakantie")


def test_windows_may_overlap_in_the_grid(dutch):
    span = Window(TALK, TALK)
    (week,) = month_grid(TALK, TALK, dutch, windows={"one": span, "two": span})
    assert week[TALK.weekday()].kinds == {"one", "two"}


@given(days)
def test_a_grid_cannot_run_backwards(day):
    with pytest.raises(ValueError, match="before it starts"):
        month_grid(day, day - timedelta(days=1), SchoolCalendar("", language="nl"), windows={})
