"""The page on which a step is checked: every question with its answer, or "not filled in"."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ... import access
from ...actions import journal, step_order, steps
from ...actions.group import members_of
from ...actions.page_location import find_round, find_step, location_of
from ...actions.pages import values_of
from ...actions.round_snapshot import RoundSnapshot
from ...answers import in_words, is_empty, without_question
from ...formats.dates import named
from ...method import METHOD
from ...method.grammar import ENCLOSURE, ENDING, GROUP, MEMBER
from ...models import Case, PageRecord, PageRevision, StepRecord
from ..decorators import case_view
from ..pending_posts import pending_line
from . import presenters
from .step_finish import ending

ASKED_FIRST = {
    "group": gettext_lazy("Choose the support group"),
    "balance_reason": gettext_lazy(
        "Say in one line why you choose this size or balance of the group"
    ),
}


@case_view()
def check_step(request, case, number, step):
    """Everything in a step on one page, to check, correct and finish it; read-only for who looks
    along.
    """
    case_round, step = find_round(case, number), find_step(step)
    snapshot = RoundSnapshot.read(case_round)
    if step.key not in step_order.states(case_round, snapshot):
        raise Http404
    user = request.user
    may_edit = user.has_perm("case.edit", case) and case.status == Case.OPEN
    may_edit = may_edit and step_order.may_open(case_round, step, snapshot)
    journal.record(journal.VIEW, by=user, case=case, thing=f"{case_round.number}/{step.key}/check")
    record = StepRecord.objects.filter(round=case_round, step=step.key).first()
    may_skip = may_edit and steps.may_skip(step)
    settled = record is not None and record.state in (StepRecord.DONE, StepRecord.SKIPPED)
    skip_pending = pending_line(
        request, reverse("case-skip", args=[case.pk, case_round.number, step.key]), "reason"
    )
    context = {
        "section": "cases",
        "case": case,
        "round": case_round,
        "step": step,
        "number": METHOD.number(step.key),
        "pupil_name": case.pupil.first_name,
        "rows": check_rows(case, case_round, step, user, snapshot),
        "missing": _asked_first(case, snapshot, step) if may_edit else [],
        "wish": step_order.wishes_change(case_round, snapshot)
        if may_edit and step.asks_wish
        else "",
        "may_edit": may_edit,
        "may_skip": may_skip,
        "skip_pending": skip_pending,
        "unsaved_lines": [skip_pending] if skip_pending and (settled or not may_skip) else [],
        "record": record,
        "done": record is not None and record.state == StepRecord.DONE,
        "skipped": record is not None and record.state == StepRecord.SKIPPED,
        "next_step": METHOD.after(step.key),
        "ending": ending(case, case_round, snapshot) if METHOD.ends_round(step) else "",
        "verdicts": presenters.verdict_rows(case, case_round, snapshot)
        if step.page_for(ENDING)
        else None,
    }
    return render(request, "cases/step_check.html", context)


def _asked_first(case, snapshot, step):
    """What is asked for before the step can be finished: the question in words, and where it
    stands.
    """
    case_round, rows = snapshot.round, []
    for each in steps.missing(case, case_round, step, snapshot):
        text = (
            named(each.question.label, case.pupil.first_name)
            if each.question
            else str(ASKED_FIRST[each.key])
        )
        if each.member:
            text = f"{each.member.pupil.first_name}: {text}"
        address = presenters.page_url(case, case_round, step, each.page, each.member, snapshot)
        rows.append({"url": f"{address}#q-{each.key}", "text": text})
    return rows


def check_rows(case, case_round, step, user, snapshot=None) -> list[dict]:
    """For each page (and member): its title, the address to change it, the answers, and
    corrections. ``snapshot``: the RoundSnapshot of the round, when it was read.
    """
    sees_roles = access.sees_roles(user, case)
    sees_confidential = user.has_perm("case.confidential", case)
    members = members_of(case_round, snapshot)
    shown = []
    for page in step.pages:
        people = members if page.kind == MEMBER else [None]
        for member in people:
            location = location_of(case, case_round, step.key, page.key, member)
            values = values_of(location, snapshot=snapshot)
            title = named(page.title, case.pupil.first_name)
            shown.append(
                {
                    "title": f"{member.pupil.first_name}: {title}" if member else title,
                    "url": presenters.page_url(case, case_round, step, page, member, snapshot),
                    "page": page.key,
                    "answers": _answers(location, values, members, sees_confidential, sees_roles),
                    "group": _group(members, sees_roles) if page.kind == GROUP else None,
                    "revisions": _revisions(location) if sees_confidential else [],
                    "optional": page.optional,
                }
            )
    return shown


def _answers(location, values, members, sees_confidential, sees_roles):
    name = location.case.pupil.first_name
    for question in location.page.questions:
        label = named(question.label, name)
        if question.kind == ENCLOSURE:
            continue
        if (question.private and not sees_confidential) or (
            question.names_roles and not sees_roles
        ):
            yield {"label": label, "text": "", "hidden": True}
            continue
        if question.per_member:
            for member in members:
                text = values.get(f"{question.key}:{member.pk}")
                text = in_words(question, text, name=name)
                yield {"label": f"{member.pupil.first_name}: {label}", "text": text}
            continue
        text = in_words(question, values.get(question.key), name=name, values=values)
        yield {"label": label, "text": text}
    if sees_confidential:
        for key in without_question(location.page, values):
            yield {"label": key, "text": in_words(None, values[key])}
    reason = in_words(None, values.get("balance_reason"))
    if location.page.kind == GROUP and reason and sees_roles:
        yield {"label": _("Why this group?"), "text": reason}


def _group(members, sees_roles):
    return [
        {"name": str(member.pupil), "role": member.role if sees_roles else ""} for member in members
    ]


def _revisions(location):
    record = PageRecord.objects.filter(
        round=location.round, step=location.step_key, page=location.page.key, member=location.member
    ).first()
    if record is None:
        return []
    name, asked = location.case.pupil.first_name, []
    for question in location.page.questions:
        label = named(question.label, name)
        if question.per_member:
            everyone = location.round.members.select_related("pupil")
            asked += [
                (f"{question.key}:{m.pk}", f"{m.pupil.first_name}: {label}", question)
                for m in everyone
            ]
        else:
            asked.append((question.key, label, question))
    return [
        {
            "when": revision.replaced_at,
            "who": revision.replaced_by,
            "answers": [
                {
                    "label": label,
                    "text": in_words(
                        question, revision.answers[key], name=name, values=revision.answers
                    ),
                }
                for key, label, question in asked
                if not is_empty(revision.answers.get(key))
            ],
        }
        for revision in PageRevision.objects.filter(record=record).select_related("replaced_by")
    ]
