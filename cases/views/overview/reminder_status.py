"""The page "Reminders": whether the clock runs, what waits, and mails that could not be sent."""

import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ...actions import failed_mails
from ...models import DailyMail, Reminder, SweepRun
from ...reminders.monitor import orphaned_cases
from ..decorators import staff_view

SILENT_AFTER = datetime.timedelta(hours=1)
RUNS_SHOWN, FAILED_A_PAGE = 10, 50


def silence(now=None):
    """What overview/_reminders_silent.html says: whether the clock has been ``silent`` for more
    than an hour, whether it ``never_looked`` what was due, and when it did last.
    """
    now = now or timezone.now()
    went_well = SweepRun.objects.filter(error="").exclude(ended_at=None)
    last = went_well.order_by("-started_at").values_list("started_at", flat=True).first()
    return {
        "silent": last is None or now - last > SILENT_AFTER,
        "never_looked": last is None,
        "last_looked_at": last,
    }


def failed_in(school):
    """The mails that failed for good, of people who work at this school: newest first."""
    return (
        DailyMail.objects.filter(
            state=DailyMail.FAILED,
            recipient__memberships__school=school,
            recipient__memberships__active=True,
        )
        .select_related("recipient")
        .order_by("-date", "pk")
    )


@staff_view("school.reminders")
def reminder_status(request):
    """For who looks after the application at a school: the last times it looked, the queue, the
    failures.
    """
    school = request.membership.school
    today = school.today()
    waiting = Reminder.objects.filter(school=school, state=Reminder.DUE)
    page = Paginator(failed_in(school), FAILED_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "reminders",
        **silence(),
        "runs": SweepRun.objects.all()[:RUNS_SHOWN],
        "due": waiting.filter(due_on__lte=today).count(),
        "ahead": waiting.filter(due_on__gt=today).count(),
        "trying": DailyMail.objects.filter(
            recipient__memberships__school=school,
            state=DailyMail.DUE,
            attempts__gt=0,
            date__gte=today,
        ).count(),
        "page": page,
        "alone": orphaned_cases(untold=False).filter(school=school).count(),
    }
    return render(request, "overview/reminder_status.html", context)


@require_POST
@staff_view("school.reminders")
def send_failed_again(request):
    """Let a failed mail, or all of them, go along with the next sweep."""
    school = request.membership.school
    wanted = failed_in(school)
    if (chosen := request.POST.get("mail", "")) != "all":
        wanted = [mail for mail in wanted if str(mail.pk) == chosen]
    count = failed_mails.send_again(wanted, school, by=request.user)
    if count:
        messages.success(
            request,
            _(
                "It goes along with the next mail: today if that can still be sent, otherwise on "
                "the next school day."
            ),
        )
    else:
        messages.info(request, _("There is nothing to send again."))
    return redirect("reminders")
