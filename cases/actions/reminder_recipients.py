"""Who gets a reminder: from the table of kinds, a case and the roles at its school."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from ..models import Case, CaseStaff, Membership
from ..reminder_kinds import COORDINATORS, KINDS, LEADER, SOMEBODY

if TYPE_CHECKING:
    from .reminder_rows import ReminderContext


def recipients(context: ReminderContext, kind: str, owner: UUID | None) -> list[UUID]:
    """The ids of those who get a reminder of this kind, as the table of kinds says.

    ``context``: a ReminderContext. ``owner``: the id of who does what it is about.
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
