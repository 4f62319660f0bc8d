"""The disk is full, the database takes no writes, or it is away: who reads reads on, and what was
typed comes back.

Real refusals of the real database: SQLite may not grow or may not write, PostgreSQL's session only
reads, and a database that is away lies where nothing is.
"""

import json
import logging
import re
import sqlite3
from contextlib import contextmanager

import pytest
from django.db import connection
from django.urls import reverse

from cases import outages
from cases.actions import journal, rounds, talk_pads
from cases.models import JournalEntry, PendingPost
from cases.tests.world import TODAY, addresses, at, bodies, make_world, photograph, talks_of
from cases.views.form_owner import made_for

TYPED = "Dit tikte ik net toen de schijf vol was. " * 90
SHORT = "Dit tikte ik net"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    with at(TODAY):
        yield make_world()
    journal._waiting.clear()


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def read_only():
    on, off = (
        ("PRAGMA query_only = 1", "PRAGMA query_only = 0")
        if connection.vendor == "sqlite"
        else ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    )
    sql(on)
    try:
        yield
    finally:
        sql(off)


@contextmanager
def full():
    """Not one page more, and none that is free."""
    sql("CREATE TABLE filler (junk BLOB)")
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    for size in (4000, 400, 40):
        for _ in range(10_000):
            try:
                connection.connection.execute("INSERT INTO filler VALUES (zeroblob(?))", [size])
            except sqlite3.OperationalError:
                break
        else:
            raise AssertionError("it never gets full")
    try:
        yield
    finally:
        sql("PRAGMA max_page_count = 4294967294")
        sql("DROP TABLE filler")


@contextmanager
def away():
    kept = dict(connection.settings_dict)
    connection.close()
    if connection.vendor == "sqlite":
        connection.settings_dict["NAME"] = "/nowhere/steentje.sqlite3"
    else:
        connection.settings_dict.update(HOST="127.0.0.1", PORT="1")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)


def page_of(told):
    return reverse("case-step", args=[told.case.pk, 1, "talk", "between"])


def form(told, **answers):
    return {"version": "1", "letter": "drawing", "may_show": "yes", "name_known": "on", **answers}


def text(answer):
    return answer.content.decode()


def test_a_full_disk_gives_the_page_back_and_saves_again_when_there_is_room(world):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's disk cannot be filled from here")
    client, told = world.client("teacher"), world.mine
    url = page_of(told)
    data = form(told, not_told=TYPED, go="next")
    with full():
        before = photograph()
        answer = client.post(url, data, HTTP_REFERER=f"http://testserver{url}")
        assert answer.status_code == 507
        page = text(answer)
        assert "Niet bewaard: de schijf van de server is vol." in page
        assert TYPED.strip() in page and 'data-autosave="' in page and 'name="not_told"' in page
        assert "Het is nog niet bewaard" not in page
        itself = client.post(url, data, HTTP_X_AUTOSAVE="1")
        assert itself.status_code == 507 and json.loads(itself.content) == {"unsaved": "full"}
        for name in ("home", "case-list", "settings", "blank-documents"):
            assert client.get(reverse(name)).status_code == 200, name
        for address in (url, reverse("case", args=[told.case.pk])):
            assert client.get(address).status_code == 200
        assert photograph() == before
    assert client.post(url, data).status_code == 302
    assert client.get(url).status_code == 200 and TYPED.strip() in text(client.get(url))


# What is posted where, by the page that it is posted from; each with words that must come back.
POSTED = {
    "case-step": (None, {"not_told": SHORT}),
    "case-talk": (None, {"saw": SHORT}),
    "case-later": (None, {"how": SHORT}),
    "case-new": (None, {"why": SHORT}),
    "case-plan": (None, {"plan_other": "2026-12-09"}),
    "case-skip": ("case-check", {"reason": SHORT}),
    "case-close": ("case", {"words": SHORT}),
    "case-reason": ("case", {"reason": SHORT}),
    "case-staff": ("case", {}),
    "case-pause": ("case", {}),
    "case-finish": ("case-check", {}),
    "case-move": ("case-talk", {}),
    "case-enclosures": (None, {}),
    "case-paper": (None, {}),
    "case-paper-order": ("case-paper", {}),
    "tomorrow": (None, {}),
    "settings": (None, {"spoken_name": SHORT}),
    "settings-calendar": ("settings", {}),
    "school-settings": (None, {}),
    "school-windows": (None, {}),
    "school-day-add": (None, {"name": SHORT}),
    "school-region": (None, {}),
}


# their forms are not on a page of this case: only its words can be shown
NOT_OPEN = {
    "case-later",
    "case-skip",
}


