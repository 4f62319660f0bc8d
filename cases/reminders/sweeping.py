"""The sweep: find what is due, claim it, look whether it is still needed, mail it, note it down.

Safe at any time and any number at once: the rows and their leases decide, not the caller.
"""

import datetime
import logging
import time
from dataclasses import dataclass

from django.core.mail import get_connection
from django.utils import timezone

from ..actions import reminding
from ..models import Appointment, Case, Reminder, User
from .claim import claim, note_failed, note_sent, note_silenced
from .due import due_at, local
from .letters import letter

log = logging.getLogger(__name__)

# The task ends at four minutes; a mail server that hangs may still cost one mail its timeouts.
LONGEST_SECONDS = 120
# So many refusals in a row are the mail server's fault: the rows behind keep their attempts.
ENOUGH_FAILURES = 3


@dataclass
class SweepResult:
    """How many rows a sweep took, and how each of them ended."""

    claimed: int = 0
    sent: int = 0
    failed: int = 0
    silenced: int = 0


def sweep(now: datetime.datetime | None = None, batch: int = 100) -> SweepResult:
    """Send what is due; returns what was done. ``now`` stands still if given, for trying things out.

    Looks up ``batch`` rows at a time and goes on until nothing is due, two minutes have passed or the
    mail server refuses three times in a row. What is left is for the next sweep.
    """
    result = SweepResult()
    stop_at = time.monotonic() + LONGEST_SECONDS
    seen: set = set()
    failures = 0
    while True:
        moment = now or timezone.now()
        waiting = [pk for pk in due_at(moment).values_list("pk", flat=True)[:batch] if pk not in seen]
        if not waiting:
            return result
        for pk in waiting:
            if failures >= ENOUGH_FAILURES or time.monotonic() > stop_at:
                return result
            seen.add(pk)
            moment = now or timezone.now()
            reminder = claim(pk, moment)
            if reminder is None:
                continue
            result.claimed += 1
            ended = handle(reminder, moment)
            setattr(result, ended, getattr(result, ended) + 1)
            failures = failures + 1 if ended == "failed" else 0


def handle(reminder: Reminder, now: datetime.datetime) -> str:
    """Send a claimed reminder if it is still needed; returns "sent", "silenced" or "failed"."""
    today = local(now, reminder.school.timezone).date()
    try:
        appointment = Appointment.objects.filter(round=reminder.round_id, kind=reminder.subject).first()
        if not needed(reminder, appointment, today):
            note_silenced(reminder)
            _heal(reminder, appointment, today)
            return "silenced"
        to = recipient(reminder)
        if to is None:
            note_silenced(reminder)
            return "silenced"
        mail = letter(reminder, to, appointment.on if appointment else None, today)
        mail.connection = get_connection()
        mail.send()
        note_sent(reminder)
    except Exception as error:  # noqa: BLE001  (whatever it is: tried again later, and the others go on)
        note_failed(reminder, error, now)
        log.warning("reminder %s was not sent: %s", reminder.pk, type(error).__name__)
        return "failed"
    return "sent"


def needed(reminder: Reminder, appointment: Appointment | None, today: datetime.date) -> bool:
    """Whether the reminder would still be true and useful ``today``, the calendar day at the school.

    After days without a worker nobody is told of yesterday's "tomorrow": the later one says it.
    """
    if not reminder.case.running or reminder.round.closed_at is not None:
        return False
    if reminder.kind == Reminder.PLAN:
        return appointment is None or appointment.state == Appointment.CANCELLED
    if appointment is None or appointment.state != Appointment.PLANNED:
        return False
    if reminder.kind == Reminder.TODAY:
        return appointment.on == reminder.due_on == today
    if reminder.kind == Reminder.LATE:
        return appointment.on < reminder.due_on
    if not reminder.due_on < appointment.on or not today < appointment.on:
        return False
    eve = appointment.on - datetime.timedelta(days=1)
    return reminder.school.calendar().school_days_between(reminder.due_on, eve) == 0


def recipient(reminder: Reminder) -> User | None:
    """Whom to mail: the person meant, else who leads the case; None when neither may see it any more."""
    for user in dict.fromkeys((reminder.to, reminder.case.leader)):
        # The school of the case, not the one where someone with several schools works just now.
        user.membership = user.memberships.filter(school=reminder.school_id, active=True).first()
        if Case.objects.visible_to(user).filter(pk=reminder.case_id).exists():
            return user
    return None


def _heal(reminder: Reminder, appointment: Appointment | None, today: datetime.date) -> None:
    """What comes instead of an outdated reminder was written along with it; make sure that it is there."""
    runs = reminder.case.running and reminder.round.closed_at is None
    if runs and appointment is not None and appointment.state == Appointment.PLANNED:
        appointment.round, appointment.school = reminder.round, reminder.school
        reminding.remind_of(appointment, today=today)
