"""While the screen is covered the server gives out a plain day page and nothing else, whatever is
asked.
"""

import re

import pytest
from django.urls import reverse

from cases.actions.page_location import location_of
from cases.actions.pages import values_of
from cases.tests.views.test_decorators import ACCESS_TABLE, FIXED
from cases.tests.world import addresses, bodies, photograph
from cases.views.form_owner import made_for

# The way out, and a fresh token for a page that saves itself underneath.
OPEN = {"privacy-screen", "privacy-screen-enter", "privacy-screen-leave"} | {
    "token",
    "set_language",
    "account_logout",
}
CHANGES_THE_SCREEN = {"privacy-screen-leave", "account_logout"}


def where(world, name):
    return reverse(name, args=addresses(world.mine).get(name, FIXED.get(name, [])))


def page(world):
    return reverse("case-step", args=[world.mine.case.pk, 1, "talk", "between"])


@pytest.fixture
def covered(world):
    client = world.client("teacher")
    client.post(reverse("privacy-screen-enter"), {"back": page(world)})
    return client


def test_every_address_gives_the_day_page_and_nothing_else(world, covered):
    before, wrong = photograph(), []
    for name in ACCESS_TABLE:
        for method in ("get", "post", "head", "put"):
            for headers in (
                {},
                {"HTTP_HX_REQUEST": "true"},
                {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
            ):
                if method != "get" and (headers or name in CHANGES_THE_SCREEN):
                    continue
                data = bodies(world).get(name, {}) if method == "post" else {}
                answer = getattr(covered, method)(where(world, name), data, **headers)
                found = world.mine.in_(answer) | world.second.in_(answer)
                day = answer.status_code == 302 and answer["Location"] == reverse("privacy-screen")
                # a page that asks for a part of itself: no content, and why
                if "HTTP_HX_REQUEST" in headers:
                    day = (answer.status_code, answer.content) == (409, b"")
                if found or not (day or name in OPEN):
                    wrong.append(f"{method} {name}: {answer.status_code} {sorted(found)[:3]}")
    assert not wrong, "\n".join(wrong)
    assert photograph() == before
    assert covered.session["privacy_screen"]["back"] == page(world)


def test_while_a_talk_is_held_there_is_its_screen_and_nothing_else(world):
    client, told = world.client("teacher"), world.mine
    talk = client.post(page(world), {"version": "0", "go": "talk"})["Location"]
    before, wrong = photograph(), []
    for name in ACCESS_TABLE:
        for method in ("get", "post"):
            if method == "post" and name in {
                *CHANGES_THE_SCREEN,
                "privacy-screen-enter",
                "talk-screen",
            }:
                continue
            data = bodies(world).get(name, {}) if method == "post" else {}
            answer = getattr(client, method)(where(world, name), data)
            found = told.in_(answer) | world.second.in_(answer)
            day = answer.status_code == 302 and answer["Location"] == reverse("privacy-screen")
            if found or not (day or name in OPEN):
                wrong.append(f"{method} {name}: {answer.status_code} {sorted(found)[:3]}")
    assert not wrong, "\n".join(wrong)
    assert photograph() == before
    assert client.get(talk).status_code == 200
    # From the day page one goes back to the talk, after the question: the pupil may still be there.
    assert client.get(reverse("privacy-screen-leave")).status_code == 200
    assert client.post(reverse("privacy-screen-leave"))["Location"] == talk


@pytest.mark.parametrize(
    "name", ["case-new", "case-plan", "case-skip", "case-print", "case-enclosures", "home"]
)
def test_saying_that_a_page_saves_itself_opens_no_other_page(world, covered, name):
    for way in ({"HTTP_X_AUTOSAVE": "1"}, {}):
        data = {
            **bodies(world).get(name, {}),
            "q": "Quirinda",
            **({} if way else {"autosave": "1"}),
        }
        answer = covered.post(where(world, name), data, **way)
        assert answer.status_code in (302, 405)
        assert not (world.mine.in_(answer) | world.second.in_(answer))


def test_what_was_being_typed_is_still_saved_and_answered_without_content(world, covered):
    stored = location_of(world.mine.case, world.mine.round, "talk", "between")
    data = {
        **values_of(stored),
        "version": str(stored.record().version),
        "not_told": "nog net getikt",
    }
    answer = covered.post(page(world), data, HTTP_X_AUTOSAVE="1")
    assert answer.status_code == 200 and answer.json()["joined"] == {}
    assert not world.mine.in_(answer) and "getikt" not in answer.content.decode()
    assert values_of(stored)["not_told"] == "nog net getikt"


def test_a_form_that_was_sent_while_covered_comes_back_with_its_text(world, covered):
    """Without script, from another tab: refused now, and there when its page is opened again."""
    told = world.mine
    sent = {
        "version": "1",
        "not_told": "uit een ander venster",
        "made_for": made_for(world.people["teacher"]),
    }
    assert covered.post(page(world), sent)["Location"] == reverse("privacy-screen")
    covered.post(reverse("privacy-screen-leave"))
    assert "uit een ander venster" in covered.get(page(world)).content.decode()
    assert (
        values_of(location_of(told.case, told.round, "talk", "between"))["not_told"]
        != sent["not_told"]
    )


def test_a_page_that_was_open_before_gets_no_content_either(world, covered):
    """An old version and empty fields would bring in what others wrote: not while somebody
    looks.
    """
    for step, part in (
        ("talk", "between"),
        ("talk", "helpers"),
        ("gather", "group"),
        ("ideas", "ideas"),
    ):
        url = reverse("case-step", args=[world.mine.case.pk, 1, step, part])
        answer = covered.post(url, {"version": "0"}, HTTP_X_AUTOSAVE="1")
        assert answer.status_code in (200, 409) and not world.mine.in_(answer)
        assert not answer.json().get("joined") and "leader" not in answer.content.decode()


def test_from_every_page_of_every_step_there_is_only_a_plain_day(world):
    plain = set()
    for step, part in (
        ("talk", "between"),
        ("gather", "meet"),
        ("explain", "tell"),
        ("ideas", "ideas"),
    ):
        client = world.client("teacher")
        back = reverse("case-step", args=[world.mine.case.pk, 1, step, part])
        client.post(reverse("privacy-screen-enter"), {"back": back})
        html = client.get(reverse("privacy-screen")).content.decode()
        plain.add(re.sub(r"[A-Za-z0-9]{64}", "", html))
    client = world.client("teacher")
    client.post(reverse("privacy-screen-enter"), {"back": reverse("home")})
    plain.add(
        re.sub(r"[A-Za-z0-9]{64}", "", client.get(reverse("privacy-screen")).content.decode())
    )
    assert len(plain) == 1, "the covered screen shows from where it was covered"


def test_back_only_after_asking(world, covered):
    asked = covered.get(reverse("privacy-screen-leave"))
    assert asked.status_code == 200 and not world.mine.in_(asked)
    assert covered.get(page(world))["Location"] == reverse("privacy-screen")
    assert covered.post(reverse("privacy-screen-leave"))["Location"] == page(world)
    assert covered.get(page(world)).status_code == 200


@pytest.mark.parametrize(
    "back", ["https://elders.example/", "//elders.example", "\x00", "/x" * 900, ""]
)
def test_back_stays_within_the_application(world, back):
    client = world.client("teacher")
    assert client.post(reverse("privacy-screen-enter"), {"back": back})["Location"] == "/day/"
    assert client.get(reverse("privacy-screen")).status_code == 200
    left = client.post(reverse("privacy-screen-leave"))["Location"]
    assert left.startswith("/") and not left.startswith("//")


def test_covered_twice_leads_back_to_where_it_was(world, covered):
    covered.post(reverse("privacy-screen-enter"), {"back": reverse("home")})
    assert covered.post(reverse("privacy-screen-leave"))["Location"] == page(world)


def test_no_page_of_who_is_signed_in_is_kept_by_the_browser_and_no_title_has_a_name(world):
    client = world.client("teacher")
    names = {
        word
        for told in (world.mine, world.second)
        for pupil in told.pupils
        for word in str(pupil).split()
    }
    for name in ACCESS_TABLE:
        if name.startswith("account_log"):
            continue
        answer = client.get(where(world, name))
        assert "no-store" in answer["Cache-Control"], name
        title = re.search(
            r"<title>(.*?)</title>", answer.content.decode("utf-8", "replace"), re.DOTALL
        )
        if title:
            assert not [each for each in names if each in title[1]], (name, title[1])
            assert world.mine.case.code not in title[1]
