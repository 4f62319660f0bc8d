"""Plain functions that make a few people, pupils and cases; `conftest.py` makes fixtures of
them.
"""

import datetime
import uuid
from zoneinfo import ZoneInfo

import time_machine
from django.db import connection

from cases.actions import cases
from cases.management.demo.walk import Walk, days_from
from cases.models import (
    ClassGroup,
    ClosedDay,
    GroupMember,
    JournalEntry,
    Membership,
    Pupil,
    School,
    User,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# A Tuesday; no public holiday within three weeks of it.
TODAY = datetime.date(2026, 11, 3)
FIT = {"signs": ["none"], "route": "here", "why": ""}
LEADER, FOLLOWER, OTHER = GroupMember.ROLES
HALF_AND_HALF = (LEADER, FOLLOWER, FOLLOWER, OTHER, OTHER, OTHER)


def make_school(name="De Kiezelhof", **fields) -> School:
    return School.objects.create(name=name, country="NL", language="nl", **fields)


def make_user(school, name, role=Membership.TEACHER, *, active=True, email="") -> User:
    """Someone who works at a school; signs in as <name>@<school>.example if no address is given."""
    domain = "".join(char for char in school.name.lower() if char.isalpha())
    user = User.objects.create(
        email=email or f"{name.lower()}@{domain}.example", name=name, password="!"
    )
    Membership.objects.create(school=school, user=user, role=role, active=active)
    return user


def make_pupils(school, group_name, *first_names) -> list[Pupil]:
    group, _ = ClassGroup.objects.get_or_create(school=school, name=group_name)
    return [
        Pupil.objects.create(school=school, group=group, first_name=name, last_name="Steen")
        for name in first_names
    ]


def make_closed_day(school, first, name="Vrij") -> ClosedDay:
    """One day on which this school is closed."""
    return ClosedDay.objects.create(school=school, first=first, last=first, name=name)


def journaled_changes(school) -> list[tuple]:
    """Thing and fields of every change of this school that is in the journal, in order."""
    changes = JournalEntry.objects.filter(school=school, action="change").order_by("number")
    return [(entry.thing, entry.fields) for entry in changes]


def open_case(pupil, by, **more):
    return cases.open_case(pupil.school, pupil, by=by, client_key=uuid.uuid4(), fit=FIT, **more)


def walk_of(
    case, *, words=None, roles=HALF_AND_HALF, talk=None, filler="Korte aantekening."
) -> Walk:
    """A walk through a case by its leader: pupils of the same class group, days from the first
    talk.
    """
    classmates = (
        Pupil.objects.filter(group=case.pupil.group).exclude(pk=case.pupil_id).order_by("sort_key")
    )
    return Walk(
        case=case,
        by=case.leader,
        days=days_from(talk or case.school.today(), case.school.calendar()),
        words=words or {},
        group=list(zip(classmates, roles, strict=False)),
        filler=filler,
    )


def moment_at(day, hour=12, minute=0, zone=AMSTERDAM) -> datetime.datetime:
    """A moment on a school's clock; in the Netherlands unless another zone is given."""
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=zone)


def at(day, hour=12, minute=0):
    """``with at(day):`` it is that day, at noon; the clock stands still."""
    return time_machine.travel(moment_at(day, hour, minute), tick=False)


def raw(row, column) -> bytes:
    """What the database itself holds in a column of a row."""
    table = row._meta.db_table
    key = row.pk.hex if connection.vendor == "sqlite" else str(row.pk)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE id = %s', [key])  # noqa: S608  (table and column names of our own)
        return bytes(cursor.fetchone()[0])


def write_raw(row, column, value: bytes):
    """Change a column behind the application's back, as someone with the database file could."""
    table = row._meta.db_table
    key = row.pk.hex if connection.vendor == "sqlite" else str(row.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s',  # noqa: S608  (table and column names of our own)
            [connection.Database.Binary(value), key],
        )
