"""Closed days from a file: choose it, say what is not plain, look at what would be added, confirm.

Nothing is stored before that, and the file never is: it travels sealed in the form while we ask
about it.
"""

import datetime
import re

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...actions import closed_day_files, closed_days
from ...forms.closed_day_file_form import QuestionForm
from ...forms.school_forms import UploadForm
from ...models import ClosedDay
from ...schooldays import files, regions
from ...timestamps import open_signed
from ..decorators import staff_view
from ..pending_posts import discard_post, restore_post

SIGNED_AS = "closed days from a file"
LASTS = 24 * 3600  # seconds in which the preview can be confirmed
# "Studiedag", "Study day", "Brückentag": one day, perhaps with the weekend around it.
NAMED_DAY = re.compile(r"(dag|(?<!holi)day|tag)\b", re.IGNORECASE)
LONGEST_NAMED_DAY = 7
KNOWN_BREAK_DAYS = 3  # a shorter event within a school holiday may be anything


@transaction.non_atomic_requests
@staff_view("school.settings", keeps_pending_post=True)
def import_closed_days(request):
    """Upload, questions, preview and confirm; all of it travels in the form. Reading a file locks
    nothing.
    """
    school = request.membership.school
    if request.method == "POST" and "rows" in request.POST:
        return (
            _ticked_anew(request, school) if "tick" in request.POST else _confirm(request, school)
        )
    if request.method == "POST" and "sealed" in request.POST:
        return _answered(request, school, request.POST)
    if request.method == "GET" and (kept := _kept(request, school)) is not None:
        return kept
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST":
        data = _uploaded(request, form)
        if data is not None:
            return _first_look(request, school, data, form)
    return _upload_page(request, school, form)


def _upload_page(request, school, form):
    context = {"section": "school", "form": form, "remembers": bool(school.day_columns)}
    return render(
        request, "school/closed_days_import.html", context, status=422 if form.errors else 200
    )


def _kept(request, school):
    """The page that was sent when the sign-in had ended, filled in as it was; None without one."""
    kept = None if "other" in request.GET else restore_post(request)
    if not kept:
        return None
    if "sealed" in kept:
        return _question_again(request, school, kept)
    found = _signed(request, school, kept)
    return None if found is None else _preview_page(request, school, found, _chosen(kept))


def _question_again(request, school, kept):
    """The question as it was answered when the sign-in had ended; None when it can be asked no
    more.
    """
    opened = closed_day_files.open_file(school, request.user, kept["sealed"])
    if opened is None:
        return None
    try:
        found = _read(school, *opened)
    except files.Refused:
        return None
    if not isinstance(found, files.Question):
        return None
    return _question_page(request, school, opened[0], QuestionForm(found, kept))


def _uploaded(request, form) -> bytes | None:
    """The file; None, with the reason at the field, when it cannot be taken."""
    valid = form.is_valid()
    upload = form.cleaned_data.get("file") if valid else None
    size = upload.size if upload else int(request.META.get("CONTENT_LENGTH") or 0)
    if size > files.MAX_BYTES and (upload or size > settings.FILE_UPLOAD_MAX_MEMORY_SIZE):
        form.errors.pop("file", None)
        form.add_error("file", files.MESSAGES["too_big"])
    return None if form.errors or upload is None else upload.read()


def _read(school, data, answers):
    """What is in a file, or what must be asked. `schooldays.files.Refused` when it cannot be
    read.
    """
    present = regions.school_year(school.today())
    context = files.Context(
        earliest=regions.first_day(present),
        latest=regions.first_day(present + regions.YEARS_OFFERED) - datetime.timedelta(days=1),
        zone=school.now().tzinfo,
        country=school.country,
        region=school.region,
    )
    return files.read(data, context, answers)


def _first_look(request, school, data, form):
    """A file that was just chosen; what was said about such files before counts, unless it should
    be asked anew.
    """
    answers, used = files.Answers(), False
    try:
        found = _read(school, data, answers)
        if isinstance(found, files.Question) and not form.cleaned_data["again"]:
            before = closed_day_files.remembered(school, found.shape)
            again = _read(school, data, before) if before else found
            # What is left to ask when the columns are known (the region is never remembered) is
            # asked alone.
            if isinstance(again, files.Found) or not again.columns:
                found, used = again, bool(before)
    except files.Refused as refused:
        form.add_error("file", refused.message)
        return _upload_page(request, school, form)
    if isinstance(found, files.Question):
        return _question_page(request, school, data, QuestionForm(found))
    return _preview_page(request, school, found, remembered=used)


def _answered(request, school, posted):
    """The answers to a question: ask on, or show what is found and remember what was said."""
    opened = closed_day_files.open_file(school, request.user, posted.get("sealed", ""))
    if opened is None:
        return _too_old(request)
    data, given = opened
    try:
        found = _read(school, data, given)
        if isinstance(found, files.Question):
            form = QuestionForm(found, posted)
            if not form.is_valid():
                return _question_page(request, school, data, form)
            shape, given = found.shape, form.answers()
            discard_post(request)
            found = _read(school, data, given)
            if isinstance(found, files.Question):
                if found.wrong:
                    form.wrong_columns(found.wrong)
                return _question_page(
                    request, school, data, form if found.wrong else QuestionForm(found)
                )
            closed_day_files.remember_columns(school, shape, given, by=request.user)
    except files.Refused as refused:
        upload = UploadForm({})
        upload.errors.clear()
        upload.add_error("file", refused.message)
        return _upload_page(request, school, upload)
    return _preview_page(request, school, found)


