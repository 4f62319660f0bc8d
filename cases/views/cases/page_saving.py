"""What every page of the method does when it is shown and filled in, in a step or in a later check:
its form, saving, and saving itself while somebody types.
"""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ...actions import journal, pages, unsaved_texts
from ...actions.group import members_of
from ...actions.step_order import NotYet
from ...formats.dates import named
from ...forms import form_for
from ...forms.input_fields import WordsField
from ...forms.page_form import new_page
from ..decorators import discard_post, is_autosave, restore_post
from ..privacy_screen import is_screened
from . import edit_conflicts, talk_notes, talk_screen
from .autosave import autosave_answer


def show_page(request, location, *, is_open, show):
    """The answer to a GET: the page with what is recorded or was kept of it from an ended sign-in.

    ``show(request, location, form, record, kept=...)`` renders it.
    """
    if not is_open:
        return not_open(request, location.case, kept_form(request, location))
    record, kept = location.record(), restore_post(request)
    form = form_of(location, record, kept, request.user)
    return show(request, location, form, record, kept=bool(kept))


def save_and_go_on(request, location, *, keeps_proposals, stays, show, go_on):
    """The answer to a POST: save what can be saved; then show the page again or go on.

    ``keeps_proposals``: whether a proposed day counts as chosen. ``stays(form, typed)``: whether
    the page is shown again, after it was saved, because of what is wrong or missing. ``show`` as
    above; ``go_on(request, location)`` is the answer where the button says.
    """
    record = location.record()
    data = edit_conflicts.chosen(request, location) if "resolve" in request.POST else request.POST
    data = talk_notes.with_notes(request, location, data)
    form = form_of(location, record, data, request.user)
    form.is_valid()
    typed = form.typed()
    if not keeps_proposals:
        form.leave_out_proposals(typed)
    saved, refusal = store(request, location, form, typed)
    if refusal is not None:
        return refusal
    if is_autosave(request):
        return saved_itself(request, location, form, saved, typed)
    if stays(form, typed):
        show_joined(location, form, saved, typed)
        return show(request, location, form, saved)
    if request.POST.get("go") == talk_notes.TALK:
        return talk_screen.enter(request, location)
    return talk_notes.after_saving(request, location) or go_on(request, location)


def render_page(request, location, template, form, record, *, kept=False, **more):
    """A page with its form; 422 when something that was posted is wrong. ``more`` is its own."""
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


def form_of(location, record, data, user):
    """The form of a place, filled with what is recorded or with ``data`` that was posted or
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


def store(request, location, form, typed):
    """Save what was typed: (the record, None), or (None, the answer) when somebody else changed the
    same or the page is not open any more. What was kept of it from an ended sign-in is forgotten
    once it is saved.
    """
    try:
        saved = pages.save_page(
            location,
            typed,
            version=form.posted_version(),
            by=request.user,
            opened=form.page_opened(),
        )
    except pages.Conflict as conflict:
        if is_autosave(request):
            answer = {"conflict": True, "own": conflict.own, "url": request.path}
            return None, JsonResponse(answer, status=409)
        return None, edit_conflicts.show(request, location, conflict)
    except NotYet:
        return None, not_open(request, location.case, form)
    discard_post(request)
    return saved, None


def saved_itself(request, location, form, saved, typed):
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


def kept_form(request, location):
    """The form of a place as it was sent when a sign-in had ended; None when nothing was kept of
    it.
    """
    kept = restore_post(request)
    return form_of(location, location.record(), kept, request.user) if kept else None


def not_open(request, case, form=None):
    """A step or case that is not open (any more) when something is saved: say so, lose nothing
    silently.

    What was typed into ``form`` is kept, sealed, and stands on the page of the case until it is
    thrown away; so what was kept of it from an ended sign-in is not needed any more. It never
    travels in a message: those leave the server.
    """
    if is_autosave(request):
        return JsonResponse({"conflict": True, "url": reverse("case", args=[case.pk])}, status=409)
    messages.info(request, _("This step is not open at the moment."))
    keep_late(request, case, _typed_texts(form, case.pupil.first_name))
    if form is not None:
        discard_post(request)
    return redirect("case", case.pk)


def keep_late(request, case, texts) -> None:
    """Keep what came too late for its page or its button, as (label, text), and say where it
    stands.
    """
    if texts := [(label, text) for label, text in texts if text]:
        unsaved_texts.keep_late(case, texts, by=request.user)
        messages.info(request, _("What you typed is kept. It stands below, on this page."))


def _typed_texts(form, name) -> list[tuple[str, str]]:
    """Label and text of the fields in a form whose text is not recorded already."""
    if form is None or not form.is_bound:
        return []
    found = []
    for key, field in form.fields.items():
        text = (
            form.data.get(form.add_prefix(key), "").strip() if isinstance(field, WordsField) else ""
        )
        if text and text != str(form.values.get(key, "")).strip():
            found.append((named(field.label, name), text))
    return found


def show_joined(location, form, saved, typed):
    """Let a form that is shown again go on with what is recorded now, also from another person."""
    form.data = form.data.copy()
    form.data["version"] = str(saved.version)
    for name, value in new_page().items():
        form.data[name] = str(value)
    for name, value in edit_conflicts.joined(location, saved, typed).items():
        form.data.setlist(name, value if isinstance(value, list) else [value])
