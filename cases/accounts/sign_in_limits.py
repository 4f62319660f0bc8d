"""How often a password may be tried: pauses that grow, and that a stranger cannot turn against the
staff.

An attempt is noted before it is made, in one short transaction, so that no number of guesses at
once gets more than its share. It is counted
- in a browser where this account signed in before: for that browser and account only;
- elsewhere: for the account from this address, for the account from all other addresses of its
  kind (those that staff sign in from, and the rest), and for the address.
So guesses from outside hold up neither a known browser nor a new one at school, and guesses at one
colleague hold up no other. Whether the account exists makes no difference anywhere.
"""

import datetime
import math
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Throttle
from . import known_browsers
from .subjects import account, fingerprint, network

PAUSED = "paused"  # the code of the error
STAFF_ADDRESS_DAYS = 90
HOUR = 3600
KEPT = datetime.timedelta(days=1)  # longer than any count is remembered


@dataclass(frozen=True)
class Limit:
    """So many attempts are ``free``; then each waits, from ``first`` to ``longest`` seconds,
    ``growth`` times longer each time. After ``forget`` seconds without one, counting begins anew.
    """

    name: str
    free: int
    first: float
    growth: float
    longest: float
    forget: int = HOUR

    def pause_after(self, attempts: int) -> datetime.timedelta:
        """How long to wait after so many attempts in a row."""
        if attempts < self.free:
            return datetime.timedelta()
        steps = min(attempts - self.free, 60)
        return datetime.timedelta(seconds=min(self.first * self.growth**steps, self.longest))


