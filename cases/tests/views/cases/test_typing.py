"""Nobody's text is lost: saved while typing, two people on one page, a sign-in that ended."""

import datetime
import json

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions import cases, group, unsaved_texts
from cases.actions.page_location import location_of
from cases.actions.pages import values_of
from cases.method import METHOD
from cases.method.grammar import LINE, TEXT
from cases.models import Case, LateText, PendingPost, StepRecord
from cases.tests.world import PASSWORD, raw
from cases.views.form_owner import made_for

TYPED = "Dit tikte ik net voor de bel"


def url_of(told, step="talk", page="between"):
    return reverse("case-step", args=[told.case.pk, 1, step, page])


def stored(told, step="talk", page="between"):
    return values_of(location_of(told.case, told.round, step, page))


def record(told, step="talk", page="between"):
    return location_of(told.case, told.round, step, page).record()


def form(told, step="talk", page="between", **answers):
    """The page as it was loaded, with some answers changed."""
    version = str(record(told, step, page).version)
    return {"version": version, **stored(told, step, page), **answers}


def autosave(client, told, data):
    return client.post(url_of(told), data, HTTP_X_AUTOSAVE="1")


def sign_in(client, user, to):
    return client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": to}
    )


@pytest.fixture
def colleague(world):
    cases.add_colleague(world.mine.case, world.people["other"], by=world.people["teacher"])
    return world.client("other")


def test_a_page_that_saves_itself_gets_its_version_and_the_time(world):
    client, told = world.client("teacher"), world.mine
    version = record(told).version
    answer = autosave(client, told, form(told, not_told=TYPED))
    assert answer.json() == {"version": version + 1, "saved": "12.00", "errors": {}, "joined": {}}
    assert stored(told)["not_told"] == TYPED
    assert TYPED not in answer.content.decode()


def test_one_field_that_is_wrong_is_named_and_the_others_are_kept(world):
    client, told = world.client("teacher"), world.mine
    answer = autosave(client, told, form(told, not_told=TYPED, letter="vliegtuig")).json()
    assert set(answer["errors"]) == {"letter"} and answer["errors"]["letter"]
    assert stored(told)["not_told"] == TYPED and stored(told)["letter"] == "drawing"


def test_sending_the_same_again_with_the_old_version_is_no_conflict(world):
    client, told = world.client("teacher"), world.mine
    data = form(told, not_told=TYPED)
    first, again = autosave(client, told, data), autosave(client, told, data)
    assert again.status_code == 200 and again.json()["version"] == first.json()["version"]


def test_answers_of_two_people_to_different_questions_are_joined(world, colleague):
    client, told = world.client("teacher"), world.mine
    mine, theirs = form(told, not_told=TYPED), form(told, letter="none")
    assert autosave(colleague, told, theirs).status_code == 200
    assert autosave(client, told, mine).status_code == 200
    assert stored(told)["not_told"] == TYPED and stored(told)["letter"] == "none"


@pytest.mark.parametrize("choice", ["mine", "theirs", "both"])
def test_two_texts_on_one_question_are_shown_and_one_chooses(world, colleague, choice):
    client, told = world.client("teacher"), world.mine
    mine, theirs = (
        form(told, not_told=TYPED, letter="none"),
        form(told, not_told="Wat de ander schreef"),
    )
    autosave(colleague, told, theirs)
    answer = autosave(client, told, mine)
    assert answer.status_code == 409 and answer.json() == {
        "conflict": True,
        "own": False,
        "url": url_of(told),
    }
    assert stored(told)["not_told"] == "Wat de ander schreef"
    page = client.post(url_of(told), mine)
    html = page.content.decode()
    assert page.status_code == 409
    assert TYPED.split()[0] in html and "schreef" in html and "Youssef" in html
    hidden = page.context["rest"] + [("version", page.context["version"]), ("not_told", TYPED)]
    chosen = {**dict(hidden), "resolve": "1", "keep-not_told": choice, "go": "next"}
    assert client.post(url_of(told), chosen).status_code == 302
    kept = stored(told)["not_told"]
    assert (TYPED in kept) == (choice in ("mine", "both"))
    assert ("Wat de ander schreef" in kept) == (choice in ("theirs", "both"))
    assert stored(told)["letter"] == "none", "my answer to another question went missing"


def test_what_is_typed_while_choosing_is_not_overwritten_silently(world, colleague):
    client, told = world.client("teacher"), world.mine
    mine = form(told, not_told=TYPED)
    autosave(colleague, told, form(told, not_told="Wat de ander schreef"))
    page = client.post(url_of(told), mine)
    autosave(colleague, told, form(told, not_told="En nog meer van de ander"))
    chosen = {**mine, "version": page.context["version"], "resolve": "1", "keep-not_told": "mine"}
    assert client.post(url_of(told), chosen).status_code == 409
    assert stored(told)["not_told"] == "En nog meer van de ander"


