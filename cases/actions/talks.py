"""Whether somebody was talked with, as it is recorded of the follow-up with the pupil and of the
short talks with the members (S7.5, B6).
"""

from ..models import Appointment, PageRecord
from .group import members_of
from .page_location import holding, record_of
from .round_snapshot import book_of

NOT_SPOKEN = "absent"  # in the place of a judgement: the member could not be spoken with


def talked(case_round, kind) -> bool:
    """Whether a follow-up was held: with the pupil, or with everyone in the group."""
    if kind == Appointment.PUPIL:
        record = record_of(case_round, *holding(kind))
        return record is not None and record.held_on is not None
    return not members_without_talk(case_round)


def members_without_talk(case_round) -> list:
    """The members whose talk has no judgement yet, in order."""
    if book := book_of(case_round):
        spoken = {
            each.member_id for each in book.records.values() if each.member_id and each.verdict
        }
        return [member for member in book.members if member.pk not in spoken]
    heard = set(
        PageRecord.objects.filter(round=case_round, member__isnull=False)
        .exclude(verdict="")
        .values_list("member_id", flat=True)
    )
    return [member for member in members_of(case_round) if member.pk not in heard]


def spoken_with(record: PageRecord | None) -> bool:
    """Whether one member was spoken with, also when no judgement was given yet."""
    return (
        record is not None
        and record.verdict != NOT_SPOKEN
        and bool(record.held_on or record.verdict)
    )
