"""The walk through a case: what it says when it does not know how to answer a question."""

import dataclasses

import pytest

from cases.tests.world import walk_of


def test_a_question_of_an_unknown_kind_is_named_with_where_to_add_it(make_case):
    walk = walk_of(make_case("talk"))
    where = walk.at("talk", "prepare")
    question = dataclasses.replace(where.page.questions[0], kind="colour")
    with pytest.raises(LookupError, match=r"'colour'.*demo/walk\.py"):
        walk._answer(where, question, 0)
