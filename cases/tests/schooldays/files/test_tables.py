"""Tables: by the names of their columns, by asking, and every line accounted for."""

from datetime import date

import pytest

from cases.schooldays.files import Answers

from .file_maker import AUTUMN, adds_up, asked, doubts, read, refusal, rows

ROSTER = """sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,\
schoolYear
"a1","active","2026-11-30","Periode 2","gradingPeriod","2026-11-30","2027-02-12","","2027"
"a2","active","2026-11-30","Studiedag","term","2027-02-01","2027-02-01","","2027"
"""


@pytest.mark.parametrize(
    "table",
    [
        "Herfstvakantie;17-10-2026;25-10-2026",
        "naam;van;t/m\r\nHerfstvakantie;17-10-2026;25-10-2026\r\n",
        "2026-10-17,2026-10-25,Herfstvakantie",
        "Herfstvakantie\t17.10.2026\t25.10.2026",
        '"Herfstvakantie","za 17 oktober 2026","zo 25 okt. 2026"',
        "Naam;Van;Tot;Opmerking\nHerfstvakantie;17/10/26;25/10/26;extra kolom",
        "Herfstvakantie;17-10-2026 t/m 25-10-2026",
        "Herfstvakantie;17. Oktober 2026;25. Oktober 2026\n\n;;;\n",
        "van;tot;naam\n17-10-2026;25-10-2026;Herfstvakantie",
        "sep=;\nBezeichnung;Beginn;Ende\nHerfstvakantie;17.10.2026;25.10.2026",
        "Titre;Date de début;Date de fin\nHerfstvakantie;17/10/2026;25/10/2026",
        "Summary,Start Date,End Date,Made on\nHerfstvakantie,10/17/2026,10/25/2026,11/26/2026",
        "vakantie;datum\nHerfstvakantie;za 17 t/m zo 25 oktober 2026",
        "Naam;Eerste dag;Laatste dag\nHerfstvakantie;46312;46320",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_tables_however_they_were_saved(table, encoding):
    assert rows(table.encode(encoding)) == [AUTUMN]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_names_with_accents(encoding):
    table = "Überraschung für José;01.12.2026;".encode(encoding)
    assert rows(table) == [("2026-12-01", "2026-12-01", "Überraschung für José")]


def test_columns_are_known_by_their_names_and_not_by_their_place():
    assert rows(ROSTER) == [
        ("2026-11-30", "2027-02-12", "Periode 2"),
        ("2027-02-01", "2027-02-01", "Studiedag"),
    ]
    assert doubts(ROSTER) == {"Periode 2": "words", "Studiedag": ""}


@pytest.mark.parametrize("extra", ["made on", "aangemaakt", "Last Modified", "reminder date"])
def test_a_date_of_something_else_does_not_mislead(extra):
    table = f"{extra};naam;van;tot\n1-9-2026;Herfstvakantie;17-10-2026;25-10-2026"
    assert rows(table) == [AUTUMN]


@pytest.mark.parametrize(
    "table",
    [
        "Herfstvakantie;17/10/26;25/10/26;extra kolom",  # two columns of words
        "a;1;17-10-2026;25-10-2026;1-9-2026",
        "naam;datum;weer school\nHerfstvakantie;17-10-2026;26-10-2026",
        "naam;xx\nHerfstvakantie;17-10-2026",
        "naam;tot\nHerfstvakantie;25-10-2026",
        "omslag;dag een;dag twee\nHerfstvakantie;17-10-2026;25-10-2026",
        "Herfstvakantie;46312",
        "Herfstvakantie;25-10-2026;17-10-2026",
    ],
)
def test_where_it_is_not_plain_which_column_is_what_we_ask(table):
    question = asked(table)
    assert question.columns and question.sample and question.shape


def test_the_answer_is_what_counts_and_the_shape_stays_the_same():
    table = "blok;op;iets\nHerfstvakantie;17-10-2026;25-10-2026\nx;y;z"
    question = asked(table)
    said = Answers(roles=("name", "first", "last"), header="yes")
    found = read(table, said)
    assert rows(table, said) == [AUTUMN]
    assert found.counts.header == 1 and [each.line for each in found.skipped] == [3]
    adds_up(found)
    assert asked(table.replace("17-10", "18-10")).shape == question.shape
    assert rows(table, Answers(roles=("name", "", "day"), header="yes"))[0][0] == "2026-10-25"


@pytest.mark.parametrize(
    ("roles", "wrong"),
    [
        (("name", "", ""), "no_days"),
        (("name", "name", "day"), "twice"),
        (("name", "day", "first"), "both"),
        (("day", "", "name"), "not_days"),
    ],
)
def test_an_answer_that_cannot_be_is_said(roles, wrong):
    table = "x;y;z\nHerfstvakantie;17-10-2026;25-10-2026"
    assert asked(table, Answers(roles=roles)).wrong == wrong


# Every line


def test_every_line_is_counted_and_what_was_not_understood_is_listed_with_its_number():
    table = (
        "Vakantierooster 2026-2027\n\nNaam;Van;Tot\nHerfstvakantie;17-10-2026;25-10-2026\n;;\n"
        "Kerst;ergens in december;\nPasen;31-02-2027;\nStudiedag;1 maart;\nOud;1-1-2020;\n"
    )
    found = read(table)
    assert vars(found.counts) == {"total": 9, "read": 2, "not_read": 4, "blank": 2, "header": 1}
    assert [(each.line, each.why) for each in found.skipped if each.line] == [
        (1, "title"),
        (6, "no_day"),
        (7, "no_day"),
        (8, "no_year"),
    ]
    assert "ergens in december" in next(each.what for each in found.skipped if each.line == 6)


def test_a_first_line_that_is_not_understood_does_not_vanish():
    table = "Vrij;ergens\nVrij;01-12-2026\n"
    assert asked(table).header == "yes"  # it may hold names of columns that we do not know
    found = read(table, Answers(roles=("name", "day"), header="no"))
    assert [(each.line, each.what) for each in found.skipped] == [(1, "Vrij · ergens")]
    adds_up(found)


def test_lines_that_cannot_be_read_are_told_and_the_others_stay():
    found = read(
        "naam;van;tot\nVrij;01-12-2026\nFout;31-02-2027\nTerug;05-12-2026;01-12-2026\nVrij;01-12-2026\nOud;1-1-2020\n"
    )
    assert [row.name for row in found.rows] == ["Vrij"]
    assert {each.why for each in found.skipped} == {"no_day", "backwards", "twice", "early"}


def test_a_file_without_any_year_says_so():
    assert refusal("naam;datum\nHerfstvakantie;17 t/m 25 oktober") == "no_year"


def test_a_holiday_of_which_each_day_has_its_line_is_one():
    days = "".join(f"{n}.10.2026;Herbstferien\n" for n in range(19, 24))
    assert rows("Datum;Ferien\n" + days) == [("2026-10-19", "2026-10-23", "Herbstferien")]


# Times


def test_an_evening_is_not_a_closed_day():
    table = "Datum;Tijd;Omschrijving\n07-12-2026;;Studiedag\n08-12-2026 19:30;;Ouderavond groep 7\n"
    table += "09-12-2026;19.30 uur;Studiedag team\n10-12-2026;;Studiedag vanaf 12.15 uur\n"
    table += "11-12-2026;hele dag;Studiedag onderbouw\n"
    assert doubts(table) == {
        "Studiedag": "",
        "Ouderavond groep 7": "time",
        "Studiedag team": "time",
        "Studiedag vanaf 12.15 uur": "time",
        "Studiedag onderbouw": "group",
    }


def test_from_and_until_may_be_times():
    table = "Datum;Van;Tot;Naam\n07-12-2026;19:30;21:00;Studiedag\n08-12-2026;;;Studiedag b"
    assert doubts(table) == {"Studiedag": "time", "Studiedag b": ""}


def test_an_export_of_outlook_with_days_that_end_at_midnight():
    table = (
        "Onderwerp,Begindatum,Begintijd,Einddatum,Eindtijd,Duurt hele dag\n"
        "Herfstvakantie,17-10-2026,0:00:00,26-10-2026,0:00:00,Waar\n"
        "Overleg,1-12-2026,09:00:00,1-12-2026,10:00:00,Onwaar\n"
    )
    assert rows(table) == [AUTUMN, ("2026-12-01", "2026-12-01", "Overleg")]
    assert doubts(table)["Overleg"] == "time"


def test_midnight_beside_each_day_is_asked_about():
    table = "naam;van;tot\nHerfstvakantie;2026-10-17 00:00:00;2026-10-26 00:00:00\n"
    table += "Vrij;2026-12-01 00:00;2026-12-01 00:00"
    assert asked(table).ends == ("Herfstvakantie", date(2026, 10, 17), date(2026, 10, 26))
    assert rows(table, Answers(ends="exclusive"))[0] == AUTUMN
    assert rows(table, Answers(ends="inclusive"))[0][1] == "2026-10-26"


# Day or month first


def test_which_number_is_the_month_is_decided_by_the_whole_file():
    assert rows("naam,datum\nVrij,03/04/2027\nVrij b,25/04/2027")[0][0] == "2027-04-03"
    assert rows("naam,datum\nVrij,03/04/2027\nVrij b,04/25/2027")[0][0] == "2027-03-04"
    assert rows("naam,van,tot\nVrij,12/05/2026,01/06/2027")[0] == (
        "2026-12-05",
        "2027-01-06",
        "Vrij",
    )
    assert (
        rows("naam;datum\nVrij;03-04-2027")[0][0]
        == rows("naam;datum\nVrij;03.04.2027")[0][0]
        == "2027-04-03"
    )
    assert rows("naam;datum\nVrij;26-10-17")[0][0] == "2026-10-17"


def test_what_the_file_does_not_say_is_asked():
    table = "naam,datum\nVrij,03/04/2027"
    question = asked(table)
    assert question.orders == [("day", date(2027, 4, 3)), ("month", date(2027, 3, 4))]
    assert question.example == "03/04/2027" and not question.columns
    assert rows(table, Answers(order="month"))[0][0] == "2027-03-04"
    assert asked("naam,datum\nVrij,13/04/2027\nVrij b,04/13/2027").orders  # both ways in one file


def test_an_answer_that_does_not_fit_this_file_does_not_count():
    assert rows("naam,datum\nVrij,25/04/2027", Answers(order="month"))[0][0] == "2027-04-25"
    assert asked("naam,datum\nVrij,03/04/2027", Answers(order="x")).orders


# Regions

WIDE = (
    "vakantie;Noord;Midden;Zuid\n"
    "Voorjaarsvakantie;20 t/m 28 feb 2027;20 t/m 28 feb 2027;13 t/m 21 feb 2027"
)
LONG = (
    "naam;regio;van;tot\nVoorjaarsvakantie;Noord, Midden;20-2-2027;28-2-2027\n"
    "Voorjaarsvakantie;Zuid;13-2-2027;21-2-2027\nMeivakantie;;24-4-2027;2-5-2027"
)


@pytest.mark.parametrize("table", [WIDE, LONG])
def test_of_several_regions_only_the_schools_own_is_offered(table):
    assert rows(table, region="NL-Zuid")[0] == ("2027-02-13", "2027-02-21", "Voorjaarsvakantie")
    assert rows(table, region="NL-Midden")[0] == ("2027-02-20", "2027-02-28", "Voorjaarsvakantie")
    assert {name for _first, _last, name in rows(table, region="NL-Noord")} <= {
        "Voorjaarsvakantie",
        "Meivakantie",
    }
    assert (
        sum(name == "Voorjaarsvakantie" for _first, _last, name in rows(table, region="NL-Noord"))
        == 1
    )


@pytest.mark.parametrize("table", [WIDE, LONG])
def test_whose_region_is_not_known_is_asked(table):
    question = asked(table)
    assert set(question.regions) == {"NL-Noord", "NL-Midden", "NL-Zuid"} and not question.columns
    assert rows(table, Answers(region="NL-Zuid"))[0][0] == "2027-02-13"


def test_two_columns_for_each_region():
    table = (
        "Naam;Noord van;Noord tot;Zuid van;Zuid tot\nVrij;20-2-2027;28-2-2027;13-2-2027;21-2-2027"
    )
    assert rows(table, region="NL-Zuid") == [("2027-02-13", "2027-02-21", "Vrij")]
    assert set(asked(table).regions) == {"NL-Noord", "NL-Zuid"}


def test_the_days_of_one_other_region_are_not_ticked():
    table = "naam;regio;datum\nHerfstvakantie;Zuid;17 t/m 25 oktober 2026"
    assert doubts(table, region="NL-Noord") == {"Herfstvakantie": "region"}
    assert doubts(table, region="NL-Zuid") == {"Herfstvakantie": ""}


def test_regions_that_we_do_not_know_can_be_chosen_as_they_stand():
    table = "naam;regio;datum\nVrij;Oost;1-12-2026\nVrij;West;2-12-2026"
    assert {key: str(label) for key, label in asked(table).regions.items()} == {
        "oost": "Oost",
        "west": "West",
    }
    assert rows(table, Answers(region="west")) == [("2026-12-02", "2026-12-02", "Vrij")]


def test_a_table_with_thousands_of_columns_is_refused_at_once():
    wide = ";".join(["naam"] * 20_000) + "\n" + ";".join(["2026-11-30"] * 20_000)
    assert refusal(wide) == "no_days"
