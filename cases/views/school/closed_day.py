"""One closed day, or a run of them: add, change, remove."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ...actions import closed_days
from ...forms.school_forms import ClosedForm
from ...models import ClosedDay
from ...schooldays import regions
from ..decorators import staff_view
from ..pending_posts import discard_post, restore_post


@staff_view("school.settings", keeps_pending_post=True)
def add_closed_day(request):
    """Type a closed day in."""
    school = request.membership.school
    form = ClosedForm(school, request.POST if request.method == "POST" else restore_post(request))
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            row, new = closed_days.add_closed(
                school, cleaned["first"], cleaned["last"], cleaned["name"], by=request.user
            )
        except closed_days.TooManyClosedDays:
            form.add_error(None, _("There are too many closed days. Remove some first."))
        else:
            discard_post(request)
            if new:
                messages.success(request, _("Added: %(name)s.") % {"name": row.name})
            else:
                messages.info(request, _("This was in the list already."))
            return redirect(at_year(row.first))
    context = {"section": "school", "form": form, "row": None}
    return render(request, "school/closed_day.html", context, status=422 if form.errors else 200)


@staff_view("school.settings", keeps_pending_post=True)
def change_closed_day(request, pk):
    """Change or remove a closed day."""
    school = request.membership.school
    row = get_object_or_404(ClosedDay, school=school, pk=pk)
    if request.method == "POST" and request.POST.get("go") == "remove":
        closed_days.remove_closed(school, pk, by=request.user)
        discard_post(request)
        messages.success(request, _("Removed: %(name)s.") % {"name": row.name})
        return redirect(at_year(row.first))
    form = ClosedForm(
        school, request.POST if request.method == "POST" else restore_post(request), row=row
    )
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            closed_days.change_closed(
                school, pk, cleaned["first"], cleaned["last"], cleaned["name"], by=request.user
            )
        except ValueError:
            form.add_error(None, _("There is a line with these days and this name already."))
        else:
            discard_post(request)
            messages.success(request, _("Saved."))
            return redirect(at_year(cleaned["first"]))
    context = {"section": "school", "form": form, "row": row}
    return render(request, "school/closed_day.html", context, status=422 if form.errors else 200)


def at_year(day) -> str:
    """The list of the school year in which a day lies."""
    return f"{reverse('school')}?year={regions.school_year(day)}"
