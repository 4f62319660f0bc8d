"""Saving a page: nobody's text is lost, whoever was first and however often it is sent."""

import threading

import pytest
from django.db import connections

from cases.actions import group, pages
from cases.models import Idea, JournalEntry, PageRecord
from cases.models.page_record import MOST_BEFORE
from cases.tests.world import walk_of


@pytest.fixture
def where(noor_case):
    return walk_of(noor_case).at("talk", "prepare")


def save(where, values, version, by):
    return pages.save_page(where, values, version=version, by=by)


def test_half_a_page_is_saved(where, anna):
    record = save(where, {"know": "Tekent graag", "noticed": "", "parents": ""}, 0, anna)
    assert record.version == 1
    assert pages.values_of(where) == {"know": "Tekent graag"}


def test_the_same_again_changes_nothing(where, anna):
    save(where, {"know": "Tekent graag"}, 0, anna)
    record = save(where, {"know": "Tekent graag"}, 0, anna)
    assert record.version == 1
    assert JournalEntry.objects.filter(action="change").count() == 1


def test_two_versions_of_one_answer_are_shown_and_nothing_is_saved(where, anna, youssef):
    save(where, {"know": "van Anna"}, 0, anna)
    with pytest.raises(pages.Conflict) as clash:
        save(where, {"know": "van Youssef", "noticed": "ook nieuw"}, 0, youssef)
    assert clash.value.mine == {"know": "van Youssef"}
    assert clash.value.theirs == {"know": "van Anna"}
    assert clash.value.rest == {"noticed": "ook nieuw"}
    assert clash.value.record.saved_by == anna
    assert pages.values_of(where) == {"know": "van Anna"}
    assert where.record().version == 1


def test_different_answers_are_joined(where, anna, youssef):
    save(where, {"know": "van Anna", "noticed": ""}, 0, anna)
    save(where, {"know": "", "noticed": "van Youssef"}, 0, youssef)
    assert pages.values_of(where) == {"know": "van Anna", "noticed": "van Youssef"}


def test_what_i_left_as_i_found_it_does_not_undo_theirs(where, anna, youssef):
    """Both loaded a page that had answers; each changed another one."""
    loaded = {"know": "eerst", "noticed": "ook"}
    save(where, loaded, 0, anna)
    save(where, {**loaded, "know": "door Anna"}, 1, anna)
    save(where, {**loaded, "know": "door Anna, langer"}, 2, anna)
    save(where, {**loaded, "noticed": "door Youssef"}, 1, youssef)
    assert pages.values_of(where) == {"know": "door Anna, langer", "noticed": "door Youssef"}


def test_a_real_clash_stays_one_however_long_ago_the_page_was_loaded(where, anna, youssef):
    save(where, {"know": "begin"}, 0, anna)
    for number in range(MOST_BEFORE + 5):
        save(where, {"know": f"nummer {number}"}, number + 1, anna)
    for mine in ("van mij", "begin"):
        with pytest.raises(pages.Conflict):
            save(where, {"know": mine}, 1, youssef)


def test_fingerprints_hold_no_text(where, anna):
    save(where, {"know": "kanarie", "parents": "yes"}, 0, anna)
    save(where, {"know": "kanarie twee", "parents": "no"}, 1, anna)
    changes = str(where.record().changes)
    assert "kanarie" not in changes
    assert "yes" not in changes


def test_their_text_stays_where_mine_is_empty(where, anna, youssef):
    save(where, {"know": "van Anna"}, 0, anna)
    record = save(where, {"know": ""}, 0, youssef)
    assert pages.values_of(where) == {"know": "van Anna"}
    assert record.version == 1


def test_emptying_on_purpose_empties(where, anna):
    save(where, {"know": "weg ermee"}, 0, anna)
    save(where, {"know": ""}, 1, anna)
    assert pages.values_of(where) == {}


def test_columns_and_zero(noor_case, anna):
    where = walk_of(noor_case).at("talk", "talk")
    save(where, {"held_on": "2026-11-03", "scale": 0, "wish": "unsure"}, 0, anna)
    record = where.record()
    assert (record.held_on.isoformat(), record.scale, record.wish) == ("2026-11-03", 0, "unsure")
    save(where, {"held_on": "", "scale": None, "wish": ""}, 1, anna)
    assert pages.values_of(where) == {}


def test_an_idea_stays_with_who_said_it_and_new_words_take_the_slip_along(make_case, anna):
    case = make_case("ideas")
    walk = walk_of(case)
    where = walk.at("ideas", "ideas")
    members = group.members_of(walk.round)
    save(
        where,
        {f"idea:{members[0].pk}": "Ik zeg gedag", f"idea:{members[1].pk}": "Ik vraag mee"},
        0,
        anna,
    )
    Idea.objects.get(member=members[0])
    idea = Idea.objects.get(member=members[0])
    idea.slip = "Gedag!"
    idea.save()
    save(where, {f"idea:{members[0].pk}": "Ik zwaai"}, 1, anna)
    idea = Idea.objects.get(member=members[0])
    assert (idea.text, idea.slip) == ("Ik zwaai", "")
    assert Idea.objects.get(member=members[1]).text == "Ik vraag mee"


def test_an_idea_for_somebody_of_another_case_is_not_written(make_case, pupils, anna):
    mine, other = make_case("ideas"), make_case("ideas", pupil=pupils["Zoë"])
    theirs = group.members_of(walk_of(other).round)[0]
    save(walk_of(mine).at("ideas", "ideas"), {f"idea:{theirs.pk}": "Hier niet"}, 0, anna)
    assert not Idea.objects.filter(member=theirs).exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_on_one_page_lose_nothing(noor_case, anna):
    where = walk_of(noor_case).at("talk", "prepare")
    keys = [
        "know",
        "noticed",
        "changed",
        "qualities",
        "parents_why",
        "parents",
        "parents_on",
        "extra",
    ]
    together, failures = threading.Barrier(len(keys)), []

    def one(key):
        try:
            together.wait()
            save(where, {key: f"tekst van {key}"}, 0, anna)
        except Exception as failure:  # noqa: BLE001  (seen by the test, whatever it is)
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[key]) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    record = PageRecord.objects.get(round=where.round, page="prepare")
    assert record.answers == {key: f"tekst van {key}" for key in keys}
    assert record.version == len(keys)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_on_one_answer_the_second_hears_it(noor_case, anna):
    where = walk_of(noor_case).at("talk", "prepare")
    together, said = threading.Barrier(4), []

    def one(number):
        try:
            together.wait()
            save(where, {"know": f"tekst {number}"}, 0, anna)
            said.append(("saved", number))
        except pages.Conflict:
            said.append(("clash", number))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kind for kind, _ in said) == ["clash", "clash", "clash", "saved"]
    winner = next(number for kind, number in said if kind == "saved")
    assert pages.values_of(where)["know"] == f"tekst {winner}"
