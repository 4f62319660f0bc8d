"""A case with a first talk that is planned, and the reminders that belong to it."""

import datetime

from cases.actions import appointments, reminder_rows
from cases.models import Appointment, Case, Membership, Pupil, Reminder

from .factories import at, make_user, open_case

# A Tuesday in a week without holidays; the talk is on the Thursday.
TUESDAY = datetime.date(2026, 11, 10)
WEDNESDAY = datetime.date(2026, 11, 11)
THURSDAY = datetime.date(2026, 11, 12)
FRIDAY = datetime.date(2026, 11, 13)
SATURDAY = datetime.date(2026, 11, 14)
MONDAY = datetime.date(2026, 11, 16)


def on(day, hour=8, minute=0):
    """``with on(day):`` it is that day, at eight, when mails go out; the clock stands still."""
    return at(day, hour, minute)


def mailed_user(school, address, name="Anna Zilverberg", role=Membership.TEACHER):
    """Someone with an address to mail to, and a last name that no mail may hold."""
    return make_user(school, name, role, email=address)


def case_for(school, leader, name="Quibbelina"):
    """A case just opened, with nothing planned."""
    pupil = Pupil.objects.create(
        school=school, first_name=name, prefix="van 't", last_name="Zonderling"
    )
    return open_case(pupil, leader)


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
