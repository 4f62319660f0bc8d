"""Finishing, skipping and opening steps, in the order of the method (M4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from ..answers import is_empty
from ..method import METHOD
from ..method.grammar import ENCLOSURE, GROUP, MEMBER, Page, Question, Step
from ..method.step1_talk import WANTS_CHANGE
from ..method.step7_followup import NOT_SPOKEN
from ..models import (
    Appointment,
    Case,
    GroupMember,
    JournalEntry,
    PageRecord,
    Round,
    StepRecord,
    User,
)
from . import appointment_windows, appointments, group, journal
from .page_location import LATER, PageLocation, holding, location_of
from .pages import values_of
from .round_snapshot import RoundSnapshot
from .step_order import (
    NotYet,
    lock_case,
    may_open,
    wishes_change,
)


@dataclass(frozen=True)
class Missing:
    """An answer asked for before a step is finished: on which page, which question, whose talk."""

    page: Page
    question: Question | None
    member: GroupMember | None = None
    key: str = ""


def missing(
    case: Case, case_round: Round, step: Step, snapshot: RoundSnapshot | None = None
) -> list[Missing]:
    """What is still asked for before this step can be finished, in the order of the pages."""
    found = []
    for page in step.pages:
        if page.optional:
            continue
        people: Sequence[GroupMember | None] = [None]
        if page.kind == MEMBER:
            people = group.members_of(case_round, snapshot)
        for member in people:
            location = location_of(case, case_round, step.key, page.key, member)
            found += _missing_on(location, snapshot)
    return found


def _missing_on(location: PageLocation, snapshot: RoundSnapshot | None) -> list[Missing]:
    values = values_of(location, snapshot=snapshot)
    lacking = [
        Missing(location.page, question, location.member, question.key)
        for question in location.page.questions
        if question.required
        and not question.per_member
        and question.kind != ENCLOSURE
        and is_empty(values.get(question.key))
    ]
    if location.page.kind == GROUP:
        lacking += _missing_in_group(location, values, snapshot)
    return lacking


def _missing_in_group(
    location: PageLocation, values: Mapping[str, Any], snapshot: RoundSnapshot | None
) -> list[Missing]:
    members = group.members_of(location.round, snapshot)
    if not members:
        return [Missing(location.page, None, key="group")]
    if group.advice(*group.balance(members)) and is_empty(values.get("balance_reason")):
        return [Missing(location.page, None, key="balance_reason")]
    return []


@transaction.atomic
def finish_step(case: Case, case_round: Round, step: Step, *, by: User) -> StepRecord:
    """Finish a step and go on to the next. Raises NotYet when something is asked for first.

    Pressing twice finishes once: the state moves by a conditional update.
    """
    if lock_case(case).status != Case.OPEN or case_round.number != case.round_number:
        raise NotYet()
    if not may_open(case_round, step):
        raise NotYet()
    if lacking := missing(case, case_round, step):
        raise NotYet(lacking)
    if step.asks_wish and wishes_change(case_round) != WANTS_CHANGE:
        raise NotYet(
            [Missing(page, q, key=q.key) for page, q in step.questions() if q.column == "wish"]
        )
    return _close_step(case, case_round, step, StepRecord.DONE, "", by)


@transaction.atomic
def skip_step(case: Case, case_round: Round, step: Step, reason: str, *, by: User) -> StepRecord:
    """Skip a step, with the reason why (M4). ValueError without a reason; NotYet out of order.

    The step that asks for the pupil's wish is not skipped: the method rests on it (S1.4). Nor is
    one that the method declares so: the follow-up is what makes it work (B1).
    """
    if not reason.strip():
        raise ValueError("skipping takes a reason")
    if lock_case(case).status != Case.OPEN or case_round.number != case.round_number:
        raise NotYet()
    if not may_open(case_round, step) or not may_skip(step):
        raise NotYet()
    return _close_step(case, case_round, step, StepRecord.SKIPPED, reason.strip(), by)


def may_skip(step: Step) -> bool:
    """Whether the method allows this step to be skipped at all."""
    return step.skippable and not step.asks_wish and not METHOD.ends_round(step)


def _close_step(
    case: Case, case_round: Round, step: Step, state: str, reason: str, by: User
) -> StepRecord:
    record, _ = StepRecord.objects.get_or_create(
        school_id=case.school_id,
        round=case_round,
        step=step.key,
        defaults={"state": StepRecord.OPEN},
    )
    now = timezone.now()
    moved = StepRecord.objects.filter(pk=record.pk, state=StepRecord.OPEN).update(
        state=state, finished_at=now, finished_by=by
    )
    record.refresh_from_db()
    if not moved:
        return record
    if reason:
        record.reason = reason
        record.save(update_fields=["reason"])
    journal.record(
        JournalEntry.FINISH if state == StepRecord.DONE else JournalEntry.SKIP,
        by=by,
        case=case,
        thing=f"{case_round.number}/{step.key}",
    )
    if after := METHOD.after(step.key):
        Case.objects.filter(pk=case.pk, step=step.key, round_number=case_round.number).update(
            step=after.key
        )
        case.refresh_from_db(fields=["step"])
    _plan_interim(case, case_round, step, by)
    appointments.refresh_next(case)
    return record


def _plan_interim(case: Case, case_round: Round, step: Step, by: User) -> None:
    """When the waiting time begins, the check in between gets a day if nobody chose one: waiting is
    not passive (B3).
    """
    after = METHOD.after(step.key)
    if after is None or METHOD.comes_after_wait(step) or not METHOD.comes_after_wait(after):
        return
    if Appointment.objects.filter(round=case_round, kind=Appointment.INTERIM).exists():
        return
    proposal = appointment_windows.proposal_for(
        case_round, Appointment.INTERIM, today=case.school.today()
    )
    talk = appointment_windows.live(case_round, Appointment.PUPIL)
    if proposal.fits:
        appointments.plan(case, case_round, Appointment.INTERIM, proposal.best, by=by)
    elif talk is None or proposal.best < talk.date:
        reason = gettext("The first school day after a holiday.")
        appointments.plan(
            case, case_round, Appointment.INTERIM, proposal.best, reason=reason, by=by
        )


def verdicts(case_round: Round, snapshot: RoundSnapshot | None = None) -> dict[str, Any]:
    """Whether it got better, by pupil, members and leader apart, and whether they differ (B6).

    ``{"pupil": str, "members": [(member, str)], "leader": str, "differ": bool}``; "" where
    nothing was said yet.
    """
    said = {"pupil": "", "members": [], "leader": "", "differ": False}
    by_member = {}
    records = (
        snapshot.records.values()
        if snapshot
        else PageRecord.objects.filter(round=case_round).exclude(verdict="")
    )
    for record in records:
        if not record.verdict or record.step == LATER:
            continue
        if record.member_id:
            by_member[record.member_id] = record.verdict
        elif (record.step, record.page) == holding(Appointment.PUPIL):
            said["pupil"] = record.verdict
        else:
            said["leader"] = record.verdict
    said["members"] = [
        (member, by_member.get(member.pk, "")) for member in group.members_of(case_round, snapshot)
    ]
    spoken = {said["pupil"], said["leader"], *by_member.values()} - {"", NOT_SPOKEN}
    said["differ"] = len(spoken) > 1
    return said


def confidential_answers(case: Case) -> list[str]:
    """What must not be told further, from every round (S1.12). Only for eyes that may: ask
    first.
    """
    found = []
    for record in PageRecord.objects.filter(round__case=case, member=None).order_by("saved_at"):
        for step in METHOD.steps:
            if step.key != record.step:
                continue
            for page, question in step.questions():
                if (
                    page.key == record.page
                    and question.private
                    and not is_empty(record.answers.get(question.key))
                ):
                    found.append(record.answers[question.key])
    return found
