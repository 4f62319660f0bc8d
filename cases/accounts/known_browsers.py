"""Browsers in which somebody signed in before, so that a stranger's guesses do not hold them up.

The cookie is signed, out of reach of scripts, and names nobody: a random number, and a keyed hash
for each account that signed in here. It gives no access to anything; a guess from here is counted
apart, that is all.
"""

import secrets

from django.conf import settings
from django.core import signing

from ..timestamps import open_signed
from .subjects import account, fingerprint

SALT = "known browser"
MAX_AGE = 180 * 24 * 3600  # seconds; renewed at each sign-in
MOST_ACCOUNTS = 12  # of a computer that a team shares; the one longest ago is forgotten
MARK_LENGTH = 20


def browser_of(request) -> str:
    """A keyed hash of this browser's own number; "" when nobody signed in here yet."""
    number, _marks = _read(request)
    return fingerprint("browser", number)[:32] if number else ""


def knows(request, email: str) -> bool:
    """Whether this account signed in from this browser before."""
    number, marks = _read(request)
    return bool(number) and _mark(number, email) in marks


def remember(request, response, email: str) -> None:
    """Note in the browser's cookie that this account signed in, by password or by a link from its
    mailbox.
    """
    number, marks = _read(request)
    number = number or secrets.token_urlsafe(16)
    mine = _mark(number, email)
    marks = [mine, *(mark for mark in marks if mark != mine)][:MOST_ACCOUNTS]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps({"n": number, "a": marks}, salt=SALT),
        max_age=MAX_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _read(request) -> tuple[str, list[str]]:
    cookie = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        held = open_signed(cookie, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return "", []
    return held["n"], held["a"]


def _mark(number: str, email: str) -> str:
    return fingerprint("known", number, account(email))[:MARK_LENGTH]
