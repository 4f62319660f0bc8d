"""One worker at a time: claim a person's mail of the day for a while, then note how it ended.

The mail server and the database cannot change together, so a worker that dies between the mail
and the note leaves a mail that is sent once more, with the same Message-ID; none is ever lost.
"""

import datetime
import random
import time

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from ..actions import journal, step_order
from ..models import DailyMail, Reminder
from ..reminder_kinds import KINDS
from .due import Turn, free_at

# Longer than the task may run, so that a lease ends only when its worker is gone.
LEASE = datetime.timedelta(minutes=10)
FIRST_WAIT, LONGEST_WAIT = datetime.timedelta(minutes=5), datetime.timedelta(hours=3)
JITTER = 0.25  # a quarter earlier or later, so that not everybody comes back at the same moment
MOST_ATTEMPTS = 6
# How long a note of what the mail server took is tried again, when the database is locked or away;
# without the note the mail would go out twice. Ends before the task does.
NOTE_SECONDS, NOTE_PAUSE = 60, 0.5


def claim(recipient, date: datetime.date, now: datetime.datetime) -> DailyMail | None:
    """The mail of a person (an id) on a day, held for the length of a lease; None when it is
    somebody else's, or went out already.
    """
    DailyMail.objects.bulk_create(
        [DailyMail(recipient_id=recipient, date=date)], ignore_conflicts=True
    )
    mine = DailyMail.objects.filter(
        free_at(now), recipient=recipient, date=date, state=DailyMail.DUE
    )
    if mine.update(lease_until=now + LEASE) != 1:
        return None
    return DailyMail.objects.select_related("recipient").get(recipient=recipient, date=date)


def release(mail: DailyMail) -> None:
    """There was nothing to say after all: whatever comes up today can still be mailed today."""
    _mine(mail).update(lease_until=None)


def note_sent(mail: DailyMail, rows: list[Reminder], turn: Turn) -> None:
    """The mail server took it, with these reminders in it. What is not done yet is said again
    later. ``turn``: whose mail it is, with the schools as they were read for it.

    Waits up to a minute for a database that is locked or away; then raises what the database
    raises.
    """
    until = time.monotonic() + NOTE_SECONDS
    while True:
        try:
            return _note_sent(mail, rows, turn)
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            time.sleep(NOTE_PAUSE)
            connection.close_if_unusable_or_obsolete()


@transaction.atomic
def _note_sent(mail, rows, turn):
    """True even if a row was silenced meanwhile, so it is not conditional."""
    now = timezone.now()
    # As every verb does: the cases first, so that neither waits for the other with the journal in
    # hand. And as they are now: one may have been moved or closed while the mail server took its
    # time.
    cases = [step_order.lock_case(key) for key in sorted({row.case_id for row in rows})]
    DailyMail.objects.filter(pk=mail.pk).update(
        state=DailyMail.SENT, sent_at=now, lease_until=None, last_error=""
    )
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=Reminder.SENT, sent_at=now, mail=mail
    )
    for case in cases:
        kinds = sorted({row.kind for row in rows if row.case_id == case.pk})
        journal.record("reminded", case=case, thing=f"reminder:{','.join(kinds)}")
        if any(KINDS[kind].repeats for kind in kinds):
            turn.refresh(case)


def wait_after(attempts: int) -> datetime.timedelta:
    """How long to wait after so many failures: five minutes, and each time twice as long, up to
    three hours.
    """
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return wait * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  (spreads load, guards nothing)


def note_failed(mail: DailyMail, error: Exception, now: datetime.datetime) -> None:
    """Try again later; after the last attempt an administrator sees it, and can send it again.

    The reminders in it stay due, so the mail of the next school day has them as well. Keeps the
    kind of error only: what mail servers answer holds addresses.
    """
    attempts = mail.attempts + 1
    _mine(mail).update(
        attempts=attempts,
        lease_until=now + wait_after(attempts),
        last_error=type(error).__name__[:200],
        state=DailyMail.FAILED if attempts >= MOST_ATTEMPTS else DailyMail.DUE,
    )


def _mine(mail: DailyMail):
    """The row as long as this worker's own lease is on it: a late loser changes nothing."""
    return DailyMail.objects.filter(pk=mail.pk, state=DailyMail.DUE, lease_until=mail.lease_until)
