"""A step that is added, inside the meeting or after the last, needs its declaration only: it is
opened, saved, finished, reminded of, printed and shown like any other.
"""

import datetime

import pytest
from django.urls import reverse
from django.utils import translation

from cases import reminder_kinds
from cases.actions import reminder_rows, rounds, step_order, steps
from cases.actions.pages import values_of
from cases.actions.step_order import NotYet
from cases.management.demo.texts import NEEDED, words_for
from cases.method import METHOD
from cases.method.grammar import CHOICE, DATE, WITH_GROUP, Choice, Page, Question, Step
from cases.models import Case, Reminder, StepRecord
from cases.next_actions import CLOSE, GO_ON
from cases.printing import case_report, documents
from cases.printing.conversation_sheet import sheet_html
from cases.printing.print_choices import Choices
from cases.printing.sheet_kinds import all_sheets
from cases.reminders.mail_text import about
from cases.tests import world
from cases.views.cases.presenters import heading_of, next_todo, next_url, page_url
from cases.views.printing.print_page import fitting

INSIDE = Step(
    "added_inside",
    "Try it together",
    "They try an idea before they go.",
    "meeting",
    (
        Page(
            "added_inside",
            "What do they try?",
            "Try",
            sheet_title="Trying it",
            audience=WITH_GROUP,
            questions=(
                Question("tried", "What did they try?", required=True, sheet="What we tried"),
                Question("went", "How did it go?", CHOICE, choices=(Choice("fine", "Fine"),)),
            ),
        ),
    ),
)
AFTER_LAST = Step(
    "added_last",
    "Tell the parents",
    "The parents hear how it went.",
    "after",
    (
        Page(
            "added_page",
            "What do the parents hear?",
            "To the parents",
            sheet_title="To the parents",
            questions=(
                Question("heard", "What did you tell them?", required=True, sheet="What I told"),
                Question("heard_on", "On which day?", DATE),
            ),
        ),
    ),
    ends_round=True,
)


@pytest.fixture
def added(monkeypatch):
    """The method with one step more inside the meeting and one after the last."""
    before = METHOD.steps
    at = [step.moment for step in before].index("meeting") + 4
    longer = (*before[:at], INSIDE, *before[at:], AFTER_LAST)
    monkeypatch.setitem(vars(METHOD), "steps", longer)
    for step in (INSIDE, AFTER_LAST):
        monkeypatch.setitem(METHOD._by_key, step.key, step)
    return longer


@pytest.fixture
def signed_in(client, anna):
    client.force_login(anna)
    return client


def due(case):
    """What has to be said about a case: kind, subject and day."""
    rows = Reminder.objects.filter(case=case, state=Reminder.DUE)
    return {(row.kind, row.subject, row.due_on) for row in rows}


def save(client, walk, step, **answers):
    """Fill in the one page of an added step on its screen; what the server answered."""
    url = page_url(walk.case, walk.round, step, step.pages[0])
    assert client.get(url).status_code == 200
    version = walk.at(step.key, step.pages[0].key).record().version
    return client.post(url, {"version": str(version), **answers})


def finish(client, walk, step):
    answer = client.post(reverse("case-finish", args=[walk.case.pk, walk.round.number, step.key]))
    walk.case.refresh_from_db()
    return answer


def walked_to(case, step, **words):
    """A walk in which every step before this one was finished with the verbs."""
    walk = world.walk_of(case, words=words)
    walk.until(step.key)
    assert case.step == step.key
    return walk


def test_every_step_has_its_own_next_action(noor_case, signed_in, added):
    with world.at(world.TODAY):
        walk, came = world.walk_of(noor_case), {}
        for step in added:
            noor_case.refresh_from_db()
            assert noor_case.step == step.key
            came[step.key] = [noor_case.next_kind]
            walk.fill_step(step)
            noor_case.refresh_from_db()
            came[step.key].append(noor_case.next_kind)
            assert noor_case.next_date >= world.TODAY
            assert noor_case.next_owner == noor_case.leader
            assert signed_in.get(next_url(noor_case)).status_code == 200
            finish(signed_in, walk, step)
    assert came["added_inside"] == came["share"] == ["write_up", "write_up"]
    assert came["added_last"] == [GO_ON, GO_ON]
    assert came["followup"][-1] == CLOSE
    assert noor_case.status == Case.AFTERCARE


def test_the_step_inside_the_meeting(noor_case, signed_in, added):
    with world.at(world.TODAY):
        walk = walked_to(noor_case, INSIDE)
        answer = save(signed_in, walk, INSIDE, go="finish")
        assert answer.url.endswith("?ask=1")  # what is required is asked for first
        answer = save(signed_in, walk, INSIDE, tried="Meedoen met tikkertje", go="finish")
        noor_case.refresh_from_db()
        after = METHOD.after(INSIDE.key).key  # straight on, in one meeting
        assert noor_case.step == after and f"/{after}/" in answer.url
        assert steps.may_skip(INSIDE)


