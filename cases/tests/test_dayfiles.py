"""Reading closed days from files as schools, calendars and attackers make them."""

import codecs
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cases import dayfiles
from cases.dayfiles import Answers, Context, Question, Refused

EARLIEST, LATEST = date(2026, 8, 10), date(2029, 8, 9)
HOME = ZoneInfo("Europe/Amsterdam")
AUTUMN = ("2026-10-17", "2026-10-25", "Herfstvakantie")


def read(data, answers=None, **context):
    """What is found, or asked, in a file at a Dutch school."""
    data = data if isinstance(data, bytes) else data.encode()
    return dayfiles.read(data, Context(EARLIEST, LATEST, HOME, **{"country": "NL", **context}), answers)


def rows(data):
    return [(str(row.first), str(row.last), row.name) for row in read(data).rows]


def refusal(data):
    with pytest.raises(Refused) as refused:
        read(data)
    assert str(refused.value.message)
    return refused.value.code


def skipped(data):
    return {each.why for each in read(data).skipped}


def calendar(*events, uid=True):
    """An iCalendar file; each event as its lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", *([f"UID:{number}"] if uid else []), *event.split("\n"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def whole(name, first, end="", more=""):
    """An event of whole days."""
    last = f"\nDTEND;VALUE=DATE:{end}" if end else ""
    return f"SUMMARY:{name}\nDTSTART;VALUE=DATE:{first}{last}" + (f"\n{more}" if more else "")


GOOD = whole("Goed", "20261201")


# Calendars


def test_the_end_of_whole_days_is_the_day_after():
    found = rows(calendar(whole("Herfstvakantie", "20261017", "20261026")))
    assert found == [AUTUMN]


@pytest.mark.parametrize("end", ["", "20261201", "20261202"])
def test_one_day_however_its_end_is_written(end):
    assert rows(calendar(whole("Studiedag", "20261201", end))) == [("2026-12-01", "2026-12-01", "Studiedag")]


def test_a_length_instead_of_an_end():
    assert rows(calendar(whole("Kort", "20261201", more="DURATION:P3D"))) == [
        ("2026-12-01", "2026-12-03", "Kort")
    ]


def test_what_has_times_is_marked_also_when_it_fills_the_day():
    lines = "SUMMARY:Overleg\nDTSTART;TZID=Europe/Amsterdam:20261201T080000\n"
    found = read(calendar(lines + "DTEND;TZID=Europe/Amsterdam:20261201T170000", GOOD)).rows
    assert [(row.name, row.doubt) for row in found] == [("Goed", False), ("Overleg", True)]


def test_times_count_on_the_clock_of_the_school():
    late = "SUMMARY:Laat\nDTSTART:20261130T233000Z\nDTEND:20261201T060000Z"
    assert rows(calendar(late)) == [("2026-12-01", "2026-12-01", "Laat")]
    midnight = "SUMMARY:Nacht\nDTSTART:20261130T230000Z\nDTEND:20261202T230000Z"
    assert rows(calendar(midnight)) == [("2026-12-01", "2026-12-02", "Nacht")]


def test_a_time_zone_that_nobody_knows_is_read_as_it_stands():
    strange = "SUMMARY:x\nDTSTART;TZID=Mars/Base:20261201T080000\nDTEND;TZID=Mars/Base:20261201T090000"
    assert rows(calendar(strange)) == [("2026-12-01", "2026-12-01", "x")]


def test_repeated_events_within_the_years_that_count():
    found = rows(calendar(whole("Bevrijdingsdag", "20150505", more="RRULE:FREQ=YEARLY")))
    assert [first for first, _last, _name in found] == ["2027-05-05", "2028-05-05", "2029-05-05"]
    assert refusal(calendar(whole("Vroeger", "20150505", more="RRULE:FREQ=YEARLY;COUNT=3"))) == "outside"


def test_a_day_of_every_year_and_one_moved_and_one_left_out():
    series = [
        whole("Studiedag", "20260901", more="UID:s\nRRULE:FREQ=MONTHLY;COUNT=4\nEXDATE;VALUE=DATE:20261001"),
        whole("Verzet", "20261105", more="UID:s\nRECURRENCE-ID;VALUE=DATE:20261101"),
    ]
    assert rows(calendar(*series, uid=False)) == [
        ("2026-09-01", "2026-09-01", "Studiedag"),
        ("2026-11-05", "2026-11-05", "Verzet"),
        ("2026-12-01", "2026-12-01", "Studiedag"),
    ]


def test_over_the_change_of_the_clock_a_week_stays_a_week():
    found = rows(calendar(whole("Kamp", "20261019", more="RRULE:FREQ=WEEKLY;COUNT=3")))
    assert [first for first, _last, _name in found] == ["2026-10-19", "2026-10-26", "2026-11-02"]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=DAILY", "endless"),
        ("FREQ=WEEKLY;BYDAY=WE", "endless"),
        ("FREQ=SECONDLY;COUNT=1000000", "repeats"),
        ("FREQ=HOURLY;UNTIL=20290101T000000Z", "repeats"),
        ("FREQ=DAILY;COUNT=1000000", "repeats"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "repeats"),
        ("FREQ=DAILY;BYHOUR=1,2;BYMINUTE=1,2,3;COUNT=9", "repeats"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO;COUNT=3", "repeats"),
        ("FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "repeats"),
        ("FREQ=YEARLY;BYSETPOS=-1;COUNT=3", "repeats"),
        ("FREQ=DAILY;INTERVAL=0;COUNT=3", "repeats"),
        ("FREQ=MONTHLY;INTERVAL=999999999;COUNT=3", "repeats"),
    ],
)
def test_what_is_repeated_too_often_or_too_strangely_is_left_out_with_a_word(rule, why):
    strange = whole("Vreemd", "20261001", more=f"RRULE:{rule}")
    found = read(calendar(strange, GOOD))
    assert [row.name for row in found.rows] == ["Goed"]
    assert [(each.what, each.why) for each in found.skipped] == [("Vreemd", why)]
    assert str(found.skipped[0].reason)


def test_a_yearly_day_that_never_comes_takes_no_time():
    strange = whole("Nooit", "20261001", more="RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    assert "Goed" in [row.name for row in read(calendar(strange, GOOD)).rows]


def test_only_an_endless_repetition_is_refused_in_plain_words():
    assert refusal(calendar(whole("Vrij", "20261001", more="RRULE:FREQ=DAILY"))) == "endless"


def test_cancelled_old_far_and_impossible_events_are_left_out():
    events = [
        whole("Af", "20261201", more="STATUS:CANCELLED"),
        whole("Oud", "20200101"),
        whole("Ver", "20350101"),
        whole("Eind der tijden", "99991231"),
        whole("Nooit", "20261331"),
        whole("Terug", "20261210", "20261201"),
        whole("Lang", "20261001", "20270601"),
        "SUMMARY:Zonder dag",
    ]
    found = read(calendar(*events, GOOD))
    assert [row.name for row in found.rows] == ["Goed"]
    whys = {each.what: each.why for each in found.skipped}
    assert whys.pop("Nooit") in dayfiles.SKIPPED
    assert whys == {
        "Af": "cancelled",
        "Oud": "early",
        "Ver": "late",
        "Eind der tijden": "late",
        "Terug": "backwards",
        "Lang": "long",
        "Zonder dag": "no_day",
    }


def test_too_many_events_are_refused():
    assert refusal(calendar(*[GOOD] * 2_001)) == "many"
    often = [whole(str(n), "20260901", more="RRULE:FREQ=DAILY;COUNT=900") for n in range(4)]
    assert refusal(calendar(*often)) == "many"


def test_what_takes_too_long_to_work_out_is_refused(monkeypatch):
    monkeypatch.setattr("cases.dayfiles.calendars.SECONDS", -1)
    assert refusal(calendar(GOOD)) == "slow"


def test_names_are_one_line_without_tricks_and_not_too_long():
    event = whole("Vrij\\, heel\\nlang \x1b[31m\x00" + "a" * 300, "20261201").replace("\x00", "")
    (row,) = read(calendar(event)).rows
    assert row.name.startswith("Vrij, heel lang")
    assert len(row.name) <= 80 and row.name.isprintable()


def test_a_file_of_an_independent_writer():
    made = icalendar.Calendar()
    made.add("prodid", "-//test//")
    made.add("version", "2.0")
    event = icalendar.Event()
    event.add("uid", "1")
    event.add("summary", "Herfstvakantie")
    event.add("dtstart", date(2026, 10, 17))
    event.add("dtend", date(2026, 10, 26))
    made.add_component(event)
    assert rows(made.to_ical()) == [AUTUMN]
    assert rows(made.to_ical().decode().encode("utf-16")) == [AUTUMN]
    assert rows(b"\xef\xbb\xbf\r\n" + made.to_ical()) == [AUTUMN]


# Tables


@pytest.mark.parametrize(
    "table",
    [
        "Herfstvakantie;17-10-2026;25-10-2026",
        "naam;van;t/m\r\nHerfstvakantie;17-10-2026;25-10-2026\r\n",
        "2026-10-17,2026-10-25,Herfstvakantie",
        "Herfstvakantie\t17.10.2026\t25.10.2026",
        '"Herfstvakantie","za 17 oktober 2026","zo 25 okt. 2026"',
        "Herfstvakantie;17/10/26;25/10/26;extra kolom",
        "Herfstvakantie;17-10-2026 t/m 25-10-2026",
        "Herfstvakantie;17. Oktober 2026;25. Oktober 2026\n\n;;;\n",
        "Herfstvakantie;2026-10-17 00:00:00;2026-10-25T00:00",
        "van;tot;naam\n17-10-2026;25-10-2026;Herfstvakantie",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_tables_however_they_were_saved(table, encoding):
    assert rows(table.encode(encoding)) == [AUTUMN]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_names_with_accents(encoding):
    table = "Überraschung für José;01.12.2026;".encode(encoding)
    assert rows(table) == [("2026-12-01", "2026-12-01", "Überraschung für José")]


def test_lines_that_cannot_be_read_are_told_and_the_others_stay():
    found = read(
        "Vrij;01-12-2026\nFout;31-02-2027\nTerug;05-12-2026;01-12-2026\nVrij;01-12-2026\nOud;1-1-2020\n"
    )
    assert [row.name for row in found.rows] == ["Vrij"]
    assert {each.why for each in found.skipped} == {"no_day", "backwards", "twice", "early"}


@given(st.dates(date(2026, 8, 10), date(2029, 8, 9)))
@example(date(2028, 2, 29))
def test_a_day_is_read_back_however_it_is_written(day):
    months = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()
    ways = [f"{day:%Y-%m-%d}", f"{day:%d-%m-%Y}", f"{day.day}.{day.month}.{day.year}", f"{day:%d/%m/%y}"]
    ways += [f"di {day.day} {months[day.month - 1]} {day.year}", f"{day:%Y-%m-%d}T00:00:00Z"]
    assert {day_in(way) for way in ways} == {day}


@pytest.mark.parametrize(
    "text", ["", "vrij", "31-02-2026", "2026-13-01", "1-1-99999", "٣-١-٢٠٢٧", "13", "17-10"]
)
def test_what_is_no_day(text):
    assert day_in(text) in (None, date(2027, 1, 3))  # Arabic digits are digits


# Wrong files


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
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no_days"),
        (b"BEGIN:VCALENDAR\r\n" * 2_000, "broken"),
        (b"Oud;1-1-2019", "outside"),
        (b"Ver;1-1-2099", "outside"),
        (b"a;1-1-2027\n" * 2_001, "many"),
        (b'a;"' + b"x" * 200_000, "binary"),
    ],
)
def test_a_wrong_file_is_refused_with_one_line(data, code):
    found = refusal(data)
    if code == "broken":
        assert found in ("broken", "no_days")
    else:
        assert found == code
    assert "\n" not in str(dayfiles.MESSAGES[found])


def test_more_days_than_anybody_closes_are_refused():
    days = [date(2026, 9, 1) + timedelta(days=n) for n in range(501)]
    assert refusal("\n".join(f"dag;{day}" for day in days)) == "kept"


@given(st.binary(max_size=400) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(data):
    _read_or_refused(data)


pieces = st.sampled_from(
    [
        "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "DTSTART;VALUE=DATE:20261201",
        "DTSTART:20261201T080000Z", "DTEND;VALUE=DATE:20261301", "DTEND:19700101", "DTSTART:", "SUMMARY:x",
        "RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=", "RRULE:FREQ=YEARLY;BYDAY=99MO",
        "RRULE:FREQ=MONTHLY;BYMONTHDAY=-32;COUNT=2",
        "RRULE:FREQ=WEEKLY;UNTIL=x", "RDATE;VALUE=PERIOD:20261201T080000Z/PT5H", "RDATE:20261201", "EXDATE:x",
        "DURATION:-P1D", "DURATION:P9999999D", "RECURRENCE-ID:20261201", "UID:1", "UID:2", "STATUS:cancelled",
        "X-FOO;a=b:c", " folded", ":::", "BEGIN:VCALENDAR", "END:VCALENDAR", "DTSTART;TZID=:20261201T080000",
    ]
)  # fmt: skip


@given(st.lists(pieces, max_size=14))
def test_any_shuffled_calendar_is_read_or_refused(lines):
    _read_or_refused("\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode())


def _read_or_refused(data):
    try:
        found = read(data)
    except Refused as refused:
        assert refused.code in dayfiles.MESSAGES
        return
    assert found.rows
    for row in found.rows:
        assert row.first <= row.last and row.last >= EARLIEST and row.first <= LATEST
        assert 0 < len(row.name) <= 80
    assert all(each.why in dayfiles.SKIPPED for each in found.skipped)
