"""Forms sent after a sign-in had ended: one for each form, and nobody else's are pushed out."""

import datetime
import re
from urllib.parse import unquote

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions import unsaved_texts
from cases.models import PendingPost, User
from cases.tests.world import PASSWORD
from cases.views import form_owner

from .account.test_sign_in import end_roles, switch_off

NEW_CASE = reverse("case-new")
NOTE = re.compile(r'name="made_for" value="([^"]+)"')


def sign_in(client, user, to="/"):
    return client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": to}
    )


def end_session(client):
    """The sign-in ends as by the clock: the browser and its other cookies stay."""
    client.session.flush()


def note_of(client, url=NEW_CASE):
    return NOTE.search(client.get(url).content.decode())[1]


def send(client, note, text, url=NEW_CASE, **more):
    return client.post(url, {"made_for": note, "why": text, "q": "x", "client_key": "x", **more})


def next_of(answer):
    return unquote(answer["Location"].partition("next=")[2])


@pytest.fixture
def teacher(world):
    return world.people["teacher"]


@pytest.fixture
def browser(teacher):
    """A browser in which the teacher signed in."""
    client = Client(raise_request_exception=False)
    sign_in(client, teacher)
    return client


@pytest.fixture
def found_on_screen(browser):
    """A note that somebody else copied from the teacher's page."""
    return note_of(browser)


def texts(owner):
    return sorted(row.fields["why"][0] for row in PendingPost.objects.filter(owner=owner.pk))


def test_two_tabs_with_the_same_page_are_two_forms(browser, teacher):
    notes = [note_of(browser), note_of(browser)]
    end_session(browser)
    ways = [next_of(send(browser, note, f"tekst van tab {n}")) for n, note in enumerate(notes, 1)]
    assert texts(teacher) == ["tekst van tab 1", "tekst van tab 2"]
    sign_in(browser, teacher, ways[1])
    for way, text, other in ((ways[1], "tab 2", "tab 1"), (ways[0], "tab 1", "tab 2")):
        page = browser.get(way).content.decode()
        assert f"tekst van {text}" in page and f"tekst van {other}" not in page
        assert "Verder met deze tekst" in page, "the page leads to the other one"


def test_saving_one_form_leaves_the_other(browser, teacher, world):
    notes = [note_of(browser), note_of(browser)]
    end_session(browser)
    for number, note in enumerate(notes, 1):
        send(browser, note, f"tekst van tab {number}")
    sign_in(browser, teacher)
    page = browser.get(NEW_CASE)
    assert "tekst van tab 1" in page.content.decode()
    pupil = world.second.pupils[3]
    shown = NOTE.search(page.content.decode())[1]
    # the form comes back and stays the same one
    again = send(browser, shown, "tekst van tab 1", go="search")
    shown = NOTE.search(again.content.decode())[1]
    assert again.content.decode().count("Verder met deze tekst") == 1
    data = {"pupil": str(pupil.pk), "client_key": "1" * 32, "signs": "none", "route": "here"}
    saved = browser.post(NEW_CASE, {**data, "made_for": shown})
    assert saved.status_code == 302
    assert texts(teacher) == ["tekst van tab 2"]
    waiting = browser.get(saved["Location"], follow=True).content.decode()
    link = re.search(r'href="([^"]+\?pending=[^"]+)"', waiting)[1]
    assert "tekst van tab 2" in browser.get(link).content.decode()
    assert "Verder met deze tekst" not in browser.get(link).content.decode()
    before_the_update = link.replace("?pending=", "?kept=")
    assert "tekst van tab 2" in browser.get(before_the_update).content.decode()


def test_two_tabs_with_the_same_page_of_one_case_are_two_forms(browser, teacher, world):
    url = reverse("case-step", args=[world.mine.case.pk, 1, "talk", "between"])
    notes = [note_of(browser, url), note_of(browser, url)]
    end_session(browser)
    ways = [
        next_of(
            browser.post(
                url, {"made_for": note, "version": "1", "not_told": f"wat ik in tab {n} typte"}
            )
        )
        for n, note in enumerate(notes, 1)
    ]
    sign_in(browser, teacher)
    for number, way in enumerate(ways, 1):
        assert f"wat ik in tab {number} typte" in browser.get(way).content.decode()


