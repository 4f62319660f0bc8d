"""What an answer is in words is said once: every page and paper says the same of 0, no, nothing and
many.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cases.actions import cases, pages
from cases.answers import in_words, is_empty, part_in_words
from cases.method import METHOD
from cases.method.grammar import CHECK, CHOICE, DATE, MANY, PLAN, TEXT, Choice, Question
from cases.method.shared_questions import NO, YES, scale
from cases.models import Appointment
from cases.printing import documents
from cases.printing.print_choices import REPORT_PARTS, Choices
from cases.tests.world import TODAY, at, walk_of

PICK = Question("pick", "?", CHOICE, choices=(YES, NO, Choice("with", "Yes, {name} wants to")))
SOME = Question("some", "?", MANY, choices=(Choice("a", "One"), Choice("b", "For {name}")))
DAY, TICK = Question("day", "?", DATE), Question("tick", "?", CHECK)
AGREED = Question("plan", "?", PLAN, plans="pupil")


@pytest.mark.parametrize("value", [None, "", [], (), False])
def test_what_is_empty(value):
    assert is_empty(value)
    for question in (PICK, SOME, DAY, TICK, AGREED, scale(), Question("text", "?", TEXT), None):
        assert in_words(question, value, name="Noor") == ""


@pytest.mark.parametrize("value", [0, "0", "no", ["a"], True, " "])
def test_what_is_an_answer(value):
    assert not is_empty(value)


@pytest.mark.parametrize(
    ("question", "value", "words"),
    [
        (scale(), 0, "0"),
        (scale(), 10, "10"),
        (PICK, "no", "No"),
        (PICK, "with", "Yes, Noor wants to"),
        (PICK, "given up", "given up"),
        (SOME, ["a", "b"], "One, For Noor"),
        (TICK, True, "yes"),
        (DAY, "2026-11-03", "Tuesday 3 November"),
        (DAY, "ergens", "ergens"),
        (Question("text", "?", TEXT), "typed {name}", "typed {name}"),
        (None, ["a", "b"], "a, b"),
    ],
)
def test_in_words(question, value, words):
    with translation.override("en"):
        assert in_words(question, value, name="Noor") == words


def test_an_appointment_has_its_time_and_its_reason():
    values = {"plan": "2026-11-16", "plan_at": "09:05", "plan_reason": "Sportdag"}
    with translation.override("nl"):
        assert (
            in_words(AGREED, values["plan"], values=values) == "maandag 16 november 9.05 (Sportdag)"
        )
        assert in_words(AGREED, values["plan"], year=True) == "maandag 16 november 2026"
        parts = [part_in_words(AGREED, key, value) for key, value in values.items()]
    assert parts == ["maandag 16 november", "9.05", "Sportdag"]


# --- on every rendering ---------------------------------------------------------------------------


@pytest.fixture
def walk(noor_case):
    """Noor gave school a 0, may not be read out, and wants it to change; the first step is
    finished.
    """
    with at(TODAY):
        words = {"between.may_show": "no", "between.name_known": True}
        made = walk_of(noor_case, words=words)
        made.number = 0
        made.until("gather")
        yield made


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(html, label):
    """What stands in the table beside a question."""
    found = re.search(rf"<th[^>]*>{re.escape(label)}</th>\s*<td>(.*?)</td>", html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def answers_on(html):
    with translation.override("nl"):
        talk, between = METHOD.step("talk").page("talk"), METHOD.step("talk").page("between")
        labels = {
            "scale": talk.question("scale").label,
            "wish": talk.question("wish").label,
            "may_show": between.question("may_show").label,
            "name_known": between.question("name_known").label,
        }
        named = {key: str(label).replace("{name}", "Noor") for key, label in labels.items()}
    return {key: text_of(html, label) for key, label in named.items()}


SAID = {"scale": "0", "wish": "Ja, Noor wil het proberen", "may_show": "Nee", "name_known": "ja"}


def test_the_check_page_says_a_nought_and_a_no(walk, anna):
    html = (
        signed_in(anna).get(reverse("case-check", args=[walk.case.pk, 1, "talk"])).content.decode()
    )
    assert answers_on(html) == SAID


def test_the_report_says_a_nought_and_a_no(walk, anna):
    walk.case.refresh_from_db()
    print_context = documents.PrintContext(walk.case, anna, Choices(parts=REPORT_PARTS), "nl")
    html = "".join(
        documents.case_report.documents(
            walk.case, documents.case_report.Asked(REPORT_PARTS, "nl", "A", TODAY)
        )
    )
    assert print_context and answers_on(html) == SAID


def test_the_page_itself_has_the_nought_chosen(walk, anna):
    html = (
        signed_in(anna)
        .get(reverse("case-step", args=[walk.case.pk, 1, "talk", "talk"]))
        .content.decode()
    )
    assert re.search(r'name="scale"\s+value="0"\s+checked', html)
    assert not re.search(r'name="scale"\s+value=""\s+checked', html)


def test_the_summary_says_the_choice_with_the_name(walk, anna):
    html = signed_in(anna).get(reverse("case", args=[walk.case.pk])).content.decode()
    assert "Ja, Noor wil het proberen." in html


def clash(walk, page, youssef, *, theirs, mine):
    """The conflict page: a colleague saved, and Anna's page is still on the version before."""
    case = walk.case
    cases.add_colleague(case, youssef, by=walk.by)
    where = walk.at("talk", page)
    before = where.record().version
    pages.save_page(where, {**pages.values_of(where), **theirs}, version=before, by=youssef)
    data = {"version": before, **mine}
    return signed_in(walk.by).post(reverse("case-step", args=[case.pk, 1, "talk", page]), data)


