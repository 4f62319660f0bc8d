"""Reading calendars with closed days as schools, programs and attackers make them."""

import time
from datetime import date

import icalendar
import pytest

from cases.schooldays import files
from cases.schooldays.files.icalendar_files import MOST_ODD, SECONDS

from .file_maker import AUTUMN, GOOD, adds_up, asked, calendar, doubts, read, refusal, rows, whole


def test_the_end_of_whole_days_is_the_day_after():
    found = rows(calendar(whole("Herfstvakantie", "20261017", "20261026")))
    assert found == [AUTUMN]


@pytest.mark.parametrize("end", ["", "20261201", "20261202"])
def test_one_day_however_its_end_is_written(end):
    assert rows(calendar(whole("Studiedag", "20261201", end))) == [
        ("2026-12-01", "2026-12-01", "Studiedag")
    ]


def test_a_length_instead_of_an_end():
    assert rows(calendar(whole("Kort", "20261201", more="DURATION:P3D"))) == [
        ("2026-12-01", "2026-12-03", "Kort")
    ]


def test_what_has_times_is_marked_also_when_it_fills_the_day():
    lines = "SUMMARY:Overleg\nDTSTART;TZID=Europe/Amsterdam:20261201T080000\n"
    found = read(calendar(lines + "DTEND;TZID=Europe/Amsterdam:20261201T170000", GOOD)).rows
    assert [(row.name, row.doubt) for row in found] == [("Goed", "words"), ("Overleg", "time")]


def test_times_count_on_the_clock_of_the_school():
    late = "SUMMARY:Laat\nDTSTART:20261130T233000Z\nDTEND:20261201T060000Z"
    assert rows(calendar(late)) == [("2026-12-01", "2026-12-01", "Laat")]
    midnight = "SUMMARY:Nacht\nDTSTART:20261130T230000Z\nDTEND:20261202T230000Z"
    assert rows(calendar(midnight)) == [("2026-12-01", "2026-12-02", "Nacht")]


def test_a_time_zone_that_nobody_knows_is_read_as_it_stands():
    strange = (
        "SUMMARY:x\nDTSTART;TZID=Mars/Base:20261201T080000\nDTEND;TZID=Mars/Base:20261201T090000"
    )
    assert rows(calendar(strange)) == [("2026-12-01", "2026-12-01", "x")]


def test_repeated_events_within_the_years_that_count():
    found = rows(calendar(whole("Bevrijdingsdag", "20150505", more="RRULE:FREQ=YEARLY")))
    assert [first for first, _last, _name in found] == ["2027-05-05", "2028-05-05", "2029-05-05"]
    assert (
        refusal(calendar(whole("Vroeger", "20150505", more="RRULE:FREQ=YEARLY;COUNT=3")))
        == "outside"
    )


