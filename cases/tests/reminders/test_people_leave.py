"""Who is told when people come, go, and hand over."""

import datetime

import pytest
from django.core import mail

from cases import reminder_kinds
from cases.actions import cases
from cases.models import CaseStaff, Membership, Reminder, User
from cases.reminders import sweep
from cases.tests.world import TUESDAY, WEDNESDAY, mailed_user, on


def swept(day, hour=8, minute=0):
    """What a sweep at that moment did; the clock stands at it."""
    with on(day, hour, minute):
        return sweep()


def test_a_colleague_who_took_it_over_is_mailed(planned, school, teacher):
    colleague = mailed_user(school, "bo@school.example")
    with on(TUESDAY, 17):
        cases.hand_over(planned.case, colleague, by=teacher)
    CaseStaff.objects.all().delete()
    swept(WEDNESDAY)
    assert [message.to for message in mail.outbox] == [["bo@school.example"]]


@pytest.mark.parametrize("lost", ["account", "membership", "administrator"])
def test_when_the_owner_left_the_coordinator_hears_of_it_once_a_week(
    planned, teacher, coordinator, lost
):
    if lost == "account":
        User.objects.filter(pk=teacher.pk).update(is_active=False)
    elif lost == "membership":
        teacher.memberships.update(active=False)
    else:
        teacher.memberships.update(role=Membership.ADMINISTRATOR)
    for day in range(8):
        swept(WEDNESDAY + datetime.timedelta(days=day))
    assert {tuple(message.to) for message in mail.outbox} == {("marieke@school.example",)}
    told = Reminder.objects.filter(kind=reminder_kinds.NOBODY, state=Reminder.SENT)
    assert sorted(told.values_list("due_on", flat=True)) == [WEDNESDAY, datetime.date(2026, 11, 18)]


def test_handed_over_before_the_mail_went_out_says_nothing_of_nobody(
    planned, teacher, coordinator, school
):
    colleague = mailed_user(school, "bo@school.example")
    teacher.memberships.update(active=False)
    swept(WEDNESDAY, 7)  # written down, too early to mail
    assert Reminder.objects.filter(kind=reminder_kinds.NOBODY, state=Reminder.DUE).exists()
    with on(WEDNESDAY, 7, 10):
        cases.hand_over(planned.case, colleague, by=coordinator)
    swept(WEDNESDAY)
    assert {tuple(message.to) for message in mail.outbox} == {("bo@school.example",)}


@pytest.mark.parametrize("there", ["colleague", "administrator"])
def test_without_a_coordinator_somebody_else_hears_that_nobody_takes_care(
    planned, school, teacher, there
):
    role = Membership.ADMINISTRATOR if there == "administrator" else Membership.TEACHER
    other = mailed_user(school, "ander@school.example", role=role)
    if there == "colleague":
        with on(TUESDAY, 17):
            cases.add_colleague(planned.case, other, by=teacher)
    User.objects.filter(pk=teacher.pk).update(is_active=False)
    swept(WEDNESDAY)
    assert [message.to for message in mail.outbox] == [["ander@school.example"]]
    assert planned.case.code in mail.outbox[0].body and "Quibbelina" not in mail.outbox[0].body


def test_who_was_away_and_is_back_hears_what_is_overdue(planned, teacher):
    teacher.memberships.update(active=False)
    for number in range(12):
        swept(WEDNESDAY + datetime.timedelta(days=number))
    assert mail.outbox == []
    teacher.memberships.update(active=True)
    swept(datetime.date(2026, 11, 23))
    assert planned.case.code in mail.outbox[0].body
