"""Today: what comes first, one's own cases, the two weeks ahead."""

import datetime

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ... import access
from ...actions import journal
from ...method import METHOD
from ...models import Appointment, Case
from ...next_actions import DRAFT, NEXT_ACTIONS, kind_to_plan
from ..cases.presenters import heading_of, late_days, next_todo, path_label, tiles, todo_of
from ..decorators import staff_view
from . import reminder_status
from .case_overview import overdue_before
from .todo import FIRST_SHOWN, todo_items

CASES_SHOWN, PAUSED_SHOWN, AHEAD_DAYS = 20, 10, 14


@staff_view()
def today_page(request):
    """The day of the person who looks: never more rows than fit a screen, whatever there is."""
    if not access.may(request.user, "case.open"):
        return _without_cases(request)
    coordinates = request.user.has_perm("school.overview")
    if (
        coordinates
        and not Case.objects.visible_to(request.user).running().filter(leader=request.user).exists()
    ):
        return redirect("overview")
    school, today = request.membership.school, request.membership.school.today()
    calendar = school.calendar()
    due = todo_items(request.user, today)[:FIRST_SHOWN]
    running = list(_mine(request.user).order_by("next_date", "pk")[:CASES_SHOWN])
    ahead = list(_ahead(request.user, today))
    paused = list(_paused(request.user)[:PAUSED_SHOWN])
    aftercare = list(_aftercare(request.user)[:PAUSED_SHOWN])
    in_sight = (
        *(each.case for each in due),
        *running,
        *paused,
        *aftercare,
        *(each.case for each in ahead),
    )
    shown = {case.code for case in in_sight}
    journal.record(journal.VIEW, by=request.user, school=school, thing="home", fields=shown)
    context = {
        "section": "home",
        "today": today,
        "due": [_due_row(each, calendar, today) for each in due],
        **(reminder_status.silence() if coordinates else {}),
        "late_elsewhere": _late_elsewhere(request.user, calendar, today) if coordinates else 0,
        "aftercare": aftercare,
        "cases": [_case_row(case, calendar, today) for case in running],
        "running": _mine(request.user).count(),
        "paused": paused,
        "resting": Case.objects.visible_to(request.user).filter(status=Case.CLOSED).count(),
        "agenda": _agenda(ahead, calendar, today),
        "to_print": _to_print(ahead, calendar, today),
        "sentence": _sentence(due, calendar, today),
        "next_appointment": ahead[0] if ahead else None,
    }
    return render(request, "overview/today.html", context)


def _without_cases(request):
    """The first page of who looks after the school and sees no case."""
    if not request.user.has_perm("school.reminders"):
        raise PermissionDenied
    context = {"section": "home", **reminder_status.silence()}
    return render(request, "overview/today_administrator.html", context)


def _mine(user):
    return (
        Case.objects.visible_to(user)
        .filter(status=Case.OPEN, leader=user)
        .select_related("school", "pupil", "pupil__group")
    )


def _paused(user):
    """What waits for a pupil who did not want it yet, or was not sure: soonest asked again
    first.
    """
    cases = Case.objects.visible_to(user).filter(status=Case.PAUSED, leader=user)
    return cases.select_related("pupil").order_by("next_date", "pk")


def _late_elsewhere(user, calendar, today) -> int:
    """How many cases of others are overdue: a coordinator's mail speaks of those as well (B1)."""
    late = (
        Case.objects.visible_to(user)
        .running()
        .filter(next_date__lt=overdue_before(calendar, today))
    )
    return late.exclude(next_owner=user).count()


def _aftercare(user):
    """What got better and is only asked about once in a while: the next one first."""
    cases = Case.objects.visible_to(user).filter(status=Case.AFTERCARE, leader=user)
    return cases.select_related("pupil").order_by("next_date", "pk")


def _ahead(user, today):
    return (
        Appointment.objects.filter(
            owner=user,
            state=Appointment.PLANNED,
            date__gt=today,
            date__lte=today + datetime.timedelta(days=AHEAD_DAYS),
            case__in=Case.objects.visible_to(user).filter(status__in=[Case.OPEN, Case.AFTERCARE]),
        )
        .select_related("case", "case__pupil", "case__pupil__group")
        .order_by("date", "time", "pk")[:20]
    )


def _due_row(each, calendar, today):
    case, draft = each.case, each.kind == DRAFT
    late = 0 if draft or each.date >= today else calendar.school_days_between(each.date, today)
    return {
        "case": case,
        "draft": draft,
        "on": each.date,
        "at": each.time,
        "late": late,
        "today": each.date == today,
        "heading": heading_of(each.kind, case),
        "todo": todo_of(each.kind),
        "adds": _says_more(each.kind),
        "url": _url_of(each),
    }


def _says_more(kind) -> bool:
    return kind in NEXT_ACTIONS and NEXT_ACTIONS[kind].says_more


def _url_of(each):
    if planned := kind_to_plan(each.kind):
        return reverse("case-plan", args=[each.case.pk, planned])
    direct = each.kind in (DRAFT, each.case.next_kind)
    return reverse("case-next" if direct else "case", args=[each.case.pk])


def _case_row(case, calendar, today):
    step = METHOD.step(case.step)
    return {
        "case": case,
        "tiles": tiles(case),
        "label": path_label(case),
        "number": METHOD.number(case.step),
        "title": step.title,
        "todo": next_todo(case),
        "late": late_days(case, calendar, today),
        "today": case.next_date == today,
    }


def _agenda(ahead, calendar, today):
    """The days ahead with something on them, and the first run of free days in between."""
    rows = [{"day": each.date, "at": each.time, "appointment": each} for each in ahead]
    for offset in range(1, AHEAD_DAYS + 1):
        day = today + datetime.timedelta(days=offset)
        closed = calendar.closed_because(day)
        if closed and closed.kind != "weekend":
            rows.append({"day": day, "at": None, "closed": closed.label})
    return sorted(rows, key=lambda row: (row["day"], row["at"] or datetime.time.min))


def _to_print(ahead, calendar, today):
    """First talks on the next school day: their sheet can be laid out now."""
    tomorrow = calendar.next_school_day(today, inclusive=False)
    return [each for each in ahead if each.kind == Appointment.TALK and each.date <= tomorrow]


def _sentence(due, calendar, today):
    late = sum(
        1 for each in due if each.kind != DRAFT and calendar.school_days_between(each.date, today)
    )
    now = len(due) - late
    parts = []
    if now:
        parts.append(
            ngettext(
                "Today there is %(n)s thing to do.", "Today there are %(n)s things to do.", now
            )
            % {"n": now}
        )
    if late:
        parts.append(
            ngettext("%(n)s thing is overdue.", "%(n)s things are overdue.", late) % {"n": late}
        )
    return " ".join(parts) or _("Nothing has to be done today.")
