"""After the last talk: closing when it is better, a new round when it is not enough (S7.2, S7.9)."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ..method import METHOD
from ..models import Appointment, Case, GroupMember, PageRecord, Round, StepRecord
from . import appointments, group, journal, reminding
from .order import lock_case

BETTER, AGAIN, STOPPED = "better", "again", "stopped"


def step_of_next_round() -> str:
    """Where a later round begins: with the group, because the first talk was held."""
    return METHOD.in_moment("meeting")[0].key


def _call_off(planned):
    """Cancel what is still planned of these; the sequence grows, so that calendars cross it out."""
    planned.filter(state=Appointment.PLANNED).update(state=Appointment.CANCELLED, sequence=F("sequence") + 1)


@transaction.atomic
def open_round(case: Case, *, by) -> Round:
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
    first = step_of_next_round()
    moved = Case.objects.filter(pk=case.pk, round_number=old.number).update(
        round_number=old.number + 1, step=first, status=Case.OPEN, closed_at=None
    )
    case.refresh_from_db()
    if not moved:
        return appointments.current_round(case)
    reminding.silence(old)
    Round.objects.filter(pk=old.pk).update(closed_at=timezone.now(), outcome=AGAIN)
    _call_off(Appointment.objects.filter(round=old))
    new = Round.objects.create(
        school_id=case.school_id, case=case, number=case.round_number, first_step=first
    )
    group.copy_members(old, new)
    journal.record("new round", by=by, case=case, thing=str(new.number))
    appointments.refresh_next(case)
    return new


@transaction.atomic
def close_case(case: Case, *, by, words: str = "", outcome: str = BETTER) -> Case:
    """Let the case rest: reminders fall silent and the roles in its groups are erased (M2).

    ``outcome`` is how the round ended: better, or stopped for another reason, said in ``words``.
    """
    lock_case(case)
    now = timezone.now()
    moved = (
        Case.objects.filter(pk=case.pk)
        .exclude(status=Case.CLOSED)
        .update(status=Case.CLOSED, closed_at=now, next_kind="", next_on=None, next_at=None, next_owner=None)
    )
    case.refresh_from_db()
    if not moved:
        return case
    if words:
        case.closing_words = words
        case.save(update_fields=["closing_words"])
    round = appointments.current_round(case)
    Round.objects.filter(pk=round.pk).update(closed_at=now, outcome=outcome)
    for each in Round.objects.filter(case=case):
        reminding.silence(each)
    _call_off(Appointment.objects.filter(case=case))
    for member in GroupMember.objects.filter(round__case=case):
        member.role = ""
        member.save(update_fields=["role"])
    for record in PageRecord.objects.filter(round__case=case):
        if kept := {key: value for key, value in record.changes.items() if not key.startswith("role:")}:
            PageRecord.objects.filter(pk=record.pk).update(changes=kept)
    journal.record("close", by=by, case=case, fields=["roles erased"])
    return case


@transaction.atomic
def reopen_case(case: Case, *, by) -> Case:
    """Take a finished case up again where it rested. Roles are gone and are chosen anew."""
    lock_case(case)
    moved = Case.objects.filter(pk=case.pk, status=Case.CLOSED).update(status=Case.OPEN, closed_at=None)
    case.refresh_from_db()
    if moved:
        Round.objects.filter(case=case, number=case.round_number).update(closed_at=None, outcome="")
        journal.record("reopen", by=by, case=case)
        appointments.refresh_next(case)
    return case
