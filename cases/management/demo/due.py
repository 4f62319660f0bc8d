"""People who each have something overdue, for the fault tests and benchmarks of the reminders.

Rows written in bulk, like those that verbs leave: a case whose first talk was planned for the last
school day and not held, so that today one mail is due to each person. A test holds them against
`cases.actions.reminder_rows.refresh`, which must find nothing to change.
"""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from ... import reminder_kinds
from ...actions.cases import CODE_DIGITS, CODE_LETTERS
from ...method import METHOD
from ...models import Appointment, Case, Membership, Pupil, Reminder, Round, School, User

AT_ONCE = 500
NOON = 12


def noon_school(name: str = "De Kiezelhof", **fields) -> School:
    """A school where it is about noon now and has school today, whatever the day and the hour are
    here.
    """
    west = timezone.now().astimezone(datetime.UTC).hour - NOON
    zone = f"Etc/GMT{west:+d}" if west else "UTC"
    free = [(timezone.now().weekday() + days) % 7 for days in (3, 4)]
    return School.objects.create(
        name=name, country="", timezone=zone, free_weekdays=free, language="nl", **fields
    )


def code_of(number: int) -> str:
    """The code of case ``number``: letters and digits in turn, another for each number below 100
    million.
    """
    code = ""
    for place in range(7):
        signs = CODE_LETTERS if place % 2 == 0 else CODE_DIGITS
        number, here = divmod(number, len(signs))
        code += signs[here]
    return code


@transaction.atomic
def people(school: School, number: int, mark: str = "due") -> list[User]:
    """So many teachers of a school, addressed ``<mark><n>@school.example``; none can sign in."""
    users = [
        User(email=f"{mark}{n}@school.example", name=f"Collega {n}", password="!")  # noqa: S106  (nobody signs in with it)
        for n in range(number)
    ]
    User.objects.bulk_create(users, batch_size=AT_ONCE)
    Membership.objects.bulk_create(
        [Membership(school=school, user=user) for user in users], batch_size=AT_ONCE
    )
    return users


def someone_late(school: School, number: int) -> list[User]:
    """So many teachers of a school who each lead one case in which something is one school day
    late.
    """
    users = people(school, number)
    day = school.calendar().add_school_days(school.today(), -1)
    cases_at(
        school, [(user, day) for user in users], first=Case.objects.filter(school=school).count()
    )
    return users


@transaction.atomic
def cases_at(school: School, plans, first: int = 0, before: int = 0) -> None:
    """For each (leader, day) of ``plans`` a case with its first talk planned for that day.

    ``first`` numbers the codes from there; ``before`` is how many reminders of each were mailed
    already, on the days before, as after a talk that was moved again and again.
    """
    today = school.today()
    pupils, rounds, appointments, reminders, made = [], [], [], [], []
    calendar = school.calendar()
    for number, (leader, day) in enumerate(plans, start=first):
        pupil = Pupil(school=school, first_name="Noor", last_name=f"Steen {number}")
        pupil.fold_names()
        case = _case(school, number, pupil, leader, day)
        case_round = Round(school=school, case=case, number=1, first_step=METHOD.steps[0].key)
        shared = {"school": school, "case": case, "round": case_round}
        pupils.append(pupil)
        made.append(case)
        rounds.append(case_round)
        appointments.append(Appointment(kind=Appointment.TALK, date=day, owner=leader, **shared))
        shared |= {"subject": Appointment.TALK, "recipient": leader}
        reminders += _reminders(shared, day, today, calendar)
        reminders += [
            Reminder(
                kind=reminder_kinds.TODAY,
                due_on=day - datetime.timedelta(days=7 * (n + 1)),
                state=Reminder.SENT,
                sent_at=timezone.now() - datetime.timedelta(days=7 * (n + 1)),
                **shared,
            )
            for n in range(before)
        ]
    made_rows: tuple[list[Any], ...] = (pupils, made, rounds, appointments, reminders)
    for rows in made_rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=AT_ONCE)


def _case(school, number, pupil, leader, day):
    return Case(
        school=school,
        code=code_of(number),
        pupil=pupil,
        leader=leader,
        created_by=leader,
        step=METHOD.steps[0].key,
        next_kind=Appointment.TALK,
        next_date=day,
        next_agreed=True,
        next_owner=leader,
        client_key=uuid.uuid4(),
    )


def _reminders(shared, day, today, calendar):
    """What `reminder_rows.wanted` asks for when a talk is planned for ``day`` and nothing was
    mailed of it yet.
    """
    before = calendar.add_school_days(day, -1)
    if before >= today:
        yield Reminder(kind=reminder_kinds.TOMORROW, due_on=before, **shared)
    if day >= today:
        yield Reminder(kind=reminder_kinds.TODAY, due_on=day, **shared)
    yield Reminder(kind=reminder_kinds.LATE, due_on=calendar.add_school_days(day, 1), **shared)
