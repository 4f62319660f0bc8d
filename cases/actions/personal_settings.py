"""What a person settles for themselves: the daily mail, the name pupils say, the calendar
address.
"""

import datetime
import hashlib
import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from ..models import CalendarFeed, Membership, User
from ..reminder_kinds import MAY_BE_OFF
from . import journal

EARLIEST, LATEST = datetime.time(6), datetime.time(20)  # of the daily mail
NOTE_READ_EVERY = datetime.timedelta(hours=1)
SECRET_BYTES = 32


@transaction.atomic
def keep_settings(
    *, by: User, spoken_name: str, mail_time: datetime.time, mail_off: Collection[str]
) -> list[str]:
    """Keep one's own settings; returns the names of what changed, which is what the journal says.

    ValueError for a time before six or after eight in the evening, or a kind that cannot be left
    out.
    """
    if not EARLIEST <= mail_time <= LATEST or set(mail_off) - set(MAY_BE_OFF):
        raise ValueError("this cannot be set")
    user = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    wanted = {
        "spoken_name": spoken_name,
        "mail_time": mail_time,
        "mail_off": [kind for kind in MAY_BE_OFF if kind in mail_off],
    }
    changed = [name for name, value in wanted.items() if getattr(user, name) != value]
    if changed:
        User.objects.filter(pk=user.pk).update(**{name: wanted[name] for name in changed})
        journal.record(journal.CHANGE, by=by, thing="settings", fields=changed)
    for name in changed:
        setattr(by, name, wanted[name])
    return changed


def fingerprint(secret: str) -> str:
    """What is kept of the secret in a calendar address: SHA-256, in hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def new_address(*, by: User) -> str:
    """Make a private calendar address; one that there was ends here. Returns its secret, which is
    not kept.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two at once: one after the other
    CalendarFeed.objects.filter(user=by).delete()
    CalendarFeed.objects.create(user=by, fingerprint=fingerprint(secret))
    journal.record(journal.CHANGE, by=by, thing="calendar", fields=["address"])
    return secret


@transaction.atomic
def stop_address(*, by: User) -> bool:
    """End one's calendar address; whether there was one."""
    gone, _ = CalendarFeed.objects.filter(user=by).delete()
    if gone:
        journal.record(journal.CHANGE, by=by, thing="calendar", fields=["stopped"])
    return bool(gone)


def feed_of(secret: str) -> CalendarFeed | None:
    """The feed that a calendar address opens, with its ``user``; None for any other, and for who
    left.
    """
    feeds = CalendarFeed.objects.select_related("user").filter(
        fingerprint=fingerprint(secret),
        user__is_active=True,
        user__memberships__active=True,
        user__memberships__role__in=Membership.WORKING,
    )
    return feeds.distinct().first()


def note_read(feed: CalendarFeed) -> None:
    """Note that a calendar program was here: once an hour at the most, so that reading stays
    reading.
    """
    now = timezone.now()
    if feed.last_read_at is None or now - feed.last_read_at >= NOTE_READ_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)
