"""A strict policy on every page, and pages that need no exception from it."""

import re

from django.conf import settings
from django.urls import reverse

from cases.tests.views.test_decorators import ACCESS_TABLE, FIXED
from cases.tests.world import addresses, bodies, undone

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
INLINE = {
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script in the page": re.compile(r"<script\b(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "a script address": re.compile(
        r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE
    ),
    "evaluated htmx": re.compile(r"\shx-(?:on|vals=.js|vars)\b", re.IGNORECASE),
    "another server": re.compile(
        r"<(?:script|link|img|iframe|form)\b[^>]*(?:src|href|action)=[\"'](?:https?:)?//", re.I
    ),
}


def answers(world):
    """(name, answer) of every page: for who runs the case, who coordinates, who is not signed in,
    and with errors.
    """
    forms = bodies(world)
    for person in ("teacher", "coordinator", "anonymous"):
        client = world.client(person)
        for name in ACCESS_TABLE:
            url = reverse(name, args=addresses(world.mine).get(name, FIXED.get(name, [])))
            if name.startswith("account_"):
                client = world.client(person)
            if person == "teacher" or not name.startswith("case-"):
                yield name, client.get(url)
            if person == "teacher" and name in forms:
                with undone():
                    yield name, client.post(url, dict.fromkeys(forms[name], "<x style=a onload=b>"))
    client = world.client("teacher")
    client.post(
        reverse("privacy-screen-enter"),
        {"back": reverse("case-step", args=[world.mine.case.pk, 1, "talk", "talk"])},
    )
    for name in ("privacy-screen", "privacy-screen-leave"):
        yield name, client.get(reverse(name))
    yield "404", client.get("/there-is-no-such-page/")


def test_every_answer_has_the_strict_policy_and_nothing_inline(world):
    wrong, pages = [], 0
    for name, answer in answers(world):
        if name in ("case-enclosure-image", "logo-image") and answer.status_code == 200:
            policy = {part.strip() for part in answer["Content-Security-Policy"].split(";")}
            assert policy == {"sandbox", "default-src 'none'"}
            assert answer["Content-Disposition"].startswith("attachment")
        else:
            given = dict(
                part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";")
            )
            if given != POLICY:
                wrong.append(f"{name}: {given}")
        for header, value in (
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
        ):
            if answer.headers.get(header) != value:
                wrong.append(f"{name}: {header} {answer.headers.get(header)}")
        assert "camera=()" in answer["Permissions-Policy"]
        if (
            answer.headers.get("Content-Type", "").startswith("text/html")
            and answer.status_code != 302
        ):
            pages += 1
            html = re.sub(r'\b(value|content)="[^"]*"', r'\1=""', answer.content.decode())
            wrong += [f"{name}: {what}" for what, pattern in INLINE.items() if pattern.search(html)]
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert pages > 40


def test_cookies_are_for_this_site_and_out_of_reach_of_scripts(world):
    client = world.client("teacher")
    client.get(reverse("home"))
    answer = world.client("anonymous").get(reverse("account_login"))
    for jar in (client.cookies, answer.cookies):
        for cookie in jar.values():
            if cookie.key in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
                assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
