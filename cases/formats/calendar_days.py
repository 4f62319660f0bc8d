"""What the calendars and the choice of a day show: plain data and sentences; `steentje` makes tags
of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypedDict

from django.utils.dateformat import format as date_format
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ..method.grammar import Text
from ..schooldays import school_calendar
from .dates import longday

# How the names of school holidays end, in the languages of the schools.
HOLIDAY_ENDINGS = ("vakantie", "ferien", "holiday", "holidays", "break")


Weeks = Sequence[Sequence[school_calendar.Day]]


class CalendarCell(TypedDict):
    """A day of a small calendar."""

    date: date
    number: str
    closed: school_calendar.Closed | None
    css: str
    words: list[Text]
    planned: str
    today: bool


class Calendar(TypedDict):
    """A small calendar, by weeks."""

    rows: list[list[CalendarCell]]
    weekdays: list[str]
    caption: Text


class PickerDay(TypedDict):
    """A day that can be chosen, or says why not."""

    value: str
    number: str
    month: str
    open: bool
    state: str
    word: str
    why: Text
    selected: bool
    after: str
    afternoon: str


def weekday_names(weeks: Weeks) -> list[str]:
    return [date_format(cell.date, "D") for cell in weeks[0]] if weeks else []


def _months(weeks: Weeks) -> str:
    """ "Oktober", or "Oktober en november" when the weeks lie in two."""
    months = list(dict.fromkeys(date_format(cell.date, "F") for week in weeks for cell in week))
    if len(months) < 2:
        return capfirst("".join(months))
    return capfirst(_("%(first)s and %(last)s") % {"first": months[0], "last": months[-1]})


def calendar_cells(
    weeks: Weeks,
    planned: Mapping[date, str],
    today: date | None,
    kind_labels: Mapping[str, Text],
    caption: Text,
) -> Calendar:
    """A small calendar, as `planning/_calendar.html` draws it.

    ``weeks`` as `school_calendar.month_grid` makes them: lists of seven with ``date``, ``closed``
    (None, or with a ``label``) and ``kinds``. ``planned``: date → short text ("9.00").
    ``kind_labels``: kind → words for who cannot see the borders ("possible for Noor"). "pupil" has
    a solid border, other kinds a dashed one.
    """
    rows: list[list[CalendarCell]] = [
        [
            {
                "date": cell.date,
                "number": str(cell.date.day),
                "closed": cell.closed,
                "css": " ".join(
                    name
                    for name, holds in (
                        ("off", cell.closed),
                        ("pupil-window", "pupil" in cell.kinds),
                        ("group-window", cell.kinds and "pupil" not in cell.kinds),
                        ("set", cell.date in planned),
                        ("today", cell.date == today),
                    )
                    if holds
                ),
                "words": [
                    kind_labels[kind]
                    for kind in sorted(cell.kinds)
                    if kind in kind_labels and not cell.closed
                ],
                "planned": planned.get(cell.date, ""),
                "today": cell.date == today,
            }
            for cell in week
        ]
        for week in weeks
    ]
    return {"rows": rows, "weekdays": weekday_names(weeks), "caption": caption or _months(weeks)}


def picker_days(
    weeks: Weeks,
    selected: date | str | None,
    kind: str | None,
    today: date | None,
    meeting: date | None = None,
    afternoons: Collection[int] = (),
) -> list[PickerDay]:
    """A radio for each school day, as `planning/_day_picker.html` draws them.

    ``weeks`` as in `calendar_cells`. ``kind`` is the window that counts (None: any). ``selected``:
    date, ISO string or None. Closed days and days before ``today`` cannot be chosen; days outside
    the window can, and say "too early" or "later". The value posted is the ISO date. ``meeting``:
    with it each day says how long after the meeting it is, and up to its day it is too early.
    ``afternoons``: weekdays (Monday is 0) on which the afternoon is free.
    """
    cells = [cell for week in weeks for cell in week]
    inside = [cell.date for cell in cells if (kind in cell.kinds if kind else cell.kinds)]
    chosen = selected.isoformat() if isinstance(selected, date) else str(selected or "")
    days: list[PickerDay] = []
    for cell in cells:
        if cell.closed:
            state, word = "closed", _("closed")
        elif today and cell.date < today:
            state, word = "past", _("past")
        elif meeting and cell.date <= meeting:
            state, word = "early", _("too early")
        elif cell.date in inside:
            state, word = "fits", _("fits")
        elif inside:
            early = cell.date < inside[0]
            state, word = ("early", _("too early")) if early else ("later", _("later"))
        else:
            state, word = "free", ""
        days.append(
            {
                "value": cell.date.isoformat(),
                "number": str(cell.date.day),
                "month": date_format(cell.date, "F"),
                "open": state not in ("closed", "past"),
                "state": state,
                "word": word,
                "why": cell.closed.label if cell.closed else "",
                "selected": cell.date.isoformat() == chosen,
                "after": after_meeting(cell.date, meeting),
                "afternoon": afternoons_of([cell.date.weekday()])
                if cell.date.weekday() in afternoons
                else "",
            }
        )
    return days


# --- in words


def after_meeting(day: date | str | None, meeting: date | None) -> str:
    """How many days a talk comes after the meeting, so that the group has had time; "" when it is
    not known.
    """
    if not isinstance(day, date) or meeting is None:
        return ""
    n = (day - meeting).days
    if n < 0:
        return _("before the meeting")
    if n == 0:
        return _("on the day of the meeting")
    return ngettext("%(n)s day after the meeting", "%(n)s days after the meeting", n) % {"n": n}


def afternoons_of(weekdays: Iterable[int]) -> str:
    """ "Wednesday afternoon free": a hint, because talks in the afternoon are not possible then."""
    names = [str(WEEKDAYS[weekday]) for weekday in weekdays if weekday in range(7)]
    return _("%(days)s afternoon free") % {"days": listed(names)} if names else ""


def listed(words: Iterable[Text]) -> str:
    """ "one, two and three"."""
    texts = [str(word) for word in words]
    if len(texts) < 2:
        return "".join(texts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(texts[:-1]), "last": texts[-1]}


def spoken(closed: school_calendar.Closed) -> str:
    """A holiday in the middle of a sentence: "the autumn holiday", but "Good Friday"."""
    if not closed.name:
        return _("a closed day")
    name = str(closed.name)
    if not name.casefold().endswith(HOLIDAY_ENDINGS):
        return name
    german = (get_language() or "").startswith("de")
    return _("the %(holiday)s") % {"holiday": name if german else name[:1].lower() + name[1:]}


def proposal_note(proposal: school_calendar.Proposal) -> str:
    """What is left of a window and which holidays are to blame, in words; "" when there is
    plenty.
    """
    params = {"day": longday(proposal.best)}
    names = [spoken(closed) for closed in proposal.because]
    params["holiday"] = listed(names)
    if proposal.note == school_calendar.NOTE_PAST:
        return _("These days have passed. The first school day is %(day)s.") % params
    if proposal.note == school_calendar.NOTE_ONE_LEFT:
        if names:
            return _("Because of %(holiday)s one day is left: %(day)s.") % params
        return _("Only %(day)s is left.") % params
    if proposal.note != school_calendar.NOTE_NONE_LEFT:
        return ""
    if not names:
        return (
            _("There is no school day left in these days. The first day after is %(day)s.") % params
        )
    if proposal.cut:
        text = ngettext(
            "%(holiday)s falls on all days that are left: the first day after is %(day)s.",
            "%(holiday)s fall on all days that are left: the first day after is %(day)s.",
            len(names),
        )
    else:
        text = ngettext(
            "%(holiday)s falls on all these days: the first day after is %(day)s.",
            "%(holiday)s fall on all these days: the first day after is %(day)s.",
            len(names),
        )
    return capfirst(text % params)
