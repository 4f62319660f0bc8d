"""Who is to be mailed now: on the school's own calendar day, at the time they chose on its own
clock.
"""

import datetime
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from ..actions import reminder_recipients, reminder_rows
from ..models import Case, DailyMail, Membership, Reminder, School, User

log = logging.getLogger(__name__)

# After this time on the school's clock nothing is mailed any more: it waits for the next school
# day.
EVENING = datetime.time(21, 0)  # an hour after the latest that somebody may choose
AT_ONCE = 500  # people looked up in one query


@dataclass
class Turn:
    """A person whose mail of the day ``date`` may go now, the schools (by id) it may speak of, and
    the care coordinators (ids) of each of these.
    """

    recipient: UUID
    date: datetime.date
    schools: dict[UUID, School] = field(default_factory=dict)
    coordinators: dict[UUID, list[UUID]] = field(default_factory=dict)

    def refresh(self, case: Case) -> None:
        """Make the reminders of a case, which is locked, agree with how it is now."""
        case.school = self.schools[case.school_id]  # with its days, which were read already
        reminder_rows.refresh(case, today=self.date, coordinators=self.coordinators[case.school_id])


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
        log.warning(
            "a school has an unknown time zone; its reminders follow %s", settings.TIME_ZONE
        )
        return now.astimezone(ZoneInfo(settings.TIME_ZONE))


def due_rows(now: datetime.datetime) -> QuerySet[Reminder]:
    """The rows that are due on some calendar day there is on earth at the moment ``now``, by
    index.
    """
    furthest = (now + datetime.timedelta(hours=14)).astimezone(datetime.UTC).date()
    return Reminder.objects.filter(state=Reminder.DUE, due_on__lte=furthest)


def turns(now: datetime.datetime) -> list[Turn]:
    """Whose mail may go at the moment ``now``: longest waiting first.

    Starts from the index of due rows and asks the schools and people of those only: the cost
    follows what is due, not what exists. Who had the mail of the day is not asked again, nor is who
    has one that a worker holds at this moment or that failed for good.
    """
    waiting: dict[UUID, dict[UUID, datetime.date]] = {}
    for to, school, day in (
        due_rows(now)
        .order_by("due_on")
        .values_list("recipient", "school", "due_on")
        .distinct()
        .iterator()
    ):
        first = waiting.setdefault(to, {})
        first.setdefault(school, day)
    schools = School.objects.in_bulk({school for each in waiting.values() for school in each})
    coordinators = reminder_recipients.coordinators_of(schools)
    clocks = {pk: local(now, school.timezone) for pk, school in schools.items()}
    open_today = {
        pk: clock.time() < EVENING and _has_school(schools[pk], clock.date())
        for pk, clock in clocks.items()
    }
    found: list[Turn] = []
    people = list(waiting)
    for at in range(0, len(people), AT_ONCE):
        found += _of_some(people[at : at + AT_ONCE], waiting, schools, clocks, open_today, now)
    for turn in found:
        turn.coordinators = coordinators
    return found


def _has_school(school: School, day: datetime.date) -> bool:
    try:
        return school.calendar().is_school_day(day)
    except Exception:  # one school that cannot be worked out must not keep the others waiting
        log.exception("the days of school %s could not be worked out", school.pk)
        return day.weekday() < 5


def _of_some(
    people: list[UUID],
    waiting: dict[UUID, dict[UUID, datetime.date]],
    schools: dict[UUID, School],
    clocks: dict[UUID, datetime.datetime],
    open_today: dict[UUID, bool],
    now: datetime.datetime,
) -> Iterator[Turn]:
    # What is for somebody who is not there now waits for them, or for who is told instead
    # (`check_running_cases`).
    mail_time = dict(
        User.objects.filter(pk__in=people, is_active=True).values_list("pk", "mail_time")
    )
    works = set(
        Membership.objects.filter(
            user__in=people, active=True, role__in=Membership.WORKING
        ).values_list("user_id", "school_id")
    )
    days = {clock.date() for clock in clocks.values()}
    had = set(
        DailyMail.objects.filter(recipient__in=people, date__in=days)
        .exclude(free_at(now), state=DailyMail.DUE)
        .values_list("recipient", "date")
    )
    for person in people:
        turn = None
        for school, day in waiting[person].items():
            clock = clocks[school]
            if (person, school) not in works or person not in mail_time:
                continue
            if not open_today[school] or clock.time() < mail_time[person] or day > clock.date():
                continue
            turn = turn or Turn(person, clock.date())
            turn.schools[school] = schools[school]
        if turn and (person, turn.date) not in had:
            yield turn
