"""Nobody conflicts with what their own page sent before; two pages of one person do, and both texts
are there.
"""

import json

import pytest

from cases.actions import pages
from cases.models import PageRecord
from cases.models.page_record import MOST_PAGES, MOST_VERSIONS, TURNS, OpenedPage
from cases.tests.world import walk_of

HERE, THERE = "a" * 32, "b" * 32


@pytest.fixture
def where(noor_case):
    return walk_of(noor_case).at("talk", "prepare")


def save(where, values, version, by, page=HERE, turn=0):
    return pages.save_page(where, values, version=version, by=by, opened=OpenedPage(page, turn))


def now(where):
    return pages.values_of(where)


def test_typing_on_after_a_lost_answer_is_saved(where, anna):
    save(where, {"know": "Zorgt voor"}, 0, anna, turn=1)
    record = save(where, {"know": "Zorgt voor een hond", "noticed": "stil"}, 0, anna, turn=2)
    assert record.version == 2
    assert now(where) == {"know": "Zorgt voor een hond", "noticed": "stil"}


def test_many_lost_answers_in_a_row_lose_nothing(where, anna):
    for number in range(MOST_VERSIONS + 10):
        save(where, {"know": f"tekst {number}"}, 0, anna, turn=number + 1)
    assert now(where) == {"know": f"tekst {MOST_VERSIONS + 9}"}


def test_what_was_sent_and_then_wiped_out_stays_wiped_out(where, anna):
    save(where, {"know": "toch niet"}, 0, anna, turn=1)
    save(where, {"know": "", "noticed": "wel"}, 0, anna, turn=2)
    assert now(where) == {"noticed": "wel"}


def test_the_same_request_twice_changes_nothing(where, anna):
    for _again in range(2):
        assert save(where, {"know": "eenmaal"}, 0, anna, turn=1).version == 1


def test_a_request_that_was_overtaken_does_not_bring_older_text_back(where, anna):
    save(where, {"know": "eerst en daarna"}, 0, anna, turn=2)
    with pytest.raises(pages.Conflict) as clash:
        save(where, {"know": "eerst"}, 0, anna, turn=1)
    assert clash.value.own
    assert now(where) == {"know": "eerst en daarna"}


def test_nor_when_the_newer_one_had_nothing_to_change(where, anna):
    save(where, {"know": "staat er"}, 0, anna, turn=1)
    save(where, {"know": "staat er"}, 1, anna, turn=3)
    with pytest.raises(pages.Conflict):
        save(where, {"know": "staat er al lang"}, 1, anna, turn=2)
    assert now(where) == {"know": "staat er"}


def test_two_tabs_of_one_person_are_a_conflict_with_both_texts(where, anna):
    save(where, {"know": "begin"}, 0, anna, turn=1)
    save(where, {"know": "in deze tab"}, 1, anna, page=HERE, turn=2)
    with pytest.raises(pages.Conflict) as clash:
        save(where, {"know": "in de andere tab"}, 1, anna, page=THERE, turn=1)
    assert clash.value.own
    assert (clash.value.mine, clash.value.theirs) == (
        {"know": "in de andere tab"},
        {"know": "in deze tab"},
    )
    assert now(where) == {"know": "in deze tab"}


def test_pages_of_which_the_id_is_not_known_are_never_the_same(where, anna):
    for page in ("", "x", "A" * 32, "a" * 33):
        version = where.record().version
        save(where, {"know": f"eerst {page}"}, version, anna, page=page)
        with pytest.raises(pages.Conflict):
            save(where, {"know": f"daarna {page}"}, version, anna, page=page)


def test_another_person_between_two_saves_is_still_a_conflict(where, anna, youssef):
    save(where, {"know": "van Anna"}, 0, anna, turn=1)
    save(where, {"know": "van Youssef"}, 1, youssef, page=THERE, turn=1)
    with pytest.raises(pages.Conflict) as clash:
        save(where, {"know": "van Anna, langer"}, 0, anna, turn=2)
    assert not clash.value.own
    assert now(where) == {"know": "van Youssef"}


def test_somebody_elses_page_id_opens_nothing(where, anna, youssef):
    save(where, {"know": "van Anna"}, 0, anna, page=HERE, turn=1)
    with pytest.raises(pages.Conflict):
        save(where, {"know": "van Youssef"}, 0, youssef, page=HERE, turn=2)


def test_what_my_page_saved_and_left_alone_does_not_undo_theirs(where, anna, youssef):
    """The answer was lost, a colleague went on with my text, and I typed at another question."""
    save(where, {"know": "van Anna"}, 0, anna, turn=1)
    save(where, {"know": "van Anna en Youssef"}, 1, youssef, page=THERE, turn=1)
    save(where, {"know": "van Anna", "noticed": "ook iets"}, 0, anna, turn=2)
    assert now(where) == {"know": "van Anna en Youssef", "noticed": "ook iets"}


def test_what_they_filled_in_before_my_lost_save_is_not_undone_by_my_next(where, anna, youssef):
    save(where, {"noticed": "van Youssef"}, 0, youssef, page=THERE, turn=1)
    save(where, {"know": "van Anna", "noticed": ""}, 0, anna, turn=1)
    save(where, {"know": "van Anna, langer", "noticed": ""}, 0, anna, turn=2)
    assert now(where) == {"know": "van Anna, langer", "noticed": "van Youssef"}


def stored(sources):
    """What PostgreSQL gives back: the keys of an object sorted."""
    return json.loads(json.dumps(sources, sort_keys=True))


def test_of_many_pages_the_oldest_is_forgotten_in_whatever_order_keys_come_back(anna):
    record = PageRecord()
    for number in range(MOST_PAGES + 5, 0, -1):
        record.note_source(f"page {number:02}", 3, anna, saved=False)
        record.sources = stored(record.sources)
    known = [
        number for number in range(1, MOST_PAGES + 6) if record.overtaken(f"page {number:02}", 3)
    ]
    assert known == list(range(1, MOST_PAGES + 1))


def test_numbers_of_pages_that_were_kept_as_an_object_are_still_read(anna):
    record = PageRecord(sources={TURNS: {"page a": 4, "page b": 2}})
    assert record.overtaken("page a", 4) and not record.overtaken("page b", 3)
    record.note_source("page b", 3, anna, saved=False)
    assert record.overtaken("page a", 4) and record.overtaken("page b", 3)


def test_where_a_version_came_from_holds_no_text(where, anna):
    save(where, {"know": "kanarie"}, 0, anna, turn=1)
    assert "kanarie" not in str(where.record().sources)
