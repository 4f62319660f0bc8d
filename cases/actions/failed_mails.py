"""Mails that failed for good, sent again by hand."""

from collections.abc import Iterable

from django.db import transaction

from ..models import DailyMail, JournalEntry, School, User
from . import journal


@transaction.atomic
def send_again(mails: Iterable[DailyMail], school: School, *, by: User) -> int:
    """Let failed mails be tried again from now on; returns how many.

    A mail of today starts afresh. What an older one had to say, and is not done yet, goes along
    with the mail of the day on which it is said next; so the old one is only taken off the list.
    """
    today, count = school.today(), 0
    for mail in mails:
        failed = DailyMail.objects.filter(pk=mail.pk, state=DailyMail.FAILED)
        if mail.date >= today:
            count += failed.update(state=DailyMail.DUE, attempts=0, lease_until=None, last_error="")
        else:
            DailyMail.objects.filter(
                recipient=mail.recipient_id, date=today, state=DailyMail.FAILED
            ).update(state=DailyMail.DUE, attempts=0, lease_until=None, last_error="")
            count += failed.delete()[0] and 1
    if count:
        journal.record(JournalEntry.SEND_AGAIN, by=by, school=school, thing=f"mails/{count}")
    return count
