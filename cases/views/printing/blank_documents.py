"""Paper that is not about one case: blank sheets and slips, and everything for the next school
day.
"""

import uuid

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ...actions import journal, print_requests
from ...printing import next_school_day, pdf_merge, print_choices
from ...printing.conversation_sheet import sheet_for
from ...printing.pdf_rendering import PaperRefused
from ...printing.sheet_kinds import all_sheets
from ...printing.slip_formats import FORMATS
from ...printing.slips import task_slips
from ..decorators import staff_view
from .paper_files import given

FIRST_SHEET = "talk"
TOMORROW = "morgen.pdf"


@require_GET
@staff_view("case.open")
def blank_documents(request):
    """Everything there is to print that is not about one case."""
    school = request.membership.school
    day = next_school_day.day_of(school)
    found = next_school_day.items(request.user, school, day)
    _noted_view(request, found)
    context = {
        "section": "paper",
        "sheets": [{"key": key, "title": kind.title} for key, kind in all_sheets().items()],
        "day": day,
        "count": len(found),
        "may_set": request.user.has_perm("school.settings"),
    }
    return render(request, "printing/blank_documents.html", context)


def _noted_view(request, found):
    codes = {item.case.code for item in found}
    journal.record(
        journal.VIEW, by=request.user, school=request.membership.school, thing="paper", fields=codes
    )


@transaction.non_atomic_requests
@require_GET
@staff_view("case.open")
def blank_sheet(request, kind=FIRST_SHEET):
    """A blank sheet: no name."""
    if kind not in all_sheets():
        raise Http404
    school = request.membership.school
    try:
        data = sheet_for(
            kind,
            name=None,
            language=get_language(),
            spans=school.spans(),
            school_name=school.name,
        )
    except PaperRefused as refused:
        messages.error(request, str(refused.message))
        return redirect("blank-documents")
    journal.record(journal.PRINT, by=request.user, school=school, thing=f"blank sheet/{kind}")
    return given(data, "gespreksblad.pdf")


@transaction.non_atomic_requests
@require_GET
@staff_view("case.open")
def blank_slips(request):
    """Blank slips: one sheet, in the size this person likes."""
    school, choices = request.membership.school, print_choices.read(request.user.print_choices)
    try:
        data = task_slips(
            [],
            signed=request.user.for_pupils,
            format=choices.format,
            bigger=choices.bigger,
            language=get_language(),
            second=choices.second if choices.second not in ("", get_language()) else None,
            spare=FORMATS[choices.format].on_a_page,
            school_name=school.name,
        )
    except PaperRefused as refused:
        messages.error(request, str(refused.message))
        return redirect("blank-documents")
    journal.record(journal.PRINT, by=request.user, school=school, thing="blank slips")
    return given(data, "kaartjes.pdf")


@staff_view("case.open")
def for_tomorrow(request):
    """What I need on the next school day, in the order of the pages. POST has it made by the
    worker.
    """
    school = request.membership.school
    day = next_school_day.day_of(school)
    found = next_school_day.items(request.user, school, day)
    if request.method == "POST":
        return _order(request, school, found)
    _noted_view(request, found)
    cases = {str(item.case.pk): item.case for item in found}
    choices = print_choices.read(request.user.print_choices)
    told = next_school_day.told(
        next_school_day.orders(found), request.user, cases, choices, get_language()
    )
    context = {
        "section": "paper",
        "day": day,
        "items": found,
        "rows": [{"item": item, "notices": each} for item, each in zip(found, told, strict=True)],
        "is_tomorrow": (day - school.today()).days == 1,
        "a_lot": len(found) > _FEW,
        "client_key": uuid.uuid4(),
    }
    return render(request, "printing/next_school_day.html", context)


# So many papers are made while one waits; most have one or two sides.
_FEW = settings.PRINT_DIRECT_PAGES // 2


def _order(request, school, found):
    try:
        client_key = uuid.UUID(request.POST.get("client_key", ""))
    except ValueError:
        messages.error(request, _("Please press once more"))
        return redirect("tomorrow")
    if not found:
        messages.info(request, _("There is nothing to print for this day."))
        return redirect("tomorrow")
    asked = {
        "items": next_school_day.orders(found),
        "choices": print_choices.read(request.user.print_choices).as_json(),
    }
    try:
        job = print_requests.ask_print(
            school,
            asked,
            language=get_language(),
            filename=TOMORROW,
            total=len(found),
            by=request.user,
            client_key=client_key,
        )
    except print_requests.TooManyJobs:
        messages.error(
            request, _("You have asked for a lot of paper already. Wait until some of it is ready.")
        )
        return redirect("tomorrow")
    return redirect("print-job", job.pk)


def _noted_print(user, found):
    for item in found:
        journal.record(journal.PRINT, by=user, case=item.case, thing=item.paper.key)


@transaction.non_atomic_requests
@require_GET
@staff_view("case.open")
def tomorrow_file(request):
    """Everything for the next school day as one PDF, when it is little enough to wait for."""
    school = request.membership.school
    found = next_school_day.items(request.user, school, next_school_day.day_of(school))
    if not found or len(found) > _FEW:
        return redirect("tomorrow")
    cases = {str(item.case.pk): item.case for item in found}
    choices = print_choices.read(request.user.print_choices)
    try:
        parts = next_school_day.all_parts(
            next_school_day.orders(found), request.user, cases, choices, get_language()
        )
        made = pdf_merge.made(parts)
    except PaperRefused as refused:
        messages.error(request, str(refused.message))
        return redirect("tomorrow")
    with transaction.atomic():
        _noted_print(request.user, found)
    return given(made, TOMORROW)