OF_EACH_MEMBER = [
    (step.key, page.key, question)
    for step in METHOD.steps
    for page in step.pages
    for question in page.questions
    if question.per_member and question.kind in (TEXT, LINE)
]


@pytest.mark.parametrize(
    ("step", "page", "question"), OF_EACH_MEMBER, ids=[each[2].key for each in OF_EACH_MEMBER]
)
def test_what_is_typed_of_a_pupil_who_left_the_group_meanwhile_is_kept(world, step, page, question):
    told, client = world.mine, world.client("teacher")
    gone, stays = told.members[0], told.members[1]
    url = url_of(told, step, page)
    typed = form(told, step, page) | {
        f"{question.key}:{gone.pk}": TYPED,
        f"{question.key}:{stays.pk}": "Van een ander",
    }
    group.set_roles(told.round, {str(gone.pupil_id): ""}, by=world.people["coordinator"])
    answer = client.post(url, typed, HTTP_X_AUTOSAVE="1")
    assert answer.status_code == 409 and answer.json()["conflict"]
    assert not LateText.objects.exists()  # it stands on the screen still
    for _again in range(2):
        assert client.post(url, typed | {"go": "stop"}).status_code == 302
    (kept,) = LateText.objects.get().typed["texts"]
    assert kept[1] == TYPED and gone.pupil.first_name in kept[0]
    assert stored(told, step, page)[f"{question.key}:{stays.pk}"] == "Van een ander"
    assert TYPED in client.get(reverse("case", args=[told.case.pk])).content.decode()


def test_what_was_recorded_of_a_pupil_who_left_is_not_kept_again(world):
    told, client = world.mine, world.client("teacher")
    gone = told.members[0]
    typed = form(told, "ideas", "ideas")
    assert typed[f"idea:{gone.pk}"]
    group.set_roles(told.round, {str(gone.pupil_id): ""}, by=world.people["coordinator"])
    assert client.post(url_of(told, "ideas", "ideas"), typed | {"go": "stop"}).status_code == 302
    assert not [each.typed for each in LateText.objects.all()]


def signed_out_post(told, url=None, owner=None, **data):
    """A form that was made for who leads the case, sent by a browser that is signed out."""
    client = Client(raise_request_exception=False)
    data = {**(data or form(told, not_told=TYPED)), "made_for": made_for(owner or told.case.leader)}
    answer = client.post(url or url_of(told), data)
    return client, answer


def test_typed_text_waits_behind_the_sign_in_page(world):
    told = world.mine
    before = stored(told)
    client, answer = signed_out_post(told)
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    assert TYPED not in client.get(answer["Location"]).content.decode()
    assert stored(told) == before
    back = sign_in(client, world.people["teacher"], url_of(told))
    assert back["Location"] == url_of(told)
    page = client.get(url_of(told))
    assert page.status_code == 200 and TYPED in page.content.decode()
    assert "Het is nog niet bewaard" in page.content.decode()
    assert stored(told) == before
    saved = client.post(url_of(told), form(told, not_told=TYPED))
    assert saved.status_code == 302 and stored(told)["not_told"] == TYPED
    assert not PendingPost.objects.exists()
    assert "Het is nog niet bewaard" not in client.get(url_of(told)).content.decode()


@pytest.mark.parametrize("kind", ["new", "plan", "skip"])
def test_the_other_forms_wait_as_well(world, kind):
    told = world.second
    if kind == "new":
        url, shown, data = reverse("case-new"), None, {"why": TYPED, "q": "Okk", "client_key": "x"}
    elif kind == "plan":
        url, shown = reverse("case-plan", args=[told.case.pk, "pupil"]), None
        data = {"plan": "other", "plan_other": "2026-11-20", "plan_reason": TYPED}
    else:
        url = reverse("case-skip", args=[told.case.pk, 1, "gather"])
        shown, data = reverse("case-check", args=[told.case.pk, 1, "gather"]), {"reason": TYPED}
        StepRecord.objects.filter(round=told.round).exclude(step="talk").delete()
        Case.objects.filter(pk=told.case.pk).update(step="gather")
    client = Client(raise_request_exception=False)
    data["made_for"] = made_for(world.people["teacher"])
    answer = client.post(url, data, HTTP_REFERER=f"http://testserver{shown or url}")
    sign_in(client, world.people["teacher"], "/")
    next_page = answer["Location"].partition("next=")[2]
    assert next_page == (shown or url)
    page = client.get(next_page)
    assert page.status_code in (200, 422)
    assert f"{TYPED}" in page.content.decode() and f"[&#x27;{TYPED}" not in page.content.decode()


def test_another_person_on_the_same_browser_sees_nothing_of_it(world):
    for who in ("other", "administrator", "stranger", "nobody", "coordinator"):
        client, _answer = signed_out_post(world.mine)
        sign_in(client, world.people[who], "/")
        assert client.get(url_of(world.mine)).status_code in (302, 403, 404)
        for address in (
            reverse("home"),
            reverse("case-list"),
            reverse("case", args=[world.mine.case.pk]),
        ):
            assert TYPED not in client.get(address, follow=True).content.decode()


