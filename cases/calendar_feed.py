"""Appointments as an iCalendar file (RFC 5545): for a subscribed calendar, and to take along one by
one.

A calendar is seen by others: on a phone, on a screen at the wall, by the firm that keeps it. So
there is nothing in it but a day, a time and one of a few titles that say nothing. No name, class,
code, school, description or link.
"""

import copy
import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, Q
from django.utils import timezone, translation
from django.utils.translation import pgettext_lazy
from icalendar import Calendar, Event

from .models import Appointment, Case, JournalEntry
from .schooldays.time_zones import vtimezone

DAYS_BACK, DAYS_AHEAD, MOST = 60, 400, 500
# then every program that reads along has crossed it out
CALLED_OFF_FOR = datetime.timedelta(days=14)
READ_AGAIN = datetime.timedelta(hours=4)  # how often a calendar program is asked to look
CONTENT_TYPE = "text/calendar; charset=utf-8"
FILE_NAME = "agenda.ics"

_TALK = pgettext_lazy("title in a calendar", "Short talk")
TITLES = {
    Appointment.TALK: _TALK,
    Appointment.MEETING: pgettext_lazy("title in a calendar", "Meeting"),
    Appointment.PUPIL: _TALK,
    Appointment.MEMBERS: pgettext_lazy("title in a calendar", "Short talks"),
    Appointment.INTERIM: pgettext_lazy("title in a calendar", "Short moment"),
    **dict.fromkeys(Appointment.LATER, _TALK),
}
CALLED_OFF = pgettext_lazy("title in a calendar", "Called off: %(what)s")
MINUTES = {
    Appointment.TALK: 30,
    Appointment.MEETING: 45,
    Appointment.PUPIL: 20,
    Appointment.MEMBERS: 45,  # one block: whom to call first is decided on the day
    Appointment.INTERIM: 5,
    **dict.fromkeys(Appointment.LATER, 10),
}
# What changes the appointments of a case apart from planning them: the journal knows when.
_CHANGES_ALL = (
    JournalEntry.CLOSE,
    JournalEntry.REOPEN,
    JournalEntry.PAUSE,
    JournalEntry.RESUME,
    JournalEntry.NEW_ROUND,
    JournalEntry.HAND_OVER,
    JournalEntry.AFTERCARE,
)


def own_appointments(user) -> list[Appointment]:
    """The appointments of a person in all their schools: sixty days back, four hundred ahead, 500
    at most.

    Only of cases that they see now. One that was called off stays among them for two weeks, at most
    until its day, to be crossed out; after that it is left out.
    """
    today = timezone.now().date()
    mine = Appointment.objects.filter(
        owner=user,
        date__gte=today - datetime.timedelta(days=DAYS_BACK),
        date__lte=today + datetime.timedelta(days=DAYS_AHEAD),
        case__in=_seen_in_all_schools(user),
    )
    found = list(
        mine.select_related("school", "case", "round").order_by("date", "time", "pk")[:MOST]
    )
    called_off = [each for each in found if not _goes_on(each)]
    since, changed = timezone.now() - CALLED_OFF_FOR, _last_changes(called_off)
    gone = {each.pk for each in called_off if each.date < today or changed[each.pk] < since}
    return [each for each in found if each.pk not in gone]


def _seen_in_all_schools(user):
    """The cases a person sees in one school or another, whichever they act in now."""
    acting, seen = copy.copy(user), Case.objects.none()
    for membership in user.memberships.filter(active=True).select_related("school"):
        acting.membership = membership
        seen = seen | Case.objects.visible_to(acting)
    return seen


def calendar_file(appointments, zones=()) -> bytes:
    """The appointments as one iCalendar file, each in the language and the time zone of its school.

    The cases, rounds and schools are loaded along. ``zones``: names of time zones that are
    described even when nothing is planned in them, because a calendar with nothing in it at all is
    refused by some.
    """
    changed = _last_changes(appointments)
    calendar = Calendar()
    calendar.add("prodid", "-//Steentje//Steentje//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.calendar_name = "Steentje"
    calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    used = {each.school.timezone for each in appointments if each.time} | set(zones)
    earliest = min([each.date for each in appointments], default=timezone.now().date())
    for tzid in sorted(used):
        calendar.add_component(vtimezone(tzid, earliest.year - 1))
    for each in appointments:
        calendar.add_component(_event(each, changed[each.pk]))
    return calendar.to_ical()


def _event(appointment, changed: datetime.datetime) -> Event:
    """One appointment, last changed at that moment. Its identity stays, and its sequence grows,
    whenever it is moved or called off.

    That it was called off stands in the title as well: not every program shows the status (Outlook
    does not).
    """
    event = Event()
    event.add("uid", f"{appointment.pk}@steentje")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    with translation.override(appointment.school.language):
        event.add("summary", _title(appointment))
    event.add("status", "CONFIRMED" if _goes_on(appointment) else "CANCELLED")
    event.add("class", "PRIVATE")
    if appointment.time is None:
        event.add("dtstart", appointment.date)
        event.add("dtend", appointment.date + datetime.timedelta(days=1))
        event.add("transp", "TRANSPARENT")  # the day is not full with it
        return event
    zone = ZoneInfo(appointment.school.timezone)
    start = datetime.datetime.combine(appointment.date, appointment.time, tzinfo=zone)
    minutes = datetime.timedelta(minutes=MINUTES[appointment.kind])
    event.add("dtstart", start)
    event.add("dtend", (start.astimezone(datetime.UTC) + minutes).astimezone(zone))
    event.add("transp", "OPAQUE" if _goes_on(appointment) else "TRANSPARENT")
    return event


def _title(appointment) -> str:
    title = str(TITLES[appointment.kind])
    return title if _goes_on(appointment) else CALLED_OFF % {"what": title}


def _goes_on(appointment) -> bool:
    if appointment.state == Appointment.PLANNED:
        return appointment.case.status in (Case.OPEN, Case.AFTERCARE)
    return appointment.state == Appointment.HELD


def _last_changes(appointments) -> dict[UUID, datetime.datetime]:
    """When each of the appointments (by id) was last changed; from the journal, so that each
    reading says the same.
    """
    if not appointments:
        return {}
    lines = (
        JournalEntry.objects.filter(case__in={each.case_id for each in appointments})
        .filter(
            Q(action=JournalEntry.CHANGE, thing__contains="/plan/") | Q(action__in=_CHANGES_ALL)
        )
        .values_list("case", "action", "thing")
        .annotate(last=Max("recorded_at"))
        .order_by()
    )
    planned: dict[tuple[UUID, str], datetime.datetime] = {}
    at_all: dict[UUID, datetime.datetime] = {}
    for case, action, thing, last in lines:
        if action == JournalEntry.CHANGE:
            planned[case, thing] = last
        else:
            at_all[case] = max(last, at_all.get(case, last))
    found = {}
    for each in appointments:
        moments = [
            each.round.opened_at,
            planned.get((each.case_id, f"{each.round.number}/plan/{each.kind}")),
            at_all.get(each.case_id),
        ]
        last = max(filter(None, moments)).astimezone(datetime.UTC)
        found[each.pk] = last.replace(microsecond=0)
    return found
