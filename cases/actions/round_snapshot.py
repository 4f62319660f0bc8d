"""A round read at once: for pages that show everything in it, instead of a query for each part.

Only for reading, and passed as an argument to each reader that takes one. A verb never gets one: it
asks the database, because others write as well.
"""

from dataclasses import dataclass
from uuid import UUID

from ..models import Appointment, GroupMember, Idea, PageRecord, Round, StepRecord


@dataclass(frozen=True)
class RoundSnapshot:
    """What was recorded in ``round`` when it was read.

    ``records``: by step, page and member's id (None for a page that is about no member).
    ``steps``: by step. ``members``: who is in the group, in the order of their talks. ``ideas``: by
    member's id. ``appointments``: by kind, without those that were called off.
    """

    round: Round
    records: dict[tuple[str, str, UUID | None], PageRecord]
    steps: dict[str, StepRecord]
    members: list[GroupMember]
    ideas: dict[UUID, Idea]
    appointments: dict[str, Appointment]

    @classmethod
    def read(cls, case_round: Round) -> "RoundSnapshot":
        records = PageRecord.objects.filter(round=case_round).select_related("saved_by")
        steps = StepRecord.objects.filter(round=case_round).select_related("finished_by")
        members = GroupMember.objects.filter(round=case_round, left_at=None)
        ideas = Idea.objects.filter(member__round=case_round, member__left_at=None)
        appointments = Appointment.objects.filter(round=case_round)
        return cls(
            round=case_round,
            records={(each.step, each.page, each.member_id): each for each in records},
            steps={each.step: each for each in steps},
            members=list(members.select_related("pupil", "pupil__group")),
            ideas={idea.member_id: idea for idea in ideas},
            appointments={
                each.kind: each for each in appointments.exclude(state=Appointment.CANCELLED)
            },
        )
