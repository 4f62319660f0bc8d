"""Signing in, one's password, and the end of a sign-in."""

import re
from collections import Counter
from pathlib import Path

import allauth
import argon2
import pytest
import time_machine
from django.conf import settings as project
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from cases.models import User
from cases.tests.world import PASSWORD, undone

NEW = "een heel ander wachtwoord"
# Names that allauth reverses somewhere and that have no address here: why nothing of ours comes
# there.
UNREACHABLE = {
    "account_inactive": "who is switched off gets the answer to a wrong password",
    "account_set_password": "who has no password is led to the mail with a link",
    "account_signup": "nobody signs up by themselves (is_open_for_signup)",
    "account_signup_by_passkey": "as above",
    "account_email": "one address each; no page for it",
    "account_email_verification_sent": "ACCOUNT_EMAIL_VERIFICATION is none",
    "account_confirm_email": "as above",
    "account_request_login_code": "no sign-in by code",
    "account_confirm_login_code": "as above",
    "account_confirm_password_reset_code": "no reset by code",
    "account_complete_password_reset": "as above",
    "account_password_reset_completed": "as above",
    "account_change_phone": "no phone numbers",
    "account_verify_phone": "as above",
    "mfa_reauthenticate": "allauth.mfa is not installed",
    "mfa_reauthenticate_webauthn": "as above",
}
REVERSED = re.compile(
    r"""(?:reverse|reverse_lazy|_redirect_response|redirect)\(\s*["']((?:account|mfa)_\w+)["']"""
)
IN_TEMPLATE = re.compile(r"""{%\s*url\s+["'](\w+)["']""")


def answer_to(user, password, client=None):
    client = client or Client(raise_request_exception=False)
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


def counted(function, calls):
    """The function, and each call of it counted."""

    def counting(*args, **kwargs):
        calls[function.__name__] += 1
        return function(*args, **kwargs)

    return counting


def told(answer):
    """What a stranger can see of an answer, but for the token that is new in each."""
    body = re.sub(r'(csrfmiddlewaretoken" value)="[^"]*"', r"\1", answer.content.decode())
    headers = {name: value for name, value in answer.headers.items() if name != "Expires"}
    return answer.status_code, body, headers, sorted(answer.cookies)


def switch_off(user):
    User.objects.filter(pk=user.pk).update(is_active=False)


def end_roles(user):
    user.memberships.update(active=False)


@pytest.mark.parametrize("leave", [switch_off, end_roles])
def test_who_may_not_sign_in_gets_the_answer_to_a_wrong_password(world, leave):
    teacher = world.people["teacher"]
    leave(teacher)
    wrong, right = answer_to(teacher, "fout"), answer_to(teacher, PASSWORD)
    assert wrong.status_code == 200
    assert told(right) == told(wrong)
    unknown = User(email="niemand@dekiezelhof.example")
    body = told(answer_to(unknown, PASSWORD))[1].replace(unknown.email, teacher.email)
    assert body == told(wrong)[1]


def test_the_time_does_not_say_it_either(world, monkeypatch):
    """A password is hashed as often, and nothing else takes long."""
    teacher = world.people["teacher"]
    switch_off(teacher)
    people = {
        "right": (teacher, PASSWORD),
        "wrong": (teacher, "fout"),
        "unknown": (User(email="x@y.example"), "x"),
    }
    hashed = Counter()
    for where, work in ((argon2.PasswordHasher, "verify"), (argon2.low_level, "hash_secret")):
        monkeypatch.setattr(where, work, counted(getattr(where, work), hashed))
    times = {}
    for name, given in people.items():
        hashed.clear()
        with undone():
            answer_to(*given)
        times[name] = hashed.total()
    assert times == dict.fromkeys(people, 1)


@pytest.mark.parametrize("leave", [switch_off, end_roles])
def test_a_sign_in_is_over_at_once_for_who_may_not_sign_in_any_more(world, leave):
    client = Client()
    answer_to(world.people["teacher"], PASSWORD, client)
    assert client.get(reverse("home")).status_code == 200
    leave(world.people["teacher"])
    for name in ("home", "account_change_password", "token"):
        assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))
    page = client.post(reverse("case-new"), {"why": "x"})
    assert page["Location"].startswith(reverse("account_login"))


def test_a_new_password_ends_the_other_sign_ins(world):
    here, there, teacher = Client(), Client(), world.people["teacher"]
    for client in (here, there):
        answer_to(teacher, PASSWORD, client)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post(reverse("account_change_password"), data).status_code == 302
    assert here.get(reverse("home")).status_code == 200
    assert there.get(reverse("home")).status_code == 302
    assert answer_to(teacher, PASSWORD).status_code == 200
    assert answer_to(teacher, NEW).status_code == 302