def test_a_day_of_every_year_and_one_moved_and_one_left_out():
    series = [
        whole(
            "Studiedag",
            "20260901",
            more="UID:s\nRRULE:FREQ=MONTHLY;COUNT=4\nEXDATE;VALUE=DATE:20261001",
        ),
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
    assert whys.pop("Nooit") in files.SKIPPED
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
    monkeypatch.setattr("cases.schooldays.files.icalendar_files.SECONDS", -1)
    assert refusal(calendar(GOOD)) == "slow"


def test_taking_the_file_apart_looks_at_the_clock_too(monkeypatch):
    monkeypatch.setattr("cases.schooldays.files.icalendar_files.SECONDS", -1)
    assert refusal("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nEND:VTIMEZONE\nX:y\n") == "slow"


@pytest.fixture
def unhurried(monkeypatch):
    """Other work on the machine makes no file too slow: the processor's time is counted instead."""
    monkeypatch.setattr("cases.schooldays.files.icalendar_files.SECONDS", 3600)


@pytest.mark.parametrize("name", ["A", "VTIMEZONE"])
def test_components_deep_within_each_other_are_refused_at_once(name, unhurried):
    deep = "BEGIN:VCALENDAR\n" + f"BEGIN:{name}\n" * 28_000 + "END:B\n" * 28_000
    began = time.process_time()
    assert refusal(deep) == "broken"
    assert time.process_time() - began < SECONDS


def test_many_calendars_after_each_other_that_were_cut_off_are_read():
    one = calendar(GOOD).replace("END:VCALENDAR\r\n", "")
    assert [row.name for row in read(one * 40).rows] == ["Goed"]


def test_an_event_within_a_few_open_components_is_read():
    around = "\n".join(["BEGIN:VTIMEZONE"] * 5)
    assert "Goed" in [row.name for row in read(calendar(GOOD, around=around)).rows]


@pytest.mark.parametrize(
    "around",
    [
        "BEGIN:VTIMEZONE\nEND:VTIMEZONE\n" * 12_000 + "BEGIN:A\nEND:A\n" * 24_000,
        "BEGIN:VEVENT\n" + "A:\n" * 200_000 + "x\n" * 300 + "END:VEVENT",
        "BEGIN:VEVENT\nDTSTART:20261201\n" + "A:\n" * 200_000 + "RRULE:\n" * 399 + "END:VEVENT",
    ],
    ids=["many components", "odd lines in a long event", "empty rules in a long event"],
)
def test_a_long_file_takes_no_more_time_than_its_length(around, unhurried):
    began = time.process_time()
    found = read(calendar(GOOD, around=around))
    assert time.process_time() - began < SECONDS
    assert "Goed" in [row.name for row in found.rows]
    assert len(found.odd) <= MOST_ODD and found.counts.total < 3


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


# One odd property does not refuse the rest


def odd_in(data):
    found = read(data)
    adds_up(found)
    return {(each.what, each.of) for each in found.odd}


def test_an_empty_rule_is_put_aside_and_the_day_is_read():
    event = whole("Vrij", "20261201", more="RRULE:")
    found = read(calendar(event, GOOD))
    assert [row.name for row in found.rows] == ["Goed", "Vrij"]
    (odd,) = found.odd
    assert (odd.what, odd.of) == ("RRULE", "Vrij") and odd.line > 4


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("DTSTAMP:kapot", "DTSTAMP"),
        ("CREATED:20251331", "CREATED"),
        ("dit is geen eigenschap", "dit is geen eigenschap"),
        ("LAST-MODIFIED;VALUE=DATE:x", "LAST-MODIFIED"),
    ],
)
def test_an_odd_line_in_an_event_is_put_aside_by_its_name(line, named):
    assert (named, "Vrij") in odd_in(
        calendar(f"{line}\nSUMMARY:Vrij\nDTSTART;VALUE=DATE:20261201", GOOD)
    )


def test_a_time_zone_with_two_names_is_put_aside_and_the_rest_is_read():
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Een\nTZID:Twee\n"
        "BEGIN:STANDARD\nDTSTART:x\nEND:STANDARD\nEND:VTIMEZONE"
    )
    at_eight = "SUMMARY:Overleg\nDTSTART;TZID=Een:20261201T080000\nDTEND;TZID=Een:20261201T090000"
    data = calendar(whole("Vrij", "20261201"), at_eight, around=zone)
    assert doubts(data) == {"Vrij": "", "Overleg": "time"}
    assert odd_in(data) == {("VTIMEZONE", "")}


def test_a_day_that_cannot_be_read_is_named_with_its_line_and_not_guessed():
    broken_end = "SUMMARY:Eind\nDTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261399"
    found = read(calendar(whole("Nooit", "20261331"), broken_end, GOOD))
    assert [row.name for row in found.rows] == ["Goed"]
    assert {(each.what, each.why, each.line > 0) for each in found.skipped} == {
        ("Nooit", "no_day", True),
        ("Eind", "no_day", True),
    }
    assert vars(found.counts) == {"total": 3, "read": 1, "not_read": 2, "blank": 0, "header": 0}


def test_without_ids_without_folding_and_in_latin_1_it_is_read():
    data = calendar(
        "SUMMARY:Überraschung\nfür alle\nDTSTART;VALUE=DATE:20261201",
        "SUMMARY:Tweede\nDTSTART;VALUE=DATE:20261202",
        uid=False,
    )
    assert {name for _first, _last, name in rows(data.encode("latin-1"))} == {
        "Überraschung für alle",
        "Tweede",
    }
    assert (
        rows(data.replace("\r\n", "\n").encode()) == rows(data) == rows(data.replace("\r\n", "\r"))
    )


