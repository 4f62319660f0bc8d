"""A small cast: one school, a teacher with a case, and days agreed upon by the verbs that people
use.
"""

import datetime
import uuid
from zoneinfo import ZoneInfo

import pytest
import time_machine

from cases.actions import appointments, reminder_rows
from cases.actions import cases as opening
from cases.models import Appointment, Case, Membership, Pupil, Reminder, School, User

from .installation import Installation
from .postbox import Postbox

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# A Tuesday in a week without holidays; the appointment is on the Thursday.
TUESDAY = datetime.date(2026, 11, 10)
WEDNESDAY = datetime.date(2026, 11, 11)
THURSDAY = datetime.date(2026, 11, 12)
FRIDAY = datetime.date(2026, 11, 13)
SATURDAY = datetime.date(2026, 11, 14)
MONDAY = datetime.date(2026, 11, 16)


def at(day, hour=8, minute=0, zone=AMSTERDAM):
    """A moment on a school's clock."""
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=zone)


def on(day, hour=8, minute=0):
    """``with on(day):`` it is that day; the clock stands still."""
    return time_machine.travel(at(day, hour, minute), tick=False)


def make_user(school, address, name="Anna Zilverberg", role=Membership.TEACHER):
    user = User.objects.create(email=address, name=name, password="!")
    Membership.objects.create(school=school, user=user, role=role)
    return user


def make_case(school, leader, name="Quibbelina"):
    """A case just opened, with nothing planned."""
    pupil = Pupil.objects.create(
        school=school, first_name=name, prefix="van 't", last_name="Zonderling"
    )
    return opening.open_case(
        school, pupil, by=leader, client_key=uuid.uuid4(), fit={"signs": ["none"], "route": "here"}
    )


def plan_talk(case, day, at=None):
    """Agree on a day for the first talk, or move it."""
    case_round = appointments.current_round(case)
    return appointments.plan(case, case_round, Appointment.TALK, day, time=at, by=case.leader)


def refresh(case):
    case = Case.objects.get(pk=case.pk)
    reminder_rows.refresh(case)
    return case


def rows(case, *kinds, **fields):
    """(kind, day, state) of the case's reminders, in order of day; of some kinds only, if given."""
    found = case.reminders.filter(**fields).order_by("due_on", "kind")
    if kinds:
        found = found.filter(kind__in=kinds)
    return [(row.kind, row.due_on, row.state) for row in found]


def due(case, *kinds):
    return [(kind, day) for kind, day, _state in rows(case, *kinds, state=Reminder.DUE)]


@pytest.fixture
def school(db):
    return School.objects.create(name="De Kiezelhof", country="NL", language="nl")


@pytest.fixture
def teacher(school):
    return make_user(school, "anna@school.example")


@pytest.fixture
def coordinator(school):
    return make_user(school, "marieke@school.example", "Marieke Goudsmid", Membership.COORDINATOR)


@pytest.fixture
def case(school, teacher):
    """Opened on a Tuesday afternoon."""
    with on(TUESDAY, 16):
        return make_case(school, teacher)


@pytest.fixture
def planned(case):
    """Its first talk is on Thursday, planned on Tuesday."""
    with on(TUESDAY, 16):
        return plan_talk(case, THURSDAY)


@pytest.fixture(scope="session")
def ready(tmp_path_factory):
    """A data folder with empty tables, to be copied: migrating takes longer than most tests."""
    place = Installation(tmp_path_factory.mktemp("ready"))
    place.prepare()
    return place.folder


@pytest.fixture
def box():
    with Postbox() as box:
        yield box


@pytest.fixture
def installation(ready, tmp_path, box):
    """Real processes on a database of their own, with ``box`` as their mail server."""
    place = Installation.copy_of(ready, tmp_path / "data", box)
    try:
        yield place
    finally:
        place.stop()
