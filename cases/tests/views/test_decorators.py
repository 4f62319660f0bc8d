"""Every address, every kind of person, every method: one table says who may come in.

An address that is not in the table fails, a view without a permission fails. What a person may not
see is 404; what they see but may not do is 403; a word about it slips out with neither.
"""

import uuid

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from cases.actions import rounds
from cases.models import Case, GroupMember, JournalEntry, StepRecord
from cases.tests.world import (
    CLOSED_DAY,
    FEED_SECRET,
    PEOPLE,
    SIGNED_OUT,
    addresses,
    bodies,
    photograph,
    undone,
)

# Words for several of PEOPLE.
SEVERAL = {
    "everybody": PEOPLE,
    "all": tuple(each for each in PEOPLE if each not in SIGNED_OUT),
    "teachers": ("teacher", "other", "coordinator", "stranger"),
    "managers": ("coordinator", "administrator"),
}
# For GET and for POST, who gets what: "person:status", the last one that fits. "teacher" runs the
# case, "other" and "stranger" are teachers of this school and of another one. Who is not named is
# refused, as a role is that was added: 404 for what is of one case, 403 for the rest, and "in", the
# way to the sign-in page, for who is not signed in.
ACCESS_TABLE = {
    # signing in
    "account_login": ("everybody:200 all:302", "everybody:200 all:302"),
    "account_logout": ("all:200", "all:in"),
    "account_change_password": ("all:200", "all:200"),
    "account_reset_password": ("everybody:200", "everybody:200"),
    "account_reset_password_done": ("everybody:200", "everybody:405"),
    "account_reset_password_from_key": ("everybody:200", "everybody:200"),
    "account_reset_password_from_key_done": ("everybody:200", "everybody:405"),
    "account_reauthenticate": ("all:200", "all:200"),
    "set_language": ("everybody:302", "everybody:302"),
    # lists and what is about no case
    "home": (
        "teachers:200 coordinator:302 administrator:200",
        "teachers:200 coordinator:302 administrator:200",
    ),
    "case-list": ("teachers:200", "teachers:200"),
    "case-new": ("teachers:200", "teachers:302 stranger:422"),
    "overview": ("coordinator:200", "coordinator:200"),
    "reminders": ("managers:200", "managers:200"),
    "reminders-again": ("all:405", "managers:302"),
    "school": ("managers:200", "all:405"),
    "school-settings": ("managers:200", "managers:302"),
    "school-windows": ("managers:200", "managers:302"),
    "school-day-add": ("managers:200", "managers:302"),
    "school-day": ("managers:200", "managers:422"),
    "school-region": ("managers:200", "managers:302"),
    "school-import": ("managers:200", "managers:422"),
    "blank-documents": ("teachers:200", "all:405"),
    "blank-sheet": ("teachers:200", "all:405"),
    "blank-sheet-of": ("teachers:200", "all:405"),
    "blank-slips": ("teachers:200", "all:405"),
    "tomorrow": ("teachers:200", "teachers:302"),
    "tomorrow-file": ("teachers:302", "all:405"),
    "print-job": ("teachers:404 teacher:200", "all:405"),
    "print-job-stop": ("all:405", "teachers:404 teacher:302"),
    "print-job-file": ("teachers:404 teacher:200", "all:405"),
    "logo": ("managers:200", "managers:422"),
    "logo-image": ("managers:200", "all:405"),
    "logo-remove": ("all:405", "managers:302"),
    "privacy-screen": ("all:302", "all:302"),
    "privacy-screen-enter": ("all:405", "all:302"),
    "privacy-screen-leave": ("all:302", "all:302"),
    "talk-screen": ("all:302", "all:409"),
    "talk-screen-leave": ("all:302", "all:302"),
    "token": ("all:200", "all:405"),
    "choose-school": ("all:405", "all:302 stranger:404"),
    "pending-discard": ("all:405", "all:302"),
    "pending-discard-0.3": ("all:405", "all:302"),
    "mailbox": ("all:200", "all:200"),
    "mail": ("all:404", "all:404"),
    "settings": ("all:200", "all:302"),
    "settings-calendar": ("all:405", "all:302"),
    "calendar": ("teachers:200", "all:405"),
    # whoever has the address
    "feed": ("everybody:200", "everybody:405"),
    # one case
    "case": ("teacher:200 coordinator:200", "teacher:200 coordinator:200"),
    "case-next": ("teacher:302 coordinator:403", "all:405"),
    "case-go-on": ("all:405", "teacher:302 coordinator:403"),
    "case-pause": ("all:405", "teacher:302 coordinator:403"),
    "case-close": ("all:405", "teacher:302 coordinator:302"),
    "case-reopen": ("all:405", "teacher:302 coordinator:302"),
    "case-staff": ("all:405", "teacher:302 coordinator:302"),
    "case-reason": ("all:405", "teacher:403 coordinator:302"),
    "case-late": ("all:405", "teacher:302 coordinator:302"),
    "case-notes-clear": ("all:405", "teacher:302 coordinator:403"),
    "case-plan": ("teacher:200 coordinator:403", "teacher:302 coordinator:403"),
    "case-later": ("teacher:302 coordinator:403", "teacher:302 coordinator:403"),
    "case-calendar": ("teacher:200 coordinator:403", "all:405"),
    "case-moved": ("teacher:302 coordinator:403", "teacher:302 coordinator:403"),
    "case-enclosures": ("teacher:200 coordinator:403", "teacher:302 coordinator:403"),
    "case-enclosure": ("teacher:200 coordinator:403", "all:405"),
    "case-enclosure-image": ("teacher:200 coordinator:403", "all:405"),
    "case-enclosure-remove": ("all:405", "teacher:302 coordinator:403"),
    "case-print": ("teacher:200 coordinator:403", "teacher:302 coordinator:403"),
    "case-sheet": ("teacher:200 coordinator:403", "all:405"),
    "case-slips": ("teacher:200 coordinator:403", "all:405"),
    "case-paper": ("teacher:200 coordinator:403", "teacher:302 coordinator:403"),
    "case-paper-order": ("all:405", "teacher:302 coordinator:403"),
    "case-paper-preview": ("teacher:200 coordinator:403", "all:405"),
    "case-paper-picture": ("teacher:200 coordinator:403", "all:405"),
    "case-paper-file": ("teacher:200 coordinator:403", "all:405"),
    "case-check": ("teacher:200 coordinator:200", "teacher:200 coordinator:200"),
    "case-finish": ("all:405", "teacher:302 coordinator:403"),
    "case-skip": ("all:405", "teacher:302 coordinator:403"),
    "case-step": ("teacher:200 coordinator:403", "teacher:302 coordinator:403"),
    "case-talk": ("teacher:200 coordinator:403", "teacher:302 coordinator:403"),
    "case-move": ("all:405", "teacher:302 coordinator:403"),
}
# A closed case is there to read and to print; the pages to fill it in lead back to it.
CLOSED = {
    "case-plan": ("teacher:302 coordinator:403", "teacher:302 coordinator:403"),
    "case-step": ("teacher:302 coordinator:403", "teacher:302 coordinator:403"),
    "case-talk": ("teacher:302 coordinator:403", "teacher:302 coordinator:403"),
}
CLOSED_FOR = ("teacher", "other", "coordinator")
# What may still change when a case is closed. (Words typed on a page or for a button that was open
# a moment ago are kept on the page of the case.)
CHANGES_WHEN_CLOSED = {
    "case-talk",
    "case-reopen",
    "case-staff",
    "case-enclosure-remove",
    "case-reason",
} | {
    "case-close",
    "case-skip",
    "case-paper",
    "case-paper-order",
    "print-job-stop",
}
METHODS = ("get", "post")
OF_A_CASE = [
    name
    for name in ACCESS_TABLE
    if name.startswith(("case", "print-job")) and name not in ("case-list", "case-new")
]
# Views of Django and allauth: they guard themselves and know nothing of cases.
OTHERS_VIEWS = {name for name in ACCESS_TABLE if name.startswith("account_")} | {"set_language"}
FIXED = {
    "account_reset_password_from_key": ["a", "set-password"],
    "mail": ["none.0"],
    "talk-screen": ["nonsense", 1],
    "talk-screen-leave": ["nonsense", 1],
    "feed": [FEED_SECRET],
    "school-day": [CLOSED_DAY],
    "pending-discard": [uuid.UUID(int=8)],
    "pending-discard-0.3": [uuid.UUID(int=8)],
    "blank-sheet-of": ["talk"],
}


