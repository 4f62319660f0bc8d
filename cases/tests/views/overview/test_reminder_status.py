"""Whether the clock runs is said where somebody looks; failed mails can be sent again by who
may.
"""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import DailyMail, JournalEntry, SweepRun
from cases.tests.world import TODAY, make_user, open_case


def ran(minutes, error=""):
    began = timezone.now() - datetime.timedelta(minutes=minutes)
    return SweepRun.objects.create(started_at=began, ended_at=began, error=error)


def warned(client, name):
    page = client.get(reverse(name)).content
    return b'role="alert"' in re.sub(rb"<template.*?</template>", b"", page, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("who", "name"), [("marieke", "overview"), ("karel", "home"), ("karel", "reminders")]
)
def test_no_sweep_for_an_hour_is_said_plainly(client, request, who, name):
    client.force_login(request.getfixturevalue(who))
    assert warned(client, name), "it never ran"
    ran(30)
    assert not warned(client, name)
    SweepRun.objects.all().delete()
    ran(61)
    ran(5, error="ValueError")
    assert warned(client, name), "it ran and failed"


def test_a_coordinator_with_cases_of_her_own_sees_it_at_home(client, marieke, noor):
    open_case(noor, marieke)
    client.force_login(marieke)
    assert warned(client, "home")


def test_a_teacher_is_not_bothered_with_it(client, anna):
    client.force_login(anna)
    assert not warned(client, "home")


@pytest.fixture
def failed(anna):
    return DailyMail.objects.create(
        recipient=anna,
        date=anna.membership.school.today(),
        state=DailyMail.FAILED,
        attempts=6,
        last_error="SMTPDataError",
    )


def test_a_failed_mail_is_shown_and_sent_again_once(client, karel, failed):
    client.force_login(karel)
    page = client.get(reverse("reminders")).content.decode()
    assert "Anna" in page and "SMTPDataError" in page
    client.post(reverse("reminders-again"), {"mail": str(failed.pk)})
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.last_error) == (DailyMail.DUE, 0, "")
    assert JournalEntry.objects.filter(action="send again", actor=karel).count() == 1
    client.post(reverse("reminders-again"), {"mail": "all"})
    assert JournalEntry.objects.filter(action="send again").count() == 1


def test_another_schools_mails_are_not_there(client, stranger, failed, other_school):
    boss = make_user(other_school, "Baas", "administrator")
    client.force_login(boss)
    assert "SMTPDataError" not in client.get(reverse("reminders")).content.decode()
    client.post(reverse("reminders-again"), {"mail": str(failed.pk)})
    client.post(reverse("reminders-again"), {"mail": "all"})
    failed.refresh_from_db()
    assert failed.state == DailyMail.FAILED


@pytest.mark.parametrize("mail", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_nonsense_changes_nothing(client, karel, failed, mail):
    client.force_login(karel)
    assert client.post(reverse("reminders-again"), {"mail": mail}).status_code == 302
    failed.refresh_from_db()
    assert failed.state == DailyMail.FAILED


def test_the_page_says_nothing_of_cases(client, karel, noor_case):
    client.force_login(karel)
    page = client.get(reverse("reminders")).content.decode()
    assert noor_case.code not in page and "Noor" not in page


def test_a_long_list_costs_the_same(client, karel, anna, django_assert_max_num_queries):
    client.force_login(karel)
    for days in range(60):
        DailyMail.objects.create(
            recipient=anna,
            date=TODAY - datetime.timedelta(days=days),
            state=DailyMail.FAILED,
            attempts=6,
        )
    with django_assert_max_num_queries(16):
        page = client.get(reverse("reminders"))
    assert len(page.context["page"].object_list) == 50
