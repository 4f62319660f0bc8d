"""The support group of a round: who is in it, in which order, and whether it is in balance."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from ..models import Case, GroupMember, Pupil, Round, User
from . import journal
from .round_snapshot import RoundSnapshot
from .step_order import lock_case

FEWEST, MOST = 6, 8  # inventory P2.1


def members_of(case_round: Round, snapshot: RoundSnapshot | None = None) -> list[GroupMember]:
    """The members of a round now, in the order of their talks (S7.5)."""
    if snapshot:
        return list(snapshot.members)
    return list(case_round.members.filter(left_at=None).select_related("pupil", "pupil__group"))


def role_values(case_round: Round, snapshot: RoundSnapshot | None = None) -> dict[str, Any]:
    """``role:<pupil id>`` to role, for everyone in the group."""
    members = snapshot.members if snapshot else case_round.members.filter(left_at=None)
    return {f"role:{member.pupil_id}": member.role for member in members}


def balance(members: Sequence[GroupMember]) -> tuple[int, int]:
    """How many had a part in it, and how many had not."""
    involved = sum(member.role in GroupMember.INVOLVED for member in members)
    return involved, len(members) - involved


def advice(involved: int, others: int) -> list[tuple[str, int]]:
    """What would bring the group to 6-8 pupils, half and half (P2.1, P2.3): keys with a number.

    Empty when it is in balance. One more on either side of an odd number is in balance.
    """
    total = involved + others
    notes = []
    if total < FEWEST:
        notes.append(("too_few", FEWEST - total))
    if total > MOST:
        notes.append(("too_many", total - MOST))
    gap = abs(involved - others)
    if gap > 1:
        # Added while there is room for so many; else in the place of as many of the other half.
        number = gap if total < FEWEST and total + gap <= MOST else (gap + 1) // 2
        notes.append(("more_others" if involved > others else "more_involved", number))
    return notes


def elsewhere(school_id: uuid.UUID, *, case: Case | None = None) -> set[uuid.UUID]:
    """Pupils who are in the group of another running case: the fact, never which case."""
    places = GroupMember.objects.filter(
        school_id=school_id,
        left_at=None,
        round__closed_at=None,
        # in aftercare the group has done its work
        round__case__status__in=[
            Case.OPEN,
            Case.PAUSED,
        ],
    )
    if case is not None:
        places = places.exclude(round__case=case)
    return set(places.values_list("pupil_id", flat=True))


def set_roles(case_round: Round, roles: dict[str, str], *, by: User) -> None:
    """Put pupils into the group or take them out. ``roles``: pupil id to role, "" to leave.

    Ids of other schools, of the supported pupil, or unknown roles are ignored: the form has
    refused them already. Called inside the transaction that saves the page.
    """
    wanted = {
        str(pupil.pk): pupil
        for pupil in Pupil.objects.filter(
            school_id=case_round.school_id, pk__in=_ids(roles)
        ).exclude(pk=case_round.case.pupil_id)
    }
    there = {str(member.pupil_id): member for member in case_round.members.all()}
    last = max((member.position for member in there.values()), default=0)
    for pupil_id, role in roles.items():
        member = there.get(pupil_id)
        if role in GroupMember.ROLES and pupil_id in wanted:
            if member is None:
                last += 1
                member = GroupMember(
                    school_id=case_round.school_id,
                    round=case_round,
                    pupil=wanted[pupil_id],
                    position=last,
                )
            member.role, member.left_at = role, None
            member.save()
        elif member is not None and not role and member.left_at is None:
            member.left_at, member.role = timezone.now(), ""
            member.save()


def _ids(roles: Iterable[str]) -> Iterator[uuid.UUID]:
    for value in roles:
        try:
            yield uuid.UUID(value)
        except ValueError:
            continue


@transaction.atomic
def move_member(member: GroupMember, places: int, *, by: User) -> None:
    """Move a member's talk earlier (-1) or later (+1) in the order fixed beforehand (S7.5)."""
    lock_case(member.round.case_id)
    members = members_of(member.round)
    at = next(number for number, each in enumerate(members) if each.pk == member.pk)
    to = max(0, min(len(members) - 1, at + places))
    members.insert(to, members.pop(at))
    for position, each in enumerate(members, start=1):
        GroupMember.objects.filter(pk=each.pk).update(position=position)
    journal.record(
        journal.CHANGE, by=by, case=member.round.case, thing="order", fields=["position"]
    )


def copy_members(old: Round, new: Round) -> None:
    """Let the group of one round be the group that the next round starts from."""
    for member in members_of(old):
        GroupMember.objects.create(
            school_id=new.school_id,
            round=new,
            pupil=member.pupil,
            position=member.position,
            role=member.role,
        )
