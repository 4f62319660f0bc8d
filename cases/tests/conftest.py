"""The cast as fixtures: one school with its people, another one beside it, and cases at any step."""

import pytest
from django.db import connection

from cases.models import Membership

from . import cast

try:
    from cases import append_only
except ImportError:  # the journal's triggers are not there
    append_only = None


@pytest.fixture(autouse=True)
def journal_can_be_emptied(request):
    """Tests that really commit empty the tables afterwards, which the journal's triggers refuse.

    The triggers are away for such a test; `test_append_only` puts them back for itself.
    """
    mark = request.node.get_closest_marker("django_db")
    committing = (mark is not None and mark.kwargs.get("transaction")) or (
        {"transactional_db", "live_server"} & set(request.fixturenames)
    )
    if append_only is None or not committing:
        yield
        return
    request.getfixturevalue("transactional_db")
    append_only.remove(connection)
    yield
    # Emptying the tables happens after this; the triggers come back for the next test.
    request.getfixturevalue("django_db_blocker")
    _put_back(request)


def _put_back(request):
    def install():
        with request.getfixturevalue("django_db_blocker").unblock():
            append_only.install(connection)

    request.session.addfinalizer if False else request.node.addfinalizer(install)


@pytest.fixture
def school(db):
    return cast.make_school()


@pytest.fixture
def other_school(db):
    return cast.make_school("De Overkant")


@pytest.fixture
def anna(school):
    """A teacher; leads the cases of the tests."""
    return cast.make_user(school, "Anna")


@pytest.fixture
def youssef(school):
    """A teacher of the same school, who runs none of Anna's cases."""
    return cast.make_user(school, "Youssef")


@pytest.fixture
def marieke(school):
    return cast.make_user(school, "Marieke", Membership.COORDINATOR)


@pytest.fixture
def karel(school):
    return cast.make_user(school, "Karel", Membership.ADMINISTRATOR)


@pytest.fixture
def stranger(other_school):
    """A teacher of the other school."""
    return cast.make_user(other_school, "Sterre")


@pytest.fixture
def pupils(school):
    """Group 7b: Noor and nine classmates."""
    names = "Noor Amina Bram Fleur Jesse Levi Mees Ravi Tess Zoë".split()
    return {pupil.first_name: pupil for pupil in cast.make_pupils(school, "7b", *names)}


@pytest.fixture
def noor(pupils):
    return pupils["Noor"]


@pytest.fixture
def noor_case(noor, anna):
    """Anna's case for Noor, just opened."""
    return cast.open_case(noor, anna)


@pytest.fixture
def make_case(noor, anna):
    """``make_case(until="ideas")``: a case in which each step before that one is finished."""

    def make(until=None, *, pupil=None, by=None, **walking):
        case = cast.open_case(pupil or noor, by or anna)
        return cast.walk_of(case, **walking).until(until)

    return make


@pytest.fixture
def at():
    """``with at(day):`` is that day, at noon."""
    return cast.at
