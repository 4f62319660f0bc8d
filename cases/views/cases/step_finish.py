"""Finishing a step, and skipping one with a reason; and what follows the last step."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ...actions import pages, rounds, steps
from ...actions.page_location import find_round, find_step, location_of, question_key
from ...actions.step_order import NotYet
from ...method import METHOD
from ...method.grammar import ENDING
from ...models import Case
from ...typed_text import tidy
from ..decorators import case_view, find_case
from ..pending_posts import discard_post
from . import presenters
from .late_posts import keep_late


@require_POST
@case_view("case.edit")
def finish_step(request, case, number, step):
    """Finish a step from its check page."""
    return finish(request, case, find_round(case, number), find_step(step))


def finish(request, case, case_round, step):
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
    if after is None or after.moment != step.moment:
        messages.success(
            request, _("Step %(number)s is finished.") % {"number": METHOD.number(step.key)}
        )
        return redirect("case", case.pk)
    return redirect(
        presenters.page_url(case, case_round, after, presenters.first_open_page(case_round, after))
    )


def ending(case, case_round, snapshot=None):
    """How it goes on after this round: better, again, or "" while that is not filled in."""
    asked = METHOD.page_for(ENDING)
    if asked is None:
        return ""
    step, page = asked
    location = location_of(case, case_round, step.key, page.key)
    return pages.values_of(location, snapshot=snapshot).get(question_key(page, ENDING), "")


def _after_last(request, case, case_round):
    """Better: only later checks are left (B2). Not enough: a new round opens with the history kept
    (S7.2).
    """
    if ending(case, case_round) == rounds.AGAIN:
        rounds.open_round(case, by=request.user)
        messages.success(request, _("A new round is open. What you wrote before is kept below."))
    else:
        rounds.begin_aftercare(case, by=request.user)
        messages.success(
            request,
            _(
                "Well done, all of you. You will be reminded to ask once in a while how it is "
                "going."
            ),
        )
    return redirect("case", case.pk)


@require_POST
@case_view("case.edit", keeps_pending_post=True, form_on="case-check")
def skip_step(request, case, number, step):
    """Skip a step with a reason (M4)."""
    case_round = find_round(case, number)
    reason = tidy(request.POST.get("reason", ""))[:1000]
    try:
        steps.skip_step(case, case_round, find_step(step), reason, by=request.user)
    except ValueError:
        messages.error(request, _("Say in one line why you skip this step."))
        return redirect("case-check", case.pk, number, step)
    except NotYet:  # or not any more: finished, or the case closed, by somebody else meanwhile
        messages.error(request, _("This step cannot be skipped."))
        keep_late(request, case, [(_("Why do you skip it?"), reason)])
    discard_post(request)
    return redirect("case", case.pk)
