"""Finishing, checking or skipping a step with anything missing: no 500, and a list that leads to
the fields.
"""

import itertools
import random
import re

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import group, pages
from cases.method import METHOD
from cases.method.grammar import MEMBER
from cases.models import Case, StepRecord
from cases.tests.world import TODAY, at, undone, walk_of

AT_MOST = 14  # combinations of filled-in pages for each step


@pytest.fixture
def day():
    with at(TODAY):
        yield


def combinations(step):
    """Which pages are filled in: none, all, each alone, all but each, and some by chance."""
    keys = [page.key for page in step.pages]
    found = [
        (),
        tuple(keys),
        *((key,) for key in keys),
        *(tuple(set(keys) - {key}) for key in keys),
    ]
    more = list(
        itertools.chain.from_iterable(itertools.combinations(keys, n) for n in range(len(keys)))
    )
    random.Random(step.key).shuffle(more)
    return list(dict.fromkeys(found + more))[:AT_MOST]


def fill(walk, step, keys, dice):
    """Fill in these pages, each with some of its answers left out or of the kind that stands in the
    way.
    """
    for page in step.pages:
        if page.key not in keys:
            continue
        for member in group.members_of(walk.round) if page.kind == MEMBER else [None]:
            where = walk.at(step.key, page.key, member)
            values = walk.answers(where)
            for question in page.questions:
                if dice.random() < 0.2:
                    values[question.key] = None
                if question.column == "wish":
                    values[question.key] = dice.choice(["yes", "unsure", "no", None])
            pages.save_page(where, values, version=where.record().version, by=walk.by)


def answer(client, address, data=None):
    found = client.get(address) if data is None else client.post(address, data)
    assert found.status_code in (200, 302), f"{address} {data}: {found.status_code}"
    return found


@pytest.mark.parametrize("step", METHOD.steps, ids=lambda step: step.key)
def test_every_combination_of_missing_pages(make_case, anna, day, step):
    case = make_case(step.key)
    walk = walk_of(case)
    client = Client(raise_request_exception=True)
    client.force_login(anna)
    check, finish, skip = (
        reverse(name, args=[case.pk, 1, step.key])
        for name in ("case-check", "case-finish", "case-skip")
    )
    for number, keys in enumerate(combinations(step)):
        with undone():
            fill(walk, step, keys, random.Random(f"{step.key} {number}"))
            for data in ({}, {"reason": ""}, {"reason": "\x00"}):
                answer(client, skip, data)
            answer(client, check)
            answer(client, finish, {})
            done = StepRecord.objects.filter(
                round=walk.round, step=step.key, state=StepRecord.DONE
            ).exists()
            shown = answer(client, check + "?ask=1")
            missing = shown.context["missing"]
            if Case.objects.get(pk=case.pk).step == step.key and not done:
                # it says what comes then
                assert missing or shown.context["wish"] in ("no", "unsure"), keys
            for row in missing if number < 3 else missing[:1]:
                leads_to_a_field(client, row)


def leads_to_a_field(client, row):
    """The link of a missing answer opens the page at the question, or at what stands for it."""
    address, _hash, spot = row["url"].partition("#")
    html = answer(client, address).content.decode()
    assert re.search(rf'id="{re.escape(spot)}"', html), row
    assert row["text"] and "{" not in row["text"]


def test_addresses_that_are_none_are_not_found(make_case, anna, day):
    case = make_case("explain")
    client = Client(raise_request_exception=True)
    client.force_login(anna)
    for number in (0, 2, 99, 40_000, 10**12, 10**30):
        for step in ("talk", "explain", "nergens"):
            for name in ("check", "finish", "skip"):
                path = f"/cases/{case.pk}/{number}/{step}/{name}/"
                found = client.get(path) if name == "check" else client.post(path, {"reason": "x"})
                assert found.status_code == 404, path
    for step in METHOD.steps:
        for name in ("check", "finish", "skip"):
            path = f"/cases/{case.pk}/1/{step.key}/{name}/"
            found = client.get(path) if name == "check" else client.post(path, {"reason": "x"})
            assert found.status_code in (200, 302, 404), path
