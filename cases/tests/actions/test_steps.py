"""Finishing and skipping: in order, with what is asked for, once."""

import pytest

from cases.actions import pages, step_order, steps
from cases.method import METHOD
from cases.models import JournalEntry, PageRevision, StepRecord
from cases.tests.world import FOLLOWER, LEADER, OTHER, walk_of

FIRST, LAST = METHOD.steps[0], METHOD.step("followup")


@pytest.mark.inventory("M4")
def test_steps_open_one_after_another(noor_case):
    walk = walk_of(noor_case)
    for number, step in enumerate(METHOD.steps):
        assert [step_order.may_open(walk.round, each) for each in METHOD.steps] == [
            n <= number for n in range(len(METHOD.steps))
        ]
        for later in METHOD.steps[number + 1 :]:
            with pytest.raises(step_order.NotYet):
                walk.finish(later)
        walk.fill_step(step)
        walk.finish(step)


@pytest.mark.parametrize("step", METHOD.steps, ids=lambda step: step.key)
def test_finishing_names_every_required_answer(make_case, step):
    case = make_case(step.key)
    walk = walk_of(case)
    required = {
        (page.key, question.key)
        for page, question in step.questions()
        if question.required and not page.optional and not question.per_member
    }
    if not required:
        walk.finish(step)
        return
    with pytest.raises(step_order.NotYet) as not_yet:
        walk.finish(step)
    assert required <= {(missing.page.key, missing.key) for missing in not_yet.value.missing}
    assert step_order.states(walk.round)[step.key] == StepRecord.OPEN


def test_each_talk_with_a_member_is_asked_for(make_case):
    case = make_case(LAST.key)
    walk = walk_of(case)
    walk.fill_step(LAST, talks=4)
    with pytest.raises(step_order.NotYet) as not_yet:
        walk.finish(LAST)
    names = {missing.member.pupil.first_name for missing in not_yet.value.missing}
    assert len(names) == 2


@pytest.mark.inventory("P2.1", "P2.3")
def test_a_group_out_of_balance_asks_why(make_case):
    case = make_case("gather", roles=(LEADER, FOLLOWER, OTHER))
    walk = walk_of(case, roles=(LEADER, FOLLOWER, OTHER))
    walk.fill_step(METHOD.step("gather"))
    with pytest.raises(step_order.NotYet) as not_yet:
        walk.finish(METHOD.step("gather"))
    assert [missing.key for missing in not_yet.value.missing] == ["balance_reason"]
    walk.words["group.balance_reason"] = "De klas is klein."
    walk.fill(walk.at("gather", "group"))
    walk.finish(METHOD.step("gather"))
    assert step_order.states(walk.round)["gather"] == StepRecord.DONE


def test_finishing_twice_is_finishing_once(make_case, anna, youssef):
    case = make_case("gather")
    walk = walk_of(case)
    again = steps.finish_step(case, walk.round, FIRST, by=youssef)
    assert again.finished_by == anna
    case.refresh_from_db()
    assert case.step == "gather"
    assert JournalEntry.objects.filter(case=case.pk, action="finish").count() == 1


@pytest.mark.inventory("M4")
def test_skipping_takes_a_reason_and_never_the_talk_or_the_last_step(make_case, anna):
    case = make_case("gather")
    walk = walk_of(case)
    gather = METHOD.step("gather")
    for empty in ("", "  \n"):
        with pytest.raises(ValueError, match="reason"):
            steps.skip_step(case, walk.round, gather, empty, by=anna)
    with pytest.raises(step_order.NotYet):
        steps.skip_step(case, walk.round, METHOD.step("share"), "Geen tijd", by=anna)
    record = steps.skip_step(case, walk.round, gather, " De groep kende elkaar al. ", by=anna)
    assert (record.state, record.reason) == (StepRecord.SKIPPED, "De groep kende elkaar al.")
    assert StepRecord.objects.get(pk=record.pk).reason == "De groep kende elkaar al."
    assert step_order.may_open(walk.round, METHOD.after("gather"))
    assert not steps.may_skip(FIRST)
    assert not steps.may_skip(LAST)


def test_the_first_talk_is_not_skipped(noor_case, anna):
    case_round = noor_case.rounds.get()
    with pytest.raises(step_order.NotYet):
        steps.skip_step(noor_case, case_round, FIRST, "Haast", by=anna)
    assert not step_order.may_open(case_round, METHOD.after(FIRST.key))


@pytest.mark.inventory("M4")
def test_correcting_a_finished_step_keeps_what_it_said(make_case, anna, youssef):
    case = make_case("gather")
    where = walk_of(case).at("talk", "talk")
    before = pages.values_of(where)
    values = {**before, "how": "Anders gezegd.", "scale": 0}
    pages.save_page(where, values, version=where.record().version, by=youssef)
    revision = PageRevision.objects.get()
    assert revision.answers == before
    assert (revision.written_by, revision.replaced_by) == (anna, youssef)
    now = pages.values_of(where)
    assert (now["how"], now["scale"]) == ("Anders gezegd.", 0)


def test_changing_an_unfinished_step_keeps_no_history(noor_case, anna):
    where = walk_of(noor_case).at("talk", "talk")
    for version, text in enumerate(("een", "twee")):
        pages.save_page(where, {"how": text}, version=version, by=anna)
    assert not PageRevision.objects.exists()


@pytest.mark.inventory("B6")
def test_judgements_stay_apart_and_a_difference_shows(make_case):
    case = make_case(LAST.key)
    words = {
        "pupil.verdict": "not",
        "member.verdict": ["better", "little"],
        "close.verdict": "better",
    }
    walk = walk_of(case, words=words)
    walk.fill_step(LAST, talks=2)
    said = steps.verdicts(walk.round)
    assert (said["pupil"], said["leader"], said["differ"]) == ("not", "better", True)
    assert [verdict for _, verdict in said["members"]] == ["better", "little", "", "", "", ""]


@pytest.mark.inventory("S3.3")
def test_what_must_not_be_told_is_found_in_every_round(make_case, anna):
    case = make_case("ideas", words={"between.not_told": "Alleen tussen ons."})
    assert steps.confidential_answers(case) == ["Alleen tussen ons."]
