"""Paper of a case as a file, and as pictures of its pages to look at first."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ...actions import journal, print_requests
from ...printing import documents, pdf_merge
from ...printing.documents import REPORT, SLIPS
from ...printing.pdf_rendering import PaperRefused
from ..decorators import case_view
from ..page_parts import is_part
from ..uploads import image_response
from .print_page import context_for, query


def given(data: bytes, filename: str) -> HttpResponse:
    """A PDF to look at and print, under a name that says nothing."""
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def line_of(print_context, paper) -> dict:
    """What the journal says of a print: which paper and, of the report, which parts."""
    thing = f"{SLIPS}/{len(print_context.members)}" if paper.key == SLIPS else paper.key
    parts = [*print_context.choices.parts] if paper.key == REPORT else []
    return {"thing": thing, "fields": parts}


@transaction.non_atomic_requests
@require_GET
@case_view("case.print")
def paper_file(request, case, key, filename):
    """The paper as PDF. What is too much to wait for goes by way of its own page."""
    print_context, paper = context_for(request, case, key)
    if filename != paper.filename:
        raise Http404
    back = reverse("case-paper", args=[case.pk, key]) + query(print_context)
    try:
        parts = documents.document_parts(print_context, paper)
        if sum(part.pages for part in parts) > settings.PRINT_DIRECT_PAGES:
            messages.info(
                request,
                _("This is a lot of paper. Press “Make it ready”: then you see how far it is."),
            )
            return redirect(back)
        made = pdf_merge.made(parts)
    except PaperRefused as refused:
        messages.error(request, str(refused.message))
        return redirect(back)
    # Written when there is paper and before it leaves: what was refused was not printed.
    journal.record(
        journal.PRINT, by=request.user, case=print_context.case, **line_of(print_context, paper)
    )
    return given(made, paper.filename)


@require_POST
@case_view("case.print")
def order_print(request, case, key):
    """Have a paper made by the worker; its own page says how far it is."""
    print_context, paper = context_for(request, case, key)
    try:
        client_key = uuid.UUID(request.POST.get("client_key", ""))
        parts = documents.document_parts(print_context, paper)
        asked = {
            "items": [{"case": str(case.pk), "paper": key, **line_of(print_context, paper)}],
            "choices": print_context.choices.as_json(),
        }
        job = print_requests.ask_print(
            case.school,
            asked,
            language=print_context.language,
            filename=paper.filename,
            total=len(parts),
            by=request.user,
            client_key=client_key,
        )
    except PaperRefused as refused:
        messages.error(request, str(refused.message))
    except print_requests.TooManyJobs:
        messages.error(
            request, _("You have asked for a lot of paper already. Wait until some of it is ready.")
        )
    except ValueError:
        messages.error(request, _("Please press once more"))
    else:
        # in the journal when it is fetched: now there is no paper yet
        return redirect("print-job", job.pk)
    return redirect("case-paper", case.pk, key)


@transaction.non_atomic_requests
@require_GET
@case_view("case.print")
def paper_preview(request, case, key):
    """The pages of a paper as pictures: a part of the print page, or a page of its own."""
    print_context, paper = context_for(request, case, key)
    with transaction.atomic():
        journal.record(journal.VIEW, by=request.user, case=case, thing=f"preview/{key}")
    pages, refused = [], ""
    behind = query(print_context)
    try:
        shown = pdf_merge.sizes(pdf_merge.made(documents.document_parts(print_context, paper)))
    except PaperRefused as error:
        shown, refused = [], str(error.message)
    for number, (width, height) in enumerate(shown[: pdf_merge.MOST_SHOWN], start=1):
        url = reverse("case-paper-picture", args=[case.pk, key, number]) + behind
        pages.append({"number": number, "url": url, "width": width, "height": height})
    context = {
        "section": "cases",
        "case": case,
        "paper": paper,
        "pages": pages,
        "of": len(shown),
        "more": max(0, len(shown) - pdf_merge.MOST_SHOWN),
        "refused": refused,
        "back": reverse("case-paper", args=[case.pk, key]) + behind,
    }
    template = "printing/_preview.html" if is_part(request) else "printing/preview.html"
    return render(request, template, context)


@transaction.non_atomic_requests
@require_GET
@case_view("case.print")
def preview_picture(request, case, key, number):
    """One page of a paper as PNG; made for this look only and kept nowhere."""
    print_context, paper = context_for(request, case, key)
    with transaction.atomic():
        journal.record(
            journal.VIEW, by=request.user, case=case, thing=f"preview/{paper.key}/{number}"
        )
    if number > pdf_merge.MOST_SHOWN:
        raise Http404
    try:
        body = pdf_merge.picture(
            pdf_merge.made(documents.document_parts(print_context, paper)), number
        )
    except (IndexError, PaperRefused):
        raise Http404 from None
    return image_response(body, "image/png")
