"""The numbers from 0 to 10 that a pupil gave, over all rounds of a case (B5), as plain data for the
drawing on the screen and the report on paper.
"""

from collections.abc import Iterable
from typing import Any

from ..formats.dates import named
from ..method import METHOD
from ..models import Appointment, Case
from .round_snapshot import RoundSnapshot


def points(case: Case, snapshots: Iterable[RoundSnapshot]) -> list[dict[str, Any]]:
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
            order, label = _page_order(case, step, page)
            found.append((day, snapshot.round.number, order, label, record.scale))
    several = len({each[1] for each in found}) > 1
    return [
        {"day": day, "round": number, "label": label, "value": value, "several": several}
        for day, number, _order, label, value in sorted(found)
    ]


def _page_order(case: Case, step_key: str, page_key: str) -> tuple[int, str]:
    """Which page of the method it is on, counted from the first, and what kind of talk it was."""
    kinds = dict(Appointment.KINDS)
    pages = [(step.key, page) for step in METHOD.steps for page in step.pages]
    for order, (key, page) in enumerate(pages):
        if (key, page.key) == (step_key, page_key):
            return order, str(kinds.get(page.holds) or named(page.title, case.pupil.first_name))
    return len(pages), str(kinds.get(page_key, ""))
