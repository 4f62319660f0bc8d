"""The letter or drawing: add a photo or note that it is on paper, look at it, take it away."""

import uuid

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ...actions import enclosures, journal
from ...actions.page_location import page_for, question_key, record_of
from ...forms.enclosure_form import EnclosureForm
from ...method.grammar import ENCLOSURE_ALLOWED, ENCLOSURE_SHOWN, ENCLOSURE_TAKEN
from ...method.step1_agreements import MAY_SHOW
from ...models import Case, Enclosure
from ...uploads import images
from ..decorators import case_view
from ..uploads import image_response, in_sandbox, was_dropped


@transaction.non_atomic_requests
@case_view("case.edit")
def add_enclosure(request, case):
    """Add a letter or drawing. The photo is cleaned before the database is touched: that takes a
    while.
    """
    if request.method == "POST" and case.status != Case.OPEN:
        messages.info(request, _("This step is not open at the moment."))
        return redirect("case", case.pk)
    form = EnclosureForm(
        request.POST or None, request.FILES or None, initial={"client_key": uuid.uuid4()}
    )
    if was_dropped(request):
        form.is_valid()
        form.errors.pop("photo", None)
        form.add_error("photo", images.PhotoRefused("too_big").message)
    elif request.method == "POST" and form.is_valid():
        try:
            photo = _clean(form)
            enclosures.add_enclosure(
                case,
                form.cleaned_data["kind"],
                photo=photo,
                by=request.user,
                client_key=form.cleaned_data["client_key"],
            )
        except images.PhotoRefused as refused:
            form.add_error("photo", forms.ValidationError(refused.message, code=refused.code))
        except enclosures.TooManyEnclosures:
            form.add_error(None, _("There are five already. Take one away first."))
        else:
            messages.success(request, _("Kept with this support plan."))
            return redirect(_page_url(case, 1, ENCLOSURE_TAKEN))
    with transaction.atomic():
        journal.record(journal.VIEW, by=request.user, case=case, thing="enclosures")
    context = {
        "section": "cases",
        "case": case,
        "form": form,
        "pupil_name": case.pupil.first_name,
        "enclosures": case.enclosures.defer("image"),
        "back_url": _page_url(case, 1, ENCLOSURE_TAKEN),
    }
    return render(request, "cases/enclosures.html", context, status=422 if form.errors else 200)


def _clean(form):
    upload = form.cleaned_data.get("photo")
    if not upload or form.cleaned_data.get("on_paper"):
        return None
    return images.clean_photo(upload.read())


def _find(case, pk):
    return get_object_or_404(Enclosure.objects.select_related("case"), pk=pk, case=case)


def _page_url(case, number, purpose) -> str:
    """The address of the page on which a letter or drawing is added, or shown to the group."""
    step, page = page_for(purpose)
    return reverse("case-step", args=[case.pk, number, step.key, page.key])


def may_show(case: Case) -> bool:
    """Whether the pupil allowed that the letter or drawing is shown to the group (S1.11, S3.3)."""
    case_round = case.rounds.order_by("number").first()
    step, page = page_for(ENCLOSURE_ALLOWED)
    record = record_of(case_round, step.key, page.key) if case_round else None
    key = question_key(page, ENCLOSURE_ALLOWED)
    return record is not None and record.answers.get(key) == MAY_SHOW


@require_GET
@case_view("case.edit")
def show_enclosure(request, case, pk):
    """The photo as large as the screen, with nothing else on it; only when the pupil allowed
    that.
    """
    enclosure = _find(case, pk)
    journal.record(journal.VIEW, by=request.user, case=case, thing=f"enclosure/{pk}")
    context = {
        "case": case,
        "enclosure": enclosure,
        "allowed": may_show(case),
        "ready_url": _page_url(case, case.round_number, ENCLOSURE_SHOWN),
    }
    return render(request, "cases/enclosure.html", context)


@in_sandbox
@require_GET
@case_view("case.edit")
def enclosure_image(request, case, pk):
    """The photo itself, in a sandbox of its own."""
    enclosure = _find(case, pk)
    if not enclosure.mime:
        return HttpResponse(status=404)
    journal.record(journal.VIEW, by=request.user, case=case, thing=f"enclosure/{pk}/image")
    return image_response(bytes(enclosure.image), enclosure.mime, "image")


@require_POST
@case_view("case.edit")
def remove_enclosure(request, case, pk):
    """Take it away for good."""
    enclosures.remove_enclosure(_find(case, pk), by=request.user)
    messages.success(request, _("Taken away."))
    return redirect("case-enclosures", case.pk)
