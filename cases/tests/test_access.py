"""Who sees a case, and who may do what with it: one table, read as a school would."""

import pytest
from django.contrib.auth.models import AnonymousUser

from cases.access import sees_roles
from cases.actions import cases
from cases.models import Case, Membership, Pupil, User
from cases.tests.world import make_pupils, make_user, open_case

RUN = {
    "case.edit",
    "case.roles",
    "case.confidential",
    "case.print",
    "case.journal",
    "case.assign",
    "case.close",
    "case.reopen",
}
LEAD = RUN | {"case.lead"}  # who was added does not hand over, and takes nobody else off
OVERSEE = {"case.journal", "case.assign", "case.lead", "case.close", "case.reopen"}
PERMISSIONS = LEAD | OVERSEE
# person: (sees the case, what they may do with it)
TABLE = {
    "leader": (True, LEAD),
    "added teacher": (True, RUN),
    "added coordinator": (True, LEAD),
    "other teacher": (False, set()),
    "teacher taken off": (False, set()),
    "coordinator": (True, OVERSEE),
    "coordinator with a reason": (True, OVERSEE | {"case.roles", "case.confidential"}),
    "coordinator with a reason for another case": (True, OVERSEE),
    "teacher with a reason": (False, set()),
    "administrator": (False, set()),
    "teacher of another school": (False, set()),
    "coordinator of another school": (False, set()),
    "coordinator of another school with a reason": (False, set()),
    "leader who may not sign in": (False, set()),
    "leader whose role ended": (False, set()),
    "leader who became administrator": (False, set()),
    "without a role": (False, set()),
    "nobody": (False, set()),
}


def fresh(user):
    """The same person at their next request: nothing is remembered."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def person(noor_case, anna, youssef, marieke, karel, stranger, school, other_school):
    def make(who):
        there = make_user(other_school, "Co", Membership.COORDINATOR)
        user = {
            "leader": anna,
            "added teacher": youssef,
            "teacher taken off": youssef,
            "other teacher": youssef,
            "teacher with a reason": youssef,
            "administrator": karel,
            "teacher of another school": stranger,
        }.get(who)
        if user is None:
            user = (
                there if "of another school" in who else marieke if "coordinator" in who else anna
            )
        if who.startswith("added") or who == "teacher taken off":
            cases.add_colleague(noor_case, user, by=anna)
        if who == "teacher taken off":
            cases.remove_colleague(noor_case, user, by=anna)
        if who == "leader who may not sign in":
            User.objects.filter(pk=anna.pk).update(is_active=False)
        if who == "leader whose role ended":
            anna.memberships.update(active=False)
        if who == "leader who became administrator":
            anna.memberships.update(role=Membership.ADMINISTRATOR)
        if who == "without a role":
            anna.memberships.all().delete()
        if who == "nobody":
            return AnonymousUser()
        user = fresh(user)
        if "another case" in who:
            user.looks_into = {"00000000-0000-0000-0000-000000000000"}
        elif "reason" in who:
            user.looks_into = {str(noor_case.pk)}
        return user

    return make


@pytest.mark.parametrize("who", TABLE)
def test_the_table(person, noor_case, who):
    user = person(who)
    sees, may = TABLE[who]
    assert Case.objects.visible_to(user).filter(pk=noor_case.pk).exists() == sees
    assert {name for name in PERMISSIONS if user.has_perm(name, noor_case)} == may
    assert sees_roles(user, noor_case) == ("case.roles" in may)


@pytest.mark.parametrize(
    ("who", "opens", "overview", "settings"),
    [
        ("leader", True, False, False),
        ("coordinator", True, True, True),
        ("administrator", False, False, True),
        ("leader whose role ended", False, False, False),
        ("leader who may not sign in", False, False, False),
        ("nobody", False, False, False),
    ],
)
def test_in_the_school(person, who, opens, overview, settings):
    user = person(who)
    assert user.has_perm("case.open") == opens
    assert user.has_perm("school.overview") == overview
    assert user.has_perm("school.settings") == settings


def test_no_case_gives_no_permission(anna, marieke):
    for user in (anna, marieke):
        assert not {name for name in PERMISSIONS if user.has_perm(name, None)}


def test_someone_with_two_schools_acts_in_one_at_a_time(noor_case, anna, other_school, stranger):
    pupil = make_pupils(other_school, "1a", "Overkant")[0]
    there = open_case(pupil, stranger)
    Membership.objects.create(school=other_school, user=anna, role=Membership.COORDINATOR)
    here = fresh(anna)
    assert set(Case.objects.visible_to(here)) == {noor_case}
    assert not here.has_perm("case.close", there)
    over = fresh(anna)
    over.membership = over.memberships.get(school=other_school)
    assert set(Case.objects.visible_to(over)) == {there}
    assert not over.has_perm("case.edit", noor_case)
    assert over.has_perm("case.close", there)


def test_pupils_of_one_s_own_school_only(anna, karel, pupils, other_school):
    make_pupils(other_school, "1a", "Overkant")
    Pupil.objects.filter(pk=pupils["Zoë"].pk).update(active=False)
    found = {pupil.first_name for pupil in Pupil.objects.of(anna)}
    assert "Overkant" not in found
    assert "Zoë" not in found
    assert "Noor" in found
    assert not Pupil.objects.of(karel).exists()
    anna.memberships.update(active=False)
    assert not Pupil.objects.of(fresh(anna)).exists()
