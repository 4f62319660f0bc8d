"""The table of the kinds of reminders, and what is made from it."""

from cases import reminder_kinds
from cases.forms.personal_settings_form import SettingsForm
from cases.models import Reminder
from cases.reminder_kinds import COORDINATORS, KINDS, LEADER, MAY_BE_OFF, OWNER, SOMEBODY, TABLE


def test_each_kind_stands_in_it_once_with_a_weight_of_its_own():
    assert len(KINDS) == len({kind.weight for kind in TABLE}) == len(TABLE)
    longest = Reminder._meta.get_field("kind").max_length
    assert max(len(key) for key in KINDS) <= longest
    assert {kind.to for kind in TABLE} <= {OWNER, LEADER, COORDINATORS, SOMEBODY}


def test_what_may_be_left_out_is_what_can_be_chosen_and_is_never_overdue():
    choices = dict(SettingsForm.base_fields["mailed"].choices)
    assert set(choices) == set(MAY_BE_OFF)
    assert all(choices.values())
    always = {reminder_kinds.LATE, reminder_kinds.ESCALATE, reminder_kinds.NOBODY}
    assert set(KINDS) - set(MAY_BE_OFF) == always
