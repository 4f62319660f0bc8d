"""The pages of the school's days: who reads what, bad input said at the field, nothing lost."""

import datetime

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.actions import appointment_windows, appointments
from cases.models import Appointment, ClosedDay, JournalEntry, School
from cases.schooldays import files
from cases.tests.world import CLOSED_DAY, TODAY, at, count_queries

SETTINGS = {"free_weekdays": ["5", "6"], "place": "NL", "late_to_coordinator": "3"}
WINDOWS = {
    "meeting_first": 1, "meeting_last": 7, "pupil_first": 8, "pupil_last": 14,
    "interim_first": 3, "interim_last": 7, "members_first": 10, "members_last": 14,
}  # fmt: skip


@pytest.fixture
def karel(world):
    return world.client("administrator")


@pytest.fixture
def school(world):
    return School.objects.get(pk=world.school.pk)


def html(answer):
    return answer.content.decode()


def upload(client, data, name="dagen.csv"):
    data = data if isinstance(data, bytes) else data.encode()
    return client.post(reverse("school-import"), {"file": SimpleUploadedFile(name, data)})


def days_of(world):
    rows = ClosedDay.objects.filter(school=world.school).exclude(pk=CLOSED_DAY)
    return [(str(row.first), str(row.last), row.name, row.source) for row in rows]


# The list


def test_the_list_by_school_year_with_public_holidays(karel):
    page = html(karel.get(reverse("school")))
    assert "2026–2027" in page and "Studiedag" in page and "Koningsdag" in page
    later = html(karel.get(reverse("school"), {"year": "2027"}))
    assert "Studiedag" not in later and "Koningsdag" in later
    for odd in ("x", "0", "99999999999999999999", "-1", "\x00", "٢٠٢٦"):
        assert karel.get(reverse("school"), {"year": odd}).status_code == 200


@pytest.mark.parametrize("name", ["home", "case", "case-plan", "case-list", "overview", "school"])
def test_two_hundred_closed_days_cost_no_more_queries_than_none(world, name):
    person = "coordinator" if name in ("overview", "school") else "teacher"
    args = {"case": [world.mine.case.pk], "case-plan": [world.mine.case.pk, "pupil"]}.get(name, [])
    client, url = world.client(person), reverse(name, args=args)
    ClosedDay.objects.all().delete()
    before, _answer = count_queries(client, url)
    ClosedDay.objects.bulk_create(
        ClosedDay(
            school=world.school,
            first=TODAY + datetime.timedelta(days=n),
            last=TODAY + datetime.timedelta(days=n),
            name=f"Vrij {n}",
        )
        for n in range(40, 240)
    )
    after, _answer = count_queries(client, url)
    assert after == before


def test_who_may_see_cases_sees_which_appointments_fall_on_a_closed_day_others_how_many(world):
    case = world.mine.case
    on = Appointment.objects.filter(case=case, state=Appointment.PLANNED).earliest("date").date
    ClosedDay.objects.create(school=world.school, first=on, last=on, name="Storm")
    hers = html(world.client("coordinator").get(reverse("school")))
    assert case.code in hers and "Storm" in hers
    line = JournalEntry.objects.filter(
        school=world.school, actor=world.people["coordinator"]
    ).first()
    assert (line.thing, case.code in line.fields) == ("school", True)
    his = html(world.client("administrator").get(reverse("school")))
    assert case.code not in his and "Gepland op een dag zonder school" in his
    assert "Storm" in html(world.client("teacher").get(reverse("case", args=[case.pk])))


# One closed day


def test_a_day_is_added_changed_and_removed(world, karel):
    karel.post(reverse("school-day-add"), {"name": "Studiedag\nteam", "first": "8-12-2026"})
    assert days_of(world) == [("2026-12-08", "2026-12-08", "Studiedag team", "typed")]
    row = ClosedDay.objects.get(school=world.school, name="Studiedag team")
    url = reverse("school-day", args=[row.pk])
    assert "Studiedag team" in html(karel.get(url))
    karel.post(url, {"name": "Studiedagen", "first": "2026-12-08", "last": "2026-12-09"})
    assert days_of(world) == [("2026-12-08", "2026-12-09", "Studiedagen", "typed")]
    karel.post(url, {"go": "remove"})
    assert days_of(world) == []
    assert karel.get(url).status_code == 404


