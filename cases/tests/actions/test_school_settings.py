"""The school's settings, windows and calendar: what changed, and only that, is journaled."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import school_settings
from cases.models import School
from cases.tests.world import TODAY, journaled_changes, make_closed_day

STUDY = datetime.date(2026, 12, 8)


pytestmark = pytest.mark.usefixtures("on_the_day")


# The calendar of a school


def test_the_calendar_knows_free_weekdays_country_and_closed_days(ours):
    make_closed_day(ours, STUDY, name="Studiedag")
    ours.free_weekdays, ours.country, ours.subdivision = [2, 5, 6], "DE", "BY"
    calendar = ours.calendar()
    assert calendar.closed_because(STUDY).name == "Studiedag"
    assert not calendar.is_school_day(datetime.date(2026, 12, 9))  # a Wednesday
    assert not calendar.is_school_day(datetime.date(2027, 1, 6))  # Epiphany, in Bavaria
    ours.country, ours.subdivision = "NL", ""
    assert ours.calendar().is_school_day(datetime.date(2027, 1, 7))


def test_a_free_afternoon_closes_nothing(ours):
    ours.free_afternoons = [1]
    assert ours.calendar().is_school_day(TODAY)


def test_closed_days_are_read_once(ours):
    for n in range(200):
        make_closed_day(ours, TODAY + datetime.timedelta(days=n), name=f"Vrij {n}")
    with CaptureQueriesContext(connection) as seen:
        for _many in range(5):
            assert not ours.calendar().is_school_day(TODAY)
    assert len(seen) == 1


# Settings and windows


def test_settings_note_only_what_changed(ours, karel):
    values = {"free_weekdays": [5, 6], "free_afternoons": [2], "country": "NL", "subdivision": ""}
    assert school_settings.change_settings(ours, values, by=karel) == ["free_afternoons"]
    assert school_settings.change_settings(ours, values, by=karel) == []
    assert journaled_changes(ours) == [("school/settings", ["free_afternoons"])]
    assert School.objects.get(pk=ours.pk).free_afternoons == [2]


@pytest.mark.parametrize("values", [{"country": "XX"}, {"free_weekdays": list(range(7))}])
def test_settings_without_a_calendar_are_refused_whole(ours, karel, values):
    with pytest.raises(ValueError, match=r"known|weekdays"):
        school_settings.change_settings(ours, {"free_afternoons": [3], **values}, by=karel)
    assert School.objects.get(pk=ours.pk).free_afternoons == []
    assert (ours.country, ours.free_weekdays, journaled_changes(ours)) == ("NL", [5, 6], [])


def test_windows_of_the_school_and_back_to_the_guide(ours, karel):
    assert school_settings.change_windows(ours, {"pupil": (10, 20), "members": (10, 14)}, by=karel)
    again = School.objects.get(pk=ours.pk)
    # what is the guide's already is not the school's own
    assert again.windows == {"pupil": [10, 20]}
    assert again.spans()["pupil"] == (10, 20)
    assert not school_settings.change_windows(ours, {"pupil": (10, 20)}, by=karel)
    assert school_settings.change_windows(ours, {}, by=karel)
    assert School.objects.get(pk=ours.pk).spans()["pupil"] == (8, 14)
    assert journaled_changes(ours) == [("school/windows", ["pupil"])] * 2
