"""Who is on a case: the leader and the coordinator decide; nobody is pushed off by who was
added.
"""

import re
import uuid

import pytest
from django.urls import reverse

from cases.actions import cases
from cases.models import Case, CaseStaff
from cases.tests.world import make_user, undone

# who: what they may do with the people on the case: add, take a colleague off, go off it, hand over
MAY = {
    "teacher": ("add", "remove", "lead", "lead-leave"),  # leads it
    "coordinator": ("add", "remove", "lead", "lead-leave"),
    "added": ("add", "leave"),
    "second": ("add", "leave"),
}


@pytest.fixture
def people(world):

    found = {**world.people, "third": make_user(world.school, "Derde")}
    found |= {"added": found["other"], "second": make_user(world.school, "Tweede")}
    for name in ("added", "second"):
        cases.add_colleague(world.mine.case, found[name], by=found["teacher"])
    return found


@pytest.fixture
def ask(world, people):
    """``ask(who, what, whom)``: the answer to that form, sent by that person."""
    from django.test import Client

    def ask(who, what, whom):
        client = Client(raise_request_exception=False)
        client.force_login(people[who])
        user = getattr(people.get(whom), "pk", whom)
        url = reverse("case-staff", args=[world.mine.case.pk])
        return client.post(url, {"what": what, "user": str(user)})

    return ask


def on_case(world):
    case = Case.objects.get(pk=world.mine.case.pk)
    return case.leader.name, {each.user.name for each in CaseStaff.objects.filter(case=case)}


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("what", ["add", "remove", "leave", "lead", "lead-leave"])
def test_who_may_do_what(world, people, ask, who, what):
    before = on_case(world)
    whom = {"leave": who, "remove": "added" if who != "added" else "second"}.get(what, "third")
    answer = ask(who, "remove" if what == "leave" else what, whom)
    if what in MAY[who]:
        assert answer.status_code == 302 and on_case(world) != before
    # the leader and the coordinator were not added: there is nothing to leave
    elif what == "leave":
        assert answer.status_code == 302 and on_case(world) == before
    else:
        assert answer.status_code == 403 and on_case(world) == before


def test_an_added_colleague_cannot_take_the_lead_and_push_the_leader_off(world, people, ask):
    for what, whom in (
        ("lead", "added"),
        ("lead-leave", "added"),
        ("lead", "second"),
        ("remove", "teacher"),
    ):
        assert ask("added", what, whom).status_code == 403
    assert on_case(world) == ("Anna", {"Youssef", "Tweede"})
    assert Case.objects.visible_to(people["teacher"]).filter(pk=world.mine.case.pk).exists()


def test_who_hands_over_chooses_whether_they_stay(world, people, ask):
    url = reverse("case", args=[world.mine.case.pk])
    with undone():
        assert ask("teacher", "lead", "third")["Location"] == url
        assert on_case(world) == ("Derde", {"Anna", "Youssef", "Tweede"})
    answer = ask("teacher", "lead-leave", "third")
    assert answer["Location"] == reverse("home")
    assert on_case(world) == ("Derde", {"Youssef", "Tweede"})
    assert world.client("teacher").get(url).status_code == 404


def test_a_coordinator_may_take_the_old_leader_off_in_handing_over(world, people, ask):
    ask("coordinator", "lead-leave", "third")
    assert on_case(world) == ("Derde", {"Youssef", "Tweede"})


def test_the_page_offers_only_what_one_may_do(world, people):
    from django.test import Client

    url = reverse("case", args=[world.mine.case.pk])
    for who in MAY:
        client = Client()
        client.force_login(people[who])
        page = client.get(url).content.decode()
        assert 'value="add"' in page
        assert ('value="lead"' in page) == ('value="lead-leave"' in page) == ("lead" in MAY[who])
        assert page.count('value="remove"') == (2 if "remove" in MAY[who] else 1), (
            "oneself, or both"
        )


def test_who_left_the_school_can_still_be_taken_off(world, people, ask):
    people["second"].memberships.update(active=False)
    assert ask("teacher", "remove", "second").status_code == 302
    assert on_case(world) == ("Anna", {"Youssef"})


def test_who_is_taken_off_while_typing_gets_the_text_back(world, people):
    from django.test import Client

    client, other = Client(raise_request_exception=False), Client(raise_request_exception=False)
    client.force_login(people["added"])
    other.force_login(people["third"])
    page = reverse("case-step", args=[world.mine.case.pk, 1, "talk", "between"])
    note = re.search(r'name="made_for" value="([^"]+)"', client.get(page).content.decode())[1]
    cases.remove_colleague(world.mine.case, people["added"], by=people["teacher"])
    typed = {"made_for": note, "not_told": "Dit schreef ik net nog."}
    answer = client.post(page, typed)
    assert answer.status_code == 404 and typed["not_told"] in answer.content.decode()
    assert not world.mine.in_(answer)
    nowhere = reverse("case-step", args=[uuid.uuid4(), 1, "talk", "between"])
    assert client.post(nowhere, typed).content.count(b"<textarea") == 1, (
        "the same, whether there is a case or not"
    )
    for form in (typed, {**typed, "made_for": ""}):  # a form of somebody else, or of nobody
        assert typed["not_told"] not in other.post(page, form).content.decode()
