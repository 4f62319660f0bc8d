"""The school's settings and its own windows: every change under the school's lock, with a line in
the journal.
"""

from typing import Any

from django.db import transaction

from ..models import School, User
from ..schooldays import school_calendar, windows
from .days_changed import locked_school, note_change, refresh_reminders

# Settings on which the days of reminders depend.
MOVES_REMINDERS = frozenset({"free_weekdays", "country", "subdivision", "late_to_coordinator"})
SETTINGS = (
    "free_weekdays",
    "free_afternoons",
    "country",
    "subdivision",
    "late_to_coordinator",
    "slip_shows_name",
)


@transaction.atomic
def change_settings(school: School, values: dict[str, Any], *, by: User) -> list[str]:
    """Set some of `SETTINGS`; returns the names of what changed. The form has checked the values.

    ValueError when no calendar can be made of them (an unknown country, no weekday left).
    """
    now = locked_school(school)
    changed = [name for name in SETTINGS if name in values and getattr(now, name) != values[name]]
    for name in changed:
        setattr(now, name, values[name])
    school_calendar.SchoolCalendar(now.country, now.subdivision, now.free_weekdays)
    if changed:
        now.save(update_fields=changed)
        for name in changed:
            setattr(school, name, values[name])
        if MOVES_REMINDERS.intersection(changed):
            refresh_reminders(now)
        note_change(school, by, "settings", changed)
    return changed


@transaction.atomic
def change_windows(school: School, own: dict[str, Any], *, by: User) -> bool:
    """Set the school's own windows, kind to (first, last); {} is back to the guide's. Whether it
    changed.

    What is the guide's already is not kept as the school's own. ValueError: see
    `windows.spans_with`.
    """
    now = locked_school(school)
    spans = windows.spans_with(own)
    kept = {kind: list(spans[kind]) for kind in own if spans[kind] != windows.DEFAULT_WINDOWS[kind]}
    if now.windows == kept:
        return False
    fields = sorted(set(now.windows) | set(kept))
    now.windows = school.windows = kept
    now.save(update_fields=["windows"])
    note_change(school, by, "windows", fields)
    return True