def test_an_export_that_was_cut_off_loses_only_its_last_event():
    text = calendar(whole("Vrij", "20261201"), whole("Half", "20261202"))
    found = read(text[: text.rindex("END:VEVENT")])
    assert [row.name for row in found.rows] == ["Vrij"]
    assert [(each.what, each.why) for each in found.skipped] == [("Half", "damaged")]
    left_open = text.replace("END:VEVENT\r\n", "", 1)
    assert [each.name for each in read(left_open).rows] == ["Half"]


def test_only_a_damaged_event_is_refused_in_plain_words():
    assert refusal(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261201") == "broken"


# Whole days, however they are written


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:20261201T000000\nDTEND:20261202T000000",
        "DTSTART;TZID=Europe/Amsterdam:20261201T000000\nDTEND;TZID=Europe/Amsterdam:20261202T000000",
        'DTSTART;TZID="Europe/Amsterdam":20261201T000000\nDTEND;TZID="Europe/Amsterdam":20261201T235900',
        "DTSTART;TZID=(UTC+01:00) Amsterdam:20261201T000000\n"
        "DTEND;TZID=(UTC+01:00) Amsterdam:20261202T000000",
        "DTSTART:20261201T000000Z\nDTEND:20261202T000000Z",
        "DTSTART:20261130T230000Z\nDTEND:20261201T230000Z",
        "DTSTART;TZID=Europe/Amsterdam:20261201\nDTEND;TZID=Europe/Amsterdam:20261202",
        "DTSTART;TZID=Europe/Amsterdam;VALUE=DATE:20261201",
        "DTSTART:20261201\nDTEND:20261201",
        "DTSTART:2026-12-01",
        "DTSTART;VALUE=DATE:20261201T000000\nDTEND;VALUE=DATE:20261202T000000",
        "DTSTART:20261201T000000\nDURATION:P1D",
        "DTSTART;TZID=Nergens/Niet:20261201T000000\nDTEND;TZID=Nergens/Niet:20261202T000000",
    ],
)
def test_from_midnight_to_midnight_is_a_whole_day(lines):
    data = calendar(f"SUMMARY:Studiedag\n{lines}")
    assert rows(data) == [("2026-12-01", "2026-12-01", "Studiedag")]
    assert doubts(data) == {"Studiedag": ""}


def test_midnight_over_the_change_of_the_clock():
    zone = ";TZID=Europe/Amsterdam:"
    event = f"SUMMARY:Herfstvakantie\nDTSTART{zone}20261017T000000\nDTEND{zone}20261026T000000"
    assert rows(calendar(event)) == [AUTUMN]


def test_what_begins_at_midnight_and_has_no_end_has_times():
    assert doubts(calendar("SUMMARY:Studiedag\nDTSTART:20261201T000000")) == {"Studiedag": "time"}


def test_what_was_called_off_is_not_offered():
    events = [
        whole("Studiedag", "20261201", more="STATUS:CANCELLED"),
        whole("Vervalt: studiedag", "20261202"),
        whole("Canceled: Studiedag", "20261203"),
    ]
    found = read(calendar(*events, GOOD))
    assert [row.name for row in found.rows] == ["Goed"]
    assert {each.why for each in found.skipped} == {"cancelled"}


# What is ticked


@pytest.mark.parametrize(
    "name",
    [
        "Herfstvakantie", "Studiedag", "Studiedag team", "Vrije dag", "Leerlingen vrij", "Margedag",
        "Geen school", "Pedagogische studiedag", "Kerstvakantie (2 weken)",
        "Facultatieve verlofdag", "School gesloten", "Herbstferien", "Beweglicher Ferientag",
        "Unterrichtsfrei", "Pädagogischer Tag", "Schulfrei", "Vacances de la Toussaint",
        "Journée pédagogique", "Congé de carnaval", "Pont de l'Ascension",
        "Lessen vervallen, leerlingen vrij", "Studiedag (groep 1 t/m 8 vrij)", "Geen lessen",
        "Half term", "October holiday", "INSET day", "Spring Recess - Schools Closed", "No School",
    ],
)  # fmt: skip
def test_what_is_named_like_a_day_without_school_is_ticked(name):
    assert doubts(calendar(whole(name, "20261201"))) == {name: ""}


