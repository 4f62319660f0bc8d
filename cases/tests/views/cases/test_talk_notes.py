"""What was noted in a talk is offered on its own page, taken over with one press, and cleared."""

import datetime

import pytest
from django.urls import reverse

from cases.actions import rounds, talk_pads
from cases.actions.group import members_of
from cases.actions.page_location import later_location, location_of
from cases.actions.pages import values_of
from cases.method import METHOD
from cases.models import Case, GroupMember, JournalEntry, PageRecord, Round, Scratch, TalkPad
from cases.tests.world import TODAY, at, count_queries

NOTES = "vindt tekenen fijn\nwil naast Ottilie"


@pytest.fixture
def anna(world):
    return world.people["teacher"]


@pytest.fixture
def talk(world, anna):
    where = location_of(world.mine.case, world.mine.round, "talk", "talk")
    pad = talk_pads.pad_of(where, anna)
    talk_pads.save_pad(where, NOTES, version=pad.version, written_from="", by=anna)
    return where


def url(where):
    return reverse("case-step", args=[where.case.pk, 1, where.step.key, where.page.key])


def form(where, **more):
    return {**values_of(where), "version": str(where.record().version), **more}


def shown(client, where):
    return client.get(url(where)).content.decode()


def test_one_press_adds_the_notes_to_an_answer_and_saves_the_page(world, anna, talk):
    client, said = world.client("teacher"), values_of(talk)["how"]
    assert "vindt tekenen fijn" in shown(client, talk)
    answer = client.post(url(talk), form(talk, how=said + " Net getikt.", go="take-notes:how"))
    assert answer["Location"] == url(talk) + "#q-how_question"
    assert values_of(talk)["how"] == f"{said} Net getikt.\n{NOTES}"
    # Pressed again it is not there twice; and the notes stay until they are cleared.
    client.post(url(talk), form(talk, go="take-notes:how"))
    assert values_of(talk)["how"].count("Ottilie") == 1
    assert talk_pads.pad_of(talk, anna).text == NOTES


def test_what_makes_an_answer_too_long_is_said_and_kept_on_the_page(world, talk):
    client, said = world.client("teacher"), values_of(talk)["how"]
    answer = client.post(url(talk), form(talk, how="x" * 4_990, go="take-notes:how"))
    assert answer.status_code == 422
    assert "x" * 4_990 + "\n" + NOTES.split("\n")[0] in answer.content.decode().replace("\r", "")
    assert values_of(talk)["how"] == said


@pytest.mark.parametrize("key", ["wish", "held_on", "nonsense", "how:1", ""])
def test_notes_go_into_words_only(world, talk, key):
    client, before = world.client("teacher"), values_of(talk)
    assert client.post(url(talk), form(talk, go=f"take-notes:{key}")).status_code == 302
    assert values_of(talk) == before


def test_notes_are_cleared_when_they_are_the_ones_that_were_seen(world, anna, talk):
    client = world.client("teacher")
    version = talk_pads.pad_of(talk, anna).version
    talk_pads.save_pad(talk, NOTES + "\nen meer", version=version, written_from="", by=anna)
    client.post(url(talk), form(talk, go="clear-notes", notes_version=str(version)))
    assert "en meer" in shown(client, talk)
    client.post(
        url(talk), form(talk, go="clear-notes", notes_version=str(version + 1), how="Tot slot.")
    )
    assert "vindt tekenen fijn" not in shown(client, talk)
    assert values_of(talk)["how"] == "Tot slot."  # what stood in the form was saved
    last = JournalEntry.objects.filter(thing=f"{talk.label}/pad").order_by("number").last()
    assert last.fields == ["cleared"]


def test_a_talk_begins_with_what_was_typed_on_its_page_saved(world, talk):
    client = world.client("teacher")
    answer = client.post(url(talk), form(talk, how="Net voor het gesprek.", go="talk"))
    assert answer["Location"].startswith("/talk/")
    assert values_of(talk)["how"] == "Net voor het gesprek."
    assert "Net voor het gesprek" not in client.get(answer["Location"]).content.decode()


def test_old_notes_of_a_whole_case_are_on_the_case_page_and_in_no_talk(world, anna):
    """Of before each talk had a pad of its own: kept, shown to who wrote them, cleared with one
    press.
    """
    told, client = world.mine, world.client("teacher")
    case = reverse("case", args=[told.case.pk])
    assert "kwettereenscratch" in client.get(case).content.decode()
    assert "kwettereenscratch" not in world.client("coordinator").get(case).content.decode()
    for page in ("talk", "between"):
        where = location_of(told.case, told.round, "talk", page)
        assert "kwettereenscratch" not in shown(client, where)
    note = Scratch.objects.get(case=told.case, user=anna)
    clear = reverse("case-notes-clear", args=[told.case.pk])
    for wrong in ({"note": "x"}, {"note": note.pk, "mark": "x"}, {"note": note.pk}):
        client.post(clear, wrong)
    seen = note.saved_at.isoformat()
    with at(TODAY + datetime.timedelta(days=1)):
        note.text = "kwettereenscratch en later"
        note.save()
    client.post(clear, {"note": note.pk, "mark": seen})  # seen before it grew
    assert "en later" in client.get(case).content.decode()
    note.refresh_from_db()
    client.post(clear, {"note": note.pk, "mark": note.saved_at.isoformat()})
    assert "kwettereenscratch" not in client.get(case).content.decode()
    assert JournalEntry.objects.filter(thing="scratch", fields=["cleared"]).count() == 1


