"""Today shows what the daily mail says: both are asked about the same day, for every kind of
thing.
"""

import datetime

import pytest
from django.core import mail
from django.urls import reverse

from cases.actions import appointments, pages, rounds
from cases.actions.page_location import location_of
from cases.models import Appointment, Case, Reminder
from cases.reminders import sweep
from cases.tests.world import TODAY, at, open_case
from cases.views.overview.todo import todo_items

DAY = datetime.timedelta(days=1)


def shown(user, today):
    user.membership = user.memberships.get()
    return {(each.case.code, each.kind) for each in todo_items(user, today)}


@pytest.fixture
def week(anna, pupils, make_case):
    """Cases of Anna at different places, as they are on 3 November: who is it about, and what
    then.
    """
    with at(TODAY):
        fresh = open_case(pupils["Zoë"], anna)  # nothing planned
        talk = open_case(pupils["Tess"], anna)
        appointments.plan(
            talk, appointments.current_round(talk), Appointment.TALK, TODAY + 2 * DAY, by=anna
        )
        running = make_case("followup", talk=TODAY)
        return {"fresh": fresh, "talk": talk, "running": running}


def test_the_mail_and_today_say_the_same(week, anna):
    """On each school day of three weeks what is mailed for today or is overdue stands under Today
    as well.
    """
    for number in range(1, 22):
        day = TODAY + number * DAY
        with at(day):
            sweep()
            on_screen = {code for code, _kind in shown(anna, day)}
            said = Reminder.objects.filter(
                recipient=anna,
                state=Reminder.SENT,
                mail__date=day,
                kind__in=["plan", "today", "late", "draft"],
            )
            assert set(said.values_list("case__code", flat=True)) <= on_screen, day
    assert len(mail.outbox) > 5
    assert on_screen == {case.code for case in week.values()}


def test_it_is_complete_without_any_worker(week, anna):
    Reminder.objects.all().delete()
    with at(TODAY + 2 * DAY):
        assert {code for code, _kind in shown(anna, TODAY + 2 * DAY)} >= {
            week["fresh"].code,
            week["talk"].code,
        }


def test_a_second_talk_of_the_same_case_on_the_same_day_is_there_too(week, anna):
    case = week["running"]
    with at(TODAY):
        case_round = appointments.current_round(case)
        for kind in (Appointment.PUPIL, Appointment.MEMBERS):
            appointments.plan(case, case_round, kind, TODAY + 13 * DAY, by=anna)
    with at(TODAY + 13 * DAY):
        kinds = {kind for code, kind in shown(anna, TODAY + 13 * DAY) if code == case.code}
    assert {Appointment.PUPIL, Appointment.MEMBERS} <= kinds


def test_a_draft_of_a_week_ago_stands_there_until_something_is_written(week, anna, client):
    case, today = week["talk"], TODAY
    with at(today):
        appointments.cancel(case, appointments.current_round(case), Appointment.TALK, by=anna)
        Case.objects.filter(pk=case.pk).update(next_date=today + 30 * DAY)
        where = location_of(case, appointments.current_round(case), "talk", "prepare")
        record = pages.save_page(where, {"know": "Rustig."}, version=0, by=anna)
        Case.objects.filter(pk=case.pk).update(next_date=today + 30 * DAY, next_agreed=False)
    with at(today + 8 * DAY):
        assert (case.code, "draft") in shown(anna, today + 8 * DAY)
        client.force_login(anna)
        assert client.get(reverse("home")).status_code == 200
        pages.save_page(where, {"know": "Rustig en lief."}, version=record.version, by=anna)
        assert (case.code, "draft") not in shown(anna, today + 8 * DAY)


def test_somebody_elses_are_not_there(week, youssef):
    with at(TODAY + 20 * DAY):
        assert shown(youssef, TODAY + 20 * DAY) == set()


def test_a_follow_up_that_was_called_off_is_there_while_another_step_comes_first(
    make_case, anna, client
):
    with at(TODAY):
        case = make_case("gather", talk=TODAY)
        appointments.cancel(case, appointments.current_round(case), Appointment.PUPIL, by=anna)
    with at(TODAY + DAY):
        assert (case.code, "plan_pupil") in shown(anna, TODAY + DAY)
        client.force_login(anna)
        rows = client.get(reverse("home")).context["due"]
    assert reverse("case-plan", args=[case.pk, "pupil"]) in [row["url"] for row in rows]


def test_a_coordinator_who_only_has_a_later_check_sees_it_under_today(
    make_case, marieke, anna, client
):
    with at(TODAY):
        case = make_case(None, by=marieke, talk=TODAY)
        rounds.begin_aftercare(case, by=marieke)
    day = Appointment.objects.get(case=case, kind="weeks6").date
    with at(day):
        client.force_login(marieke)
        page = client.get(reverse("home"))
    assert [row["case"].pk for row in page.context["due"]] == [case.pk]


@pytest.mark.inventory("B1")
def test_a_coordinator_is_told_at_home_what_is_late_at_a_colleagues(
    make_case, marieke, anna, pupils, client
):
    with at(TODAY):
        open_case(pupils["Bram"], anna)
        open_case(pupils["Tess"], marieke)
    with at(TODAY + 7 * DAY):
        client.force_login(marieke)
        assert client.get(reverse("home")).context["late_elsewhere"] == 1
