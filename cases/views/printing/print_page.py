"""The print page: one paper with its preview, its words and how it is printed; and all other paper there is."""

import uuid

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
from ...printing import documents as desks
from ...printing import print_choices as choosing
from ...printing.documents import REPORT, SLIPS
from ...printing.pdf_rendering import PaperRefused
from ..decorators import for_case, take_kept
from . import paper_words, print_checks

LETTERS_ABOUT = {"page": "letter", "cards4": "letter", "cards8": "cards"}


def desk_for(request, case, key, data=None):
    """The desk of this request and the paper with this key; 404 when there is no such paper.

    The language is asked for in the address: it is of this time only.
    """
    known = desks.papers()
    if key and key not in known:
        raise Http404
    asked = (data or {}).get("language") or request.GET.get("language")
    language = asked if asked in dict(settings.LANGUAGES) else get_language()
    choices = choosing.read(request.user.print_choices)
    desk = desks.Desk(case, request.user, choices, language)
    return desk, known.get(key) or fitting(desk, known.values())


def fitting(desk, papers):
    """The paper that fits the step the case is in: the first that is needed there or after, and is there; once
    it is better, the sheet of the later checks."""
    if desk.case.status == Case.AFTERCARE:
        return next(each for each in papers if each.sheet == "later")
    at = METHOD.number(desk.case.step)
    there = [each for each in papers if desks.available(desk, each)]
    ahead = [each for each in there if each.step and METHOD.number(each.step) >= at]
    return ahead[0] if ahead else [each for each in there if each.step][-1]


def query(desk) -> str:
    """What belongs behind an address so that it shows the same paper: its language, if asked for."""
    return "?" + urlencode({"language": desk.language}) if desk.language != get_language() else ""


@transaction.non_atomic_requests
@for_case("case.print", keeps=True)
def print_page(request, case, key=""):
    """Look at a paper before it is printed. POST keeps its words, or how one likes to print."""
    desk, shown = desk_for(request, case, key, request.POST)
    kept = None
    if request.method != "POST":
        # Its forms are sent to the address of the paper, which this page need not have.
        kept = take_kept(request, reverse("case-paper", args=[case.pk, shown.key]))
    if kept:
        desk, shown = desk_for(request, case, shown.key, kept)
    if request.method == "POST" and request.POST.get("go") == "choices":
        return _choose(request, desk, shown)
    if request.method == "POST":
        return paper_words.save(request, desk, shown, _page)
    return _page(request, desk, shown, typed=kept)


def _choose(request, desk, shown):
    form = ChoicesForm(_about(shown), desk.choices, desk.case.school, request.POST)
    if not form.is_valid():
        return _page(request, desk, shown, choices_form=form, status=422)
    print_requests.remember(request.user, form.as_choices().as_json())
    messages.success(request, _("Saved. You find it like this the next time."))
    return redirect(reverse("case-paper", args=[desk.case.pk, shown.key]) + query(desk))


def _about(shown) -> str:
    if shown.letter:
        return LETTERS_ABOUT[shown.letter.shape]
    return shown.key if shown.key in (SLIPS, REPORT) else ""


def _page(request, desk, shown, *, typed=None, words_form=None, clash=None, choices_form=None, status=200):
    case = desk.case
    with transaction.atomic():
        journal.record(journal.VIEW, by=request.user, case=case, thing=f"print/{shown.key}")
    known, there = desks.papers(), desks.available(desk, shown)
    behind = query(desk)
    form = choices_form or ChoicesForm(_about(shown), desk.choices, case.school)
    context = {
        "section": "cases",
        "case": case,
        "pupil_name": case.pupil.first_name,
        "paper": shown,
        "title": shown.title,
        "there": there,
        "groups": _groups(desk, known.values(), shown),
        "choices_form": form if form.fields else None,
        "checked": print_checks.checked(desk, shown) if there else [],
        "language": desk.language,
        "language_name": dict(settings.LANGUAGES)[desk.language],
        "languages": [(code, name) for code, name in settings.LANGUAGES if code != desk.language],
        "behind": behind,
        "file_url": reverse("case-paper-file", args=[case.pk, shown.key, shown.filename]) + behind,
        "preview_url": reverse("case-paper-preview", args=[case.pk, shown.key]) + behind,
        "clash": clash,
        "a_lot": there and _is_a_lot(desk, shown),
        "client_key": uuid.uuid4(),
        "form": form,
    }
    if there and shown.key == SLIPS:
        context |= paper_words.slips_context(desk, typed)
    if there and shown.letter:
        context["words_form"] = words_form or paper_words.letter_form(desk, shown.letter, typed)
        if choices_form is None:
            context["form"] = context["words_form"]
    return render(request, "printing/print_page.html", context, status=status)


def _is_a_lot(desk, shown) -> bool:
    """Whether this is so much paper that the worker makes it."""
    try:
        return sum(piece.pages for piece in desks.pieces(desk, shown)) > settings.PRINT_DIRECT_PAGES
    except PaperRefused:
        return False


def _groups(desk, papers, shown):
    """All paper by the moment at which it is needed; what fits now comes first."""
    now = METHOD.step(desk.case.step).moment
    rows = {
        moment.key: {"title": moment.title, "now": moment.key == now, "papers": []}
        for moment in METHOD.moments
    }
    rows[""] = {"title": _("For the file"), "now": False, "papers": []}
    for each in papers:
        moment = METHOD.step(each.step).moment if each.step else ""
        rows[moment]["papers"].append(
            {
                "title": each.title,
                "url": reverse("case-paper", args=[desk.case.pk, each.key]),
                "there": desks.available(desk, each),
                "current": each.key == shown.key,
                "confidential": each.key == REPORT,
            }
        )
    groups = [row for row in rows.values() if row["papers"]]
    return sorted(groups, key=lambda row: not row["now"])
