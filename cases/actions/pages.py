"""Saving a page, as it is typed and when it is posted; nobody's text is ever lost.

A page is a flat mapping of keys to plain values. Most live in the record's encrypted answers;
some in a column that is queried, ideas and group places in rows of their own. Keys about one
member end in ``:<member id>``, roles are ``role:<pupil id>``.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..answers import is_empty, is_same, plan_keys
from ..method.grammar import COLUMNS, GROUP, MEMBER, PLAN
from ..models import Appointment, Case, Idea, OpenedPage, PageRecord, StepRecord, User
from . import appointment_windows, appointments, group, journal
from .page_location import LATER, PageLocation
from .round_snapshot import RoundSnapshot
from .step_order import NotYet, lock_case, may_open

NOT_KNOWN = OpenedPage()


@dataclass
class Conflict(Exception):
    """Answers on this page were changed elsewhere since it was loaded; nothing was saved.

    ``mine`` and ``theirs`` map the keys that differ to both values. ``own``: it was the same
    person, who has the page open twice.
    """

    record: PageRecord
    mine: dict[str, Any]
    theirs: dict[str, Any]
    rest: dict[str, Any] = field(default_factory=dict)
    own: bool = False


def values_of(
    location: PageLocation,
    record: PageRecord | None = None,
    snapshot: RoundSnapshot | None = None,
) -> dict[str, Any]:
    """Everything recorded on a page, as one mapping of keys to plain values."""
    record = record or location.record(snapshot)
    values = dict(record.answers)
    for question in location.page.questions:
        if question.column:
            value = getattr(record, question.column)
            values[question.key] = value.isoformat() if isinstance(value, datetime.date) else value
        elif question.rows:
            values.update(_ideas(location, question.key, snapshot))
        elif question.kind == PLAN:
            values.update(appointment_windows.plan_values(location.round, question, snapshot))
    if location.page.kind == GROUP:
        values.update(group.role_values(location.round, snapshot))
        values["balance_reason"] = location.round.balance_reason
    return {key: value for key, value in values.items() if not is_empty(value)}


def _ideas(location: PageLocation, key: str, snapshot: RoundSnapshot | None) -> dict[str, str]:
    ideas: Iterable[Idea]
    if snapshot:
        ideas = snapshot.ideas.values()
    else:
        ideas = Idea.objects.filter(member__round=location.round, member__left_at=None)
    return {f"{key}:{idea.member_id}": idea.text for idea in ideas}


@transaction.atomic
def save_page(
    location: PageLocation,
    values: dict[str, Any],
    *,
    version: int,
    by: User,
    opened: OpenedPage = NOT_KNOWN,
) -> PageRecord:
    """Save what was typed on a page; answers that are missing are no reason to refuse.

    ``values`` holds every key that the form showed, ``version`` is the one it was loaded with,
    ``opened`` (an OpenedPage) says which page sent it. Returns the record with its new version (the
    same one when nothing changed). Raises Conflict when one of the same answers was changed
    meanwhile by another person, or by the same one on another page; what this very page saved
    before is no conflict. Answers to different questions are simply joined. Raises NotYet when the
    case does not run, or the step is not open.
    """
    is_check = location.step_key == LATER
    locked = lock_case(location.case)
    if locked.status != (Case.AFTERCARE if is_check else Case.OPEN):
        raise NotYet
    if (is_check or location.page.kind == GROUP) and location.round.number != locked.round_number:
        raise NotYet  # the group and the checks of an earlier round are history
    if location.step is not None and not may_open(location.round, location.step):
        raise NotYet
    record = _locked(location)
    now = values_of(location, record)
    changed = {key: value for key, value in values.items() if not is_same(value, now.get(key))}
    source = opened.source(by)
    if version != record.version:
        changed = _mine(record, changed, version, source, by, values=values, now=now)
    if changed and record.overtaken(source, opened.turn):
        raise _conflict(record, changed, values=values, now=now, own=True)
    if not changed:
        if record.version and record.note_source(source, opened.turn, by, saved=False):
            PageRecord.objects.filter(pk=record.pk).update(sources=record.sources)
        return record
    _keep_history(location, record, now, by)
    record.version += 1
    record.note_source(source, opened.turn, by, saved=True)
    _write(location, record, changed, now, by)
    journal.record(
        journal.CHANGE,
        by=by,
        case=location.case,
        thing=location.label,
        fields=_field_names(changed),
    )
    appointments.refresh_next(location.case)
    return record


def _mine(
    record: PageRecord,
    changed: dict[str, Any],
    version: int,
    source: str,
    by: User,
    *,
    values: Mapping[str, Any],
    now: dict[str, Any],
) -> dict[str, Any]:
    """Of what differs from the record, what this page may change. Raises Conflict for what
    clashes.
    """
    own = record.versions_from(source)
    # From where on another change is one of somebody else: the last one of this page itself, or the
    # loading.
    since = {key: max([version, *(own & set(record.versions_of(key)))]) for key in changed}
    elsewhere = {key for key in changed if record.changed_after(key, since[key])}
    # What I left as it was when I loaded the page, or as this page saved it, is not mine to put
    # back.
    changed = {
        key: value
        for key, value in changed.items()
        if key not in elsewhere or not record.is_unchanged_since(since[key], key, value)
    }
    clashing = {
        key: value for key, value in changed.items() if key in elsewhere and not is_empty(value)
    }
    if clashing:
        later = {each for key in clashing for each in record.versions_of(key) if each > since[key]}
        raise _conflict(record, clashing, values=values, now=now, own=record.all_by(later, by))
    # What was filled in elsewhere and I left empty stays.
    return {key: value for key, value in changed.items() if key not in elsewhere}


def _conflict(
    record: PageRecord,
    clashing: dict[str, Any],
    *,
    values: Mapping[str, Any],
    now: dict[str, Any],
    own: bool,
) -> Conflict:
    return Conflict(
        record,
        mine={key: values[key] for key in clashing},
        theirs={key: now.get(key, "") for key in clashing},
        rest={key: value for key, value in values.items() if key not in clashing},
        own=own,
    )


def _locked(location: PageLocation) -> PageRecord:
    # The round is the lock: it exists before the first page of it is written.
    locked = type(location.round).objects.select_for_update().get(pk=location.round.pk)
    location.round.balance_reason = locked.balance_reason
    keys = location.row_keys()
    found = PageRecord.objects.filter(**keys).select_related("saved_by").first()
    return found or PageRecord(school_id=location.case.school_id, **keys)


def _keep_history(
    location: PageLocation, record: PageRecord, now: dict[str, Any], by: User
) -> None:
    """After a step was finished, what it said before a correction is kept (M4), but never roles
    (M2).
    """
    if location.step_key == LATER:
        finished: QuerySet[Any] = Appointment.objects.filter(
            round=location.round, kind=location.page.key, state=Appointment.HELD
        )
    else:
        finished = StepRecord.objects.filter(round=location.round, step=location.step_key).exclude(
            state=StepRecord.OPEN
        )
    if record.version and finished.exists():
        record.keep_revision(
            {key: value for key, value in now.items() if not key.startswith("role:")}, by
        )


def _write(
    location: PageLocation,
    record: PageRecord,
    changed: dict[str, Any],
    now: dict[str, Any],
    by: User,
) -> None:
    record.saved_by = by
    record.saved_at = timezone.now()
    answers = dict(record.answers)
    plans: dict[str, dict[str, Any]] = {}
    rows: dict[str, str | None] = {}
    roles: dict[str, str] = {}
    by_key = {question.key: question for question in location.page.questions}
    planned = {
        key: question
        for question in location.page.questions
        if question.kind == PLAN
        for key in plan_keys(question)
    }
    for key, value in changed.items():
        question = by_key.get(key.partition(":")[0])
        if key.startswith("role:") and location.page.kind == GROUP:
            roles[key.removeprefix("role:")] = value
        elif key == "balance_reason" and location.page.kind == GROUP:
            location.round.balance_reason = value or ""
            location.round.save(update_fields=["balance_reason"])
        elif key in planned:
            plans.setdefault(planned[key].key, {})[key] = value
        elif question is not None and question.column in COLUMNS and question.column:
            setattr(record, question.column, _column_value(question.column, value))
        elif question is not None and question.rows:
            rows[key.partition(":")[2]] = value
        elif is_empty(value):
            answers.pop(key, None)
        else:
            answers[key] = value
        if key.startswith("role:"):
            record.note_change_without_history(key)  # nothing of a role outlives it (M2)
        else:
            record.note_change(key, now.get(key))
    record.answers = answers
    record.save()
    _write_ideas(location, rows, by)
    if roles:
        group.set_roles(location.round, roles, by=by)
        if appointment_windows.live(location.round, Appointment.MEMBERS):
            appointments.note_talks(location.round)  # who came later is spoken with as well
    for key, plan in plans.items():
        appointments.plan_from(location, by_key[key], plan, by=by)
    # A later check is held when it is finished: only then follows what has to follow from it (B2).
    if location.page.holds and location.step_key != LATER:
        appointments.mark_held(location.round, location.page.holds, record.held_on)
    if location.page.kind == MEMBER:
        appointments.note_talks(location.round)


def _column_value(column: str, value: Any) -> Any:
    if column == "held_on":
        return datetime.date.fromisoformat(value) if value else None
    if column == "scale":
        return None if is_empty(value) else int(value)
    return value or ""


def _write_ideas(location: PageLocation, rows: Mapping[str, str | None], by: User) -> None:
    members = (
        {str(member.pk): member for member in group.members_of(location.round)} if rows else {}
    )
    for member_id, text in rows.items():
        if member := members.get(member_id):
            idea = Idea.objects.filter(member=member).first() or Idea(
                school_id=member.school_id, member=member
            )
            if idea.text != (text or ""):
                # A text made for paper belonged to the old words.
                idea.slip, idea.slip_by, idea.slip_checked = "", None, False
            idea.text, idea.written_by = text or "", by
            idea.save()


def _field_names(changed: Iterable[str]) -> list[str]:
    """Names only: what stands behind a colon is a person's id, and the journal counts it once."""
    return sorted({key.partition(":")[0] for key in changed})
