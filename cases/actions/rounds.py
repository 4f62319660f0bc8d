"""After the last talk: later checks when it is better, a new round when it is not enough (S7.2,
S7.9, B2).
"""

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ..method import METHOD, later, step7_followup
from ..models import (
    Appointment,
    Case,
    GroupMember,
    JournalEntry,
    PageRecord,
    Round,
    StepRecord,
    User,
)
from ..schooldays import later_checks
from . import appointment_windows, appointments, group, journal
from .page_location import later_location
from .step_order import NotYet, lock_case, states

BETTER, AGAIN, STOPPED = step7_followup.BETTER, step7_followup.AGAIN, "stopped"
WORRY, RETURNED = later.WORRY, later.RETURNED


def _call_off(planned: QuerySet[Appointment]) -> None:
    """Cancel what is still planned of these; the sequence grows, so that calendars cross it out."""
    planned.filter(state=Appointment.PLANNED).update(
        state=Appointment.CANCELLED, sequence=F("sequence") + 1
    )


@transaction.atomic
def open_round(case: Case, *, by: User) -> Round:
    """Open the next round, with the same group to start from; what was recorded stays and is shown.

    Twice in a row opens one: the round number moves by a conditional update, and a running round
    in which no step was finished yet is not followed by another.
    """
    lock_case(case)
    case.refresh_from_db()
    old = appointments.current_round(case)
    begun = StepRecord.objects.filter(round=old).exclude(state=StepRecord.OPEN).exists()
    if old.number > 1 and case.status == Case.OPEN and not begun:
        return old
    first = METHOD.first_step(old.number + 1).key  # with the group: the first talk was held
    moved = Case.objects.filter(pk=case.pk, round_number=old.number).update(
        round_number=old.number + 1, step=first, status=Case.OPEN, closed_at=None
    )
    case.refresh_from_db()
    if not moved:
        return appointments.current_round(case)
    ended = RETURNED if _was_better(old) else AGAIN
    Round.objects.filter(pk=old.pk).update(closed_at=timezone.now(), outcome=ended)
    _call_off(Appointment.objects.filter(round=old))
    new = Round.objects.create(
        school_id=case.school_id, case=case, number=case.round_number, first_step=first
    )
    group.copy_members(old, new)
    journal.record(JournalEntry.NEW_ROUND, by=by, case=case, thing=str(new.number))
    appointments.refresh_next(case)
    return new


@transaction.atomic
def close_case(case: Case, *, by: User, words: str = "", outcome: str = BETTER) -> Case:
    """Let the case rest: reminders fall silent and the roles in its groups are erased (M2).

    ``outcome`` is how the round ended: better, or stopped for another reason, said in ``words``.
    """
    lock_case(case)
    now = timezone.now()
    moved = (
        Case.objects.filter(pk=case.pk)
        .exclude(status=Case.CLOSED)
        .update(
            status=Case.CLOSED,
            closed_at=now,
            next_kind="",
            next_date=None,
            next_time=None,
            next_owner=None,
        )
    )
    case.refresh_from_db()
    if not moved:
        return case
    if words:
        case.closing_words = words
        case.save(update_fields=["closing_words"])
    case_round = appointments.current_round(case)
    if _was_better(case_round):
        outcome = BETTER  # what the talks said stays, also when the later checks were cut short
    Round.objects.filter(pk=case_round.pk).update(closed_at=now, outcome=outcome)
    _call_off(Appointment.objects.filter(case=case))
    _erase_roles(case)
    journal.record(JournalEntry.CLOSE, by=by, case=case, fields=["roles erased"])
    appointments.refresh_next(case)
    return case


def _steps_left(case_round: Round) -> bool:
    return StepRecord.OPEN in states(case_round).values()


def _was_better(case_round: Round) -> bool:
    """Whether the talks of this round ended in "better", so that only later checks were left."""
    return case_round.outcome == BETTER


def _erase_roles(case: Case) -> None:
    """Roles are the first thing erased (M2): nothing that comes later needs them."""
    for member in GroupMember.objects.filter(round__case=case):
        member.role = ""
        member.save(update_fields=["role"])
    for record in PageRecord.objects.filter(round__case=case):
        kept = {key: value for key, value in record.changes.items() if not key.startswith("role:")}
        if kept != record.changes:
            PageRecord.objects.filter(pk=record.pk).update(changes=kept)


