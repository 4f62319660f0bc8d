"""The school's closed days as rows: lists and files only add, what the school typed stays,
everything is journaled.
"""

import datetime

import pytest

from cases.actions import appointments, closed_days
from cases.models import Appointment, ClosedDay, School
from cases.schooldays import regions
from cases.tests.world import TODAY, journaled_changes, make_closed_day, make_school

STUDY = datetime.date(2026, 12, 8)


pytestmark = pytest.mark.usefixtures("on_the_day")


def names(school_, source=None):
    rows = ClosedDay.objects.filter(school=school_)
    return [row.name for row in (rows.filter(source=source) if source else rows)]


def test_what_is_closed_now_counts_at_once_for_who_holds_the_school(ours, karel):
    assert ours.calendar().is_school_day(STUDY)
    closed_days.add_closed(ours, STUDY, STUDY, "Studiedag", by=karel)
    assert not ours.calendar().is_school_day(STUDY)


# Typed in, and from a file


def test_adding_the_same_twice_is_once(ours, karel):
    _row, new = closed_days.add_closed(ours, STUDY, STUDY, "Studiedag", by=karel)
    _row, again = closed_days.add_closed(ours, STUDY, STUDY, "Studiedag", by=karel)
    assert (new, again, names(ours)) == (True, False, ["Studiedag"])
    assert journaled_changes(ours) == [("school/closed", ["added"])]


def test_of_another_school_nothing_is_changed_or_removed(ours, karel):
    theirs = make_closed_day(make_school("De Overkant"), STUDY)
    assert closed_days.change_closed(ours, theirs.pk, STUDY, STUDY, "Anders", by=karel) is None
    assert not closed_days.remove_closed(ours, theirs.pk, by=karel)
    theirs.refresh_from_db()
    assert theirs.name == "Vrij"


def test_a_file_adds_what_is_new_and_touches_nothing(ours, karel):
    mine = make_closed_day(ours, STUDY, name="Studiedag")
    rows = [(STUDY, STUDY, "Studiedag"), (TODAY, TODAY, "Feest"), (TODAY, TODAY, "Feest")]
    assert closed_days.import_closed(ours, rows, by=karel) == 1
    assert closed_days.import_closed(ours, rows, by=karel) == 0
    assert names(ours, ClosedDay.FILE) == ["Feest"]
    mine.refresh_from_db()
    assert mine.source == ClosedDay.TYPED


def test_a_list_without_end_is_refused(ours, karel, monkeypatch):
    monkeypatch.setattr(closed_days, "MOST_CLOSED", 1)
    with pytest.raises(closed_days.TooManyClosedDays):
        closed_days.import_closed(ours, [(TODAY, TODAY, "A"), (TODAY, TODAY, "B")], by=karel)
    assert names(ours) == []


# A region


def test_choosing_a_region_stores_its_holidays(ours, karel):
    closed_days.use_region(ours, "NL-Midden", [2026], by=karel)
    assert names(ours, ClosedDay.REGION) == [
        each.name for each in regions.breaks("NL-Midden", 2026, "nl")
    ]
    assert School.objects.get(pk=ours.pk).region == "NL-Midden"
    assert ("school/region", ["2026", "region"]) in journaled_changes(ours)
    again = closed_days.use_region(ours, "NL-Midden", [2026], by=karel)
    assert (again.new, again.gone) == ([], [])


def test_another_region_replaces_the_list_and_leaves_what_was_changed_by_hand(ours, karel):
    closed_days.use_region(ours, "NL-Noord", [2026, 2027], by=karel)
    typed = make_closed_day(ours, STUDY, name="Studiedag")
    autumn = ClosedDay.objects.get(school=ours, name="Herfstvakantie", first__year=2026)
    later = autumn.last + datetime.timedelta(days=1)
    closed_days.change_closed(ours, autumn.pk, autumn.first, later, autumn.name, by=karel)
    plan = closed_days.plan_region(ours, "NL-Zuid", [2026])
    assert not [row for row in plan.gone if row.pk in (typed.pk, autumn.pk)]
    assert [each.name for each in plan.yours] == ["Herfstvakantie"]
    closed_days.use_region(ours, "NL-Zuid", [2026], by=karel)
    assert ClosedDay.objects.get(pk=autumn.pk).last == later
    left = ClosedDay.objects.filter(school=ours, source=ClosedDay.REGION)
    wanted = {(each.first, each.last) for each in regions.breaks("NL-Zuid", 2026, "nl")[1:]}
    # of the old list nothing is left, later years either
    assert {(row.first, row.last) for row in left} == wanted


@pytest.mark.parametrize(
    ("region", "years"), [("NL-West", [2026]), ("NL-Midden", [2099]), ("NL-Midden", [])]
)
def test_a_region_or_year_without_dates_is_refused(ours, karel, region, years):
    with pytest.raises(ValueError, match="known"):
        closed_days.use_region(ours, region, years, by=karel)
    assert names(ours) == []


# What was planned already


def test_appointments_on_a_day_that_is_closed_now(noor_case, anna, school):
    case_round = appointments.current_round(noor_case)
    appointments.plan(noor_case, case_round, Appointment.TALK, STUDY, by=anna)
    assert list(closed_days.appointments_on_closed(school)) == []
    closed_days.add_closed(school, STUDY, STUDY, "Studiedag", by=anna)
    assert [each.case for each in closed_days.appointments_on_closed(school)] == [noor_case]
    appointments.cancel(noor_case, case_round, Appointment.TALK, by=anna)
    assert list(closed_days.appointments_on_closed(school)) == []
