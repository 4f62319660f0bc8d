"""The journal: every verb writes, nothing it holds is content, and tampering shows."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from cases import append_only
from cases.actions import (
    appointments,
    cases,
    group,
    journal,
    pages,
    rounds,
    slip_wording,
    steps,
    unsaved_texts,
)
from cases.actions import enclosures as enclosing
from cases.method import METHOD
from cases.models import JournalEntry, JournalHead
from cases.tests.world import walk_of

CANARY = "kanarievogel"


@pytest.fixture
def tampering():
    """The database without its triggers, as for someone who owns the file."""
    append_only.remove(connection)
    yield
    append_only.install(connection)


def lines(case):
    return JournalEntry.objects.filter(case=case.pk).count()


def acts(case, anna, youssef):
    """Every verb on a case, one after another: (name, act)."""
    walk = walk_of(case)
    case_round, first = walk.round, METHOD.steps[0]
    talk = walk.at("talk", "prepare")
    day = case.school.calendar().next_school_day(case.school.today(), inclusive=False)

    def member():
        return group.members_of(case_round)[0]

    yield "save", lambda: pages.save_page(talk, {"know": CANARY}, version=0, by=anna)
    yield "late text", lambda: unsaved_texts.keep_late(case, [("?", CANARY)], by=anna)
    yield "plan", lambda: appointments.plan(case, case_round, "talk", day, reason=CANARY, by=anna)
    yield (
        "move",
        lambda: appointments.plan(case, case_round, "talk", day, reason=CANARY + "2", by=anna),
    )
    yield "cancel", lambda: appointments.cancel(case, case_round, "talk", by=anna)
    yield "pause", lambda: cases.pause_case(case, by=anna)
    yield "resume", lambda: cases.resume_case(case, by=anna)
    yield "add", lambda: cases.add_colleague(case, youssef, by=anna)
    yield "remove", lambda: cases.remove_colleague(case, youssef, by=anna)
    yield "hand over", lambda: cases.hand_over(case, youssef, by=anna)
    yield "hand back", lambda: cases.hand_over(case, anna, by=youssef)
    yield "fill", lambda: walk.fill_step(first)
    yield "finish", lambda: walk.finish(first)
    yield "group", lambda: walk.fill(walk.at("gather", "group"))
    yield "order", lambda: group.move_member(member(), 1, by=anna)
    for key in [step.key for step in METHOD.before("ideas")][1:]:
        yield (
            "skip",
            lambda key=key: steps.skip_step(case, case_round, METHOD.step(key), CANARY, by=anna),
        )
    ideas = walk.at("ideas", "ideas")
    yield (
        "idea",
        lambda: pages.save_page(ideas, {f"idea:{member().pk}": CANARY}, version=0, by=anna),
    )
    yield (
        "slip",
        lambda: slip_wording.word_slips(
            case_round, {str(member().pk): slip_wording.Wording(CANARY, CANARY + "!")}, by=anna
        ),
    )
    yield (
        "letter",
        lambda: enclosing.add_enclosure(case, "letter", by=anna, client_key=uuid.uuid4()),
    )
    yield "no letter", lambda: enclosing.remove_enclosure(case.enclosures.get(), by=anna)
    yield "round", lambda: rounds.open_round(case, by=anna)
    yield "close", lambda: rounds.close_case(case, by=anna, words=CANARY)
    yield "reopen", lambda: rounds.reopen_case(case, by=anna)


def test_every_verb_is_written_down_and_its_contents_are_not(noor_case, noor, anna, youssef):
    assert lines(noor_case) > 0, "opening"
    for name, act in acts(noor_case, anna, youssef):
        before = lines(noor_case)
        act()
        assert lines(noor_case) > before, name
    for entry in JournalEntry.objects.all():
        held = f"{entry.action} {entry.thing} {entry.fields} {entry.purpose}"
        for content in (CANARY, noor.first_name, noor.last_name, walk_of(noor_case).filler):
            assert content not in held
        assert str(noor.pk) not in held
        assert not {"leader", "follower", "other"} & set(entry.fields)
    assert journal.first_broken_line(noor_case.school) is None


def test_an_enclosure_that_two_people_take_off_is_taken_off_once(noor_case, anna):
    kept = enclosing.add_enclosure(noor_case, "letter", by=anna, client_key=uuid.uuid4())
    again = noor_case.enclosures.get()
    enclosing.remove_enclosure(kept, by=anna)
    before = lines(noor_case)
    enclosing.remove_enclosure(again, by=anna)
    assert lines(noor_case) == before


def test_a_verb_that_cannot_be_written_down_does_not_happen(noor_case, anna, monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError("no room")

    monkeypatch.setattr(JournalEntry, "save", refuse)
    where = walk_of(noor_case).at("talk", "prepare")
    with pytest.raises(DatabaseError):
        pages.save_page(where, {"know": "iets"}, version=0, by=anna)
    assert pages.values_of(where) == {}


@pytest.fixture
def chain(school, anna):
    return [
        journal.record("view", by=anna, school=school, thing=f"ding {n}", fields=["a"])
        for n in range(1, 6)
    ]


def test_a_sound_chain(school, chain):
    assert [entry.number for entry in chain] == [1, 2, 3, 4, 5]
    assert journal.first_broken_line(school) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("thing", "iets anders"),
        ("actor", None),
        ("action", "print"),
        ("purpose", "x"),
        ("role", "coordinator"),
    ],
)
def test_a_changed_line_shows(school, chain, tampering, column, value):
    JournalEntry.objects.filter(number=3).update(**{column: value})
    assert journal.first_broken_line(school) == 3


@pytest.mark.parametrize(("number", "noticed_at"), [(1, 1), (3, 3), (5, 5)])
def test_a_removed_line_shows(school, chain, tampering, number, noticed_at):
    JournalEntry.objects.filter(number=number).delete()
    assert journal.first_broken_line(school) == noticed_at


def test_an_inserted_line_shows(school, chain, tampering):
    copy = JournalEntry.objects.get(number=5)
    copy.pk, copy.number = None, 6
    copy.save(force_insert=True)
    assert journal.first_broken_line(school) == 6


def test_two_lines_that_changed_places_show(school, chain, tampering):
    for old, new in ((2, 99), (3, 2), (99, 3)):
        JournalEntry.objects.filter(number=old).update(number=new)
    assert journal.first_broken_line(school) == 2


def test_the_end_of_the_chain_cannot_simply_be_taken_away(school, chain, tampering):
    JournalHead.objects.filter(school=school).delete()
    assert journal.first_broken_line(school) == 6


def test_without_the_key_no_line_can_be_written(school, chain, settings):
    import base64

    settings.ENCRYPTION_KEYS = "1:" + base64.b64encode(b"k" * 32).decode()
    assert journal.first_broken_line(school) == 1


def test_a_new_key_leaves_the_chain_sound(school, chain, anna, settings):
    import base64

    settings.ENCRYPTION_KEYS += ",7:" + base64.b64encode(b"k" * 32).decode()
    journal.record("view", by=anna, school=school)
    assert journal.first_broken_line(school) is None


def test_schools_have_chains_of_their_own(school, other_school, chain, stranger):
    assert journal.record("view", by=stranger, school=other_school).number == 1
    assert journal.first_broken_line(other_school) is None


def test_the_database_refuses_to_change_or_remove_a_line(chain):
    append_only.install(connection)
    for act in (
        lambda: JournalEntry.objects.update(thing="x"),
        lambda: JournalEntry.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert JournalEntry.objects.filter(thing="ding 3").exists()
