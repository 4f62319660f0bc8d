"""Guesses get pauses that grow; who works here comes in all the same."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.accounts import sign_in_limits as limits
from cases.models import Throttle, User
from cases.tests.world import make_user

PASSWORD = "een lang genoeg wachtwoord"
SCHOOL, HOME, AWAY = "192.0.2.10", "198.51.100.20", "203.0.113."


@pytest.fixture(autouse=True)
def passwords(settings):
    """Hashing that takes no time: what is tested is whether a password is tried at all."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def staff(anna, youssef):
    User.objects.update(password=make_password(PASSWORD))
    return {"anna": anna, "youssef": youssef}


def sign_in(user, password=PASSWORD, *, address=SCHOOL, browser=None, **headers):
    """The answer to one attempt; in a new browser if none is given."""
    email = user if isinstance(user, str) else user.email
    browser = browser or Client(raise_request_exception=False)
    return browser.post(
        reverse("account_login"),
        {"login": email, "password": password},
        REMOTE_ADDR=address,
        **headers,
    )


def sign_out(browser):
    browser.post(reverse("account_logout"))


def guess(user, times, **more):
    """How many of so many wrong passwords were tried at all."""
    return [sign_in(user, f"fout {n}", **more).status_code for n in range(times)].count(200)


def test_the_pauses_grow_and_say_how_long(staff):
    start = timezone.now()
    waits = []
    with time_machine.travel(start, tick=False) as clock:
        assert guess(staff["anna"], 60) == limits.ACCOUNT_AT_ADDRESS.free
        for _ in range(6):
            answer = sign_in(staff["anna"], "fout")
            assert answer.status_code == 429
            waits.append(int(answer["Retry-After"]))
            clock.shift(datetime.timedelta(seconds=waits[-1] - 1))
            assert sign_in(staff["anna"], "fout").status_code == 429, "a second too early"
            clock.shift(datetime.timedelta(seconds=1))
            assert sign_in(staff["anna"], "fout").status_code == 200
    assert waits == [10, 20, 40, 80, 120, 120]


def test_the_page_says_it_in_words_and_keeps_the_address(staff):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        guess(staff["anna"], 5)
        page = sign_in(staff["anna"], "fout")
        text = page.content.decode()
        assert page.status_code == 429 and page["Retry-After"] == "10"
        assert "Wacht nog 10 seconden" in text and f'value="{staff["anna"].email}"' in text
        clock.shift(datetime.timedelta(seconds=9))
        assert "Wacht nog 1 seconde," in sign_in(staff["anna"], "fout").content.decode()
    assert "nog 2 minuten" in limits.pause_in_words(120)


def test_sixty_hosts_are_one_key(staff, settings):
    settings.ALLOWED_HOSTS = ["*"]
    tried = sum(
        guess(staff["anna"], 1, HTTP_HOST=f"school{n}.example:{8000 + n}") for n in range(60)
    )
    assert tried == limits.ACCOUNT_AT_ADDRESS.free


def test_made_up_forwarding_headers_change_nothing(staff, settings):
    for proxies, most in ((0, 5), (1, 0)):  # the second time they are in the pause of the first
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        tried = sum(
            guess(staff["anna"], 1, HTTP_X_FORWARDED_FOR=f"10.9.8.{n}, {SCHOOL}") for n in range(60)
        )
        assert tried <= most


def test_sixty_addresses_share_what_an_account_may(staff):
    tried = sum(guess(staff["anna"], 1, address=f"{AWAY}{n}") for n in range(60))
    assert tried == limits.ACCOUNT.free


def test_an_address_of_ipv6_is_its_whole_net(staff):
    tried = sum(guess(staff["anna"], 1, address=f"2001:db8:1:2::{n:x}") for n in range(60))
    assert tried == limits.ACCOUNT_AT_ADDRESS.free


def test_guesses_from_elsewhere_hold_nobody_up_at_school(staff):
    known = Client()
    assert sign_in(staff["anna"], browser=known).status_code == 302
    sign_out(known)
    sum(guess(staff["anna"], 1, address=f"{AWAY}{n}") for n in range(60))
    assert sign_in(staff["anna"], address=f"{AWAY}99").status_code == 429
    assert sign_in(staff["anna"], browser=known).status_code == 302
    assert sign_in(staff["anna"]).status_code == 302, "a new browser at school"
    sign_out(known)
    assert sign_in(staff["anna"], browser=known, address=HOME).status_code == 302, "known, at home"


