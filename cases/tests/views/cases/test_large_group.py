"""The pages of a case cost the same however many pupils are in its group."""

import pytest
from django.urls import reverse

from cases.models import ClassGroup, GroupMember
from cases.tests.world import count_queries, make_pupils


@pytest.mark.parametrize("name", ["case", "case-paper", "case-check", "case-step"])
def test_a_group_of_thirty_costs_no_more_queries_than_of_three(world, name):
    told, client = world.mine, world.client("teacher")
    args = {
        "case": [told.case.pk],
        "case-paper": [told.case.pk, "slips"],
        "case-check": [told.case.pk, 1, "ideas"],
        "case-step": [told.case.pk, 1, "gather", "group"],
    }[name]
    url = reverse(name, args=args)
    before, _answer = count_queries(client, url)
    group = ClassGroup.objects.get(school=world.school, name="7zebra")
    pupils = make_pupils(world.school, group.name, *(f"Erbij{number}" for number in range(24)))
    for position, pupil in enumerate(pupils, start=7):
        GroupMember.objects.create(
            school=world.school, round=told.round, pupil=pupil, role="other", position=position
        )
    after, answer = count_queries(client, url)
    assert "Erbij23" in answer.content.decode()
    assert after <= before + 2, f"{before} queries for six members, {after} for thirty"
