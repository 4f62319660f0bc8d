"""The coordinator's list: overdue first, then without a date, then by date."""

from typing import cast

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.shortcuts import render

from ...actions import journal
from ...method import METHOD
from ...models import Case, ClassGroup, Membership, Pupil, User
from ...people import names
from ..cases import presenters
from ..cases.pupil_search import as_uuid
from ..decorators import staff_view
from . import reminder_status

PER_PAGE = 25


class QuerySetSequence:
    """Query sets shown one after the other as one list: counted and cut by the database, never
    loaded whole.

    Only keys are put in order, which an index holds; the rows themselves, with what ``whole`` joins
    to them, are fetched for the keys of one page.
    """

    def __init__(self, whole, parts, counts):
        self.whole, self.parts, self.counts = whole, parts, counts

    def __len__(self):
        return sum(self.counts)

    count = __len__

    def __getitem__(self, wanted):
        start, stop = wanted.start or 0, wanted.stop if wanted.stop is not None else len(self)
        keys = []
        for part, count in zip(self.parts, self.counts, strict=True):
            if start < count and stop > 0:
                keys += part.values_list("pk", flat=True)[max(start, 0) : min(stop, count)]
            start, stop = start - count, stop - count
        rows = self.whole.in_bulk(keys)
        return [rows[key] for key in keys if key in rows]


UNDATED = Q(next_agreed=False)  # a day has to be chosen; ``next_date`` is the day by which


def overdue_before(calendar, today):
    """What was planned before this day is overdue: a school day has passed since, not just a
    weekend.
    """
    return today if calendar.is_school_day(today) else calendar.add_school_days(today, -1)


def by_urgency(cases, before) -> QuerySetSequence:
    """Overdue first (planned ``before``), then without a date (the ones nobody sees), then by
    date.
    """
    late = Q(next_date__lt=before)
    undated = UNDATED & (Q(next_date__gte=before) | Q(next_date=None))
    ahead = ~UNDATED & Q(next_date__gte=before)
    counts = cases.aggregate(  # in one pass: a search by name has to look at every pupil
        late=Count("pk", filter=late),
        undated=Count("pk", filter=undated),
        ahead=Count("pk", filter=ahead),
    )
    return QuerySetSequence(
        cases.select_related("school", "pupil", "pupil__group", "leader", "next_owner"),
        [
            cases.filter(late).order_by("next_date", "pk"),
            cases.filter(undated).order_by(F("next_date").asc(nulls_first=True), "pk"),
            cases.filter(ahead).order_by("next_date", "pk"),
        ],
        [counts["late"], counts["undated"], counts["ahead"]],
    )


def filtered(request, cases):
    """The cases that fit the filters of the address; a filter that makes no sense filters
    nothing.
    """
    school_id = request.membership.school_id
    wanted = request.GET
    if wanted.get("state") in dict(Case.STATUSES):
        cases = cases.filter(status=wanted["state"])
    else:
        cases = cases.filter(status__in=Case.RUNNING)
    if leader := _one(User.objects.filter(memberships__school_id=school_id), wanted.get("leader")):
        cases = cases.filter(leader=leader)
    if group := _one(ClassGroup.objects.filter(school_id=school_id), wanted.get("group")):
        cases = cases.filter(pupil__group=group)
    if wanted.get("step") in {step.key for step in METHOD.steps}:
        cases = cases.filter(step=wanted["step"])
    if names.search_words(wanted.get("q", "")[:80]):
        pupils = Pupil.objects.filter(school_id=school_id).named(wanted["q"][:80])
        cases = cases.filter(pupil__in=pupils)
    return cases


def _one(rows, pk):
    return rows.filter(pk=as_uuid(pk)).first() if pk and as_uuid(pk) else None


def rows_of(cases, calendar, today) -> list[dict]:
    return [
        {
            "case": case,
            "tiles": presenters.tiles(case),
            "label": presenters.path_label(case),
            "todo": presenters.next_todo(case),
            "late": presenters.late_days(case, calendar, today),
            "today": case.next_date == today,
        }
        for case in cases
    ]


def list_context(request, cases, section) -> dict:
    """What every list of cases shows: one page of the cases that fit the filters of the address.
    That they were looked at is written in the journal, under the name of the ``section``.
    """
    school = request.membership.school
    today, calendar = school.today(), school.calendar()
    found = by_urgency(filtered(request, cases), overdue_before(calendar, today))
    # a paginator only counts and cuts
    page = Paginator(cast("QuerySet[Case]", found), PER_PAGE).get_page(request.GET.get("page"))
    rows = rows_of(page.object_list, calendar, today)
    journal.record(
        journal.VIEW,
        by=request.user,
        school=school,
        thing=f"{section}/{page.number}",
        fields=[row["case"].code for row in rows],
    )
    return {
        "section": section,
        "page": page,
        "rows": rows,
        "wanted": request.GET,
        "statuses": Case.STATUSES,
        "query": _query(request),
    }


@staff_view("school.overview")
def case_overview(request):
    """Every running case of the school, with filters that are part of the address."""
    school = request.membership.school
    today = school.today()
    before = overdue_before(school.calendar(), today)
    everything = Case.objects.visible_to(request.user)
    running = everything.running()
    context = {
        **list_context(request, everything, "overview"),
        "today": today,
        "running": running.count(),
        "late": running.filter(next_date__lt=before).count(),
        "without_date": running.filter(
            UNDATED, Q(next_date__gte=before) | Q(next_date=None)
        ).count(),
        **reminder_status.silence(),
        "leaders": User.objects.filter(
            pk__in=Membership.objects.filter(
                school=school, active=True, role__in=Membership.TEACHING
            ).values("user_id")
        ).order_by("name"),
        "groups": ClassGroup.objects.filter(school=school, active=True),
        "steps": METHOD.steps,
    }
    return render(request, "overview/case_overview.html", context)


def _query(request):
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()