def test_guesses_from_the_school_hold_up_one_account_in_new_browsers_only(staff):
    known = Client()
    sign_in(staff["anna"], browser=known)
    sign_out(known)
    guess(staff["anna"], 60)
    assert sign_in(staff["anna"]).status_code == 429
    assert sign_in(staff["anna"], browser=known).status_code == 302
    assert sign_in(staff["youssef"]).status_code == 302


def test_everybody_behind_one_address_types_wrongly_and_comes_in(staff, school):

    people = [make_user(school, f"Leerkracht{n}") for n in range(30)]
    User.objects.update(password=make_password(PASSWORD))
    for person in people:
        assert guess(person, 3) == 3
        assert sign_in(person).status_code == 302


def test_an_address_that_tries_one_account_after_the_other_gets_a_pause_too(staff):
    with time_machine.travel(timezone.now(), tick=False):
        tried = sum(guess(f"leerkracht{n}@school.example", 1) for n in range(310))
    assert tried == limits.ADDRESS.free


def test_a_known_browser_is_known_for_its_own_accounts_and_has_a_pause_of_its_own(staff):
    browser = Client()
    sign_in(staff["youssef"], browser=browser)
    sign_out(browser)
    guess(staff["anna"], 60, browser=browser)
    assert sign_in(staff["anna"], browser=browser).status_code == 429, "it is Youssef's, not Anna's"
    assert guess(staff["youssef"], 60, browser=browser) == limits.KNOWN_BROWSER.free
    assert sign_in(staff["youssef"]).status_code == 302, (
        "his guesses there do not hold him up elsewhere"
    )


def test_a_right_password_makes_the_own_count_begin_anew_but_not_the_shared_one(staff):
    for _ in range(4):
        assert guess(staff["anna"], 2, address=f"{AWAY}1") == 2
        assert sign_in(staff["anna"], address=f"{AWAY}1").status_code == 302
    account = [row.attempts for row in Throttle.objects.order_by("-attempts")]
    assert account[:3] == [8, 6, 2], (
        "for the address; for the account from where staff sign in, and before"
    )


@pytest.mark.parametrize("cookie", ["", "onzin", "changed"])
def test_a_cookie_of_one_s_own_making_is_no_known_browser(staff, settings, cookie):
    browser = Client()
    sign_in(staff["anna"], browser=browser)
    sign_out(browser)
    held = browser.cookies[settings.KNOWN_BROWSER_COOKIE_NAME]
    assert held["httponly"] and held["samesite"] == "Lax" and held["max-age"] > 90 * 24 * 3600
    assert staff["anna"].email not in held.value and str(staff["anna"].pk) not in held.value
    browser.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = (
        held.value[:-2] if cookie == "changed" else cookie
    )
    guess(staff["anna"], 6)
    assert sign_in(staff["anna"], browser=browser).status_code == 429


def test_a_known_and_an_unknown_address_get_the_same_pauses(staff):
    answers = []
    for email in (staff["anna"].email, "niemand@nergens.example"):
        with time_machine.travel(timezone.now(), tick=False):
            found = [sign_in(email, f"fout {n}", address=HOME) for n in range(8)]
        answers.append([(each.status_code, each.get("Retry-After")) for each in found])
    assert answers[0] == answers[1]


def test_a_clock_that_was_ahead_locks_nobody_out(staff):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=30), tick=False):
        guess(staff["anna"], 20)
    assert sign_in(staff["anna"]).status_code == 302


def test_what_nobody_needs_any_more_is_deleted_and_addresses_of_staff_are_kept(staff):
    sign_in(staff["anna"])
    guess("iemand@school.example", 2, address=HOME)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2), tick=False):
        limits.forget_old()
        assert Throttle.objects.filter(signed_in_at=None).count() == 0
        assert Throttle.objects.count() == 1
    with time_machine.travel(timezone.now() + datetime.timedelta(days=100), tick=False):
        limits.forget_old()
    assert not Throttle.objects.exists()


def test_counts_that_are_deleted_just_before_they_are_read_hold_nobody_up(staff, monkeypatch):
    """`forget_old` came between making the row and locking it."""
    monkeypatch.setattr(Throttle.objects, "bulk_create", lambda *_, **__: [])
    limits.own_password(staff["anna"]).succeeded()
    assert sign_in(staff["anna"]).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_sixteen_guesses_at_once_get_no_more_than_their_share(staff):
    ready = threading.Barrier(16)

    def one(number):
        ready.wait(20)
        try:
            return sign_in(staff["anna"], f"fout {number}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(one, range(16)))
    assert statuses.count(200) == limits.ACCOUNT_AT_ADDRESS.free
    assert statuses.count(429) == 16 - limits.ACCOUNT_AT_ADDRESS.free
