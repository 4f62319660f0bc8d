"""The report read back: the parts that were asked, confidential on each page, without secrets and
roles.
"""

import pytest
from django.conf import settings
from django.utils import translation

from cases.actions.page_location import later_location
from cases.method import METHOD
from cases.method.grammar import SUMMARY
from cases.models import GroupMember, Idea, PageRecord
from cases.printing import case_report, documents
from cases.printing.pdf_rendering import is_too_much
from cases.printing.print_choices import REPORT_PARTS, Choices
from cases.tests.world import NAMES, TODAY, at, tell

from .pdf_reader import closed_up, packed, pages, words

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def told(school, anna):
    with at(TODAY):
        yield tell(school, anna, "7zebra", NAMES, "een", until=None)


def printed(told, language="nl", *, parts=REPORT_PARTS) -> bytes:
    told.case.refresh_from_db()
    print_context = documents.PrintContext(
        told.case, told.case.leader, Choices(parts=parts), language
    )
    (part,) = documents.document_parts(print_context, documents.all_documents()["report"])
    return part.make()


def split(told):
    """What was written, by whether it may be on a report."""
    written = {
        text: question for text, question in told.walk.written.items() if question is not None
    }
    private = {text for text, question in written.items() if question.private}
    naming = {text for text, question in written.items() if question.names_roles}
    return set(written) - private - naming, private, naming


def test_everything_that_was_noted_is_on_it_but_what_is_not_to_be_told_and_who_was_named(told):
    text = packed(words(printed(told)))
    plain, private, naming = split(told)
    assert private and naming
    missing = [each for each in plain if packed(each) not in text]
    assert not missing
    assert not [each for each in private | naming if packed(each) in text]
    assert all(packed(str(pupil)) in text for pupil in told.pupils)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_says_confidential_who_printed_it_and_when(told, language):
    found = pages(printed(told, language))
    assert len(found) > 2
    with translation.override(language):
        mark = str(translation.gettext("Confidential"))
    for page in found:
        assert mark in page and told.case.leader.name in page and "2026" in page


@pytest.mark.parametrize("part", REPORT_PARTS)
def test_a_part_that_was_not_chosen_is_not_on_it(told, part):
    told.case.closing_words = "kwettereenslotwoord"
    told.case.save()
    whole = packed(words(printed(told)))
    text = packed(words(printed(told, parts=tuple(each for each in REPORT_PARTS if each != part))))
    with translation.override("nl"):
        heading = packed(str(case_report.PARTS[part]))
    heading = {"steps": "Stap1:", "words": "kwettereenslotwoord"}.get(part, heading)
    assert heading in whole and heading not in text


def test_an_old_answer_whose_question_is_gone_is_on_it(told):
    record = PageRecord.objects.get(round=told.round, step="talk", page="prepare")
    record.answers["was_asked_once"] = "kwettereenoudantwoord"
    record.save()
    text = words(printed(told))
    assert "kwettereenoudantwoord" in text and "was_asked_once" in text


def test_who_left_the_group_is_on_it_with_the_talk_and_the_idea(told):
    gone = told.members[0]
    GroupMember.objects.filter(pk=gone.pk).update(left_at=told.case.created_at)
    Idea.objects.update_or_create(
        member=gone, defaults={"school": told.case.school, "text": "kwettereenideevanwieging"}
    )
    text = packed(words(printed(told)))
    assert "kwettereenideevanwieging" in text
    assert packed(f"{gone.pupil}, niet meer in de groep") in text
    missing = [each for each in split(told)[0] if packed(each) not in text and "ideas" not in each]
    assert not missing


def test_the_number_nought_is_a_number(told):
    PageRecord.objects.filter(round=told.round, step="talk", page="talk").update(scale=0)
    print_context = documents.PrintContext(
        told.case, told.case.leader, Choices(parts=("scale",)), "nl"
    )
    (html,) = case_report.documents(
        print_context.case, case_report.Asked(("scale",), "nl", "Anna", TODAY)
    )
    assert "<td>dinsdag 3 november 2026<br>0</td>" in closed_up(html)


@pytest.mark.parametrize("page", METHOD.later, ids=lambda page: page.key)
def test_what_was_said_in_a_later_check_is_on_it(told, page):
    said = page.with_purpose(SUMMARY)
    PageRecord.objects.create(
        school=told.case.school,
        **later_location(told.case, told.round, page.key).row_keys(),
        answers={said.key: "kwettereenlaterecontrole"},
        scale=9,
        held_on=TODAY,
        saved_at=told.case.created_at,
    )
    assert "kwettereenlaterecontrole" in packed(words(printed(told)))
    (html,) = case_report.documents(told.case, case_report.Asked(("scale",), "nl", "Anna", TODAY))
    assert "<td>dinsdag 3 november 2026<br>9</td>" in closed_up(html)


def test_a_very_long_case_goes_on_in_a_second_document_and_nothing_is_lost(told):
    for record in PageRecord.objects.filter(round=told.round):
        record.answers = {**record.answers, "old": "regel & nog een regel\n" * 220}
        record.save()
    asked = case_report.Asked(REPORT_PARTS, "nl", "Anna", TODAY)
    found = case_report.documents(told.case, asked)
    assert len(found) > 1
    assert not any(map(is_too_much, found))
    whole = "".join(found)
    assert (
        whole.count("regel &amp; nog een regel")
        == 220 * PageRecord.objects.filter(round=told.round).count()
    )
