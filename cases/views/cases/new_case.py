"""Opening a case: the pupil is chosen, and whether this is the right approach is thought over."""

import uuid

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ...actions import cases
from ...forms.opening_form import OpeningForm
from ...method import METHOD
from ...models import Case
from ..decorators import staff_view
from ..pending_posts import discard_post, restore_post
from . import presenters


@staff_view("case.open", keeps_pending_post=True)
def new_case(request):
    """Choose the pupil, think whether this is the right approach (B4), and begin."""
    school = request.membership.school
    data = request.POST if request.method == "POST" else restore_post(request)
    form = OpeningForm(school, request.user, data, initial={"client_key": uuid.uuid4()})
    if request.method == "POST" and request.POST.get("go") != "search" and form.is_valid():
        try:
            case = cases.open_case(school, by=request.user, **form.opening())
        except cases.AlreadyRunning as running:
            messages.info(
                request, _("A support plan is already running for this pupil. This is it.")
            )
            return redirect("case", running.case.pk)
        discard_post(request)
        if case.status == Case.ELSEWHERE:
            return redirect("case", case.pk)
        return redirect(presenters.next_url(case))
    if request.POST.get("go") == "search":
        form = OpeningForm(school, request.user, None, initial=form.as_typed())
    context = {
        "section": "cases",
        "form": form,
        "page": form.page,
        "pupil_name": "",
        "principles": METHOD.mind,
    }
    return render(request, "cases/open_case.html", context, status=422 if form.errors else 200)
