"""The iCalendar file as a calendar program reads it: the right time, the same identity, and nothing
that tells.
"""

import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cases import calendar_feed
from cases.actions import appointments, cases, rounds
from cases.method.wording import forbidden_in
from cases.models import Appointment, Case, Membership, Round
from cases.tests.world import TODAY, at, make_pupils, make_school, open_case

SOON = TODAY + datetime.timedelta(days=3)
QUARTER_PAST_TEN = datetime.time(10, 15)


@pytest.fixture(autouse=True)
def today():
    with at(TODAY):
        yield


@pytest.fixture
def talk(noor_case, anna):
    """Anna's first talk with Noor, on Friday at a quarter past ten."""
    first = appointments.current_round(noor_case)
    return appointments.plan(
        noor_case, first, Appointment.TALK, SOON, time=QUARTER_PAST_TEN, by=anna
    )


def file_of(user) -> bytes:
    return calendar_feed.calendar_file(
        calendar_feed.own_appointments(user), zones=["Europe/Amsterdam"]
    )


def events(user):
    return icalendar.Calendar.from_ical(file_of(user)).events


def another(appointment, kind, on, at=None):
    return Appointment.objects.create(
        school=appointment.school, case=appointment.case, round=appointment.round, kind=kind,
        date=on, time=at, owner=appointment.owner,
    )  # fmt: skip


def test_another_library_reads_the_time_on_the_schools_clock(talk, anna):
    (event,) = vobject.readOne(file_of(anna).decode()).vevent_list
    start = event.dtstart.value
    assert (start.date(), start.time(), start.utcoffset()) == (
        SOON, QUARTER_PAST_TEN, datetime.timedelta(hours=1),
    )  # fmt: skip
    assert event.dtend.value - start == datetime.timedelta(minutes=30)
    assert (event.summary.value, event.status.value) == ("Kort gesprek", "CONFIRMED")