def test_the_conflict_page_says_a_nought_and_a_choice_with_the_name(walk, youssef):
    answer = clash(
        walk,
        "talk",
        youssef,
        theirs={"scale": 4, "wish": "no"},
        mine={"scale": "7", "wish": "unsure"},
    )
    rows = {row["name"]: row for row in answer.context["conflicts"]}
    assert answer.status_code == 409
    assert (rows["wish"]["mine"], rows["wish"]["theirs"]) == (
        "Noor weet het nog niet",
        "Nee, nu niet",
    )
    assert "Wil Noor dat het anders wordt?" in rows["wish"]["label"]
    again = clash(walk, "talk", youssef, theirs={"scale": 0}, mine={"scale": "7"})
    rows = {row["name"]: row for row in again.context["conflicts"]}
    assert (rows["scale"]["mine"], rows["scale"]["theirs"]) == ("7", "0")


def test_their_nought_is_what_is_chosen_and_what_a_page_shows(walk, youssef, anna):
    clash(walk, "talk", youssef, theirs={"scale": 4}, mine={"scale": "7"})
    where = walk.at("talk", "talk")
    pages.save_page(where, {"scale": 0}, version=where.record().version, by=youssef)
    client, url = signed_in(anna), reverse("case-step", args=[walk.case.pk, 1, "talk", "talk"])
    version = where.record().version
    shown = client.post(url, {"version": version - 1, "scale": "4"}, HTTP_X_AUTOSAVE="1").json()
    assert shown["joined"]["scale"] == "0"
    client.post(
        url,
        {"version": version, "resolve": "1", "keep-scale": "theirs", "scale": "7", "go": "stop"},
    )
    assert pages.values_of(where)["scale"] == 0


def test_a_conflict_about_places_in_the_group_names_the_pupil_and_the_place(
    walk, youssef, anna, pupils
):
    cases.add_colleague(walk.case, youssef, by=anna)
    where, amina = walk.at("gather", "group"), pupils["Amina"]
    pages.save_page(where, {f"role:{amina.pk}": "leader"}, version=0, by=youssef)
    url = reverse("case-step", args=[walk.case.pk, 1, "gather", "group"])
    answer = signed_in(anna).post(url, {"version": 0, f"role-{amina.pk}": "follower"})
    (row,) = answer.context["conflicts"]
    assert "Amina" in row["label"]
    assert (row["mine"], row["theirs"]) == ("Meeloper", "Aanvoerder")


def test_a_conflict_about_an_appointment_says_the_day_and_the_time_apart(walk, youssef):
    where = walk.at("talk", "again")
    now = pages.values_of(where)
    other = walk.days[Appointment.PUPIL].isoformat()
    answer = clash(
        walk,
        "again",
        youssef,
        theirs={"plan_at": "11:30"},
        mine={"plan": other, "plan_at": "12.45", "watch": "on"},
    )
    rows = {row["name"]: row for row in answer.context["conflicts"]}
    assert now["plan_at"] == "10:15"
    assert (rows["plan_at"]["mine"], rows["plan_at"]["theirs"]) == ("12.45", "11.30")
    assert "(de tijd)" in rows["plan_at"]["label"]
