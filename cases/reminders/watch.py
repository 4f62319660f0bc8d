"""The watch: no running case without a next action, and none whose owner is not there any more (B3)."""

import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.utils import timezone

from ..actions import appointments, order, reminding
from ..models import Case, Membership, Reminder, User

MOST_AT_ONCE = 200
SAID_EVERY = datetime.timedelta(days=7)


def watch(most: int = MOST_AT_ONCE) -> int:
    """Give every running case without a next action one; of those that nobody takes care of, tell the care
    coordinators once a week. Returns how many cases were looked at.

    A case without a next action or owner is found by an index that holds nothing else; one whose owner
    left is found from the people who left.
    """
    looked = 0
    for key in list(without_next().values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            appointments.refresh_next(order.lock_case(key))
        looked += 1
    for case in _left_alone()[:most]:
        _tell_coordinators(case)
        looked += 1
    return looked


class Constant(Value):
    """A word that stands in the query itself instead of beside it.

    SQLite looks into an index with a condition only when it can read from the query that the condition
    holds; of a list of values that stand beside the query it cannot.
    """

    def as_sql(self, compiler, connection):
        if not self.value.isalpha():
            raise ValueError(self.value)
        return f"'{self.value}'", []


def without_next():
    """Running cases without a next action or without an owner of it, found by the index that holds only these."""
    running = [Constant(status) for status in Case.RUNNING]
    return Case.objects.filter(Q(status__in=running), Q(next_on=None) | Q(next_owner=None)).order_by("pk")


def _left_alone():
    """Running cases whose owner may not sign in, or does not work at the school any more, and of which no
    care coordinator was told in the last days.

    Without an order: the database would look through all cases in that order to find these few.
    """
    gone = User.objects.filter(is_active=False).values("pk")
    away = Membership.objects.filter(Q(active=False) | Q(role=Membership.ADMINISTRATOR))
    left_here = away.filter(user=OuterRef("next_owner"), school=OuterRef("school"))
    # Told on the day of any time zone: the exact day is the school's, and looked at case by case.
    since = timezone.now().date() - SAID_EVERY + datetime.timedelta(days=1)
    told = Reminder.objects.filter(case=OuterRef("pk"), kind=Reminder.NOBODY, due_on__gt=since)
    return (
        Case.objects.running()
        .filter(Q(next_owner__in=gone) | Q(next_owner__in=away.values("user")))
        .filter(Q(next_owner__in=gone) | Exists(left_here))
        .exclude(Exists(told))
        .select_related("school")
    )


def _tell_coordinators(case):
    today = case.school.today()
    round = appointments.current_round(case)
    for coordinator in reminding.coordinators_of(case.school):
        told = Reminder.objects.filter(
            round=round, kind=Reminder.NOBODY, to=coordinator, due_on__gt=today - SAID_EVERY
        )
        if not told.exists():
            Reminder.objects.bulk_create(
                [
                    Reminder(
                        school_id=case.school_id,
                        case=case,
                        round=round,
                        kind=Reminder.NOBODY,
                        subject="owner",
                        to_id=coordinator,
                        due_on=today,
                    )
                ],
                ignore_conflicts=True,
            )
