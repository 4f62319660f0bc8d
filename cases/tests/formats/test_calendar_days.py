"""What the choice of a day says in words: holidays by their name, and how long after the
meeting.
"""

from datetime import date

import pytest
from django.utils.translation import override

from cases.formats import calendar_days
from cases.schooldays import school_calendar
from cases.schooldays.school_calendar import (
    NOTE_NONE_LEFT,
    NOTE_ONE_LEFT,
    NOTE_PAST,
    Closed,
    Proposal,
)
from cases.schooldays.windows import Window
from cases.templatetags import steentje

DAY = date(2026, 10, 16)
AUTUMN, STUDY = Closed("closed", "Herfstvakantie"), Closed("closed", "Studiedag")
KINGS = Closed("holiday", "Koningsdag")


def said(note, *because, cut=False, language="nl"):
    proposal = Proposal(Window(DAY, DAY), [], DAY, note, because, cut)
    with override(language):
        return steentje.proposal_note(proposal)


@pytest.mark.parametrize(
    ("note", "because", "cut", "words"),
    [
        (
            NOTE_ONE_LEFT,
            [AUTUMN],
            False,
            "Door de herfstvakantie blijft één dag over: vrijdag 16 oktober.",
        ),
        (
            NOTE_ONE_LEFT,
            [STUDY, AUTUMN, KINGS],
            False,
            "Door Studiedag, de herfstvakantie en Koningsdag blijft één dag over: vrijdag 16 "
            "oktober.",
        ),
        (
            NOTE_NONE_LEFT,
            [AUTUMN],
            False,
            "De herfstvakantie valt over al deze dagen: de eerste dag daarna is vrijdag 16 "
            "oktober.",
        ),
        (
            NOTE_NONE_LEFT,
            [AUTUMN, KINGS],
            True,
            "De herfstvakantie en Koningsdag vallen over alle dagen die nog over zijn: "
            "de eerste dag daarna is vrijdag 16 oktober.",
        ),
    ],
)
def test_the_holiday_is_named(note, because, cut, words):
    assert said(note, *because, cut=cut) == words


@pytest.mark.parametrize("note", [NOTE_ONE_LEFT, NOTE_NONE_LEFT, NOTE_PAST])
def test_without_a_holiday_to_blame_the_day_is_named_all_the_same(note):
    assert "vrijdag 16 oktober" in said(note)
    assert "16 October" in said(note, language="en") or "October 16" in said(note, language="en")


def test_nothing_is_said_when_there_is_plenty():
    assert said("") == ""


def test_a_closed_day_without_a_name_has_words_as_well():
    assert said(NOTE_ONE_LEFT, Closed("closed")).startswith("Door een vrije dag blijft")


def test_a_name_is_text_and_never_a_pattern():
    assert "100% vrij %(day)s" in said(NOTE_ONE_LEFT, Closed("closed", "100% vrij %(day)s"))


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (-1, "vóór de bijeenkomst"),
        (0, "op de dag van de bijeenkomst"),
        (1, "1 dag na de"),
        (7, "7 dagen na de"),
    ],
)
def test_how_long_after_the_meeting(n, words):
    with override("nl"):
        assert calendar_days.after_meeting(date(2026, 10, 10 + n), date(2026, 10, 10)).startswith(
            words
        )


def test_without_a_meeting_or_a_day_nothing_is_said():
    assert (
        calendar_days.after_meeting(DAY, None)
        == calendar_days.after_meeting(None, DAY)
        == calendar_days.after_meeting("", DAY)
        == ""
    )


def test_free_afternoons():
    with override("nl"):
        assert calendar_days.afternoons_of([2]) == "woensdagmiddag vrij"
        assert calendar_days.afternoons_of([2, 4]) == "woensdag en vrijdagmiddag vrij"
        assert calendar_days.afternoons_of([]) == calendar_days.afternoons_of([9]) == ""


def test_up_to_the_meeting_a_day_is_too_early():
    calendar = school_calendar.SchoolCalendar("")
    span = Window(date(2026, 10, 12), date(2026, 10, 16))
    weeks = school_calendar.month_grid(span.first, span.last, calendar, windows={"pupil": span})
    shown = calendar_days.picker_days(weeks, None, "pupil", None, meeting=date(2026, 10, 13))
    states = [each["state"] for each in shown[:5]]
    assert states == ["early", "early", "fits", "fits", "fits"]
