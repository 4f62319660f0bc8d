"""A small cast: one school, a teacher with a case in its first round, and rows built directly."""

import datetime
import uuid
from zoneinfo import ZoneInfo

import pytest

from cases.models import Appointment, Case, Membership, Pupil, Reminder, Round, School, User

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# A Tuesday in a week without holidays; the appointment is on the Thursday.
TUESDAY = datetime.date(2026, 11, 10)
THURSDAY = datetime.date(2026, 11, 12)


def at(day, hour=8, minute=0, zone=AMSTERDAM):
    """A moment on a school's clock."""
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=zone)


def make_user(school, address, name="Anna Zilverberg", role=Membership.TEACHER):
    user = User.objects.create(email=address, name=name, password="!")
    Membership.objects.create(school=school, user=user, role=role)
    return user


def make_case(school, leader, **fields):
    """A running case with its first round."""
    pupil = Pupil.objects.create(
        school=school, first_name="Quibbelina", prefix="van 't", last_name="Zonderling"
    )
    code = uuid.uuid4().hex[:8]
    case = Case.objects.create(
        school=school,
        code=code,
        pupil=pupil,
        leader=leader,
        created_by=leader,
        step="talk",
        client_key=uuid.uuid4(),
        **fields,
    )
    Round.objects.create(school=school, case=case, first_step="talk")
    return case


def make_appointment(case, on, kind=Appointment.PUPIL, owner=None):
    return Appointment.objects.create(
        school=case.school,
        case=case,
        round=case.rounds.get(),
        kind=kind,
        on=on,
        owner=owner or case.leader,
        reason="Krokodillentranen",
    )


def make_row(case, due_on, kind=Reminder.PLAN, to=None, subject=Appointment.PUPIL, **fields):
    return Reminder.objects.create(
        school=case.school,
        case=case,
        round=case.rounds.get(),
        kind=kind,
        subject=subject,
        to=to or case.leader,
        due_on=due_on,
        **fields,
    )


def rows(case, **fields):
    """(kind, day, state) of the case's reminders, in order of day."""
    found = case.reminders.filter(**fields).order_by("due_on", "kind")
    return [(row.kind, row.due_on, row.state) for row in found]


def due(case):
    return [(kind, day) for kind, day, _state in rows(case, state=Reminder.DUE)]


@pytest.fixture
def school(db):
    return School.objects.create(name="De Kiezelhof", country="NL", language="nl")


@pytest.fixture
def teacher(school):
    return make_user(school, "anna@school.example")


@pytest.fixture
def case(school, teacher):
    return make_case(school, teacher)
