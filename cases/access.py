"""Who may act: one table of predicates, asked by the same name in views and templates.

Who *sees* a case is `Case.objects.visible_to(user)`, refused as 404. What someone who sees it may
*do* is here, refused as 403: `user.has_perm("case.edit", case)`.
"""

from collections.abc import Collection
from uuid import UUID

import rules

from .models import Case, CaseStaff, Membership, User


def _membership(user: User, school_id: UUID | None = None) -> Membership | None:
    membership: Membership | None = getattr(user, "membership", None)
    if membership is None or not user.is_active:
        return None
    if school_id is not None and membership.school_id != school_id:
        return None
    return membership


def _acts_as(user: User, roles: Collection[str]) -> bool:
    membership = _membership(user)
    return membership is not None and membership.role in roles


@rules.predicate
def works(user: User) -> bool:
    """Works at the school they act in, in a role that is known here."""
    return _acts_as(user, Membership.WORKING)


@rules.predicate
def teaches(user: User) -> bool:
    """Works with pupils in the school they act in: teacher or coordinator."""
    return _acts_as(user, Membership.TEACHING)


@rules.predicate
def coordinates(user: User) -> bool:
    return _acts_as(user, Membership.COORDINATING)


@rules.predicate
def manages_school(user: User) -> bool:
    """Looks after the school's days, windows and reminders: the administrator, and the coordinator,
    because in a small school there is nobody else.
    """
    return _acts_as(user, Membership.MANAGING)


@rules.predicate
def runs_case(user: User, case: Case | None) -> bool:
    """Leads this case or was added to it."""
    if case is None or _membership(user, case.school_id) is None or not teaches(user):
        return False
    return case.leader_id == user.pk or CaseStaff.objects.filter(case=case, user=user).exists()


@rules.predicate
def leads_case(user: User, case: Case | None) -> bool:
    """Leads this case: not who was added to it."""
    return case is not None and bool(runs_case(user, case)) and case.leader_id == user.pk


@rules.predicate
def coordinates_case(user: User, case: Case | None) -> bool:
    return case is not None and _membership(user, case.school_id) is not None and coordinates(user)


@rules.predicate
def gave_a_reason(user: User, case: Case | None) -> bool:
    """A coordinator who said, in the journal, why they look into this case."""
    if case is None or not coordinates_case(user, case):
        return False
    return str(case.pk) in user.looks_into


def may(user: User, permission: str, case: Case | None = None) -> bool:
    """What ``user.has_perm`` answers, asked of this table only: who may not would cost two queries
    to Django's own permissions, which nobody has.
    """
    return bool(rules.has_perm(permission, user, case))


def sees_roles(user: User, case: Case) -> bool:
    """Whether the roles in the support group are shown: only to who runs the case, or gave a reason
    (M2).
    """
    return user.has_perm("case.roles", case)


rules.add_perm("case.open", teaches)  # open a new case
rules.add_perm("case.edit", runs_case)  # record, plan, choose the group
rules.add_perm("case.roles", runs_case | gave_a_reason)  # see leader / follower / other (M2)
# see what must not be told further (S1.12)
rules.add_perm("case.confidential", runs_case | gave_a_reason)
rules.add_perm("case.print", runs_case)
# see the journal of this case: who did what and when, no contents
rules.add_perm("case.journal", coordinates_case | runs_case)
rules.add_perm("case.assign", coordinates_case | runs_case)  # add a colleague, go off it oneself
rules.add_perm("case.lead", coordinates_case | leads_case)  # hand over, take a colleague off
rules.add_perm("case.close", runs_case | coordinates_case)
rules.add_perm("case.reopen", runs_case | coordinates_case)
rules.add_perm("school.overview", coordinates)
rules.add_perm("school.reminders", manages_school)  # whether mails go out, and which failed
rules.add_perm("school.settings", manages_school)  # closed days, windows, country, logo
rules.add_perm("me.works", works)  # the first page, and what belongs to the sign-in
rules.add_perm("me.settings", works)  # one's own mail, name and calendar address
