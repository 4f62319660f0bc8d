"""The words of letters: kept per round, kind and language, with a version, as nothing typed may be
lost.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from ..method import METHOD
from ..method.grammar import PARENTS
from ..models import Case, PageRecord, PaperText, Round, User
from . import journal
from .page_location import question_key
from .step_order import lock_case

SLIP = "slip"


@dataclass
class TextConflict(Exception):
    """Somebody else changed these words since they were loaded; nothing was saved. ``kept`` is
    theirs.
    """

    kept: PaperText


def of_round(case_round: Round) -> dict[tuple[str, str], PaperText]:
    """(kind, language) to the words kept for everybody, in this round."""
    rows = PaperText.objects.filter(round=case_round, member=None).select_related("saved_by")
    return {(row.kind, row.language): row for row in rows}


@transaction.atomic
def save_text(
    case_round: Round, kind: str, language: str, *, text: str, place: str, version: int, by: User
) -> PaperText:
    """Keep the words of a letter. An empty text means that our proposal stands there again.

    ``version`` is the one that was loaded, 0 when nothing was kept. TextConflict when somebody else
    saved other words meanwhile; the same words again change nothing.
    """
    case = lock_case(case_round.case_id)
    kept = PaperText.objects.filter(
        round=case_round, kind=kind, member=None, language=language
    ).first()
    kept = kept or PaperText(
        school_id=case_round.school_id, case=case, round=case_round, kind=kind, language=language
    )
    changed = [
        name for name, value in (("text", text), ("place", place)) if getattr(kept, name) != value
    ]
    if not changed:
        return kept
    if kept.version != version:
        raise TextConflict(kept)
    kept.text, kept.place, kept.saved_by = text, place, by
    kept.version += 1
    kept.save()
    journal.record(journal.CHANGE, by=by, case=case, thing=f"letter/{kind}", fields=changed)
    return kept


def slip_languages(case_round: Round) -> dict[UUID, str]:
    """Member id to the language that was chosen for the words on that pupil's slip."""
    rows = PaperText.objects.filter(round=case_round, kind=SLIP, member__isnull=False)
    return dict(rows.values_list("member_id", "language"))


@transaction.atomic
def choose_slip_languages(case_round: Round, chosen: dict[str, str], *, by: User) -> None:
    """Keep the languages of slips: member id to a language code, "" for that of the school."""
    case = lock_case(case_round.case_id)
    now = {str(member): language for member, language in slip_languages(case_round).items()}
    changed = {pk: code for pk, code in chosen.items() if code != now.get(pk, "")}
    there = case_round.members.filter(left_at=None).values_list("pk", flat=True)
    members = [member for member in there if str(member) in changed]
    for member in members:
        PaperText.objects.filter(round=case_round, kind=SLIP, member_id=member).delete()
        if code := changed[str(member)]:
            PaperText.objects.create(
                school_id=case_round.school_id,
                case=case,
                round=case_round,
                kind=SLIP,
                member_id=member,
                language=code,
                saved_by=by,
            )
    if members:
        journal.record(journal.CHANGE, by=by, case=case, thing="slips", fields=["language"])


def parents_answer(case: Case) -> str:
    """What was decided about telling the parents (P1.5): the answer's key, "" when nothing was
    yet.
    """
    location = METHOD.page_for(PARENTS)
    if location is None:
        return ""
    step, page = location
    records = PageRecord.objects.filter(round__case=case, step=step.key, page=page.key, member=None)
    record = records.order_by("-round__number").first()
    return (record.answers.get(question_key(page, PARENTS)) or "") if record else ""