def _question_page(request, school, data, form):
    context = {
        "section": "school",
        "form": form,
        "question": form.question,
        "sealed": closed_day_files.seal_file(school, request.user, data, form.question.given),
    }
    return render(
        request,
        "school/closed_days_import_question.html",
        context,
        status=422 if form.errors else 200,
    )


def _preview_page(request, school, found, chosen=None, remembered=False):
    """The rows with what would happen to each, and the same rows signed for the confirmation.

    ``chosen``: the numbers of the rows that were ticked before; None for what we advise.
    """
    there = set(ClosedDay.objects.filter(school=school).values_list("first", "last", "name"))
    signed = {"school": str(school.pk), "by": str(request.user.pk), "found": found.pack()}
    rows = []
    for number, row in enumerate(found.rows):
        if (row.first, row.last, row.name) in there:
            continue
        advice = _advice(row, school)
        ticked = advice["ticked"] if chosen is None else str(number) in chosen
        rows.append({"number": number, "row": row, **advice, "ticked": ticked})
    context = {
        "section": "school",
        "rows": rows,
        "ticked": sum(each["ticked"] for each in rows),
        "there": [row for row in found.rows if (row.first, row.last, row.name) in there],
        "counts": found.counts,
        "table": found.table,
        "not_read": [each for each in found.skipped if each.why in files.NOT_READ],
        "skipped": [each for each in found.skipped if each.why not in files.NOT_READ],
        "odd": found.odd,
        "more_odd": found.more_odd,
        "all_odd": len(found.odd) + found.more_odd,
        "remembered": remembered,
        "signed": signing.dumps(signed, salt=SIGNED_AS, compress=True),
    }
    return render(request, "school/closed_days_import_preview.html", context)


def _advice(row, school):
    """Whether a row is ticked beforehand, and what there is to say about it."""
    calendar = school.calendar()
    length = (row.last - row.first).days + 1
    days = [row.first + datetime.timedelta(days=n) for n in range(length)]
    if row.doubt != "time" and not any(map(calendar.is_school_day, days)):
        closed = calendar.closed_because(row.first)
        weekday = closed is None or (closed.kind == "weekend" and not closed.name)
        why = date_format(row.first, "l") if weekday else closed.label
        return {"ticked": False, "note": _("no school then already: %(why)s") % {"why": why}}
    if row.doubt and not (row.doubt == "words" and _is_known_break(row, school)):
        return {"ticked": False, "note": row.reason}
    if length > LONGEST_NAMED_DAY and NAMED_DAY.search(row.name):
        # Mostly a column that was taken for the last day, or a year with one digit too many.
        note = _("%(n)s days long, and called a day: look at it first") % {"n": length}
        return {"ticked": False, "note": note}
    return {"ticked": True, "note": ""}


def _is_known_break(row, school) -> bool:
    """Whether these days lie in a school holiday of the school's own region, whatever they are
    called.
    """
    if school.region not in regions.REGIONS or (row.last - row.first).days + 1 < KNOWN_BREAK_DAYS:
        return False
    known = regions.breaks(school.region, regions.school_year(row.first))
    return any(each.first <= row.first and row.last <= each.last for each in known)


def _signed(request, school, data):
    """What we found in a file and signed for this person and school; None of any other."""
    try:
        signed = open_signed(data.get("rows") or "", salt=SIGNED_AS, max_age=LASTS)
    except signing.BadSignature:
        return None
    if signed["school"] != str(school.pk) or signed["by"] != str(request.user.pk):
        return None
    return files.Found.unpack(signed["found"])


def _chosen(data) -> set[str]:
    return set(data.getlist("row"))


def _ticked_anew(request, school):
    """The same page with everything ticked, or nothing."""
    found = _signed(request, school, request.POST)
    if found is None:
        return _too_old(request)
    everything = {str(number) for number in range(len(found.rows))}
    return _preview_page(
        request, school, found, everything if request.POST["tick"] == "all" else set()
    )


def _too_old(request):
    messages.error(request, _("This list is too old. Choose the file once more."))
    return redirect("school-import")


def _confirm(request, school):
    """Add the rows that were ticked in a preview that we signed for this person and school."""
    found = _signed(request, school, request.POST)
    if found is None:
        return _too_old(request)
    chosen = _chosen(request.POST)
    rows = [
        (row.first, row.last, row.name)
        for number, row in enumerate(found.rows)
        if str(number) in chosen
    ]
    if not rows:
        messages.info(request, _("You ticked nothing, so nothing was added."))
        return redirect("school")
    try:
        added = closed_days.import_closed(school, rows, by=request.user)
    except closed_days.TooManyClosedDays:
        messages.error(request, _("There are too many closed days. Remove some first."))
        return redirect("school")
    discard_post(request)
    messages.success(
        request, ngettext("%(n)s line was added.", "%(n)s lines were added.", added) % {"n": added}
    )
    return redirect("school")