def patterns(resolver=None):
    """(name, view) of every address there is."""
    for each in (resolver or get_resolver()).url_patterns:
        if hasattr(each, "url_patterns"):
            yield from patterns(each)
        else:
            yield each.name, each.callback


@pytest.fixture(scope="module")
def paths(made):
    """Name of each address → its path, for the teacher's case; looked up once for all tests."""
    ids = addresses(made.mine)
    return {name: reverse(name, args=ids.get(name, FIXED.get(name, []))) for name in ACCESS_TABLE}


@pytest.fixture(scope="module")
def forms(made):
    """Name of an address → the form that is posted there."""
    return bodies(made)


@pytest.fixture(scope="module")
def signed_in(made):
    """Person → the cookies of a browser in which they have signed in."""
    return {person: made.client(person).cookies for person in PEOPLE}


@pytest.fixture
def ask(world, paths, forms, signed_in):
    """``ask("post", name, person)``: the answer to this person, from a browser of their own."""

    def answer(method, name, person):
        client = Client(raise_request_exception=False)
        client.cookies.update(signed_in[person])
        data = forms.get(name, {}) if method == "post" else None
        return getattr(client, method)(paths[name], data)

    return answer


def seen(response):
    """A status, or "in" for the way to the sign-in page."""
    if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
        return "in"
    return str(response.status_code)


