"""Two screens of one person on one pad: whatever answer is lost, neither writes over the other."""

import pytest
from django.db import connection

from cases.actions import talk_pads
from cases.actions.page_location import location_of
from cases.models import TalkPad

LAPTOP, TABLET = "laptopmark", "tabletmark"


@pytest.fixture
def where(make_case):
    case = make_case("ideas")
    return location_of(case, case.rounds.get(), "talk", "talk")


@pytest.fixture
def say(where, anna):
    """Save from a screen that has this version; what the pad holds then."""

    def say(screen, version, text):
        return talk_pads.save_pad(where, text, version=version, written_from=screen, by=anna).text

    return say


@pytest.fixture
def pad(where, anna):
    return lambda: talk_pads.pad_of(where, anna)


def test_a_screen_that_never_heard_of_the_other_replaces_only_its_own_text(say):
    say(TABLET, 0, "TABLET: gaat beter")
    assert say(LAPTOP, 0, "laptop een") == "TABLET: gaat beter\nlaptop een"
    assert say(LAPTOP, 0, "laptop een twee") == "TABLET: gaat beter\nlaptop een twee"
    assert say(LAPTOP, 0, "iets anders") == "TABLET: gaat beter\niets anders"
    assert say(LAPTOP, 0, "") == "TABLET: gaat beter"


def test_both_screens_may_be_behind(say):
    say(LAPTOP, 0, "een")
    say(TABLET, 0, "TABLET")
    assert say(LAPTOP, 0, "een twee") == "een twee\nTABLET"
    assert say(TABLET, 0, "TABLET meer") == "een twee\nTABLET meer"
    assert say(LAPTOP, 0, "drie") == "drie\nTABLET meer"


def test_a_screen_that_saw_everything_writes_over_it(say, pad):
    say(TABLET, 0, "TABLET")
    say(LAPTOP, 0, "laptop")
    assert say(LAPTOP, pad().version, "samen") == "samen"
    assert say(TABLET, 1, "TABLET meer") == "samen\nTABLET meer"


def test_a_screen_goes_on_with_its_own_text_when_its_answers_were_lost(say):
    say(LAPTOP, 0, "Het gaat")
    assert [say(LAPTOP, 0, text) for text in ("Het gaat goed", "Ging goed")] == [
        "Het gaat goed",
        "Ging goed",
    ]


def test_what_another_screen_goes_on_with_is_not_taken_away(say):
    say(LAPTOP, 0, "nee")
    say(TABLET, 1, "nee\nen ja")
    assert say(LAPTOP, 0, "toch wel") == "nee\nen ja\ntoch wel"


def test_the_same_text_of_two_screens_is_there_once_and_of_both(say, pad):
    say(LAPTOP, 0, "nee")
    saved = pad().saved_at
    assert say(TABLET, 0, "nee") == "nee"
    assert (pad().version, pad().saved_at) == (1, saved)
    assert say(LAPTOP, 0, "ja") == "nee\nja"


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("Jammer, ze wil geneest", "nee", "Jammer, ze wil geneest\nnee"),
        ("nee", "Jammer, ze wil geneest", "nee\nJammer, ze wil geneest"),
        ("ja\nnee", "nee", "ja\nnee"),
        ("nee", "ja\nnee", "ja\nnee"),
        ("", "nee", "nee"),
    ],
)
def test_a_text_is_dropped_only_when_its_whole_lines_are_there(say, one, other, both):
    say(TABLET, 0, one)
    assert say(LAPTOP, -1, other) == both


def test_lines_of_its_own_are_found_wherever_they_stand(say):
    say(LAPTOP, 0, "a")
    say(TABLET, 0, "b")
    say("third", 0, "c")
    assert say(TABLET, 0, "b2") == "a\nb2\nc"
    assert say(LAPTOP, 0, "a2") == "a2\nb2\nc"
    assert say("third", 0, "c2") == "a2\nb2\nc2"
    assert say(TABLET, 0, "") == "a2\nc2"


def test_what_was_cleared_is_kept_nowhere_and_a_screen_may_go_on(say, where, pad, anna):
    say(LAPTOP, 0, "laptop")
    say(TABLET, 0, "TABLET")
    talk_pads.clear_pad(where, version=pad().version, by=anna)
    assert pad().sent == {}
    assert say(LAPTOP, 0, "laptop verder") == "laptop verder"
    say(TABLET, pad().version, "weg")
    assert pad().sent == {TABLET: "weg"}


def test_a_screen_without_a_mark_is_never_the_same_one(say):
    say("", 0, "een")
    assert say("", 0, "een twee") == "een\neen twee"


def test_a_pad_remembers_the_last_screens_only(say, pad):
    for number in range(talk_pads.MOST_SCREENS + 3):
        say(f"screen{number}", 0, f"regel {number}")
    assert len(pad().sent) == talk_pads.MOST_SCREENS
    assert pad().text.count("\n") == talk_pads.MOST_SCREENS + 2


def test_the_release_before_goes_on_making_pads(say, pad):
    """It does not know the column: the database fills it."""
    say(LAPTOP, 0, "een")
    meta = TalkPad._meta
    names = ", ".join(f'"{field.column}"' for field in meta.concrete_fields if field.name != "sent")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE kept_pads AS SELECT {names} FROM {meta.db_table}")  # noqa: S608  (names of our own tables)
        cursor.execute(f"DELETE FROM {meta.db_table}")  # noqa: S608  (names of our own tables)
        cursor.execute(f"INSERT INTO {meta.db_table} ({names}) SELECT {names} FROM kept_pads")  # noqa: S608  (names of our own tables)
        cursor.execute("DROP TABLE kept_pads")
    assert (pad().text, pad().sent) == ("een", {})
    assert say(TABLET, 0, "twee") == "een\ntwee"
