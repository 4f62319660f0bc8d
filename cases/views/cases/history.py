"""What happened in a case, from the journal: one line for each act, no contents."""

from django.utils.translation import gettext as _

from ...formats.dates import named
from ...method import METHOD
from ...models import Appointment, JournalEntry
from ...printing.documents import all_documents
from ..labels import CHANGED, HAPPENED, PRINTED

LINES_SHOWN = 15
LINES_READ = 200


def rows(case) -> list[dict]:
    """The latest acts, newest first; filling in the same step on one day by one person is one
    line.
    """
    entries = (
        JournalEntry.objects.filter(case=case.pk, action__in=HAPPENED)
        .select_related("actor")
        .order_by("-number")[:LINES_READ]
    )
    shown, seen = [], set()
    for entry in entries:
        step = _step(entry)
        if entry.action == JournalEntry.CHANGE:
            what = (
                case.school.day_of(entry.recorded_at),
                entry.actor_id,
                step.key if step else _words(case, entry, step),
            )
            if what in seen:
                continue
            seen.add(what)
        shown.append(
            {"at": entry.recorded_at, "what": _words(case, entry, step), "who": entry.actor}
        )
        if len(shown) == LINES_SHOWN:
            break
    return shown


def _step(entry):
    parts = entry.thing.split("/")
    for step in METHOD.steps:
        if step.key in parts[1:2]:
            return step
    return None


def _words(case, entry, step):
    if step is not None:
        params = {
            "number": METHOD.number(step.key),
            "title": named(step.title, case.pupil.first_name),
        }
        if entry.action == JournalEntry.CHANGE:
            return _("Step %(number)s filled in or changed: %(title)s") % params
        return str(HAPPENED[entry.action]) % params
    parts = entry.thing.split("/")
    if entry.action == JournalEntry.CHANGE:
        return _changed(case, entry, parts)
    if entry.action == JournalEntry.PRINT:
        if paper := all_documents().get(parts[0]):
            return _("Printed: %(what)s") % {"what": paper.title}
        return str(PRINTED.get(parts[0], HAPPENED[JournalEntry.PRINT]))
    return str(HAPPENED[entry.action])


def _changed(case, entry, parts):
    """A change outside the steps' pages: an appointment by its kind, the rest by what it is
    about.
    """
    if parts[1:2] == ["plan"]:
        kind = named(dict(Appointment.KINDS).get(parts[-1], ""), case.pupil.first_name)
        off = "cancelled" in entry.fields
        return (_("Called off: %(what)s") if off else _("Planned: %(what)s")) % {"what": kind}
    known = [CHANGED[part] for part in parts if part in CHANGED]
    return str(known[0] if known else HAPPENED[JournalEntry.CHANGE])