KNOWN_BROWSER = Limit("known browser", free=5, first=10, growth=2, longest=120)
ACCOUNT_AT_ADDRESS = Limit("account at address", free=5, first=10, growth=2, longest=120)
ACCOUNT = Limit("account", free=10, first=5, growth=1.5, longest=120)
# A whole school signs in from one address at 8.25, and types wrongly; this one is for machines.
ADDRESS = Limit("address", free=300, first=1, growth=1.5, longest=20, forget=HOUR // 4)
SIGNED_IN = Limit("signed in", free=5, first=10, growth=2, longest=120)  # one's password once more
RESET = Limit("reset", free=3, first=30, growth=2, longest=600)
RESET_ADDRESS = Limit("reset address", free=60, first=2, growth=1.5, longest=30, forget=HOUR // 4)
# these begin anew after a right one
PROVED = {
    KNOWN_BROWSER.name,
    ACCOUNT_AT_ADDRESS.name,
    SIGNED_IN.name,
}


class Paused(ValidationError):
    """It was tried too often: wait. The message is for the person; ``seconds`` for Retry-After."""

    def __init__(self, wait: datetime.timedelta):
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(pause_in_words(self.seconds), code=PAUSED)


def pause_in_words(seconds: int) -> str:
    """What to tell a person who has to wait: seconds up to a minute and a half, else minutes."""
    if seconds <= 90:
        wait = ngettext("%(n)d more second", "%(n)d more seconds", seconds) % {"n": seconds}
    else:
        minutes = math.ceil(seconds / 60)
        wait = ngettext("%(n)d more minute", "%(n)d more minutes", minutes) % {"n": minutes}
    return _("This was tried too often. Wait %(wait)s, then try again.") % {"wait": wait}


class Attempt:
    """An attempt that is noted. A wrong one stays; call `succeeded` for a right one."""

    def __init__(self, noted):
        self._noted = noted  # (limit, key, when it could be tried, when it can be tried again)

    @transaction.atomic
    def succeeded(self, *, from_address: str = "") -> None:
        """It was right: the counts of this person begin anew, the shared ones forget this attempt.

        ``from_address``: the network that a sign-in came from, which is one of staff from now on.
        """
        for limit, key, before, after in self._noted:
            rows = Throttle.objects.filter(key=key)
            if limit.name in PROVED:
                rows.update(attempts=0, next_at=None)
            else:
                rows.filter(attempts__gt=0).update(attempts=F("attempts") - 1)
                # a pause that others caused stays
                rows.filter(next_at=after).update(next_at=before)
        if from_address:
            key, now = _key(ADDRESS, from_address), timezone.now()
            Throttle.objects.bulk_create([Throttle(key=key, last_at=now)], ignore_conflicts=True)
            Throttle.objects.filter(key=key).update(signed_in_at=now)


def sign_in(request, email: str) -> Attempt:
    """Note an attempt to sign in as ``email``; Paused when it may not be made yet."""
    who, where = account(email), network(request)
    if known_browsers.knows(request, email):
        return _attempt([(KNOWN_BROWSER, f"{known_browsers.browser_of(request)} {who}")])
    kind = "staff" if _staff_sign_in_from(where) else "elsewhere"
    return _attempt(
        [(ACCOUNT_AT_ADDRESS, f"{who} {where}"), (ACCOUNT, f"{who} {kind}"), (ADDRESS, where)]
    )


def own_password(user) -> Attempt:
    """Note that somebody who is signed in fills in their own password; Paused when they may not
    yet.
    """
    return _attempt([(SIGNED_IN, str(user.pk))])


def reset(request, email: str) -> Attempt:
    """Note that a new password is asked for; Paused when it may not be yet.

    Not counted for the account alone: a stranger who asks ten times does not keep its owner from
    asking.
    """
    where = network(request)
    return _attempt([(RESET, f"{account(email)} {where}"), (RESET_ADDRESS, where)])


def forget_old() -> None:
    """Delete counts that nobody needs any more."""
    now = timezone.now()
    old = Throttle.objects.filter(
        Q(signed_in_at=None)
        | Q(signed_in_at__lt=now - datetime.timedelta(days=STAFF_ADDRESS_DAYS)),
        last_at__lt=now - KEPT,
    )
    if old.exists():  # looking takes no lock
        old.delete()


def _staff_sign_in_from(where: str) -> bool:
    since = timezone.now() - datetime.timedelta(days=STAFF_ADDRESS_DAYS)
    return Throttle.objects.filter(key=_key(ADDRESS, where), signed_in_at__gte=since).exists()


def _key(limit: Limit, subject: str) -> str:
    return fingerprint(limit.name, subject)


def _attempt(counted: list[tuple[Limit, str]]) -> Attempt:
    """Note it for each of these, or for none: Paused with the longest wait."""
    wait, noted = _note({_key(limit, subject): limit for limit, subject in counted})
    if wait:
        raise Paused(wait)
    return Attempt(noted)


@transaction.atomic
def _note(limits: dict[str, Limit]):
    keys = sorted(limits)  # in one order, so that no two wait for each other
    Throttle.objects.bulk_create([Throttle(key=key) for key in keys], ignore_conflicts=True)
    rows = list(Throttle.objects.select_for_update().filter(key__in=keys).order_by("key"))
    now = timezone.now()
    # `forget_old` may have deleted a row that was there just before: what was so old counts for
    # nothing.
    wait = max((_wait(row, limits[row.key], now) for row in rows), default=datetime.timedelta())
    if wait:
        return wait, []
    noted = []
    for row in rows:
        limit, before = limits[row.key], row.next_at
        fresh = row.last_at is None or not datetime.timedelta() <= now - row.last_at < _seconds(
            limit.forget
        )
        row.attempts = 1 if fresh else row.attempts + 1
        row.last_at, row.next_at = now, now + limit.pause_after(row.attempts)
        row.save(update_fields=["attempts", "last_at", "next_at"])
        noted.append((limit, row.key, before, row.next_at))
    return wait, noted


def _wait(row, limit, now) -> datetime.timedelta:
    left = row.next_at - now if row.next_at else datetime.timedelta()
    # Further away than any pause: noted while the server's clock was ahead.
    return left if datetime.timedelta() < left <= _seconds(limit.longest) else datetime.timedelta()


def _seconds(number) -> datetime.timedelta:
    return datetime.timedelta(seconds=number)
