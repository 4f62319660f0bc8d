"""A link to a new password: mailed by the clock, also after the mail server was away for a
while.
"""

import datetime
import re

import pytest
import time_machine
from django.conf import settings as project
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.accounts import reset_mail, sign_in_limits
from cases.models import ResetRequest, User
from cases.tests.reminders.mail_server import MailServer
from cases.tests.world import raw

UNKNOWN = "niemand@nergens.example"
NEW = "een heel nieuw wachtwoord"
LINK = re.compile(re.escape(project.PUBLIC_URL) + r"(/account/reset/\S+/)")


@pytest.fixture(autouse=True)
def fast(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def box(settings):
    """A mail server over a real socket, and the application that mails to it."""
    with MailServer() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 2
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield box


def ask(email, **headers):
    return Client(raise_request_exception=False).post(
        reverse("account_reset_password"), {"email": email}, **headers
    )


def use(link, browser):
    """Choose a new password by this link."""
    form = browser.get(link)["Location"]
    return browser.post(form, {"password1": NEW, "password2": NEW})


def told(answer):
    """What a stranger can see of an answer, but for the tokens that are new in each."""
    body = re.sub(r'(csrfmiddlewaretoken" value)="[^"]*"', r"\1", answer.content.decode())
    headers = {name: value for name, value in answer.headers.items() if name != "Expires"}
    return answer.status_code, body, headers, sorted(answer.cookies)


@pytest.mark.parametrize("mood", ["well", "busy", "refuse", "hang"])
def test_a_known_and_an_unknown_address_are_not_told_apart_and_nothing_is_lost(anna, box, mood):
    box.mood = mood
    known, unknown = ask(anna.email), ask(UNKNOWN)
    assert box.connections == 0, "the answer does not wait for the mail server"
    assert known.status_code == 302
    assert told(known) == told(unknown)
    done = [Client().get(answer["Location"]) for answer in (known, unknown)]
    assert told(done[0]) == told(done[1])
    reset_mail.send_waiting()
    assert len(box.mails) == (mood == "well")
    box.mood = "well"
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=3)):
        reset_mail.send_waiting()
        assert [message["To"] for message in box.mails] == [anna.email], (
            "it arrives when the server is back"
        )
        link = LINK.search(box.mails[0].get_content())[1]
        assert use(link, Client()).status_code == 302
    anna.refresh_from_db()
    assert anna.check_password(NEW)


def test_no_server_at_all_and_a_long_night(anna, settings, box):
    there, settings.EMAIL_PORT = box.port, 9
    start = timezone.now()
    ask(anna.email)
    tries = 0
    with time_machine.travel(start, tick=False) as clock:
        while timezone.now() < start + datetime.timedelta(hours=8):
            tries += ResetRequest.objects.filter(next_at__lte=timezone.now()).count()
            reset_mail.send_waiting()
            clock.shift(datetime.timedelta(minutes=1))
        assert tries > 100
        settings.EMAIL_PORT = there
        clock.shift(reset_mail.LONGEST_WAIT)
        assert reset_mail.send_waiting() == 1
        link = LINK.search(box.mails[0].get_content())[1]
        assert use(link, Client()).status_code == 302, "the link is made when the mail is"


def test_the_row_holds_no_token_and_no_address_in_the_clear(anna):

    ask(anna.email)
    row = ResetRequest.objects.get()
    assert anna.email.encode() not in raw(row, "email") and row.email == anna.email
    assert anna.email not in row.tag
    reset_mail.send_waiting()
    row.refresh_from_db()
    assert row.email == "" and len(mail.outbox) == 1


def _without_values(sql) -> str:
    return re.sub(r"\bs\d+_x\d+\b|'[^']*'|\b[\d.]+\b", "?", sql)


def test_the_times_of_a_known_and_an_unknown_address_are_alike(anna):
    """They take the same questions to the database, in the same order, and nothing is mailed."""
    asked = {}
    for email in (anna.email, UNKNOWN):
        ResetRequest.objects.all().delete()
        sign_in_limits.Throttle.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            ask(email)
        asked[email] = [_without_values(each["sql"]) for each in queries]
    assert asked[anna.email] == asked[UNKNOWN] and not mail.outbox


