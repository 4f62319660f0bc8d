"""The check of running cases where many people came and went."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from cases import reminder_kinds
from cases.models import Membership, Reminder, User
from cases.reminders.daily_mail import due_rows
from cases.reminders.monitor import (
    cases_without_next_action,
    cases_without_reminders,
    check_running_cases,
)
from cases.tests.world import TUESDAY, case_for, mailed_user, on

# SQLite takes a condition of at most a thousand parts.
MANY = 1_100


@pytest.fixture
def orphaned_cases(school, teacher, coordinator):
    """Two cases of a teacher who does not work here any more."""
    with on(TUESDAY):
        cases = [case_for(school, teacher, name) for name in ("Quibbelina", "Wobbelaar")]
    Membership.objects.filter(user=teacher).update(active=False)
    return cases


def told():
    return set(Reminder.objects.filter(kind=reminder_kinds.NOBODY).values_list("case", "due_on"))


def test_however_many_people_left(school, orphaned_cases):
    users = User.objects.bulk_create(
        User(email=f"weg{n}@school.example", name="Weg", password="!") for n in range(MANY)
    )
    Membership.objects.bulk_create(
        Membership(school=school, user=user, active=False) for user in users
    )
    with on(TUESDAY):
        check_running_cases()
    assert told() == {(case.pk, TUESDAY) for case in orphaned_cases}


def test_the_first_ones_do_not_keep_the_others_from_their_turn(orphaned_cases):
    with on(TUESDAY):
        check_running_cases(most=1)
        check_running_cases(most=1)
    assert told() == {(case.pk, TUESDAY) for case in orphaned_cases}


def test_said_again_after_a_week_and_not_before(orphaned_cases):
    week = datetime.timedelta(days=7)
    for days in range(15):
        with on(TUESDAY + datetime.timedelta(days=days)):
            check_running_cases()
    days = {TUESDAY, TUESDAY + week, TUESDAY + 2 * week}
    assert told() == {(case.pk, day) for case in orphaned_cases for day in days}


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL reads small tables from end to end"
)
def test_the_first_questions_of_a_sweep_are_answered_by_indexes_that_hold_nothing_else(db):
    assert "case_without_next" in cases_without_next_action().explain()
    assert "case_by_day" in cases_without_reminders().explain()
    assert "reminder_due" in due_rows(timezone.now()).explain()


def test_who_left_one_school_and_works_at_another_is_there(school, orphaned_cases, teacher):
    from cases.models import School

    elsewhere = School.objects.create(name="De Overkant", country="NL")
    Membership.objects.create(school=elsewhere, user=teacher)
    with on(TUESDAY):
        case = case_for(elsewhere, teacher)
        mailed_user(elsewhere, "zorg@overkant.example", role=Membership.COORDINATOR)
        check_running_cases()
    assert case.pk not in {key for key, _day in told()}
    assert len(told()) == 2
