"""Which rows a planned, moved, held or closed appointment leaves behind."""

import datetime

import pytest
import time_machine

from cases.actions.reminding import remind_of, remind_to_plan, silence
from cases.models import Appointment, Reminder

from .conftest import AMSTERDAM, THURSDAY, TUESDAY, at, due, make_appointment, make_user, rows

D = datetime.date
PLAN, TOMORROW, TODAY, LATE = Reminder.PLAN, Reminder.TOMORROW, Reminder.TODAY, Reminder.LATE


def move(appointment, day):
    appointment.on = day
    appointment.save()
    remind_of(appointment)


@pytest.fixture(autouse=True)
def _on_tuesday():
    with time_machine.travel(at(TUESDAY, 16), tick=False):
        yield


@pytest.mark.parametrize(
    ("on", "before", "after"),
    [
        (THURSDAY, D(2026, 11, 11), D(2026, 11, 13)),
        (D(2026, 11, 16), D(2026, 11, 13), D(2026, 11, 17)),  # a Monday: told on Friday
        (D(2026, 11, 20), D(2026, 11, 19), D(2026, 11, 23)),  # a Friday: late on Monday
        (D(2026, 12, 28), D(2026, 12, 24), D(2026, 12, 29)),  # after Christmas and a weekend
        (D(2027, 3, 30), D(2027, 3, 25), D(2027, 3, 31)),  # over Good Friday and Easter Monday
        (D(2026, 11, 14), D(2026, 11, 13), D(2026, 11, 16)),  # a Saturday, chosen with a reason
    ],
)
def test_a_planned_talk_is_reminded_of_around_free_days(case, teacher, on, before, after):
    remind_of(make_appointment(case, on))
    assert due(case) == [(TOMORROW, before), (TODAY, on), (LATE, after)]
    assert set(case.reminders.values_list("to", "subject")) == {(teacher.pk, Appointment.PUPIL)}


def test_writing_it_down_again_changes_nothing(case):
    appointment = make_appointment(case, THURSDAY)
    remind_of(appointment)
    before = list(case.reminders.order_by("pk").values())
    remind_of(appointment)
    assert list(case.reminders.order_by("pk").values()) == before


def test_what_has_passed_at_the_school_is_not_written(case):
    remind_of(make_appointment(case, TUESDAY))
    assert due(case) == [(TODAY, TUESDAY), (LATE, D(2026, 11, 11))]


def test_the_day_is_the_day_at_the_school(case, school):
    school.timezone = "Pacific/Auckland"  # there it is Wednesday already
    school.save()
    appointment = make_appointment(case, TUESDAY)
    remind_of(appointment)
    assert due(case) == [(LATE, D(2026, 11, 11))]


def test_moved_and_moved_back(case):
    appointment = make_appointment(case, THURSDAY)
    remind_of(appointment)
    first = due(case)
    move(appointment, D(2026, 11, 19))
    assert due(case) == [(TOMORROW, D(2026, 11, 18)), (TODAY, D(2026, 11, 19)), (LATE, D(2026, 11, 20))]
    move(appointment, THURSDAY)
    assert due(case) == first
    assert case.reminders.filter(state=Reminder.SILENCED).count() == 3


def test_moving_by_one_day_keeps_apart_what_falls_on_one_date(case):
    appointment = make_appointment(case, THURSDAY)
    remind_of(appointment)
    move(appointment, D(2026, 11, 13))
    assert due(case) == [(TOMORROW, THURSDAY), (TODAY, D(2026, 11, 13)), (LATE, D(2026, 11, 16))]


def test_what_was_sent_is_not_sent_again_after_moving_back(case):
    appointment = make_appointment(case, THURSDAY)
    remind_of(appointment)
    case.reminders.filter(kind=TOMORROW).update(state=Reminder.SENT)
    move(appointment, D(2026, 11, 19))
    move(appointment, THURSDAY)
    assert due(case) == [(TODAY, THURSDAY), (LATE, D(2026, 11, 13))]


def test_a_row_silenced_after_failures_starts_afresh(case):
    appointment = make_appointment(case, THURSDAY)
    remind_of(appointment)
    case.reminders.update(attempts=5, last_error="SMTPConnectError")
    move(appointment, D(2026, 11, 19))
    move(appointment, THURSDAY)
    assert set(case.reminders.filter(state=Reminder.DUE).values_list("attempts", "last_error")) == {(0, "")}


def test_another_owner_is_reminded_instead(case, school):
    appointment = make_appointment(case, THURSDAY)
    remind_of(appointment)
    colleague = make_user(school, "bo@school.example")
    appointment.owner = colleague
    appointment.save()
    remind_of(appointment)
    assert set(case.reminders.filter(state=Reminder.DUE).values_list("to", flat=True)) == {colleague.pk}
    assert len(due(case)) == 3


@pytest.mark.parametrize("state", [Appointment.HELD, Appointment.CANCELLED])
def test_held_or_cancelled_is_silent(case, state):
    appointment = make_appointment(case, THURSDAY)
    remind_of(appointment)
    appointment.state = state
    appointment.save()
    remind_of(appointment)
    assert due(case) == []


def test_reminded_to_plan_until_it_is_planned(case, teacher):
    round = case.rounds.get()
    remind_to_plan(round, Appointment.PUPIL, teacher, TUESDAY)
    remind_to_plan(round, Appointment.MEMBERS, teacher, TUESDAY)
    remind_to_plan(round, Appointment.PUPIL, teacher, THURSDAY)
    assert due(case) == [(PLAN, TUESDAY), (PLAN, THURSDAY)]
    remind_of(make_appointment(case, D(2026, 11, 19)))
    assert rows(case, kind=PLAN, state=Reminder.DUE) == [(PLAN, TUESDAY, Reminder.DUE)]
    assert case.reminders.get(kind=PLAN, state=Reminder.DUE).subject == Appointment.MEMBERS


def test_silence_reaches_no_further_than_asked(case, teacher):
    round = case.rounds.get()
    remind_of(make_appointment(case, THURSDAY))
    remind_to_plan(round, Appointment.MEMBERS, teacher, THURSDAY)
    case.reminders.filter(kind=TOMORROW).update(state=Reminder.SENT)
    assert silence(round, subject=Appointment.PUPIL, kinds=[TODAY]) == 1
    assert due(case) == [(PLAN, THURSDAY), (LATE, D(2026, 11, 13))]
    assert silence(round) == 2
    assert due(case) == []
    assert case.reminders.filter(state=Reminder.SENT).count() == 1


def test_over_the_change_to_winter_time_days_stay_days(case):
    with time_machine.travel(datetime.datetime(2026, 10, 23, 23, 30, tzinfo=AMSTERDAM), tick=False):
        remind_of(make_appointment(case, D(2026, 10, 26)))
    assert due(case) == [
        (TOMORROW, D(2026, 10, 23)),
        (TODAY, D(2026, 10, 26)),
        (LATE, D(2026, 10, 27)),
    ]