def test_asking_twice_gives_one_mail_and_a_stranger_who_asks_keeps_nobody_from_asking(anna):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for number in range(60):
            ask(anna.email, REMOTE_ADDR=f"203.0.113.{number}")
        reset_mail.send_waiting()
        assert len(mail.outbox) == 1
        answer = ask(anna.email, REMOTE_ADDR="192.0.2.10")
        assert answer.status_code == 302
        clock.shift(reset_mail.ONE_MAIL_IN + datetime.timedelta(seconds=1))
        ask(anna.email, REMOTE_ADDR="192.0.2.11")
        assert reset_mail.send_waiting() == 1


@pytest.mark.parametrize("email", ["anna@dekiezelhof.example", UNKNOWN])
def test_who_asks_again_and_again_waits(anna, email):
    assert anna.email == "anna@dekiezelhof.example"
    with time_machine.travel(timezone.now(), tick=False):
        answers = [ask(email) for _ in range(5)]
    assert [each.status_code for each in answers] == [302, 302, 302, 429, 429]
    assert answers[-1]["Retry-After"] == "30"
    text = answers[-1].content.decode()
    assert "Wacht nog 30 seconden" in text and f'value="{email}"' in text


@pytest.mark.parametrize("who", ["switched off", "no role"])
def test_who_may_not_sign_in_gets_no_mail_and_no_new_password(anna, who):
    ask(anna.email)
    reset_mail.send_waiting()
    link = LINK.search(mail.outbox[0].body)[1]
    if who == "switched off":
        User.objects.update(is_active=False)
    else:
        anna.memberships.update(active=False)
    mail.outbox.clear()
    ResetRequest.objects.all().delete()
    assert ask(anna.email).status_code == 302
    reset_mail.send_waiting()
    assert not mail.outbox
    assert "werkt niet meer" in Client().get(link).content.decode()


def test_the_link_leads_to_our_own_address_whatever_the_host_header_said(anna, settings):
    settings.ALLOWED_HOSTS = ["*"]
    ask(anna.email, HTTP_HOST="elsewhere.example")
    reset_mail.send_waiting()
    assert LINK.search(mail.outbox[0].body) and "elsewhere" not in mail.outbox[0].body


def test_who_reads_their_mail_comes_in_while_a_stranger_guesses(anna):
    """The browser in which the new password was chosen is a known one."""
    User.objects.update(password=make_password("oud wachtwoord"))
    ask(anna.email)
    reset_mail.send_waiting()
    browser = Client()
    use(LINK.search(mail.outbox[0].body)[1], browser)
    url = reverse("account_login")
    for _ in range(60):
        Client().post(url, {"login": anna.email, "password": "fout"})
    data = {"login": anna.email, "password": NEW}
    assert Client().post(url, data).status_code == 429
    assert browser.post(url, data).status_code == 302


def test_two_workers_at_once_send_one_mail(anna, monkeypatch):
    ask(anna.email)
    seen = []

    def send_twice(row, now, send=reset_mail._send):
        if not seen:
            seen.append(row)
            assert reset_mail.send_waiting() == 0, "another worker comes by meanwhile"
        return send(row, now)

    monkeypatch.setattr(reset_mail, "_send", send_twice)
    assert reset_mail.send_waiting() == 1 and len(mail.outbox) == 1


def test_what_was_handled_is_forgotten(anna):
    ask(anna.email)
    ask(UNKNOWN)
    reset_mail.send_waiting()
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=5)):
        reset_mail.forget_old()
    assert not ResetRequest.objects.exists()


def test_a_clock_that_was_ahead_loses_no_mail(anna):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=30)):
        ask(UNKNOWN)
        reset_mail.send_waiting()
        ask(anna.email)
    assert reset_mail.send_waiting() == 1
    mail.outbox.clear()
    ResetRequest.objects.update(handled_at=timezone.now() + datetime.timedelta(days=30))
    ask(anna.email)
    assert reset_mail.send_waiting() == 1
