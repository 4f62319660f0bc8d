"""When the meeting or the first talk gets another day: what depends on it is asked about, then
moved or left.
"""

import datetime

import pytest
from django.utils import translation

from cases import reminder_kinds
from cases.actions import appointment_moves, appointment_windows, appointments, rounds
from cases.actions.page_location import holding
from cases.actions.step_order import NotYet
from cases.method import METHOD
from cases.models import Appointment, ClosedDay, JournalEntry, PageRecord, Reminder
from cases.tests.world import TODAY, at

MEETING, PUPIL, MEMBERS, INTERIM = (
    Appointment.MEETING,
    Appointment.PUPIL,
    Appointment.MEMBERS,
    Appointment.INTERIM,
)


def day(n):
    """That many days after the first talk, which is on a Tuesday."""
    return TODAY + datetime.timedelta(days=n)


@pytest.fixture
def on_the_day():
    with at(TODAY):
        yield


@pytest.fixture
def planned(on_the_day, make_case, anna):
    """The first talk was held, the pupil is spoken with again on day 13, the meeting is on day
    3.
    """
    case = make_case("gather")
    case_round = appointments.current_round(case)
    appointments.plan(case, case_round, PUPIL, day(13), by=anna)
    appointments.plan(case, case_round, MEETING, day(3), time=datetime.time(9, 15), by=anna)
    return case, case_round


@pytest.fixture
def met(on_the_day, make_case):
    """The meeting was held on day 3; the check is on day 8, the short talks on day 15, all
    planned.
    """
    case = make_case(METHOD.held_in(MEMBERS).key)
    return case, appointments.current_round(case)


def hold(case_round, kind, on):
    """Correct the day on which a talk or meeting was held."""
    step, page = holding(kind)
    PageRecord.objects.filter(round=case_round, step=step, page=page).update(held_on=on)


def kinds(found):
    return [each.kind for each in found]


def test_a_meeting_that_moves_within_its_days_asks_nothing(planned, anna):
    case, case_round = planned
    appointments.plan(case, case_round, MEETING, day(6), by=anna)
    assert appointment_moves.out_of_place(case_round, MEETING, TODAY) == []


@pytest.mark.parametrize("n", [13, 15])
def test_the_pupils_talk_is_not_before_the_meeting_or_on_its_day(planned, anna, n):
    case, case_round = planned
    appointments.plan(case, case_round, MEETING, day(n), by=anna)
    (found,) = appointment_moves.out_of_place(case_round, MEETING, TODAY)
    assert (found.kind, found.early) == (PUPIL, True)
    assert found.best in found.days and found.best > day(n)
    assert all(case.school.calendar().is_school_day(each) for each in found.days)


def test_a_day_of_the_pupil_that_was_chosen_outside_is_not_the_meetings_business(planned, anna):
    case, case_round = planned
    appointments.plan(case, case_round, PUPIL, day(20), reason="Ze is op reis.", by=anna)
    appointments.plan(case, case_round, MEETING, day(6), by=anna)
    assert appointment_moves.out_of_place(case_round, MEETING, TODAY) == []
    assert kinds(appointment_moves.out_of_place(case_round, Appointment.TALK, TODAY)) == [PUPIL]


def test_moving_keeps_the_row_and_the_reminders_go_along(planned, anna):
    case, case_round = planned
    before = appointment_windows.live(case_round, PUPIL)
    appointments.plan(case, case_round, MEETING, day(13), by=anna)
    (found,) = appointment_moves.out_of_place(case_round, MEETING, TODAY)
    assert appointment_moves.move_after(
        case, case_round, MEETING, {PUPIL: found.best}, by=anna
    ) == [PUPIL]
    after = appointment_windows.live(case_round, PUPIL)
    assert (after.pk, after.date, after.sequence) == (before.pk, found.best, before.sequence + 1)
    due = Reminder.objects.filter(
        round=case_round, subject=PUPIL, state=Reminder.DUE, kind=reminder_kinds.TODAY
    )
    assert [each.due_on for each in due] == [found.best]
    assert appointment_moves.out_of_place(case_round, MEETING, TODAY) == []
    assert JournalEntry.objects.filter(case=case.pk, thing="1/plan/pupil").first().fields == [
        "date",
        "time",
    ]


