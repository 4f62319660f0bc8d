"""Files that are wrong, too large or hostile: refused with one line, or read, and never more than
that.
"""

import codecs
import json
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.schooldays import files
from cases.schooldays.files import (
    Answers,
    Found,
    Question,
    Refused,
    columns,
    vocabulary,
    written_dates,
)

from .file_maker import EARLIEST, LATEST, adds_up, calendar, read, refusal, whole


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (codecs.BOM_UTF16_LE, "empty"),
        (b";;;\n,,,\n", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"PK\x03\x04" + b"\x00" * 50, "zip"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 50, "zip"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"\n\n  <html lang=nl>", "html"),
        (b"<?xml version='1.0'?>", "html"),
        (bytes(range(256)) * 10, "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (b"\xff\xfe\x00", "binary"),
        (b"x" * 1_000_001, "too_big"),
        (b"Lieve ouders, volgende week is er geen school.", "no_days"),
        (b"BEGIN:VCARD\nFN:Anna\nEND:VCARD", "no_days"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART", "broken"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no_events"),
        (b"BEGIN:VCALENDAR\r\n" * 2_000, "no_events"),
        (b"Oud;1-1-2019", "outside"),
        (b"Ver;1-1-2099", "outside"),
        (b"a;1-1-2027\n" * 2_001, "many"),
        (b'a;"' + b"x" * 200_000, "binary"),
    ],
)
def test_a_wrong_file_is_refused_with_one_line(data, code):
    found = refusal(data)
    assert found == code
    assert "\n" not in str(files.MESSAGES[found])


def test_more_days_than_anybody_closes_are_refused():
    days = [date(2026, 9, 1) + timedelta(days=n) for n in range(501)]
    assert refusal("\n".join(f"dag {day:%j-%y};{day}" for day in days)) == "kept"


@given(
    st.binary(max_size=400)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_refused(data):
    _read_or_refused(data)


pieces = st.sampled_from(
    [
        "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE",
        "DTSTART;VALUE=DATE:20261201", "DTSTART:20261201T080000Z", "DTEND;VALUE=DATE:20261301",
        "DTEND:19700101", "DTSTART:", "SUMMARY:x", "RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=",
        "RRULE:FREQ=YEARLY;BYDAY=99MO", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-32;COUNT=2",
        "RRULE:FREQ=WEEKLY;UNTIL=x", "RDATE;VALUE=PERIOD:20261201T080000Z/PT5H", "RDATE:20261201",
        "EXDATE:x", "DURATION:-P1D", "DURATION:P9999999D", "RECURRENCE-ID:20261201", "UID:1",
        "UID:2", "STATUS:cancelled", "X-FOO;a=b:c", " folded", ":::", "BEGIN:VCALENDAR",
        "END:VCALENDAR", "DTSTART;TZID=:20261201T080000",
    ]
)  # fmt: skip


@given(st.lists(pieces, max_size=14))
def test_any_shuffled_calendar_is_read_or_refused(lines):
    _read_or_refused("\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode())


tables = st.lists(
    st.lists(
        st.sampled_from(
            [
                "", "naam", "van", "t/m", "datum", "regio", "Noord", "zuid", "tijd", "19:30",
                "17-10-2026", "03/04/2026", "3/4/26", "2026-10-17 00:00:00", "2026-10-18T00:00",
                "46312", "Herfstvakantie", "31-02-2027",
                "17 t/m 25 oktober 2026", "17 oktober", "za 17 okt", "hele dag", "true", "x" * 200,
                '"', "Studiedag",
            ]
        ),
        max_size=6,
    ),
    max_size=12,
)  # fmt: skip
answers = st.builds(
    Answers,
    roles=st.lists(st.sampled_from([*columns.ROLES]), max_size=6).map(tuple),
    header=st.sampled_from(["", "yes", "no"]),
    order=st.sampled_from(["", *written_dates.ORDERS, "x"]),
    region=st.sampled_from(["", "NL-Noord", "x"]),
    ends=st.sampled_from(["", "inclusive", "exclusive"]),
)


@given(tables, st.sampled_from(";,\t"), answers)
@settings(max_examples=300)
def test_any_table_with_any_answers_is_read_asked_about_or_refused(lines, between, said):
    _read_or_refused("\n".join(between.join(cells) for cells in lines).encode(), said)


@given(st.text(max_size=60))
def test_any_cell_is_a_day_or_not(text):
    for order in written_dates.ORDERS:
        found = written_dates.span(text, order)
        assert found is None or found.first.year >= 1
    assert written_dates.lacks_year(text) in (True, False)
    assert vocabulary.doubt_about(text) in ("", *files.DOUBTS)


def _read_or_refused(data, said=None):
    try:
        found = read(data, said)
    except Refused as refused:
        assert refused.code in files.MESSAGES
        return
    if isinstance(found, Question):
        assert found.shape and (found.columns or found.orders or found.regions or found.ends)
        return
    assert found.rows
    adds_up(found)
    for row in found.rows:
        assert row.first <= row.last and row.last >= EARLIEST and row.first <= LATEST
        assert 0 < len(row.name) <= 80 and row.doubt in ("", *files.DOUBTS)
    assert all(each.why in files.SKIPPED for each in found.skipped)
    assert Found.unpack(json.loads(json.dumps(found.pack()))).pack() == found.pack()


def test_the_largest_files_are_read_or_refused_soon():
    line = "Herfstvakantie;17-10-2026 t/m 25-10-2026;" + "woord;" * 60 + "\n"
    folded = whole("x", "20261201") + "\nSUMMARY:" + "a" * 70 + ("\n " + "b" * 70) * 12_000
    dates_on_end = whole(
        "x", "20261201", more="EXDATE;VALUE=DATE:" + ",".join(["20261201"] * 100_000)
    )
    many_lines = whole("x", "20261201") + "\nEXDATE;VALUE=DATE:20261201" * 30_000
    nested = "BEGIN:VEVENT\r\nBEGIN:VALARM\r\n" * 1_900
    texts = [
        line * 2_500,
        "\n" * 999_000,
        ";" * 900_000,
        ("1-1-2027;" * 30 + "\n") * 2_000,
        "(" * 100_000 + ";1-1-2027",
    ]
    texts += [calendar(each) for each in (folded, dates_on_end, many_lines, nested)]
    texts += ["BEGIN:VCALENDAR\n" + "a\n" * 450_000, "BEGIN:VCALENDAR\n" + "BEGIN:X\n" * 110_000]
    for text in texts:
        began = time.process_time()
        _read_or_refused(text.encode()[: files.MAX_BYTES])
        assert time.process_time() - began < 10, text[:40]
