"""An id of another school, one that does not exist and one that is no id get the same answer
everywhere.
"""

import re
import uuid

import pytest
from django.urls import reverse

from cases.models import Appointment, ClassGroup, ClosedDay, DailyMail, User
from cases.tests.views.test_decorators import ACCESS_TABLE, patterns
from cases.tests.world import TODAY, addresses, photograph, undone

BROKEN = ("onzin", "", "0" * 31, "1'--", "١٢٣", "\x00", "a" * 400)
NOISE = re.compile(
    r'(name="(?:csrfmiddlewaretoken|made_for|client_key|pad|opened)"[^>]*value)="[^"]*"'
)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def far(world):
    """Ids of the other school, by what they are of."""
    school, told = world.far.case.school, world.far
    closed = ClosedDay.objects.create(school=school, first=TODAY, last=TODAY, name="Ver weg")
    mail = DailyMail.objects.create(
        recipient=world.people["stranger"], date=TODAY, state=DailyMail.FAILED
    )
    return {
        "case": told.case.pk,
        "pupil": told.pupils[2].pk,
        "person": world.people["stranger"].pk,
        "member": told.members[0].pk,
        "enclosure": told.enclosure.pk,
        "job": told.job.pk,
        "appointment": Appointment.objects.filter(case=told.case).first().pk,
        "closed day": closed.pk,
        "mail": mail.pk,
        "school": school.pk,
        "group": ClassGroup.objects.filter(school=school).first().pk,
    }


def told(answer, *given):
    """Everything of an answer, but for the id that was given and tokens that are new in each."""
    text = answer.content.decode()
    for each in sorted(filter(None, map(str, given)), key=len, reverse=True):
        text = text.replace(each, "")
    headers = {name: UUID.sub("", value) for name, value in answer.headers.items()}
    headers.pop("Content-Length", None)
    headers.pop("Expires", None)
    return answer.status_code, NOISE.sub(r"\1", text), headers


def fields(world):
    """(who, address, of what, how a form with this id looks) for every field that takes an id."""
    case, step = world.mine.case.pk, [world.mine.case.pk, 1]
    talk = {"version": "0", "saw": "Beter"}
    yield (
        "teacher",
        reverse("case-new"),
        "pupil",
        lambda pk: {"pupil": pk, "client_key": "1" * 32, "route": "here"},
    )
    for what in ("add", "remove", "lead", "lead-leave"):
        for who in ("teacher", "coordinator"):
            url = reverse("case-staff", args=[case])
            yield who, url, "person", lambda pk, what=what: {"user": pk, "what": what}
    yield "teacher", reverse("choose-school"), "school", lambda pk: {"school": pk}
    yield "administrator", reverse("reminders-again"), "mail", lambda pk: {"mail": pk}
    group = reverse("case-step", args=[*step, "gather", "group"])
    yield "teacher", group, "pupil", lambda pk: {f"role-{pk}": "other", "version": "1"}
    slips = reverse("case-paper", args=[case, "slips"])
    yield "teacher", slips, "member", lambda pk: {f"slip-{pk}": "Samen naar huis"}
    yield "teacher", slips, "member", lambda pk: {f"language-{pk}": "fr"}
    ideas = reverse("case-step", args=[*step, "ideas", "ideas"])
    yield "teacher", ideas, "member", lambda pk: {f"idea-{pk}": "Samen naar huis", **talk}


def test_a_field_that_takes_an_id_answers_alike(world, far):
    before, wrong, counted = photograph(), [], 0
    for who, url, of, form in fields(world):
        answers = {}
        for name, pk in {
            "far": str(far[of]),
            "none": str(uuid.uuid4()),
            **{each: each for each in BROKEN},
        }.items():
            client = world.client(who)
            with undone():
                answer = client.post(url, form(pk))
                page = client.get(reverse("home"), follow=True)  # where a message would stand
                answers[name] = (told(answer, pk), told(page, pk)[1])
            if name in ("far", "none"):
                assert photograph() == before, (url, name)
            counted += 1
            if answer.status_code >= 500:
                wrong.append(f"{who} {url} {of}: {answer.status_code} for {name!r}")
        if answers["far"] != answers["none"]:
            wrong.append(f"{who} {url} {of}: another school's is told from none")
        statuses = {name: answer[0][0] for name, answer in answers.items() if name}
        if len(set(statuses.values())) > 1:
            wrong.append(f"{who} {url} {of}: {statuses}")
    assert not wrong, "\n".join(wrong)
    assert counted >= 9 * 15


def test_who_left_is_like_who_was_never_here(world):
    url = reverse("case-staff", args=[world.mine.case.pk])
    User.objects.filter(pk=world.people["other"].pk).update(is_active=False)
    for what in ("add", "lead", "remove"):
        answers = []
        for pk in (world.people["other"].pk, world.people["stranger"].pk, uuid.uuid4(), "onzin"):
            client = world.client("teacher")
            answer = client.post(url, {"user": pk, "what": what})
            page = client.get(answer["Location"])
            assert "Kies eerst een collega" in page.content.decode()
            answers.append(told(answer))
        assert all(each == answers[0] for each in answers)


def test_an_address_with_an_id_answers_alike(world, far):
    """Every address that takes an id of a row: of the other school, of nothing, and what is no id
    at all.
    """
    mine, theirs = addresses(world.mine), addresses(world.far)
    theirs |= {"school-day": [far["closed day"]]}
    theirs |= {"pending-discard": [uuid.uuid4()], "pending-discard-0.3": [uuid.uuid4()]}
    taking = {name for name, _view in patterns() if name in theirs and name in ACCESS_TABLE}
    counted, wrong = 0, []
    for name in sorted(taking):
        given = theirs[name]
        who = "coordinator" if name in ("school-day", "case-reason") else "teacher"
        client = world.client(who)
        for place, value in enumerate(given):
            if not isinstance(value, uuid.UUID):
                continue
            real = list(mine.get(name, given))
            answers = {}
            for kind, pk in (("far", value), ("none", uuid.uuid4())):
                args = [pk if n == place else each for n, each in enumerate(real)]
                for method in ("get", "post"):
                    with undone():
                        answer = getattr(client, method)(reverse(name, args=args), {"reason": "x"})
                        answers[kind, method] = told(answer, pk)
                    counted += 1
            for method in ("get", "post"):
                if answers["far", method] != answers["none", method]:
                    wrong.append(f"{method} {name}, place {place}")
                if answers["far", method][0] not in (302, 404, 405):
                    wrong.append(f"{method} {name}, place {place}: {answers['far', method][0]}")
            url = reverse(name, args=real).replace(str(real[place]), "onzin")
            assert client.get(url).status_code == 404
    assert not wrong, "\n".join(wrong)
    assert counted > 100


def test_what_is_searched_and_listed_by_id_in_an_address(world, far):
    teacher, coordinator = world.client("teacher"), world.client("coordinator")
    group = reverse("case-step", args=[world.mine.case.pk, 1, "gather", "group"])
    asked = [
        (teacher, group, "group", far["group"]),
        (teacher, reverse("case-new"), "pending", far["case"]),
        (coordinator, reverse("overview"), "leader", far["person"]),
        (coordinator, reverse("overview"), "group", far["group"]),
    ]
    for client, url, name, pk in asked:
        none = uuid.uuid4()
        known, unknown = client.get(url, {name: pk}), client.get(url, {name: none})
        assert told(known, pk) == told(unknown, none), (url, name)
        for broken in BROKEN:
            assert client.get(url, {name: broken}).status_code == 200, (url, name, broken)
