"""A whole case, from the first talk through a second round to the end, over the declared method."""

import pytest

from cases.actions import appointment_windows, cases, group, pages, rounds, step_order
from cases.actions.step_order import NotYet
from cases.method import METHOD
from cases.method.grammar import MEMBER
from cases.models import (
    Appointment,
    Case,
    GroupMember,
    PageRecord,
    PageRevision,
    Reminder,
    StepRecord,
)
from cases.tests.world import HALF_AND_HALF, LEADER, OTHER, TODAY, at, walk_of

TO_PLAN = {"talk", "group", "plan_pupil", "plan_members", "write_up", "meeting"}
FIRST, LAST = METHOD.steps[0], METHOD.steps[-1]


def next_is_taken_care_of(case):
    """B3: a running case has a next act, someone who does it, and a day unless the act is to choose
    one.
    """
    case = Case.objects.get(pk=case.pk)
    if not case.running:
        assert (case.next_kind, case.next_date, case.next_owner) == ("", None, None)
        return
    assert case.next_kind
    assert case.next_owner_id == case.leader_id
    assert case.next_date is not None or case.next_kind in TO_PLAN


@pytest.mark.inventory("S7.2", "S7.9")
def test_two_rounds_and_an_end(noor_case, anna):
    again = {"close.ending": "again", "close.verdict": "little"}
    with at(TODAY):
        walk = walk_of(noor_case, words=again)
        for step in METHOD.steps:
            noor_case.refresh_from_db()
            assert noor_case.step == step.key
            for page in step.pages:
                members = group.members_of(walk.round) if page.kind == MEMBER else [None]
                for member in members:
                    walk.fill(walk.at(step.key, page.key, member))
                    next_is_taken_care_of(noor_case)
            walk.finish(step)
            next_is_taken_care_of(noor_case)
        assert set(step_order.states(walk.round).values()) == {StepRecord.DONE}
        first = walk.round
        recorded = PageRecord.objects.filter(round=first).count()

        second = rounds.open_round(noor_case, by=anna)
        next_is_taken_care_of(noor_case)
    assert (noor_case.round_number, noor_case.step) == (2, "gather")
    assert FIRST.key not in step_order.states(second)
    assert [m.pupil_id for m in group.members_of(second)] == [
        m.pupil_id for m in group.members_of(first)
    ]
    assert [m.role for m in group.members_of(second)] == list(HALF_AND_HALF)
    assert PageRecord.objects.filter(round=first).count() == recorded
    first.refresh_from_db()
    assert first.outcome == rounds.AGAIN
    # The window of the second round counts from the last talk with the pupil.
    held = PageRecord.objects.get(round=first, page="pupil").held_on
    assert appointment_windows.starts_on(second, Appointment.MEETING) == held

    later = walk_of(noor_case, talk=held, words={"close.ending": "better"})
    with at(held):
        later.until()
        rounds.close_case(noor_case, by=anna, words="Het gaat goed zo.")
    next_is_taken_care_of(noor_case)
    noor_case.refresh_from_db()
    assert noor_case.status == Case.CLOSED
    assert noor_case.closing_words == "Het gaat goed zo."
    assert {m.role for m in GroupMember.objects.filter(round__case=noor_case)} == {""}
    assert not Reminder.objects.filter(case=noor_case, state=Reminder.DUE).exists()
    assert not Appointment.objects.filter(case=noor_case, state=Appointment.PLANNED).exists()


@pytest.mark.inventory("M2")
def test_roles_are_gone_from_every_place_after_closing(noor_case, anna):
    """M2: also from what was kept when a finished step was corrected."""
    walk = walk_of(noor_case)
    walk.until()
    where = walk.at("gather", "group")
    leads = next(key for key, role in group.role_values(walk.round).items() if role == LEADER)
    pages.save_page(where, {leads: OTHER}, version=where.record().version, by=anna)
    revision = PageRevision.objects.get()
    assert revision.answers["lead"] == "self"
    assert not [key for key in revision.answers if key.startswith("role:")]
    rounds.close_case(noor_case, by=anna)
    assert group.role_values(walk.round) and set(group.role_values(walk.round).values()) == {""}


@pytest.mark.inventory("S1.4")
@pytest.mark.parametrize("answer", ["unsure", "no", ""])
def test_without_the_pupils_yes_the_group_stays_closed(noor_case, answer):
    walk = walk_of(noor_case, words={"talk.wish": answer})
    walk.fill_step(FIRST)
    with pytest.raises(step_order.NotYet) as not_yet:
        walk.finish(FIRST)
    assert "wish" in [missing.key for missing in not_yet.value.missing]
    assert not step_order.may_open(walk.round, METHOD.after(FIRST.key))
    noor_case.refresh_from_db()
    assert noor_case.step == FIRST.key


def test_paused_until_the_pupil_is_asked_again(noor_case, anna):
    with at(TODAY):
        cases.pause_case(noor_case, by=anna)
    next_is_taken_care_of(noor_case)
    assert (noor_case.status, noor_case.next_kind) == (Case.PAUSED, "resume")
    assert (noor_case.next_date - TODAY).days >= 14
    assert noor_case.school.calendar().is_school_day(noor_case.next_date)
    cases.resume_case(noor_case, by=anna)
    assert (noor_case.status, noor_case.next_kind) == (Case.OPEN, "talk")


@pytest.mark.parametrize("until", [step.key for step in METHOD.steps])
def test_every_step_of_the_declaration_can_be_reached_closed_and_taken_up_again(
    make_case, anna, until
):
    case = make_case(until)
    assert case.step == until
    next_is_taken_care_of(case)
    if until == METHOD.steps[0].key:
        cases.pause_case(case, by=anna)
        next_is_taken_care_of(case)
        cases.resume_case(case, by=anna)
    else:
        with pytest.raises(NotYet):
            cases.pause_case(case, by=anna)
    next_is_taken_care_of(case)
    rounds.close_case(case, by=anna)
    next_is_taken_care_of(case)
    rounds.reopen_case(case, by=anna)
    next_is_taken_care_of(case)
    case.refresh_from_db()
    assert (case.status, case.step) == (Case.OPEN, until)


def test_a_case_with_nothing_left_to_do_is_taken_up_again_in_a_new_round(make_case, anna):
    case = make_case(None)
    rounds.close_case(case, by=anna)
    rounds.reopen_case(case, by=anna)
    next_is_taken_care_of(case)
    case.refresh_from_db()
    assert (case.status, case.round_number) == (Case.OPEN, 2)
    rounds.reopen_case(case, by=anna)  # it runs already
    assert case.rounds.count() == 2


def test_a_new_round_opens_once_however_often_it_is_asked(make_case, anna):
    case = make_case(None)
    stale = Case.objects.get(pk=case.pk)
    rounds.open_round(case, by=anna)
    rounds.open_round(case, by=anna)
    rounds.open_round(stale, by=anna)
    assert case.rounds.count() == 2
    assert Case.objects.get(pk=case.pk).round_number == 2


def test_another_route_does_not_run_until_it_does(noor, anna):
    import uuid

    fit = {"signs": ["violence"], "route": "other"}
    case = cases.open_case(noor.school, noor, by=anna, client_key=uuid.uuid4(), fit=fit)
    assert case.status == Case.ELSEWHERE
    next_is_taken_care_of(case)
    cases.go_on_here(case, "Overlegd met de coördinator.", by=anna)
    assert case.status == Case.OPEN
    next_is_taken_care_of(case)