def test_a_password_and_the_sign_in_that_goes_with_it_change_together_or_not_at_all(
    world, monkeypatch
):
    here, teacher = Client(raise_request_exception=False), world.people["teacher"]
    answer_to(teacher, PASSWORD, here)

    def full(_session):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("django.contrib.sessions.backends.base.SessionBase.cycle_key", full)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post(reverse("account_change_password"), data).status_code >= 500
    monkeypatch.undo()
    assert answer_to(teacher, NEW).status_code == 200
    assert answer_to(teacher, PASSWORD).status_code == 302


def test_signing_out_ends_it_on_the_server(world):
    client = Client()
    answer_to(world.people["teacher"], PASSWORD, client)
    stolen = client.cookies[project.SESSION_COOKIE_NAME].value
    assert Session.objects.filter(session_key=stolen).exists()
    client.post(reverse("account_logout"))
    assert not Session.objects.filter(session_key=stolen).exists()
    thief = Client()
    thief.cookies[project.SESSION_COOKIE_NAME] = stolen
    assert thief.get(reverse("home")).status_code == 302


def test_a_session_from_before_signing_in_is_another_one_afterwards(world):
    client = Client()
    client.post(reverse("case-new"), {"why": "x"})
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies[project.SESSION_COOKIE_NAME] = session.session_key
    answer_to(world.people["teacher"], PASSWORD, client)
    assert client.cookies[project.SESSION_COOKIE_NAME].value != session.session_key


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("account_change_password", {"oldpassword": "fout", "password1": NEW, "password2": NEW}),
        ("account_reauthenticate", {"password": "fout"}),
    ],
)
def test_one_s_own_password_gets_pauses_as_well(world, name, wrong):
    url, client, other = reverse(name), world.client("teacher"), world.client("other")
    with time_machine.travel(timezone.now(), tick=False):
        statuses = [client.post(url, wrong).status_code for _ in range(7)]
        assert statuses == [200] * 5 + [429] * 2
        answer = client.post(url, wrong)
        assert answer["Retry-After"] == "10" and "Wacht nog 10 seconden" in answer.content.decode()
        assert other.post(url, wrong).status_code == 200, "a colleague is not held up"


def test_the_password_once_more_is_accepted(world):
    assert (
        world.client("teacher")
        .post(reverse("account_reauthenticate"), {"password": PASSWORD})
        .status_code
        == 302
    )


def test_who_has_no_password_is_led_to_the_mail(world):
    teacher = world.people["teacher"]
    teacher.set_unusable_password()
    teacher.save()
    client = Client()
    client.force_login(teacher)
    assert client.get(reverse("account_change_password"))["Location"] == reverse(
        "account_reset_password"
    )


def test_every_name_that_allauth_may_reverse_has_an_address_or_cannot_be_reached():
    """Of its views, flows and templates; one that an update brings in fails until it is looked
    at.
    """
    folder = Path(allauth.__file__).parent
    code = [
        *(folder / "account").rglob("*.py"),
        *(folder / "core").rglob("*.py"),
        *folder.glob("*.py"),
    ]
    code = [path for path in code if path.name != "urls.py" and "tests" not in path.parts]
    names = {name for path in code for name in REVERSED.findall(path.read_text())}
    templates = (folder / "templates" / "account").rglob("*.*")
    names |= {name for path in templates for name in IN_TEMPLATE.findall(path.read_text())}
    from allauth.account.urls import urlpatterns

    names |= {pattern.name for pattern in urlpatterns}
    assert len(names) > 15
    routed = {each for each in get_resolver().reverse_dict if isinstance(each, str)}
    assert names - routed == set(UNREACHABLE) & names
    for name in set(UNREACHABLE):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_our_own_pages_around_signing_in_name_only_what_has_an_address():
    folder = Path(project.BASE_DIR) / "templates"
    routed = {each for each in get_resolver().reverse_dict if isinstance(each, str)}
    from cases.urls import urlpatterns

    routed |= {pattern.name for pattern in urlpatterns}
    for path in folder.rglob("*.*"):
        if path.suffix in {".html", ".txt"}:
            assert set(IN_TEMPLATE.findall(path.read_text())) <= routed, path


def test_who_has_signed_in_in_another_tab_goes_on_from_the_old_sign_in_page(world):
    teacher = User.objects.get(pk=world.people["teacher"].pk)
    client = Client(enforce_csrf_checks=True)
    client.force_login(teacher)
    form = {
        "login": f" {teacher.email.upper()}",
        "password": "wat dan ook",
        "csrfmiddlewaretoken": "oud",
    }
    wanted = reverse("case-new") + "?pending=1"
    answer = client.post(reverse("account_login"), {**form, "next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, wanted)
    elsewhere = client.post(
        reverse("account_login"), {**form, "next": "https://elsewhere.example/"}
    )
    assert elsewhere["Location"] == reverse("home")
    # Somebody else at this browser is not taken for who is signed in.
    other = {**form, "login": world.people["other"].email, "next": wanted}
    assert client.post(reverse("account_login"), other).status_code == 403
