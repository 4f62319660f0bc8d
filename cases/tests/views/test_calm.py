"""While somebody looks along the server gives out only what a pupil may read, whatever is asked."""

import re

import pytest
from django.core import signing
from django.urls import reverse

from cases.actions.pages import values_of
from cases.actions.place import place
from cases.models import Scratch
from cases.tests.test_doors import DOORS, FIXED
from cases.views.calm import PAD

from .world import addresses, bodies, photograph

# The way out, the calm pages themselves, and a fresh token for the scratch pad.
OPEN = {"calm", "calm-enter", "calm-leave", "calm-scratch", "token", "set_language", "account_logout"}


def where(world, name):
    return reverse(name, args=addresses(world.mine).get(name, FIXED.get(name, [])))


def page(world):
    return reverse("case-step", args=[world.mine.case.pk, 1, "talk", "between"])


@pytest.fixture
def covered(world):
    client = world.client("teacher")
    client.post(reverse("calm-enter"), {"back": page(world)})
    return client


def allowed(world):
    """On the calm page stand the pupil's own name and the scratch pad, nothing else of a case."""
    return {world.mine.pupils[0].first_name, "kwettereenscratch"}


def test_every_address_gives_the_calm_page_and_nothing_else(world, covered):
    before, wrong = photograph(), []
    for name in DOORS:
        for method in ("get", "post", "head", "put"):
            for headers in ({}, {"HTTP_HX_REQUEST": "true"}, {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}):
                if name in ("account_logout", "calm-leave", "calm-scratch", "calm-enter") and method != "get":
                    continue
                if headers and method != "get":
                    continue
                data = bodies(world).get(name, {}) if method == "post" else {}
                answer = getattr(covered, method)(where(world, name), data, **headers)
                found = (world.mine.in_(answer) - allowed(world)) | world.second.in_(answer)
                calm = answer.status_code == 302 and answer["Location"] == reverse("calm")
                if "HTTP_HX_REQUEST" in headers:  # a page that asks for a part of itself: no content, and why
                    calm = (answer.status_code, answer.content) == (409, b"")
                if found or not (calm or name in OPEN):
                    wrong.append(f"{method} {name}: {answer.status_code} {sorted(found)[:3]}")
    assert not wrong, "\n".join(wrong)
    assert photograph() == before
    assert covered.session["calm"]["back"] == page(world)


@pytest.mark.parametrize(
    "name", ["case-new", "case-plan", "case-skip", "case-print", "case-enclosures", "home"]
)
def test_saying_that_a_page_saves_itself_opens_no_other_page(world, covered, name):
    for way in ({"HTTP_X_AUTOSAVE": "1"}, {}):
        data = {**bodies(world).get(name, {}), "q": "Quirinda", **({} if way else {"autosave": "1"})}
        answer = covered.post(where(world, name), data, **way)
        assert answer.status_code in (302, 405)
        assert not (world.mine.in_(answer) | world.second.in_(answer))


def test_what_was_being_typed_is_still_saved_and_answered_without_content(world, covered):
    stored = place(world.mine.case, world.mine.round, "talk", "between")
    data = {**values_of(stored), "version": str(stored.record().version), "not_told": "nog net getikt"}
    answer = covered.post(page(world), data, HTTP_X_AUTOSAVE="1")
    assert answer.status_code == 200 and answer.json()["joined"] == {}
    assert not world.mine.in_(answer) and "getikt" not in answer.content.decode()
    assert values_of(stored)["not_told"] == "nog net getikt"


def test_a_page_that_was_open_before_gets_no_content_either(world, covered):
    """An old version and empty fields would bring in what others wrote: not while somebody looks along."""
    for step, part in (("talk", "between"), ("talk", "helpers"), ("gather", "group"), ("ideas", "ideas")):
        url = reverse("case-step", args=[world.mine.case.pk, 1, step, part])
        answer = covered.post(url, {"version": "0"}, HTTP_X_AUTOSAVE="1")
        assert answer.status_code in (200, 409) and not world.mine.in_(answer)
        assert not answer.json().get("joined") and "leader" not in answer.content.decode()


