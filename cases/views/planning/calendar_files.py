"""Appointments for one's own calendar program: a private address to subscribe to, and files to take
along.
"""

from itertools import groupby

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from ... import calendar_feed
from ...actions import journal, personal_settings
from ...models import Appointment
from ..decorators import calendar_address_view, case_view, staff_view

READS_AN_HOUR = 60
HOUR = 3600


@require_safe
@calendar_address_view
def subscribed_calendar(request, secret):
    """A person's appointments, for whoever has the address. Whatever is wrong with it: 404, without
    a reason.
    """
    found = personal_settings.feed_of(secret)
    if found is None:
        return _plain(404)
    if not _may_read(found):
        return _plain(429)
    personal_settings.note_read(found)
    schools = found.user.memberships.filter(active=True).values_list("school__timezone", flat=True)
    data = calendar_feed.calendar_file(calendar_feed.own_appointments(found.user), zones=schools)
    return _file(data, "inline")


@require_GET
@staff_view("case.open")
def own_calendar(request):
    """All of one's own appointments as a file."""
    appointments = calendar_feed.own_appointments(request.user)
    data = calendar_feed.calendar_file(appointments, zones=[request.membership.school.timezone])
    by_school = sorted(appointments, key=lambda each: str(each.school_id))
    for school, theirs in groupby(by_school, key=lambda each: each.school):
        codes = {each.case.code for each in theirs}
        journal.record(journal.VIEW, by=request.user, school=school, thing="calendar", fields=codes)
    return _file(data, "attachment")


@require_GET
@case_view("case.edit")
def appointment_file(request, case, pk):
    """One appointment of a case as a file. Saved again after it was moved, it moves in the calendar
    as well.
    """
    found = (
        Appointment.objects.filter(case=case, pk=pk)
        .select_related("school", "case", "round")
        .first()
    )
    if found is None:
        raise Http404
    thing = f"{found.round.number}/calendar/{found.kind}"
    journal.record(journal.VIEW, by=request.user, case=case, thing=thing)
    return _file(calendar_feed.calendar_file([found]), "attachment")


def _may_read(found) -> bool:
    """Whether this address was read fewer than sixty times in this hour; counts this time as
    well.
    """
    key = f"feed/{found.pk}/{int(timezone.now().timestamp()) // HOUR}"
    cache.add(key, 0, HOUR)
    try:
        count = cache.incr(key)
    except ValueError:  # thrown out of a full cache in between
        return True
    cache.touch(key, HOUR)  # a cache in the database forgets the time when it counts
    return count <= READS_AN_HOUR


def _file(data, how):
    response = HttpResponse(data, content_type=calendar_feed.CONTENT_TYPE)
    response["Content-Disposition"] = f'{how}; filename="{calendar_feed.FILE_NAME}"'
    response["Cache-Control"] = "no-store"
    return response


def _plain(status):
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(HOUR)} if status == 429 else {})
    return HttpResponse(status=status, content_type="text/plain; charset=utf-8", headers=headers)
