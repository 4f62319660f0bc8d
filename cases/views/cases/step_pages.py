"""The pages of a step: fill in, save as you type, check, finish, skip."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ...actions import appointments, journal, pages, rounds, steps
from ...actions.group import members_of
from ...actions.page_location import location_of
from ...actions.round_snapshot import open_book
from ...actions.step_order import NotYet
from ...formats.dates import named
from ...forms.input_fields import tidy
from ...method import METHOD
from ...method.grammar import ENCLOSURE, ENDING, MEMBER, SLIPS_GIVEN, WITH_GROUP
from ...models import Case, GroupMember, PageRecord, Round, StepRecord
from ...printing.documents import SLIPS
from ...printing.slip_words import waiting_slips
from ..decorators import case_view, discard_post, find_case, is_autosave, restore_post
from ..pending_posts import kept_line
from ..planning import moved_appointments
from . import edit_conflicts, presenters, pupil_search, talk_notes, talk_screen
from .page_saving import form_of, keep_late, kept_form, not_open, saved_itself, show_joined, store
from .step_check import check_rows


def find_location(case, number, step, page, member=None):
    """The place at this address, or 404 when the case or the method has no such place."""
    case_round = get_object_or_404(Round, case=case, number=number)
    case_round.case, case_round.school = case, case.school
    try:
        location = location_of(case, case_round, step, page)
    except KeyError as error:
        raise Http404 from error
    if (location.page.kind == MEMBER) != (member is not None):
        raise Http404
    if member is not None:
        found = get_object_or_404(
            GroupMember.objects.select_related("pupil"), pk=member, round=case_round
        )
        location = location_of(case, case_round, step, page, found)
    return location


@case_view("case.edit", keeps=True)
def step_page(request, case, number, step, page, member=None):
    """One page of a step: GET shows it, POST saves what can be saved and goes where the button
    says.
    """
    location = find_location(case, number, step, page, member)
    if request.method == "POST":
        return _save(request, location)
    if case.status != Case.OPEN or not steps.may_open(location.round, location.step):
        return not_open(request, case, kept_form(request, location))
    record = location.record()
    kept = restore_post(request)
    form = form_of(location, record, kept, request.user)
    return _show(request, location, form, record, kept=bool(kept))


def _save(request, location):
    record = location.record()
    data = edit_conflicts.chosen(request, location) if "resolve" in request.POST else request.POST
    data = talk_notes.with_notes(request, location, data)
    form = form_of(location, record, data, request.user)
    form.is_valid()
    typed = form.typed()
    if is_autosave(request) or request.POST.get("go") == "stop" or talk_notes.stays(request):
        form.leave_out_proposals(typed)
    saved, refusal = store(request, location, form, typed)
    if refusal is not None:
        return refusal
    cases_without_reminders = form.guarded()
    if is_autosave(request):
        return saved_itself(request, location, form, saved, typed, cases_without_reminders)
    warn = (
        cases_without_reminders
        and request.POST.get("go") in ("next", "finish")
        and "heard" not in request.POST
    )
    if (form.errors and request.POST.get("go") != "back") or warn:
        show_joined(location, form, saved, typed)
        return _show(request, location, form, saved)
    return _go(request, location)


def _go(request, location):
    case, case_round, step = location.case, location.round, location.step
    go = request.POST.get("go", "next")
    if go == talk_notes.TALK:
        return talk_screen.enter(request, location)
    if answer := talk_notes.after_saving(request, location):
        return answer
    if go == "stop":
        return redirect("case", case.pk)
    if go == "search":
        return redirect(f"{request.path}?{pupil_search.query(request)}")
    if go in ("next", "finish") and (asked := moved_appointments.question(location)):
        return redirect(asked)
    if go == "finish":
        return _finish(request, case, case_round, step)
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
    return asks and location.record().wish in ("no", "unsure")


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


def _show(request, location, form, record, *, kept=False):
    case, case_round, step = location.case, location.round, location.step
    journal.record(journal.VIEW, by=request.user, case=case, thing=location.label)
    cases_without_reminders = form.guarded()
    stops = list(_stops(location))
    here = presenters.page_url(case, case_round, step, location.page, location.member)
    at = next((place for place, (_key, address) in enumerate(stops) if address == here), 0)
    last = at == len(stops) - 1
    # Where a round ends the judgements stand on this page already: there is nothing left to look up.
    ending = location.page.with_purpose(ENDING) or METHOD.ends_round(step)
    slips = location.page.with_purpose(SLIPS_GIVEN)
    context = {
        "section": "cases",
        "case": case,
        "round": case_round,
        "step": step,
        "page": location.page,
        "member": location.member,
        "form": form,
        "pupil_name": case.pupil.first_name,
        "number": METHOD.number(step.key),
        "part": at + 1,
        "parts_total": len(stops),
        "parts": _parts(location),
        "record": record,
        "cases_without_reminders": cases_without_reminders,
        "last": last,
        "finishes": last and bool(METHOD.moment(step.moment).straight_on or ending),
        "next_step": METHOD.after(step.key),
        "enclosures": case.enclosures.defer("image") if _has_enclosure(location.page) else (),
        "secrets": _confidential(location),
        "talk_pad": talk_notes.pad_beside(request, location),
        "members": members_of(case_round),
        "verdicts": presenters.verdict_rows(case, case_round) if last and ending else None,
        "talks": _talks(location) if location.member else (),
        "idea": _idea(location.member),
        "slips_field": slips.key if slips else "",
        "print_slips": step.key == case.step and slips is not None,
    }
    if form.group:
        context.update(pupil_search.context(request, location, form))
    context["slips_waiting"] = _slips_waiting(location, form, request.user)
    template = "cases/support_group.html" if form.group else "cases/step_page.html"
    status = 422 if form.errors and form.is_bound and not kept else 200
    return render(request, template, context, status=status)


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
    waiting = {member.pk for member in appointments.members_without_talk(location.round)}
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


@case_view()
def check_step(request, case, number, step):
    """Everything in a step on one page, to check, correct and finish it; read-only for who looks
    along.
    """
    case_round = get_object_or_404(Round, case=case, number=number)
    case_round.case, case_round.school = case, case.school
    try:
        step = METHOD.step(step)
    except KeyError as error:
        raise Http404 from error
    open_book(case_round)
    if step.key not in steps.states(case_round):
        raise Http404
    user = request.user
    may_edit = user.has_perm("case.edit", case) and case.status == Case.OPEN
    may_edit = may_edit and steps.may_open(case_round, step)
    journal.record(journal.VIEW, by=user, case=case, thing=f"{case_round.number}/{step.key}/check")
    record = StepRecord.objects.filter(round=case_round, step=step.key).first()
    may_skip = may_edit and steps.may_skip(step)
    settled = record is not None and record.state in (StepRecord.DONE, StepRecord.SKIPPED)
    skip_kept = kept_line(
        request, reverse("case-skip", args=[case.pk, case_round.number, step.key]), "reason"
    )
    context = {
        "section": "cases",
        "case": case,
        "round": case_round,
        "step": step,
        "number": METHOD.number(step.key),
        "pupil_name": case.pupil.first_name,
        "rows": check_rows(case, case_round, step, user),
        "missing": _asked_first(case, case_round, step) if may_edit else [],
        "wish": steps.wishes_change(case_round) if may_edit and step.asks_wish else "",
        "may_edit": may_edit,
        "may_skip": may_skip,
        "skip_kept": skip_kept,
        "stray_lines": [skip_kept] if skip_kept and (settled or not may_skip) else [],
        "record": record,
        "done": record is not None and record.state == StepRecord.DONE,
        "skipped": record is not None and record.state == StepRecord.SKIPPED,
        "next_step": METHOD.after(step.key),
        "ending": _ending(case, case_round) if METHOD.ends_round(step) else "",
        "verdicts": presenters.verdict_rows(case, case_round)
        if METHOD.ends_round(step) or step.page_for(ENDING)
        else None,
    }
    return render(request, "cases/step_check.html", context)


ASKED_FIRST = {
    "group": gettext_lazy("Choose the support group"),
    "balance_reason": gettext_lazy(
        "Say in one line why you choose this size or balance of the group"
    ),
}


def _asked_first(case, case_round, step):
    """What is asked for before the step can be finished: the question in words, and where it
    stands.
    """
    rows = []
    for each in steps.missing(case, case_round, step):
        text = (
            named(each.question.label, case.pupil.first_name)
            if each.question
            else str(ASKED_FIRST[each.key])
        )
        if each.member:
            text = f"{each.member.pupil.first_name}: {text}"
        address = presenters.page_url(case, case_round, step, each.page, each.member)
        rows.append({"url": f"{address}#q-{each.key}", "text": text})
    return rows


@require_POST
@case_view("case.edit")
def finish_step(request, case, number, step):
    """Finish a step from its check page."""
    case_round = get_object_or_404(Round, case=case, number=number)
    case_round.case, case_round.school = case, case.school
    try:
        return _finish(request, case, case_round, METHOD.step(step))
    except KeyError as error:
        raise Http404 from error


def _finish(request, case, case_round, step):
    """Finish, and go on to the next step; when something is asked for first, to the check page."""
    if case.status != Case.OPEN or case_round.number != case.round_number:
        return redirect("case", case.pk)
    try:
        steps.finish_step(case, case_round, step, by=request.user)
    except NotYet as not_yet:
        if not not_yet.missing:
            messages.info(request, _("This step is not open at the moment."))
            return redirect("case", case.pk)
        return redirect(
            reverse("case-check", args=[case.pk, case_round.number, step.key]) + "?ask=1"
        )
    case = find_case(request.user, case.pk)
    if METHOD.ends_round(step):
        return _after_last(request, case, case_round)
    after = METHOD.after(step.key)
    if after.moment != step.moment:
        messages.success(
            request, _("Step %(number)s is finished.") % {"number": METHOD.number(step.key)}
        )
        return redirect("case", case.pk)
    return redirect(
        presenters.page_url(case, case_round, after, presenters.first_open_page(case_round, after))
    )


def _ending(case, case_round):
    """How it goes on after this round: better, again, or "" while that is not filled in."""
    asked = METHOD.page_for(ENDING)
    if asked is None:
        return ""
    step, page = asked
    values = pages.values_of(location_of(case, case_round, step.key, page.key))
    return values.get(page.with_purpose(ENDING).key, "")


def _after_last(request, case, case_round):
    """Better: only later checks are left (B2). Not enough: a new round opens with the history kept
    (S7.2).
    """
    if _ending(case, case_round) == rounds.AGAIN:
        rounds.open_round(case, by=request.user)
        messages.success(request, _("A new round is open. What you wrote before is kept below."))
    else:
        rounds.begin_aftercare(case, by=request.user)
        messages.success(
            request,
            _(
                "Well done, all of you. You will be reminded to ask once in a while how it is going."
            ),
        )
    return redirect("case", case.pk)


@require_POST
@case_view("case.edit", keeps=True, form_on="case-check")
def skip_step(request, case, number, step):
    """Skip a step with a reason (M4)."""
    case_round = get_object_or_404(Round, case=case, number=number)
    case_round.case, case_round.school = case, case.school
    reason = tidy(request.POST.get("reason", ""))[:1000]
    try:
        steps.skip_step(case, case_round, METHOD.step(step), reason, by=request.user)
    except KeyError as error:
        raise Http404 from error
    except ValueError:
        messages.error(request, _("Say in one line why you skip this step."))
        return redirect("case-check", case.pk, number, step)
    except NotYet:  # or not any more: finished, or the case closed, by somebody else meanwhile
        messages.error(request, _("This step cannot be skipped."))
        keep_late(request, case, [(str(_("Why do you skip it?")), reason)])
    discard_post(request)
    return redirect("case", case.pk)
