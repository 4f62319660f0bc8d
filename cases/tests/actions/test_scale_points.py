"""The numbers a pupil gave, in order of date over all rounds, and where they stand in the
drawing.
"""

import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cases.actions import rounds
from cases.actions.appointments import current_round
from cases.actions.round_snapshot import RoundSnapshot
from cases.actions.scale_points import points
from cases.models import PageRecord, Round
from cases.tests.world import TODAY, at


def give(case_round, step, page, value, on=None):
    record, _new = PageRecord.objects.get_or_create(
        round=case_round,
        step=step,
        page=page,
        member=None,
        defaults={"school": case_round.school, "answers": {}},
    )
    PageRecord.objects.filter(pk=record.pk).update(scale=value, held_on=on)


def shown(case):
    case_rounds = Round.objects.filter(case=case).order_by("-number")
    found = points(case, [RoundSnapshot.read(each) for each in case_rounds])
    return [(each["day"], each["round"], each["label"], each["value"]) for each in found]


def day(number):
    return TODAY + datetime.timedelta(days=number)


def test_numbers_stand_in_order_of_date_with_the_kind_of_talk(noor_case):
    first = current_round(noor_case)
    give(first, "later", "weeks6", 9, day(60))
    give(first, "followup", "pupil", 0, day(12))
    give(first, "talk", "talk", 3, day(0))
    give(first, "followup", "interim", 10, day(6))
    with override("en"):
        found = shown(noor_case)
    assert found == [
        (day(0), 1, "First talk", 3),
        (day(6), 1, "Check in between", 10),
        (day(12), 1, "Follow-up talk", 0),
        (day(60), 1, "Check after six weeks", 9),
    ]


def test_without_a_number_there_is_no_point_and_nought_is_a_number(noor_case):
    first = current_round(noor_case)
    give(first, "talk", "talk", None, day(0))
    assert shown(noor_case) == []
    give(first, "talk", "talk", 0, day(0))
    assert [each[3] for each in shown(noor_case)] == [0]


def test_without_a_day_it_stands_on_the_day_it_was_saved_on_the_schools_clock(noor_case):
    with at(TODAY, 0, 30):  # still the day before in UTC
        give(current_round(noor_case), "talk", "talk", 4)
        PageRecord.objects.filter(scale=4).update(saved_at=timezone.now())
    assert shown(noor_case)[0][0] == TODAY


def test_all_rounds_are_in_it_and_say_which(noor_case, anna):
    give(current_round(noor_case), "talk", "talk", 3, day(0))
    give(current_round(noor_case), "followup", "pupil", 4, day(12))
    give(rounds.open_round(noor_case, by=anna), "followup", "pupil", 7, day(30))
    assert [(each[1], each[3]) for each in shown(noor_case)] == [(1, 3), (1, 4), (2, 7)]


def test_the_case_page_shows_them_to_who_sees_it_and_costs_no_more(world):
    told, url = world.mine, reverse("case", args=[world.mine.case.pk])

    def visit(who):
        client = world.client(who)
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            html = client.get(url).content.decode()
        return html, len(seen)

    PageRecord.objects.filter(round__case=told.case).update(scale=None)
    html, before = visit("teacher")
    assert "st-line" not in html
    give(told.round, "talk", "talk", 3, day(0))
    give(told.round, "followup", "interim", 6, day(20))
    give(told.round, "followup", "pupil", 8, day(25))
    html, after = visit("teacher")
    assert after == before
    drawing = html[html.index('<svg class="st-line"') :].split("</svg>")[0]
    assert drawing.count("<circle") == 3 and "3, 6, 8." in drawing
    assert "style=" not in drawing
    table = html[html.index("</svg>", html.index("st-line")) :].split("</table>")[0]
    assert [table.count(f'<td class="numeric">{value}</td>') for value in (3, 6, 8)] == [1, 1, 1]
    assert "st-line" in visit("coordinator")[0]
