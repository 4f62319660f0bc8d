"""Planning around holidays and moving the meeting, on the screen."""

import datetime

import pytest
from django.urls import reverse

from cases.actions import appointment_moves, appointment_windows, appointments
from cases.actions.page_location import holding, location_of
from cases.method import METHOD
from cases.models import Appointment, ClosedDay, PageRecord
from cases.tests.world import TODAY, at

MEETING, PUPIL = Appointment.MEETING, Appointment.PUPIL


def day(n):
    return TODAY + datetime.timedelta(days=n)


@pytest.fixture
def anna_at(client, make_case, anna):
    """Anna signed in on the day of the first talk; pupil's talk on day 13, meeting on day 3."""
    with at(TODAY):
        case = make_case("gather")
        case_round = appointments.current_round(case)
        appointments.plan(case, case_round, PUPIL, day(13), by=anna)
        appointments.plan(case, case_round, MEETING, day(3), by=anna)
        client.force_login(anna)
        yield client, case, case_round


def plan_meeting(client, case, on):
    data = {"plan": "other", "plan_other": on.isoformat(), "plan_reason": "Het moest later."}
    return client.post(reverse("case-plan", args=[case.pk, MEETING]), data)


def asked(case):
    return reverse("case-moved", args=[case.pk, MEETING])


def close(case, first, last, name):
    ClosedDay.objects.create(school=case.school, first=first, last=last, name=name)


def text(answer):
    return " ".join(answer.content.decode().split())


# Warnings in words


@pytest.mark.parametrize(
    ("closed", "words"),
    [
        (
            [(8, 13, "Herfstvakantie")],
            "Door de herfstvakantie blijft één dag over: dinsdag 17 november.",
        ),
        (
            [(8, 20, "Herfstvakantie")],
            "De herfstvakantie valt over al deze dagen: de eerste dag daarna is",
        ),
        (
            [(8, 10, "Herfstvakantie"), (13, 20, "Koningsdag")],
            "De herfstvakantie en Koningsdag vallen over al deze dagen: de eerste dag daarna is",
        ),
    ],
)
def test_planning_says_which_holiday_leaves_so_little(anna_at, closed, words):
    client, case, _round = anna_at
    for first, last, name in closed:
        close(case, day(first), day(last), name)
    page = client.get(reverse("case-plan", args=[case.pk, PUPIL]))
    assert words in text(page)
    Appointment.objects.filter(case=case, kind=PUPIL).delete()
    assert words in text(client.get(reverse("case", args=[case.pk])))


def test_each_day_says_how_long_after_the_meeting_it_is(anna_at):
    client, case, _round = anna_at
    case.school.free_afternoons = [2]
    case.school.save()
    page = text(client.get(reverse("case-plan", args=[case.pk, PUPIL])))
    assert "Een goede dag is maandag 16 november, 10 dagen na de bijeenkomst" in page
    assert "Woensdagmiddag vrij." in page
    assert ", 5 dagen na de bijeenkomst</span>" in page and ", vóór de bijeenkomst</span>" in page
    other = text(client.get(reverse("case-plan", args=[case.pk, MEETING])))
    assert "na de bijeenkomst" not in other


def test_a_talk_before_the_meeting_takes_a_reason(anna_at):
    client, case, case_round = anna_at
    url = reverse("case-plan", args=[case.pk, PUPIL])
    appointments.plan(case, case_round, MEETING, day(10), reason="Later", by=case.leader)
    answer = client.post(url, {"plan": day(9).isoformat()})
    assert answer.status_code == 422 and "De groep is dan nog niet bij elkaar geweest" in text(
        answer
    )
    assert (
        client.post(url, {"plan": day(9).isoformat(), "plan_reason": "Is daarna weg."}).status_code
        == 302
    )
    assert appointment_windows.live(case_round, PUPIL).date == day(9)


def test_a_meeting_that_was_held_without_an_appointment_counts_as_well(anna_at, anna):
    """Called off, and held all the same: what was written down of it is what counts."""
    client, case, case_round = anna_at
    appointments.cancel(case, case_round, MEETING, by=anna)
    with at(day(10)):
        client.force_login(anna)
        PageRecord.objects.update_or_create(
            **location_of(case, case_round, *holding(MEETING)).row_keys(),
            defaults={"school": case.school, "held_on": day(10)},
        )
        url = reverse("case-plan", args=[case.pk, PUPIL])
        appointments.cancel(case, case_round, PUPIL, by=anna)
        answer = client.post(url, {"plan": day(10).isoformat()})
        assert answer.status_code == 422
        assert "De groep is dan nog niet bij elkaar geweest" in text(answer)
        assert client.post(url, {"plan": day(13).isoformat()}).status_code == 302
        assert "3 dagen na de bijeenkomst" in text(client.get(reverse("case", args=[case.pk])))