def test_a_second_click_changes_nothing(planned, anna):
    case, case_round = planned
    appointments.plan(case, case_round, MEETING, day(13), by=anna)
    (found,) = appointment_moves.out_of_place(case_round, MEETING, TODAY)
    appointment_moves.move_after(case, case_round, MEETING, {PUPIL: found.best}, by=anna)
    sequence = appointment_windows.live(case_round, PUPIL).sequence
    assert (
        appointment_moves.move_after(case, case_round, MEETING, {PUPIL: found.best}, by=anna) == []
    )
    assert appointment_windows.live(case_round, PUPIL).sequence == sequence


def test_what_is_left_keeps_its_day_and_says_why(planned, anna):
    case, case_round = planned
    before = appointment_windows.live(case_round, PUPIL)
    appointments.plan(case, case_round, MEETING, day(13), by=anna)
    for _twice in range(2):
        assert (
            appointment_moves.move_after(
                case, case_round, MEETING, {PUPIL: appointment_moves.LEAVE}, by=anna
            )
            == []
        )
    after = appointment_windows.live(case_round, PUPIL)
    assert (after.date, after.sequence) == (before.date, before.sequence)
    assert after.reason == appointment_moves.left_words(MEETING)
    assert kinds(appointment_moves.out_of_place(case_round, MEETING, TODAY)) == [PUPIL]
    assert appointment_moves.undecided(case_round, MEETING, TODAY) == []
    lines = JournalEntry.objects.filter(case=case.pk, thing="1/plan/pupil", fields=["reason"])
    assert lines.count() == 1


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_second_move_is_asked_about_again_in_any_language(planned, anna, language):
    case, case_round = planned
    with translation.override("nl"):
        appointments.plan(case, case_round, MEETING, day(13), by=anna)
        appointment_moves.move_after(
            case, case_round, MEETING, {PUPIL: appointment_moves.LEAVE}, by=anna
        )
    with translation.override(language):
        assert appointment_moves.undecided(case_round, MEETING, TODAY) == []
        appointments.plan(case, case_round, MEETING, day(14), by=anna)
        assert kinds(appointment_moves.undecided(case_round, MEETING, TODAY)) == [PUPIL]
        appointment_moves.move_after(
            case, case_round, MEETING, {PUPIL: appointment_moves.LEAVE}, by=anna
        )
        assert appointment_moves.undecided(case_round, MEETING, TODAY) == []


def test_what_was_left_after_one_move_of_a_held_meeting_is_asked_about_after_the_next(met, anna):
    case, case_round = met
    hold(case_round, MEETING, day(7))
    left = dict.fromkeys((INTERIM, MEMBERS), appointment_moves.LEAVE)
    appointment_moves.move_after(case, case_round, MEETING, left, by=anna)
    assert appointment_moves.undecided(case_round, MEETING, day(7)) == []
    hold(case_round, MEETING, day(30))
    assert kinds(appointment_moves.undecided(case_round, MEETING, day(7))) == kinds(
        appointment_moves.out_of_place(case_round, MEETING, day(7))
    )
    assert {INTERIM, MEMBERS} <= set(
        kinds(appointment_moves.undecided(case_round, MEETING, day(7)))
    )


def test_a_reason_from_before_this_was_kept_still_says_that_it_was_decided(planned, anna):
    case, case_round = planned
    appointments.plan(case, case_round, PUPIL, day(20), reason="Ze is op reis.", by=anna)
    Appointment.objects.filter(round=case_round).update(settled_for=None)
    assert appointment_moves.undecided(case_round, Appointment.TALK, TODAY) == []
    appointments.plan(case, case_round, MEETING, day(20), by=anna)
    appointment_moves.move_after(
        case, case_round, MEETING, {PUPIL: appointment_moves.LEAVE}, by=anna
    )
    assert appointment_moves.undecided(case_round, MEETING, TODAY) == []