@pytest.mark.parametrize("kind", ["readonly", "away"])
def test_every_form_comes_back_with_its_text(world, kind):
    where = addresses(world.mine)
    answers = []
    for name, (page, words) in POSTED.items():
        person = "coordinator" if name.startswith("school") or name == "case-reason" else "teacher"
        client = world.client(person)
        url = reverse(name, args=where.get(name, []))
        sent_from = reverse(page, args=where.get(page, [])) if page else url
        data = {**bodies(world).get(name, {}), **words}
        before = photograph()
        with {"readonly": read_only, "away": away}[kind]():
            answer = client.post(url, data, HTTP_REFERER=f"http://testserver{sent_from}")
            itself = client.post(url, data, HTTP_X_AUTOSAVE="1")
        assert photograph() == before, name
        answers.append((name, answer, words))
        assert itself.status_code == 503 and itself.json() == {"unsaved": kind}, name
    for name, answer, words in answers:
        assert answer.status_code == 503 and answer["Retry-After"], name
        page = text(answer)
        title = {
            "readonly": "Niet bewaard: de server kan nu niets opslaan.",
            "away": "Niet bewaard: Steentje kan even niet bij de gegevens.",
        }[kind]
        assert title in page, name
        for word in words.values():
            assert word in page, name
        if kind == "readonly" and name not in NOT_OPEN:
            assert 'class="st-nav"' in page, f"{name}: not its own page"
        else:
            assert 'name="csrfmiddlewaretoken"' in page, name


def test_a_later_check_comes_back_in_its_own_page(world):
    case = rounds.begin_aftercare(world.mine.case, by=world.people["teacher"])
    url = reverse("case-later", args=[case.pk, "weeks6"])
    client = world.client("teacher")
    assert client.get(url).status_code == 200
    with read_only():
        answer = client.post(
            url,
            {"version": "0", "how": SHORT, "go": "stop"},
            HTTP_REFERER=f"http://testserver{url}",
        )
    page = text(answer)
    assert answer.status_code == 503 and SHORT in page and 'id="page-form"' in page


def test_reading_goes_on_and_each_look_is_noted_as_soon_as_it_can_be(world, caplog):
    client, told = world.client("teacher"), world.mine
    school = told.case.school
    lines = JournalEntry.objects.filter(school=school)
    before = lines.count()
    with read_only(), caplog.at_level(logging.WARNING):
        assert client.get(reverse("case", args=[told.case.pk])).status_code == 200
        assert client.get(page_of(told)).status_code == 200
        assert client.get(reverse("case-slips", args=[told.case.pk])).status_code == 200
        assert lines.count() == before and journal.waiting() == 3
    said = caplog.text
    assert str(told.case.pk) in said and str(world.people["teacher"].pk) in said
    assert not any(word in said for word in told.secrets())
    journal._tried["at"] = 0
    assert client.get(reverse("settings")).status_code == 200
    late = list(lines.filter(purpose=journal.LATE).order_by("number").values_list("action", "case"))
    assert late == [("view", told.case.pk), ("view", told.case.pk), ("print", told.case.pk)]
    assert journal.waiting() == 0 and journal.first_broken_line(school) is None


def test_when_too_many_looks_wait_nothing_is_shown(world, monkeypatch):
    client, told = world.client("teacher"), world.mine
    monkeypatch.setattr(journal, "MOST_WAITING", 1)
    with read_only():
        assert client.get(page_of(told)).status_code == 200
        refused = client.get(page_of(told))
    assert refused.status_code in (503, 507) and not told.in_(refused)


def test_a_session_that_cannot_be_stored_is_no_bad_request(world):
    client, told = world.client("teacher"), world.mine
    assert client.get(page_of(told)).status_code == 200
    with at(TODAY, 12, 30), read_only():  # its time of being seen is to be stored
        answer = client.post(
            page_of(told),
            form(told, not_told=SHORT),
            HTTP_REFERER=f"http://testserver{page_of(told)}",
        )
    assert answer.status_code == 503 and SHORT in text(answer)


def test_signing_in_while_nothing_can_be_stored(world):
    client = world.client("anonymous")
    data = {"login": world.people["teacher"].email, "password": "een lang genoeg wachtwoord"}
    url = reverse("account_login")
    for refuse in (read_only, away):
        with refuse():
            answer = client.post(url, data, HTTP_REFERER=f"http://testserver{url}")
        assert answer.status_code == 503 and "Dat lukte niet" in text(answer), refuse
        assert data["password"] not in text(answer)
        assert "te vaak" not in text(answer).lower()
    assert client.post(url, data).status_code == 302


def test_a_sign_in_that_had_ended_loses_nothing_either(world):
    told = world.mine
    with read_only():
        data = form(told, not_told=SHORT, made_for=made_for(world.people["teacher"]))
        answer = world.client("anonymous").post(page_of(told), data)
    assert answer.status_code == 503 and SHORT in text(answer)
    assert not PendingPost.objects.exists()


def test_a_form_of_another_site_is_not_put_up_to_be_sent_again(world):
    told = world.mine
    client = world.client("teacher", enforce_csrf_checks=True)
    with away():
        answer = client.post(page_of(told), form(told, not_told=SHORT))
    page = text(answer)
    assert answer.status_code == 503 and SHORT in page
    back = page.partition(f'action="{page_of(told)}"')[2].partition("</form>")[0]
    assert SHORT in back
    assert "csrfmiddlewaretoken" not in back and 'name="not_told"' not in page


