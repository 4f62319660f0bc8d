"""Cases: the list of one's own, the page of one case, and what is done with it as a whole."""

import time
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ...actions import (
    appointments,
    cases,
    journal,
    rounds,
    scale_points,
    step_order,
    steps,
    unsaved_texts,
)
from ...actions.group import members_of
from ...actions.round_snapshot import RoundSnapshot
from ...actions.step_order import NotYet
from ...forms.input_fields import LONGEST_LINE
from ...method import METHOD
from ...method.grammar import GROUP
from ...models import Case, JournalEntry, Membership, Round, User
from ...timestamps import LOOK_MINUTES
from ...typed_text import tidy
from ..decorators import case_view, staff_view
from ..overview import case_overview
from ..pending_posts import discard_post, pending_line
from ..planning.round_calendar import agreed
from . import history, later_check, presenters, talk_notes
from .late_posts import keep_late

STAFF_VERBS: dict[str, Callable[..., None]] = {
    "add": cases.add_colleague,
    "remove": cases.remove_colleague,
    "lead": cases.hand_over,
    "lead-leave": partial(cases.hand_over, stays=False),
}
# The small forms of the page of a case in which somebody writes, by address: their field.
LINES = {"case-close": "words", "case-go-on": "reason", "case-reason": "reason"}


@staff_view("case.open")
def case_list(request):
    """The cases this person runs (a coordinator: all of the school), running or finished, searched
    by name.
    """
    everything = Case.objects.visible_to(request.user)
    context = case_overview.list_context(request, everything, "cases")
    context["any"] = bool(context["rows"]) or everything.exists()
    return render(request, "cases/case_list.html", context)


@case_view()
def case_page(request, case):
    """One case: what comes next, the steps, the group, appointments and what happened."""
    user = request.user
    journal.record(journal.VIEW, by=user, case=case, thing="case")
    case_round = appointments.current_round(case)
    case_round.case, case_round.school = case, case.school
    snapshot = RoundSnapshot.read(case_round)
    members = members_of(case_round, snapshot)
    ideas = {member: idea.text for member, idea in snapshot.ideas.items()}
    today, calendar = case.school.today(), case.school.calendar()
    earlier = list(
        Round.objects.filter(case=case, number__lt=case_round.number).order_by("-number")
    )
    for each in earlier:
        each.case, each.school = case, case.school
    snapshots = [snapshot, *(RoundSnapshot.read(each) for each in earlier)]
    may_edit = user.has_perm("case.edit", case)
    may_close, may_look = (
        user.has_perm("case.close", case),
        user.has_perm("case.confidential", case),
    )
    shown = {
        "case-close": may_close and case.running,
        "case-go-on": may_edit and case.status == Case.ELSEWHERE,
        "case-reason": not may_look and not may_edit,
    }
    lines = {
        name: pending_line(request, reverse(name, args=[case.pk]), LINES[name]) for name in LINES
    }
    context = {
        "section": "cases",
        "case": case,
        "round": case_round,
        "pupil_name": case.pupil.first_name,
        "may_edit": may_edit and case.status == Case.OPEN,
        "may_go_on": may_edit and case.status in (Case.OPEN, Case.AFTERCARE),
        "later_lines": later_check.planned(case, snapshot),
        "later_rows": later_check.rows(case, snapshots),
        "runs": may_edit,
        "routes": METHOD.intake.mind if case.status == Case.ELSEWHERE else (),
        "next": {
            "todo": presenters.next_todo(case),
            "url": presenters.next_url(case, case_round, snapshot),
            "late": presenters.late_days(case, calendar, today),
            "number": METHOD.number(case.step),
        },
        "moments": presenters.steps_by_moment(case, snapshot),
        "earlier": [
            {"round": each.round, "moments": presenters.steps_by_moment(case, each)}
            for each in snapshots[1:]
        ],
        "group_url": _group_url(case, case_round, snapshot),
        "members": members,
        "seats": presenters.seats(members, ideas),
        "with_idea": sum(1 for member in members if ideas.get(member.pk)),
        "agreed": agreed(case, case_round, today, calendar, snapshot),
        "history": history.rows(case) if user.has_perm("case.journal", case) else None,
        "confidential": steps.confidential_answers(case) if may_look else None,
        "may_assign": user.has_perm("case.assign", case),
        "may_lead": user.has_perm("case.lead", case),
        "may_close": may_close,
        "may_print": user.has_perm("case.print", case),
        "verdicts": presenters.verdict_rows(case, case_round, snapshot),
        "scale": scale_points.points(case, snapshots),
        "staff": case.staff.select_related("user"),
        "colleagues": _colleagues(case) if user.has_perm("case.assign", case) else (),
        "leftover_notes": talk_notes.leftover_rows(case, user, snapshots) if may_edit else (),
        "asks_reason": not may_look,
        "late_texts": case.late_texts.filter(user=user),
        "stop_pending": lines["case-close"],
        "go_on_pending": lines["case-go-on"],
        "look_pending": lines["case-reason"],
        "unsaved_lines": [line for name, line in lines.items() if line and not shown[name]],
    }
    return render(request, "cases/case.html", context)


@require_POST
@case_view()
def discard_late(request, case, pk):
    """Throw away what one typed oneself, too late for its page or button."""
    if unsaved_texts.discard_late(case, pk, by=request.user):
        messages.success(request, _("Thrown away."))
    return redirect("case", case.pk)


