"""The private calendar address: who has it reads times and nothing else; whoever should not, gets a
bare 404.
"""

import logging
from unittest import mock

import icalendar
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions import personal_settings
from cases.models import Appointment, CalendarFeed, JournalEntry, Membership, User
from cases.tests.world import FEED_SECRET, TODAY, addresses, at
from cases.views.planning.calendar_files import READS_AN_HOUR
from noblame.logs import WithoutSecrets

FEED = reverse("feed", args=[FEED_SECRET])


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


def read(url=FEED):
    """As a calendar program: no cookies, no sign-in."""
    return Client(raise_request_exception=False).get(url)


def test_a_calendar_program_reads_it_without_signing_in(world):
    answer = read()
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'inline; filename="agenda.ics"'
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    shown = {str(event["UID"]) for event in icalendar.Calendar.from_ical(answer.content).events}
    mine = Appointment.objects.filter(owner=world.people["teacher"])
    assert shown == {f"{pk}@steentje" for pk in mine.values_list("pk", flat=True)} and shown


def test_nothing_of_any_support_plan_is_in_it(world):
    answer = read()
    for told in (world.mine, world.second, world.far):
        assert not told.in_(answer)
        assert told.case.code not in answer.content.decode()
        assert str(told.case.pk) not in answer.content.decode()
    for word in ("zebra", "Kiezelhof", "http", "Anna"):
        assert word not in answer.content.decode()


@pytest.mark.parametrize(
    "ends",
    [
        lambda user: personal_settings.stop_address(by=user),
        lambda user: personal_settings.new_address(by=user),
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user: Membership.objects.filter(user=user).update(active=False),
    ],
    ids=["stopped", "replaced", "account ended", "left the school"],
)
def test_the_address_ends_at_once(world, ends):
    ends(world.people["teacher"])
    answer = read()
    assert (answer.status_code, answer.content) == (404, b"")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "secret", ["x", "geheim", FEED_SECRET.upper(), FEED_SECRET + "x", "%00", "%ED%A0%80", "é"]
)
def test_any_other_address_is_a_bare_404(world, secret):
    answer = read(f"/calendar/{secret}/agenda.ics")
    assert (answer.status_code, answer.content) == (404, b"")


def test_sixty_times_an_hour_and_then_it_waits(world):
    assert {read().status_code for _time in range(READS_AN_HOUR)} == {200}
    answer = read()
    assert (answer.status_code, answer.content) == (429, b"")
    assert int(answer["Retry-After"]) > 0
    with at(TODAY, 13):
        assert read().status_code == 200


def test_the_count_lasts_the_whole_hour(world):
    """Also in a cache that forgets how long a number is kept when it is counted up."""
    for minute in range(0, 60, 6):
        with at(TODAY, 12, minute):
            answers = {read().status_code for _time in range(6)}
    assert answers == {200}
    with at(TODAY, 12, 59):
        assert read().status_code == 429


def test_that_it_was_read_is_noted_once_an_hour_and_nothing_else_is_written(world):
    CalendarFeed.objects.update(last_read_at=None)
    lines = JournalEntry.objects.count()
    read()
    with at(TODAY, 12, 59):
        read()
    assert CalendarFeed.objects.get().last_read_at == timezone.now()
    with at(TODAY, 13):
        read()
        assert CalendarFeed.objects.get().last_read_at == timezone.now()
    assert JournalEntry.objects.count() == lines


def test_the_secret_is_not_kept_and_not_logged(world):
    secret = personal_settings.new_address(by=world.people["teacher"])
    assert len(secret) >= 43
    assert secret not in str(list(CalendarFeed.objects.values()))
    path = reverse("feed", args=[secret])
    record = logging.makeLogRecord({"msg": "%s: %s", "args": ("Internal Server Error", path)})
    assert WithoutSecrets("{message}", style="{").format(record) == (
        "Internal Server Error: /calendar/.../agenda.ics"
    )


def test_a_failure_does_not_put_the_secret_in_our_log(world):
    said = []
    handler = next(
        each for each in logging.getLogger().handlers if isinstance(each.formatter, WithoutSecrets)
    )
    with (
        mock.patch.object(handler, "emit", lambda record: said.append(handler.format(record))),
        mock.patch(
            "cases.views.planning.calendar_files.calendar_feed.calendar_file",
            side_effect=RuntimeError(FEED),
        ),
    ):
        assert read().status_code == 500
    assert said
    assert FEED_SECRET not in "".join(said)


def test_one_appointment_is_taken_along_and_noted(world):
    client, told = world.client("teacher"), world.mine
    url = reverse("case-calendar", args=addresses(told)["case-calendar"])
    answer = client.get(url)
    (event,) = icalendar.Calendar.from_ical(answer.content).events
    assert event["UID"] == f"{Appointment.objects.get(round=told.round, kind='pupil').pk}@steentje"
    assert answer["Content-Disposition"] == 'attachment; filename="agenda.ics"'
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert not told.in_(answer)
    assert (
        JournalEntry.objects.order_by("number").filter(case=told.case.pk).last().thing
        == "1/calendar/pupil"
    )
    assert url in client.get(reverse("case", args=[told.case.pk])).content.decode()


def test_all_of_ones_own_are_taken_along_and_noted_by_code(world):
    client = world.client("teacher")
    answer = client.get(reverse("calendar"))
    assert icalendar.Calendar.from_ical(answer.content).events
    line = JournalEntry.objects.filter(thing="calendar").last()
    assert set(line.fields) == {world.mine.case.code, world.second.case.code}
    assert not icalendar.Calendar.from_ical(
        world.client("other").get(reverse("calendar")).content
    ).events
