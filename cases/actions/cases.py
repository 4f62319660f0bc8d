"""Opening a case, pausing it, and the people who run it."""

import datetime
import secrets
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet

from ..method import METHOD
from ..method.grammar import ROUTE, ROUTE_REASON
from ..method.intake import OTHER_ROUTE
from ..models import (
    Appointment,
    Case,
    CaseStaff,
    JournalEntry,
    Membership,
    PageRecord,
    Pupil,
    Round,
    School,
    User,
)
from . import appointments, journal
from .page_location import INTAKE, question_key
from .step_order import NotYet, lock_case

# Without letters and digits that are mistaken for each other on paper or by telephone.
CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
CODE_DIGITS = "23456789"


class AlreadyRunning(Exception):
    """There is a running case for this pupil: ``case``."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.case = case


def new_code(school: School) -> str:
    """A code that says nothing, such as "K7M4Q", not used in this school yet."""
    while True:
        code = "".join(
            secrets.choice(CODE_LETTERS if place % 2 == 0 else CODE_DIGITS) for place in range(7)
        )
        if not Case.objects.filter(school=school, code=code).exists():
            return code


@transaction.atomic
def open_case(
    school: School,
    pupil: Pupil,
    *,
    by: User,
    client_key: UUID,
    fit: dict[str, Any] | None = None,
    talk_on: datetime.date | None = None,
    talk_at: datetime.time | None = None,
) -> Case:
    """Open a case for a pupil, led by ``by``. The same ``client_key`` again returns the same case.

    ``fit`` holds the answers to whether this is the right approach (B4): when the teacher chose
    another route the case is kept as that decision, and does not run. ValueError when the pupil
    is not of this school; AlreadyRunning when ``by`` sees a running case for the pupil.
    """
    if pupil.school_id != school.pk:
        raise ValueError("the pupil is not of this school")
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    if known := Case.objects.filter(school=school, client_key=client_key).first():
        return known
    running = Case.objects.visible_to(by).running().filter(pupil=pupil).first()
    if running is not None:
        raise AlreadyRunning(running)
    fit = fit or {}
    route = question_key(METHOD.intake, ROUTE)
    first = METHOD.first_step().key
    case = Case.objects.create(
        school=school,
        code=new_code(school),
        pupil=pupil,
        leader=by,
        created_by=by,
        step=first,
        client_key=client_key,
        status=Case.ELSEWHERE if fit.get(route) == OTHER_ROUTE else Case.OPEN,
    )
    case_round = Round.objects.create(school=school, case=case, number=1, first_step=first)
    PageRecord.objects.create(
        school=school,
        round=case_round,
        step=INTAKE,
        page=METHOD.intake.key,
        version=1,
        answers={key: value for key, value in fit.items() if value},
        saved_by=by,
    )
    journal.record(JournalEntry.OPEN, by=by, case=case, fields=list(fit))
    if talk_on and case.status == Case.OPEN:
        appointments.plan(case, case_round, Appointment.TALK, talk_on, time=talk_at, by=by)
    appointments.refresh_next(case)
    return case


@transaction.atomic
def go_on_here(case: Case, reason: str, *, by: User) -> Case:
    """After all this approach, where another route was chosen first (B4). ValueError without a
    reason.
    """
    lock_case(case)
    if not reason.strip():
        raise ValueError("going on takes a reason")
    if Case.objects.filter(pk=case.pk, status=Case.ELSEWHERE).update(status=Case.OPEN):
        record = PageRecord.objects.filter(round__case=case, step=INTAKE).first()
        if record is not None:
            key = question_key(METHOD.intake, ROUTE_REASON)
            before = record.answers.get(key, "")
            record.answers = {**record.answers, key: f"{before}\n{reason.strip()}".strip()}
            record.version += 1
            record.save()
        journal.record(JournalEntry.GO_ON_HERE, by=by, case=case)
    case.refresh_from_db()
    appointments.refresh_next(case)
    return case


@transaction.atomic
def pause_case(case: Case, *, by: User, until: datetime.date | None = None) -> Case:
    """Wait, because the pupil does not want it now (S1.4); asked again on a day, two weeks on if
    not said.

    Reminders fall silent until it goes on. NotYet after the step that asks for the pupil's wish.
    """
    if lock_case(case).status != Case.OPEN or not METHOD.step(case.step).asks_wish:
        raise NotYet  # later there is a group that waits: close the case instead
    until = until or case.school.calendar().next_school_day(
        case.school.today() + datetime.timedelta(days=appointments.ASK_AGAIN_DAYS)
    )
    if Case.objects.filter(pk=case.pk, status=Case.OPEN).update(
        status=Case.PAUSED, next_date=until
    ):
        _planned(case).update(sequence=F("sequence") + 1)  # calendars cross it out until it goes on
        journal.record(JournalEntry.PAUSE, by=by, case=case)
    case.refresh_from_db()
    appointments.refresh_next(case)
    return case


@transaction.atomic
def resume_case(case: Case, *, by: User) -> Case:
    """Take a paused case up again at the step where it was."""
    lock_case(case)
    if Case.objects.filter(pk=case.pk, status=Case.PAUSED).update(status=Case.OPEN, next_date=None):
        # What was planned for a day in the pause did not take place: a new day is to be chosen.
        _planned(case).filter(date__lt=case.school.today()).update(state=Appointment.CANCELLED)
        Appointment.objects.filter(case=case).exclude(state=Appointment.HELD).update(
            sequence=F("sequence") + 1
        )
        journal.record(JournalEntry.RESUME, by=by, case=case)
    case.refresh_from_db()
    appointments.refresh_next(case)
    return case


def _planned(case: Case) -> QuerySet[Appointment]:
    return Appointment.objects.filter(case=case, state=Appointment.PLANNED)


def _require_colleague(case: Case, user: User) -> None:
    membership = Membership.objects.filter(
        school_id=case.school_id, user=user, active=True, role__in=Membership.TEACHING
    )
    if not membership.exists() or not user.is_active:
        raise ValueError("not a colleague of this school")


@transaction.atomic
def add_colleague(case: Case, user: User, *, by: User) -> None:
    """Let a colleague of the school run this case as well. ValueError for anyone else."""
    lock_case(case)
    _require_colleague(case, user)
    _, new = CaseStaff.objects.get_or_create(
        case=case, user=user, defaults={"school_id": case.school_id}
    )
    if new:
        journal.record(JournalEntry.ADD_COLLEAGUE, by=by, case=case, thing=str(user.pk))


@transaction.atomic
def remove_colleague(case: Case, user: User, *, by: User) -> None:
    """Take a colleague off the case; the leader stays."""
    lock_case(case)
    if CaseStaff.objects.filter(case=case, user=user).delete()[0]:
        journal.record(JournalEntry.REMOVE_COLLEAGUE, by=by, case=case, thing=str(user.pk))


def find_colleague(case: Case, pk: str | UUID) -> User | None:
    """Who may be added to this case or lead it, by id; None for anybody else, and for what is no
    id.
    """
    try:
        user = User.objects.filter(pk=pk).first()
        if user is not None:
            _require_colleague(case, user)
    except (ValueError, ValidationError):
        return None
    return user


def find_on_case(case: Case, pk: str | UUID) -> User | None:
    """Who was added to this case, by id, also when they left the school; None for anybody else."""
    try:
        return User.objects.filter(pk=pk, pk__in=case.staff.values("user_id")).first()
    except (ValueError, ValidationError):
        return None


@transaction.atomic
def hand_over(case: Case, user: User, *, by: User, stays: bool = True) -> None:
    """Let a colleague lead from now on; open appointments and what comes next go along.

    ``stays``: who led until now keeps working on the case; otherwise they do not see it any more.
    """
    lock_case(case)
    _require_colleague(case, user)
    case.refresh_from_db()
    old = case.leader
    if old == user:
        return
    Case.objects.filter(pk=case.pk).update(leader=user)
    case.refresh_from_db()
    CaseStaff.objects.filter(case=case, user=user).delete()
    if stays:
        CaseStaff.objects.get_or_create(case=case, user=old, defaults={"school_id": case.school_id})
    for appointment in Appointment.objects.filter(case=case, state=Appointment.PLANNED):
        appointment.owner = user
        appointment.save(update_fields=["owner"])
    journal.record(JournalEntry.HAND_OVER, by=by, case=case, thing=str(user.pk))
    appointments.refresh_next(case)
