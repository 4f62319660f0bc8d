"""What the tests of a school's settings and calendar begin with."""

import pytest

from cases.tests.world import TODAY, at, make_school, make_user


@pytest.fixture
def on_the_day():
    with at(TODAY):
        yield


@pytest.fixture
def ours(db):
    return make_school()


@pytest.fixture
def karel(ours):
    return make_user(ours, "Karel", "administrator")
