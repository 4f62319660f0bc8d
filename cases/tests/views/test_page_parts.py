"""Parts that a page fetches by itself: whatever is wrong, no other page comes in their place."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cases.models import PendingPost
from cases.tests.world import addresses

PART = {"HX-Request": "true"}
ASKS = re.compile(r"hx-(get|post|put|patch|delete)=\"{(?:% url '([a-z-]+)'|{ (\w+) }})")
# What a template names by a variable of its view.
BY_VARIABLE = {"preview_url": "case-paper-preview"}


def asked() -> set[tuple[str, str]]:
    """(method, URL name) of everything that a template fetches."""
    found = set()
    for template in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        for verb, name, variable in ASKS.findall(template.read_text()):
            found.add((verb, name or BY_VARIABLE[variable]))
    return found


def of(world, name):
    return reverse(name, args=addresses(world.mine).get(name, []))


def ask(client, verb, address, data=None):
    return getattr(client, verb)(address, data or {}, headers=PART)


def test_every_template_that_fetches_is_seen_here():
    texts = [each.read_text() for each in Path(settings.BASE_DIR, "templates").rglob("*.html")]
    fetching = sum(len(re.findall(r"\bhx-(?:get|post|put|patch|delete)=", text)) for text in texts)
    assert fetching == sum(len(ASKS.findall(text)) for text in texts) > 0
    assert {name for _verb, name in asked()} == {
        "case-list", "overview", "case-new", "case-paper-preview", "print-job"
    }  # fmt: skip


@pytest.mark.parametrize(("verb", "name"), sorted(asked()))
def test_after_the_sign_in_has_ended_it_is_said_and_nothing_is_put_in_its_place(world, verb, name):
    form = world.client("teacher").get(reverse("case-new")).content.decode()
    made_for = re.search(r'name="made_for" value="([^"]+)"', form)[1]
    client = Client()
    answer = ask(client, verb, of(world, name), {"q": "Quir", "go": "search", "made_for": made_for})
    assert answer.status_code == 401
    assert answer.content == b""
    assert answer["Steentje-Part"] == "signed-out"
    assert answer["HX-Reswap"] == "none"
    assert answer["Cache-Control"] == "no-store"
    assert "Location" not in answer
    assert not PendingPost.objects.exists()  # the page is open, and keeps its text itself


@pytest.mark.parametrize(("verb", "name"), sorted(asked()))
def test_while_the_screen_is_covered_nothing_comes_and_it_is_said(world, verb, name):
    client = world.client("coordinator" if name == "overview" else "teacher")
    client.post(reverse("privacy-screen-enter"), {"back": "/"})
    answer = ask(client, verb, of(world, name))
    assert (answer.status_code, answer["Steentje-Part"], answer.content) == (409, "covered", b"")


def test_what_is_gone_or_not_theirs_is_a_bare_status(world):
    assert ask(world.client("other"), "get", of(world, "print-job")).status_code == 404
    assert ask(world.client("teacher"), "get", of(world, "overview")).status_code == 403


def test_a_token_from_before_signing_in_again_is_said_so_that_a_fresh_one_is_fetched(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["teacher"])
    answer = ask(client, "post", reverse("case-new"), {"q": "Quir", "go": "search"})
    assert (answer.status_code, answer["X-Csrf"]) == (403, "stale")


def test_a_whole_page_still_leads_to_the_sign_in_page_and_back(world):
    answer = Client().get(reverse("overview") + "?q=Quir")
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    back = Client().get(reverse("overview"), headers={**PART, "HX-History-Restore-Request": "true"})
    assert back.status_code == 302


@pytest.mark.parametrize("page", ["overview", "case-list", "case-new"])
def test_the_page_has_the_words_for_each_reason(world, page):
    client = world.client("coordinator")
    html = client.get(reverse(page)).content.decode()
    for why in (
        "signed-out",
        "signed-out-form",
        "covered",
        "changed",
        "forbidden",
        "gone",
        "offline",
        "failed",
    ):
        assert f'<template data-part-is="{why}">' in html
