"""Each item of the guide is there for who works with it: what the software does by itself is tried
by a test that is marked with its id, and what is asked, said or to be minded is shown.

The list is docs/guide/inventory.md. `@pytest.mark.inventory("S7.2")` stands on a test of what
happens; that the marked tests have run is checked at the end of a full run, in conftest.py.
"""

import ast
import html
import re
from pathlib import Path

import pytest
from django.urls import reverse

from cases.formats.dates import named
from cases.method import METHOD
from cases.method.grammar import ENCLOSURE, GROUP, MEMBER, ORDER
from cases.tests.conftest import INVENTORY_IDS
from cases.tests.method.test_coverage import ROWS, minds, questions, rows
from cases.tests.printing.pdf_reader import packed

HERE = Path(__file__).parent
NEVER_RUN = ("skip", "skipif", "xfail", "browser")


def marked_tests():
    """(ids, test, its marks) of every test function with the mark `inventory`."""
    for path in sorted(HERE.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            marks = {}
            for each in node.decorator_list:
                if isinstance(each, ast.Call) and ast.unparse(each.func).startswith("pytest.mark."):
                    marks[each.func.attr] = [
                        arg.value for arg in each.args if isinstance(arg, ast.Constant)
                    ]
            if "inventory" in marks:
                yield marks["inventory"], f"{path.relative_to(HERE)}::{node.name}", marks


MARKED = list(marked_tests())


@pytest.mark.parametrize("item", INVENTORY_IDS)
def test_what_the_software_does_by_itself_is_tried(item):
    tests = [test for ids, test, marks in MARKED if item in ids and not set(marks) & {*NEVER_RUN}]
    assert tests, (
        f"no test tries {item}: write one of what happens, and put "
        f'@pytest.mark.inventory("{item}") on it'
    )


def test_marks_name_what_is_in_the_inventory():
    known = {row.id for row in ROWS}
    assert [(test, set(ids) - known) for ids, test, _marks in MARKED if set(ids) - known] == []


def as_read(answer):
    assert answer.status_code == 200
    return packed(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


class Screens:
    """The pages of one case, as they come to its teacher: their words, and the names of fields."""

    def __init__(self, world):
        self.told, self.client, self.answers = world.mine, world.client("teacher"), {}
        self.name = self.told.pupils[0].first_name

    def of(self, page):
        if page.key not in self.answers:
            self.answers[page.key] = self.client.get(self._path(page))
        return self.answers[page.key]

    def _path(self, page):
        if page is METHOD.intake:
            return reverse("case-new")
        step = next(each for each in METHOD.steps if page in each.pages)
        args = [self.told.case.pk, 1, step.key, page.key]
        if page.kind == MEMBER:
            return reverse("case-talk", args=[*args, self.told.members[0].pk])
        return reverse("case-step", args=args)

    def fields(self, page):
        return re.findall(r'\bname="([^"]+)"', self.of(page).content.decode())

    def asks(self, page, question):
        """Whether there is a field for the answer, or the way to add a letter or a drawing."""
        if question.kind == ENCLOSURE:
            path = reverse("case-enclosures", args=[self.told.case.pk])
            return f'href="{path}' in self.of(page).content.decode()
        return any(re.match(rf"{question.key}\b", name) for name in self.fields(page))

    def show(self, page, text):
        return packed(named(text, self.name)) in as_read(self.of(page))


@pytest.fixture
def screens(world):
    return Screens(world)


def walked():
    """The pages before the later checks, which a case that is open shows."""
    return [page for page in METHOD.pages() if page not in METHOD.later]


@pytest.mark.parametrize("row", rows("ask"))
def test_what_is_asked_has_a_field_on_its_page(screens, row):
    asked = 0
    for page in walked():
        if page.kind in (GROUP, ORDER) and row.id in page.covers:
            assert len(screens.fields(page)) >= len(screens.told.members), page.key
            asked += 1
        for question in page.questions:
            if row.id in question.covers:
                where = f"{page.key}.{question.key}"
                assert screens.asks(page, question), where
                assert question.per_member or screens.show(page, question.label), where
                asked += 1
    assert asked, f"{row.id} has no field on any page; {len(questions(row.id))} are declared"


@pytest.mark.parametrize("row", rows("say"))
def test_what_can_be_said_is_shown(screens, row):
    lines = 0
    for page in walked():
        for say in page.all_say():
            if row.id in say.covers:
                for line in say.lines:
                    assert screens.show(page, line), f"{page.key}.{say.key}: {line}"
                    lines += 1
    assert lines >= row.floor("say"), f"{row.id} shows {lines} phrases"


@pytest.mark.parametrize("row", rows("mind"))
def test_what_to_mind_is_shown(screens, row):
    shown = 0
    for page in walked():
        for mind in page.mind:
            if row.id in mind.covers:
                assert screens.show(page, mind.text), f"{page.key}: {mind.text}"
                shown += 1
    for mind in METHOD.mind:  # of the whole method: on each page, or where a case is opened
        if row.id in mind.covers:
            assert any(screens.show(page, mind.text) for page in walked()), mind.text
            shown += 1
    assert shown >= row.floor("mind") and shown == len(minds(row.id)), row.id


@pytest.mark.inventory("S7.4")
def test_the_pages_of_the_short_talks_say_how_long_they_take(screens):
    """The window of a talk is a day, not a time, so the length is said where it is planned."""
    pages = [page for page in walked() if page.kind in (ORDER, MEMBER)]
    assert len(pages) == 2
    for page in pages:
        assert packed("5 tot 10 minuten") in as_read(screens.of(page)), page.key
