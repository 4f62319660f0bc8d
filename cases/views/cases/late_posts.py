"""What is answered to a post that came too late: its step or case is not open any more. What was
typed is kept, sealed, and stands on the page of the case.
"""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ...actions import unsaved_texts
from ...formats.dates import named
from ...forms.input_fields import WordsField
from ..decorators import discard_post, is_autosave


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
