"""The pages of a file with closed days: what is asked, what is ticked, what is remembered, what is
never kept.
"""

import datetime
import re

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.actions import closed_day_files
from cases.models import ClosedDay, JournalEntry, PendingPost, School
from cases.schooldays.files import Answers
from cases.tests.world import CLOSED_DAY, TODAY, at

from ...schooldays.files.file_maker import calendar, whole
from .test_school_forms_kept import sent_signed_out

UNCLEAR = (
    "blok;op;weer;iets\nHerfstvakantie;17-10-2026;25-10-2026;a\n"
    "Studiedag;8-12-2026;;b\nGeheim ding;ergens;;\n"
)
COLUMNS = {
    "column_0": "name",
    "column_1": "first",
    "column_2": "last",
    "column_3": "",
    "header": "on",
}
URL = "/school/import/"


@pytest.fixture
def karel(world):
    return world.client("administrator")


def html(answer):
    return answer.content.decode()


def upload(client, data, **more):
    data = data if isinstance(data, bytes) else data.encode()
    return client.post(
        reverse("school-import"), {"file": SimpleUploadedFile("dagen.csv", data), **more}
    )


def answer(client, page, **said):
    return client.post(reverse("school-import"), {"sealed": page.context["sealed"], **said})


def ticked(page):
    return {each["row"].name: each["ticked"] for each in page.context["rows"]}


def imported(world):
    return ClosedDay.objects.filter(school=world.school).exclude(pk=CLOSED_DAY).count()


# The question


def test_unclear_columns_are_asked_about_and_nothing_is_added_before_the_end(world, karel):
    page = upload(karel, UNCLEAR)
    assert page.status_code == 200 and "Wat staat er in elke kolom?" in html(page)
    assert "Kolom 1: blok" in html(page) or "Kolom 1" in html(page)
    assert html(page).count("<select") == 4 and "Herfstvakantie" in html(page)
    page = answer(karel, page, **COLUMNS)
    assert ticked(page) == {"Herfstvakantie": True, "Studiedag": True}
    assert imported(world) == 0
    karel.post(URL, {"rows": page.context["signed"], "row": ["0"]})
    assert imported(world) == 1


def test_every_line_stands_on_the_page_and_what_was_not_understood_with_its_number_and_text(karel):
    page = html(answer(karel, upload(karel, UNCLEAR), **COLUMNS))
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "4 regels: 2 met dagen, 1 niet begrepen, 1 met de namen van de kolommen, 0 leeg" in text
    assert "Regel 4: Geheim ding · ergens" in text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"column_1": ""}, "Kies in welke kolom de dag staat"),
        # as the page shows it before anybody has said it
        (
            {"column_1": "?"},
            "Kies wat deze kolom is.",
        ),
        ({"column_2": "first"}, "hooguit één kolom"),
        ({"column_3": "day"}, "niet allebei"),
        ({"column_1": "name", "column_0": "first"}, "staan geen dagen"),
        ({"column_0": "<b>"}, "Kies uit de lijst."),
    ],
)
def test_an_answer_that_cannot_be_is_said_at_the_field_and_what_was_chosen_stays(
    karel, said, words
):
    page = answer(karel, upload(karel, UNCLEAR), **{**COLUMNS, **said})
    assert page.status_code == 422 and words in html(page)
    assert "Herfstvakantie" in html(page) and page.context["sealed"]
    assert page.context["form"]["column_3"].value() == {**COLUMNS, **said}["column_3"]


def test_the_next_file_like_it_is_read_without_asking_unless_one_wants_to_be_asked(world, karel):
    answer(karel, upload(karel, UNCLEAR), **COLUMNS)
    page = upload(karel, UNCLEAR.replace("8-12", "9-12"))
    assert ticked(page) == {"Herfstvakantie": True, "Studiedag": True}
    assert "Je koos eerder" in html(page)
    assert "Vraag opnieuw" in html(karel.get(URL))
    assert "<select" in html(upload(karel, UNCLEAR, again="on"))
    assert "<select" in html(upload(karel, UNCLEAR.replace("blok", "ander")))  # other columns
    kept = str(School.objects.get(pk=world.school.pk).day_columns)
    assert "Herfst" not in kept and "blok" not in kept
    line = JournalEntry.objects.filter(thing="school/day files").get()
    assert line.fields == ["header", "roles"]


def test_what_is_remembered_has_an_end(world):
    school = School.objects.get(pk=world.school.pk)
    person = world.people["administrator"]
    for number in range(closed_day_files.MOST_SHAPES + 3):
        closed_day_files.remember_columns(
            school, f"shape {number}", Answers(order="day"), by=person
        )
    assert len(school.day_columns) == closed_day_files.MOST_SHAPES
    assert (
        not closed_day_files.remembered(school, "shape 0")
        and closed_day_files.remembered(school, "shape 5").order == "day"
    )