def test_the_demo_has_an_answer_for_what_an_added_step_requires(noor_case, added):
    with world.at(world.TODAY):
        walk = world.walk_of(noor_case, words=words_for("Noor"), filler="")
        walk.needed = NEEDED
        walk.until()
        assert set(step_order.states(walk.round).values()) == {StepRecord.DONE}
        assert values_of(walk.at("added_last", "added_page"))["heard"] == NEEDED


def test_the_step_after_the_last(noor_case, signed_in, added):
    with world.at(world.TODAY):
        walk = walked_to(noor_case, AFTER_LAST)
        assert noor_case.status == Case.OPEN  # the step before did not end the round
        by, owner = noor_case.next_date, noor_case.leader
        assert by > world.TODAY
        assert (reminder_kinds.PLAN, GO_ON, by) in due(noor_case)
        assert not [row for row in due(noor_case) if row[1] == "write_up"]
        with translation.override("en"):
            assert next_todo(noor_case) == "Fill in the next step"
            assert heading_of(noor_case.next_kind, noor_case) == "Go on with Noor"
            assert about(GO_ON) == "something to write down"
        assert next_url(noor_case) == page_url(
            noor_case, walk.round, AFTER_LAST, AFTER_LAST.pages[0]
        )
        page = signed_in.get(next_url(noor_case))
        assert page.context["verdicts"] is None  # what the group said of it is not for this talk
        assert page.context["finishes"]
        save(signed_in, walk, AFTER_LAST, heard="Dat het beter gaat", go="check")
        noor_case.refresh_from_db()
        assert (noor_case.next_kind, noor_case.next_date) == (GO_ON, by)
        with pytest.raises(NotYet):
            steps.skip_step(noor_case, walk.round, AFTER_LAST, "geen tijd", by=owner)
    with world.at(by + datetime.timedelta(days=7)):  # late, until it is done
        reminder_rows.refresh(noor_case)
        assert {row[1] for row in due(noor_case) if row[0] == reminder_kinds.LATE} == {GO_ON}
        signed_in.force_login(owner)  # signed out meanwhile
        finish(signed_in, walk, AFTER_LAST)
        assert noor_case.status == Case.AFTERCARE
        assert GO_ON not in {row[1] for row in due(noor_case)}
        assert noor_case.next_kind == "weeks6"


def test_the_round_ends_after_it_in_both_ways(noor_case, signed_in, added):
    with world.at(world.TODAY):
        walk = walked_to(noor_case, AFTER_LAST, **{"close.ending": "again"})
        assert (noor_case.round_number, noor_case.status) == (1, Case.OPEN)
        check = reverse("case-check", args=[noor_case.pk, 1, AFTER_LAST.key])
        save(signed_in, walk, AFTER_LAST, heard="Nog niet genoeg", go="next")
        assert signed_in.get(check).context["ending"] == rounds.AGAIN
        finish(signed_in, walk, AFTER_LAST)
        assert (noor_case.round_number, noor_case.step) == (2, "gather")
        assert noor_case.next_kind == "group"


def test_screens_report_and_paper_show_them(noor_case, signed_in, added, anna):
    with world.at(world.TODAY):
        walk = world.walk_of(noor_case)
        walk.until(AFTER_LAST.key)
        walk.fill_step(AFTER_LAST)
        page = signed_in.get(reverse("case", args=[noor_case.pk]))
        rows = [row for moment in page.context["moments"] for row in moment["steps"]]
        assert [row["number"] for row in rows] == list(range(1, len(added) + 1))
        assert rows[-1]["state"] == "now" and "Tell the parents" in page.content.decode()
        assert any("They try an idea" in row["summary"] for row in rows)
        for step in (INSIDE, AFTER_LAST):
            check = reverse("case-check", args=[noor_case.pk, 1, step.key])
            shown = signed_in.get(check).content.decode()
            assert str(step.pages[0].questions[0].label) in shown
            assert "Korte aantekening." in shown
        assert signed_in.get(reverse("home")).status_code == 200
        asked = case_report.Asked(("steps",), "en", "Anna", world.TODAY)
        report = "".join(case_report.documents(noor_case, asked))
        assert "Try it together" in report and "Tell the parents" in report
        context = documents.PrintContext(noor_case, anna, Choices(), "en")
        papers = documents.all_documents()
        assert fitting(context, papers.values()).key == "sheet-added_last"
        assert documents.document_parts(context, papers["sheet-added_last"])
        paper = reverse("case-paper", args=[noor_case.pk, "sheet-added_last"])
        assert signed_in.get(paper).status_code == 200


def test_the_sheets_have_their_questions(added):
    assert "What we tried" in sheet_html("meeting", name="Noor", language="en")
    (first, second) = sheet_html("added_last", name="Noor", language="en").split('column">')[1:3]
    assert "What I told" in first and "What I told" not in second  # a single question comes first
    for kind in all_sheets():
        assert ("What I told" in sheet_html(kind, name="Noor", language="en")) == (
            kind == "added_last"
        )


def test_a_step_after_the_end_of_the_round_is_refused():
    with pytest.raises(ValueError, match="ends the round"):
        type(METHOD)(METHOD.intake, METHOD.moments, (*METHOD.steps, INSIDE))
