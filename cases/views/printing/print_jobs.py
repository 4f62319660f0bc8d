"""A print that takes a while: how far it is, stop it, fetch it. Its owner sees it, nobody else."""

import datetime

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ...actions import journal, print_requests
from ...models import Case, PrintJob
from ...printing import next_school_day, print_choices
from ...printing.documents import all_documents
from ..decorators import staff_view
from ..page_parts import is_part
from .paper_files import given

# A worker looks every few seconds: after so long without one, say that it may not come.
LONG_WAIT = datetime.timedelta(seconds=60)


def _find(request, pk) -> PrintJob:
    """The print if it is this person's, in the school they act in; 404 otherwise, also when it
    exists.
    """
    rows = PrintJob.objects.filter(pk=pk, owner=request.user, school=request.membership.school)
    found = rows.select_related("school").defer("result").first()
    if found is None:
        raise Http404
    return found


@require_GET
@staff_view("case.open")
def print_job(request, pk):
    """How far it is. A part of it alone when the page asks by itself."""
    found = _find(request, pk)
    now = timezone.now()
    context = {
        "section": "paper",
        "job": found,
        "open": found.state in PrintJob.OPEN,
        "late": found.state == PrintJob.WAITING and now - found.created_at > LONG_WAIT,
        "until": found.finished_at + datetime.timedelta(hours=1) if found.finished_at else None,
    }
    part = is_part(request)
    if not part:
        context["notices"] = _told(request, found)
    return render(
        request, "printing/_print_job.html" if part else "printing/print_job.html", context
    )


def _told(request, found) -> list[dict]:
    """The papers in a print on which is a line instead of words, while this person may print their
    cases.
    """
    user = request.user
    items = [item for item in found.order.get("items", ()) if isinstance(item, dict)]
    rows = Case.objects.visible_to(user).filter(pk__in={item.get("case") for item in items})
    rows = rows.select_related("school", "pupil", "pupil__group", "leader")
    cases = {str(case.pk): case for case in rows if user.has_perm("case.print", case)}
    choices = print_choices.read(found.order.get("choices"))
    told = next_school_day.told(items, user, cases, choices, found.language)
    # What is said of a paper names pupils, and words of their ideas.
    if codes := {cases[item["case"]].code for item, each in zip(items, told, strict=True) if each}:
        journal.record(journal.VIEW, by=user, school=found.school, thing="paper", fields=codes)
    return [
        {
            "title": all_documents()[item["paper"]].title,
            "url": reverse("case-paper", args=[item["case"], item["paper"]]),
            "notices": each,
        }
        for item, each in zip(items, told, strict=True)
        if each
    ]


@require_POST
@staff_view("case.open")
def stop_job(request, pk):
    """Stop it, or throw away what was made."""
    if print_requests.stop_print(_find(request, pk), by=request.user):
        messages.success(request, _("Stopped. Nothing of it is kept."))
    return redirect("print-job", pk)


@require_GET
@staff_view("case.open")
def job_result(request, pk, filename):
    """What was made, as PDF."""
    found = _find(request, pk)
    if filename != found.filename:
        raise Http404
    hour_ago = timezone.now() - datetime.timedelta(hours=1)
    if found.state != PrintJob.DONE or found.finished_at is None or found.finished_at < hour_ago:
        messages.info(request, _("This print is not there (any more)."))
        return redirect("print-job", pk)
    if found.order.get("roles"):  # made by an earlier release, with roles on it (M2)
        print_requests.stop_print(found, by=request.user)
        messages.error(
            request, _("Roles are not printed any more. It was thrown away: print it once more.")
        )
        return redirect("print-job", pk)
    cases = _still_theirs(request.user, found)
    if cases is None:
        print_requests.stop_print(found, by=request.user)
        messages.error(request, _("You may not print this any more. It was thrown away."))
        return redirect("print-job", pk)
    journal.record(
        journal.VIEW, by=request.user, school=found.school, thing=f"print job/{found.pk}"
    )
    for item in found.order["items"]:
        thing, fields = item.get("thing") or item["paper"], item.get("fields", ())
        journal.record(
            journal.PRINT, by=request.user, case=cases[item["case"]], thing=thing, fields=fields
        )
    return given(bytes(found.result), found.filename)


def _still_theirs(user, found) -> dict | None:
    """The cases that are in it, by id; None when this person may not print each of them any
    more.
    """
    wanted = {item["case"] for item in found.order["items"]}
    rows = Case.objects.visible_to(user).filter(pk__in=wanted).select_related("school", "leader")
    may = {str(case.pk): case for case in rows if user.has_perm("case.print", case)}
    return may if may.keys() == wanted else None
