"""Which reminders are due now: on the school's own calendar day, from the morning on its own clock."""

import datetime
import logging
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from ..models import Reminder, School

log = logging.getLogger(__name__)

# Before this time on the school's clock nothing is mailed, not even what was left from the day before.
MORNING = datetime.time(7, 30)


def free_at(now: datetime.datetime) -> Q:
    """No worker holds the row, and the moment to try again has come."""
    return Q(lease_until=None) | Q(lease_until__lte=now)


def local(now: datetime.datetime, name: str) -> datetime.datetime:
    """A moment on the clock of the time zone ``name``.

    A zone this machine does not know is read as the application's own: a reminder an hour off is
    better than none.
    """
    try:
        return now.astimezone(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        log.warning("a school has an unknown time zone; its reminders follow %s", settings.TIME_ZONE)
        return now.astimezone(ZoneInfo(settings.TIME_ZONE))


def due_at(now: datetime.datetime) -> QuerySet[Reminder]:
    """The rows that may be mailed at the moment ``now``, oldest day first. Costs two queries to make.

    Starts from the index of due rows, up to the furthest calendar day there is on earth, and asks the
    schools of those only: the cost follows what is due, not what exists.
    """
    furthest = (now + datetime.timedelta(hours=14)).astimezone(datetime.UTC).date()
    rows = Reminder.objects.filter(state=Reminder.DUE)
    schools = set(rows.filter(due_on__lte=furthest).order_by().values_list("school", flat=True).distinct())
    by_day: dict[datetime.date, list] = {}
    for pk, zone in School.objects.filter(pk__in=schools).values_list("pk", "timezone") if schools else ():
        there = local(now, zone)
        if there.time() >= MORNING:
            by_day.setdefault(there.date(), []).append(pk)
    if not by_day:
        return Reminder.objects.none()
    turn = Q(pk__in=[])
    for day, pks in by_day.items():
        turn |= Q(due_on__lte=day, school__in=pks)
    return rows.filter(turn, free_at(now), due_on__lte=max(by_day)).order_by("due_on", "pk")