def test_a_day_that_was_closed_after_it_was_planned_stays_until_somebody_moves_it(anna_at):
    client, case, case_round = anna_at
    close(case, day(13), day(13), "Storm")
    url = reverse("case-plan", args=[case.pk, PUPIL])
    page = client.get(url)
    assert "Gepland op maandag 16 november, maar dan is er geen school: Storm." in text(page)
    form = page.context["form"]
    # the day itself is closed on the page: nothing to press there
    assert form["plan"].value() == "other"
    data = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url, data).status_code == 302  # saved as it stood there
    assert appointment_windows.live(case_round, PUPIL).date == day(13)


# Moving


def test_moving_the_meeting_asks_and_does_what_is_chosen(anna_at):
    client, case, case_round = anna_at
    assert plan_meeting(client, case, day(13))["Location"] == asked(case)
    page = client.get(asked(case))
    assert "Dan heeft de groep nog geen tijd gehad." in text(page)
    (row,) = page.context["rows"]
    chosen = row["item"].days[1]
    answer = client.post(asked(case), {"what_pupil": "move", "day_pupil": chosen.isoformat()})
    assert answer["Location"] == reverse("case", args=[case.pk])
    assert appointment_windows.live(case_round, PUPIL).date == chosen
    assert client.get(asked(case)).status_code == 302


def test_leaving_it_is_remembered(anna_at):
    client, case, case_round = anna_at
    plan_meeting(client, case, day(13))
    client.post(asked(case), {"what_pupil": "leave"})
    found = appointment_windows.live(case_round, PUPIL)
    assert (found.date, bool(found.reason)) == (day(13), True)
    assert appointment_moves.undecided(case_round, MEETING, TODAY) == []


def test_the_page_of_the_case_asks_until_somebody_has_chosen(anna_at):
    client, case, _round = anna_at
    page = reverse("case", args=[case.pk])
    assert asked(case) not in text(client.get(page))
    plan_meeting(client, case, day(13))
    assert asked(case) in text(client.get(page))
    client.post(asked(case), {"what_pupil": "leave"})
    assert asked(case) not in text(client.get(page))


def test_a_small_move_asks_nothing(anna_at):
    client, case, _round = anna_at
    assert plan_meeting(client, case, day(6))["Location"] == reverse("case", args=[case.pk])


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"what_pupil": "x"},
        {"what_pupil": "move"},
        {"what_pupil": "move", "day_pupil": "2026-11-04"},
        {"what_pupil": "move", "day_pupil": "\x00"},
    ],
)
def test_without_a_choice_nothing_moves_and_it_is_said(anna_at, data):
    client, case, case_round = anna_at
    plan_meeting(client, case, day(13))
    answer = client.post(asked(case), {"x": "y", **data})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert appointment_windows.live(case_round, PUPIL).date == day(13)


def test_only_what_others_depend_on_can_be_asked_about(anna_at):
    client, case, _round = anna_at
    for kind in (PUPIL, "members", "nonsense"):
        assert client.get(reverse("case-moved", args=[case.pk, kind])).status_code == 404


def test_noting_that_it_was_held_later_than_planned_asks_as_well(anna_at, anna):
    client, case, case_round = anna_at
    step, page = holding(MEETING)
    with at(day(15)):
        client.force_login(anna)
        where = location_of(case, case_round, step, page)
        url = reverse("case-step", args=[case.pk, 1, step, page])
        version = where.record().version
        answer = client.post(
            url, {"version": version, "held_on": day(15).isoformat(), "go": "next"}
        )
        assert answer["Location"] == asked(case) + "?on=step"
        answer = client.post(asked(case) + "?on=step", {"what_pupil": "leave"})
        assert "/1/" in answer["Location"]
        answer = client.post(
            url, {"version": version + 1, "held_on": day(15).isoformat(), "go": "next"}
        )
        assert asked(case) not in answer["Location"]


def test_planning_the_meeting_on_a_page_of_its_step_asks_as_well(anna_at):
    client, case, _round = anna_at
    step, page, question = next(
        (step, page, question)
        for step in METHOD.steps
        for page, question in step.questions()
        if question.plans == MEETING
    )
    where = location_of(case, appointments.current_round(case), step.key, page.key)
    data = {"version": where.record().version, question.key: "other", "go": "next"}
    data |= {f"{question.key}_other": day(14).isoformat(), f"{question.key}_reason": "Later"}
    answer = client.post(reverse("case-step", args=[case.pk, 1, step.key, page.key]), data)
    assert answer["Location"] == asked(case) + "?on=step"


def plan_form(told, **more):
    return {
        "plan": "other",
        "plan_other": told.walk.days["pupil"].isoformat(),
        "plan_at": "9.30",
        **more,
    }


def test_a_plan_that_is_sent_again_because_its_answer_was_lost_is_no_conflict(world):
    told, client = world.mine, world.client("teacher")
    url = reverse("case-plan", args=[told.case.pk, "pupil"])
    sequence = client.get(url).context["sequence"]
    for _again in range(2):
        assert client.post(url, plan_form(told, sequence=sequence)).status_code == 302
    other = client.post(url, plan_form(told, sequence=sequence, plan_at="11.15"))
    assert other.status_code == 422
    assert "Dit is intussen al gepland" in other.content.decode()