def test_a_quarter_past_ten_stays_that_when_the_clocks_change(talk, anna):
    saturday = datetime.date(2027, 3, 27)
    another(talk, Appointment.WEEKS6, saturday, QUARTER_PAST_TEN)
    another(talk, Appointment.MONTHS3, saturday + datetime.timedelta(days=1), QUARTER_PAST_TEN)
    starts = [event.dtstart.value for event in vobject.readOne(file_of(anna).decode()).vevent_list][
        1:
    ]
    assert [each.time() for each in starts] == [QUARTER_PAST_TEN] * 2
    assert [each.utcoffset().seconds // 3600 for each in starts] == [1, 2]


def test_without_a_time_it_is_a_day_that_is_not_taken(talk, anna):
    Appointment.objects.filter(pk=talk.pk).update(time=None)
    (event,) = events(anna)
    assert (event.start, event.end) == (SOON, SOON + datetime.timedelta(days=1))
    assert event["TRANSP"] == "TRANSPARENT"
    assert b"DTSTART;VALUE=DATE:20261106" in file_of(anna)


def test_a_talk_that_is_moved_keeps_its_identity_and_its_sequence_grows(talk, noor_case, anna):
    (before,) = events(anna)
    monday = SOON + datetime.timedelta(days=3)
    with at(TODAY, 15):
        appointments.plan(
            noor_case, talk.round, Appointment.TALK, monday, time=QUARTER_PAST_TEN, by=anna
        )
        (after,) = events(anna)
    assert before["UID"] == after["UID"] == f"{talk.pk}@steentje"
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after.start.date() == monday
    assert after.last_modified > before.last_modified


def test_reading_twice_gives_the_same_bytes(talk, anna):
    before = file_of(anna)
    with at(TODAY + datetime.timedelta(days=2)):
        assert file_of(anna) == before


@pytest.mark.parametrize(
    ("language", "title"), [("nl", "Vervalt: Kort gesprek"), ("en", "Called off: Short talk")]
)
def test_a_talk_that_is_called_off_says_so_in_its_title_and_its_status(
    talk, noor_case, anna, language, title
):
    type(talk.school).objects.update(language=language)
    appointments.cancel(noor_case, talk.round, Appointment.TALK, by=anna)
    (event,) = events(anna)
    assert (event["SUMMARY"], event["STATUS"], event["SEQUENCE"]) == (title, "CANCELLED", 1)
    assert event["TRANSP"] == "TRANSPARENT"
    (event,) = vobject.readOne(file_of(anna).decode()).vevent_list
    assert (event.summary.value, event.status.value) == (title, "CANCELLED")
    assert not forbidden_in(title)


def test_what_was_called_off_is_left_out_after_two_weeks_or_its_day(talk, noor_case, anna):
    on = TODAY + datetime.timedelta(days=40)
    appointments.plan(noor_case, talk.round, Appointment.TALK, on, time=QUARTER_PAST_TEN, by=anna)
    appointments.cancel(noor_case, talk.round, Appointment.TALK, by=anna)
    with at(TODAY + datetime.timedelta(days=14)):
        assert [event["STATUS"] for event in events(anna)] == ["CANCELLED"]
    with at(TODAY + datetime.timedelta(days=15)):
        assert events(anna) == []
        soon = TODAY + datetime.timedelta(days=17)
        appointments.plan(noor_case, talk.round, Appointment.TALK, soon, by=anna)  # it is on again
        assert [event["SUMMARY"] for event in events(anna)] == ["Kort gesprek"]
        appointments.cancel(noor_case, talk.round, Appointment.TALK, by=anna)
    with at(TODAY + datetime.timedelta(days=18)):
        assert events(anna) == []


def test_the_file_of_one_that_was_called_off_says_so_however_long_ago(talk, noor_case, anna):
    appointments.cancel(noor_case, talk.round, Appointment.TALK, by=anna)
    with at(TODAY + datetime.timedelta(days=100)):
        found = Appointment.objects.select_related("school", "case", "round").get(pk=talk.pk)
        (event,) = icalendar.Calendar.from_ical(calendar_feed.calendar_file([found])).events
    assert event["SUMMARY"] == "Vervalt: Kort gesprek"


def test_what_a_closed_support_plan_still_had_planned_is_crossed_out(talk, noor_case, anna):
    rounds.close_case(noor_case, by=anna)
    (event,) = events(anna)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_a_paused_talk_is_crossed_out_until_it_goes_on(talk, noor_case, anna):
    cases.pause_case(noor_case, by=anna)
    assert [event["STATUS"] for event in events(anna)] == ["CANCELLED"]
    cases.resume_case(noor_case, by=anna)
    assert [event["STATUS"] for event in events(anna)] == ["CONFIRMED"]


def test_what_is_handed_over_moves_to_the_calendar_of_who_leads_now(talk, noor_case, anna, youssef):
    cases.hand_over(noor_case, youssef, by=anna)
    assert events(anna) == []
    assert [event["UID"] for event in events(youssef)] == [f"{talk.pk}@steentje"]


def test_who_may_not_see_the_support_plan_any_more_reads_nothing_of_it(talk, anna):
    Membership.objects.filter(user=anna).update(role=Membership.ADMINISTRATOR)
    assert events(anna) == []
    Membership.objects.filter(user=anna).update(role=Membership.TEACHER, active=False)
    assert events(anna) == []


def test_all_schools_of_a_person_are_in_it_each_on_its_own_clock_and_in_its_language(talk, anna):
    far = make_school("The Far Side", timezone="Europe/London")
    far.language = "en"
    far.save()
    Membership.objects.create(school=far, user=anna, role=Membership.TEACHER)
    anna = type(anna).objects.get(pk=anna.pk)
    anna.membership = anna.memberships.get(school=far)
    case = open_case(make_pupils(far, "Year 5", "Oliver")[0], anna)
    appointments.plan(
        case, appointments.current_round(case), "talk", SOON, time=QUARTER_PAST_TEN, by=anna
    )
    both = {str(event["SUMMARY"]): event.start for event in events(anna)}
    assert {name: (each.hour, each.utcoffset().seconds) for name, each in both.items()} == {
        "Kort gesprek": (10, 3600), "Short talk": (10, 0),
    }  # fmt: skip
    for here in anna.memberships.all():  # in which school somebody acts does not change by reading
        anna.membership = here
        assert len(events(anna)) == 2
        assert anna.membership is here


def test_nothing_in_it_tells_what_it_is_about(talk, noor_case, anna):
    for number, kind in enumerate(dict(Appointment.KINDS)):
        if kind != Appointment.TALK:
            another(talk, kind, SOON + datetime.timedelta(days=number), QUARTER_PAST_TEN)
    lines = file_of(anna).decode().split("\r\n")
    text = "\n".join(line for line in lines if not line.startswith("UID:"))
    telling = [
        "Noor",
        "Steen,",
        "Anna",
        "7b",
        "Kiezelhof",
        noor_case.code,
        str(noor_case.pk),
        "http",
        "@kiezel",
    ]
    assert not [each for each in telling if each in text]
    names = {line.partition(":")[0].partition(";")[0] for line in lines if line}
    assert not names & {
        "DESCRIPTION",
        "LOCATION",
        "URL",
        "ORGANIZER",
        "ATTENDEE",
        "CATEGORIES",
        "CONTACT",
    }
    assert len(events(anna)) == len(Appointment.KINDS)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_titles_are_translated_neutral_and_few(language):
    with translation.override(language):
        titles = {str(title) for title in calendar_feed.TITLES.values()}
    assert set(calendar_feed.TITLES) == set(calendar_feed.MINUTES) == set(dict(Appointment.KINDS))
    assert not [word for title in titles for word in forbidden_in(title)]
    assert (
        titles
        == {
            "nl": {"Kort gesprek", "Korte gesprekken", "Bijeenkomst", "Kort moment"},
            "en": {"Short talk", "Short talks", "Meeting", "Short moment"},
        }[language]
    )


def test_lines_end_and_fold_as_the_standard_says(talk, anna):
    data = file_of(anna)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75


def test_a_calendar_without_appointments_can_be_read(anna):
    calendar = vobject.readOne(file_of(anna).decode())
    assert "vevent" not in calendar.contents
    assert calendar.vtimezone.tzid.value == "Europe/Amsterdam"


def test_hundreds_of_appointments_cost_no_more_queries_and_there_is_a_limit(talk, anna):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            file_of(anna)
        return len(seen)

    before = queries()
    Round.objects.bulk_create(
        Round(school=talk.school, case=talk.case, number=number, first_step="gather")
        for number in range(2, 602)
    )
    Appointment.objects.bulk_create(
        Appointment(
            school=talk.school,
            case=talk.case,
            round=each,
            kind=Appointment.MEETING,
            date=SOON,
            owner=anna,
        )
        for each in Round.objects.filter(number__gt=1)
    )
    assert queries() == before
    assert before <= 4
    assert len(events(anna)) == calendar_feed.MOST


def test_what_lies_far_ahead_is_left_out(talk, anna):
    Appointment.objects.filter(pk=talk.pk).update(date=TODAY + datetime.timedelta(days=401))
    assert events(anna) == []


def test_a_week_at_night_around_the_change_has_no_event_that_ends_before_it_begins(talk, anna):
    night = datetime.date(2027, 3, 28)
    another(talk, Appointment.WEEKS6, night, datetime.time(1, 55))
    event = events(anna)[-1]
    assert event.end.astimezone(datetime.UTC) - event.start.astimezone(
        datetime.UTC
    ) == datetime.timedelta(minutes=10)
    assert event.end.astimezone(ZoneInfo("Europe/Amsterdam")).hour == 3


def test_a_closed_case_says_when_it_was_closed(talk, noor_case, anna):
    with at(TODAY + datetime.timedelta(days=1)):
        rounds.close_case(noor_case, by=anna)
        (event,) = events(anna)
    assert event.last_modified.date() == TODAY + datetime.timedelta(days=1)
    assert Case.objects.get(pk=noor_case.pk).status == Case.CLOSED
