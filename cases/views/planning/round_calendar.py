"""The appointments of a round on the case page: a small calendar, and each window in words."""

import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from ...actions import appointment_moves, appointment_windows
from ...formats.calendar_days import proposal_note
from ...formats.dates import clock, longday, named
from ...models import Appointment, Case
from ...schooldays import school_calendar
from .plan_appointment import TITLES

WEEKS_AT_LEAST = 3
PLANNED_HERE = (Appointment.MEETING, Appointment.PUPIL, Appointment.INTERIM, Appointment.MEMBERS)


def agreed(case, case_round, today, calendar, snapshot=None) -> dict:
    """Weeks, what is planned on which day, and a line for each kind of appointment.

    ``snapshot``: the RoundSnapshot of the round, when it was read.
    """
    windows, lines, planned = {}, [], {}
    for kind in PLANNED_HERE:
        found = appointment_windows.live(case_round, kind, snapshot)
        window = appointment_windows.window_of(case_round, kind, snapshot)
        if found is None and window is None:
            continue
        held = found is not None and found.state == Appointment.HELD
        if window is not None and kind in (Appointment.PUPIL, Appointment.MEMBERS) and not held:
            windows[kind] = window
        if found is not None and found.state == Appointment.PLANNED:
            planned[found.date] = clock(found.time) if found.time else "•"
        lines.append(_line(case, case_round, kind, found, window, calendar, today, snapshot))
    talk = appointment_windows.live(case_round, Appointment.TALK, snapshot)
    if talk is not None and talk.state == Appointment.PLANNED:
        planned[talk.date] = clock(talk.time) if talk.time else "•"
        line = _line(case, case_round, talk.kind, talk, None, calendar, today, snapshot)
        lines.insert(0, line)
    days = [day for window in windows.values() for day in (window.first, window.last)] + list(
        planned
    )
    first = min([*days, today]) if days else today
    first = max(first, today - datetime.timedelta(days=14))
    last = max([*days, first + datetime.timedelta(weeks=WEEKS_AT_LEAST, days=-1)])
    last = min(last, first + datetime.timedelta(weeks=8))
    weeks = school_calendar.month_grid(first, last, calendar, windows=windows) if days else []
    return {
        "weeks": weeks,
        "key": _key(case, weeks, planned),
        "planned": planned,
        "today": today,
        "lines": lines,
        "asks": _asks(case, case_round, today, snapshot),
        "labels": {
            Appointment.PUPIL: _("possible for %(name)s") % {"name": case.pupil.first_name},
            Appointment.MEMBERS: _("possible for the group"),
        },
    }


def _asks(case, case_round, today, snapshot):
    """Where is asked what happens with days ahead that do not fit since a meeting or talk got
    another day.
    """
    if case.status != Case.OPEN:
        return []
    return [
        reverse("case-moved", args=[case.pk, kind])
        for kind in appointment_windows.DEPENDS_ON
        if any(
            each.appointment.date >= today
            for each in appointment_moves.undecided(case_round, kind, today, snapshot)
        )
    ]


def _key(case, weeks, planned):
    """What the looks of the days mean, for those that there are."""
    cells = [cell for week in weeks for cell in week]
    school = [cell for cell in cells if not cell.closed]
    name = {"name": case.pupil.first_name}
    looks = (
        (
            "key-pupil",
            _("days for the talk with %(name)s") % name,
            any("pupil" in cell.kinds for cell in school),
        ),
        (
            "key-group",
            _("days for the short talks"),
            any(cell.kinds == {"members"} for cell in school),
        ),
        ("key-set", _("planned"), any(cell.date in planned for cell in cells)),
        ("key-off", _("weekend or free day"), len(school) < len(cells)),
    )
    return [{"css": css, "text": text} for css, text, there in looks if there]


def _line(case, case_round, kind, found, window, calendar, today, snapshot):
    name = case.pupil.first_name
    line = {"kind": kind, "found": found, "url": reverse("case-plan", args=[case.pk, kind])}
    line["title"] = named(dict(Appointment.KINDS)[kind], name)
    line["ask"] = named(TITLES[kind], name)
    if window is not None:
        days = calendar.school_days(window)
        if days:
            params = {"first": longday(days[0]), "last": longday(days[-1])}
            line["window"] = _("from %(first)s to %(last)s") % params
        if found is None and case.status == Case.OPEN:
            proposal = appointment_windows.proposal_for(
                case_round, kind, today=today, calendar=calendar, snapshot=snapshot
            )
            line["note"] = note(proposal)
    if found is not None:
        line["when"] = longday(found.held_on or found.date) + (
            f", {clock(found.time)}" if found.time else ""
        )
        line["held"] = found.state == Appointment.HELD
        meeting = appointment_windows.meeting_before(case_round, kind, snapshot)
        if meeting and not line["held"] and found.date >= meeting:
            line["since"] = (found.date - meeting).days
        closed = (
            calendar.closed_because(found.date)
            if not line["held"] and found.date >= today
            else None
        )
        line["closed"] = closed.label if closed else ""
    return line


def note(proposal) -> str:
    """What holidays leave of a window, in words; empty when there is plenty, or when the days have
    passed.
    """
    return "" if proposal.note == school_calendar.NOTE_PAST else proposal_note(proposal)
