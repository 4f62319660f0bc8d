"""A new password that was asked for: a row at once, and the mail when the clock comes by.

The request does the same for an address that is known here and for one that is not, so neither the
answer nor the time it takes says which it is. A mail server that is away is tried again until the
mail is out.
"""

import datetime
import logging
import smtplib
import time

from allauth.account.forms import default_token_generator
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from ..models import ResetRequest
from .subjects import account, fingerprint

log = logging.getLogger(__name__)

# Who asks again within this time gets no second mail: the first has only just been sent.
ONE_MAIL_IN = datetime.timedelta(minutes=3)
GIVE_UP_AFTER = datetime.timedelta(days=1)
LEASE = datetime.timedelta(minutes=6)  # longer than the task may run
FIRST_WAIT, LONGEST_WAIT = datetime.timedelta(seconds=15), datetime.timedelta(minutes=2)
AT_ONCE, LONGEST_SECONDS = 50, 120
# What concerns one mail only. Whatever else goes wrong is the mail server's: the others wait as
# well.
ONE_MAIL_ONLY = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


@transaction.atomic
def ask(email: str) -> None:
    """Note that somebody asked for a new password for this address, known here or not."""
    now = timezone.now()
    tag = fingerprint("reset request", account(email))
    _handled_before(now).filter(tag=tag).delete()
    row = ResetRequest(tag=tag, email=email.strip(), asked_at=now, next_at=now)
    ResetRequest.objects.bulk_create([row], ignore_conflicts=True)


def send_waiting(now: datetime.datetime | None = None) -> int:
    """Mail the links that wait; returns how many went out. Any number of these may run at once."""
    now = now or timezone.now()
    waiting = ResetRequest.objects.filter(handled_at=None)
    stop_at, sent = time.monotonic() + LONGEST_SECONDS, 0
    # Further away than any wait: noted while the server's clock was ahead.
    due = waiting.filter(Q(next_at__lte=now) | Q(next_at__gt=now + 2 * LEASE))
    for row in due.order_by("asked_at")[:AT_ONCE]:
        mine = waiting.filter(pk=row.pk, next_at=row.next_at)
        if time.monotonic() > stop_at or mine.update(next_at=now + LEASE) != 1:
            continue
        try:
            sent += _send(row, now)
        except Exception as error:  # noqa: BLE001  (whatever it is: tried again later)
            _note_failed(row, error, now)
            if not isinstance(error, ONE_MAIL_ONLY):
                break
        else:
            row.email, row.handled_at = "", timezone.now()
            row.save(update_fields=["email", "handled_at"])
    return sent


def forget_old() -> None:
    """Delete what was handled."""
    old = _handled_before(timezone.now())
    if old.exists():  # looking takes no lock
        old.delete()


def _handled_before(now):
    """What was handled so long ago, or while the server's clock was ahead, that one may ask
    again.
    """
    return ResetRequest.objects.exclude(handled_at=None).exclude(
        handled_at__range=(now - ONE_MAIL_IN, now)
    )


def _send(row, now) -> int:
    if now - row.asked_at > GIVE_UP_AFTER:
        log.warning("reset request %s was given up after a day: %s", row.pk, row.last_error)
        return 0
    people = [user for user in filter_users_by_email(row.email, is_active=True) if user.may_sign_in]
    connection = get_connection() if people else None
    for user in people:
        _letter(user, connection).send()
    return len(people)


def _letter(user, connection) -> EmailMessage:
    membership = (
        user.memberships.filter(active=True).select_related("school").order_by("created_at").first()
    )
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    link = settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs=key)
    with translation.override(membership.school.language):
        subject = render_to_string("account/email/password_reset_key_subject.txt").strip()
        text = render_to_string(
            "account/email/password_reset_key_message.txt", {"password_reset_url": link}
        )
    return EmailMessage(subject, text.strip(), to=[user.email], connection=connection)


def _note_failed(row, error, now) -> None:
    """Later again; keeps the kind of error only, because what mail servers answer holds
    addresses.
    """
    wait = min(FIRST_WAIT * 2 ** min(row.attempts, 8), LONGEST_WAIT)
    name = type(error).__name__
    ResetRequest.objects.filter(pk=row.pk).update(
        attempts=min(row.attempts + 1, 1000), last_error=name, next_at=now + wait
    )
    if not isinstance(error, ONE_MAIL_ONLY):
        ResetRequest.objects.filter(handled_at=None, next_at__lt=now + wait).update(
            next_at=now + wait
        )
    # the first, second, fourth, eighth time: not all night long
    if row.attempts & (row.attempts - 1) == 0:
        log.warning("reset mail %s was not sent, tried again later: %s", row.pk, name)
