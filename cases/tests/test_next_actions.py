"""The table of what can come next in a case: nothing that can come next is without its words."""

import pytest

from cases import next_actions
from cases.method import METHOD
from cases.models import Appointment, Case
from cases.next_actions import NEXT_ACTIONS, TABLE, kind_to_plan, only_when_late, to_plan


def test_each_stands_in_it_once_and_fits_its_column():
    assert len(NEXT_ACTIONS) == len(TABLE)
    assert max(map(len, NEXT_ACTIONS)) <= Case._meta.get_field("next_kind").max_length


@pytest.mark.parametrize("kind", dict(Appointment.KINDS))
def test_every_appointment_has_its_row(kind):
    assert kind in NEXT_ACTIONS


@pytest.mark.parametrize("moment", METHOD.moments, ids=lambda moment: moment.key)
def test_every_moment_has_its_rows(moment):
    if moment.held_as:
        assert {moment.held_as, moment.to_plan, moment.to_record} <= set(NEXT_ACTIONS)


@pytest.mark.parametrize("step", METHOD.steps, ids=lambda step: step.key)
def test_every_step_has_rows_for_its_talks(step):
    if METHOD.moment(step.moment).held_as:
        return
    for page in step.pages:
        if kind := page.holds or page.completes:
            assert kind in NEXT_ACTIONS
            assert page.optional or to_plan(kind) in NEXT_ACTIONS


def test_what_can_come_next_by_itself_has_its_row():
    assert {*next_actions.TO_DECIDE, next_actions.RESUME, next_actions.DRAFT} <= set(NEXT_ACTIONS)


def test_the_key_to_plan_says_which_kind_is_planned():
    assert kind_to_plan(to_plan(Appointment.PUPIL)) == Appointment.PUPIL
    assert [key for key in NEXT_ACTIONS if kind_to_plan(key)] == [
        to_plan(Appointment.PUPIL),
        to_plan(Appointment.MEMBERS),
    ]


def test_what_is_written_down_is_mailed_only_when_late():
    late = {key for key in NEXT_ACTIONS if only_when_late(key)}
    assert late == {moment.to_record for moment in METHOD.moments if moment.to_record}
    assert late
