"""Who gets a reminder: from the table of kinds, a case and the roles at its school; and the context
of a case, from which that and the rows of `reminder_rows` are worked out.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ..models import Case, CaseStaff, Membership, Reminder, Round
from ..reminder_kinds import COORDINATORS, KINDS, LEADER, SOMEBODY
from ..schooldays.school_calendar import SchoolCalendar


@dataclass(frozen=True)
class ReminderContext:
    """What the reminders of a case are worked out from: the case, its current round, the rows there
    are, the day at the school, and the ids of the school's care coordinators.
    """

    case: Case
    case_round: Round
    rows: list[Reminder]
    today: datetime.date
    coordinators: list[UUID]

    @property
    def calendar(self) -> SchoolCalendar:
        return self.case.school.calendar()


def recipients(context: ReminderContext, kind: str, owner: UUID | None) -> list[UUID]:
    """The ids of those who get a reminder of this kind, as the table of kinds says.

    ``owner``: the id of who does what it is about.
    """
    to = KINDS[kind].to
    if to == COORDINATORS:
        return [each for each in context.coordinators if each != owner]
    if to == SOMEBODY:
        return context.coordinators or _colleagues(context.case) or _managers(context.case)
    one = context.case.leader_id if to == LEADER else owner
    return [] if one is None else [one]


def coordinators_of(schools: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The care coordinators who may sign in, for each of ``schools`` (ids): a list of ids."""
    found: dict[UUID, list[UUID]] = {school: [] for school in schools}
    there = Membership.objects.filter(
        school__in=found, role__in=Membership.COORDINATING, active=True, user__is_active=True
    )
    for school, user in there.values_list("school", "user"):
        found[school].append(user)
    return found


def _colleagues(case: Case) -> list[UUID]:
    there = Membership.objects.filter(
        school=case.school_id,
        role__in=Membership.TEACHING,
        active=True,
        user__is_active=True,
        user__in=CaseStaff.objects.filter(case=case).values("user"),
    )
    return list(there.values_list("user", flat=True))


def _managers(case: Case) -> list[UUID]:
    there = Membership.objects.filter(
        school=case.school_id, role__in=Membership.MANAGING, active=True, user__is_active=True
    )
    return list(there.values_list("user", flat=True))


def owner_is_there(case: Case) -> bool:
    """Whether who does what comes next may sign in and works with pupils at this school."""
    working = Membership.objects.filter(school_id=case.school_id, active=True, user__is_active=True)
    return working.filter(user=case.next_owner_id, role__in=Membership.TEACHING).exists()