@pytest.mark.parametrize(
    ("data", "at"),
    [
        ({"name": "", "first": "2026-12-08"}, "name"),
        ({"name": " \u200b ", "first": "2026-12-08"}, "name"),
        ({"name": "x" * 81, "first": "2026-12-08"}, "name"),
        ({"name": "Vrij", "first": ""}, "first"),
        ({"name": "Vrij", "first": "morgen"}, "first"),
        ({"name": "Vrij", "first": "2026-02-30"}, "first"),
        ({"name": "Vrij", "first": "9999-12-31"}, "first"),
        ({"name": "Vrij", "first": "0001-01-01"}, "first"),
        ({"name": "Vrij", "first": "2026-12-08", "last": "2026-12-07"}, "last"),
        ({"name": "Vrij", "first": "2026-12-08", "last": "2027-12-08"}, "last"),
        ({"name": "Vrij", "first": "2026-12-08", "last": "x"}, "last"),
        ({}, "name"),
    ],
)
def test_a_day_that_is_not_right_is_said_at_its_field_and_kept(world, karel, data, at):
    answer = karel.post(reverse("school-day-add"), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors[at]
    assert days_of(world) == []
    if data.get("name") == "Vrij":
        assert 'value="Vrij"' in html(answer)


def test_two_lines_that_would_be_the_same_are_refused_with_a_word(world, karel):
    for name in ("Een", "Twee"):
        karel.post(reverse("school-day-add"), {"name": name, "first": "2026-12-08"})
    row = ClosedDay.objects.get(school=world.school, name="Twee")
    answer = karel.post(
        reverse("school-day", args=[row.pk]), {"name": "Een", "first": "2026-12-08"}
    )
    assert answer.status_code == 422
    assert len(days_of(world)) == 2


def test_a_closed_day_of_another_school_is_not_there(world, karel):
    theirs = ClosedDay.objects.create(
        school=world.far.case.school, first=TODAY, last=TODAY, name="Geheimdag"
    )
    url = reverse("school-day", args=[theirs.pk])
    assert karel.get(url).status_code == karel.post(url, {"go": "remove"}).status_code == 404
    assert ClosedDay.objects.filter(pk=theirs.pk).exists()


# Settings and windows


def test_settings_are_saved(karel, school):
    data = {**SETTINGS, "place": "CH-ZH", "free_afternoons": ["2", "6"], "late_to_coordinator": "5"}
    assert karel.post(reverse("school-settings"), data).status_code == 302
    school.refresh_from_db()
    assert (school.country, school.subdivision, school.late_to_coordinator) == ("CH", "ZH", 5)
    assert school.free_afternoons == [2]  # on a day without school there is no afternoon


def test_the_version_stands_below_the_settings_for_an_administrator(karel):
    assert f"versie {settings.VERSION}" in html(karel.get(reverse("school-settings")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": ""},
        {"place": "XX"},
        {"place": "NL-BY"},
        {"place": "DE-\x00"},
        {"free_weekdays": list("0123456")},
        {"free_weekdays": ["7"]},
        {"free_weekdays": ["x"]},
        {"free_afternoons": ["-1"]},
        {"late_to_coordinator": ""},
        {"late_to_coordinator": "0"},
        {"late_to_coordinator": "9" * 40},
        {"late_to_coordinator": "drie"},
    ],
)
def test_settings_that_make_no_sense_change_nothing(karel, school, wrong):
    answer = karel.post(reverse("school-settings"), {**SETTINGS, **wrong})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wrong)
    now = School.objects.get(pk=school.pk)
    assert (now.country, now.free_weekdays, now.late_to_coordinator) == ("NL", [5, 6], 3)


def test_windows_of_the_school_count_when_somebody_plans(world, karel):
    karel.post(reverse("school-windows"), {**WINDOWS, "pupil_first": 20, "pupil_last": 25})
    case = world.mine.case
    page = world.client("teacher").get(reverse("case-plan", args=[case.pk, "pupil"]))
    window = page.context["part"].window
    start = appointment_windows.starts_on(appointments.current_round(case), "pupil")
    assert ((window.first - start).days, (window.last - start).days) == (20, 25)
    assert "Terug naar de handleiding" in html(karel.get(reverse("school-windows")))
    karel.post(reverse("school-windows"), {"go": "guide"})
    assert School.objects.get(pk=world.school.pk).windows == {}


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"pupil_first": "0"}, "pupil_first"),
        ({"pupil_last": "61"}, "pupil_last"),
        ({"members_first": "14", "members_last": "10"}, "members_last"),
        ({"interim_first": "1.5"}, "interim_first"),
        ({"meeting_last": ""}, "meeting_last"),
        ({"meeting_last": "9" * 5000}, "meeting_last"),
    ],
)
def test_windows_that_make_no_sense_change_nothing(karel, school, wrong, at):
    answer = karel.post(reverse("school-windows"), {**WINDOWS, **wrong})
    assert answer.status_code == 422
    assert at in answer.context["form"].errors
    assert School.objects.get(pk=school.pk).windows == {}


