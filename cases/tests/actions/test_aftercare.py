"""After it got better: later checks, and what follows from each (B2)."""

import datetime

import pytest

from cases.actions import appointment_windows, appointments, pages, rounds
from cases.actions.group import role_values
from cases.actions.page_location import later_location
from cases.actions.step_order import NotYet
from cases.models import Appointment, Case, PageRevision, Reminder, Round
from cases.tests.world import TODAY, at, walk_of


@pytest.fixture
def better(make_case):
    """Anna's case for Noor in which it got better."""
    with at(TODAY):
        case = make_case(None, talk=TODAY)
        return rounds.begin_aftercare(case, by=case.leader)


def check(case, kind, verdict, on=None, **more):
    """Fill in a later check and conclude it on its day."""
    case_round = appointments.current_round(case)
    where = later_location(case, case_round, kind)
    found = appointment_windows.live(case_round, kind)
    on = on or found.date
    values = {"held_on": on.isoformat(), "verdict": verdict, "scale": "8", **more}
    with at(on):
        pages.save_page(where, values, version=where.record().version, by=case.leader)
        answer = rounds.conclude_check(case, kind, by=case.leader)
    case.refresh_from_db()
    return answer


def planned(case):
    found = Appointment.objects.filter(case=case, state=Appointment.PLANNED).order_by("date")
    return list(found.values_list("kind", flat=True))


@pytest.mark.inventory("B2", "M2")
def test_it_got_better_plans_the_checks_erases_the_roles_and_waits_for_the_first(better):
    assert better.status == Case.AFTERCARE
    assert planned(better) == ["weeks6", "months3", "months6", "summer"]
    assert (better.next_kind, better.next_agreed) == ("weeks6", True)
    first = Appointment.objects.get(case=better, kind="weeks6")
    talk = Appointment.objects.get(case=better, kind=Appointment.PUPIL)
    assert (better.next_date, better.next_owner) == (first.date, better.leader)
    assert (first.date - talk.held_on).days >= 42
    assert set(role_values(appointments.current_round(better)).values()) == {""}
    due = better.reminders.filter(state=Reminder.DUE).values_list("subject", flat=True)
    assert set(due) == {"weeks6", "months3", "months6", "summer"}


def test_twice_is_once(better):
    rounds.begin_aftercare(better, by=better.leader)
    assert planned(better) == ["weeks6", "months3", "months6", "summer"]


def test_finished_only_after_the_last_check(better):
    for number, kind in enumerate(["weeks6", "months3", "months6", "summer"], start=1):
        assert better.status == Case.AFTERCARE
        assert check(better, kind, "well") == "well"
        assert len(planned(better)) == 4 - number
    assert better.status == Case.CLOSED
    assert Round.objects.get(case=better).outcome == rounds.BETTER
    assert not better.reminders.filter(state=Reminder.DUE).exists()


def test_closed_early_keeps_that_it_was_better(better):
    rounds.close_case(
        better, by=better.leader, words="Naar een andere school", outcome=rounds.STOPPED
    )
    assert Round.objects.get(case=better).outcome == rounds.BETTER
    assert planned(better) == []


def test_a_new_worry_is_asked_about_again_in_two_weeks_and_never_ends_the_case(better):
    day = Appointment.objects.get(case=better, kind="weeks6").date
    check(better, "weeks6", "worry")
    extra = Appointment.objects.get(case=better, kind="extra")
    assert 14 <= (extra.date - day).days <= 17
    for kind in ("months3", "months6", "summer"):
        with at(TODAY):
            appointments.cancel(better, appointments.current_round(better), kind, by=better.leader)
    for kind in Appointment.EXTRAS:
        assert better.next_kind == kind
        check(better, kind, "worry")
    assert (better.status, better.next_kind) == (Case.AFTERCARE, "later")


