"""Closed days from a file: choose it, look at what would be added, confirm. Nothing is stored before that."""

import datetime

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import dayfiles, regions
from ..actions import school as verbs
from ..forms.school import UploadForm
from ..models import ClosedDay
from .doors import for_staff

SIGNED_AS = "closed days from a file"
LASTS = 24 * 3600  # seconds in which the preview can be confirmed
SKIPPED_SHOWN = 40


@transaction.non_atomic_requests
@for_staff("school.settings")
def choose(request):
    """Upload, preview and confirm; the preview travels signed in the form. Reading a file locks nothing."""
    school = request.membership.school
    if request.method == "POST" and "rows" in request.POST:
        return _confirm(request, school)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST":
        found = _read(request, school, form)
        if found is not None:
            return render(request, "cases/school_import.html", _preview(request, school, found))
    context = {"section": "school", "form": form}
    return render(request, "cases/school_import.html", context, status=422 if form.errors else 200)


def _read(request, school, form):
    """What is in the file; None, with the reason at the field, when it cannot be read."""
    valid = form.is_valid()
    upload = form.cleaned_data.get("file") if valid else None
    size = upload.size if upload else int(request.META.get("CONTENT_LENGTH") or 0)
    if size > dayfiles.MAX_BYTES and (upload or size > settings.FILE_UPLOAD_MAX_MEMORY_SIZE):
        form.errors.pop("file", None)
        form.add_error("file", dayfiles.MESSAGES["too_big"])
    if form.errors:
        return None
    present = regions.school_year(school.today())
    try:
        return dayfiles.read(
            upload.read(),
            earliest=regions.first_day(present),
            latest=regions.first_day(present + regions.YEARS_OFFERED) - datetime.timedelta(days=1),
            zone=school.now().tzinfo,
        )
    except dayfiles.Refused as refused:
        form.add_error("file", refused.message)
        return None


def _preview(request, school, found):
    """The rows with what would happen to each, and the same rows signed for the confirmation."""
    there = set(ClosedDay.objects.filter(school=school).values_list("first", "last", "name"))
    new = [row for row in found.rows if (row.first, row.last, row.name) not in there]
    packed = [[row.first.isoformat(), row.last.isoformat(), row.name] for row in new]
    signed = {"school": str(school.pk), "by": str(request.user.pk), "rows": packed}
    return {
        "section": "school",
        "form": UploadForm(),
        "preview": True,
        "rows": [{"number": n, "row": row, **_look(row, school)} for n, row in enumerate(new)],
        "there": [row for row in found.rows if (row.first, row.last, row.name) in there],
        "skipped": found.skipped[:SKIPPED_SHOWN],
        "more_skipped": max(0, len(found.skipped) - SKIPPED_SHOWN),
        "signed": signing.dumps(signed, salt=SIGNED_AS, compress=True),
    }


def _look(row, school):
    """Whether a row is ticked beforehand, and what there is to say about it."""
    if row.clock:
        return {"ticked": False, "note": _("has times, so it is mostly no closed day")}
    calendar = school.calendar()
    length = (row.last - row.first).days + 1
    days = [row.first + datetime.timedelta(days=n) for n in range(length)]
    if not any(map(calendar.is_school_day, days)):
        closed = calendar.closed_because(row.first)
        return {
            "ticked": False,
            "note": _("no school then already: %(why)s") % {"why": closed.label if closed else ""},
        }
    return {"ticked": True, "note": ""}


def _confirm(request, school):
    """Add the rows that were ticked in a preview that we signed for this person and school."""
    try:
        signed = signing.loads(request.POST.get("rows", ""), salt=SIGNED_AS, max_age=LASTS)
    except signing.BadSignature:
        signed = None
    if signed is None or signed["school"] != str(school.pk) or signed["by"] != str(request.user.pk):
        messages.error(request, _("This list is too old. Choose the file once more."))
        return redirect("school-import")
    ticked = set(request.POST.getlist("row"))
    rows = [
        (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last), name)
        for number, (first, last, name) in enumerate(signed["rows"])
        if str(number) in ticked
    ]
    if not rows:
        messages.info(request, _("You ticked nothing, so nothing was added."))
        return redirect("school")
    try:
        added = verbs.import_closed(school, rows, by=request.user)
    except verbs.TooMany:
        messages.error(request, _("There are too many closed days. Remove some first."))
        return redirect("school")
    messages.success(
        request, ngettext("%(n)s line was added.", "%(n)s lines were added.", added) % {"n": added}
    )
    return redirect("school")