@pytest.mark.parametrize(
    "name",
    [
        "Internationale Vrouwendag", "Aswoensdag", "Goede vrijdagviering", "Sinterklaas",
        "Valentijnsdag", "Rapport mee",
        "Eerste schooldag na de vakantie", "Start zomervakantie", "Vakantieopvang",
        "Vrijwilligersbedankje", "Ende der Ferien", "Erster Schultag", "Ferienbetreuung",
        "Rentrée des vacances", "Vacances (prérentrée)", "Last day before the holidays",
        "Holiday club", "Pupils resume", "Bibliotheek gesloten", "Periode 2", "Moederdag",
        "Zwangerschapsverlof juf",
        "Geen studiedag", "Studiedag vervalt", "Studiedag?", "Studiedag (onder voorbehoud)",
        "Studiedag gaat niet door", "MR vergadering studiedagen", "Voorbereiding studiedag",
        "Terug van vakantie", "Kerstvakantie: nog 2 weken", "Vrij roosteren",
        "Roostervrije dag leerkrachten: wel school", "Juf Petra vakantie", "Keine Ferien",
    ],
)  # fmt: skip
def test_what_is_not_is_offered_without_a_tick(name):
    assert doubts(calendar(whole(name, "20261201"))) == {name: "words"}


@pytest.mark.parametrize(
    "name", ["Studiemiddag: middag vrij", "Half day holiday", "Early dismissal", "Nachmittag frei"]
)
def test_a_part_of_a_day_is_not_ticked(name):
    assert doubts(calendar(whole(name, "20261201"))) == {name: "part"}


@pytest.mark.parametrize(
    "name",
    ["Studiedag groep 5", "Lesvrije dag onderbouw", "Klas 3 vrij", "Leerlingen vrij (havo 4)"],
)
def test_a_day_for_a_part_of_the_school_is_not_ticked(name):
    assert doubts(calendar(whole(name, "20261201"))) == {name: "group"}


def test_a_time_in_the_title_is_not_ticked():
    assert (
        doubts(calendar(whole("Kerstvakantie vanaf 12.00 uur", "20261218"))).popitem()[1] == "time"
    )


# Regions

REGIONS = [
    whole("Schoolvakantie — voorjaarsvakantie (noord)", "20270220", "20270301"),
    whole("Voorjaarsvakantie regio Midden", "20270220", "20270301"),
    whole("Voorjaarsvakantie - Zuid", "20270213", "20270222"),
    whole("Studiedag", "20261201"),
]


def test_never_the_holidays_of_two_regions_at_once():
    data = calendar(*REGIONS)
    found = rows(data, region="NL-Zuid")
    assert [name for _first, _last, name in found] == ["Studiedag", "Voorjaarsvakantie - Zuid"]
    question = asked(data)
    assert set(question.regions) == {"NL-Noord", "NL-Midden", "NL-Zuid"} and not question.columns
    assert len(rows(data, files.Answers(region="NL-Noord"))) == 2


def test_one_region_alone_is_in_doubt_for_a_school_without_a_region():
    data = calendar(whole("Herfstvakantie regio Zuid", "20261012", "20261017"))
    assert doubts(data) == {"Herfstvakantie regio Zuid": "which region"}
    assert doubts(data, region="NL-Zuid") == {"Herfstvakantie regio Zuid": ""}
    assert doubts(data, region="NL-Noord") == {"Herfstvakantie regio Zuid": "region"}


def test_french_zones_and_german_laender_are_regions():
    zones = [
        whole("Vacances d'hiver - Zone A", "20270206"),
        whole("Vacances d'hiver - Zones B/C", "20270213"),
    ]
    assert set(asked(calendar(*zones)).regions) == {"FR-A", "FR-B", "FR-C"}
    states = [
        whole("Herbstferien Sachsen", "20261012"),
        whole("Herbstferien 2026 Bayern", "20261102"),
    ]
    assert len(rows(calendar(*states), region="DE-BY", country="DE")) == 1


def test_a_trip_to_a_region_asks_nothing():
    assert (
        len(
            rows(
                calendar(
                    whole("Klassenfahrt Berlin", "20261012"), whole("Ausflug Bayern", "20261102")
                )
            )
        )
        == 2
    )


def test_a_calendar_of_another_region_is_not_ticked():
    data = calendar(whole("Voorjaarsvakantie (Zuid)", "20270213", "20270222"))
    assert doubts(data, region="NL-Noord") == {"Voorjaarsvakantie (Zuid)": "region"}