def test_the_oldest_shape_makes_room_in_whatever_order_the_database_returns_them(world):
    """PostgreSQL sorts the keys of an object by their length and letters."""
    school = School.objects.get(pk=world.school.pk)
    person = world.people["administrator"]
    for number in range(closed_day_files.MOST_SHAPES + 3, 0, -1):
        closed_day_files.remember_columns(
            school, f"shape {number:02}", Answers(order="day"), by=person
        )
        School.objects.filter(pk=school.pk).update(
            day_columns=dict(sorted(school.day_columns.items()))
        )
    school.refresh_from_db()
    assert sorted(school.day_columns) == [
        f"shape {n:02}" for n in range(1, closed_day_files.MOST_SHAPES + 1)
    ]


def test_what_was_kept_before_it_had_numbers_is_still_read_and_goes_first(world):
    person = world.people["administrator"]
    old = {f"z {number}": {"order": "day"} for number in range(closed_day_files.MOST_SHAPES)}
    School.objects.filter(pk=world.school.pk).update(day_columns=old)
    school = School.objects.get(pk=world.school.pk)
    assert closed_day_files.remembered(school, "z 3") == Answers(order="day")
    assert not closed_day_files.remember_columns(school, "z 3", Answers(order="day"), by=person)
    closed_day_files.remember_columns(school, "a", Answers(order="month"), by=person)
    closed_day_files.remember_columns(school, "b", Answers(order="month"), by=person)
    assert {"a", "b"} <= set(school.day_columns) and len(
        school.day_columns
    ) == closed_day_files.MOST_SHAPES


def test_day_or_month_first_is_asked_with_both_days(karel):
    page = upload(karel, "naam,datum\nVrij,03/04/2027")
    assert "3 april 2027" in html(page) and "4 maart 2027" in html(page)
    assert answer(karel, page).status_code == 422
    page = answer(karel, page, order="month")
    assert [str(each["row"].first) for each in page.context["rows"]] == ["2027-03-04"]


def test_which_region_is_asked_and_two_are_never_added(world, karel):
    School.objects.filter(pk=world.school.pk).update(region="")
    events = [
        whole("Voorjaarsvakantie (noord)", "20270220", "20270301"),
        whole("Voorjaarsvakantie (zuid)", "20270215"),
    ]
    page = upload(karel, calendar(*events))
    assert "In welke regio ligt jullie school?" in html(page)
    assert answer(karel, page, region="XX").status_code == 422
    page = answer(karel, page, region="NL-Zuid")
    assert ticked(page) == {"Voorjaarsvakantie (zuid)": True}
    assert "van een andere regio" in html(page)


REGIONS = "blok;streek;op;weer\nVrij;Noord;10-10-2026;18-10-2026\nVrij;Zuid;17-10-2026;25-10-2026\n"
REGION_COLUMNS = {
    "column_0": "name",
    "column_1": "region",
    "column_2": "first",
    "column_3": "last",
    "header": "on",
}


def first_days(page):
    return [str(each["row"].first) for each in page.context["rows"]]


def test_the_region_said_of_one_file_is_never_used_for_the_next(world, karel):
    """The columns are remembered; the school's own region counts, or it is asked once more,
    alone.
    """
    school = School.objects.filter(pk=world.school.pk)
    school.update(region="")
    page = answer(karel, upload(karel, REGIONS), **REGION_COLUMNS)
    assert first_days(answer(karel, page, region="NL-Noord")) == ["2026-10-10"]
    assert "region" not in next(iter(school.get().day_columns.values()))
    page = upload(karel, REGIONS)
    assert "In welke regio" in html(page) and "<select" not in html(page)
    assert first_days(answer(karel, page, region="NL-Zuid")) == ["2026-10-17"]
    school.update(region="NL-Zuid")
    page = upload(karel, REGIONS)
    assert first_days(page) == ["2026-10-17"] and "Je koos eerder" in html(page)


def test_a_region_that_was_kept_earlier_does_not_count_any_more(world, karel):
    school = School.objects.filter(pk=world.school.pk)
    school.update(region="NL-Zuid")
    answer(karel, upload(karel, REGIONS), **REGION_COLUMNS)
    kept = school.get().day_columns
    for said in kept.values():
        said["region"] = "NL-Noord"
    school.update(day_columns=kept)
    assert first_days(upload(karel, REGIONS)) == ["2026-10-17"]


def test_a_region_alone_is_not_remembered_for_all_calendars(world, karel):
    school = School.objects.filter(pk=world.school.pk)
    school.update(region="")
    data = calendar(whole("Vakantie (noord)", "20270220"), whole("Vakantie (zuid)", "20270215"))
    assert first_days(answer(karel, upload(karel, data), region="NL-Noord")) == ["2027-02-20"]
    assert school.get().day_columns == {}
    assert "In welke regio" in html(upload(karel, data))


