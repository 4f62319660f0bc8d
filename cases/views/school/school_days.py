"""The school's days: the list of closed days by school year, the week and country, the windows."""

import datetime

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ...actions import closed_days, journal, school_settings
from ...formats.dates import named
from ...forms.school_forms import SettingsForm, WindowsForm
from ...models import Appointment, Case, ClosedDay
from ...schooldays import regions
from ..decorators import staff_view
from ..pending_posts import discard_post, restore_post

CLASHES_SHOWN = 50


@require_GET
@staff_view("school.settings")
def school_days(request):
    """The closed days of one school year, and what is planned on a day without school."""
    school = request.membership.school
    present = regions.school_year(school.today())
    years = list(range(present, present + regions.YEARS_OFFERED))
    asked = request.GET.get("year", "")
    year = int(asked) if asked in {str(each) for each in (present - 1, *years)} else present
    context = {
        "section": "school",
        "rows": rows_of(school, year),
        "year": year,
        "years": [
            {
                "label": year_words(each),
                "url": f"{reverse('school')}?year={each}",
                "current": each == year,
            }
            for each in years
        ],
        "year_words": year_words(year),
        "region": regions.REGIONS[school.region][2] if school.region in regions.REGIONS else "",
        **_clashes(request, school),
    }
    return render(request, "school/school_days.html", context)


def year_words(year) -> str:
    """ "2026–2027"."""
    return f"{year}–{year + 1}"


def rows_of(school, year) -> list[dict]:
    """The closed days and the public holidays of a school year, in order, as the page shows
    them.
    """
    first = regions.first_day(year)
    last = regions.first_day(year + 1) - datetime.timedelta(days=1)
    rows = [
        {
            "first": each.first,
            "last": each.last,
            "name": each.name,
            "source": each.get_source_display(),
            "url": reverse("school-day", args=[each.pk]),
        }
        for each in ClosedDay.objects.filter(school=school, first__range=(first, last))
    ]
    calendar = school.calendar()
    for offset in range((last - first).days + 1):
        day = first + datetime.timedelta(days=offset)
        closed = calendar.closed_because(day)
        if closed and closed.kind == "holiday" and day.weekday() not in calendar.free_weekdays:
            rows.append(
                {
                    "first": day,
                    "last": day,
                    "name": closed.label,
                    "source": _("public holiday"),
                    "url": "",
                }
            )
    return sorted(rows, key=lambda row: (row["first"], row["last"], row["name"]))


def _clashes(request, school):
    """What is planned on a day without school: which, for who may see cases; for others only how
    many.
    """
    planned = closed_days.appointments_on_closed(school)
    if not request.user.has_perm("case.open"):
        return {"clashes": [], "clash_count": planned.count()}
    seen = planned.filter(case__in=Case.objects.visible_to(request.user))
    shown = list(seen[:CLASHES_SHOWN])
    if shown:
        journal.record(
            journal.VIEW,
            by=request.user,
            school=school,
            thing="school",
            fields={each.case.code for each in shown},
        )
    calendar, kinds = school.calendar(), dict(Appointment.KINDS)
    rows = [
        {
            "code": each.case.code,
            "url": reverse("case", args=[each.case_id]),
            "what": named(kinds[each.kind], ""),
            "on": each.date,
            "why": closed.label if (closed := calendar.closed_because(each.date)) else "",
        }
        for each in shown
    ]
    return {
        "clashes": rows,
        "clash_count": seen.count() if len(shown) == CLASHES_SHOWN else len(shown),
    }


@staff_view("school.settings", keeps_pending_post=True)
def edit_settings(request):
    """The week, the free afternoons, the country, and when the coordinator hears of what is
    late.
    """
    school = request.membership.school
    form = SettingsForm(school, request.POST if request.method == "POST" else restore_post(request))
    if request.method == "POST" and form.is_valid():
        changed = school_settings.change_settings(school, form.values(), by=request.user)
        discard_post(request)
        if changed:
            messages.success(request, _("Saved."))
        return redirect("school")
    context = {"section": "school", "form": form, "version": settings.VERSION}
    return render(
        request, "school/school_settings.html", context, status=422 if form.errors else 200
    )


@staff_view("school.settings", keeps_pending_post=True)
def school_windows(request):
    """First and last day of each window; back to the guide's values with one button."""
    school = request.membership.school
    if request.method == "POST" and request.POST.get("go") == "guide":
        school_settings.change_windows(school, {}, by=request.user)
        discard_post(request)
        messages.success(request, _("The values of the guide count again."))
        return redirect("school-windows")
    form = WindowsForm(school, request.POST if request.method == "POST" else restore_post(request))
    if request.method == "POST" and form.is_valid():
        school_settings.change_windows(school, form.own(), by=request.user)
        discard_post(request)
        messages.success(request, _("Saved."))
        return redirect("school")
    context = {
        "section": "school",
        "form": form,
        "rows": list(form.rows()),
        "own": bool(school.windows),
    }
    return render(
        request, "school/school_windows.html", context, status=422 if form.errors else 200
    )
