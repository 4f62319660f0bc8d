"""Taking over the school holidays of a region: choose, see what would change, confirm."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ...actions import closed_days
from ...forms.school_forms import RegionForm
from ...schooldays import regions
from ..decorators import staff_view
from ..pending_posts import discard_post, restore_post
from .school_days import year_words


@staff_view("school.settings", keeps_pending_post=True)
def region_holidays(request):
    """GET with a region shows its holidays by school year and what would change; POST takes them
    over.
    """
    school = request.membership.school
    typed = request.POST if request.method == "POST" else _kept(request)
    asked = request.GET if typed is None and "region" in request.GET else typed
    form = RegionForm(school, asked)
    chosen = form.cleaned_data["region"] if form.is_bound and form.is_valid() else ""
    if request.method == "POST" and chosen:
        years = form.chosen_years(request.POST.getlist("year"))
        if years:
            return _take_over(request, school, chosen, years)
        form.add_error(None, _("Choose at least one school year."))
    context = {
        "section": "school",
        "form": form,
        "chosen": chosen,
        "source": regions.SOURCES[regions.REGIONS[chosen][0]].named if chosen else "",
        "plans": _plans(school, form, chosen, typed) if chosen else [],
    }
    return render(
        request, "school/region_holidays.html", context, status=422 if form.errors else 200
    )


def _kept(request):
    """What was chosen when the sign-in had ended, unless another region was asked for since."""
    kept = restore_post(request)
    asked = request.GET.get("region")
    return kept if kept and asked in (None, kept.get("region")) else None


def _plans(school, form, region, typed):
    """For each school year: its holidays with what would happen to each, or that there are no dates
    yet.
    """
    posted = typed.getlist("year") if typed is not None else None
    plans = []
    for year in form.years:
        known = bool(regions.breaks(region, year))
        plan = closed_days.plan_region(school, region, [year])
        lines = [(each, "new") for each in plan.new] + [(each, "same") for each in plan.same]
        lines += [(each, "yours") for each in plan.yours]
        plans.append(
            {
                "year": year,
                "words": year_words(year),
                "known": known,
                "ticked": str(year) in posted if posted is not None else year <= form.years[0] + 1,
                "lines": sorted(lines, key=lambda line: line[0]),
                # Choosing one year with another region takes away later years of the old one as
                # well.
                "gone": [row for row in plan.gone if regions.school_year(row.first) == year],
            }
        )
    return plans


def _take_over(request, school, region, years):
    try:
        plan = closed_days.use_region(school, region, years, by=request.user)
    except closed_days.TooManyClosedDays:
        messages.error(request, _("There are too many closed days. Remove some first."))
        return redirect("school")
    discard_post(request)
    params = {"new": len(plan.new), "gone": len(plan.gone)}
    messages.success(request, _("School holidays added: %(new)s. Removed: %(gone)s.") % params)
    return redirect("school")
