"""The support group: advice on its balance, who may be in it, and who is in another one."""

import pytest
from django.utils import timezone

from cases.actions import group, pages, rounds
from cases.models import GroupMember
from cases.tests.world import make_pupils, walk_of


@pytest.mark.inventory("P2.1", "P2.2", "P2.3")
@pytest.mark.parametrize(
    ("involved", "others", "keys"),
    [
        (0, 0, {"too_few"}),
        (3, 3, set()),
        (4, 3, set()),
        (3, 4, set()),
        (4, 4, set()),
        (2, 3, {"too_few"}),
        (4, 2, {"more_others"}),
        (2, 4, {"more_involved"}),
        (6, 0, {"more_others"}),
        (1, 4, {"too_few", "more_involved"}),
        (5, 4, {"too_many"}),
        (6, 3, {"too_many", "more_others"}),
    ],
)
def test_advice(involved, others, keys):
    notes = dict(group.advice(involved, others))
    assert set(notes) == keys
    assert all(number > 0 for number in notes.values())


def test_advice_says_how_many():
    assert dict(group.advice(2, 2)) == {"too_few": 2}
    assert dict(group.advice(5, 5)) == {"too_many": 2}
    assert dict(group.advice(4, 0)) == {"too_few": 2, "more_others": 4}


def test_the_fact_of_another_group_and_nothing_more(make_case, pupils, school, anna, other_school):
    mine, other = make_case("ideas"), make_case("ideas", pupil=pupils["Zoë"])
    there = {member.pupil_id for member in group.members_of(walk_of(other).round)}
    assert group.elsewhere(school.pk, case=mine) == there
    assert group.elsewhere(other_school.pk) == set()
    rounds.close_case(other, by=anna)
    assert group.elsewhere(school.pk, case=mine) == set()


def test_who_left_the_group_is_free_again(make_case, school):
    case = make_case("ideas")
    member = group.members_of(walk_of(case).round)[0]
    GroupMember.objects.filter(pk=member.pk).update(left_at=timezone.now())
    assert member.pupil_id not in group.elsewhere(school.pk)


def test_the_pupil_and_strangers_are_not_put_into_the_group(make_case, noor, anna, other_school):
    noor_case = make_case("gather")
    outside = make_pupils(other_school, "7b", "Buiten")[0]
    where = walk_of(noor_case).at("gather", "group")
    roles = {f"role:{noor.pk}": "other", f"role:{outside.pk}": "other", "role:onzin": "other"}
    pages.save_page(where, roles, version=0, by=anna)
    assert group.members_of(where.round) == []


def test_leaving_and_coming_back_keeps_the_place(make_case, pupils, anna):
    noor_case = make_case("gather")
    where = walk_of(noor_case).at("gather", "group")
    key = f"role:{pupils['Tess'].pk}"
    for version, role in enumerate(("leader", "", "other")):
        pages.save_page(where, {key: role}, version=version, by=anna)
        assert [each.role for each in group.members_of(where.round)] == ([role] if role else [])
    assert GroupMember.objects.count() == 1


def test_an_unknown_role_is_not_kept(make_case, pupils, anna):
    noor_case = make_case("gather")
    where = walk_of(noor_case).at("gather", "group")
    pages.save_page(where, {f"role:{pupils['Tess'].pk}": "boss"}, version=0, by=anna)
    assert group.members_of(where.round) == []


def test_the_order_of_the_talks_is_kept(make_case, anna):
    case = make_case("followup")
    case_round = walk_of(case).round
    before = [member.pk for member in group.members_of(case_round)]
    group.move_member(group.members_of(case_round)[2], -1, by=anna)
    group.move_member(group.members_of(case_round)[0], -1, by=anna)  # already first
    after = [member.pk for member in group.members_of(case_round)]
    assert after == [before[0], before[2], before[1], *before[3:]]


def test_no_trace_of_who_had_a_role_outlives_the_case(noor_case, pupils, anna):
    where = walk_of(noor_case).at("gather", "group")
    walk_of(noor_case).until("gather")
    pages.save_page(where, {f"role:{pupils['Tess'].pk}": "leader"}, version=0, by=anna)
    assert "role:" in str(where.record().changes)
    rounds.close_case(noor_case, by=anna, words="Klaar")
    assert "role:" not in str(where.record().changes)