# A region


def test_a_region_is_shown_before_it_is_taken_over(world, karel):
    page = html(karel.get(reverse("school-region"), {"region": "NL-Midden"}))
    assert "Herfstvakantie" in page and "2026–2027" in page and "Staatscourant" in page
    assert days_of(world) == []
    karel.post(reverse("school-region"), {"region": "NL-Midden", "year": ["2026"]})
    assert len(days_of(world)) == 5
    again = html(karel.get(reverse("school-region"), {"region": "NL-Noord"}))
    assert "Gaat weg" in again


def test_a_year_without_dates_says_so_and_cannot_be_taken_over(world, karel):
    with at(datetime.date(2028, 11, 1)):
        karel = world.client("administrator")
        page = karel.get(reverse("school-region"), {"region": "DE-NW"})
        assert "Voor 2029–2030 zijn er nog geen data." in html(page)
        assert 'value="2029"' not in html(page)
        answer = karel.post(reverse("school-region"), {"region": "DE-NW", "year": ["2029"]})
    assert answer.status_code == 422
    assert days_of(world) == []


@pytest.mark.parametrize(
    "data", [{}, {"region": "XX"}, {"region": "NL-Midden"}, {"region": "NL-Midden", "year": "x"}]
)
def test_a_region_that_is_not_there_is_said(world, karel, data):
    assert karel.post(reverse("school-region"), data).status_code == 422
    assert days_of(world) == []


# A file


def test_a_file_is_shown_first_and_only_what_is_ticked_is_added(world, karel):
    lines = [
        "Studiedag;8-12-2026",
        "Feest;9-12-2026",
        "Studiedag;22-5-2027",
        "Oud;1-1-2020",
        "Fout;31-2-2027",
    ]
    text = "\n".join([*lines, "Zaterdag;12-12-2026"])
    answer = upload(karel, text)
    page = html(answer)
    assert answer.status_code == 200 and days_of(world) == []
    ticked = {each["row"].name: each["ticked"] for each in answer.context["rows"]}
    assert ticked == {"Studiedag": True, "Feest": False, "Zaterdag": False}
    assert [row.name for row in answer.context["there"]] == ["Studiedag"]
    assert "vóór dit schooljaar" in page and "geen dag die we kunnen lezen" in page
    signed = answer.context["signed"]
    karel.post(reverse("school-import"), {"rows": signed, "row": ["1"]})
    assert days_of(world) == [("2026-12-09", "2026-12-09", "Feest", "file")]
    karel.post(reverse("school-import"), {"rows": signed, "row": ["1"]})
    assert len(days_of(world)) == 1


def test_the_preview_of_somebody_else_or_one_that_was_changed_adds_nothing(world, karel):
    signed = upload(karel, "Feest;9-12-2026").context["signed"]
    marieke = world.client("coordinator")
    for client, rows in ((marieke, signed), (karel, signed[:-2]), (karel, "x"), (karel, "")):
        answer = client.post(reverse("school-import"), {"rows": rows, "row": ["0"]})
        assert answer.status_code == 302
    assert days_of(world) == []
    for row in (["7"], ["x"], []):
        karel.post(reverse("school-import"), {"rows": signed, "row": row})
    assert days_of(world) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "pdf"),
        (b"x" * 1_000_001, "too_big"),
        (b"<html>", "html"),
        (b"hallo", "no_days"),
    ],
)
def test_a_wrong_file_is_refused_at_the_field(karel, data, code):
    answer = upload(karel, data)
    assert answer.status_code == 422
    assert str(files.MESSAGES[code]) in html(answer)


def test_no_file_at_all_is_said(karel):
    assert karel.post(reverse("school-import"), {}).status_code == 422
    assert karel.post(reverse("school-import"), {"file": "tekst"}).status_code == 422


def test_names_from_a_file_are_only_text(karel):
    page = html(upload(karel, "<script>alert(1)</script>;9-12-2026\nA;<b>;x"))
    assert "<script>alert" not in page and "&lt;script&gt;" in page
