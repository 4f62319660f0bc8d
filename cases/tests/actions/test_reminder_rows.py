"""Which rows a case leaves behind, whatever happens to it."""

import datetime

import pytest

from cases import reminder_kinds
from cases.actions import appointments, cases, rounds
from cases.actions.reminder_rows import late_day, refresh
from cases.models import Appointment, Case, Membership, Reminder
from cases.reminder_kinds import DRAFT, ESCALATE, LATE, PLAN, TODAY, TOMORROW
from cases.tests.world import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    case_for,
    due,
    mailed_user,
    on,
    plan_talk,
    rows,
    walk_of,
)
from cases.tests.world import (
    TODAY as A_TUESDAY,
)

D = datetime.date
AROUND = (TOMORROW, TODAY, LATE)


def sent(case, *kinds, when=None):
    """Note these kinds as mailed on their day, as the sweep does."""
    for row in case.reminders.filter(kind__in=kinds, state=Reminder.DUE):
        row.state = Reminder.SENT
        row.sent_at = datetime.datetime.combine(
            when or row.due_on, datetime.time(7), tzinfo=datetime.UTC
        )
        row.save()


@pytest.mark.inventory("B1")
@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (THURSDAY, WEDNESDAY, FRIDAY),
        (MONDAY, FRIDAY, D(2026, 11, 17)),  # told on Friday
        (D(2026, 11, 20), D(2026, 11, 19), D(2026, 11, 23)),  # a Friday: late on Monday
        (D(2026, 12, 28), D(2026, 12, 24), D(2026, 12, 29)),  # after Christmas and a weekend
        (D(2027, 3, 30), D(2027, 3, 25), D(2027, 3, 31)),  # over Good Friday and Easter Monday
        (D(2026, 11, 14), FRIDAY, MONDAY),  # a Saturday, chosen with a reason
    ],
)
def test_a_planned_talk_is_reminded_of_around_free_days(case, teacher, day, before, after):
    with on(TUESDAY, 16):
        plan_talk(case, day)
    assert due(case) == [(TOMORROW, before), (TODAY, day), (LATE, after)]
    assert set(case.reminders.filter(state="due").values_list("recipient", "subject")) == {
        (teacher.pk, Appointment.TALK)
    }


def test_writing_it_down_again_changes_nothing(planned):
    before = list(planned.case.reminders.order_by("pk").values())
    with on(TUESDAY, 17):
        refresh(planned.case)
    assert list(planned.case.reminders.order_by("pk").values()) == before


def test_what_has_passed_at_the_school_is_not_written(case):
    with on(TUESDAY, 16):
        plan_talk(case, TUESDAY)
    assert due(case) == [(TODAY, TUESDAY), (LATE, WEDNESDAY)]


def test_the_day_is_the_day_at_the_school(school, teacher):
    school.timezone = "Pacific/Auckland"  # there it is Wednesday already
    school.save()
    with on(TUESDAY, 16):
        case = case_for(school, teacher)
        plan_talk(case, WEDNESDAY)
    assert due(case) == [(TODAY, WEDNESDAY), (LATE, THURSDAY)]


def test_moved_and_moved_back(planned):
    case, first = planned.case, due(planned.case)
    with on(TUESDAY, 16):
        plan_talk(case, D(2026, 11, 19))
        assert due(case) == [
            (TOMORROW, D(2026, 11, 18)),
            (TODAY, D(2026, 11, 19)),
            (LATE, D(2026, 11, 20)),
        ]
        plan_talk(case, THURSDAY)
    assert due(case) == first


def test_what_was_sent_is_not_sent_again_after_moving_back(planned):
    case = planned.case
    sent(case, TOMORROW)
    with on(WEDNESDAY, 16):
        plan_talk(case, D(2026, 11, 19))
        plan_talk(case, THURSDAY)
    assert due(case) == [(TODAY, THURSDAY), (LATE, FRIDAY)]


def test_overdue_is_said_after_one_three_and_five_school_days_and_then_every_fifth(planned):
    case, said = planned.case, []
    for _time in range(5):
        ((_kind, day),) = due(case, LATE)
        said.append(day)
        sent(case, LATE)
        with on(day, 16):
            refresh(Case.objects.get(pk=case.pk))
    assert said == [FRIDAY, D(2026, 11, 17), D(2026, 11, 19), D(2026, 11, 26), D(2026, 12, 3)]


def test_overdue_said_late_by_a_worker_that_was_away_is_not_said_twice_in_a_row(planned):
    sent(planned.case, LATE, when=D(2026, 11, 18))  # the fourth school day
    with on(D(2026, 11, 18), 16):
        refresh(Case.objects.get(pk=planned.case.pk))
    assert due(planned.case, LATE) == [(LATE, D(2026, 11, 19))]