def test_covering_the_screen_never_gives_the_page_back(world):
    client, told = world.client("teacher"), world.mine
    with read_only():
        answer = client.post(
            reverse("privacy-screen-enter"),
            {"back": page_of(told)},
            HTTP_REFERER=f"http://testserver{page_of(told)}",
        )
    assert answer.status_code == 503 and not told.in_(answer)


def test_what_is_given_back_under_the_privacy_screen_is_not_shown_and_not_lost(world):
    """In another tab, and with the talk screen's own button where there is no script."""
    told, client = world.mine, world.client("teacher")
    talk = next(each for each in talks_of(told) if each.page.key == "member")
    url = reverse("case-talk", args=[told.case.pk, 1, talk.step_key, talk.page.key, talk.member.pk])
    screen = client.post(url, {"version": "0", "go": "talk"})["Location"]
    form = hidden_fields(client.get(screen))
    with read_only():
        answer = client.post(screen, {**form, "text": SHORT, "go": "cover"})
        assert answer.status_code == 503
        assert SHORT not in shown(answer)
        again = hidden_fields(answer)
    assert again["text"] == SHORT
    assert client.post(screen, again)["Location"] == reverse("privacy-screen")
    assert talk_pads.pad_of(talk, world.people["teacher"]).text == SHORT
    with read_only():
        answer = client.post(url, {"version": "0", "saw": SHORT, "made_for": form["made_for"]})
    assert answer.status_code == 503
    assert SHORT not in shown(answer)
    assert hidden_fields(answer)["saw"] == SHORT


def hidden_fields(answer):
    found = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode()
    )
    return dict(found)


def shown(answer):
    """The page without its hidden fields."""
    return re.sub(r'<input type="hidden"[^>]*>', "", answer.content.decode())


def test_a_page_while_the_database_is_away_is_in_plain_words_and_in_ones_own_language(world):
    client = world.client("teacher")
    url = reverse("case", args=[world.mine.case.pk])
    with away():
        dutch = client.get(url)
        client.cookies["django_language"] = "en"
        english = client.get(url)
    assert dutch.status_code == english.status_code == 503
    assert "Steentje kan even niet bij de gegevens" in text(dutch)
    assert "Steentje cannot reach the data" in text(english)
    assert f'href="{url}"' in text(dutch)
    assert client.get(url).status_code == 200, "the first request afterwards"


def test_one_cause_is_one_line_without_contents(world, caplog):
    client, told = world.client("teacher"), world.mine
    outages._told.clear()
    with away():
        for _ in range(5):
            client.post(page_of(told), form(told, not_told=SHORT))
    errors = [line for line in caplog.records if line.levelno >= logging.ERROR]
    assert len(errors) == 1 and errors[0].exc_info is None
    assert SHORT not in caplog.text and "case-step" in caplog.text
    outages._told = {cause: [last - 61, more] for cause, (last, more) in outages._told.items()}
    with away():
        client.get(page_of(told))
    assert "4 more like it before" in caplog.text


def test_who_only_reads_is_not_called_idle_for_it(world):
    import datetime

    import time_machine
    from django.utils import timezone

    client, url = world.client("teacher"), page_of(world.mine)
    start = timezone.now()
    assert client.get(url).status_code == 200
    with read_only():
        for minutes in (50, 100, 150):
            with time_machine.travel(start + datetime.timedelta(minutes=minutes), tick=False):
                assert client.get(url).status_code == 200, minutes
    with time_machine.travel(start + datetime.timedelta(minutes=190), tick=False):
        assert client.get(url).status_code == 200
    with time_machine.travel(start + datetime.timedelta(minutes=300), tick=False):
        assert client.get(url).status_code == 302


def test_what_is_given_back_in_a_talk_can_be_covered(world):
    """A pupil sits beside it: its own pad with the button to cover, and of any other form
    nothing.
    """
    told, client = world.mine, world.client("teacher")
    talk = next(each for each in talks_of(told) if each.page.key == "member")
    url = reverse("case-talk", args=[told.case.pk, 1, talk.step_key, talk.page.key, talk.member.pk])
    screen = client.post(url, {"version": "0", "go": "talk"})["Location"]
    form = hidden_fields(client.get(screen))
    with away():
        answer = client.post(screen, {**form, "text": SHORT})
    page = answer.content.decode()
    assert answer.status_code == 503 and SHORT in shown(answer)
    assert (
        "data-privacy-screen" in page and "privacy_screen.js" in page and "data-idle-cover" in page
    )
    assert f'name="back" value="{screen}"' in page
    with read_only():
        answer = client.post(url, {"version": "0", "saw": SHORT, "made_for": form["made_for"]})
    assert answer.status_code == 503 and SHORT not in shown(answer)
    assert hidden_fields(answer)["saw"] == SHORT


def test_covering_during_an_outage_shows_nothing_of_what_goes_along(world):
    client, page = world.client("teacher"), page_of(world.mine)
    typed = f'[{{"to": "{page}", "fields": [["not_told", "{SHORT}"]]}}]'
    for broken in (read_only, away):
        with broken():
            answer = client.post(reverse("privacy-screen-enter"), {"back": page, "typed": typed})
        assert answer.status_code == 503 and SHORT not in shown(answer)
        assert SHORT in hidden_fields(answer)["typed"], "to be sent again"
