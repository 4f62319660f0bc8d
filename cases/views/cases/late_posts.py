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
from ...method.grammar import LINE, TEXT
from ...models import GroupMember, Idea
from ...typed_text import on_one_line, tidy
from ..decorators import is_autosave
from ..pending_posts import discard_post


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


def typed_of_leavers(location, data) -> list[tuple[str, str]]:
    """Label and text of what ``data`` (posted, or kept) says of pupils who left the group since the
    page was loaded, as far as it is not recorded: the page has no fields for them any more.
    """
    asked = [
        question
        for question in location.page.questions
        if question.per_member and question.kind in (TEXT, LINE)
    ]
    if not asked:
        return []
    gone = GroupMember.objects.filter(round=location.round).exclude(left_at=None)
    ideas = {idea.member_id: idea.text for idea in Idea.objects.filter(member__in=gone)}
    recorded, found = location.record().answers, []
    for question in asked:
        for member in gone.select_related("pupil"):
            key = f"{question.key}:{member.pk}"
            known = ideas.get(member.pk, "") if question.rows else recorded.get(key, "")
            text = tidy(data.get(key) or "")
            text = on_one_line(text) if question.kind == LINE else text
            if text and text != known:
                label = named(question.label, location.case.pupil.first_name)
                found.append((f"{label} ({member.pupil.first_name})", text))
    return found


def keep_of_leavers(request, location, posts) -> None:
    """Keep what was typed in these posts of pupils who left the group meanwhile, each text once,
    and say where it stands.
    """
    texts = list(dict.fromkeys(text for data in posts for text in typed_of_leavers(location, data)))
    if texts:
        unsaved_texts.keep_late(location.case, texts, by=request.user)
        messages.info(
            request,
            _(
                "Somebody is not in the group any more. What you typed there is kept: it stands on "
                "the page of this support plan."
            ),
        )


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