def expected(name, row, method, person):
    """What a row of the table says of a person; refused when it does not name them."""
    said = "404" if name in OF_A_CASE and not name.startswith("print-job") else "403"
    if person in SIGNED_OUT:
        said = "in"
    for cell in row[METHODS.index(method)].split():
        who, status = cell.split(":")
        if person in SEVERAL.get(who, (who,)):
            said = status
    return said


def test_every_address_has_a_row_and_every_row_an_address():
    names = [name for name, _view in patterns()]
    assert None not in names, "an address in urls.py has no name"
    without = sorted(set(names) - set(ACCESS_TABLE))
    assert not without, f"say in ACCESS_TABLE, in this file, who may come to {without}"
    gone = sorted(set(ACCESS_TABLE) - set(names))
    assert not gone, f"these rows of ACCESS_TABLE are of no address any more: {gone}"
    assert len(names) == len(set(names)), "two addresses have one name"


@pytest.mark.parametrize(
    "row", [*ACCESS_TABLE.values(), *CLOSED.values()], ids=[*ACCESS_TABLE, *CLOSED]
)
def test_every_row_is_about_both_methods_and_people_that_there_are(row):
    assert len(row) == len(METHODS)
    named = {cell.split(":")[0] for cells in row for cell in cells.split()}
    assert named <= {*PEOPLE, *SEVERAL}


def test_every_view_says_who_may_come_in():
    without = {name for name, view in patterns() if not getattr(view, "permission", "")}
    assert without == OTHERS_VIEWS, "a view needs a decorator of cases/views/decorators.py"


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", ACCESS_TABLE)
def test_the_table_holds(world, ask, name, person):
    """The status, nothing of a case that they may not see, and a line about what they read."""
    for method in METHODS:
        with undone():
            answer = ask(method, name, person)
            assert seen(answer) == expected(name, ACCESS_TABLE[name], method, person), method
            for told in (world.mine, world.second, world.far):
                if words := told.in_(answer):
                    assert may_see(person, told, world), f"{method} leaks {sorted(words)[:3]}"
                    if answer.status_code == 200 and name != "case-new":
                        assert noted(world.people[person], told), f"{method} is not in the journal"


def path_of(told, name):
    return reverse(name, args=addresses(told).get(name, FIXED.get(name, [])))


def may_see(person, told, world):
    if told is world.far:
        return person == "stranger"
    return person in ("teacher", "coordinator")


def noted(user, told):
    """Whether the journal says that this person looked: into this case, or at a list with its code
    on it.
    """
    lines = JournalEntry.objects.filter(actor=user, school=told.case.school)
    by_code = any(told.case.code in line.fields for line in lines.filter(case=None))
    return by_code or lines.filter(case=told.case.pk).exists()


def test_a_coordinator_reads_no_roles_or_secrets_without_a_reason(world):
    client = world.client("coordinator")
    private = [
        text for text, question in world.mine.walk.written.items() if question and question.private
    ]
    assert private
    for name in ("case", "case-check"):
        for step in ("talk", "gather"):
            args = [world.mine.case.pk] + ([1, step] if name == "case-check" else [])
            page = client.get(reverse(name, args=args)).content.decode()
            assert not [text for text in private if text in page]
            assert "M10 1.5L18.5 10 10 18.5" not in page  # the sign of a role
    client.post(path_of(world.mine, "case-reason"), {"reason": "Vraag van de directie"})
    page = client.get(path_of(world.mine, "case")).content.decode()
    assert [text for text in private if text in page]


def test_the_addresses_of_a_case_are_those_of_the_table(world):
    assert set(OF_A_CASE) == set(addresses(world.mine)), "see cases/tests/world/addresses.py"


@pytest.mark.parametrize("name", OF_A_CASE)
def test_a_closed_case_can_be_read_and_not_filled_in(world, ask, name):
    rounds.close_case(Case.objects.get(pk=world.mine.case.pk), by=world.people["teacher"])
    before = photograph()
    for person in CLOSED_FOR:
        for method in METHODS:
            with undone():
                answer = ask(method, name, person)
                row = CLOSED.get(name, ACCESS_TABLE[name])
                assert seen(answer) == expected(name, row, method, person), f"{method} as {person}"
                if answer.status_code in (403, 404, 405):
                    assert not world.mine.in_(answer), f"{method} as {person}"
                if method == "post" and name not in CHANGES_WHEN_CLOSED:
                    assert photograph() == before, f"something changed as {person}"


