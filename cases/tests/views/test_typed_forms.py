"""Every form in which somebody writes can be kept: when its sign-in has ended, and when the screen
is covered.
"""

import datetime
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, resolve, reverse
from django.utils import timezone

from cases.actions import rounds, steps
from cases.method import METHOD
from cases.models import Case, PendingPost, StepRecord
from cases.tests.views.test_decorators import ACCESS_TABLE, FIXED, patterns
from cases.tests.world import addresses

from .test_pending_posts import end_session, sign_in

WRITING = re.compile(
    r"<textarea|<input(?![^>]*type=)[^>]*\bname=|<input[^>]*type=\"(?:text|search)\""
)
# A number is chosen, not written; what came back after an outage brings its own note along.
NOT_WRITTEN = re.compile(r"<input[^>]*inputmode=\"numeric\"[^>]*>")
OUTAGE = {"_failed_post.html"}
NOTE = re.compile(r'name="made_for" value="([^"]+)"')
LINE = "Een regel waar lang over is nagedacht"


class Forms(HTMLParser):
    """The forms of a page that are posted: where to, whether they have a note, and the fields to
    write in.
    """

    def __init__(self, html):
        super().__init__()
        self.found, self.form = [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form":
            self.form = {"to": at.get("action", ""), "note": False, "written": []}
            if at.get("method") == "post":
                self.found.append(self.form)
        elif self.form is not None and tag in ("input", "textarea"):
            if at.get("name") == "made_for":
                self.form["note"] = True
            plain = (
                at.get("type", "text") in ("text", "search") and at.get("inputmode") != "numeric"
            )
            if "name" in at and (tag == "textarea" or plain):
                self.form["written"].append(at["name"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def test_every_form_to_write_in_has_a_note_and_is_kept(world):
    where, wrong, seen = addresses(world.mine), [], set()
    for name in ACCESS_TABLE:
        if name.startswith("account_"):
            continue
        url = reverse(name, args=where.get(name, FIXED.get(name, [])))
        for who in ("teacher", "coordinator"):
            answer = world.client(who).get(url)
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            for form in Forms(answer.content.decode()).found:
                if not form["written"]:
                    continue
                view = resolve(form["to"].partition("?")[0] or url)
                seen.add(view.url_name)
                if not form["note"] or not getattr(view.func, "keeps_pending_post", False):
                    wrong.append(f"{name}: the form with {form['written']} for {view.url_name}")
    assert not wrong, "\n".join(wrong)
    assert {"case-close", "case-reason", "case-new", "case-paper", "school-day-add"} <= seen


def test_no_template_has_a_form_to_write_in_without_a_note():
    """Also those that are only there in another state of a case."""
    wrong = []
    for path in sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html")):
        if "account" in path.parts or path.name in OUTAGE:
            continue
        for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.DOTALL):
            if not WRITING.search(NOT_WRITTEN.sub("", form)):
                continue
            named = re.search(r"action=\"\{% url '([\w-]+)'", form)
            view = VIEWS[named[1]] if named else None
            if 'name="made_for"' not in form or not getattr(
                view, "keeps_pending_post", view is None
            ):
                wrong.append(f"{path.name}: {form[:90]}")
    assert not wrong, "\n".join(wrong)


VIEWS = dict(patterns(get_resolver()))


def test_what_only_takes_posts_says_on_which_page_its_form_stands(world):
    told, client = world.mine, world.client("coordinator")
    for name, view in VIEWS.items():
        if not getattr(view, "keeps_pending_post", False):
            continue
        url = reverse(name, args=addresses(told).get(name, FIXED.get(name, [])))
        if client.get(url).status_code == 405:
            assert getattr(view, "form_on", ""), name


def shown_by(world, name):
    """Who writes the small form with this address, on which page, and its field; the case is as it
    must be.
    """
    told = world.mine
    if name == "case-go-on":
        Case.objects.filter(pk=told.case.pk).update(status=Case.ELSEWHERE)
    page = reverse("case", args=[told.case.pk])
    if name == "case-skip":
        StepRecord.objects.filter(round=told.round, step=SKIPPED).update(
            state=StepRecord.OPEN, finished_at=None
        )
        page = reverse("case-check", args=[told.case.pk, 1, SKIPPED])
    who = "coordinator" if name == "case-reason" else "teacher"
    return world.people[who], page, "words" if name == "case-close" else "reason"


def to(world, name):
    return reverse(name, args=[world.mine.case.pk, *([1, SKIPPED] if name == "case-skip" else [])])


SKIPPED = [step.key for step in METHOD.steps if steps.may_skip(step)][-1]
SMALL = ["case-close", "case-go-on", "case-reason", "case-skip"]


@pytest.mark.parametrize("referer", [True, False])
@pytest.mark.parametrize("name", SMALL)
def test_a_line_that_was_sent_after_the_sign_in_had_ended_stands_in_its_field(world, name, referer):
    person, page, field = shown_by(world, name)
    url = to(world, name)
    browser = Client(raise_request_exception=False)
    sign_in(browser, person)
    note = NOTE.search(browser.get(page).content.decode())[1]
    end_session(browser)
    headers = {"HTTP_REFERER": f"http://testserver{page}"} if referer else {}
    answer = browser.post(url, {field: LINE, "made_for": note}, **headers)
    assert PendingPost.objects.filter(path=url).count() == 1
    back = sign_in(browser, person, to=answer["Location"].partition("next=")[2])
    assert back["Location"] == page
    html = browser.get(page).content.decode()
    assert f'value="{LINE}"' in html and "Het is nog niet bewaard" in html
    assert 'details class="st-say" open' in html
    saved = browser.post(url, {field: LINE, "made_for": NOTE.search(html)[1]})
    assert saved.status_code == 302 and not PendingPost.objects.filter(path=url).exists()
    assert "niet bewaard" not in browser.get(saved["Location"]).content.decode()


@pytest.mark.parametrize("name", SMALL)
def test_a_line_that_was_sent_while_covered_stands_in_its_field(world, name):
    person, page, field = shown_by(world, name)
    url = to(world, name)
    client = Client(raise_request_exception=False)
    client.force_login(person)
    note = NOTE.search(client.get(page).content.decode())[1]
    client.post(reverse("privacy-screen-enter"), {"back": page})
    assert client.post(url, {field: LINE, "made_for": note})["Location"] == reverse(
        "privacy-screen"
    )
    client.post(reverse("privacy-screen-leave"))
    assert f'value="{LINE}"' in client.get(page).content.decode()


def test_closing_words_for_a_case_that_was_closed_meanwhile_are_there_to_copy(world):
    teacher, page, _field = shown_by(world, "case-close")
    client = world.client("teacher")
    note = NOTE.search(client.get(page).content.decode())[1]
    client.post(reverse("privacy-screen-enter"), {"back": page})
    client.post(reverse("case-close", args=[world.mine.case.pk]), {"words": LINE, "made_for": note})
    client.post(reverse("privacy-screen-leave"))
    rounds.close_case(
        world.mine.case, by=teacher, words="Eerder al gesloten", outcome=rounds.STOPPED
    )
    html = client.get(page).content.decode()
    assert LINE in html and f'value="{LINE}"' not in html
    client.post(re.search(r'action="(/session/pending/[^"]+)"', html)[1])
    assert LINE not in client.get(page).content.decode()


def test_a_line_of_one_case_is_not_shown_with_another(world):
    _person, page, _field = shown_by(world, "case-close")
    client = world.client("teacher")
    note = NOTE.search(client.get(page).content.decode())[1]
    client.post(reverse("privacy-screen-enter"), {"back": page})
    client.post(reverse("case-close", args=[world.mine.case.pk]), {"words": LINE, "made_for": note})
    client.post(reverse("privacy-screen-leave"))
    assert LINE not in client.get(reverse("case", args=[world.second.case.pk])).content.decode()
    assert LINE not in world.client("other").get(page).content.decode()
    assert LINE not in world.client("coordinator").get(page).content.decode()


@pytest.mark.parametrize("name", ["case-print", "case-paper"])
def test_words_on_paper_are_there_on_the_page_they_were_typed_on(world, name):
    """Also on the page that shows the paper of the moment, whose own address is another."""
    told, client = world.mine, world.client("teacher")
    Case.objects.filter(pk=told.case.pk).update(step="ideas")  # so that it is time for the slips
    page = reverse(name, args=addresses(told)[name])
    found = [form for form in Forms(client.get(page).content.decode()).found if form["written"]]
    note = NOTE.search(client.get(page).content.decode())[1]
    client.post(reverse("privacy-screen-enter"), {"back": page})
    sent = {found[0]["written"][0]: LINE, "made_for": note}
    client.post(found[0]["to"], sent, HTTP_REFERER=f"http://testserver{page}")
    client.post(reverse("privacy-screen-leave"))
    assert LINE in client.get(page).content.decode()


def cover_with(client, page, *forms):
    return client.post(
        reverse("privacy-screen-enter"),
        {"back": page, "typed": json.dumps(list(forms))},
        HTTP_REFERER=f"http://testserver{page}",
    )


def uncover(client):
    return client.get(client.post(reverse("privacy-screen-leave"))["Location"]).content.decode()


def handed_over(client, page, to, field, text):
    note = NOTE.search(client.get(page).content.decode())[1]
    return {"to": to, "fields": [["made_for", note], [field, text], ["csrfmiddlewaretoken", "x"]]}


@pytest.mark.parametrize("name", SMALL)
def test_what_was_typed_when_the_screen_was_covered_stands_there_again(world, name):
    person, page, field = shown_by(world, name)
    client = Client(raise_request_exception=False)
    client.force_login(person)
    covered = cover_with(client, page, handed_over(client, page, to(world, name), field, LINE))
    assert covered["Location"] == reverse("privacy-screen")
    assert LINE not in client.get(reverse("privacy-screen")).content.decode()
    html = uncover(client)
    assert f'value="{LINE}"' in html and "Het is nog niet bewaard" in html
    # Covered once more with more words: those take the place of the first.
    more = handed_over(client, page, to(world, name), field, LINE + " en nog wat")
    cover_with(client, page, more)
    assert f'value="{LINE} en nog wat"' in uncover(client)
    assert PendingPost.objects.count() == 1


def test_a_sign_in_that_had_ended_when_the_screen_was_covered_loses_nothing(world):
    teacher, page, field = shown_by(world, "case-close")
    browser = Client(raise_request_exception=False)
    sign_in(browser, teacher)
    form = handed_over(browser, page, to(world, "case-close"), field, LINE)
    end_session(browser)
    assert "sign-in" in cover_with(browser, page, form)["Location"]
    sign_in(browser, teacher)
    assert f'value="{LINE}"' in browser.get(page).content.decode()


def test_a_page_that_stayed_open_for_days_is_kept_too_for_who_is_signed_in(world):
    _teacher, page, field = shown_by(world, "case-close")
    client = world.client("teacher")
    form = handed_over(client, page, to(world, "case-close"), field, LINE)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3), tick=False):
        client = world.client("teacher")
        cover_with(client, page, form)
        assert f'value="{LINE}"' in uncover(client)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "[",
        "7",
        "[7]",
        "[[]]",
        '[{"to": 1, "fields": 2}]',
        '[{"to": "/", "fields": [["a"]]}]',
        "[" * 5000,
    ]
    + [
        '{"to": "/"}',
        '[{"to": "/cases/new/", "fields": [["made_for", "x"], ["why", "y"]]}]',
        "null",
    ],
)
def test_what_is_not_as_our_page_sends_it_covers_and_keeps_nothing(world, typed):
    client = world.client("teacher")
    answer = client.post(reverse("privacy-screen-enter"), {"back": "/", "typed": typed})
    assert answer["Location"] == reverse("privacy-screen") and not PendingPost.objects.exists()