def test_a_colleague_on_the_same_browser_sees_nothing_of_it(world, colleague):
    client, _answer = signed_out_post(world.mine)
    sign_in(client, world.people["other"], url_of(world.mine))
    page = client.get(url_of(world.mine))
    assert page.status_code == 200 and TYPED not in page.content.decode()


def test_a_form_from_elsewhere_is_not_kept(world):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for forged in ("", "onzin", made_for(world.people["teacher"])[:-2]):
        client.post(
            reverse("case-new"),
            {"why": TYPED, "made_for": forged},
            HTTP_ORIGIN="https://elsewhere.example",
        )
    assert not PendingPost.objects.exists() and "sessionid" not in client.cookies


def test_another_browser_of_the_same_person_sees_nothing_of_it(world):
    signed_out_post(world.mine)
    assert TYPED not in world.client("teacher").get(url_of(world.mine)).content.decode()


def test_a_page_that_saves_itself_is_told_and_nothing_is_kept(world):
    answer = Client().post(
        url_of(world.mine), form(world.mine, not_told=TYPED), HTTP_X_AUTOSAVE="1"
    )
    assert answer.status_code == 401 and json.loads(answer.content) == {"signed_out": True}
    assert not PendingPost.objects.exists()


def test_kept_text_is_sealed_and_has_limits(world, monkeypatch):
    signed_out_post(world.mine)
    row = PendingPost.objects.get()
    assert TYPED.encode() not in raw(row, "fields") and row.fields["not_told"] == [TYPED]
    assert "csrfmiddlewaretoken" not in row.fields
    _client, answer = signed_out_post(
        world.mine, not_told="x" * (unsaved_texts.MOST_CHARACTERS + 1)
    )
    assert answer.status_code == 403 and PendingPost.objects.count() == 1
    monkeypatch.setattr(unsaved_texts, "MOST_KEPT_ELSEWHERE", 1)
    signed_out_post(world.mine)
    assert PendingPost.objects.count() == 1, "the oldest makes room"
    row = PendingPost.objects.get()
    PendingPost.objects.update(
        created_at=timezone.now() - datetime.timedelta(hours=unsaved_texts.KEPT_HOURS + 1)
    )
    signed_out_post(world.mine)
    assert PendingPost.objects.count() == 1 and PendingPost.objects.get().pk != row.pk


def test_passwords_are_never_kept(world):
    signed_out_post(world.mine, not_told=TYPED, password="geheim", login="a@b.example")
    assert set(PendingPost.objects.get().fields) == {"not_told"}


def test_a_form_with_an_old_token_keeps_its_text(world):
    client, told = world.client("teacher", enforce_csrf_checks=True), world.mine
    data = form(told, not_told=TYPED, made_for=made_for(world.people["teacher"]))
    answer = client.post(url_of(told), data)
    assert answer.status_code == 403 and url_of(told) in answer.content.decode()
    assert TYPED in client.get(url_of(told)).content.decode()
    answer = autosave(client, told, form(told, not_told=TYPED))
    assert (
        answer.status_code == 403
        and answer["X-Csrf"] == "stale"
        and TYPED not in answer.content.decode()
    )
    token = client.get(reverse("token")).json()["token"]
    answer = client.post(
        url_of(told), form(told, not_told=TYPED), HTTP_X_AUTOSAVE="1", HTTP_X_CSRFTOKEN=token
    )
    assert answer.status_code == 200 and stored(told)["not_told"] == TYPED


def test_a_sign_in_ends_when_idle_and_at_the_end_of_the_day(world):
    start, url = timezone.now(), reverse("home")

    def after(client, **time):
        with time_machine.travel(start + datetime.timedelta(**time), tick=False):
            return client.get(url).status_code

    idle = world.client("teacher")
    assert after(idle, minutes=0) == 200
    assert after(idle, minutes=59) == 200
    assert after(idle, minutes=118) == 200
    assert after(idle, minutes=180) == 302
    busy = world.client("teacher")
    for minutes in range(0, 600, 50):
        assert after(busy, minutes=minutes) == 200
    assert after(busy, minutes=601) == 302, "ten hours is the longest a sign-in lasts"


def test_text_sent_just_after_the_sign_in_ended_is_kept(world):
    client, told, data = world.client("teacher"), world.mine, form(world.mine, not_told=TYPED)
    data["made_for"] = made_for(world.people["teacher"])
    client.get(url_of(told))
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=3), tick=False):
        assert autosave(client, told, data).status_code == 401
        assert client.post(url_of(told), data)["Location"].startswith(reverse("account_login"))
        sign_in(client, world.people["teacher"], url_of(told))
        assert TYPED in client.get(url_of(told)).content.decode()
