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
from ..clocks import open_signed
from ..forms.school import UploadForm
from ..models import ClosedDay
from .doors import for_staff, let_go, take_kept

SIGNED_AS = "closed days from a file"
LASTS = 24 * 3600  # seconds in which the preview can be confirmed
SKIPPED_SHOWN = 40


@transaction.non_atomic_requests
@for_staff("school.settings", keeps=True)
def choose(request):
    """Upload, preview and confirm; the preview travels signed in the form. Reading a file locks nothing."""
    school = request.membership.school
    if request.method == "POST" and "rows" in request.POST:
        return _confirm(request, school)
    if request.method == "GET" and (kept := _kept(request, school)) is not None:
        return render(request, "cases/school_import.html", kept)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST":
        found = _read(request, school, form)
        if found is not None:
            return render(request, "cases/school_import.html", _preview(request, school, found))
    context = {"section": "school", "form": form}
    return render(request, "cases/school_import.html", context, status=422 if form.errors else 200)


def _kept(request, school):
    """The preview that was confirmed when the sign-in had ended, ticked as it was; None without one."""
    kept = None if "other" in request.GET else take_kept(request)
    rows = _signed(request, school, kept) if kept else None
    if rows is None:
        return None
    found = dayfiles.Found([dayfiles.Row(*row) for row in rows])
    return _preview(request, school, found, ticked=_ticked(rows, kept))


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


def _preview(request, school, found, ticked=None):
    """The rows with what would happen to each, and the same rows signed for the confirmation.

    ``ticked``: the rows (first, last, name) that were ticked before; None for what we advise.
    """
    there = set(ClosedDay.objects.filter(school=school).values_list("first", "last", "name"))
    new = [row for row in found.rows if (row.first, row.last, row.name) not in there]
    packed = [[row.first.isoformat(), row.last.isoformat(), row.name] for row in new]
    signed = {"school": str(school.pk), "by": str(request.user.pk), "rows": packed}
    return {
        "section": "school",
        "form": UploadForm(),
        "preview": True,
        "rows": [{"number": n, "row": row, **_look(row, school, ticked)} for n, row in enumerate(new)],
        "there": [row for row in found.rows if (row.first, row.last, row.name) in there],
        "skipped": found.skipped[:SKIPPED_SHOWN],
        "more_skipped": max(0, len(found.skipped) - SKIPPED_SHOWN),
        "signed": signing.dumps(signed, salt=SIGNED_AS, compress=True),
    }


def _look(row, school, ticked):
    """Whether a row is ticked beforehand, and what there is to say about it."""
    advice = _advice(row, school)
    return advice if ticked is None else {**advice, "ticked": (row.first, row.last, row.name) in ticked}


def _advice(row, school):
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


def _signed(request, school, data):
    """The rows (first, last, name) of a preview that we signed for this person and school; None of any other."""
    try:
        signed = open_signed(data.get("rows") or "", salt=SIGNED_AS, max_age=LASTS)
    except signing.BadSignature:
        return None
    if signed["school"] != str(school.pk) or signed["by"] != str(request.user.pk):
        return None
    day = datetime.date.fromisoformat
    return [(day(first), day(last), name) for first, last, name in signed["rows"]]


def _ticked(rows, data):
    """Those of the rows that were ticked."""
    chosen = set(data.getlist("row"))
    return [row for number, row in enumerate(rows) if str(number) in chosen]


def _confirm(request, school):
    """Add the rows that were ticked in a preview that we signed for this person and school."""
    offered = _signed(request, school, request.POST)
    if offered is None:
        messages.error(request, _("This list is too old. Choose the file once more."))
        return redirect("school-import")
    rows = _ticked(offered, request.POST)
    if not rows:
        messages.info(request, _("You ticked nothing, so nothing was added."))
        return redirect("school")
    try:
        added = verbs.import_closed(school, rows, by=request.user)
    except verbs.TooMany:
        messages.error(request, _("There are too many closed days. Remove some first."))
        return redirect("school")
    let_go(request)
    messages.success(
        request, ngettext("%(n)s line was added.", "%(n)s lines were added.", added) % {"n": added}
    )
    return redirect("school")
