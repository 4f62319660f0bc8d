"""The later checks (B2): one short page each, and what was said in them on the case page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ...actions import appointments, journal, rounds
from ...actions.page_location import LATER, later_location
from ...actions.step_order import NotYet
from ...answers import is_empty
from ...formats.dates import named
from ...method import METHOD, later
from ...method.grammar import SUMMARY
from ...models import Appointment, Case, PageRecord
from ..decorators import case_view
from ..labels import LATER_VERDICTS
from .page_saving import not_open, render_page, save_and_go_on, show_page


@case_view("case.edit", keeps=True)
def later_check(request, case, kind):
    """One later check: GET shows it, POST saves it and, with "finish", does what follows from
    it.
    """
    case_round = appointments.current_round(case)
    case_round.case, case_round.school = case, case.school
    try:
        location = later_location(case, case_round, kind)
    except KeyError as error:
        raise Http404 from error
    if not _is_there(location):
        raise Http404
    if request.method == "POST":
        return _save(request, location)
    is_open = case.status == Case.AFTERCARE
    return show_page(request, location, is_open=is_open, show=_show)


def _is_there(location) -> bool:
    """An extra check is there once it was agreed on; the others always are."""
    kind = location.page.key
    return (
        kind not in Appointment.EXTRAS
        or Appointment.objects.filter(round=location.round, kind=kind).exists()
    )


def _save(request, location):
    finishes = request.POST.get("go") == "finish"

    def stays(form, typed):
        for question in location.page.questions if finishes else ():
            asked = question.required and question.key not in form.errors
            if asked and is_empty(typed.get(question.key)):
                form.add_error(question.key, _("Fill this in before you finish."))
        return bool(form.errors)

    return save_and_go_on(
        request,
        location,
        keeps_proposals=finishes,
        stays=stays,
        show=_show,
        go_on=_conclude if finishes else _stop,
    )


def _stop(request, location):
    return redirect("case", location.case.pk)


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


def _show(request, location, form, record, *, kept=False):
    journal.record(journal.VIEW, by=request.user, case=location.case, thing=location.label)
    return render_page(request, location, "cases/later_check.html", form, record, kept=kept)


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
    return sorted(found, key=lambda row: (row["on"] or row["saved"].date(), row["saved"]))


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
