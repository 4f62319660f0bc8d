"""Moving what depends on a talk or meeting that was moved, after asking (B1, B3).

The first talk starts the window of the meeting and of the pupil's follow-up; the meeting starts
that of the short talks and the check in between, and the pupil's follow-up is not before it.
Nothing moves by itself: `out_of_place` says what no longer fits, a page asks, `move_after` does
what was chosen.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..models import Appointment, Case, Round, User
from ..schooldays import school_calendar, windows
from . import appointments, journal
from .appointment_windows import (
    COUNTS_FROM,
    DEPENDS_ON,
    day_of,
    live,
    meeting_before,
    proposal_for,
    settled_now,
    starts_on,
)
from .round_snapshot import RoundSnapshot
from .step_order import NotYet, lock_case

LEAVE = "leave"
CHOICES_SHOWN = 12


@dataclass(frozen=True)
class Misplaced:
    """A planned appointment that no longer fits: why, and the days to move it to.

    ``early`` says that it comes before the meeting (or on its day), otherwise it lies outside its
    window. ``days`` are the possible days, ``best`` one of them; with none left in the window, the
    first after it.
    """

    appointment: Appointment
    window: windows.Window
    early: bool
    days: list[datetime.date]
    best: datetime.date

    @property
    def kind(self) -> str:
        return self.appointment.kind


def out_of_place(
    case_round: Round, moved: str, today: datetime.date, snapshot: RoundSnapshot | None = None
) -> list[Misplaced]:
    """What depends on ``moved`` (talk or meeting), is planned and does not fit its day any more.

    Empty for other kinds, and while the day of ``moved`` is not known. ``today``: the day at the
    school.
    """
    found = []
    for kind in DEPENDS_ON.get(moved, ()):
        planned = live(case_round, kind, snapshot)
        if planned is None or planned.state != Appointment.PLANNED:
            continue
        if misplaced := _misplaced(case_round, planned, moved, today, snapshot):
            found.append(misplaced)
    return found


def undecided(
    case_round: Round, moved: str, today: datetime.date, snapshot: RoundSnapshot | None = None
) -> list[Misplaced]:
    """Those of `out_of_place` of which nobody decided yet that they stay, with ``moved`` on the day
    it has now.
    """
    day = day_of(case_round, moved, snapshot)
    found = out_of_place(case_round, moved, today, snapshot)
    return [each for each in found if not _settled(each.appointment, moved, day)]


def _settled(planned: Appointment, moved: str, day: datetime.date | None) -> bool:
    """Whether it was decided that ``planned`` stays where it is with ``moved`` on this day."""
    if planned.settled_for is None:
        return bool(planned.reason)
    return day is not None and planned.settled_for.get(moved) == day.isoformat()


def _misplaced(
    case_round: Round,
    planned: Appointment,
    moved: str,
    today: datetime.date,
    snapshot: RoundSnapshot | None,
) -> Misplaced | None:
    start = _starts_on(case_round, planned.kind, snapshot)
    if start is None:
        return None
    school = case_round.school
    meeting = meeting_before(case_round, planned.kind, snapshot)
    window = windows.window(planned.kind, start, school.spans())
    early = meeting is not None and planned.date <= meeting
    # A day that counts from something else was chosen as it is: only coming too early is new.
    outside = planned.date not in window and COUNTS_FROM[planned.kind] == moved
    if not outside and not early:
        return None
    proposal = proposal_for(case_round, planned.kind, today=today, start=start, snapshot=snapshot)
    return Misplaced(planned, window, early, _days(proposal, school.calendar()), proposal.best)


def _days(
    proposal: school_calendar.Proposal, calendar: school_calendar.SchoolCalendar
) -> list[datetime.date]:
    """The days that fit; when there are none, or one, the first school days after them as well."""
    days = list(proposal.fits[:CHOICES_SHOWN]) or [proposal.best]
    while len(days) < 3:
        days.append(calendar.next_school_day(days[-1], inclusive=False))
    return days


def _starts_on(
    case_round: Round, kind: str, snapshot: RoundSnapshot | None
) -> datetime.date | None:
    """The day its window counts from: as noted, or as planned while the talk or meeting is still to
    come.
    """
    known = starts_on(case_round, kind, snapshot)
    return known or day_of(case_round, COUNTS_FROM[kind], snapshot)


@transaction.atomic
def move_after(
    case: Case, case_round: Round, moved: str, chosen: dict[str, Any], *, by: User
) -> list[str]:
    """Move or leave what no longer fits after ``moved``; returns the kinds that were moved.

    ``chosen`` maps a kind to a day, or to `LEAVE`, which keeps the day and notes that it was left.
    A kind that fits by now, was held or was called off is passed over, so that a second click does
    no harm. NotYet when the case does not run; ValueError for a day that is not among those to
    choose from.
    """
    if lock_case(case).status != Case.OPEN:
        raise NotYet
    done = []
    for each in out_of_place(case_round, moved, case.school.today()):
        day = chosen.get(each.kind)
        if day == LEAVE:
            _leave(case, case_round, each.appointment, moved, by)
        elif day is not None:
            if day not in each.days:
                raise ValueError(f"{day} is not a day to choose for {each.kind}")
            time = each.appointment.time
            reason = "" if day in each.window else why_after(moved)
            appointments.plan(case, case_round, each.kind, day, time=time, reason=reason, by=by)
            done.append(each.kind)
    return done


def why_after(moved: str) -> str:
    """The reason that stands with a day outside its window when no day within it was left."""
    if moved == Appointment.MEETING:
        return _("The meeting was moved; there was no day left in the best days.")
    return _("The first talk was moved; there was no day left in the best days.")


def left_words(moved: str) -> str:
    """The reason that stands with a day that was left where it was."""
    if moved == Appointment.MEETING:
        return _("Left on this day after the meeting was moved.")
    return _("Left on this day after the first talk was moved.")


def _leave(case: Case, case_round: Round, found: Appointment, moved: str, by: User) -> None:
    """Keep the day; say why it is not in its window, after what was said before."""
    now = settled_now(case_round, found.kind)
    before = now if found.settled_for is None else found.settled_for
    if found.settled_for is not None and before.get(moved) == now.get(moved):
        return
    found.settled_for = {**before, moved: now.get(moved)}
    words = left_words(moved)
    if words not in found.reason:
        found.reason = f"{found.reason} {words}".strip()
    found.save(update_fields=["settled_for", "reason"])
    thing = f"{case_round.number}/plan/{found.kind}"
    journal.record(journal.CHANGE, by=by, case=case, thing=thing, fields=["reason"])
