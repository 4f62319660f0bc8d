"""Everything for the next school day: what is needed, in the order of the day, of one's own cases
only.
"""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import appointments, cases, journal
from cases.models import Appointment, Case
from cases.printing import next_school_day
from cases.printing.sheet_kinds import SHEETS
from cases.tests.world import TODAY, at, open_case

NEXT = TODAY + datetime.timedelta(days=1)
CLOCK = datetime.time(9, 30)


@pytest.fixture(autouse=True)
def today():
    with at(TODAY):
        yield


def plan(case, kind, on=NEXT, at=CLOCK, owner=None):
    case_round = appointments.current_round(case)
    found, _made = Appointment.objects.update_or_create(
        round=case_round,
        kind=kind,
        defaults={
            "school": case.school,
            "case": case,
            "date": on,
            "time": at,
            "state": Appointment.PLANNED,
            "owner": owner or case.leader,
        },
    )
    return found


def keys(user, school, day=NEXT):
    return [item.paper.key for item in next_school_day.items(user, school, day)]


def known(*wanted):
    """Those that this release has a sheet for."""
    return [
        key
        for key in wanted
        if not key.startswith("sheet-") or key.removeprefix("sheet-") in SHEETS
    ]


@pytest.mark.parametrize(("kind", "wanted"), next_school_day.NEEDED.items())
def test_each_kind_of_appointment_asks_for_its_own_paper(make_case, anna, school, kind, wanted):
    case = make_case(until="followup")
    plan(case, kind)
    assert keys(anna, school) == known(*wanted)


def test_without_a_group_there_is_nothing_for_a_group(noor_case, anna, school):
    plan(noor_case, Appointment.MEETING)
    assert not {"invitation", "slips", "cards", "colleagues"} & set(keys(anna, school))


def test_an_invitation_that_was_printed_is_not_printed_again(make_case, anna, school):
    case = make_case(until="followup")
    plan(case, Appointment.MEETING)
    for key in ("invitation", "colleagues"):
        assert key in keys(anna, school)
        journal.record(journal.PRINT, by=anna, case=case, thing=key)
        assert key not in keys(anna, school)
    assert "slips" in keys(anna, school)


def test_only_that_day_only_planned_only_mine(make_case, noor_case, pupils, anna, youssef, school):
    found = plan(noor_case, Appointment.TALK)
    assert keys(anna, school) and not keys(youssef, school)
    for change in (
        {"date": NEXT + datetime.timedelta(days=1)},
        {"state": Appointment.CANCELLED},
        {"owner": youssef},
    ):
        Appointment.objects.filter(pk=found.pk).update(
            date=NEXT, state=Appointment.PLANNED, owner=anna
        )
        assert keys(anna, school)
        Appointment.objects.filter(pk=found.pk).update(**change)
        assert not keys(anna, school) and not keys(youssef, school)


def test_a_closed_or_paused_case_needs_nothing(noor_case, anna, school):
    plan(noor_case, Appointment.TALK)
    for status in (Case.CLOSED, Case.PAUSED, Case.ELSEWHERE):
        Case.objects.filter(pk=noor_case.pk).update(status=status)
        assert not keys(anna, school)


def test_handed_over_it_is_the_other_one_s(noor_case, anna, youssef, school):
    plan(noor_case, Appointment.TALK)
    cases.hand_over(noor_case, youssef, by=anna)
    assert keys(youssef, school)
    assert not keys(type(anna).objects.get(pk=anna.pk), school)


def test_friday_is_followed_by_monday(school):
    with at(datetime.date(2026, 11, 6)):
        assert next_school_day.day_of(school) == datetime.date(2026, 11, 9)


def test_in_the_order_of_the_day_and_with_as_many_queries_for_many_as_for_few(pupils, anna, school):
    def add(names, hour):
        for number, name in enumerate(names):
            case = open_case(pupils[name], anna)
            plan(case, Appointment.TALK, at=datetime.time(hour - number))

    def count():
        with CaptureQueriesContext(connection) as seen:
            found = next_school_day.items(anna, school, NEXT)
        return len(seen), found

    add(["Noor"], 14)
    few, _found = count()
    add(["Amina", "Bram", "Fleur", "Jesse", "Levi"], 12)
    many, found = count()
    assert many <= few
    hours = [item.appointment.time for item in found]
    assert hours == sorted(hours) and len(set(hours)) == 6


def test_the_parts_are_of_cases_that_may_be_printed_only(make_case, anna, school):
    case = make_case(until="followup")
    plan(case, Appointment.TALK)
    orders = next_school_day.orders(next_school_day.items(anna, school, NEXT))
    choices = next_school_day.Choices()
    assert (
        len(next_school_day.all_parts(orders, anna, {str(case.pk): case}, choices, "nl"))
        == len(orders)
        == 2
    )
    assert next_school_day.all_parts(orders, anna, {}, choices, "nl") == []
    assert SHEETS