def test_held_on_another_day_than_planned_asks_about_what_counts_from_it(met):
    _case, case_round = met
    hold(case_round, MEETING, day(7))
    found = appointment_moves.out_of_place(case_round, MEETING, day(7))
    windows = {each.kind: (each.window.first, each.window.last) for each in found}
    assert windows == {
        INTERIM: (day(10), day(14)),
        MEMBERS: (day(17), day(21)),
    }
    assert all(each.best in each.window for each in found)


def test_a_correction_and_a_correction_back(met):
    _case, case_round = met
    meeting = PageRecord.objects.get(round=case_round, page=holding(MEETING)[1]).held_on
    hold(case_round, MEETING, day(9))
    assert appointment_moves.out_of_place(case_round, MEETING, day(9))
    hold(case_round, MEETING, meeting)
    assert appointment_moves.out_of_place(case_round, MEETING, day(9)) == []


def test_the_first_talk_starts_the_days_of_the_meeting_and_the_pupil(planned):
    _case, case_round = planned
    hold(case_round, Appointment.TALK, day(-8))
    assert kinds(appointment_moves.out_of_place(case_round, Appointment.TALK, TODAY)) == [
        MEETING,
        PUPIL,
    ]


def test_what_was_held_or_called_off_is_not_asked_about(met, anna):
    case, case_round = met
    hold(case_round, MEETING, day(9))
    appointments.mark_held(case_round, INTERIM, day(8))
    appointments.cancel(case, case_round, MEMBERS, by=anna)
    assert INTERIM not in kinds(appointment_moves.out_of_place(case_round, MEETING, day(9)))
    assert MEMBERS not in kinds(appointment_moves.out_of_place(case_round, MEETING, day(9)))


def test_a_day_that_is_not_offered_and_a_closed_case_are_refused(planned, anna):
    case, case_round = planned
    appointments.plan(case, case_round, MEETING, day(13), by=anna)
    before = appointment_windows.live(case_round, PUPIL).date
    with pytest.raises(ValueError, match="not a day"):
        appointment_moves.move_after(case, case_round, MEETING, {PUPIL: day(2)}, by=anna)
    rounds.close_case(case, by=anna, words="Genoeg")
    with pytest.raises(NotYet):
        appointment_moves.move_after(
            case, case_round, MEETING, {PUPIL: appointment_moves.LEAVE}, by=anna
        )
    assert Appointment.objects.get(round=case_round, kind=PUPIL).date == before


def test_over_a_holiday_the_first_days_after_it_are_offered_and_carry_a_reason(met, anna):
    case, case_round = met
    ClosedDay.objects.create(school=case.school, first=day(17), last=day(30), name="Herfstvakantie")
    case.school.forget_days()
    case_round.school = case.school
    hold(case_round, MEETING, day(7))
    found = {
        each.kind: each for each in appointment_moves.out_of_place(case_round, MEETING, day(7))
    }[MEMBERS]
    assert found.best == day(31)
    assert len(found.days) == 3
    appointment_moves.move_after(case, case_round, MEETING, {MEMBERS: day(31)}, by=anna)
    moved = appointment_windows.live(case_round, MEMBERS)
    assert (moved.date, moved.reason) == (day(31), appointment_moves.why_after(MEETING))


def test_the_windows_of_the_school_decide(planned):
    _case, case_round = planned
    case_round.school.windows = {PUPIL: [20, 25]}
    hold(case_round, Appointment.TALK, day(-1))
    found = {
        each.kind: each
        for each in appointment_moves.out_of_place(case_round, Appointment.TALK, TODAY)
    }
    window = appointment_windows.window_of(case_round, PUPIL)
    assert (window.first, window.last) == (day(19), day(24))
    assert (found[PUPIL].window.first, found[PUPIL].window.last) == (day(19), day(24))


def test_while_nothing_is_planned_nothing_is_asked(noor_case):
    case_round = appointments.current_round(noor_case)
    for kind in (Appointment.TALK, MEETING, PUPIL):
        assert appointment_moves.out_of_place(case_round, kind, TODAY) == []
