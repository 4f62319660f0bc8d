"""A time zone in a calendar file says the same, at any hour of the year, as the zone itself."""

import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest

from cases.schooldays.time_zones import vtimezone

HOURS = [
    datetime.datetime(2025, 1, 1) + datetime.timedelta(hours=6 * step)
    for step in range(4 * 365 * 3)
]


@pytest.mark.parametrize(
    "tzid",
    [
        "Europe/Amsterdam",
        "Europe/Vienna",
        "Europe/London",
        "America/New_York",
        "Australia/Sydney",
        "Asia/Tokyo",
        "UTC",
    ],
)
def test_it_tells_the_time_of_the_zone(tzid):
    zone, told = ZoneInfo(tzid), vtimezone(tzid, 2024).to_tz(lookup_tzid=False)
    wrong = [
        hour
        for hour in HOURS
        if hour.replace(tzinfo=told).utcoffset() != hour.replace(tzinfo=zone).utcoffset()
    ]
    assert not wrong


def test_dutch_clocks_change_by_a_yearly_rule_on_the_last_sunday_of_march_and_october():
    text = vtimezone("Europe/Amsterdam", 2026).to_ical().decode()
    assert "DTSTART:20260329T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in text
    assert "DTSTART:20261025T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in text
    assert "RDATE" not in text


def test_a_zone_without_a_yearly_rule_is_listed():
    listed = vtimezone("Africa/Casablanca", 2026)  # the month of Ramadan moves
    assert isinstance(listed, icalendar.Timezone)
    day = datetime.datetime(2026, 7, 1, 12)
    assert day.replace(tzinfo=listed.to_tz(lookup_tzid=False)).utcoffset() == datetime.timedelta(
        hours=1
    )


def test_an_unknown_zone_is_refused():
    with pytest.raises(Exception, match="No time zone found"):
        vtimezone("Europe/Nergens", 2026)