def test_the_same_form_sent_again_takes_its_own_place(browser, teacher):
    note = note_of(browser)
    end_session(browser)
    send(browser, note, "eerst")
    send(browser, note, "en nog wat erbij")
    assert texts(teacher) == ["en nog wat erbij"]


def test_a_form_can_be_thrown_away_by_its_own_person_only(browser, teacher, world):
    note = note_of(browser)
    end_session(browser)
    send(browser, note, "hoeft niet meer")
    row = PendingPost.objects.get()
    url = reverse("pending-discard", args=[row.pk])
    world.client("other").post(url)
    assert PendingPost.objects.exists()
    sign_in(browser, teacher)
    browser.post(url)
    assert not PendingPost.objects.exists()
    assert "Verder met deze tekst" not in browser.get("/").content.decode()


def test_a_colleague_who_signs_in_first_does_not_lose_it_for_its_owner(browser, teacher, world):
    note = note_of(browser)
    end_session(browser)
    send(browser, note, "mijn tekst")
    sign_in(browser, world.people["other"])
    assert "Verder met deze tekst" not in browser.get("/").content.decode()
    assert "mijn tekst" not in browser.get(NEW_CASE).content.decode()
    browser.post(reverse("account_logout"))
    sign_in(browser, teacher)
    assert "mijn tekst" in browser.get(NEW_CASE).content.decode()


def test_a_note_is_good_as_long_as_a_sign_in_and_the_night_after(browser, teacher, settings):
    note, start = note_of(browser), timezone.now()
    end_session(browser)
    longest = settings.LONGEST_SESSION_HOURS + form_owner.MARGIN_HOURS
    with time_machine.travel(start + datetime.timedelta(hours=longest, minutes=1), tick=False):
        answer = send(browser, note, "dit was te laat")
        assert not PendingPost.objects.exists()
        assert answer.status_code == 403 and "dit was te laat" in answer.content.decode(), (
            "to be copied"
        )
    with time_machine.travel(start + datetime.timedelta(hours=longest, minutes=-1), tick=False):
        assert send(browser, note, "dit was op tijd").status_code == 302
        assert texts(teacher) == ["dit was op tijd"]


@pytest.mark.parametrize("leave", [switch_off, end_roles])
def test_nothing_for_who_may_not_sign_in(browser, teacher, leave):
    note = note_of(browser)
    leave(teacher)
    answer = send(browser, note, "van iemand die weg is")
    assert answer.status_code == 403
    assert not PendingPost.objects.exists()


@pytest.mark.parametrize("leave", [switch_off, end_roles])
def test_nothing_is_given_back_to_who_may_not_sign_in_any_more(browser, teacher, leave):
    note = note_of(browser)
    end_session(browser)
    send(browser, note, "van voor die tijd")
    row = PendingPost.objects.get()
    leave(teacher)
    assert unsaved_texts.pending_post(row.pk, User.objects.get(pk=teacher.pk)) is None
    sign_in(browser, teacher)
    assert "van voor die tijd" not in browser.get(NEW_CASE, follow=True).content.decode()


def test_thousands_of_posts_with_a_copied_note_push_nobody_s_text_out(
    browser, teacher, world, found_on_screen
):
    note = note_of(browser)
    colleague = Client()
    sign_in(colleague, world.people["coordinator"])
    theirs = note_of(colleague)
    for client in (browser, colleague):
        end_session(client)
    send(browser, note, "mijn eigen tekst")
    send(colleague, theirs, "tekst van een collega")
    paths = [
        reverse("case-step", args=[world.mine.case.pk, n, "talk", "between"]) for n in range(1, 42)
    ]
    for number in range(205):
        send(Client(), found_on_screen, f"rommel {number}", url=paths[number % len(paths)])
    mine = texts(teacher)
    assert "mijn eigen tekst" in mine
    assert len(mine) == 1 + unsaved_texts.MOST_KEPT_ELSEWHERE
    assert texts(world.people["coordinator"]) == ["tekst van een collega"]
    sign_in(browser, teacher)
    assert "mijn eigen tekst" in browser.get(NEW_CASE).content.decode()


