"""The print page: one paper with its preview, its words and how it is printed; and all other paper
there is.
"""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ...actions import journal, print_requests
from ...forms.print_forms import ChoicesForm
from ...method import METHOD
from ...models import Case
from ...printing import documents, print_choices, sheet_kinds
from ...printing.documents import REPORT, SLIPS
from ...printing.pdf_rendering import PaperRefused
from ..decorators import case_view
from ..pending_posts import restore_post
from . import paper_words, print_checks

LETTERS_ABOUT = {"page": "letter", "cards4": "letter", "cards8": "cards"}


def context_for(request, case, key, data=None):
    """The print context of this request and the paper with this key; 404 when there is no such
    paper.

    The language is asked for in the address: it is of this time only.
    """
    known = documents.all_documents()
    if key and key not in known:
        raise Http404
    asked = (data or {}).get("language") or request.GET.get("language")
    language = asked if asked in dict(settings.LANGUAGES) else get_language()
    choices = print_choices.read(request.user.print_choices)
    print_context = documents.PrintContext(case, request.user, choices, language)
    return print_context, known.get(key) or fitting(print_context, known.values())


def fitting(print_context, papers):
    """The paper that fits the step the case is in: the first that is needed there or after, and is
    there; once it is better, the sheet of the later checks.
    """
    if print_context.case.status == Case.AFTERCARE:
        return next(each for each in papers if each.sheet == sheet_kinds.LATER)
    at = METHOD.number(print_context.case.step)
    there = [each for each in papers if documents.available(print_context, each)]
    ahead = [each for each in there if each.step and METHOD.number(each.step) >= at]
    return ahead[0] if ahead else [each for each in there if each.step][-1]


def query(print_context) -> str:
    """What belongs behind an address so that it shows the same paper: its language, if asked
    for.
    """
    return (
        "?" + urlencode({"language": print_context.language})
        if print_context.language != get_language()
        else ""
    )


@transaction.non_atomic_requests
@case_view("case.print", keeps_pending_post=True)
def print_page(request, case, key=""):
    """Look at a paper before it is printed. POST keeps its words, or how one likes to print."""
    print_context, shown = context_for(request, case, key, request.POST)
    kept = None
    if request.method != "POST":
        # Its forms are sent to the address of the paper, which this page need not have.
        kept = restore_post(request, reverse("case-paper", args=[case.pk, shown.key]))
    if kept:
        print_context, shown = context_for(request, case, shown.key, kept)
    if request.method == "POST" and request.POST.get("go") == "choices":
        return _choose(request, print_context, shown)
    if request.method == "POST":
        return paper_words.save(request, print_context, shown, _page)
    return _page(request, print_context, shown, typed=kept)


def _choose(request, print_context, shown):
    form = ChoicesForm(
        _about(shown), print_context.choices, print_context.case.school, request.POST
    )
    if not form.is_valid():
        return _page(request, print_context, shown, choices_form=form, status=422)
    print_requests.remember(request.user, form.as_choices().as_json())
    messages.success(request, _("Saved. You find it like this the next time."))
    return redirect(
        reverse("case-paper", args=[print_context.case.pk, shown.key]) + query(print_context)
    )


def _about(shown) -> str:
    if shown.letter:
        return LETTERS_ABOUT[shown.letter.shape]
    return shown.key if shown.key in (SLIPS, REPORT) else ""


def _page(
    request,
    print_context,
    shown,
    *,
    typed=None,
    words_form=None,
    conflict=None,
    choices_form=None,
    status=200,
):
    case = print_context.case
    with transaction.atomic():
        journal.record(journal.VIEW, by=request.user, case=case, thing=f"print/{shown.key}")
    known, there = documents.all_documents(), documents.available(print_context, shown)
    behind = query(print_context)
    form = choices_form or ChoicesForm(_about(shown), print_context.choices, case.school)
    context = {
        "section": "cases",
        "case": case,
        "pupil_name": case.pupil.first_name,
        "paper": shown,
        "title": shown.title,
        "there": there,
        "groups": _groups(print_context, known.values(), shown),
        "choices_form": form if form.fields else None,
        "checked": print_checks.checked(print_context, shown) if there else [],
        "language": print_context.language,
        "language_name": dict(settings.LANGUAGES)[print_context.language],
        "languages": [
            (code, name) for code, name in settings.LANGUAGES if code != print_context.language
        ],
        "behind": behind,
        "file_url": reverse("case-paper-file", args=[case.pk, shown.key, shown.filename]) + behind,
        "preview_url": reverse("case-paper-preview", args=[case.pk, shown.key]) + behind,
        "conflict": conflict,
        "a_lot": there and _is_a_lot(print_context, shown),
        "client_key": uuid.uuid4(),
        "form": form,
    }
    if there and shown.key == SLIPS:
        context |= paper_words.slips_context(print_context, typed)
    if there and shown.letter:
        context["words_form"] = words_form or paper_words.letter_form(
            print_context, shown.letter, typed
        )
        if choices_form is None:
            context["form"] = context["words_form"]
    return render(request, "printing/print_page.html", context, status=status)


def _is_a_lot(print_context, shown) -> bool:
    """Whether this is so much paper that the worker makes it."""
    try:
        return (
            sum(part.pages for part in documents.document_parts(print_context, shown))
            > settings.PRINT_DIRECT_PAGES
        )
    except PaperRefused:
        return False


def _groups(print_context, papers, shown):
    """All paper by the moment at which it is needed; what fits now comes first."""
    now = METHOD.step(print_context.case.step).moment
    rows: dict[str, dict[str, Any]] = {
        moment.key: {"title": moment.title, "now": moment.key == now, "papers": []}
        for moment in METHOD.moments
    }
    rows[""] = {"title": _("For the file"), "now": False, "papers": []}
    for each in papers:
        moment = METHOD.step(each.step).moment if each.step else ""
        rows[moment]["papers"].append(
            {
                "title": each.title,
                "url": reverse("case-paper", args=[print_context.case.pk, each.key]),
                "there": documents.available(print_context, each),
                "current": each.key == shown.key,
                "confidential": each.key == REPORT,
            }
        )
    groups = [row for row in rows.values() if row["papers"]]
    return sorted(groups, key=lambda row: not row["now"])
