"""Paper: what there is to print for a case, and the sheets themselves, made while you wait."""

import re

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ..actions import appointments, journal
from ..actions import slips as slip_texts
from ..actions.group import members_of
from ..forms.fields import tidy
from ..method.wording import forbidden_in
from ..models import Appointment, Pupil
from ..printing import render as press
from ..printing.sheet import conversation_sheet
from ..printing.slips import LONGEST_IDEA, Slip, task_slips, too_long, without_name
from .doors import for_case, for_staff

SLIPS_ON_A_PAGE = 4


@for_case("case.print")
def print_page(request, case):
    """What will be on the slips, checked; and the other paper there is. POST keeps a text for paper."""
    round = appointments.current_round(case)
    members = members_of(round)
    if request.method == "POST":
        texts = {}
        for row in slip_rows(case, round, members):
            pk = row["member"].pk
            text = tidy(request.POST.get(f"slip-{pk}", ""))[:LONGEST_IDEA].replace("\n", " ")
            # A text from which we took the name counts as read when it is saved, also unchanged.
            confirms = row["changed"] and not row["kept"]
            if f"slip-{pk}" in request.POST and (confirms or text != request.POST.get(f"was-{pk}", "")):
                texts[str(pk)] = (request.POST.get(f"said-{pk}", ""), text)
        if outdated := slip_texts.word_slips(round, texts, by=request.user):
            who = ", ".join(member.pupil.first_name for member in outdated)
            messages.warning(
                request, _("The idea of %(who)s was changed meanwhile. Read the slip again.") % {"who": who}
            )
        else:
            messages.success(request, str(_("Saved.")))
        return redirect("case-print", case.pk)
    journal.record(journal.VIEW, by=request.user, case=case, thing="print")
    rows = slip_rows(case, round, members)
    context = {
        "section": "cases",
        "case": case,
        "pupil_name": case.pupil.first_name,
        "rows": rows,
        "spare": spare(len(rows)),
        "pages": -(-(len(rows) + spare(len(rows))) // SLIPS_ON_A_PAGE) if rows else 0,
        "empty": [row["name"] for row in rows if not row["text"]],
        "named": [row["name"] for row in rows if row["has_name"]],
        "warned": [row["name"] for row in rows if row["words"]],
        "reworded": [row["name"] for row in rows if row["changed"] and not row["kept"]],
        "long": [row["name"] for row in rows if row["long"] == "long"],
    }
    return render(request, "cases/print.html", context)


def slip_rows(case, round, members) -> list[dict]:
    """For each member the text on the slip: the idea without the supported pupil's name, or as reworded."""
    first_name = case.pupil.first_name
    names_of = _names_around(case, members)
    rows = []
    ideas = slip_texts.ideas_of(round)
    for member in members:
        idea = ideas.get(member.pk)
        spoken = idea.text if idea else ""
        text = (idea.slip if idea and idea.slip else without_name(spoken, first_name)) if spoken else ""
        rows.append(
            {
                "member": member,
                "name": member.pupil.first_name,
                "spoken": spoken,
                "text": text,
                "kept": bool(idea and idea.slip),
                "changed": bool(spoken) and text != spoken,
                "has_name": bool(text) and without_name(text, first_name) != text,
                "words": [*forbidden_in(text), *_named_in(text, names_of - {member.pupil.first_name})],
                "long": too_long(text),
            }
        )
    return rows


def _names_around(case, members) -> set[str]:
    """First names that do not go on anybody else's slip: the pupil's, the group's, those of the class."""
    found = {case.pupil.first_name, *(member.pupil.first_name for member in members)}
    if case.pupil.group_id:
        found.update(
            Pupil.objects.filter(group_id=case.pupil.group_id, active=True).values_list(
                "first_name", flat=True
            )
        )
    return found


def _named_in(text, first_names) -> list[str]:
    """The first names that stand in a text as words of their own."""
    return sorted(name for name in first_names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def spare(count) -> int:
    """Empty slips that fill the last page."""
    return -count % SLIPS_ON_A_PAGE


@transaction.non_atomic_requests
@require_GET
@for_case("case.print")
def slips(request, case):
    """The task slips as PDF. Text that a pupil must not read stays off: its slip is left empty."""
    round = appointments.current_round(case)
    rows = slip_rows(case, round, members_of(round))
    journal.record(journal.PRINT, by=request.user, case=case, thing=f"slips/{len(rows)}")
    cards = [Slip(row["name"], "" if row["words"] else row["text"]) for row in rows]
    try:
        data = task_slips(
            cards,
            signed=request.user.for_pupils,
            language=get_language(),
            spare=spare(len(cards)),
            school_name=case.school.name,
        )
    except press.PaperRefused as refused:
        messages.error(request, str(refused.message))
        return redirect("case-print", case.pk)
    return paper(data, "kaartjes.pdf")


@transaction.non_atomic_requests
@require_GET
@for_case("case.print")
def sheet(request, case):
    """The conversation sheet of the first talk, with the name and the days to choose from."""
    journal.record(journal.PRINT, by=request.user, case=case, thing="sheet")
    round = appointments.current_round(case)
    window = appointments.window_of(round, Appointment.PUPIL)
    data = conversation_sheet(
        name=case.pupil.first_name,
        language=get_language(),
        window=(window.first, window.last) if window else None,
        school_name=case.school.name,
    )
    return paper(data, "gespreksblad.pdf")


@transaction.non_atomic_requests
@require_GET
@for_staff("case.open")
def blank_sheet(request):
    """The conversation sheet for the drawer: no name."""
    school = request.membership.school
    journal.record(journal.PRINT, by=request.user, school=school, thing="blank sheet")
    data = conversation_sheet(name=None, language=get_language(), window=None, school_name=school.name)
    return paper(data, "gespreksblad.pdf")


def paper(data: bytes, filename: str) -> HttpResponse:
    """A PDF to look at and print, under a name that says nothing."""
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