def test_after_some_school_days_the_coordinators_hear_of_it_too(school, coordinator, planned):
    with on(TUESDAY, 17):
        refresh(Case.objects.get(pk=planned.case.pk))
    row = planned.case.reminders.get(kind=ESCALATE, state=Reminder.DUE)
    # three school days after Thursday
    assert (row.recipient, row.due_on) == (
        coordinator,
        D(2026, 11, 17),
    )
    school.late_to_coordinator = 5
    school.save()
    with on(TUESDAY, 17):
        refresh(Case.objects.get(pk=planned.case.pk))
    assert due(planned.case, ESCALATE) == [(ESCALATE, D(2026, 11, 19))]
    school.late_to_coordinator = 0
    school.save()
    with on(TUESDAY, 17):
        refresh(Case.objects.get(pk=planned.case.pk))
    assert due(planned.case, ESCALATE) == []


def test_a_coordinator_who_leads_the_case_is_told_once(school, coordinator):
    with on(TUESDAY, 16):
        case = case_for(school, coordinator)
        plan_talk(case, THURSDAY)
    assert due(case, ESCALATE) == []


def test_a_case_without_a_day_has_a_day_by_which_and_is_overdue_after_it(case, teacher):
    assert (case.next_kind, case.next_date, case.next_agreed) == ("talk", THURSDAY, False)
    assert due(case) == [(PLAN, THURSDAY), (LATE, FRIDAY)]
    with on(MONDAY, 16):
        appointments.refresh_next(case)
    assert case.next_date == THURSDAY, "waiting does not move the day"
    assert due(case) == [(PLAN, THURSDAY), (LATE, FRIDAY)]


def test_planning_takes_the_place_of_choosing(planned):
    assert due(planned.case, PLAN) == []
    planned.case.refresh_from_db()
    assert planned.case.next_agreed


def test_a_follow_up_called_off_asks_for_another_day_also_in_an_earlier_step(make_case):
    with at(A_TUESDAY):
        case = make_case("gather", talk=A_TUESDAY)
        case_round = appointments.current_round(case)
        appointments.cancel(case, case_round, Appointment.PUPIL, by=case.leader)
        assert (PLAN, A_TUESDAY + datetime.timedelta(days=1)) in due(case, PLAN)
        day = A_TUESDAY + datetime.timedelta(days=11)
        appointments.plan(
            case,
            case_round,
            Appointment.PUPIL,
            case.school.calendar().next_school_day(day),
            by=case.leader,
        )
        assert not case.reminders.filter(subject=Appointment.PUPIL, kind=PLAN, state="due").exists()


def test_a_follow_up_called_off_and_held_all_the_same_asks_for_nothing(make_case):
    with at(A_TUESDAY):
        case = make_case("followup", talk=A_TUESDAY)
        walk = walk_of(case, talk=A_TUESDAY)
        appointments.cancel(case, walk.round, Appointment.PUPIL, by=case.leader)
    with at(A_TUESDAY + datetime.timedelta(days=11)):
        walk.fill(walk.at("followup", "pupil"))
    assert not case.reminders.filter(subject=Appointment.PUPIL, kind=PLAN, state="due").exists()


def test_what_was_planned_during_a_pause_is_not_overdue_afterwards(planned, coordinator):
    case = planned.case
    with on(TUESDAY, 17):
        cases.pause_case(case, by=case.leader)
        planned.refresh_from_db()
        assert planned.sequence == 1  # calendars cross it out
    with on(D(2026, 11, 24), 10):
        cases.resume_case(case, by=case.leader)
    planned.refresh_from_db()
    assert (planned.state, planned.sequence) == (Appointment.CANCELLED, 2)
    said = case.reminders.filter(
        state=Reminder.DUE, kind__in=[LATE, ESCALATE], due_on__lte=D(2026, 11, 25)
    )
    assert not said.exists()
    assert (case.next_kind, case.next_agreed) == ("talk", False)


def test_held_is_silent_and_what_is_to_write_down_is_late_the_next_school_day(case):
    from cases.actions import pages
    from cases.actions.page_location import location_of

    with on(TUESDAY, 16):
        plan_talk(case, TUESDAY)
        where = location_of(case, appointments.current_round(case), "talk", "talk")
        page = next(page for page in where.step.pages if page.holds == Appointment.TALK)
        where = location_of(case, where.round, "talk", page.key)
        pages.save_page(where, {"held_on": TUESDAY.isoformat()}, version=0, by=case.leader)
    assert not case.reminders.filter(subject=Appointment.TALK, state=Reminder.DUE).exists()
    assert (LATE, WEDNESDAY) in due(case, LATE)
    case.refresh_from_db()
    assert case.next_kind == "note_talk"


