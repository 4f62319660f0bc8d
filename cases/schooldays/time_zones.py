"""A time zone as calendar programs want it: when its clocks change, as a yearly rule.

The library can only list the changes one by one, and several calendar programs read no more than
the first of such a list. Pure functions: nothing here reads the clock or the database.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_HOUR = timedelta(hours=1)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_YEARS_CHECKED = 3
_LAST = -1


@lru_cache(maxsize=64)
def _changes(tzid: str, year: int) -> tuple[datetime, ...]:
    """The moments (UTC) in a year at which the clocks of a zone change."""
    zone, moment = ZoneInfo(tzid), datetime(year, 1, 1, tzinfo=UTC)
    found = []
    while moment.year == year:
        after = moment + timedelta(days=1)
        if moment.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            hour = moment
            while (hour + _HOUR).astimezone(zone).utcoffset() == moment.astimezone(
                zone
            ).utcoffset():
                hour += _HOUR
            found.append(hour + _HOUR)
        moment = after
    return tuple(found)


def _wall(moment: datetime, tzid: str) -> datetime:
    """What the clocks say at the moment they change, just before they do; without a zone."""
    return (moment - _HOUR).astimezone(ZoneInfo(tzid)).replace(tzinfo=None) + _HOUR


def _place_in_month(walls: list[datetime]) -> int | None:
    """Which of its weekdays of the month it is in each of the years; the last is -1. None when it
    differs.
    """
    if len({(wall.month, wall.weekday(), wall.time()) for wall in walls}) > 1:
        return None
    if all((wall + timedelta(days=7)).month != wall.month for wall in walls):
        return _LAST
    places = {(wall.day - 1) // 7 + 1 for wall in walls}
    return places.pop() if len(places) == 1 else None


@lru_cache(maxsize=64)
def vtimezone(tzid: str, year: int) -> Timezone:
    """A VTIMEZONE for a zone, right from the start of ``year``. ZoneInfoNotFoundError for an
    unknown zone.

    A zone whose changes follow no yearly rule is listed change by change, for ten years.
    """
    zone = ZoneInfo(tzid)
    component = Timezone()
    component.add("tzid", tzid)
    years = [_changes(tzid, year + offset) for offset in range(_YEARS_CHECKED)]
    if not years[0]:
        _part(
            component,
            TimezoneStandard,
            zone,
            datetime(year, 1, 1, tzinfo=UTC),
            datetime(year, 1, 1),
        )
        return component
    for turn in range(len(years[0])):
        moments = [each[turn] for each in years if len(each) == len(years[0])]
        walls = [_wall(moment, tzid) for moment in moments]
        place = _place_in_month(walls) if len(walls) == _YEARS_CHECKED else None
        if place is None:
            return Timezone.from_tzid(
                tzid, first_date=date(year, 1, 1), last_date=date(year + 10, 1, 1)
            )
        summer = bool(moments[0].astimezone(zone).dst())
        part = _part(
            component, TimezoneDaylight if summer else TimezoneStandard, zone, moments[0], walls[0]
        )
        day = f"{place}{_DAYS[walls[0].weekday()]}"
        part.add("rrule", {"freq": "yearly", "bymonth": walls[0].month, "byday": day})
    return component


def _part(
    component: Timezone,
    kind: type[TimezoneStandard | TimezoneDaylight],
    zone: ZoneInfo,
    moment: datetime,
    wall: datetime,
) -> TimezoneStandard | TimezoneDaylight:
    part = kind()
    part.add("dtstart", wall)
    part.add("tzoffsetfrom", (moment - _HOUR).astimezone(zone).utcoffset())
    part.add("tzoffsetto", moment.astimezone(zone).utcoffset())
    part.add("tzname", moment.astimezone(zone).tzname())
    component.add_component(part)
    return part
