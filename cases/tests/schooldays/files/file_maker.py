"""Small files with closed days for the tests, and what is found in them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from cases.schooldays import files
from cases.schooldays.files import Context, Found, Question, Refused

EARLIEST, LATEST = date(2026, 8, 10), date(2029, 8, 9)
HOME = ZoneInfo("Europe/Amsterdam")
AUTUMN = ("2026-10-17", "2026-10-25", "Herfstvakantie")


def read(data, answers=None, **context):
    """What is found, or asked, in a file at a Dutch school."""
    data = data if isinstance(data, bytes) else data.encode()
    return files.read(
        data, Context(EARLIEST, LATEST, HOME, **{"country": "NL", **context}), answers
    )


def rows(data, answers=None, **context):
    found = read(data, answers, **context)
    assert isinstance(found, Found), found
    return [(str(row.first), str(row.last), row.name) for row in found.rows]


def asked(data, answers=None, **context) -> Question:
    question = read(data, answers, **context)
    assert isinstance(question, Question), question
    return question


def doubts(data, answers=None, **context):
    return {row.name: row.doubt for row in read(data, answers, **context).rows}


def refusal(data):
    with pytest.raises(Refused) as refused:
        read(data)
    assert str(refused.value.message)
    return refused.value.code


def calendar(*events, uid=True, around=""):
    """An iCalendar file; each event as its lines. ``around``: lines before the events."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//test//",
        *filter(None, around.split("\n")),
    ]
    for number, event in enumerate(events):
        lines += [
            "BEGIN:VEVENT",
            *([f"UID:{number}"] if uid else []),
            *event.split("\n"),
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def whole(name, first, end="", more=""):
    """An event of whole days."""
    last = f"\nDTEND;VALUE=DATE:{end}" if end else ""
    return f"SUMMARY:{name}\nDTSTART;VALUE=DATE:{first}{last}" + (f"\n{more}" if more else "")


GOOD = whole("Goed", "20261201")


def adds_up(found: Found):
    """Every line or event went somewhere, and what was not understood is listed."""
    counts = found.counts
    assert counts.total == counts.read + counts.not_read + counts.blank + counts.header
    assert min(vars(counts).values()) >= 0
    listed = sum(each.why in files.NOT_READ for each in found.skipped)
    assert listed <= counts.not_read and (not found.table or listed == counts.not_read)
