"""Pages cost the same however much there is, and lists stand in the order in which help is
needed.
"""

import datetime
import uuid

import pytest
from django.urls import reverse

from cases.models import Appointment, Case, ClassGroup, Pupil, Round
from cases.tests.world import TODAY, count_queries


def make_cases(school, leader, count, group=None, **fields):
    """Running cases, written at once; a third overdue, a third without a date, a third still to
    come.
    """
    pupils = [
        Pupil(school=school, first_name=f"Kind{number:03}", last_name="Rij", group=group)
        for number in range(count)
    ]
    for pupil in pupils:
        pupil.fold_names()
    Pupil.objects.bulk_create(pupils)
    # Overdue, without a day but with one by which, without either, and agreed upon.
    days = (TODAY - datetime.timedelta(days=7), TODAY + datetime.timedelta(days=5), None)
    days += (TODAY + datetime.timedelta(days=3),)
    cases = [
        Case(
            school=school, code=uuid.uuid4().hex[:8], pupil=pupil, leader=leader, created_by=leader,
            step="talk",
            client_key=uuid.uuid4(), next_kind="talk", next_owner=leader,
            next_date=days[number % 4],
            next_agreed=number % 4 in (0, 3), **fields,
        )
        for number, pupil in enumerate(pupils)
    ]  # fmt: skip
    Case.objects.bulk_create(cases)
    rounds = [Round(school=school, case=case, first_step="talk") for case in cases]
    Round.objects.bulk_create(rounds)
    Appointment.objects.bulk_create(
        Appointment(
            school=school,
            case=r.case,
            round=r,
            kind="talk",
            date=TODAY + datetime.timedelta(days=3),
            owner=leader,
        )
        for r in rounds
    )
    return cases


@pytest.fixture
def lists(world):
    """Adds cases for the teacher; says how many queries a page takes before and after."""

    def measure(who, url, few=3, many=300):
        client, teacher = world.client(who), world.people["teacher"]
        make_cases(world.school, teacher, few)
        before, _answer = count_queries(client, url)
        make_cases(world.school, teacher, many - few)
        after, answer = count_queries(client, url)
        return before, after, answer

    return measure


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("teacher", "home"),
        ("teacher", "case-list"),
        ("coordinator", "case-list"),
        ("coordinator", "overview"),
    ],
)
def test_a_list_of_three_hundred_costs_no_more_queries_than_of_three(lists, who, name):
    before, after, _answer = lists(who, reverse(name))
    assert after <= before + 1, f"{before} queries for a few, {after} for many"
    assert after < 40


def codes(answer):
    return [row["case"].code for row in answer.context["rows"]]


def test_overdue_first_then_without_a_date_then_by_date(world):
    make_cases(world.school, world.people["teacher"], 30)
    client = world.client("coordinator")
    rows = []
    for page in (1, 2, 3):
        rows += client.get(reverse("overview"), {"page": page}).context["rows"]
    rows = list({row["case"].pk: row["case"] for row in rows}.values())
    assert len(rows) == 32
    rank = [
        0 if case.next_date and case.next_date < TODAY else 2 if case.next_agreed else 1
        for case in rows
    ]
    assert rank == sorted(rank) and set(rank) == {0, 1, 2}
    for place in (0, 1, 2):  # in each part by day; what has none at all first
        days = [case.next_date for case, each in zip(rows, rank, strict=True) if each == place]
        assert days == sorted(days, key=lambda day: day or datetime.date.min)


def test_every_case_is_on_exactly_one_page(world):
    make_cases(world.school, world.people["teacher"], 60)
    client = world.client("coordinator")
    seen = [
        code
        for page in (1, 2, 3)
        for code in codes(client.get(reverse("overview"), {"page": page}))
    ]
    assert len(seen) == len(set(seen)) == 62
    assert codes(client.get(reverse("overview"), {"page": 99})) == seen[50:]


def test_filters_by_teacher_group_step_name_and_state(world):
    other, second = world.people["other"], ClassGroup.objects.create(school=world.school, name="9a")
    theirs = make_cases(world.school, other, 3, group=second)
    Case.objects.filter(pk=theirs[0].pk).update(step="ideas")
    Case.objects.filter(pk=theirs[1].pk).update(status=Case.CLOSED, next_date=None, next_kind="")
    client, url = world.client("coordinator"), reverse("overview")

    def found(**query):
        return set(codes(client.get(url, query)))

    running = {theirs[0].code, theirs[2].code}
    assert found(leader=other.pk) == running
    assert found(group=second.pk) == running
    assert found(step="ideas") == {theirs[0].code}
    assert found(state="closed") == {theirs[1].code}
    assert found(q="QUIRIND") == {world.mine.case.code}
    assert found(q="kind002 rij") == {theirs[2].code}
    assert found(q="niemand heet zo") == set()
    assert found(leader=other.pk, step="ideas", q="kind") == {theirs[0].code}
    assert found() == running | {world.mine.case.code, world.second.case.code}


def test_filters_stay_when_one_turns_the_page(world):
    make_cases(world.school, world.people["other"], 30)
    html = (
        world.client("coordinator")
        .get(reverse("overview"), {"leader": world.people["other"].pk})
        .content.decode()
    )
    assert (
        f"leader={world.people['other'].pk}&amp;page=2" in html
        or f"page=2&amp;leader={world.people['other'].pk}" in html
    )
