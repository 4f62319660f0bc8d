"""What is typed, and a pupil's name, is in no cookie, session or cache: not as it is, not
packed.
"""

import base64
import re
import zlib

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases.actions import rounds
from cases.models import Case, LateText, PendingPost
from cases.tests.world import PASSWORD, addresses, bodies, raw, undone
from cases.views.form_owner import made_for

CANARY = "kanarie-getypt"
LONG = f"{CANARY} " + "en nog veel meer woorden " * 40 + "tot en met het einde"


def unpacked(data: bytes) -> list[bytes]:
    """The bytes, and what comes out of every piece that is base 64 or compressed."""
    found, todo = [], [data]
    while todo:
        piece = todo.pop()
        found.append(piece)
        for part in {piece, *re.split(rb'[=:.;,"\s\\]+', piece)}:
            for opened in (_base64(part), _inflated(part)):
                if opened and opened not in found and len(opened) > 8 and len(found) < 400:
                    todo.append(opened)
    return found


def _base64(part):
    if not re.fullmatch(rb"[A-Za-z0-9+/_-]{12,}", part):
        return None
    bare = part.translate(bytes.maketrans(b"+/", b"-_")).rstrip(b"=")
    return base64.urlsafe_b64decode(bare + b"=" * (-len(bare) % 4)) if len(bare) % 4 != 1 else None


def _inflated(part):
    try:
        return zlib.decompress(part)
    except zlib.error:
        return None


def outside(client, answer) -> list[bytes]:
    """Everything that leaves the case tables: cookies of the answer and the browser, sessions, the
    cache.
    """
    held = [
        morsel.OutputString().encode()
        for jar in (client.cookies, answer.cookies)
        for morsel in jar.values()
    ]
    with connection.cursor() as cursor:
        for table in ("django_session", "shared_cache"):
            if table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  (names of our own tables)
                held += [str(value).encode() for row in cursor.fetchall() for value in row]
    return [piece for each in held for piece in unpacked(each)]


def assert_nothing_outside(world, client, answer, where):
    words = {CANARY, *world.mine.secrets(), *world.second.secrets()}
    for piece in outside(client, answer):
        text = piece.decode("utf-8", "replace")
        assert not [
            word for word in words if word in text or word.encode("unicode_escape").decode() in text
        ], where


def test_the_search_finds_what_django_would_put_in_a_cookie(world, settings):
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
    client = world.client("teacher")
    rounds.close_case(world.mine.case, by=world.people["teacher"], words="Klaar")
    answer = client.post(reverse("case-reopen", args=[world.mine.case.pk]))
    assert answer.status_code == 302
    Case.objects.filter(pk=world.second.case.pk).update(leader=world.people["teacher"])
    answer = client.post(
        reverse("case-staff", args=[world.second.case.pk]),
        {"user": str(world.people["other"].pk), "what": "lead"},
    )
    text = " ".join(piece.decode("utf-8", "replace") for piece in outside(client, answer))
    assert "messages" in answer.cookies and "Youssef" in text


def typed_bodies(world):
    """Each form as it is right, and once more with a canary in every field."""
    for name, body in bodies(world).items():
        yield name, body
        yield (
            name,
            {
                key: value if key in ("client_key", "version") else CANARY
                for key, value in body.items()
            },
        )


def test_no_form_leaves_its_text_in_a_cookie_a_session_or_the_cache(world):
    known = addresses(world.mine)
    for who in ("teacher", "coordinator", "administrator"):
        for name, body in typed_bodies(world):
            try:
                url = reverse(name, args=known.get(name, []))
            except Exception:  # noqa: BLE001, S112  (an address about a row that this world does not have)
                continue
            with undone():
                client = world.client(who)
                answer = client.post(url, body)
                assert answer.status_code < 500
                assert_nothing_outside(world, client, answer, (who, name))


@pytest.mark.parametrize("how", ["closed", "aftercare"])
def test_what_is_typed_too_late_is_kept_whole_on_the_page_of_the_case_and_nowhere_else(world, how):
    told, client = world.mine, world.client("teacher")
    by = world.people["teacher"]
    (
        rounds.close_case(told.case, by=by, words="Klaar")
        if how == "closed"
        else rounds.begin_aftercare(told.case, by=by)
    )
    url = reverse("case-step", args=[told.case.pk, 1, "talk", "between"])
    answer = client.post(url, {"version": "0", "not_told": LONG, "go": "next"})
    assert answer.status_code == 302
    assert_nothing_outside(world, client, answer, "late")
    kept = LateText.objects.get()
    assert CANARY.encode() not in raw(kept, "typed")
    page = client.get(answer["Location"])
    assert_nothing_outside(world, client, page, "the page of the case")
    html = page.content.decode()
    assert LONG in html and "bewaard" in html
    client.post(url, {"version": "0", "not_told": LONG, "go": "next"})
    assert LateText.objects.count() == 1, "pressing again keeps it once"
    coordinator = world.client("coordinator").get(answer["Location"]).content.decode()
    assert CANARY not in coordinator, "it is its writer's"
    away = reverse("case-late", args=[told.case.pk, kept.pk])
    assert world.client("coordinator").post(away).status_code == 302 and LateText.objects.exists()
    assert world.client("stranger").post(away).status_code == 404
    client.post(away)
    assert (
        not LateText.objects.exists()
        and CANARY not in client.get(answer["Location"]).content.decode()
    )


