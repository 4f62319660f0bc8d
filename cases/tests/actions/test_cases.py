"""Opening once, the people who run a case, and what goes along when it is handed over."""

import datetime
import uuid

import pytest

from cases import reminder_kinds
from cases.actions import appointment_windows, appointments, cases, step_order
from cases.models import Appointment, Case, CaseStaff, Reminder
from cases.tests.world import FIT, TODAY, at, make_user, open_case, walk_of

SOON = TODAY + datetime.timedelta(days=2)


def test_the_same_form_twice_opens_one_case(noor, anna):
    key = uuid.uuid4()
    one = cases.open_case(noor.school, noor, by=anna, client_key=key, fit=FIT)
    other = cases.open_case(noor.school, noor, by=anna, client_key=key, fit=FIT)
    assert one.pk == other.pk
    assert Case.objects.count() == 1
    assert one.rounds.count() == 1


def test_a_pupil_of_another_school_is_refused(noor, other_school, stranger):
    with pytest.raises(ValueError, match="school"):
        cases.open_case(other_school, noor, by=stranger, client_key=uuid.uuid4())
    assert not Case.objects.exists()


def test_the_first_talk_may_be_planned_while_opening(noor, anna):
    with at(TODAY):
        case = open_case(noor, anna, talk_on=SOON, talk_at=datetime.time(13, 15))
    assert (case.next_kind, case.next_date, case.next_time) == ("talk", SOON, datetime.time(13, 15))
    assert case.next_owner == anna


def test_the_code_says_nothing(noor_case, noor):
    assert len(noor_case.code) == 7
    assert not set(noor_case.code) & set("AEIOU01")
    assert cases.new_code(noor.school) != noor_case.code


@pytest.mark.parametrize("who", ["karel", "stranger", "gone"])
def test_only_colleagues_of_the_school_are_added(noor_case, anna, who, request, school):
    user = (
        make_user(school, "Gone", active=False) if who == "gone" else request.getfixturevalue(who)
    )
    for verb in (cases.add_colleague, cases.hand_over):
        with pytest.raises(ValueError, match="colleague"):
            verb(noor_case, user, by=anna)
    noor_case.refresh_from_db()
    assert noor_case.leader == anna
    assert not CaseStaff.objects.exists()


def test_handing_over_takes_days_and_reminders_along(noor_case, anna, youssef):
    case_round = noor_case.rounds.get()
    with at(TODAY):
        appointments.plan(noor_case, case_round, Appointment.TALK, SOON, by=anna)
        appointments.plan(noor_case, case_round, Appointment.PUPIL, SOON, by=anna)
        appointments.cancel(noor_case, case_round, Appointment.PUPIL, by=anna)
        cases.hand_over(noor_case, youssef, by=anna)
        appointments.plan(noor_case, case_round, Appointment.PUPIL, SOON, by=youssef)
    noor_case.refresh_from_db()
    assert (noor_case.leader, noor_case.next_owner) == (youssef, youssef)
    assert set(Appointment.objects.values_list("owner", flat=True)) == {youssef.pk}
    due = Reminder.objects.filter(state=Reminder.DUE)
    assert {reminder.recipient_id for reminder in due} == {youssef.pk}
    assert {reminder.subject for reminder in due} == {"talk", "pupil"}
    assert CaseStaff.objects.get().user == anna


def test_handing_over_to_who_leads_already_changes_nothing(noor_case, anna):
    cases.hand_over(noor_case, anna, by=anna)
    assert not CaseStaff.objects.exists()


def test_moving_an_appointment_keeps_it_and_counts(noor_case, anna):
    case_round = noor_case.rounds.get()
    with at(TODAY):
        first = appointments.plan(noor_case, case_round, Appointment.TALK, SOON, by=anna)
        same = appointments.plan(noor_case, case_round, Appointment.TALK, SOON, by=anna)
        moved = appointments.plan(
            noor_case, case_round, Appointment.TALK, SOON + datetime.timedelta(days=1), by=anna
        )
    assert first.pk == same.pk == moved.pk
    assert (same.sequence, moved.sequence) == (0, 1)


def test_a_talk_corrected_later_keeps_the_day_the_talks_were_done(make_case):
    with at(TODAY):
        case = make_case("followup", talk=TODAY)
        walk = walk_of(case, talk=TODAY)
        walk.fill_step(walk.at("followup", "member").step)
    with at(TODAY + datetime.timedelta(days=9)):
        walk.filler = "Verbeterd."
        walk.fill_step(walk.at("followup", "member").step)
    assert Appointment.objects.get(kind=Appointment.MEMBERS).held_on == TODAY


@pytest.mark.inventory("B3")
def test_a_step_that_ends_without_its_day_is_reminded_of(make_case, anna):
    from cases.actions import steps
    from cases.method import METHOD

    with at(TODAY):
        case = make_case("trust")
        walk = walk_of(case)
        with pytest.raises(step_order.NotYet):
            walk.finish(METHOD.step("trust"))
        steps.skip_step(case, walk.round, METHOD.step("trust"), "Later deze week", by=anna)
    case.refresh_from_db()
    assert (case.next_kind, case.next_owner, case.next_agreed) == ("plan_members", anna, False)
    reminder = Reminder.objects.get(kind=reminder_kinds.PLAN, state=Reminder.DUE)
    assert (reminder.subject, reminder.recipient, reminder.due_on) == (
        "plan_members",
        anna,
        case.next_date,
    )


@pytest.mark.inventory("B3")
def test_after_the_meeting_the_check_in_between_has_a_day_although_nobody_chose_one(make_case):
    with at(TODAY):
        case = make_case("trust", talk=TODAY, words={"trust.interim": ""})
        appointments.cancel(case, case.rounds.get(), Appointment.INTERIM, by=case.leader)
        Appointment.objects.filter(kind=Appointment.INTERIM).delete()
        from cases.actions import steps
        from cases.method import METHOD

        steps.skip_step(
            case, case.rounds.get(), METHOD.step("trust"), "Ingevuld op papier", by=case.leader
        )
    interim = Appointment.objects.get(kind=Appointment.INTERIM)
    meeting = Appointment.objects.get(kind=Appointment.MEETING)
    assert 3 <= (interim.date - (meeting.held_on or meeting.date)).days <= 7


def test_the_second_round_counts_from_the_day_at_the_school(noor_case, anna):
    """Just after midnight in Amsterdam it is still the day before in UTC."""
    from cases.actions import rounds

    with at(TODAY, hour=0, minute=30):
        noor_case.rounds.update(number=1)
        second = rounds.open_round(noor_case, by=anna)
        assert appointment_windows.starts_on(second, Appointment.MEETING) == TODAY