def test_a_paused_case_asks_again_on_its_day_and_nothing_else(planned):
    case = planned.case
    with on(TUESDAY, 17):
        cases.pause_case(case, by=case.leader)
    assert due(case) == [(PLAN, case.next_date), (LATE, D(2026, 11, 25))]
    assert set(case.reminders.filter(state="due").values_list("subject", flat=True)) == {"resume"}
    with on(WEDNESDAY, 10):
        cases.resume_case(case, by=case.leader)
    assert (TODAY, THURSDAY) in due(case)


def test_closed_is_silent_and_handed_over_is_somebody_elses(planned, school, teacher):
    case, colleague = planned.case, mailed_user(school, "bo@school.example")
    with on(TUESDAY, 17):
        cases.hand_over(case, colleague, by=teacher)
    assert set(case.reminders.filter(state=Reminder.DUE).values_list("recipient", flat=True)) == {
        colleague.pk
    }
    assert len(due(case, *AROUND)) == 3
    with on(TUESDAY, 18):
        rounds.close_case(case, by=colleague, words="Genoeg")
    assert due(case) == []


def test_a_draft_that_lies_for_a_week_is_reminded_of_and_typing_moves_it(case):
    from cases.actions import pages
    from cases.actions.page_location import location_of

    where = location_of(case, appointments.current_round(case), "talk", case_page())
    with on(TUESDAY, 16):
        record = pages.save_page(where, {"about": "Rustig kind."}, version=0, by=case.leader)
    assert due(case, DRAFT) == [(DRAFT, D(2026, 11, 17))]
    with on(THURSDAY, 16):
        pages.save_page(
            where, {"about": "Rustig, lief kind."}, version=record.version, by=case.leader
        )
    assert due(case, DRAFT) == [(DRAFT, D(2026, 11, 19))]
    with on(THURSDAY, 17):
        plan_talk(case, D(2026, 11, 24))  # there is a day ahead: the draft waits for that
    assert due(case, DRAFT) == []


def test_each_kind_of_the_table_is_asked_for(case, coordinator):
    """One that is only in the table would be offered on a page and never be mailed."""
    from cases.actions import pages
    from cases.actions.page_location import location_of

    where = location_of(case, appointments.current_round(case), "talk", case_page())
    asked = set()
    with on(TUESDAY, 16):
        pages.save_page(where, {"about": "Rustig kind."}, version=0, by=case.leader)
        asked |= {kind for kind, _day in due(case)}
        plan_talk(case, THURSDAY)
        asked |= {kind for kind, _day in due(case)}
    assert asked == {kind.key for kind in reminder_kinds.TABLE if not kind.by_monitor}


def case_page():
    from cases.method import METHOD

    return METHOD.steps[0].pages[0].key


def test_a_teacher_who_becomes_coordinator_hears_of_what_is_overdue(planned, school):
    boss = mailed_user(school, "bas@school.example")
    Membership.objects.filter(user=boss).update(role=Membership.COORDINATOR)
    with on(D(2026, 11, 18), 16):
        refresh(Case.objects.get(pk=planned.case.pk))
    assert planned.case.reminders.filter(kind=ESCALATE, recipient=boss, state=Reminder.DUE).exists()


def test_over_the_change_to_winter_time_days_stay_days(school, teacher):
    with on(D(2026, 10, 23), 23, 30):
        case = case_for(school, teacher)
        plan_talk(case, D(2026, 10, 26))
    assert due(case) == [
        (TOMORROW, D(2026, 10, 23)),
        (TODAY, D(2026, 10, 26)),
        (LATE, D(2026, 10, 27)),
    ]


def test_the_days_on_which_overdue_is_said(school):
    calendar = school.calendar()
    assert late_day(THURSDAY, None, calendar) == FRIDAY
    assert late_day(THURSDAY, D(2026, 12, 31), calendar) > D(2026, 12, 31)
    assert late_day(THURSDAY, None, calendar, after=(3,)) == D(2026, 11, 17)


def test_a_second_round_starts_clean(make_case):
    with at(A_TUESDAY):
        case = make_case(None, talk=A_TUESDAY)
        rounds.open_round(case, by=case.leader)
        new = appointments.current_round(case)
    assert not case.reminders.filter(state=Reminder.DUE).exclude(round=new).exists()
    assert rows(case, PLAN, state=Reminder.DUE, round=new)
