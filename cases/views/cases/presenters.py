"""From rows to what a screen shows: sentences, tiles, talks. Plain data for the templates."""

import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from ...actions import appointments, step_order, steps
from ...actions.group import members_of
from ...actions.round_snapshot import RoundSnapshot
from ...actions.talks import members_without_talk
from ...formats.dates import clock, longday, named
from ...method import METHOD
from ...method.grammar import ENDING, MEMBER
from ...models import Appointment, Case, PageRecord, StepRecord
from ...next_actions import CLOSE, NEXT_ACTIONS, kind_to_plan
from ..labels import VERDICTS
from .step_summary import summary


def tiles(case: Case, states: dict | None = None) -> list[dict]:
    """The steps of a case as tiles: number, state and moment. Without ``states``, from the case
    alone.
    """
    done = case.status in (Case.CLOSED, Case.AFTERCARE)
    at = METHOD.number(case.step)
    shown = []
    for number, step in enumerate(METHOD.steps, start=1):
        if states and states.get(step.key) == StepRecord.SKIPPED:
            state = "skipped"
        elif done or number < at:
            state = "done"
        else:
            state = "now" if number == at else "todo"
        shown.append(
            {
                "number": number,
                "state": state,
                "moment": step.moment,
                "after_wait": METHOD.comes_after_wait(step),
            }
        )
    return shown


def path_label(case: Case) -> str:
    """The same in words, for who does not see the tiles."""
    name = case.pupil.first_name
    if case.status == Case.CLOSED:
        return _("%(name)s: finished") % {"name": name}
    if case.status == Case.AFTERCARE:
        return _("%(name)s: better, later checks to come") % {"name": name}
    params = {"name": name, "step": METHOD.number(case.step), "all": len(METHOD.steps)}
    return _("%(name)s: step %(step)s of %(all)s") % params


def heading_of(kind: str, case: Case) -> str:
    """What there is to do, by kind of next action or appointment, with the pupil's name."""
    return named(NEXT_ACTIONS[kind].heading, case.pupil.first_name) if kind in NEXT_ACTIONS else ""


def todo_of(kind: str) -> str:
    """What there is to do, without a name."""
    return str(NEXT_ACTIONS[kind].todo) if kind in NEXT_ACTIONS else ""


def next_todo(case: Case) -> str:
    """What there is to do next, without a name."""
    return todo_of(case.next_kind)


def next_url(case: Case, case_round=None, snapshot: RoundSnapshot | None = None) -> str:
    """The page on which the next action is done. ``case_round``: the current one, when it is at
    hand; ``snapshot``: what was read of it.
    """
    case_round = case_round or appointments.current_round(case)
    kind = case.next_kind
    if case.status == Case.AFTERCARE:
        if kind in Appointment.LATER:
            return reverse("case-later", args=[case.pk, kind])
        return reverse("case-plan", args=[case.pk, free_check(case_round)])
    if case.status != Case.OPEN:
        return reverse("case", args=[case.pk])
    if planned := kind_to_plan(kind):
        return reverse("case-plan", args=[case.pk, planned])
    step = METHOD.step(case.step)
    # Outside one sitting each talk has a day, and a page, of its own.
    if not METHOD.moment(step.moment).held_as:
        for page in step.pages:
            if kind and kind in (page.holds, page.completes):
                return page_url(case, case_round, step, page, snapshot=snapshot)
    if kind == CLOSE:
        return page_url(case, case_round, step, step.page_for(ENDING), snapshot=snapshot)
    page = first_open_page(case_round, step, snapshot)
    return page_url(case, case_round, step, page, snapshot=snapshot)


def free_check(case_round) -> str:
    """The kind of the next later check that can be planned in a round; the last one when all were
    held.
    """
    held = set(
        Appointment.objects.filter(round=case_round, state=Appointment.HELD).values_list(
            "kind", flat=True
        )
    )
    return next((kind for kind in Appointment.LATER if kind not in held), Appointment.LATER[-1])


