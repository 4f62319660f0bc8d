"""Everything one person needs on paper on the next school day, in the order of the day."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ..models import Appointment, Case, GroupMember, JournalEntry, School, User
from .documents import (
    Document,
    DocumentPart,
    PrintContext,
    all_documents,
    available,
    document_parts,
)
from .pdf_rendering import PaperRefused
from .print_choices import Choices
from .print_notices import Notice, notices

# What is laid out for each kind of appointment, in the order in which it is used.
NEEDED = {
    Appointment.TALK: ("sheet-talk", "card"),
    Appointment.MEETING: ("invitation", "colleagues", "sheet-meeting", "slips", "cards"),
    Appointment.INTERIM: ("sheet-interim",),
    Appointment.PUPIL: ("sheet-pupil",),
    Appointment.MEMBERS: ("sheet-members",),
} | dict.fromkeys(Appointment.LATER, ("sheet-later",))
# Handed out before the day: not once more when they were printed already.
ONCE = {"invitation", "colleagues"}
MOST_APPOINTMENTS = 60


@dataclass(frozen=True)
class Item:
    """One paper for one appointment: a line of the list, and of the order of the pages."""

    appointment: Appointment
    paper: Document

    @property
    def case(self) -> Case:
        return self.appointment.case


def day_of(school: School) -> datetime.date:
    """The next school day after today."""
    return school.calendar().next_school_day(school.today(), inclusive=False)


def items(user: User, school: School, day: datetime.date) -> list[Item]:
    """What ``user`` needs on that day, of appointments that are theirs in cases that they run."""
    visible = Case.objects.visible_to(user).filter(
        status__in=(Case.OPEN, Case.AFTERCARE), school=school
    )
    planned = (
        Appointment.objects.filter(
            owner=user, state=Appointment.PLANNED, date=day, case__in=visible
        )
        .select_related("case__school", "case__pupil__group", "case__leader", "round")
        .order_by("time", "pk")[:MOST_APPOINTMENTS]
    )
    rows = [
        row
        for row in planned
        if row.case.leader_id == user.pk or user.has_perm("case.print", row.case)
    ]
    known, printed = all_documents(), _printed(rows)
    grouped = set(
        GroupMember.objects.filter(
            round__in=[row.round_id for row in rows], left_at=None
        ).values_list("round_id", flat=True)
    )
    return [
        Item(row, known[key])
        for row in rows
        for key in NEEDED.get(row.kind, ())
        if key in known
        and (row.round_id in grouped or not known[key].needs_members)
        and not (key in ONCE and (row.case_id, key) in printed)
    ]


def _printed(rows: list[Appointment]) -> set[tuple[UUID, str]]:
    """(case, paper) of what was printed since the round of each appointment began."""
    began = {row.case_id: row.round.opened_at for row in rows}
    lines = JournalEntry.objects.filter(
        case__in=list(began), action=JournalEntry.PRINT, thing__in=ONCE
    )
    return {
        (line.case, line.thing)
        for line in lines
        if line.case and line.recorded_at >= began[line.case]
    }


# A paper for a case as ids and keys, as it is kept with a print job: "case" and "paper".
Order = Mapping[str, Any]


def told(
    orders: Sequence[Order], user: User, cases: Mapping[str, Case], choices: Choices, language: str
) -> list[list[Notice]]:
    """For each order the notices of its paper (see ``notices``), [] where there is nothing to
    say.
    """
    known = all_documents()
    contexts: dict[UUID, PrintContext] = {}
    found: list[list[Notice]] = []
    for order in orders:
        case, paper = cases.get(order.get("case", "")), known.get(order.get("paper", ""))
        if case is None or paper is None:
            found.append([])
            continue
        print_context = contexts.setdefault(case.pk, PrintContext(case, user, choices, language))
        found.append(notices(print_context, paper))
    return found


def orders(found: list[Item]) -> list[dict[str, str]]:
    """The items as ids and keys, for a print that is made later."""
    return [{"case": str(item.case.pk), "paper": item.paper.key} for item in found]


def all_parts(
    orders: Sequence[Order], user: User, cases: Mapping[str, Case], choices: Choices, language: str
) -> list[DocumentPart]:
    """The parts for orders of ids and keys. ``cases``: id to case, of those the person may print
    now.
    """
    known = all_documents()
    contexts: dict[UUID, PrintContext] = {}
    found: list[DocumentPart] = []
    for order in orders:
        case, paper = cases.get(order["case"]), known.get(order["paper"])
        if case is None or paper is None:
            continue
        if case.pk not in contexts:
            contexts[case.pk] = PrintContext(case, user, choices, language)
        if available(contexts[case.pk], paper):
            found += _named_parts(contexts[case.pk], paper)
    return found


def _named_parts(print_context: PrintContext, paper: Document) -> list[DocumentPart]:
    """The parts of one of many papers: a refusal says which one it is about."""
    try:
        return document_parts(print_context, paper)
    except PaperRefused as refused:
        raise PaperRefused(
            f"{print_context.case.pupil.first_name}, {paper.title}: {refused.message}"
        ) from None