def test_a_talk_and_a_later_check_that_came_too_late_are_kept_too(world):
    told, client = world.mine, world.client("teacher")
    rounds.close_case(told.case, by=world.people["teacher"], words="Klaar")
    member = told.members[0]
    for url, body in (
        (
            reverse("case-talk", args=[told.case.pk, 1, "followup", "member", member.pk]),
            {"saw": LONG},
        ),
        (reverse("case-later", args=[told.case.pk, "weeks6"]), {"how": LONG}),
    ):
        with undone():
            answer = client.post(url, {"version": "0", "go": "next", **body})
            assert answer.status_code == 302
            assert_nothing_outside(world, client, answer, url)
            assert LONG in client.get(answer["Location"]).content.decode(), url


def test_what_was_sent_after_a_sign_in_ended_is_kept_when_its_page_has_closed_since(world):
    told = world.mine
    for url, body in (
        (reverse("case-step", args=[told.case.pk, 1, "talk", "between"]), {"not_told": LONG}),
        (reverse("case-later", args=[told.case.pk, "weeks6"]), {"how": LONG}),
    ):
        with undone():
            client = world.client("teacher")
            note = made_for(world.people["teacher"])
            client.session.flush()
            client.post(url, {"version": "0", "go": "next", "made_for": note, **body})
            assert PendingPost.objects.count() == 1
            rounds.close_case(told.case, by=world.people["teacher"], words="Klaar")
            who = {"login": world.people["teacher"].email, "password": PASSWORD}
            client.post(reverse("account_login"), who)
            html = client.get(url, follow=True).content.decode()
            assert LONG in html, url
            assert "Verder met deze tekst" not in html, "nothing is left to go on with"
            assert not PendingPost.objects.exists()


def test_a_message_that_names_somebody_is_shown_once_and_sealed(world):
    client = world.client("teacher")
    answer = client.post(
        reverse("case-staff", args=[world.mine.case.pk]),
        {"user": str(world.people["other"].pk), "what": "lead"},
    )
    assert not any(
        "Youssef" in piece.decode("utf-8", "replace") for piece in outside(client, answer)
    )
    assert "Youssef" in client.get(reverse("home")).content.decode()
    assert client.session.get("_messages") is None


@pytest.mark.parametrize(
    "stored", ["onzin", '[["__json_message",0,20,"oud"]]', None, 5, "AQEAAAAA"]
)
def test_messages_that_do_not_open_are_left_out(world, stored):
    client = world.client("teacher")
    session = client.session
    session["_messages"] = stored
    session.save()
    assert client.get(reverse("home")).status_code == 200
    assert Client().get(reverse("account_login")).status_code == 200


WHY = f"{CANARY} want het gaat goed"


@pytest.mark.parametrize("who", ["teacher", "coordinator"])
def test_closing_words_for_a_case_that_was_just_closed_are_still_there(world, who):
    told, client = world.mine, world.client(who)
    rounds.close_case(told.case, by=world.people["teacher"], words="Klaar")
    answer = client.post(reverse("case-close", args=[told.case.pk]), {"words": WHY})
    assert_nothing_outside(world, client, answer, "late")
    assert WHY in client.get(answer["Location"]).content.decode()
    told.case.refresh_from_db()
    assert told.case.closing_words == "Klaar"
    away = reverse("case-late", args=[told.case.pk, LateText.objects.get().pk])
    assert client.post(away).status_code == 302 and not LateText.objects.exists()


def test_a_reason_to_skip_a_step_that_is_not_open_any_more_is_still_there(world):
    told, client = world.mine, world.client("teacher")
    url = reverse("case-skip", args=[told.case.pk, 1, "talk"])
    for close in (False, True):  # a step that cannot be skipped, and a case that is closed
        if close:
            rounds.close_case(told.case, by=world.people["teacher"], words="Klaar")
        answer = client.post(url, {"reason": f"{WHY} {close}"})
        assert f"{WHY} {close}" in client.get(answer["Location"]).content.decode()


def test_a_reason_to_go_on_with_a_case_that_is_open_again_is_still_there(world):
    told, client = world.mine, world.client("teacher")
    answer = client.post(
        reverse("case-go-on", args=[told.case.pk]), {"reason": "Omdat Noor het vraagt"}
    )
    assert "Omdat Noor het vraagt" in client.get(answer["Location"]).content.decode()