def test_several_questions_follow_each_other_and_the_answers_stay(karel):
    table = "x;y;z\nVrij;Oost;03/04/2027\nVrij;West;04/05/2027"
    page = answer(
        karel, upload(karel, table), column_0="name", column_1="region", column_2="day", header="on"
    )
    assert (
        "In welke regio" in html(page)
        and "Welke dag is" in html(page)
        and "<select" not in html(page)
    )
    page = answer(karel, page, region="west", order="day")
    assert [str(each["row"].first) for each in page.context["rows"]] == ["2027-05-04"]


# What travels, and what is kept


def test_the_file_travels_sealed_and_is_stored_nowhere(karel):
    page = upload(karel, UNCLEAR)
    assert "Geheim" not in page.context["sealed"]
    assert not PendingPost.objects.exists()
    assert all("sealed" not in session.get_decoded() for session in Session.objects.all())
    assert karel.session.get("kept") is None


def test_a_sealed_file_opens_for_nobody_else_and_not_after_a_day(world, karel):
    page = upload(karel, UNCLEAR)
    for client, sealed in (
        (world.client("coordinator"), page.context["sealed"]),
        (karel, page.context["sealed"][:-8]),
        (karel, "x"),
        (karel, "é" * 40),
        (karel, ""),
    ):
        refused = client.post(URL, {"sealed": sealed, **COLUMNS})
        assert refused.status_code == 302 and refused.url == URL
    school = School.objects.get(pk=world.school.pk)
    person = world.people["administrator"]
    sealed = closed_day_files.seal_file(school, person, b"x", Answers())
    assert closed_day_files.open_file(school, person, sealed) == (b"x", Answers())
    with at(datetime.date(2027, 3, 1)):
        assert closed_day_files.open_file(school, person, sealed) is None


def test_the_largest_file_fits_in_its_form(karel):
    noise = (
        "".join(chr(33 + (n * n * 7919 + n) % 90) for n in range(900_000))
        .replace('"', "x")
        .replace(";", "y")
    )
    lines = "\n".join(noise[n : n + 600] + f";x{n};17-10-2026" for n in range(0, 800_000, 600))
    page = upload(karel, lines)
    assert page.status_code == 200 and len(page.context["sealed"]) < 2_000_000
    assert answer(karel, page, column_0="", column_1="name", column_2="day").status_code in (
        200,
        422,
    )


def test_a_question_whose_sign_in_ended_is_there_afterwards_as_it_was_answered(world):
    with at(TODAY):
        page = upload(world.client("administrator"), UNCLEAR)
        said = {"sealed": page.context["sealed"], **COLUMNS, "column_2": "region"}
        client = sent_signed_out(world, URL, said)
        again = client.get(URL)
        assert again.context["form"]["column_2"].value() == "region" and "Herfstvakantie" in html(
            again
        )
        assert set(ticked(answer(client, again, **COLUMNS))) == {"Herfstvakantie", "Studiedag"}
    assert not PendingPost.objects.exists()


# Ticks


def test_everything_and_nothing_can_be_ticked_without_a_script(world, karel):
    page = upload(karel, calendar(whole("Studiedag", "20261208"), whole("Feest", "20261209")))
    assert ticked(page) == {"Studiedag": True, "Feest": False} or ticked(page) == {"Feest": False}
    signed = page.context["signed"]
    everything = karel.post(URL, {"rows": signed, "tick": "all"})
    assert set(ticked(everything).values()) == {True}
    nothing = karel.post(URL, {"rows": everything.context["signed"], "tick": "none", "row": ["0"]})
    assert set(ticked(nothing).values()) == {False}
    assert imported(world) == 0
    assert karel.post(URL, {"rows": signed[:-2], "tick": "all"}).status_code == 302


def test_public_holidays_are_known_by_their_date_and_the_regions_holidays_by_their_days(
    world, karel
):
    School.objects.filter(pk=world.school.pk).update(region="NL-Midden")
    events = [
        whole("Oranjefeest", "20270427"),
        whole("Internationale Vrouwendag", "20270308"),
        whole("Weekje weg", "20270220", "20270301"),
    ]
    page = upload(karel, calendar(*events))
    assert ticked(page) == {
        "Oranjefeest": False,
        "Internationale Vrouwendag": False,
        "Weekje weg": True,
    }
    assert "Koningsdag" in html(page)


def test_what_was_put_aside_is_named(karel):
    page = html(upload(karel, calendar(whole("Studiedag x", "20261208", more="RRULE:"))))
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Niet helemaal in orde: 1" in text and "RRULE (Studiedag x)" in text


def test_a_day_of_weeks_is_not_ticked_and_a_free_weekend_is_called_by_its_day(karel):
    lines = (
        "naam;van;tot",
        "Studiedag;7-12-2026;1-2-2027",
        "Summer holiday;7-6-2027;9-7-2027",
        "Vrije dag;13-12-2026;13-12-2026",
    )
    page = upload(karel, "\n".join(lines) + "\n")
    assert ticked(page) == {"Studiedag": False, "Summer holiday": True, "Vrije dag": False}
    assert "duurt 57 dagen" in html(page)
    assert "dan is er al geen school: zondag" in html(page)