def test_typing_a_check_does_not_hold_it_and_what_was_not_finished_is_reminded_of(better):
    case_round = appointments.current_round(better)
    found = appointment_windows.live(case_round, "weeks6")
    values = {"held_on": found.date.isoformat(), "verdict": "returned", "scale": "3"}
    with at(found.date):
        pages.save_page(
            later_location(better, case_round, "weeks6"), values, version=0, by=better.leader
        )
    better.refresh_from_db()
    assert better.next_kind == "weeks6"
    due = better.reminders.filter(state=Reminder.DUE).values_list("kind", "subject")
    assert {("late", "weeks6"), ("draft", "later")} <= set(due)


def test_a_check_corrected_later_keeps_what_it_said_and_plans_nothing_more(better):
    check(better, "weeks6", "well", how="Goed")
    before = planned(better)
    day = Appointment.objects.get(case=better, kind="weeks6").held_on
    check(better, "weeks6", "worry", on=day, how="Toch niet zo goed")
    assert planned(better) == before
    assert PageRevision.objects.get().answers["how"] == "Goed"
    check(better, "weeks6", "returned", on=day)
    assert (better.status, better.round_number) == (Case.OPEN, 2)


@pytest.mark.inventory("B2", "S7.2")
def test_it_came_back_opens_a_round_and_calls_the_other_checks_off(better):
    assert check(better, "weeks6", "returned") == "returned"
    assert (better.status, better.round_number) == (Case.OPEN, 2)
    assert Round.objects.get(case=better, number=1).outcome == rounds.RETURNED
    assert planned(better) == []
    assert better.next_kind == "group"


@pytest.mark.inventory("B2")
def test_moved_to_another_pupil_changes_nothing_here_and_names_nobody(better, pupils):
    check(better, "weeks6", "moved")
    assert better.status == Case.AFTERCARE and better.next_kind == "months3"
    assert not Case.objects.exclude(pk=better.pk).exists()


def test_without_a_day_or_an_answer_nothing_is_concluded(better):
    case_round = appointments.current_round(better)
    where = later_location(better, case_round, "weeks6")
    with at(TODAY), pytest.raises(NotYet):
        pages.save_page(where, {"how": "Het gaat."}, version=0, by=better.leader)
        rounds.conclude_check(better, "weeks6", by=better.leader)
    assert "weeks6" in planned(better)


def test_a_check_that_was_called_off_and_held_all_the_same_counts(better):
    case_round = appointments.current_round(better)
    with at(TODAY):
        appointments.cancel(better, case_round, "weeks6", by=better.leader)
    day = TODAY + datetime.timedelta(days=30)
    check(better, "weeks6", "well", on=day)
    assert Appointment.objects.get(case=better, kind="weeks6").held_on == day


def test_all_called_off_asks_what_now(better):
    case_round = appointments.current_round(better)
    with at(TODAY):
        for kind in planned(better):
            appointments.cancel(better, case_round, kind, by=better.leader)
    better.refresh_from_db()
    assert better.next_kind == "later" and better.next_date > TODAY


def test_later_pages_are_closed_before_and_after_and_earlier_ones_meanwhile(
    better, make_case, pupils
):
    running = make_case("gather", pupil=pupils["Amina"])
    case_round = appointments.current_round(running)
    with pytest.raises(NotYet):
        pages.save_page(
            later_location(running, case_round, "weeks6"),
            {"how": "x"},
            version=0,
            by=running.leader,
        )
    with pytest.raises(NotYet):
        appointments.plan(running, case_round, "weeks6", TODAY, by=running.leader)
    walk = walk_of(better)
    with pytest.raises(NotYet):
        pages.save_page(walk.at("followup", "close"), {"words": "x"}, version=99, by=better.leader)


def test_the_judgements_of_the_round_are_not_mixed_with_later_answers(better):
    from cases.actions.steps import verdicts

    before = verdicts(appointments.current_round(better))
    check(better, "weeks6", "worry")
    after = verdicts(appointments.current_round(better))
    assert (after["leader"], after["pupil"], after["differ"]) == (
        before["leader"],
        before["pupil"],
        before["differ"],
    )
