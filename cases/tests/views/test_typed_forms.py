"""Every form in which somebody writes can be kept: when its sign-in has ended, and when the screen is covered."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, resolve, reverse

from cases.actions import rounds
from cases.method import METHOD
from cases.models import Case, KeptPost, StepRecord
from cases.tests.test_doors import DOORS, FIXED, patterns

from .test_pending_posts import end_session, sign_in
from .world import addresses

WRITING = re.compile(r"<textarea|<input(?![^>]*type=)[^>]*\bname=|<input[^>]*type=\"(?:text|search)\"")
# A number is chosen, not written; what came back after an outage brings its own note along.
NOT_WRITTEN = re.compile(r"<input[^>]*inputmode=\"numeric\"[^>]*>")
OUTAGE = {"_unsaved.html"}
NOTE = re.compile(r'name="made_for" value="([^"]+)"')
LINE = "Een regel waar lang over is nagedacht"


class Forms(HTMLParser):
    """The forms of a page that are posted: where to, whether they have a note, and the fields to write in."""

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
            plain = at.get("type", "text") in ("text", "search") and at.get("inputmode") != "numeric"
            if "name" in at and (tag == "textarea" or plain):
                self.form["written"].append(at["name"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def test_every_form_to_write_in_has_a_note_and_is_kept(world):
    where, wrong, seen = addresses(world.mine), [], set()
    for name in DOORS:
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
                if not form["note"] or not getattr(view.func, "keeps_text", False):
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
            if 'name="made_for"' not in form or not getattr(view, "keeps_text", view is None):
                wrong.append(f"{path.name}: {form[:90]}")
    assert not wrong, "\n".join(wrong)


VIEWS = dict(patterns(get_resolver()))


def test_what_only_takes_posts_says_on_which_page_its_form_stands(world):
    told, client = world.mine, world.client("coordinator")
    for name, view in VIEWS.items():
        if not getattr(view, "keeps_text", False):
            continue
        url = reverse(name, args=addresses(told).get(name, FIXED.get(name, [])))
        if client.get(url).status_code == 405:
            assert getattr(view, "form_on", ""), name


def shown_by(world, name):
    """Who writes the small form with this address, on which page, and its field; the case is as it must be."""
    told = world.mine
    if name == "case-go-on":
        Case.objects.filter(pk=told.case.pk).update(status=Case.ELSEWHERE)
    page = reverse("case", args=[told.case.pk])
    if name == "case-skip":
        StepRecord.objects.filter(round=told.round, step=SKIPPED).update(state=StepRecord.OPEN, finished=None)
        page = reverse("case-check", args=[told.case.pk, 1, SKIPPED])
    who = "coordinator" if name == "case-reason" else "teacher"
    return world.people[who], page, "words" if name == "case-close" else "reason"


def to(world, name):
    return reverse(name, args=[world.mine.case.pk, *([1, SKIPPED] if name == "case-skip" else [])])


# The step before the last: the last itself cannot be skipped.
SKIPPED = METHOD.steps[-2].key
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
    assert KeptPost.objects.filter(path=url).count() == 1
    back = sign_in(browser, person, to=answer["Location"].partition("next=")[2])
    assert back["Location"] == page
    html = browser.get(page).content.decode()
    assert f'value="{LINE}"' in html and "Het is nog niet bewaard" in html
    assert 'details class="st-say" open' in html
    saved = browser.post(url, {field: LINE, "made_for": NOTE.search(html)[1]})
    assert saved.status_code == 302 and not KeptPost.objects.filter(path=url).exists()
    assert "niet bewaard" not in browser.get(saved["Location"]).content.decode()


@pytest.mark.parametrize("name", SMALL)
def test_a_line_that_was_sent_while_covered_stands_in_its_field(world, name):
    person, page, field = shown_by(world, name)
    url = to(world, name)
    client = Client(raise_request_exception=False)
    client.force_login(person)
    note = NOTE.search(client.get(page).content.decode())[1]
    client.post(reverse("privacy-screen-enter"), {"back": page})
    assert client.post(url, {field: LINE, "made_for": note})["Location"] == reverse("privacy-screen")
    client.post(reverse("privacy-screen-leave"))
    assert f'value="{LINE}"' in client.get(page).content.decode()


def test_closing_words_for_a_case_that_was_closed_meanwhile_are_there_to_copy(world):
    teacher, page, _field = shown_by(world, "case-close")
    client = world.client("teacher")
    note = NOTE.search(client.get(page).content.decode())[1]
    client.post(reverse("privacy-screen-enter"), {"back": page})
    client.post(reverse("case-close", args=[world.mine.case.pk]), {"words": LINE, "made_for": note})
    client.post(reverse("privacy-screen-leave"))
    rounds.close_case(world.mine.case, by=teacher, words="Eerder al gesloten", outcome=rounds.STOPPED)
    html = client.get(page).content.decode()
    assert LINE in html and f'value="{LINE}"' not in html
    client.post(re.search(r'action="(/session/kept/[^"]+)"', html)[1])
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
    page = reverse(name, args=addresses(told)[name])
    found = [form for form in Forms(client.get(page).content.decode()).found if form["written"]]
    if not found:
        pytest.skip("the paper of the moment has no words")
    note = NOTE.search(client.get(page).content.decode())[1]
    client.post(reverse("privacy-screen-enter"), {"back": page})
    sent = {found[0]["written"][0]: LINE, "made_for": note}
    client.post(found[0]["to"], sent, HTTP_REFERER=f"http://testserver{page}")
    client.post(reverse("privacy-screen-leave"))
    assert LINE in client.get(page).content.decode()