def test_notes_of_a_page_that_cannot_be_opened_any_more_are_not_lost(world, anna, talk):
    told, client = world.mine, world.client("teacher")
    case = reverse("case", args=[told.case.pk])
    assert "vindt tekenen fijn" not in client.get(case).content.decode()
    GroupMember.objects.filter(pk=members_of(told.round)[0].pk).update(left_at=told.round.opened_at)
    page = client.get(case).content.decode()
    assert page.count("kwettereenpadmember") == 1
    rounds.close_case(told.case, by=anna)
    page = client.get(case)
    assert "vindt tekenen fijn" in page.content.decode()
    row = next(row for row in page.context["leftover_notes"] if "tekenen" in row["text"])
    client.post(
        reverse("case-notes-clear", args=[told.case.pk]), {"note": row["pk"], "mark": row["mark"]}
    )
    assert "vindt tekenen fijn" not in client.get(case).content.decode()
    Case.objects.filter(pk=told.case.pk).update(status=Case.OPEN)
    told.case.refresh_from_db()


def on_the_case_page(client, told) -> list[str]:
    """The notes without a page, as they stand there."""
    page = client.get(reverse("case", args=[told.case.pk]))
    for row in page.context["leftover_notes"]:
        assert row["text"].split("\n")[0] in page.content.decode()
    return [row["text"] for row in page.context["leftover_notes"]]


def test_notes_of_a_step_that_closed_again_are_on_the_case_page(world, talk):
    """The pupil's yes was corrected to no: the short talks do not open any more (S1.4)."""
    told, client = world.mine, world.client("teacher")
    assert not any("padmember" in text for text in on_the_case_page(client, told))
    PageRecord.objects.filter(round=told.round).exclude(wish="").update(wish="no")
    texts = on_the_case_page(client, told)
    assert sum("kwettereenpadmember" in text for text in texts) == len(told.members)
    assert NOTES not in texts  # the page of the first talk opens as before
    assert NOTES.split("\n")[0] in shown(client, talk)
    row = client.get(reverse("case", args=[told.case.pk])).context["leftover_notes"][-1]
    clear = reverse("case-notes-clear", args=[told.case.pk])
    client.post(clear, {"note": row["pk"], "mark": row["mark"]})
    assert row["text"] not in on_the_case_page(client, told)


def test_notes_of_a_later_check_are_on_its_page_or_on_the_case_page(world, anna):
    """A check of an earlier round has no page any more once the case is in aftercare anew."""
    told, client = world.mine, world.client("teacher")
    case, kind = told.case, METHOD.later[0].key
    where = later_location(case, told.round, kind)
    talk_pads.save_pad(where, NOTES, version=0, written_from="", by=anna)
    assert NOTES in on_the_case_page(client, told)  # no aftercare yet
    Case.objects.filter(pk=case.pk).update(status=Case.AFTERCARE)
    check = reverse("case-later", args=[case.pk, kind])
    assert "vindt tekenen fijn" in client.get(check).content.decode()
    assert NOTES not in on_the_case_page(client, told)
    Round.objects.create(school=case.school, case=case, number=2, first_step=told.round.first_step)
    Case.objects.filter(pk=case.pk).update(round_number=2)
    assert "vindt tekenen fijn" not in client.get(check).content.decode()
    assert NOTES in on_the_case_page(client, told)


@pytest.mark.parametrize(
    "keys",
    [{"step": "gone"}, {"page": "gone"}, {"step": "later", "page": "gone"}]
    + [{"step": "gather", "page": "group"}, {"step": "followup", "page": "member"}],
)
def test_notes_of_a_page_that_the_method_has_no_more_are_on_the_case_page(world, anna, talk, keys):
    """Nor one without a talk any more, or one that is of each member now."""
    told, client = world.mine, world.client("teacher")
    TalkPad.objects.filter(pk=talk_pads.pad_of(talk, anna).pk).update(**keys)
    assert NOTES in on_the_case_page(client, told)


def test_many_notes_cost_the_case_page_no_more_queries(world, anna):
    told, client = world.mine, world.client("teacher")
    kept = list(TalkPad.objects.filter(case=told.case).order_by("pk"))
    TalkPad.objects.filter(pk__in=[pad.pk for pad in kept[1:]]).delete()
    case = reverse("case", args=[told.case.pk])
    before, _answer = count_queries(client, case)
    for pad in kept[1:]:
        pad.save(force_insert=True)
    after, _answer = count_queries(client, case)
    assert after <= before
