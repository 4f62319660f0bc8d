"""Checks that there is no running case without a next action, and none whose owner is not there any
more (B3).
"""

import datetime
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from .. import reminder_kinds
from ..actions import appointments, days_changed, reminder_rows, step_order
from ..models import Case, Membership, Reminder, School, User

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
SAID_EVERY = datetime.timedelta(days=7)


def check_running_cases(most: int = MOST_AT_ONCE) -> int:
    """Give every running case without a next action one, and reminders to every case whose day has
    come and that has none; of those that nobody takes care of, tell somebody once a week. Returns
    how many cases were looked at.

    A case without a next action or owner is found by an index that holds nothing else; one without
    reminders from those whose day has come; one whose owner left from the people who left. A case
    that cannot be worked out is left to the log and the others go on.
    """
    looked = 0
    for key in list(cases_without_next_action().values_list("pk", flat=True)[:most]):
        looked += _try(_give_next, key)
    for key in list(cases_without_reminders().values_list("pk", flat=True)[:most]):
        looked += _try(_give_reminders, key)
    for changed in School.objects.exclude(days_changed_at=None):
        looked += _days(changed, most)
    for case in orphaned_cases()[:most]:
        looked += _try(_tell, case)
    return looked


def _days(changed: School, most: int) -> int:
    """The cases of a school whose days changed, a batch at a time: what is said the day before
    moves along.
    """
    try:
        return days_changed.refresh_after_days(changed, most)
    except Exception:
        log.exception("a school could not be looked after")
        return 0


def _try(work: Callable[[Any], None], what: UUID | Case) -> int:
    try:
        with transaction.atomic():
            work(what)
    except Exception:
        log.exception("a case could not be looked after")
        return 0
    return 1


def _give_next(key: UUID) -> None:
    appointments.refresh_next(step_order.lock_case(key))


def _give_reminders(key: UUID) -> None:
    reminder_rows.refresh(step_order.lock_case(key))


def cases_without_reminders() -> QuerySet[Case]:
    """Running cases whose day has come and of which nothing is to be said any more: after an
    upgrade, or when reminders were lost in another way. Found by the index of days.
    """
    furthest = timezone.now().date() + datetime.timedelta(days=1)
    due = Reminder.objects.filter(case=OuterRef("pk"), state=Reminder.DUE)
    return (
        Case.objects.running()
        .filter(next_date__lte=furthest)
        .exclude(Exists(due))
        .order_by("next_date")
    )


class Constant(Value):
    """A word that stands in the query itself instead of beside it.

    SQLite looks into an index with a condition only when it can read from the query that the
    condition holds; of a list of values that stand beside the query it cannot.
    """

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        if not self.value.isalpha():
            raise ValueError(self.value)
        return f"'{self.value}'", ()


def cases_without_next_action() -> QuerySet[Case]:
    """Running cases without a next action or without an owner of it, found by the index that holds
    only these.
    """
    running = [Constant(status) for status in Case.RUNNING]
    return Case.objects.filter(
        Q(status__in=running), Q(next_date=None) | Q(next_owner=None)
    ).order_by("pk")


def orphaned_cases(*, untold: bool = True) -> QuerySet[Case]:
    """Running cases whose owner may not sign in, or does not work at the school any more;
    ``untold``: only those of which nobody was told in the last days.

    Without an order: the database would look through all cases in that order to find these few.
    """
    gone = User.objects.filter(is_active=False).values("pk")
    away = Membership.objects.filter(Q(active=False) | ~Q(role__in=Membership.TEACHING))
    left_here = away.filter(user=OuterRef("next_owner"), school=OuterRef("school"))
    # Told on the day of any time zone: the exact day is the school's, and looked at case by case.
    since = timezone.now().date() - SAID_EVERY + datetime.timedelta(days=1)
    told = Reminder.objects.filter(
        case=OuterRef("pk"), kind=reminder_kinds.NOBODY, due_on__gt=since
    )
    found = (
        Case.objects.running()
        .filter(Q(next_owner__in=gone) | Q(next_owner__in=away.values("user")))
        .filter(Q(next_owner__in=gone) | Exists(left_here))
        .select_related("school")
    )
    return found.exclude(Exists(told)) if untold else found


def _tell(case: Case) -> None:
    since = case.school.today() - SAID_EVERY
    reminder_rows.tell_nobody_takes_care(case, since=since)
