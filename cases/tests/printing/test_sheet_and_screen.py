"""One declaration, two ways to read it: each phrase and question stands on the screen and on the
sheet.
"""

import html
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from cases.formats.dates import named
from cases.method import METHOD
from cases.method.grammar import CHOICE, MANY, MEMBER
from cases.models import School
from cases.printing.conversation_sheet import sheet_for
from cases.printing.sheet_kinds import all_sheets
from cases.tests.printing.pdf_reader import packed, words

LANGUAGES = [code for code, _name in settings.LANGUAGES]

# Questions that are not on the paper that lies on the table, and why.
BEFORE = "for oneself, before anyone is there"
GIVEN = "not spoken of: the letter itself is there, or it is not"
SAID = "its phrases are on the sheet; that they were said is ticked afterwards"
AFTER = "for oneself, after everyone has gone"
NOT_ON_PAPER = {
    "talk": {
        **dict.fromkeys(
            ("know", "noticed", "changed", "qualities", "parents", "parents_on", "parents_why"),
            BEFORE,
        ),
        "enclosure": GIVEN,
        "name_known": SAID,
        "watch": SAID,
        "open_door": SAID,
    },
    "gather": {
        **dict.fromkeys(
            ("lead", "lead_who", "lead_checked", "invited", "plan", "colleagues"), BEFORE
        ),
        **dict.fromkeys(("attitude_appreciate", "attitude_blame", "attitude_help"), BEFORE),
        "strength": "comes back as the reason why this pupil is needed",
    },
    "explain": {"enclosure": GIVEN},
    "share": {"blame": AFTER},
    "trust": {"thanked": SAID, "interim": "about one pupil, planned when the others have gone"},
    "followup": {"where": BEFORE, "verdict": AFTER, "ending": AFTER},
}


@pytest.fixture(params=LANGUAGES)
def language(request, made, db):
    School.objects.update(language=request.param)
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def world(made, language):
    return made


def with_name(text, name):
    return packed(named(text, name))


def screen(world, step, page):
    """What is on the page of a step, as it is read."""
    told = world.mine
    args = [told.case.pk, 1, step.key, page.key]
    member = [told.members[0].pk] if page.kind == MEMBER else []
    answer = world.client("teacher").get(
        reverse("case-talk" if member else "case-step", args=args + member)
    )
    assert answer.status_code == 200
    return packed(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def sheets(world, step, language):
    """The words of all the sheets that serve a step."""
    told = world.mine
    members = [member.pupil.first_name for member in told.members]
    return " ".join(
        words(sheet_for(key, name=told.pupils[0].first_name, members=members, language=language))
        for key, kind in all_sheets().items()
        if step.key in kind.steps
    )


@pytest.mark.parametrize("step", METHOD.steps, ids=lambda step: step.key)
def test_each_phrase_and_question_stands_on_both(world, language, step):
    name = world.mine.pupils[0].first_name
    paper, unprinted = packed(sheets(world, step, language)), dict(NOT_ON_PAPER.get(step.key, {}))
    for page in step.pages:
        seen = screen(world, step, page)
        for say in page.all_say():
            for line in say.lines:
                assert with_name(line, name) in seen, f"{page.key}.{say.key} on the screen"
                printed = say.sheet and say.aloud
                assert not printed or with_name(line, name) in paper, (
                    f"{page.key}.{say.key} on the sheet"
                )
        for question in page.questions:
            where = f"{page.key}.{question.key}"
            if not question.per_member:
                assert with_name(question.label, name) in seen, f"{where} on the screen"
            if question.private:
                assert with_name(translation.gettext("This I do not pass on:"), name) in paper
            elif question.column == "held_on":
                assert packed(translation.pgettext("of the talk", "Date:")) in paper
            elif question.sheet:
                assert with_name(question.sheet, name) in paper, f"{where} on the sheet"
                if question.kind in (CHOICE, MANY):
                    assert all(
                        with_name(choice.label, name) in paper for choice in question.choices
                    ), where
            else:
                assert unprinted.get(question.key), (
                    f"{where} is on no sheet: give it sheet=, or say why in NOT_ON_PAPER here"
                )


def test_nothing_is_excused_that_is_on_paper_after_all():
    for step in METHOD.steps:
        labels = {}
        for _page, question in step.questions():
            labels.setdefault(question.key, []).append(question.sheet)
        for key in NOT_ON_PAPER.get(step.key, ()):
            assert "" in labels[key], f"{step.key}.{key}"


@pytest.mark.parametrize("step", METHOD.steps, ids=lambda step: step.key)
def test_what_is_for_oneself_or_between_two_is_never_printed(world, language, step):
    name = world.mine.pupils[0].first_name
    paper = packed(sheets(world, step, language))
    for page in step.pages:
        for say in page.all_say():
            if not say.aloud:
                assert not any(with_name(line, name) in paper for line in say.lines)
    written = {text for text in world.mine.secrets() if text.startswith("kwetter")}
    assert written and not any(packed(text) in paper for text in written)
