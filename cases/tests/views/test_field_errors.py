"""What is wrong with a field is said of the field itself: its input, or the group of its choices,
names the text (WCAG 3.3.1).
"""

import uuid
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from cases.tests.world import addresses

WRONG_DAY = {"plan": "other", "plan_other": "gisteren", "plan_at": "25.00", "plan_reason": ""}
WINDOWS = [f"{kind}_{end}" for kind in ("pupil", "members") for end in ("first", "last")]
WITHOUT_ELEMENTS = {"input", "img", "br", "meta", "link", "path", "circle", "use", "rect"}


class Page(HTMLParser):
    """The errors that are shown (id, or None, and text), and the ids that fields which are wrong
    name.
    """

    def __init__(self, html):
        super().__init__()
        self.errors, self.named, self.inside = [], set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "fieldset" or at.get("aria-invalid") == "true":  # a group is not invalid itself
            self.named.update((at.get("aria-describedby") or "").split())
        if "invalid-feedback" in (at.get("class") or "").split() and "hidden" not in at:
            self.errors.append([at.get("id"), ""])
            self.inside = [tag]
        elif self.inside and tag not in WITHOUT_ELEMENTS:
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if self.inside and tag not in WITHOUT_ELEMENTS:
            self.inside.pop()

    def handle_data(self, data):
        if self.inside:
            self.errors[-1][1] += data.strip()


POSTS = [
    ("account_login", "anonymous", {"login": "geen adres"}, 1),
    ("account_reset_password", "anonymous", {"email": "geen adres"}, 1),
    ("settings", "teacher", {"mail_at": "nonsens"}, 1),
    ("case-new", "teacher", {"go": "open", "talk_on": "gisteren", "talk_at": "25.00"}, 3),
    ("case-plan", "teacher", WRONG_DAY, 2),
    ("case-plan", "teacher", {**WRONG_DAY, "plan": "2020-01-01", "plan_other": ""}, 2),
    ("case-enclosures", "teacher", {"client_key": str(uuid.uuid4())}, 1),
    ("case-step", "teacher", {"version": "1", "may_show": "nonsens"}, 1),
    ("logo", "coordinator", {}, 1),
    ("school-settings", "coordinator", {"late_to_coordinator": "veel"}, 1),
    ("school-windows", "coordinator", dict.fromkeys(WINDOWS, "veel"), 4),
    ("school-day-add", "coordinator", {"first": "gisteren"}, 2),
    ("school-import", "coordinator", {}, 1),
]
PAPERS = [
    ("slips", {"go": "choices", "format": "groot", "spare": "999"}, 2),
    ("report", {"go": "choices"}, 1),
    ("parents", {"text": "lang " * 5_000, "version": "0"}, 1),
    ("invitation", {"text": "Kom je?", "place": "ver " * 200, "version": "0"}, 1),
]


def look(answer, least):
    page = Page(answer.content.decode())
    assert answer.status_code in (200, 422) and len(page.errors) >= least, page.errors
    for identity, text in page.errors:
        assert text and identity in page.named, (identity, text, page.named)


@pytest.mark.parametrize(("name", "who", "data", "least"), POSTS)
def test_an_error_is_named_by_its_field(world, name, who, data, least):
    url = reverse(name, args=addresses(world.mine).get(name, []))
    look(world.client(who).post(url, data), least)


@pytest.mark.parametrize(("key", "data", "least"), PAPERS)
def test_an_error_on_the_page_of_a_paper_is_named_by_its_field(world, key, data, least):
    url = reverse("case-paper", args=[world.mine.case.pk, key])
    look(world.client("teacher").post(url, data), least)


def test_without_errors_no_field_names_one(world):
    for name in ("case-new", "school-windows", "logo", "school-import"):
        who = "teacher" if name == "case-new" else "coordinator"
        html = world.client(who).get(reverse(name)).content.decode()
        assert "aria-invalid" not in html and not Page(html).errors


def test_signing_in_names_no_hint_that_is_not_there(client, db):
    html = client.get(reverse("account_login")).content.decode()
    assert "_hint" not in html
