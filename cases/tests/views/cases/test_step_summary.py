"""What the case page tells at a glance: steps in sentences, days that mean something, acts by
name.
"""

import datetime

import pytest
from django.urls import reverse

from cases.management.demo import people
from cases.management.demo.demo_cases import Demo
from cases.models import Case
from cases.tests.world import at


@pytest.fixture
def demo(db):
    with at(datetime.date(2026, 11, 10)):
        school = people.make_school()
        made = Demo(school, people.make_staff(school), people.make_pupils(school))
        yield made


def page_of(client, demo, first_name):
    case = Case.objects.get(pupil__first_name=first_name, school=demo.school)
    client.force_login(case.leader)
    return client.get(reverse("case", args=[case.pk]), headers={"accept-language": "en"})


def test_a_step_says_what_came_of_it_and_no_bare_answer(demo, client):
    demo.lotte()
    moments = page_of(client, demo, "Lotte").context["moments"]
    summaries = [step["summary"] for moment in moments for step in moment["steps"]]
    assert any("6" in each for each in summaries)
    bare = {"Ja.", "Yes.", "Beter.", "Better.", "Grotendeels."}
    assert not [
        text for text in summaries for each in text.split(". ") if f"{each.rstrip('.')}." in bare
    ]


def test_the_days_of_a_window_are_school_days(demo, client):
    demo.noor()
    agreed = page_of(client, demo, "Noor").context["agreed"]
    # the first talk was on a Friday: eight days on
    weekend = (
        "Saturday",
        "Sunday",
        "zaterdag",
        "zondag",
    )
    windows = [line["window"] for line in agreed["lines"] if line.get("window")]
    assert windows and not [text for text in windows for day in weekend if day in text]


def test_nothing_in_a_finished_case_asks_for_a_day(demo, client):
    demo.milan()
    agreed = page_of(client, demo, "Milan").context["agreed"]
    assert not [line for line in agreed["lines"] if line.get("note")]


def test_each_act_is_called_by_what_it_was(demo, client):
    demo.noor()
    rows = page_of(client, demo, "Noor").context["history"]
    assert rows
    assert not [
        row for row in rows if "Something" in row["what"] or "Er is iets ingevuld" in row["what"]
    ]


def test_today_shows_what_is_paused(demo, client):
    demo.yara()
    case = Case.objects.get(pupil__first_name="Yara")
    client.force_login(case.leader)
    answer = client.get(reverse("home"))
    assert [each.pk for each in answer.context["paused"]] == [case.pk]
    assert "Yara" in answer.content.decode()
