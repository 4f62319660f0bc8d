"""After the school's days changed: on which day the mail comes."""

import datetime

import pytest
from django.core import mail

from cases.actions import closed_days, days_changed, school_settings
from cases.models import Case, ClosedDay, School
from cases.reminders import sweep
from cases.tests.world import FRIDAY, MONDAY, THURSDAY, TUESDAY, case_for, on, plan_talk

NEXT_TUESDAY = MONDAY + datetime.timedelta(days=1)
WEEKEND = [5, 6]


@pytest.fixture
def talk(case):
    """The first talk is on Tuesday, planned a week before: "tomorrow" is said on Monday."""
    with on(TUESDAY, 16):
        return plan_talk(case, NEXT_TUESDAY)


def mails_on(*days):
    """How many mails there were on each of these days."""
    found = []
    for day in days:
        before = len(mail.outbox)
        with on(day):
            sweep()
        found.append(len(mail.outbox) - before)
    return found


def add(school, by):
    closed_days.add_closed(school, MONDAY, MONDAY, "Studiedag", by=by)


def shift(school, by):
    there = ClosedDay.objects.create(
        school=school,
        first=MONDAY + datetime.timedelta(days=90),
        last=MONDAY + datetime.timedelta(days=90),
    )
    closed_days.change_closed(school, there.pk, MONDAY, MONDAY, "Studiedag", by=by)


def from_file(school, by):
    far = MONDAY + datetime.timedelta(days=200)
    closed_days.import_closed(school, [(MONDAY, MONDAY, "Studiedag"), (far, far, "Later")], by=by)


def week(school, by):
    school_settings.change_settings(school, {"free_weekdays": [0, *WEEKEND]}, by=by)


@pytest.mark.parametrize("close", [add, shift, from_file, week])
def test_when_monday_becomes_a_day_without_school_friday_says_it(talk, school, teacher, close):
    with on(TUESDAY, 17):
        close(school, teacher)
    assert mails_on(THURSDAY, FRIDAY, MONDAY, NEXT_TUESDAY) == [0, 1, 0, 1]


def test_when_monday_is_a_school_day_again_monday_says_it(talk, school, teacher):
    with on(TUESDAY, 17):
        row, _new = closed_days.add_closed(school, MONDAY, MONDAY, "Studiedag", by=teacher)
        assert closed_days.remove_closed(school, row.pk, by=teacher)
    assert mails_on(THURSDAY, FRIDAY, MONDAY, NEXT_TUESDAY) == [0, 0, 1, 1]


def test_when_the_list_of_a_region_changes(case, school, teacher):
    """The talk is on the first day after the Christmas holidays, which are two weeks long."""
    eve = datetime.date(2026, 12, 18)
    with on(eve - datetime.timedelta(days=4)):
        plan_talk(case, datetime.date(2027, 1, 4))
        closed_days.use_region(school, "NL-Noord", [2026], by=teacher)
    assert mails_on(eve - datetime.timedelta(days=1), eve) == [0, 1]


@pytest.mark.parametrize("most", [1, 2, 10])
def test_with_many_cases_it_goes_on_in_batches(talk, school, teacher, monkeypatch, most):
    monkeypatch.setattr(days_changed, "MOST_WHILE_WAITING", 1)
    with on(TUESDAY, 17):
        for name in ("Anouk", "Boris"):
            plan_talk(case_for(school, teacher, name), NEXT_TUESDAY)
        add(school, teacher)
        assert School.objects.exclude(days_changed_at=None).exists()
        looked = [days_changed.refresh_after_days(school, most=most) for _batch in range(4)]
        assert sum(looked) == Case.objects.count() and max(looked) <= most
    assert not School.objects.exclude(days_changed_at=None).exists()
    assert mails_on(FRIDAY, MONDAY, NEXT_TUESDAY) == [1, 0, 1]
    assert all(case.code in mail.outbox[0].body for case in Case.objects.all())


def test_days_that_change_halfway_begin_again(talk, school, teacher, monkeypatch):
    monkeypatch.setattr(days_changed, "MOST_WHILE_WAITING", 0)
    with on(TUESDAY, 17):
        plan_talk(case_for(school, teacher, "Anouk"), NEXT_TUESDAY)
        closed_days.add_closed(school, FRIDAY, FRIDAY, "Studiedag", by=teacher)
        assert days_changed.refresh_after_days(school, most=1) == 1
    with on(TUESDAY, 18):
        add(school, teacher)
        while days_changed.refresh_after_days(school, most=1):
            pass
    assert mails_on(THURSDAY, FRIDAY, MONDAY) == [1, 0, 0]
    assert all(case.code in mail.outbox[0].body for case in Case.objects.all())
