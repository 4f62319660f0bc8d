"""Cleaning of typed text."""

import pytest

from cases.typed_text import on_one_line, one_line, single_spaced, tidy


def test_line_ends_become_alike_and_control_characters_go():
    assert tidy(" een\r\ntwee\rdrie\x00\x1b\tvier \n") == "een\ntwee\ndrie\tvier"
    assert tidy("\ud800half") == "half"
    assert tidy("Noe\u0308l") == "Noël"


def test_lines_of_a_field_of_one_line_are_joined_and_the_rest_stays():
    assert on_one_line(" een \r\n\r\n twee  drie ") == "een twee  drie"


@pytest.mark.parametrize("sign", ["\x00", "\n", "\t", "\u2028", "\u2029", "\ud800"])
def test_on_a_line_from_a_file_control_characters_are_spaces(sign):
    assert one_line(f" een{sign}twee ", 80) == "een twee"
    assert one_line(f"een{sign}twee", 4) == "een"


def test_words_are_parted_by_one_space():
    assert single_spaced("\u00a0een \n\t twee\u2003") == "een twee"