def _group_url(case, case_round, snapshot):
    """The picker, as soon as its step is open: members can be added or replaced later as well."""
    for step in step_order.steps_of(case_round):
        for page in step.pages:
            if page.kind == GROUP and step_order.may_open(case_round, step, snapshot):
                return presenters.page_url(case, case_round, step, page, snapshot=snapshot)
    return ""


def _colleagues(case):
    teaching = Membership.objects.filter(
        school_id=case.school_id, active=True, role__in=Membership.TEACHING
    )
    others = User.objects.filter(pk__in=teaching.values("user_id"), is_active=True).exclude(
        pk=case.leader_id
    )
    return others.order_by("name")[:200]


@require_GET
@case_view("case.edit")
def go_next(request, case):
    """To the page on which the next action is done: worked out when it is asked for, not for each
    row of a list.
    """
    return redirect(presenters.next_url(case))


@require_POST
@case_view("case.edit", keeps_pending_post=True, form_on="case")
def go_on(request, case):
    """Take up a case that was paused or had taken another route."""
    reason = tidy(request.POST.get("reason", ""))[:LONGEST_LINE]
    if case.status == Case.ELSEWHERE:
        try:
            cases.go_on_here(case, reason, by=request.user)
        except ValueError:
            messages.error(request, _("Say in one line why you go on with this approach."))
            return redirect("case", case.pk)
    else:
        cases.resume_case(case, by=request.user)
        # With a reason it came from a case on another route, which somebody took up or closed
        # meanwhile.
        keep_late(request, case, [(_("Why this way all the same?"), reason)])
    discard_post(request)
    return redirect("case", case.pk)


@require_POST
@case_view("case.edit")
def pause(request, case):
    """The pupil does not want it now: wait, and ask again."""
    try:
        cases.pause_case(case, by=request.user)
    except NotYet:
        messages.info(
            request, _("Only the first talk can be paused. Close the support plan instead.")
        )
        return redirect("case", case.pk)
    messages.success(request, _("Paused. You will be asked to talk again in two weeks."))
    return redirect("case", case.pk)


@require_POST
@case_view("case.close", keeps_pending_post=True, form_on="case")
def close(request, case):
    """Close a case outside its last step, with closing words."""
    words = tidy(request.POST.get("words", ""))[:1000]
    if not any(map(str.isalnum, words)):
        messages.error(request, _("Say in one line why you close it now."))
        return redirect("case", case.pk)
    if (
        rounds.close_case(case, by=request.user, words=words, outcome=rounds.STOPPED).closing_words
        != words
    ):
        messages.info(request, _("Somebody had closed it already."))
        keep_late(request, case, [(_("Why do you stop now?"), words)])
    discard_post(request)
    return redirect("case", case.pk)


@require_POST
@case_view("case.reopen")
def reopen(request, case):
    """Take a finished case up again."""
    rounds.reopen_case(case, by=request.user)
    return redirect("case", case.pk)


@require_POST
@case_view("case.assign")
def staff(request, case):
    """Add a colleague, take one off, or hand the case over.

    The same answer for somebody of another school, who left, or who does not exist.
    """
    what, chosen = request.POST.get("what"), request.POST.get("user", "")
    removes = what == "remove"
    colleague = cases.find_on_case(case, chosen) if removes else cases.find_colleague(case, chosen)
    itself = removes and chosen == str(request.user.pk)
    if what != "add" and not itself and not request.user.has_perm("case.lead", case):
        raise PermissionDenied
    if colleague is None or what not in STAFF_VERBS:
        messages.error(request, _("Choose a colleague of your school first."))
        return redirect("case", case.pk)
    if (
        not removes
        and colleague == request.user
        and not request.user.has_perm("case.confidential", case)
    ):
        # A coordinator who runs a case sees what is confidential in it: the reason comes first.
        messages.error(
            request, _("Say first why you need to see this: at “Only between you and …”.")
        )
        return redirect("case", case.pk)
    try:
        STAFF_VERBS[what](case, colleague, by=request.user)
    except ValueError:  # switched off, or of another school, since a moment
        messages.error(request, _("Choose a colleague of your school first."))
        return redirect("case", case.pk)
    if what in ("lead", "lead-leave"):
        messages.success(request, _("%(who)s leads this support plan now.") % {"who": colleague})
    visible = Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
    return redirect("case", case.pk) if visible else redirect("home")


@require_POST
@case_view("school.overview", keeps_pending_post=True, form_on="case")
def look_into(request, case):
    """A coordinator says why they look into what is confidential; it is journaled and lasts half an
    hour.
    """
    reason = tidy(request.POST.get("reason", ""))[:200]
    if not any(map(str.isalnum, reason)):  # invisible characters are no reason
        messages.error(request, _("Say in one line why you need to see this."))
        return redirect("case", case.pk)
    journal.record(JournalEntry.VIEW_CONFIDENTIAL, by=request.user, case=case, purpose=reason)
    until = int(time.time()) + LOOK_MINUTES * 60
    messages.success(request, _("For half an hour you can open what is confidential here."))
    request.session["looks_into"] = {**request.session.get("looks_into", {}), str(case.pk): until}
    discard_post(request)
    return redirect("case", case.pk)
