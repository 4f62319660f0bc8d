"""The pages of a step: what stands on them, and where a button goes."""

from django.shortcuts import redirect
from django.urls import reverse

from ...actions import steps
from ...actions.group import members_of
from ...actions.talks import members_without_talk
from ...formats.dates import named
from ...method import METHOD
from ...method.grammar import ENCLOSURE, ENDING, MEMBER, SLIPS_GIVEN, WITH_GROUP
from ...method.step1_talk import NO_CHANGE, UNSURE
from ...models import PageRecord
from ...printing.documents import SLIPS
from ...printing.slip_words import waiting_slips
from ..decorators import is_autosave
from ..planning import moved_appointments
from . import presenters, pupil_search, talk_notes
from .step_finish import finish


def keeps_proposals(request) -> bool:
    """Whether a proposed day counts as chosen: not while somebody types, stops or turns to the
    talk.
    """
    return not (
        is_autosave(request) or request.POST.get("go") == "stop" or talk_notes.stays(request)
    )


def stays(request, location, form, typed) -> bool:
    """Whether the page is shown again: something is wrong, or the group would hear words to avoid
    and that was not said yet. Who has seen the words pointed out goes on with a second press.
    """
    go = request.POST.get("go")
    unseen = go in ("next", "finish") and "words_seen" not in request.POST and form.guarded()
    return bool((form.errors and go != "back") or unseen)


def go_on(request, location):
    """The answer where the button says."""
    case, case_round, step = location.case, location.round, location.step
    go = request.POST.get("go", "next")
    if go == "stop":
        return redirect("case", case.pk)
    if go == "search":
        return redirect(f"{request.path}?{pupil_search.query(request)}")
    if go in ("next", "finish") and (asked := moved_appointments.question(location)):
        return redirect(asked)
    if go == "finish":
        return finish(request, case, case_round, step)
    if go == "next" and _no_yes(location):
        return redirect("case-check", case.pk, case_round.number, step.key)
    if go == "enclosure":
        return redirect("case-enclosures", case.pk)
    if go.startswith("slip:"):
        anchor = _slip_anchor(case_round, go.removeprefix("slip:"))
        return redirect(reverse("case-paper", args=[case.pk, SLIPS]) + anchor)
    after = _neighbour(location, -1 if go == "back" else 1)
    if after is not None:
        return redirect(after)
    return redirect(
        "case" if go == "back" else "case-check", *_check_args(case, case_round, step, go)
    )


def _slip_anchor(case_round, member) -> str:
    """Where on the print page the words of this member's slip are; "" for somebody who is not in
    the group.
    """
    known = {str(each.pk) for each in members_of(case_round)}
    return f"#slip-{member}" if member in known else ""


def _no_yes(location):
    """Whether this page says that the pupil does not want it, or not yet: the rest is for a later
    talk (S1.4).
    """
    asks = any(question.column == "wish" for question in location.page.questions)
    return asks and location.record().wish in (NO_CHANGE, UNSURE)


def _check_args(case, case_round, step, go):
    return [case.pk] if go == "back" else [case.pk, case_round.number, step.key]


def _neighbour(location, direction):
    """The address of the next (1) or previous (-1) page of the step; None past its ends."""
    stops = [address for _key, address in _stops(location)]
    here = presenters.page_url(
        location.case, location.round, location.step, location.page, location.member
    )
    at = stops.index(here) + direction if here in stops else 0
    return stops[at] if 0 <= at < len(stops) else None


def _stops(location):
    """Every page of the step in order; the page per member once for each member."""
    for each in location.step.pages:
        if each.kind == MEMBER:
            for member in members_of(location.round):
                yield (
                    each.key,
                    presenters.page_url(location.case, location.round, location.step, each, member),
                )
        else:
            yield each.key, presenters.page_url(location.case, location.round, location.step, each)


def shown(request, location, form):
    """The template of a page, and what stands on it beside the form."""
    case, case_round, step = location.case, location.round, location.step
    stops = list(_stops(location))
    here = presenters.page_url(case, case_round, step, location.page, location.member)
    at = next((place for place, (_key, address) in enumerate(stops) if address == here), 0)
    last = at == len(stops) - 1
    ending = location.page.with_purpose(ENDING)
    slips = location.page.with_purpose(SLIPS_GIVEN)
    context = {
        "step": step,
        "words_to_avoid": form.guarded(),
        "member": location.member,
        "number": METHOD.number(step.key),
        "part": at + 1,
        "parts_total": len(stops),
        "parts": _parts(location),
        "last": last,
        # Where a round ends there is nothing left to look up: it is finished from here.
        "finishes": last
        and bool(METHOD.moment(step.moment).straight_on or ending or METHOD.ends_round(step)),
        "next_step": METHOD.after(step.key),
        "enclosures": case.enclosures.defer("image") if _has_enclosure(location.page) else (),
        "confidential": _confidential(location),
        "members": members_of(case_round),
        "verdicts": presenters.verdict_rows(case, case_round) if last and ending else None,
        "talk_page": next((each.key for each in step.pages if each.kind == MEMBER), ""),
        "talks": _talks(location) if location.member else (),
        "idea": _idea(location.member),
        "slips_field": slips.key if slips else "",
        "print_slips": step.key == case.step and slips is not None,
    }
    if form.group:
        context.update(pupil_search.context(request, location, form))
    context["slips_waiting"] = _slips_waiting(location, form, request.user)
    return "cases/support_group.html" if form.group else "cases/step_page.html", context


def _slips_waiting(location, form, user):
    """The slips on which is a line because of a name in the idea: said at the idea, and where slips
    are given out.
    """
    ideas = {question.key for question in location.page.questions if question.rows}
    if not (ideas or location.page.with_purpose(SLIPS_GIVEN)) or not user.has_perm(
        "case.print", location.case
    ):
        return []
    waiting = waiting_slips(location.case, location.round, members_of(location.round), user)
    for row in waiting:
        for key in ideas:
            if field := form.fields.get(f"{key}:{row['member'].pk}"):
                field.slip = row
    return waiting


def _idea(member):
    """The member's own idea, to be valued in the talk (S7.3)."""
    found = member.ideas.first() if member else None
    return found.text if found else ""


def _talks(location):
    """The members of the group, in order, to go to each one's talk."""
    waiting = {member.pk for member in members_without_talk(location.round)}
    return [
        {
            "name": member.pupil.first_name,
            "url": presenters.page_url(
                location.case, location.round, location.step, location.page, member
            ),
            "done": member.pk not in waiting,
            "current": member == location.member,
        }
        for member in members_of(location.round)
    ]


def _has_enclosure(page):
    return any(question.kind == ENCLOSURE for question in page.questions)


def _parts(location):
    """The row of parts above a page: one for each page of the step."""
    begun = set(
        PageRecord.objects.filter(round=location.round, step=location.step.key).values_list(
            "page", flat=True
        )
    )
    return [
        {
            "title": named(each.short, location.case.pupil.first_name),
            "url": presenters.page_url(location.case, location.round, location.step, each),
            "current": each.key == location.page.key,
            "done": each.key in begun,
        }
        for each in location.step.pages
    ]


def _confidential(location):
    """What must not be told further, in sight of the leader before and while the group is told
    (S1.12, S3.3).
    """
    beside = METHOD.in_moment(location.step.moment)
    told = any(page.audience == WITH_GROUP for step in beside for page in step.pages)
    return steps.confidential_answers(location.case) if told else []
