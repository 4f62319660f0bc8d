"""Fields of forms: forgiving about how something is typed."""

import pytest
from django.core.exceptions import ValidationError

from cases.forms.input_fields import LineField


def test_a_line_typed_over_two_rows_stays_one_line():
    field = LineField()
    assert (
        field.clean("Ik vraag in de pauze:\r\n  doe je mee?\n")
        == "Ik vraag in de pauze: doe je mee?"
    )
    with pytest.raises(ValidationError):
        field.clean("a" * 201)