@transaction.atomic
def begin_aftercare(case: Case, *, by: User) -> Case:
    """It got better: plan the later checks and let the rest be (B2). The roles are erased (M2).

    The checks come six weeks, three and six months after the last talk with the pupil, and after
    the summer. The case is finished only after the last of them, or with a reason.
    """
    lock_case(case)
    moved = Case.objects.filter(pk=case.pk, status=Case.OPEN).update(status=Case.AFTERCARE)
    case.refresh_from_db()
    if not moved:
        return case
    case_round = appointments.current_round(case)
    Round.objects.filter(pk=case_round.pk).update(outcome=BETTER)
    _erase_roles(case)
    journal.record(JournalEntry.AFTERCARE, by=by, case=case, fields=["roles erased"])
    today = case.school.today()
    talk = appointment_windows.live(case_round, Appointment.PUPIL)
    talked = talk.held_on if talk is not None and talk.held_on else today
    for kind, day in later_checks.later_days(talked, case.school.calendar(), today).items():
        appointments.plan(case, case_round, kind, day, by=by)
    appointments.refresh_next(case)
    return case


@transaction.atomic
def conclude_check(case: Case, kind: str, *, by: User) -> str:
    """What follows from a later check that was filled in (B2): returns what the pupil's answer was.

    Still well: on to the next check, and after the last one the case is finished. A new worry:
    asked about again in two weeks. Returned: a new round opens. Moved to another pupil: nothing
    changes here, and nothing is written about who; that is another case. NotYet while the day or
    the answer is missing.
    """
    if lock_case(case).status != Case.AFTERCARE:
        raise NotYet
    case_round = appointments.current_round(case)
    record = later_location(case, case_round, kind).record()
    if not record.verdict or record.held_on is None:
        raise NotYet
    found = appointment_windows.live(case_round, kind)
    if found is not None and found.state == Appointment.HELD:
        # Corrected afterwards: what followed from it stays as it is, but coming back always counts.
        appointments.mark_held(case_round, kind, record.held_on)
        if record.verdict == RETURNED:
            open_round(case, by=by)
        return record.verdict
    if found is None:  # held without having been planned, or called off before
        appointments.plan(case, case_round, kind, record.held_on, by=by)
    appointments.mark_held(case_round, kind, record.held_on)
    if record.verdict == RETURNED:
        open_round(case, by=by)
        return record.verdict
    if record.verdict == WORRY:
        _plan_extra(case, case_round, by)
    if record.verdict != WORRY and not _checks(case_round, Appointment.PLANNED):
        close_case(case, by=by)
    else:
        appointments.refresh_next(case)
    return record.verdict


def _checks(case_round: Round, state: str) -> bool:
    return Appointment.objects.filter(
        round=case_round, kind__in=Appointment.LATER, state=state
    ).exists()


def _plan_extra(case: Case, case_round: Round, by: User) -> None:
    """An extra check in two weeks, unless one comes before that anyway; at most nine in a round."""
    school = case.school
    day = later_checks.extra_day(school.today(), school.calendar())
    planned = Appointment.objects.filter(
        round=case_round, kind__in=Appointment.LATER, state=Appointment.PLANNED
    )
    if planned.filter(date__gt=school.today(), date__lte=day).exists():
        return
    used = set(Appointment.objects.filter(round=case_round).values_list("kind", flat=True))
    free = next((kind for kind in Appointment.EXTRAS if kind not in used), None)
    if free is not None:
        appointments.plan(case, case_round, free, day, by=by)


@transaction.atomic
def reopen_case(case: Case, *, by: User) -> Case:
    """Take a finished case up again: in a new round when no step of its last one is left, else
    where it rested. Roles are gone and are chosen anew. A case that is not closed stays as it is.
    """
    now = lock_case(case)
    if now.status == Case.CLOSED and not _steps_left(appointments.current_round(now)):
        open_round(case, by=by)
        return case
    moved = Case.objects.filter(pk=case.pk, status=Case.CLOSED).update(
        status=Case.OPEN, closed_at=None
    )
    case.refresh_from_db()
    if moved:
        Round.objects.filter(case=case, number=case.round_number).update(closed_at=None, outcome="")
        journal.record(JournalEntry.REOPEN, by=by, case=case)
        appointments.refresh_next(case)
    return case
