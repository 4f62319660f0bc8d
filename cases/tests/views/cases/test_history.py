"""What a case page shows of the journal, and to whom."""

import pytest
from django.urls import reverse

from cases import access
from cases.views.cases import history


@pytest.fixture
def nobody_may(monkeypatch):
    """The permission to see the journal of a case is taken from everybody."""
    table = access.rules.permissions.permissions
    monkeypatch.setitem(table, "case.journal", access.rules.always_deny)


def page_of(world, who):
    return world.client(who).get(reverse("case", args=[world.mine.case.pk])).content.decode()


@pytest.mark.parametrize("who", ["teacher", "coordinator"])
def test_who_may_see_the_journal_sees_who_did_what(world, who):
    said = [row["what"] for row in history.rows(world.mine.case)]
    assert said and all(words in page_of(world, who) for words in said[:3])


@pytest.mark.parametrize("who", ["teacher", "coordinator"])
def test_who_may_not_sees_the_case_without_it(world, nobody_may, who):
    page = page_of(world, who)
    assert world.mine.case.pupil.first_name in page
    assert 'id="past"' not in page
