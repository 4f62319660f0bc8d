"""One's own settings: what is kept, what cannot be left out, and an address that is shown once."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import CalendarFeed, JournalEntry, User
from cases.reminder_kinds import KINDS, MAY_BE_OFF
from cases.tests.world import FEED_SECRET, PASSWORD
from cases.views.form_owner import made_for

PAGE, ADDRESS = reverse("settings"), reverse("settings-calendar")
GOOD = {
    "spoken_name": "Juf Anna",
    "mail_at": "7.30",
    "mailed": [*MAY_BE_OFF],
}


def kept(world, who="teacher"):
    return User.objects.get(pk=world.people[who].pk)


@pytest.mark.parametrize("who", ["teacher", "coordinator", "administrator"])
def test_what_is_chosen_is_kept_and_shown_again(world, who):
    client = world.client(who)
    sent = client.post(
        PAGE, {"spoken_name": " Juf  Anna ", "mail_at": "8 uur", "mailed": ["today", "draft"]}
    )
    assert sent.status_code == 302
    user = kept(world, who)
    assert (user.spoken_name, user.mail_time) == ("Juf Anna", datetime.time(8))
    assert set(user.mail_off) == set(MAY_BE_OFF) - {"today", "draft"}
    page = client.get(PAGE).content.decode()
    assert 'value="Juf Anna"' in page and 'value="8.00"' in page
    ticked = set(re.findall(r'value="(\w+)"\s+checked', page))
    assert ticked == {"today", "draft"}


def test_only_names_of_what_changed_are_in_the_journal(world):
    client = world.client("teacher")
    client.post(PAGE, GOOD | {"spoken_name": "Juffrouw Kanarie"})
    line = JournalEntry.objects.filter(thing="settings").get()
    assert line.fields == ["spoken_name"] and line.case is None
    client.post(PAGE, GOOD | {"spoken_name": "Juffrouw Kanarie"})
    assert JournalEntry.objects.filter(thing="settings").count() == 1


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(MAY_BE_OFF)))
def test_what_is_overdue_cannot_be_left_out(world, kind):
    client = world.client("teacher")
    assert f'value="{kind}"' not in client.get(PAGE).content.decode()
    client.post(PAGE, {"spoken_name": "", "mail_at": "7.30"})
    assert set(kept(world).mail_off) == set(MAY_BE_OFF)


@pytest.mark.parametrize("at", ["5.59", "20.01", "23:00", "", "nonsense", "25.00", "٢٥", "\x00"])
def test_a_time_at_which_nothing_can_be_mailed_is_refused_at_its_field(world, at):
    answer = world.client("teacher").post(PAGE, GOOD | {"spoken_name": "Juf Vis", "mail_at": at})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert (
        re.search(r'id="q-mail_at_error"[^>]*>(?!\s*</p>)', html) and 'aria-invalid="true"' in html
    )
    assert 'value="Juf Vis"' in html
    assert kept(world).mail_time == datetime.time(7, 30) and not kept(world).spoken_name


@pytest.mark.parametrize(("at", "hour"), [("6", 6), ("6.00", 6), ("20:00", 20)])
def test_from_six_to_eight_in_the_evening(world, at, hour):
    assert world.client("teacher").post(PAGE, GOOD | {"mail_at": at}).status_code == 302
    assert kept(world).mail_time == datetime.time(hour)


@pytest.mark.parametrize(
    "wrong", [{"spoken_name": "x" * 61}, {"mailed": ["late"]}, {"mailed": ["<b>"]}]
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(world, wrong):
    answer = world.client("teacher").post(PAGE, GOOD | {"mail_at": "9.00"} | wrong)
    assert answer.status_code == 422
    assert kept(world).mail_time == datetime.time(7, 30)


def test_an_address_is_shown_once_and_works(world):
    client = world.client("other")
    html = client.post(ADDRESS, {"what": "make"}).content.decode()
    path = re.search(r'value="https?://[^/"]+(/calendar/[^"]+)"', html)[1]
    assert Client().get(path).status_code == 200
    again = client.get(PAGE).content.decode()
    assert path not in again and "/calendar/agenda.ics" in again


def test_a_new_address_ends_the_old_one_and_stopping_ends_it_too(world):
    client = world.client("teacher")
    old = reverse("feed", args=[FEED_SECRET])
    assert Client().get(old).status_code == 200
    html = client.post(ADDRESS, {"what": "make"}).content.decode()
    new = re.search(r'value="https?://[^/"]+(/calendar/[^"]+)"', html)[1]
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    assert client.post(ADDRESS, {"what": "stop"}).status_code == 302
    assert Client().get(new).status_code == 404
    assert not CalendarFeed.objects.filter(user=world.people["teacher"]).exists()
    assert (
        JournalEntry.objects.filter(thing="calendar").values_list("fields", flat=True).count() == 2
    )


def test_nobody_has_an_address_until_they_make_one(world):
    client = world.client("other")
    client.get(PAGE)
    client.post(ADDRESS, {"what": "nonsense"})
    client.post(ADDRESS, {"what": "stop"})
    assert CalendarFeed.objects.get().user == world.people["teacher"]


def test_what_was_typed_waits_behind_the_sign_in_page(world):
    user = world.people["teacher"]
    client = Client()
    assert (
        client.post(
            PAGE, GOOD | {"spoken_name": "Juf Wacht", "made_for": made_for(user)}
        ).status_code
        == 302
    )
    sign_in = {"login": user.email, "password": PASSWORD, "next": PAGE}
    assert client.post(reverse("account_login"), sign_in)["Location"] == PAGE
    assert 'value="Juf Wacht"' in client.get(PAGE).content.decode()
    assert not kept(world).spoken_name


def test_the_menu_leads_there(world):
    assert f'href="{PAGE}"' in world.client("administrator").get("/").content.decode()
    assert f'href="{PAGE}"' not in world.client("nobody").get("/").content.decode()