def test_nothing_is_kept_for_an_address_that_keeps_nothing_or_for_a_note_of_nobody(world):
    _teacher, page, field = shown_by(world, "case-close")
    client = world.client("teacher")
    form = handed_over(client, page, reverse("case-staff", args=[world.mine.case.pk]), field, LINE)
    cover_with(
        client, page, form, {**form, "to": "/nergens/"}, {**form, "to": "https://elders.example/"}
    )
    assert not PendingPost.objects.exists()


def test_too_much_to_keep_is_said_after_uncovering(world):
    _teacher, page, field = shown_by(world, "case-close")
    client = world.client("teacher")
    form = handed_over(client, page, to(world, "case-close"), field, "w" * 200_001)
    cover_with(client, page, form)
    assert (
        "te veel om klaar te zetten" not in client.get(reverse("privacy-screen")).content.decode()
    )
    assert "te veel om klaar te zetten" in uncover(client)


def test_a_form_too_large_to_keep_stays_in_a_page_that_shows_nothing(world):
    """Sent while the screen is covered: to be sent again from the answer."""
    _teacher, page, field = shown_by(world, "case-close")
    client = world.client("teacher")
    note = NOTE.search(client.get(page).content.decode())[1]
    client.post(reverse("privacy-screen-enter"), {"back": page})
    url, text = to(world, "case-close"), LINE + "w" * 200_001
    answer = client.post(url, {field: text, "made_for": note})
    html = answer.content.decode()
    assert (
        answer.status_code == 409 and f'<input type="hidden" name="{field}" value="{text}"' in html
    )
    assert LINE not in re.sub(r'<input type="hidden"[^>]*>', "", html)
    assert f'action="{url}"' in html and "Niet bewaard: het scherm is afgedekt." in html
