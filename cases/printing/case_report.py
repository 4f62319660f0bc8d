"""The report of a case: for the file, or for who takes it over. Confidential, in the parts that
were chosen.

It never holds what must not be told further (S1.12), and never roles in the group, answers that
name them, or why this group was chosen (M2): for nobody. An answer whose question is gone is
printed under its key.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..actions import scale_points
from ..actions.page_location import (
    PageLocation,
    intake_location,
    later_location,
    location_of,
)
from ..actions.pages import values_of
from ..actions.round_snapshot import RoundSnapshot
from ..answers import in_words, without_question
from ..formats.dates import named
from ..method import METHOD
from ..method.grammar import ENCLOSURE, MEMBER, PLAN, Question
from ..models import Appointment, Case, GroupMember, Idea, Round, StepRecord
from .printable_text import plain
from .report_layout import entry, split_into_documents, tables, titled

PARTS = {
    "steps": _("What was noted in each step"),
    "group": _("The group and its ideas"),
    "talks": _("The short talks"),
    "appointments": _("Appointments"),
    "scale": _("The numbers from 0 to 10"),
    "words": _("How it ended"),
}
STATES = {
    StepRecord.OPEN: _("not finished"),
    StepRecord.DONE: _("finished"),
    StepRecord.SKIPPED: _("skipped"),
}


@dataclass(frozen=True)
class Asked:
    """Which parts, in which language, and what stands at the foot of each page."""

    parts: tuple[str, ...]
    language: str
    printed_by: str
    printed_on: datetime.date


@dataclass(frozen=True)
class RoundContents:
    """What the report reads of a round. ``members`` and ``ideas`` (text by member's id) hold those
    who left the group as well: they said things, and had an idea.
    """

    round: Round
    snapshot: RoundSnapshot
    members: list[GroupMember]
    ideas: dict[UUID, str]

    @classmethod
    def read(cls, case: Case, case_round: Round) -> "RoundContents":
        case_round.case, case_round.school = case, case.school
        members = GroupMember.objects.filter(round=case_round)
        members = members.select_related("pupil", "pupil__group")
        ideas = Idea.objects.filter(member__round=case_round)
        return cls(
            round=case_round,
            snapshot=RoundSnapshot.read(case_round),
            members=sorted(members, key=lambda member: member.left_at is not None),
            ideas={idea.member_id: idea.text for idea in ideas},
        )


def documents(case: Case, asked: Asked) -> list[str]:
    """The report as one document, or several to follow each other when there is very much in it."""
    with translation.override(asked.language):
        rounds = Round.objects.filter(case=case).select_related("school")
        chapters = [
            chapter
            for contents in [RoundContents.read(case, each) for each in rounds]
            for part, make in _CHAPTERS.items()
            if part in asked.parts
            for chapter in make(case, contents)
        ]
        if "words" in asked.parts and case.closing_words:
            chapters.append(
                titled(gettext("How it ended"), [entry(gettext("Last words"), case.closing_words)])
            )
        return bound(case, asked, chapters)


def bound(case: Case, asked: Asked, chapters: list[dict[str, Any]]) -> list[str]:
    """Chapters (see `titled`) as the documents of a report, in the language that is active."""
    made: list[str] = []
    for number, part in enumerate(split_into_documents(chapters)):
        tabled = [chapter | {"tables": tables(chapter["rows"])} for chapter in part]
        context = _frame(case, asked, first=not number) | {"chapters": tabled}
        made.append(render_to_string("paper/report.html", context))
    return made


def _frame(case: Case, asked: Asked, first: bool) -> dict[str, Any]:
    return {
        "language": asked.language,
        "title": gettext("Report"),
        "case": case,
        "first": first,
        "pupil": plain(str(case.pupil)),
        "group": plain(str(case.pupil.group or "")),
        "leader": plain(str(case.leader)),
        "by": plain(asked.printed_by),
        "on": asked.printed_on,
    }


def _title(case_round: Round, text: str) -> str:
    if case_round.number == 1 and case_round.case.round_number == 1:
        return text
    return gettext("Round {number}: {title}").format(number=case_round.number, title=text)


def _steps(case: Case, contents: RoundContents) -> Iterator[dict[str, Any]]:
    """A chapter for each step that was begun, for the questions before the first, and for each
    later check.
    """
    case_round, name = contents.round, case.pupil.first_name
    if case_round.number == 1:
        rows = _answers(intake_location(case, case_round), contents)
        if rows:
            yield titled(gettext("Before it began"), rows)
    for step in METHOD.steps:
        record, rows = contents.snapshot.steps.get(step.key), []
        for page in step.pages:
            if page.kind == MEMBER:
                continue  # in the chapter with the talks
            own = _answers(location_of(case, case_round, step.key, page.key), contents)
            if own:
                own[0]["heading"] = named(page.title, name)
                rows += own
        if record and record.state == StepRecord.SKIPPED:
            rows.insert(0, entry(gettext("Skipped, because"), record.reason))
        if rows:
            number, state = (
                METHOD.number(step.key),
                STATES[record.state if record else StepRecord.OPEN],
            )
            title = gettext("Step {number}: {title} ({state})").format(
                number=number, title=named(step.title, name), state=state
            )
            yield titled(_title(case_round, title), rows)
    for page in METHOD.later:
        rows = _answers(later_location(case, case_round, page.key), contents)
        if rows:
            yield titled(_title(case_round, named(page.title, name)), rows)


def _talks(case: Case, contents: RoundContents) -> Iterator[dict[str, Any]]:
    case_round, rows = contents.round, []
    for step in METHOD.steps:
        for page in step.pages:
            if page.kind != MEMBER:
                continue
            for member in contents.members:
                location = location_of(case, case_round, step.key, page.key, member)
                own = _answers(location, contents)
                if own:
                    own[0]["heading"] = plain(str(member.pupil))
                    rows += own
    yield titled(
        _title(case_round, gettext("The short talks")), rows, empty=gettext("No talks were noted.")
    )


def _group(case: Case, contents: RoundContents) -> Iterator[dict[str, Any]]:
    rows = []
    for member in contents.members:
        label = str(member.pupil)
        if member.left_at is not None:
            label = gettext("{name}, left the group").format(name=member.pupil)
        rows.append(entry(label, contents.ideas.get(member.pk, "")))
    yield titled(
        _title(contents.round, gettext("The group and its ideas")),
        rows,
        empty=gettext("There was no group."),
    )


def _appointments(case: Case, contents: RoundContents) -> Iterator[dict[str, Any]]:
    known = Appointment.objects.filter(round=contents.round).select_related("owner")
    rows = []
    for each in known:
        held = each.held_on or each.date
        row = entry(
            named(each.get_kind_display(), case.pupil.first_name),
            "\n".join(filter(None, (each.get_state_display(), each.reason))),
            day=held,
            at=None if each.held_on and each.held_on != each.date else each.time,
        )
        rows.append(row)
    yield titled(
        _title(contents.round, gettext("Appointments")),
        rows,
        empty=gettext("Nothing was planned."),
    )


def _scale(case: Case, contents: RoundContents) -> Iterator[dict[str, Any]]:
    """Which number was given when (B5)."""
    rows = [
        entry(point["label"], str(point["value"]), day=point["day"])
        for point in scale_points.points(case, [contents.snapshot])
    ]
    yield titled(
        _title(contents.round, gettext("The numbers from 0 to 10")),
        rows,
        empty=gettext("No number was given."),
    )


_CHAPTERS = {
    "steps": _steps,
    "group": _group,
    "talks": _talks,
    "scale": _scale,
    "appointments": _appointments,
}


def _answers(location: PageLocation, contents: RoundContents) -> list[dict[str, Any]]:
    """What was answered on a page: without what is private, and without what names roles."""
    values = values_of(location, snapshot=contents.snapshot)
    name, members = location.case.pupil.first_name, contents.members
    rows = []
    for question in location.page.questions:
        if question.private or question.names_roles or question.kind in (ENCLOSURE, PLAN):
            continue
        if question.rows:
            continue  # the ideas stand with the group
        label = named(question.label, name)
        if question.per_member:
            for member in members:
                key = f"{question.key}:{member.pk}"
                if key in values:
                    rows.append(
                        _answer(f"{member.pupil.first_name}: {label}", question, values[key], name)
                    )
        elif question.key in values:
            rows.append(_answer(label, question, values[question.key], name))
    gone = without_question(location.page, values)
    return rows + [entry(key, in_words(None, values[key])) for key in gone]


def _answer(label: str, question: Question, value: Any, name: str) -> dict[str, Any]:
    return entry(label, in_words(question, value, name=name, year=True))