def first_open_page(case_round, step, snapshot: RoundSnapshot | None = None):
    """The first page of a step with nothing on it yet; the last one when all were begun."""
    if snapshot:
        begun = {page for (key, page, _member) in snapshot.records if key == step.key}
    else:
        begun = set(
            PageRecord.objects.filter(round=case_round, step=step.key).values_list(
                "page", flat=True
            )
        )
    for page in step.pages:
        if page.key not in begun and not page.optional:
            return page
    return step.pages[-1]


def page_url(
    case, case_round, step, page, member=None, snapshot: RoundSnapshot | None = None
) -> str:
    """The address of a page; for a page per member, of the first member when none is given."""
    location = [case.pk, case_round.number, step.key, page.key]
    if page.kind == MEMBER:
        if member is None:
            members = members_of(case_round, snapshot)
            waiting = members_without_talk(case_round, snapshot)
            member = waiting[0] if waiting else (members[0] if members else None)
        if member is None:
            return reverse("case-check", args=location[:3])
        return reverse("case-talk", args=[*location, member.pk])
    return reverse("case-step", args=location)


def late_days(case: Case, calendar, today: datetime.date) -> int:
    """How many school days the next action is overdue; 0 when it is not."""
    if case.next_date is None or case.next_date >= today:
        return 0
    return calendar.school_days_between(case.next_date, today)


def steps_by_moment(case: Case, snapshot: RoundSnapshot) -> list[dict]:
    """The steps of a round in words, by moment, for the case page."""
    case_round = snapshot.round
    states = step_order.states(case_round, snapshot)
    current = case.running and case_round.number == case.round_number
    shown = []
    for moment in METHOD.moments:
        rows = [
            _step_row(case, snapshot, step, states, current)
            for step in METHOD.in_moment(moment.key)
            if step.key in states
        ]
        if rows:
            shown.append({"title": moment.title, "wait": moment.wait, "steps": rows})
    return shown


def _step_row(case, snapshot, step, states, current):
    case_round, state = snapshot.round, states[step.key]
    record = snapshot.steps.get(step.key)
    row = {
        "number": METHOD.number(step.key),
        "title": named(step.title, case.pupil.first_name),
        "state": {StepRecord.DONE: "done", StepRecord.SKIPPED: "skipped"}.get(state, "todo"),
        "summary": named(step.aim, case.pupil.first_name),
        "url": "",
    }
    if state == StepRecord.OPEN and current and step.key == case.step:
        row["state"] = "now"
    if row["state"] != "todo":
        row["url"] = reverse("case-check", args=[case.pk, case_round.number, step.key])
        row["summary"] = summary(case, case_round, step, snapshot) or row["summary"]
    if row["state"] == "done" and record and record.finished_at:
        row["when"] = longday(record.finished_at)
    if row["state"] == "skipped":
        row["summary"] = _("Skipped.")
    if row["state"] == "now":
        saved = [each for each in snapshot.records.values() if each.step == step.key]
        last = max(saved, key=lambda each: each.saved_at, default=None)
        if last:
            text = _("draft, saved at %(time)s") % {"time": clock(last.saved_at)}
            if case.school.today() != case.school.day_of(last.saved_at):
                text = _("draft, saved on %(day)s") % {"day": longday(last.saved_at)}
            row["flag"] = {"kind": "draft", "icon": "pen", "text": text}
    return row


def seats(members, ideas) -> list[dict]:
    """The round table: names, and who has an idea. Never a role."""
    return [
        {
            "name": member.pupil.first_name,
            "done": bool(ideas.get(member.pk)),
            "idea": ideas.get(member.pk, ""),
        }
        for member in members
    ]


def verdict_rows(case, case_round, snapshot: RoundSnapshot | None = None) -> dict:
    """The judgements side by side (B6), in words; empty strings where nothing was said."""
    said = steps.verdicts(case_round, snapshot)
    return {
        "pupil": str(VERDICTS.get(said["pupil"], "")),
        "leader": str(VERDICTS.get(said["leader"], "")),
        "members": [
            (member, str(VERDICTS.get(verdict, ""))) for member, verdict in said["members"]
        ],
        "differ": said["differ"],
        "any": bool(
            said["pupil"] or said["leader"] or any(verdict for _member, verdict in said["members"])
        ),
    }