def test_ids_of_another_case_do_not_open_anything_here(world):
    """The member, the letter, the round of one's own other case, and of another school's, under
    this case.
    """
    client = world.client("teacher")
    for foreign in (world.second, world.far):
        member, case = foreign.members[0].pk, world.mine.case.pk
        strange = [
            ("case-talk", [case, 1, "followup", "member", member]),
            ("case-move", [case, 1, "followup", "member", member]),
            ("case-enclosure", [case, foreign.enclosure.pk]),
            ("case-enclosure-image", [case, foreign.enclosure.pk]),
            ("case-enclosure-remove", [case, foreign.enclosure.pk]),
            ("case-step", [case, 2, "talk", "between"]),
            ("case-step", [case, 99999999999999999999, "talk", "between"]),
            ("case-step", [case, 1, "talk", "group"]),
            ("case-step", [case, 1, "nonsense", "between"]),
            ("case-step", [case, 1, "followup", "member"]),
            ("case-talk", [case, 1, "talk", "between", member]),
            ("case-talk", [case, 1, "talk", "between", world.mine.members[0].pk]),
            ("case-check", [case, 2, "talk"]),
            ("case-check", [case, 1, "nonsense"]),
            ("case-finish", [case, 2, "talk"]),
            ("case-finish", [case, 1, "nonsense"]),
            ("case-skip", [case, 2, "talk"]),
            ("case-skip", [case, 1, "nonsense"]),
            ("case-plan", [case, "nonsense"]),
            ("case-calendar", [case, addresses(foreign)["case-calendar"][1]]),
            ("case-paper", [case, "nonsense"]),
            ("case-paper-file", [case, "slips", "verslag.pdf"]),
            ("case-paper-picture", [case, "slips", 999]),
            ("case-paper-picture", [case, "slips", 0]),
            ("print-job", [uuid.uuid4()]),
            ("print-job-file", [world.mine.job.pk, "andere.pdf"]),
            ("blank-sheet-of", ["nonsense"]),
            ("case", [uuid.uuid4()]),
        ]
        before = photograph()
        for name, args in strange:
            for method in ("get", "post"):
                answer = getattr(client, method)(
                    reverse(name, args=args), {"reason": "x", "version": "0"}
                )
                assert answer.status_code in (404, 405), (name, method)
                assert not foreign.in_(answer)
        assert photograph() == before


def test_a_closed_or_earlier_step_is_not_skipped_and_who_left_the_group_is_not_moved(world):
    client, told = world.client("teacher"), world.mine
    StepRecord.objects.filter(round=told.round, step="ideas").delete()
    Case.objects.filter(pk=told.case.pk).update(status=Case.CLOSED)
    skip = reverse("case-skip", args=[told.case.pk, 1, "ideas"])
    assert client.post(skip, {"reason": "te laat"}).status_code == 302
    assert not StepRecord.objects.filter(round=told.round, step="ideas").exists()
    Case.objects.filter(pk=told.case.pk).update(status=Case.OPEN)
    GroupMember.objects.filter(pk=told.members[0].pk).update(left_at=timezone.now())
    moved = reverse("case-move", args=addresses(told)["case-move"])
    gone = GroupMember.objects.exclude(left_at=None).get(round=told.round)
    assert client.post(moved, {"to": "later"}).status_code == 302
    moved = reverse("case-move", args=[told.case.pk, 1, "followup", "member", gone.pk])
    assert client.post(moved, {"to": "later"}).status_code == 404


@pytest.mark.parametrize("name", [name for name in ACCESS_TABLE if name != "account_logout"])
def test_other_methods_change_nothing(ask, name):
    before = photograph()
    for method in ("head", "put", "patch", "delete", "options", "trace"):
        assert ask(method, name, "teacher").status_code < 500, method
    assert photograph() == before


def test_a_colleague_who_was_added_comes_in_and_one_who_left_the_school_does_not(world):
    teacher, other = world.client("teacher"), world.client("other")
    teacher.post(
        path_of(world.mine, "case-staff"), {"user": world.people["other"].pk, "what": "add"}
    )
    assert other.get(path_of(world.mine, "case-step")).status_code == 200
    world.people["other"].memberships.update(active=False)
    assert seen(other.get(path_of(world.mine, "case-step"))) == "in"
    world.people["teacher"].memberships.update(active=False)
    assert seen(teacher.get(path_of(world.mine, "case"))) == "in"
