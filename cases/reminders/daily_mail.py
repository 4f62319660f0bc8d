"""A person's mail of the day: whose may go now, on the school's own calendar day and at the time
they chose on its own clock; one worker's claim on it for a while; and how it ended.

The mail server and the database cannot change together, so a worker that dies between the mail
and the note leaves a mail that is sent once more, with the same Message-ID; none is ever lost.
"""

import datetime
import logging
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ..actions import journal, reminder_recipients, reminder_rows, step_order
from ..models import Case, DailyMail, JournalEntry, Membership, Reminder, School, User
from ..reminder_kinds import KINDS

log = logging.getLogger(__name__)

# After this time on the school's clock nothing is mailed any more: it waits for the next school
# day.
EVENING = datetime.time(21, 0)  # an hour after the latest that somebody may choose
AT_ONCE = 500  # people looked up in one query
# Longer than the task may run, so that a lease ends only when its worker is gone.
LEASE = datetime.timedelta(minutes=10)
FIRST_WAIT, LONGEST_WAIT = datetime.timedelta(minutes=5), datetime.timedelta(hours=3)
JITTER = 0.25  # a quarter earlier or later, so that not everybody comes back at the same moment
MOST_ATTEMPTS = 6
# How long a note of what the mail server took is tried again, when the database is locked or away;
# without the note the mail would go out twice. Ends before the task does.
NOTE_SECONDS, NOTE_PAUSE = 60, 0.5


@dataclass
class DueRecipient:
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


def due_recipients(now: datetime.datetime) -> list[DueRecipient]:
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
    found: list[DueRecipient] = []
    people = list(waiting)
    for at in range(0, len(people), AT_ONCE):
        found += _of_some(people[at : at + AT_ONCE], waiting, schools, clocks, open_today, now)
    for due in found:
        due.coordinators = coordinators
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
) -> Iterator[DueRecipient]:
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
        due = None
        for school, day in waiting[person].items():
            clock = clocks[school]
            if (person, school) not in works or person not in mail_time:
                continue
            if not open_today[school] or clock.time() < mail_time[person] or day > clock.date():
                continue
            due = due or DueRecipient(person, clock.date())
            due.schools[school] = schools[school]
        if due and (person, due.date) not in had:
            yield due


def claim(recipient: UUID, date: datetime.date, now: datetime.datetime) -> DailyMail | None:
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


def note_sent(mail: DailyMail, rows: list[Reminder], due: DueRecipient) -> None:
    """The mail server took it, with these reminders in it. What is not done yet is said again
    later. ``due``: whose mail it is, with the schools as they were read for it.

    Waits up to a minute for a database that is locked or away; then raises what the database
    raises.
    """
    until = time.monotonic() + NOTE_SECONDS
    while True:
        try:
            _note_sent(mail, rows, due)
            return
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            time.sleep(NOTE_PAUSE)
            connection.close_if_unusable_or_obsolete()


@transaction.atomic
def _note_sent(mail: DailyMail, rows: list[Reminder], due: DueRecipient) -> None:
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
        journal.record(JournalEntry.REMINDED, case=case, thing=f"reminder:{','.join(kinds)}")
        if any(KINDS[kind].repeats for kind in kinds):
            due.refresh(case)


def wait_after(attempts: int) -> datetime.timedelta:
    """How long to wait after so many failures: five minutes, and each time twice as long, up to
    three hours.
    """
    wait: datetime.timedelta = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
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


def _mine(mail: DailyMail) -> QuerySet[DailyMail]:
    """The row as long as this worker's own lease is on it: a late loser changes nothing."""
    return DailyMail.objects.filter(pk=mail.pk, state=DailyMail.DUE, lease_until=mail.lease_until)
