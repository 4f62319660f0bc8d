"""The pages that record answers, of a step and of a later check: shown, saved, and saved while
somebody types. What only one of the two does stands in `step_pages` and `later_check`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ...actions import journal, pages, step_order
from ...actions.group import members_of
from ...actions.page_location import PageLocation, find_later, find_location
from ...actions.step_order import NotYet
from ...forms import form_for
from ...forms.page_form import new_page
from ...models import Case
from ..decorators import case_view, is_autosave
from ..pending_posts import discard_post, restore_post
from ..privacy_screen import is_screened
from . import edit_conflicts, later_check, step_pages, talk_notes, talk_screen
from .autosave import autosave_answer
from .late_posts import keep_of_leavers, not_open, typed_of_leavers


@dataclass(frozen=True)
class PageKind:
    """What the pages of a step do otherwise than those of a later check.

    ``keeps_proposals(request)``: whether a proposed day counts as chosen. ``stays(request,
    location, form, typed)``: whether the page is shown again, after it was saved, because of what
    is wrong or missing. ``go_on(request, location)``: the answer where the button says.
    ``shown(request, location, form)``: the template and what it shows beside the form.
    """

    keeps_proposals: Callable[..., bool]
    stays: Callable[..., bool]
    go_on: Callable[..., HttpResponse]
    shown: Callable[..., tuple[str, dict[str, Any]]]


OF_STEP = PageKind(step_pages.keeps_proposals, step_pages.stays, step_pages.go_on, step_pages.shown)
OF_LATER_CHECK = PageKind(
    later_check.keeps_proposals, later_check.stays, later_check.go_on, later_check.shown
)


@case_view("case.edit", keeps_pending_post=True)
def step_page(request, case, number, step, page, member=None):
    """One page of a step: GET shows it, POST saves what can be saved and goes where the button
    says.
    """
    location = find_location(case, number, step, page, member)
    if request.method == "POST":
        return _save(request, location, OF_STEP)
    is_open = case.status == Case.OPEN and step_order.may_open(location.round, location.step)
    return _open(request, location, OF_STEP, is_open=is_open)


@case_view("case.edit", keeps_pending_post=True)
def later_page(request, case, kind):
    """One later check: GET shows it, POST saves it and, with "finish", does what follows from
    it.
    """
    location = find_later(case, kind)
    if request.method == "POST":
        return _save(request, location, OF_LATER_CHECK)
    is_open = case.status == Case.AFTERCARE and location.round.number == case.round_number
    return _open(request, location, OF_LATER_CHECK, is_open=is_open)


def _open(request, location: PageLocation, kind: PageKind, *, is_open: bool) -> HttpResponse:
    """The page with what is recorded or was kept of it from an ended sign-in."""
    if not is_open:
        return not_open(request, location.case, _kept_form(request, location))
    record, kept = location.record(), restore_post(request)
    form = _form_of(location, record, kept, request.user)
    return _show(request, location, kind, form, record, kept=bool(kept))


def _save(request, location: PageLocation, kind: PageKind) -> HttpResponse:
    """Save what can be saved; then show the page again or go on."""
    record = location.record()
    data = edit_conflicts.chosen(request, location) if "resolve" in request.POST else request.POST
    data = talk_notes.with_notes(request, location, data)
    if is_autosave(request) and typed_of_leavers(location, data):
        return JsonResponse({"conflict": True, "url": request.path}, status=409)
    form = _form_of(location, record, data, request.user)
    form.is_valid()
    typed = form.typed()
    if not kind.keeps_proposals(request):
        form.leave_out_proposals(typed)
    try:
        saved = pages.save_page(
            location,
            typed,
            version=form.posted_version(),
            by=request.user,
            opened=form.page_opened(),
        )
    except pages.Conflict as conflict:
        return _in_conflict(request, location, conflict)
    except NotYet:
        return not_open(request, location.case, form)
    # Also what was kept from an ended sign-in: it is thrown away now.
    keep_of_leavers(request, location, [data, restore_post(request) or {}])
    discard_post(request)
    if is_autosave(request):
        return _saved_itself(request, location, form, saved, typed)
    if kind.stays(request, location, form, typed):
        _join(location, form, saved, typed)
        return _show(request, location, kind, form, saved)
    if request.POST.get("go") == talk_notes.TALK:
        return talk_screen.enter(request, location)
    return talk_notes.after_saving(request, location) or kind.go_on(request, location)


def _show(request, location, kind: PageKind, form, record, *, kept=False) -> HttpResponse:
    """The page with its form; 422 when something that was posted is wrong."""
    journal.record(journal.VIEW, by=request.user, case=location.case, thing=location.label)
    template, more = kind.shown(request, location, form)
    context = {
        "section": "cases",
        "case": location.case,
        "round": location.round,
        "page": location.page,
        "form": form,
        "pupil_name": location.case.pupil.first_name,
        "record": record,
        "talk_pad": talk_notes.pad_beside(request, location),
        **more,
    }
    status = 422 if form.errors and form.is_bound and not kept else 200
    return render(request, template, context, status=status)


def _form_of(location, record, data, user):
    """The form of a page, filled with what is recorded or with ``data`` that was posted or
    kept.
    """
    return form_for(
        location,
        values=pages.values_of(location, record),
        version=record.version,
        data=data,
        members=members_of(location.round),
        by=user,
    )


def _in_conflict(request, location, conflict) -> HttpResponse:
    """Somebody else changed the same answers: both texts, or word of it to a page that saves
    itself.
    """
    if is_autosave(request):
        answer = {"conflict": True, "own": conflict.own, "url": request.path}
        return JsonResponse(answer, status=409)
    return edit_conflicts.show(request, location, conflict)


def _saved_itself(request, location, form, saved, typed):
    """The answer to a page that saves itself: its new version, and what another person filled in
    meanwhile.
    """
    errors = {
        name: _("Better not in the group: %(words)s") % {"words": ", ".join(words)}
        for name, words in form.guarded().items()
    }
    errors.update(form.errors_by_name())
    joined = edit_conflicts.joined(location, saved, typed)
    if joined and is_screened(request):
        return autosave_answer(location, version=form.posted_version())
    if joined:
        journal.record(
            journal.VIEW, by=request.user, case=location.case, thing=f"{location.label}/joined"
        )
    return autosave_answer(location, version=saved.version, errors=errors, joined=joined)


def _kept_form(request, location):
    """The form of a page as it was sent when a sign-in had ended; None when nothing was kept of
    it.
    """
    kept = restore_post(request)
    return _form_of(location, location.record(), kept, request.user) if kept else None


def _join(location, form, saved, typed):
    """Let a form that is shown again go on with what is recorded now, also from another person."""
    form.data = form.data.copy()
    form.data["version"] = str(saved.version)
    for name, value in new_page().items():
        form.data[name] = str(value)
    for name, value in edit_conflicts.joined(location, saved, typed).items():
        form.data.setlist(name, value if isinstance(value, list) else [value])
