"""The world as fixtures: a school with its people, another one beside it, cases at any step."""

import hypothesis
import pytest
from django.db import connection
from pytest_django.plugin import blocking_manager_key

from cases import append_only
from cases.method import METHOD
from cases.models import Membership

from .method.inventory import inventory
from .world import (
    THURSDAY,
    TUESDAY,
    case_for,
    mailed_user,
    make_pupils,
    make_school,
    make_user,
    on,
    open_case,
    plan_talk,
    standing,
    walk_of,
)

# How long an example takes says something of the machine, not of what is tested.
hypothesis.settings.register_profile("steentje", deadline=None)
hypothesis.settings.load_profile("steentje")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite in a file, as people have it: a database in memory locks in another way than one on
    disk.
    """
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(
            tmp_path_factory.mktemp("database") / "test.sqlite3"
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Tests that really commit empty the tables afterwards; only then the journal lets go of its
    lines.
    """
    if not _commits(item):
        return (yield)
    blocker = item.config.stash[blocking_manager_key]
    with blocker.unblock():
        append_only.remove(connection)
    try:
        return (yield)
    finally:
        if nextitem is not None:  # after the last test the database is gone
            with blocker.unblock():
                append_only.install(connection)


def _commits(item):
    mark = item.get_closest_marker("django_db")
    by_mark = mark is not None and mark.kwargs.get("transaction")
    return by_mark or bool({"transactional_db", "live_server"} & set(item.fixturenames))


# What the software enforces, computes or makes: a full run must have tried each of these.
INVENTORY_IDS = sorted(
    {row.id for row in inventory() if row.kinds & {"rule", "make"}}
    | {item for rule in METHOD.rules for item in rule.covers}
)
_tried = set()
_full_run = pytest.StashKey[bool]()


def pytest_configure(config):
    option = config.option
    chosen = option.keyword or option.markexpr not in ("", "not browser") or option.collectonly
    everything = config.args == config.getini("testpaths") and not chosen
    config.stash[_full_run] = everything and not option.maxfail


def pytest_runtest_setup(item):
    for mark in item.iter_markers("inventory"):
        item.user_properties.append(("inventory", list(mark.args)))


def pytest_runtest_logreport(report):
    if report.when == "call" and report.passed:
        for name, ids in report.user_properties:
            if name == "inventory":
                _tried.update(ids)


def pytest_sessionfinish(session):
    """After a full run: each id of INVENTORY_IDS was on a test that ran and passed."""
    config = session.config
    untried = [item for item in INVENTORY_IDS if item not in _tried]
    if config.stash[_full_run] and not hasattr(config, "workerinput") and untried:
        print(f"\nno test that tries this ran and passed (docs/guide/inventory.md): {untried}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def school(db):
    return make_school()


@pytest.fixture
def other_school(db):
    return make_school("De Overkant")


@pytest.fixture
def anna(school):
    """A teacher; leads the cases of the tests."""
    return make_user(school, "Anna")


@pytest.fixture
def youssef(school):
    """A teacher of the same school, who runs none of Anna's cases."""
    return make_user(school, "Youssef")


@pytest.fixture
def marieke(school):
    return make_user(school, "Marieke", Membership.COORDINATOR)


@pytest.fixture
def karel(school):
    return make_user(school, "Karel", Membership.ADMINISTRATOR)


@pytest.fixture
def stranger(other_school):
    """A teacher of the other school."""
    return make_user(other_school, "Sterre")


@pytest.fixture
def pupils(school):
    """Group 7b: Noor and nine classmates."""
    names = "Noor Amina Bram Fleur Jesse Levi Mees Ravi Tess Zoë".split()
    return {pupil.first_name: pupil for pupil in make_pupils(school, "7b", *names)}


@pytest.fixture
def noor(pupils):
    return pupils["Noor"]


@pytest.fixture
def noor_case(noor, anna):
    """Anna's case for Noor, just opened."""
    return open_case(noor, anna)


@pytest.fixture
def make_case(noor, anna):
    """``make_case(until="ideas")``: a case in which each step before that one is finished."""

    def make(until=None, *, pupil=None, by=None, **walking):
        case = open_case(pupil or noor, by or anna)
        return walk_of(case, **walking).until(until)

    return make


@pytest.fixture
def teacher(school):
    """Who leads ``case``; also a last name, to see where names come."""
    return mailed_user(school, "anna@school.example")


@pytest.fixture
def coordinator(school):
    return mailed_user(school, "marieke@school.example", "Marieke Goudsmid", Membership.COORDINATOR)


@pytest.fixture
def case(school, teacher):
    """Opened on a Tuesday afternoon."""
    with on(TUESDAY, 16):
        return case_for(school, teacher)


@pytest.fixture
def planned(case):
    """Its first talk is on Thursday, planned on Tuesday."""
    with on(TUESDAY, 16):
        return plan_talk(case, THURSDAY)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The whole school, built once for the tests of a file, on a day that stands still."""
    with standing(django_db_blocker) as world:
        yield world


@pytest.fixture
def world(made, db):
    """The whole school; what a test changes in it is taken back."""
    return made
