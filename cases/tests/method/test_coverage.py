"""Everything the guide asks is declared, and nothing that it forbids (inventory, M1)."""

import re
from string import Formatter

import pytest
from django.utils.functional import Promise

from cases.method import METHOD
from cases.method.grammar import (
    CHOICE,
    COLUMNS,
    DATE,
    ENCLOSURE,
    GROUP,
    KINDS,
    MANY,
    ORDER,
    PAGE_KINDS,
    PLAN,
    SCALE,
)
from cases.method.step7_followup import NOT_SPOKEN
from cases.method.wording import forbidden_in
from cases.schooldays.windows import DEFAULT_WINDOWS
from cases.tests.method.inventory import inventory
from cases.tests.method.method_texts import DUTCH, PO, source, texts

ROWS = inventory()


def rows(kind):
    return [pytest.param(row, id=row.id) for row in ROWS if kind in row.kinds]


def questions(inventory_id):
    return [q for page in METHOD.pages() for q in page.questions if inventory_id in q.covers]


def minds(inventory_id):
    shown = [*METHOD.mind, *(mind for page in METHOD.pages() for mind in page.mind)]
    return [mind for mind in shown if inventory_id in mind.covers]


def everything(attribute):
    """(where, question) for every question, or (where, say) for every group of phrases."""
    for page in METHOD.pages():
        for part in page.questions if attribute == "questions" else page.all_say():
            yield f"{page.key}.{part.key}", part


def test_the_inventory_is_read_whole():
    assert len(inventory()) == len(ROWS) > 60
    assert {kind for row in ROWS for kind in row.kinds} == {"ask", "say", "mind", "rule", "make"}


def test_all_that_the_guide_asks_is_declared_and_nothing_else():
    assert METHOD.covered() == {row.id for row in inventory()}


@pytest.mark.parametrize("row", rows("say"))
def test_there_are_enough_example_phrases(row):
    assert METHOD.phrase_count(row.id) >= row.floor("say")


@pytest.mark.parametrize("row", rows("ask"))
def test_what_is_asked_has_a_place_for_the_answer(row):
    # Who is in the group and in which order they are seen are rows, asked by the kind of page.
    by_kind = [p for p in METHOD.pages() if p.kind in (GROUP, ORDER) and row.id in p.covers]
    assert len(questions(row.id)) + len(by_kind) >= row.floor("ask")
    if row.per_pupil:
        assert any(question.per_member for question in questions(row.id))


@pytest.mark.parametrize("row", rows("mind"))
def test_what_to_mind_is_shown(row):
    assert len(minds(row.id)) >= row.floor("mind")


def test_the_nine_points_for_leading_the_meeting_stand_together():
    assert (
        len([mind for mind in METHOD.step("gather").page("ready").mind if "P2.13" in mind.covers])
        == 9
    )


@pytest.mark.inventory("M1")
def test_no_question_asks_what_happened_who_did_it_or_for_proof():
    """M1: the answer to the problem needs no facts, no culprit and no sanction."""
    asks = re.compile(
        r"\b(happened|proof|evidence|witness|punish|sanction|offence|whose fault|who did)", re.I
    )
    for where, question in everything("questions"):
        wording = f"{source(question.label)} {source(question.sheet) if question.sheet else ''}"
        assert not asks.search(wording), where
        assert forbidden_in(wording) == [], where


def test_steps_stand_in_their_moments_in_order():
    assert all(METHOD.in_moment(moment.key) for moment in METHOD.moments)
    assert [step for moment in METHOD.moments for step in METHOD.in_moment(moment.key)] == list(
        METHOD.steps
    )


def test_keys_are_unique_where_they_are_looked_up():
    def assert_unique(parts, where):
        keys = [part.key for part in parts]
        assert len(keys) == len(set(keys)), where

    assert_unique(METHOD.steps, "steps")
    assert_unique(METHOD.moments, "moments")
    for step in METHOD.steps:
        assert_unique(step.pages, step.key)
    for page in METHOD.pages():
        assert_unique(page.questions, page.key)
        assert_unique(tuple(page.all_say()), page.key)
        for question in page.questions:
            assert_unique(question.choices, f"{page.key}.{question.key}")


def test_keys_can_be_used_in_addresses_and_forms():
    for page in METHOD.pages():
        for part in (page, *page.questions, *page.all_say()):
            assert re.fullmatch(r"[a-z][a-z0-9_]*", part.key), part.key


