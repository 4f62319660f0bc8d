"""A clock that was ahead for a while: nothing that was made then outlives its own time."""

import datetime

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse

from cases import timestamps
from cases.reset_tokens import ResetTokens

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AHEAD = datetime.timedelta(days=30)


@pytest.fixture
def right():
    """A moment that does not move with the hour at which the tests run."""
    return datetime.datetime(2026, 10, 14, 10, 0, tzinfo=datetime.UTC)


def signed_in(user, moment):
    client = Client()
    with time_machine.travel(moment, tick=False):
        client.force_login(user, backend=BACKEND)
        assert client.get(reverse("settings")).status_code == 200
    return client


def home(client, moment):
    with time_machine.travel(moment, tick=False):
        return client.get(reverse("settings")).status_code


@pytest.mark.parametrize("days", [0, 1, 20])
def test_a_sign_in_while_the_clock_was_ahead_ends_when_it_is_right_again(anna, right, days):
    client = signed_in(anna, right + AHEAD)
    assert home(client, right + datetime.timedelta(days=days)) == 302


def test_a_page_seen_while_the_clock_was_ahead_is_no_sign_of_life(anna, right):
    client = signed_in(anna, right)
    assert home(client, right + datetime.timedelta(minutes=50)) == 200
    assert home(client, right - datetime.timedelta(minutes=30)) == 302


def test_a_clock_that_is_set_right_by_a_second_ends_nothing(anna, right):
    client = signed_in(anna, right)
    assert home(client, right - datetime.timedelta(seconds=2)) == 200


def test_looking_into_what_is_confidential_lasts_no_longer_for_a_wrong_clock(
    marieke, make_case, right
):
    """The session itself may have begun on a right clock; what was noted on the wrong one is
    expired.
    """
    case = make_case()
    client = signed_in(marieke, right)

    def looks(until):
        with time_machine.travel(right, tick=False):
            session = client.session
            session["looks_into"] = {str(case.pk): int((right + until).timestamp())}
            session.save()
            return client.get(reverse("case", args=[case.pk])).wsgi_request.user.looks_into

    assert looks(datetime.timedelta(minutes=29)) == {str(case.pk)}
    assert looks(AHEAD) == set()


def test_a_link_for_a_new_password_from_a_wrong_clock_does_not_open(anna, right):
    tokens = ResetTokens()
    with time_machine.travel(right + AHEAD, tick=False):
        link = tokens.make_token(anna)
        assert tokens.check_token(anna, link)
    with time_machine.travel(right, tick=False):
        assert not tokens.check_token(anna, link)
        assert tokens.check_token(anna, tokens.make_token(anna))


def test_allauth_makes_its_links_with_ours():
    from allauth.account.forms import default_token_generator

    assert isinstance(default_token_generator, ResetTokens)


def test_what_was_signed_in_the_future_is_expired(right):
    with time_machine.travel(right + AHEAD, tick=False):
        signed = signing.dumps({"a": 1}, salt="s", compress=True)
        assert timestamps.open_signed(signed, salt="s", max_age=60) == {"a": 1}
    with time_machine.travel(right, tick=False), pytest.raises(signing.BadSignature):
        timestamps.open_signed(signed, salt="s", max_age=60)
