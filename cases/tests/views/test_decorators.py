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
from cases.tests.world import CLOSED_DAY, FEED_SECRET, PEOPLE, addresses, bodies, photograph, undone

# For GET and POST, what each of PEOPLE gets: anonymous, teacher of the case, other teacher,
# coordinator, administrator, teacher of another school, someone without a role in any school, whose
# sign-in is over. "in" is the sign-in page.
ACCESS_TABLE = {
    # signing in
    "account_login": ("200 302 302 302 302 302 200", "200 302 302 302 302 302 200"),
    "account_logout": ("in 200 200 200 200 200 in", "in in in in in in in"),
    "account_change_password": ("in 200 200 200 200 200 in", "in 200 200 200 200 200 in"),
    "account_reset_password": ("200 200 200 200 200 200 200", "200 200 200 200 200 200 200"),
    "account_reset_password_done": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "account_reset_password_from_key": (
        "200 200 200 200 200 200 200",
        "200 200 200 200 200 200 200",
    ),
    "account_reset_password_from_key_done": (
        "200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405",
    ),
    "account_reauthenticate": ("in 200 200 200 200 200 in", "in 200 200 200 200 200 in"),
    "set_language": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    # lists and what is about no case
    "home": ("in 200 200 302 200 200 in", "in 200 200 302 200 200 in"),
    "case-list": ("in 200 200 200 403 200 in", "in 200 200 200 403 200 in"),
    "case-new": ("in 200 200 200 403 200 in", "in 302 302 302 403 422 in"),
    "overview": ("in 403 403 200 403 403 in", "in 403 403 200 403 403 in"),
    "reminders": ("in 403 403 200 200 403 in", "in 403 403 200 200 403 in"),
    "reminders-again": ("in 405 405 405 405 405 in", "in 403 403 302 302 403 in"),
    "school": ("in 403 403 200 200 403 in", "in 405 405 405 405 405 in"),
    "school-settings": ("in 403 403 200 200 403 in", "in 403 403 302 302 403 in"),
    "school-windows": ("in 403 403 200 200 403 in", "in 403 403 302 302 403 in"),
    "school-day-add": ("in 403 403 200 200 403 in", "in 403 403 302 302 403 in"),
    "school-day": ("in 403 403 200 200 403 in", "in 403 403 422 422 403 in"),
    "school-region": ("in 403 403 200 200 403 in", "in 403 403 302 302 403 in"),
    "school-import": ("in 403 403 200 200 403 in", "in 403 403 422 422 403 in"),
    "drawer": ("in 200 200 200 403 200 in", "in 405 405 405 405 405 in"),
    "blank-sheet": ("in 200 200 200 403 200 in", "in 405 405 405 405 405 in"),
    "blank-sheet-of": ("in 200 200 200 403 200 in", "in 405 405 405 405 405 in"),
    "blank-slips": ("in 200 200 200 403 200 in", "in 405 405 405 405 405 in"),
    "tomorrow": ("in 200 200 200 403 200 in", "in 302 302 302 403 302 in"),
    "tomorrow-file": ("in 302 302 302 403 302 in", "in 405 405 405 405 405 in"),
    "print-job": ("in 200 404 404 403 404 in", "in 405 405 405 405 405 in"),
    "print-job-stop": ("in 405 405 405 405 405 in", "in 302 404 404 403 404 in"),
    "print-job-file": ("in 200 404 404 403 404 in", "in 405 405 405 405 405 in"),
    "logo": ("in 403 403 200 200 403 in", "in 403 403 422 422 403 in"),
    "logo-image": ("in 403 403 200 200 403 in", "in 405 405 405 405 405 in"),
    "logo-remove": ("in 405 405 405 405 405 in", "in 403 403 302 302 403 in"),
    "privacy-screen": ("in 302 302 302 302 302 in", "in 302 302 302 302 302 in"),
    "privacy-screen-enter": ("in 405 405 405 405 405 in", "in 302 302 302 302 302 in"),
    "privacy-screen-leave": ("in 302 302 302 302 302 in", "in 302 302 302 302 302 in"),
    "talk-screen": ("in 302 302 302 302 302 in", "in 409 409 409 409 409 in"),
    "talk-screen-leave": ("in 302 302 302 302 302 in", "in 302 302 302 302 302 in"),
    "token": ("in 200 200 200 200 200 in", "in 405 405 405 405 405 in"),
    "choose-school": ("in 405 405 405 405 405 in", "in 302 302 302 302 404 in"),
    "pending-discard": ("in 405 405 405 405 405 in", "in 302 302 302 302 302 in"),
    "mailbox": ("in 200 200 200 200 200 in", "in 200 200 200 200 200 in"),
    "mail": ("in 404 404 404 404 404 in", "in 404 404 404 404 404 in"),
    "settings": ("in 200 200 200 200 200 in", "in 302 302 302 302 302 in"),
    "settings-calendar": ("in 405 405 405 405 405 in", "in 302 302 302 302 302 in"),
    "calendar": ("in 200 200 200 403 200 in", "in 405 405 405 405 405 in"),
    # whoever has the address
    "feed": (
        "200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405",
    ),
    # one case
    "case": ("in 200 404 200 404 404 in", "in 200 404 200 404 404 in"),
    "case-next": ("in 302 404 403 404 404 in", "in 405 405 405 405 405 in"),
    "case-go-on": ("in 405 405 405 405 405 in", "in 302 404 403 404 404 in"),
    "case-pause": ("in 405 405 405 405 405 in", "in 302 404 403 404 404 in"),
    "case-close": ("in 405 405 405 405 405 in", "in 302 404 302 404 404 in"),
    "case-reopen": ("in 405 405 405 405 405 in", "in 302 404 302 404 404 in"),
    "case-staff": ("in 405 405 405 405 405 in", "in 302 404 302 404 404 in"),
    "case-reason": ("in 405 405 405 405 405 in", "in 403 404 302 404 404 in"),
    "case-late": ("in 405 405 405 405 405 in", "in 302 404 302 404 404 in"),
    "case-notes-clear": ("in 405 405 405 405 405 in", "in 302 404 403 404 404 in"),
    "case-plan": ("in 200 404 403 404 404 in", "in 302 404 403 404 404 in"),
    "case-later": ("in 302 404 403 404 404 in", "in 302 404 403 404 404 in"),
    "case-calendar": ("in 200 404 403 404 404 in", "in 405 405 405 405 405 in"),
    "case-moved": ("in 302 404 403 404 404 in", "in 302 404 403 404 404 in"),
    "case-enclosures": ("in 200 404 403 404 404 in", "in 302 404 403 404 404 in"),
    "case-enclosure": ("in 200 404 403 404 404 in", "in 405 405 405 405 405 in"),
    "case-enclosure-image": ("in 200 404 403 404 404 in", "in 405 405 405 405 405 in"),
    "case-enclosure-remove": ("in 405 405 405 405 405 in", "in 302 404 403 404 404 in"),
    "case-print": ("in 200 404 403 404 404 in", "in 302 404 403 404 404 in"),
    "case-sheet": ("in 200 404 403 404 404 in", "in 405 405 405 405 405 in"),
    "case-slips": ("in 200 404 403 404 404 in", "in 405 405 405 405 405 in"),
    "case-paper": ("in 200 404 403 404 404 in", "in 302 404 403 404 404 in"),
    "case-paper-order": ("in 405 405 405 405 405 in", "in 302 404 403 404 404 in"),
    "case-paper-preview": ("in 200 404 403 404 404 in", "in 405 405 405 405 405 in"),
    "case-paper-picture": ("in 200 404 403 404 404 in", "in 405 405 405 405 405 in"),
    "case-paper-file": ("in 200 404 403 404 404 in", "in 405 405 405 405 405 in"),
    "case-check": ("in 200 404 200 404 404 in", "in 200 404 200 404 404 in"),
    "case-finish": ("in 405 405 405 405 405 in", "in 302 404 403 404 404 in"),
    "case-skip": ("in 405 405 405 405 405 in", "in 302 404 403 404 404 in"),
    "case-step": ("in 200 404 403 404 404 in", "in 302 404 403 404 404 in"),
    "case-talk": ("in 200 404 403 404 404 in", "in 302 404 403 404 404 in"),
    "case-move": ("in 405 405 405 405 405 in", "in 302 404 403 404 404 in"),
}
# A closed case is there to read and to print; the pages to fill it in lead back to it.
CLOSED = {
    "case-plan": ("in 302 404 403 404 404 in", "in 302 404 403 404 404 in"),
    "case-step": ("in 302 404 403 404 404 in", "in 302 404 403 404 404 in"),
    "case-talk": ("in 302 404 403 404 404 in", "in 302 404 403 404 404 in"),
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


def expected(row, method, person):
    return row[METHODS.index(method)].split()[PEOPLE.index(person)]


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
def test_every_row_has_a_cell_for_each_person_and_method(row):
    assert [len(cells.split()) for cells in row] == [len(PEOPLE)] * len(METHODS)


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
            assert seen(answer) == expected(ACCESS_TABLE[name], method, person), method
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
                assert seen(answer) == expected(row, method, person), f"{method} as {person}"
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
