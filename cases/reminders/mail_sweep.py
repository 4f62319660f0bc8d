"""The sweep: find who is to be mailed, claim the mail of the day, look what is still true, mail,
note it down.

Safe at any time and any number at once: the rows and their leases decide, not the caller.
"""

import datetime
import logging
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..actions import step_order
from ..models import Case, Reminder, SweepRun, User
from ..reminder_kinds import KINDS
from .daily_mail import DueRecipient, claim, due_recipients, note_failed, note_sent, release
from .mail_text import items, mail_message, said
from .monitor import check_running_cases

log = logging.getLogger(__name__)

# The task ends at four minutes; a mail server that hangs may still cost one mail its timeouts.
LONGEST_SECONDS = 120
# So many refusals in a row are the mail server's fault: the mails behind keep their attempts.
ENOUGH_FAILURES = 3
# These take every mail, and nobody ever reads it there.
NOWHERE = ("backends.filebased", "backends.console", "backends.dummy")
SET_A_SERVER = (
    "Reminders would be marked as sent and reach nobody. Set "
    "STEENTJE_SMTP_HOST=mail.your-school.example (your mail server), or STEENTJE_DEMO=1 to try "
    "things out."
)
KEEP_RUNS = datetime.timedelta(days=14)


@dataclass
class SweepResult:
    """How many mails a sweep took, and how each of them ended."""

    claimed: int = 0
    sent: int = 0
    failed: int = 0
    empty: int = 0
    left: int = 0  # whose turn it was when time or the mail server ran out


def mail_goes_nowhere() -> bool:
    """Whether what is mailed ends in a folder or on a screen, outside a demo."""
    return not settings.DEMO and any(word in settings.EMAIL_BACKEND for word in NOWHERE)


def sweep(now: datetime.datetime | None = None) -> SweepResult:
    """Send what is due; returns what was done. ``now`` stands still if given, for trying things
    out.

    Goes on until everybody whose turn it is was mailed, two minutes have passed or the mail server
    refuses three times in a row. What is left is for the next sweep. Leaves a `SweepRun`.
    Raises ImproperlyConfigured when no mail server is set and this is no demo.
    """
    if mail_goes_nowhere():
        raise ImproperlyConfigured(SET_A_SERVER)
    run = SweepRun.objects.create(started_at=timezone.now())
    result = SweepResult()
    try:
        check_running_cases()
        _send(due_recipients(now or timezone.now()), now, result)
    except Exception as error:
        run.error = type(error).__name__[:200]
        raise
    finally:
        run.ended_at, run.sent, run.failed = timezone.now(), result.sent, result.failed
        run.save()
    SweepRun.objects.filter(started_at__lt=timezone.now() - KEEP_RUNS).delete()
    return result


def _send(waiting: list[DueRecipient], now: datetime.datetime | None, result: SweepResult) -> None:
    stop_at = time.monotonic() + LONGEST_SECONDS
    failures = 0
    connection = MailConnection()
    try:
        for number, due in enumerate(waiting):
            if failures >= ENOUGH_FAILURES or time.monotonic() > stop_at:
                result.left = len(waiting) - number
                return
            ended = handle(due, now or timezone.now(), connection, result)
            failures = failures + 1 if ended == "failed" else 0
    finally:
        connection.close()


class MailConnection:
    """One connection to the mail server for many mails; after a failure the next mail opens
    another.
    """

    def __init__(self) -> None:
        self.connection: Any = None

    def send(self, message: EmailMessage) -> None:
        if self.connection is None:
            self.connection = get_connection()
            self.connection.open()
        message.connection = self.connection
        try:
            message.send()
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception as error:  # noqa: BLE001  (it is given up anyway)
                log.info("the connection to the mail server ended badly: %s", type(error).__name__)


def handle(
    due: DueRecipient, now: datetime.datetime, connection: MailConnection, result: SweepResult
) -> str:
    """Send a person's mail of the day; returns "sent", "empty", "failed", or "" when it is somebody
    else's.
    """
    mail = claim(due.recipient, due.date, now)
    if mail is None:
        return ""
    result.claimed += 1
    try:
        rows = true_rows(due, mail.recipient)
        if not rows:
            release(mail)
            result.empty += 1
            return "empty"
        language = next(iter(due.schools.values())).language
        connection.send(mail_message(mail, items(rows, due.date), language))
        note_sent(mail, said(rows), due)
    except Exception as error:  # noqa: BLE001  (whatever it is: tried again later, and the others go on)
        note_failed(mail, error, now)
        log.warning("mail %s was not sent: %s", mail.pk, type(error).__name__)
        result.failed += 1
        return "failed"
    result.sent += 1
    return "sent"


def true_rows(due: DueRecipient, user: User) -> list[Reminder]:
    """The reminders that are due for a person and still true; the others are silenced on the way.

    Each case is looked at anew: after days without a worker nobody is told of yesterday's
    "tomorrow", and what was held or moved without telling the reminders is put right here. What
    this person does not want to be mailed, or may not see any more, is silenced.
    """
    for key in list(_due(due, user).values_list("case", flat=True).distinct()):
        with transaction.atomic():
            # A verb that changes it at this moment comes before or after.
            due.refresh(step_order.lock_case(key))
    rows = list(_due(due, user).select_related("case", "round").order_by("due_on", "pk"))
    seen = _visible(due, user, {row.case_id for row in rows})
    unwanted = [
        row.pk
        for row in rows
        if row.kind in user.mail_off
        or (row.case_id not in seen and not KINDS[row.kind].also_unseen)
    ]
    if unwanted:
        Reminder.objects.filter(pk__in=unwanted, state=Reminder.DUE).update(state=Reminder.SILENCED)
    kept = [row for row in rows if row.pk not in set(unwanted)]
    for row in kept:
        row.case.school = due.schools[row.school_id]
    return kept


def _due(due: DueRecipient, user: User) -> QuerySet[Reminder]:
    return Reminder.objects.filter(
        recipient=user, state=Reminder.DUE, due_on__lte=due.date, school__in=list(due.schools)
    )


def _visible(due: DueRecipient, user: User, cases: set[UUID]) -> set[UUID]:
    """Which of these cases this person sees, in each of the schools they work at."""
    seen: set[UUID] = set()
    for membership in user.memberships.filter(school__in=list(due.schools), active=True):
        # The school of the case, not the one where someone with several schools works just now.
        user.membership = membership
        seen |= set(Case.objects.visible_to(user).filter(pk__in=cases).values_list("pk", flat=True))
    return seen
