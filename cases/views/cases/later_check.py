"""The later checks (B2): one short page each, and what was said in them on the case page."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ...actions import rounds
from ...actions.page_location import LATER
from ...actions.step_order import NotYet
from ...answers import is_empty
from ...formats.dates import named
from ...method import METHOD, later
from ...method.grammar import SUMMARY
from ...models import Appointment, Case, PageRecord
from ..labels import LATER_VERDICTS
from .late_posts import not_open


def keeps_proposals(request) -> bool:
    """Whether a proposed day counts as chosen: when the check is finished."""
    return _finishes(request)


def stays(request, location, form, typed) -> bool:
    """Whether the page is shown again: something is wrong, or a check that is finished misses an
    answer.
    """
    for question in location.page.questions if _finishes(request) else ():
        asked = question.required and question.key not in form.errors
        if asked and is_empty(typed.get(question.key)):
            form.add_error(question.key, _("Fill this in before you finish."))
    return bool(form.errors)


def go_on(request, location):
    """The page of the case; with "finish", after what follows from the check."""
    if _finishes(request):
        return _conclude(request, location)
    return redirect("case", location.case.pk)


def shown(request, location, form):
    """The template; nothing stands beside the form."""
    return "cases/later_check.html", {}


def _finishes(request) -> bool:
    return request.POST.get("go") == "finish"


def _conclude(request, location):
    case = location.case
    try:
        answer = rounds.conclude_check(case, location.page.key, by=request.user)
    except NotYet:
        return not_open(request, case)
    case.refresh_from_db()
    name = case.pupil.first_name
    if answer == later.RETURNED:
        messages.success(request, _("A new round is open. What you wrote before is kept below."))
    elif answer == later.MOVED:
        messages.info(
            request,
            _(
                "Open a support plan of its own for the other pupil. Nothing about it is written "
                "down here, so nobody can see in one what stands in the other."
            ),
        )
        return redirect("case-new")
    elif case.status == Case.CLOSED:
        messages.success(
            request, _("That was the last check. This support plan is finished. Well done.")
        )
    elif answer == later.WORRY:
        messages.success(
            request, _("Noted. You will be reminded to ask %(name)s again.") % {"name": name}
        )
    else:
        messages.success(request, _("Good news. You will be reminded of the next check."))
    return redirect("case", case.pk)


def planned(case, snapshot) -> list[dict]:
    """The later checks still to come, from the RoundSnapshot of a round, for the case page."""
    if case.status != Case.AFTERCARE:
        return []
    found = [
        each
        for kind, each in snapshot.appointments.items()
        if kind in Appointment.LATER and each.state == Appointment.PLANNED
    ]
    return [
        {
            "title": each.get_kind_display(),
            "on": each.date,
            "url": reverse("case-later", args=[case.pk, each.kind]),
            "move": reverse("case-plan", args=[case.pk, each.kind]),
        }
        for each in sorted(found, key=lambda each: each.date)
    ]


def rows(case, snapshots) -> list[dict]:
    """What was said in the later checks of all rounds (a RoundSnapshot of each), oldest first, for
    the case page.
    """
    found = []
    for snapshot in snapshots:
        for record in snapshot.records.values():
            if record.step == LATER and (record.verdict or record.held_on):
                found.append(_row(case, record))
    day_of = case.school.day_of
    return sorted(found, key=lambda row: (row["on"] or day_of(row["saved"]), row["saved"]))


def _row(case, record: PageRecord) -> dict:
    page = METHOD.later_page(record.page)
    summary = page.with_purpose(SUMMARY)
    return {
        "title": named(dict(Appointment.KINDS)[page.key], case.pupil.first_name),
        "on": record.held_on,
        "saved": record.saved_at,
        "words": str(LATER_VERDICTS.get(record.verdict, "")),
        "how": record.answers.get(summary.key, "") if summary else "",
    }
