"""How a person prints is remembered, and whatever is wrong in what was kept does no harm."""

import pytest

from cases.printing.print_choices import Choices, read

WRONG = [
    None,
    [],
    "a6x4",
    {"format": "a3"},
    {"format": ["a6x4"]},
    {"spare": -1},
    {"spare": 10**9},
    {"spare": True},
    {"spare": "2"},
    {"second": "xx"},
    {"second": {}},
    {"bigger": "yes"},
    {"parts": []},
    {"parts": ["roles"]},
    {"parts": [["steps"]]},
    {"parts": "steps"},
    {"roles": True},
    {"nonsense": 1},
]


@pytest.mark.parametrize("raw", WRONG)
def test_what_is_not_known_becomes_the_default(raw):
    assert read(raw) == Choices()


@pytest.mark.parametrize("parts", [["roles", "scale"], ["scale", "roles"], ["scale", None]])
def test_a_chapter_that_is_no_longer_printed_is_left_out_and_the_others_stay(parts):
    assert read({"parts": parts}).parts == ("scale",)


def test_what_was_chosen_comes_back():
    chosen = Choices("a7x8", True, "fr", 3, True, True, False, ("scale",))
    assert read(chosen.as_json()) == chosen


def test_empty_slips_fill_the_last_sheet_unless_a_number_was_chosen():
    assert [Choices().spare_for(count) for count in (0, 1, 4, 6)] == [0, 3, 0, 2]
    assert Choices("a7x8").spare_for(6) == 2 and Choices("a6").spare_for(6) == 0
    assert Choices(spare=5).spare_for(4) == 5 and Choices(spare=0).spare_for(5) == 0
