"""A round read once: for pages that show everything in it, instead of a query for each part.

Only for reading. A verb never opens a book: it asks the database, because others write as well.
"""

from ..models import Appointment, GroupMember, Idea, PageRecord, Round, StepRecord


class Book:
    """What is recorded in one round, in memory."""

    def __init__(self, case_round: Round):
        own = PageRecord.objects.filter(round=case_round).select_related("saved_by")
        self.records = {(each.step, each.page, each.member_id): each for each in own}
        self.steps = {
            each.step: each
            for each in StepRecord.objects.filter(round=case_round).select_related("finished_by")
        }
        members = GroupMember.objects.filter(round=case_round, left_at=None)
        self.members = list(members.select_related("pupil", "pupil__group"))
        self.ideas = {
            idea.member_id: idea
            for idea in Idea.objects.filter(member__round=case_round, member__left_at=None)
        }
        self.appointments = {
            each.kind: each
            for each in Appointment.objects.filter(round=case_round).exclude(
                state=Appointment.CANCELLED
            )
        }


def open_book(case_round: Round) -> Round:
    """Read a round at once; the readers in `place`, `group`, `appointments` and `steps` then use
    it.
    """
    case_round.book = Book(case_round)
    return case_round


def book_of(case_round) -> Book | None:
    """The book that was opened for this round object, if any."""
    return getattr(case_round, "book", None)