def test_a_copied_note_does_not_replace_what_its_own_form_said(browser, teacher, found_on_screen):
    end_session(browser)
    send(browser, found_on_screen, "mijn eigen tekst")
    send(Client(), found_on_screen, "van een ander")
    assert texts(teacher) == ["mijn eigen tekst", "van een ander"]
    sign_in(browser, teacher)
    page = browser.get(NEW_CASE).content.decode()
    assert "mijn eigen tekst" in page and "van een ander" not in page


def test_one_s_own_oldest_makes_room(browser, teacher, monkeypatch):
    monkeypatch.setattr(unsaved_texts, "MOST_KEPT", 3)
    notes = [note_of(browser) for _ in range(5)]
    end_session(browser)
    for number, note in enumerate(notes):
        with time_machine.travel(timezone.now() + datetime.timedelta(seconds=number), tick=False):
            send(browser, note, f"tekst {number}")
    assert texts(teacher) == ["tekst 2", "tekst 3", "tekst 4"]


def test_so_many_characters_of_one_person_and_no_more(browser, teacher):
    notes = [note_of(browser) for _ in range(8)]
    end_session(browser)
    for number, note in enumerate(notes):
        with time_machine.travel(timezone.now() + datetime.timedelta(seconds=number), tick=False):
            send(browser, note, f"{number} " + "x" * 190_000)
    rows = PendingPost.objects.filter(owner=teacher.pk).order_by("created_at")
    assert sum(row.size for row in rows) <= unsaved_texts.MOST_CHARACTERS_OF_ONE
    assert [row.fields["why"][0][0] for row in rows] == ["3", "4", "5", "6", "7"]


def test_a_form_that_was_open_while_steentje_was_renewed_is_kept_like_any_other(teacher, settings):
    """A page of the earlier release has the person alone in its note."""
    note = signing.dumps(str(teacher.pk), salt=form_owner.MADE_FOR)
    start, client = timezone.now(), Client()
    assert "/account/sign-in/" in send(client, note, "eerst")["Location"]
    send(client, note, "van voor de nieuwe versie")
    assert texts(teacher) == ["van voor de nieuwe versie"], "the same form takes its own place"
    sign_in(client, teacher)
    assert "van voor de nieuwe versie" in client.get(NEW_CASE).content.decode()
    longest = settings.LONGEST_SESSION_HOURS + form_owner.MARGIN_HOURS
    with time_machine.travel(start + datetime.timedelta(hours=longest, minutes=1), tick=False):
        assert send(Client(), note, "dit was te laat").status_code == 403


def test_what_the_earlier_release_kept_is_given_back(teacher):
    client = Client()
    url = reverse("case-new")
    row = PendingPost.objects.create(
        owner=teacher.pk, path=url, fields={"why": ["van voor de nieuwe versie"]}
    )
    session = client.session
    session["kept"] = {url: str(row.pk)}
    session.save()
    sign_in(client, teacher)
    assert "Verder met deze tekst" in client.get("/").content.decode()
    page = client.get(url).content.decode()
    assert "van voor de nieuwe versie" in page and "Verder met deze tekst" not in page
    client.post(f"/session/kept/{row.pk}/discard/")  # as a page of then says
    assert "Verder met deze tekst" not in client.get("/").content.decode()
    assert not PendingPost.objects.exists()


@pytest.mark.parametrize("forged", ["", "onzin", "eyJvIjoieCJ9:1:x"])
def test_what_is_no_note_of_ours_is_not_kept(world, forged):
    answer = send(Client(raise_request_exception=False), forged, "van elders")
    assert answer.status_code == 302 and not PendingPost.objects.exists()
