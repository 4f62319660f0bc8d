"""One worker at a time: claim a row for a while, then note how it ended.

The mail server and the database cannot change together, so a worker that dies between the mail
and the note leaves a row that is mailed once more, with the same Message-ID; none is ever lost.
"""

import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ..actions import journal
from ..models import Reminder
from .due import free_at

# Longer than the task may run, so that a lease ends only when its worker is gone.
LEASE = datetime.timedelta(minutes=10)
RETRY_AFTER = (datetime.timedelta(minutes=5), datetime.timedelta(hours=1), datetime.timedelta(hours=6))
MOST_ATTEMPTS = 8


def claim(pk, now: datetime.datetime) -> Reminder | None:
    """The row, held for the length of a lease; None when someone else has it or it is not due any more."""
    held = Reminder.objects.filter(free_at(now), pk=pk, state=Reminder.DUE).update(lease_until=now + LEASE)
    if held != 1:
        return None
    rows = Reminder.objects.select_related("school", "case__leader", "round", "to")
    # Read after the claim: what was silenced up to here is seen here.
    return rows.filter(pk=pk, state=Reminder.DUE).first()


@transaction.atomic
def note_sent(reminder: Reminder) -> None:
    """The mail server took it. True even if the row was silenced meanwhile, so it is not conditional."""
    Reminder.objects.filter(pk=reminder.pk).update(
        state=Reminder.SENT, sent_at=timezone.now(), lease_until=None, last_error=""
    )
    journal.record("reminded", case=reminder.case, thing=f"reminder:{reminder.kind}")


def note_silenced(reminder: Reminder) -> None:
    """It need not be sent any more."""
    _mine(reminder).update(state=Reminder.SILENCED, lease_until=None)


def note_failed(reminder: Reminder, error: Exception, now: datetime.datetime) -> None:
    """Try again later, and after the last attempt no more.

    Keeps the kind of error only: what mail servers answer holds addresses.
    """
    attempts = reminder.attempts + 1
    wait = RETRY_AFTER[min(attempts, len(RETRY_AFTER)) - 1]
    _mine(reminder).update(
        attempts=F("attempts") + 1,
        lease_until=now + wait,
        last_error=type(error).__name__[:200],
        state=Reminder.FAILED if attempts >= MOST_ATTEMPTS else Reminder.DUE,
    )


def _mine(reminder: Reminder):
    """The row as long as this worker's own lease is on it: a late loser changes nothing."""
    return Reminder.objects.filter(pk=reminder.pk, state=Reminder.DUE, lease_until=reminder.lease_until)
