"""One's own settings as a verb: what it refuses whoever calls it, and what it writes down."""

import datetime

import pytest

from cases import reminder_kinds
from cases.actions import journal, personal_settings
from cases.models import CalendarFeed, JournalEntry, User

MORNING = datetime.time(7, 30)


@pytest.mark.parametrize(
    "kind", [reminder_kinds.LATE, reminder_kinds.ESCALATE, reminder_kinds.NOBODY, "nonsense"]
)
def test_what_is_overdue_is_never_left_out(anna, kind):
    with pytest.raises(ValueError, match="cannot be set"):
        personal_settings.keep_settings(by=anna, spoken_name="", mail_time=MORNING, mail_off=[kind])
    assert User.objects.get(pk=anna.pk).mail_off == []


@pytest.mark.parametrize("at", [datetime.time(5, 59), datetime.time(20, 1)])
def test_nothing_is_mailed_at_night(anna, at):
    with pytest.raises(ValueError, match="cannot be set"):
        personal_settings.keep_settings(by=anna, spoken_name="", mail_time=at, mail_off=[])


def test_nothing_changed_is_nothing_written(anna):
    assert (
        personal_settings.keep_settings(by=anna, spoken_name="", mail_time=MORNING, mail_off=[])
        == []
    )
    assert not JournalEntry.objects.exists()


def test_an_act_that_cannot_be_written_down_does_not_happen(anna, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("the disk is full")

    monkeypatch.setattr(journal, "record", refuse)
    with pytest.raises(OSError, match="full"):
        personal_settings.new_address(by=anna)
    assert not CalendarFeed.objects.exists()


def test_each_address_is_another_and_one_person_has_one(anna, youssef):
    made = {
        personal_settings.new_address(by=anna),
        personal_settings.new_address(by=anna),
        personal_settings.new_address(by=youssef),
    }
    assert len(made) == 3
    assert sorted(CalendarFeed.objects.values_list("user__name", flat=True)) == ["Anna", "Youssef"]
    assert sum(personal_settings.feed_of(secret) is not None for secret in made) == 2
