"""Events of a calendar that are repeated, worked out within bounds.

Each rule is looked at first: one that asks for hours or minutes, that may never come true, or that
has no end is left out, so that working it out is sure to stop. An event that was moved or cancelled
within a series counts as it was changed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import icalendar
import recurring_ical_events

FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
# The parts of a rule that only choose among days that there are.
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY"}
MOST_REPEATED = 1_000
OLDEST, NEWEST = 1970, 2100


def worked_out(events: list[Any], earliest: date, latest: date) -> list[Any]:
    """Every time that a series happens from ``earliest`` up to and including ``latest``."""
    calendar = icalendar.Calendar()
    for event in events:
        calendar.add_component(event)
    return list(recurring_ical_events.of(calendar).between(earliest, latest + timedelta(days=1)))


def why_not(event: Any) -> str:
    """Why a repeated event is left out, a key of `results.SKIPPED`; "" when it can be worked
    out.
    """
    start = value(event, "DTSTART")
    if start is None or not OLDEST <= start.year <= NEWEST:
        return "no_day" if start is None else "late" if start.year > NEWEST else "early"
    dates = event.get("RDATE", [])
    if (
        sum(len(each.dts) for each in (dates if isinstance(dates, list) else [dates]))
        > MOST_REPEATED
    ):
        return "repeats"
    if "RRULE" not in event:
        return ""
    rules = event["RRULE"]
    if isinstance(rules, list):  # more than one is out of use since 2009
        return "repeats"
    rule = {
        part.upper(): values if isinstance(values, list) else [values]
        for part, values in rules.items()
    }
    frequency = str(rule.get("FREQ", [""])[0]).upper()
    interval = int(rule.get("INTERVAL", [1])[0])
    if frequency not in FREQUENCIES or not set(rule) <= PARTS or not 1 <= interval <= 60:
        return "repeats"
    chooses = {"BYDAY", "BYMONTH", "BYMONTHDAY"} & set(rule)
    if frequency == "DAILY" and chooses and (interval > 1 or chooses != {"BYDAY"}):
        return "repeats"
    if frequency == "WEEKLY" and "BYMONTHDAY" in rule:
        # counted by the day or week, the 30th of February is looked for until the year 9999
        return "repeats"
    if int(rule.get("COUNT", [0])[0]) > MOST_REPEATED:
        return "repeats"
    return "" if {"COUNT", "UNTIL"} & set(rule) or frequency == "YEARLY" else "endless"


def value(event: Any, key: str) -> Any:
    """The plain value of a property; None when it is not there or cannot be read."""
    found = event.get(key)
    if isinstance(found, list):
        found = found[0]
    try:
        return getattr(found, "dt", None)
    except ValueError:  # a day such as 31 February, kept by the library as it stood there
        return None
