"""Never the holidays of two regions at once: which region's days of a file are ours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from . import vocabulary
from .results import Answers, Context, Found, Row, Skipped

MOST_REGIONS = 60


@dataclass(frozen=True)
class Item:
    """A day as a line or event has it: with its line, and the regions it is for (none: for
    everybody).

    ``ends_at_midnight``: its last day is the day after, as programs write it;
    ``may_end_at_midnight``: it may be.
    """

    row: Row
    line: int
    regions: frozenset[str] = frozenset()
    ends_at_midnight: bool = False
    may_end_at_midnight: bool = False
    cancelled: bool = False


def settle(items: list[Item], answers: Answers, context: Context) -> tuple[Found, dict[str, Any]]:
    """The days of our region, those of others left out; or the regions between which a person must
    choose.
    """
    named = [item.regions for item in items if item.regions]
    every = frozenset().union(*named) if named else frozenset()
    differ = any(each != every for each in named)
    chosen = next((key for key in (answers.region, context.region) if key in every), "")
    if differ and not chosen:
        options = sorted(every)[:MOST_REGIONS]
        return Found(), {key: vocabulary.label_of(key) for key in options}
    found = Found()
    for item in items:
        row = item.row
        if item.cancelled:
            found.skipped.append(Skipped(row.name, "cancelled", item.line))
        elif differ and item.regions and chosen not in item.regions:
            found.skipped.append(Skipped(row.name, "region", item.line))
        else:
            found.rows.append(replace(row, doubt=row.doubt or _other(item, chosen, context)))
    return found, {}


def _other(item: Item, chosen: str, context: Context) -> str:
    """A doubt about days that are for another region than the school's own, or for one that we
    cannot compare.
    """
    known = {key for key in item.regions if vocabulary.is_region(key)}
    if not known or chosen:
        return ""
    if not context.region:
        return "which region"
    return "region" if context.region not in known else ""
