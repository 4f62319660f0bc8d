"""Whether somebody was talked with, as it is recorded of the follow-up with the pupil and of the
short talks with the members (S7.5, B6).
"""

from ..method.step7_followup import NOT_SPOKEN
from ..models import Appointment, GroupMember, PageRecord, Round
from .group import members_of
from .page_location import holding, record_of
from .round_snapshot import RoundSnapshot


def talked(case_round: Round, kind: str) -> bool:
    """Whether a follow-up was held: with the pupil, or with everyone in the group."""
    if kind == Appointment.PUPIL:
        location = holding(kind)
        record = record_of(case_round, *location) if location else None
        return record is not None and record.held_on is not None
    return not members_without_talk(case_round)


def members_without_talk(
    case_round: Round, snapshot: RoundSnapshot | None = None
) -> list[GroupMember]:
    """The members whose talk has no judgement yet, in order."""
    if snapshot:
        records = snapshot.records.values()
        heard = {each.member_id for each in records if each.member_id and each.verdict}
    else:
        heard = set(
            PageRecord.objects.filter(round=case_round, member__isnull=False)
            .exclude(verdict="")
            .values_list("member_id", flat=True)
        )
    return [member for member in members_of(case_round, snapshot) if member.pk not in heard]


def spoken_with(record: PageRecord | None) -> bool:
    """Whether one member was spoken with, also when no judgement was given yet."""
    return (
        record is not None
        and record.verdict != NOT_SPOKEN
        and bool(record.held_on or record.verdict)
    )
