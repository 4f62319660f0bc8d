"""The location of a page: a case, a round, a step, a page, perhaps one member; and which location
an address names.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ..method import METHOD
from ..method.grammar import MEMBER, Page, Step
from ..models import Appointment, Case, GroupMember, PageRecord, Round
from .round_snapshot import RoundSnapshot

INTAKE, LATER = "intake", "later"


class NoSuchPage(LookupError):
    """The case or the method has no page with these keys."""


@dataclass(frozen=True)
class PageLocation:
    """The coordinates of one page of one round. ``step`` is None for the page before the method,
    and for the later checks after it.
    """

    case: Case
    round: Round
    step: Step | None
    page: Page
    member: GroupMember | None = None

    @property
    def step_key(self) -> str:
        if self.step:
            return self.step.key
        return LATER if self.page in METHOD.later else INTAKE

    @property
    def label(self) -> str:
        """For the journal: round, step, page; a member by id."""
        member = f"/{self.member.pk}" if self.member else ""
        return f"{self.round.number}/{self.step_key}/{self.page.key}{member}"

    def row_keys(self) -> dict[str, Any]:
        """The columns that tell the row of this page from all others."""
        return {
            "round": self.round,
            "step": self.step_key,
            "page": self.page.key,
            "member": self.member,
        }

    def record(self, snapshot: RoundSnapshot | None = None) -> PageRecord:
        """What is written here; an unsaved, empty record when nothing was."""
        keys = self.row_keys()
        if snapshot:
            found = record_of(self.round, self.step_key, self.page.key, self.member, snapshot)
        else:
            found = PageRecord.objects.filter(**keys).select_related("saved_by").first()
        return found or PageRecord(school_id=self.case.school_id, **keys)


@dataclass(frozen=True)
class StepLocation(PageLocation):
    """A page of a step."""

    step: Step


def location_of(
    case: Case, case_round: Round, step_key: str, page_key: str, member: GroupMember | None = None
) -> StepLocation:
    """The page with these keys. KeyError when the method has no such step or page."""
    step = METHOD.step(step_key)
    return StepLocation(case, case_round, step, step.page(page_key), member)


def find_round(case: Case, number: int) -> Round:
    """The round of a case with this number, or NoSuchPage."""
    case_round = Round.objects.filter(case=case, number=number).first()
    if case_round is None:
        raise NoSuchPage
    case_round.case, case_round.school = case, case.school
    return case_round


def find_step(key: str) -> Step:
    """The step of the method with this key, or NoSuchPage."""
    try:
        return METHOD.step(key)
    except KeyError as error:
        raise NoSuchPage from error


def find_location(
    case: Case, number: int, step_key: str, page_key: str, member_id: UUID | None = None
) -> StepLocation:
    """The page of a step that an address names, or NoSuchPage when the case or the method has no
    such page.
    """
    case_round, member = find_round(case, number), None
    try:
        page = find_step(step_key).page(page_key)
    except KeyError as error:
        raise NoSuchPage from error
    if (page.kind == MEMBER) != (member_id is not None):
        raise NoSuchPage
    if member_id is not None:
        members = GroupMember.objects.select_related("pupil")
        member = members.filter(pk=member_id, round=case_round).first()
        if member is None:
            raise NoSuchPage
    return location_of(case, case_round, step_key, page_key, member)


def find_later(case: Case, kind: str) -> PageLocation:
    """The page of a later check, or NoSuchPage. An extra check is there once it was agreed on; the
    others always are.

    It is that of the newest round. Of a check that this round does not have (yet), because the
    round was opened while somebody typed, it is the one that was planned last: what they send
    belongs there, and is compared with what is recorded there.
    """
    newest, extra = find_round(case, case.round_number), kind in Appointment.EXTRAS
    planned = case.rounds.filter(appointments__kind=kind).order_by("-number").first()
    if extra and planned is None:
        raise NoSuchPage
    if planned is None or (case.status == Case.AFTERCARE and not extra):
        planned = newest
    try:
        return later_location(case, find_round(case, planned.number), kind)
    except KeyError as error:
        raise NoSuchPage from error


def intake_location(case: Case, case_round: Round) -> PageLocation:
    """The page before the first step (B4)."""
    return PageLocation(case, case_round, None, METHOD.intake)


def later_location(case: Case, case_round: Round, kind: str) -> PageLocation:
    """The page of a later check (B2). KeyError when there is none of this kind."""
    return PageLocation(case, case_round, None, METHOD.later_page(kind))


def location_at(
    case: Case, case_round: Round, step_key: str, page_key: str, member: GroupMember | None = None
) -> PageLocation:
    """The page with these keys, of a step or of a later check. KeyError when there is none."""
    if step_key == LATER:
        return later_location(case, case_round, page_key)
    return location_of(case, case_round, step_key, page_key, member)


def question_key(page: Page, purpose: str) -> str:
    """The key of the page's question with this purpose. KeyError when the page has none."""
    question = page.with_purpose(purpose)
    if question is None:
        raise KeyError(purpose)
    return question.key


def page_for(purpose: str) -> tuple[Step, Page]:
    """The page with a question of this purpose, and its step. KeyError when there is none."""
    found = METHOD.page_for(purpose)
    if found is None:
        raise KeyError(purpose)
    return found


def record_of(
    case_round: Round,
    step_key: str,
    page_key: str,
    member: GroupMember | None = None,
    snapshot: RoundSnapshot | None = None,
) -> PageRecord | None:
    """The record of a page, or None when nothing was written there."""
    if snapshot:
        return snapshot.records.get((step_key, page_key, member.pk if member else None))
    return PageRecord.objects.filter(
        round=case_round, step=step_key, page=page_key, member=member
    ).first()


def holding(kind: str) -> tuple[str, str] | None:
    """The step and page whose date says that an appointment of this kind was held."""
    if any(page.key == kind for page in METHOD.later):
        return LATER, kind
    for step in METHOD.steps:
        for page in step.pages:
            if page.holds == kind:
                return step.key, page.key
    return None