def test_each_question_says_what_its_kind_needs():
    for where, question in everything("questions"):
        assert question.kind in KINDS, where
        assert bool(question.choices) == (question.kind in (CHOICE, MANY)), where
        assert bool(question.plans) == (question.kind == PLAN), where
        assert question.column in ("", *COLUMNS), where
        assert (question.column == "scale") == (question.kind == SCALE), where
        if question.column == "held_on":
            assert question.kind == DATE, where
    assert {page.kind for page in METHOD.pages()} == set(PAGE_KINDS)


def test_what_is_agreed_to_stay_between_two_is_never_on_paper():
    private = [question for _, question in everything("questions") if question.private]
    assert [question.key for question in private] == ["not_told"]
    assert all(question.sheet == "" for question in private)


def test_questions_to_oneself_are_never_on_paper():
    for where, say in everything("say"):
        assert say.aloud or not say.sheet, where
    prepare = METHOD.step("talk").page("prepare")
    assert not any(say.aloud for say in prepare.all_say())
    assert not prepare.sheet_title and not any(question.sheet for question in prepare.questions)


def test_all_that_is_said_on_a_sheet_has_a_heading_there():
    """A page without a sheet title is not printed, so its phrases would be lost."""
    unprinted = {"invite", "asking", "scale"}  # said before, or in passing: no sheet lies there
    for page in METHOD.pages():
        for say in page.all_say():
            assert page.sheet_title or not say.sheet or say.key in unprinted, (
                f"{page.key}.{say.key}"
            )


def test_words_prepared_for_pupils_are_guarded():
    guarded = {where for where, question in everything("questions") if question.guarded}
    assert guarded == {"tell.told", "reasons.reason", "ideas.idea"}


def test_the_letter_is_added_once_and_at_hand_when_the_group_hears_it():
    places = [where for where, question in everything("questions") if question.kind == ENCLOSURE]
    assert places == ["between.enclosure", "tell.enclosure"]


def test_the_four_appointments_are_each_made_once():
    plans = [question.plans for _, question in everything("questions") if question.plans]
    assert sorted(plans) == ["interim", "meeting", "members", "pupil"]


def test_the_number_and_the_verdict_are_asked_the_same_way_each_time():
    """B5 and B6: only then can they be compared."""
    scales = [question for _, question in everything("questions") if question.kind == SCALE]
    assert len(scales) == 3 + len(METHOD.later)
    assert len({(source(question.label), source(question.hint)) for question in scales}) == 1
    later = {f"{page.key}.verdict" for page in METHOD.later}
    verdicts = [
        question
        for where, question in everything("questions")
        if question.column == "verdict" and where not in later
    ]
    assert len(verdicts) == 3
    judgements = {
        tuple(choice.key for choice in question.choices if choice.key != NOT_SPOKEN)
        for question in verdicts
    }
    assert len(judgements) == 1, "a member who could not be spoken with is no judgement"


def names_in(text):
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def test_every_text_can_be_translated():
    for text in texts():
        assert isinstance(text, Promise), f"not translatable: {text!r}"


def test_the_name_of_the_supported_pupil_and_the_schools_days_are_all_that_is_filled_in():
    days = {f"{kind}_days" for kind in DEFAULT_WINDOWS}
    for text in texts():
        assert names_in(source(text)) <= {"name", *days}, source(text)


def test_no_text_gives_the_pupil_a_gender():
    gendered = re.compile(r"\b(he|she|him|his|her|hers|boy|girl)\b", re.I)
    assert [source(text) for text in texts() if gendered.search(source(text))] == []


needs_dutch = pytest.mark.skipif(
    not PO.exists(), reason="the Dutch catalogue has not been made yet"
)


@needs_dutch
def test_every_text_has_its_dutch():
    missing = {source(text) for text in texts()} - set(DUTCH)
    assert missing == set()


@needs_dutch
def test_the_dutch_fills_in_the_same_name():
    for text in texts():
        assert names_in(DUTCH[source(text)]) == names_in(source(text)), source(text)


@needs_dutch
def test_no_dutch_text_gives_the_pupil_a_gender():
    gendered = re.compile(r"\b(hij|zij|hem|haar|jongen|meisje)\b", re.I)
    allowed = {"Zij gaan het doen."}  # the group
    found = [DUTCH[source(text)] for text in texts() if gendered.search(DUTCH[source(text)])]
    assert [text for text in found if not any(sentence in text for sentence in allowed)] == []


@needs_dutch
def test_dutch_texts_never_call_anyone_a_case_or_by_a_role():
    avoided = re.compile(r"\b(zaak|dossier|slachtoffer|dader|pester|aanvoerder|meeloper)s?\b", re.I)
    assert [DUTCH[source(text)] for text in texts() if avoided.search(DUTCH[source(text)])] == []