def test_the_calm_page_holds_no_roles_secrets_or_others_not_even_hidden(world):
    for step, part in (("talk", "between"), ("gather", "group"), ("explain", "tell"), ("ideas", "ideas")):
        client = world.client("teacher")
        client.post(
            reverse("calm-enter"), {"back": reverse("case-step", args=[world.mine.case.pk, 1, step, part])}
        )
        answer = client.get(reverse("calm"))
        html = answer.content.decode()
        assert answer.status_code == 200
        assert not (world.mine.in_(answer) - allowed(world)) and not world.second.in_(answer)
        for pupil in world.mine.pupils:
            assert str(pupil.pk) not in html
        assert str(world.mine.case.pk) not in html and world.mine.case.code not in html
        assert "Anna" not in html and "M10 1.5L18.5" not in html
        day = client.get(reverse("calm") + "?day=1")
        assert not world.mine.in_(day) and not world.second.in_(day)


def test_coming_from_a_page_that_is_no_step_gives_a_plain_day(world):
    for back in (
        reverse("home"),
        where(world, "case"),
        "https://elders.example/",
        "//elders.example",
        "\x00",
        "/x" * 900,
    ):
        client = world.client("teacher")
        assert client.post(reverse("calm-enter"), {"back": back})["Location"] == reverse("calm")
        answer = client.get(reverse("calm"))
        assert answer.status_code == 200 and not world.mine.in_(answer)
        left = client.post(reverse("calm-leave"))
        assert (
            left.status_code == 302
            and left["Location"].startswith("/")
            and not left["Location"].startswith("//")
        )


def test_back_only_after_asking(world, covered):
    asked = covered.get(reverse("calm-leave"))
    assert asked.status_code == 200 and not world.mine.in_(asked)
    assert covered.get(page(world))["Location"] == reverse("calm")
    assert covered.post(reverse("calm-leave"))["Location"] == page(world)
    assert covered.get(page(world)).status_code == 200


def test_the_scratch_pad_is_kept_without_cutting_what_fits(world, covered):
    text = "regel van vijfentwintig.\r\n" * 190  # within 5,000 characters as the browser counts them
    pad = covered.get(reverse("calm")).context["pad"]
    answer = covered.post(reverse("calm-scratch"), {"text": text, "pad": pad}, HTTP_X_AUTOSAVE="1")
    assert set(answer.json()) == {"version", "saved", "errors"}
    scratch = Scratch.objects.get(case=world.mine.case, user=world.people["teacher"])
    assert scratch.text == text.replace("\r\n", "\n").strip()
    odd = {"text": "\x00\ud7ff😀" + "x" * 90_000, "pad": pad}
    assert covered.post(reverse("calm-scratch"), odd).status_code == 302


def test_the_scratch_pad_of_nobody_is_no_error(world):
    for who in ("nobody", "administrator", "stranger"):
        client = world.client(who)
        client.post(reverse("calm-enter"), {"back": page(world)})
        assert not world.mine.in_(client.get(reverse("calm")))
        pad = signing.dumps(str(world.mine.case.pk), salt=PAD)
        for token in ("", "onzin", pad):
            data = {"text": "x", "pad": token}
            assert client.post(reverse("calm-scratch"), data, HTTP_X_AUTOSAVE="1").status_code == 409
    pads = [(pad.user_id, pad.text) for pad in Scratch.objects.filter(case=world.mine.case)]
    assert pads == [(world.people["teacher"].pk, "kwettereenscratch")]


def test_no_page_of_who_is_signed_in_is_kept_by_the_browser_and_no_title_has_a_name(world):
    client = world.client("teacher")
    names = {
        word for told in (world.mine, world.second) for pupil in told.pupils for word in str(pupil).split()
    }
    for name in DOORS:
        if name.startswith("account_log"):
            continue
        answer = client.get(where(world, name))
        assert "no-store" in answer["Cache-Control"], name
        title = re.search(r"<title>(.*?)</title>", answer.content.decode("utf-8", "replace"), re.DOTALL)
        if title:
            assert not [each for each in names if each in title[1]], (name, title[1])
            assert world.mine.case.code not in title[1]
