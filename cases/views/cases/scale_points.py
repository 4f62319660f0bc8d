"""The numbers from 0 to 10 that a pupil gave, over all rounds of a case (B5), as plain data for the
drawing.
"""

from ...formats.dates import named
from ...method import METHOD
from ...models import Appointment


def points(case, snapshots) -> list[dict]:
    """Each number with its ``day``, ``label`` and ``round`` number, in order of date; ``several``:
    more rounds.

    ``snapshots``: a RoundSnapshot of each round. A number whose day was not filled in stands on the
    day it was saved.
    """
    found = []
    for snapshot in snapshots:
        for (step, page, member), record in snapshot.records.items():
            if record.scale is None or member is not None:
                continue
            day = record.held_on or case.school.day_of(record.saved_at)
            place, label = _where(case, step, page)
            found.append((day, snapshot.round.number, place, str(label), record.scale))
    several = len({each[1] for each in found}) > 1
    return [
        {"day": day, "round": number, "label": label, "value": value, "several": several}
        for day, number, _place, label, value in sorted(found)
    ]


def _where(case, step_key, page_key) -> tuple[int, str]:
    """Which page of the method it is on, counted from the first, and what kind of talk it was."""
    kinds = dict(Appointment.KINDS)
    places = [(step.key, page) for step in METHOD.steps for page in step.pages]
    for place, (key, page) in enumerate(places):
        if (key, page.key) == (step_key, page_key):
            return place, str(kinds.get(page.holds) or named(page.title, case.pupil.first_name))
    return len(places), str(kinds.get(page_key, ""))
