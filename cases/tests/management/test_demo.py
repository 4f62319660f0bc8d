"""The demo school: there once, alive on any day, and only where it is meant to be."""

import datetime
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from cases.actions import group, journal
from cases.management.demo import people
from cases.method import METHOD
from cases.method.wording import forbidden_in
from cases.models import (
    Appointment,
    Case,
    GroupMember,
    Idea,
    PageRecord,
    Pupil,
    Reminder,
    School,
    User,
)
from cases.tests.world import at

# A Saturday, the first Monday after Christmas, the Sunday of the clock change and of Easter.
DAYS = [(2026, 11, 7), (2026, 12, 28), (2027, 3, 28)]


def run(*arguments):
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(params=DAYS, ids=lambda day: "-".join(map(str, day)))
def demo(db, request):
    day = datetime.date(*request.param)
    with at(day):
        run()
        yield School.objects.get()


def case_of(first_name, group_name, place=0):
    pupils = Pupil.objects.filter(first_name=first_name, group__name=group_name).order_by(
        "sort_key"
    )
    return Case.objects.get(pupil=pupils[place])


def test_it_looks_alive(demo):
    today = demo.today()
    noor, lotte = case_of("Noor", "7b"), case_of("Lotte", "8")
    assert noor.step == "ideas"
    assert len([idea for idea in Idea.objects.filter(member__round__case=noor) if idea.text]) == 4
    talks = PageRecord.objects.filter(round__case=lotte, member__isnull=False).exclude(verdict="")
    assert (lotte.step, talks.count()) == (METHOD.held_in(Appointment.MEMBERS).key, 3)
    sami, daan = case_of("Sami", "6a"), case_of("Daan", "8")
    assert (sami.next_kind, sami.next_date < today) == ("pupil", True)
    assert daan.next_date == demo.calendar().next_school_day(today, inclusive=False)
    assert case_of("Yara", "7b").status == Case.PAUSED
    assert case_of("Milan", "8").status == Case.CLOSED
    assert case_of("Elif", "7b").round_number == 2
    lieke = case_of("Lieke", "6a")
    assert (lieke.status, lieke.next_date) == (
        Case.AFTERCARE,
        demo.calendar().next_school_day(today, inclusive=False),
    )
    assert case_of("Jens", "6a").leader.name == "Youssef Amrani"
    for case in Case.objects.running():
        assert case.next_kind
        assert case.next_owner_id == case.leader_id
    # in a holiday, what is late is said on the day after it
    back = demo.calendar().next_school_day(today)
    assert Reminder.objects.filter(case=sami, state=Reminder.DUE, due_on__lte=back).exists()
    assert journal.first_broken_line(demo) is None


def test_every_group_is_in_balance_and_no_word_is_out_of_place(db):
    run()
    for case in Case.objects.running().exclude(status=Case.AFTERCARE):  # their roles are erased
        members = group.members_of(case.rounds.last())
        assert not members or group.advice(*group.balance(members)) == []
    for record in PageRecord.objects.all():
        assert forbidden_in(str(list(record.answers.values()))) == []
    for idea in Idea.objects.all():
        assert forbidden_in(idea.text) == []
    assert GroupMember.objects.filter(round__case__status=Case.CLOSED).exists()


def test_the_school_and_its_people(db):
    run()
    school = School.objects.get()
    assert (school.name, school.help_phone) == ("Basisschool De Kei", "toestel 14")
    sizes = {each.name: each.pupils.count() for each in school.groups.all()}
    assert 24 <= sizes["7b"] <= 26
    assert 24 <= sizes["8"] <= 26
    assert Pupil.objects.filter(group__name="7b", first_name="Noor").count() == 2
    names = [str(pupil) for pupil in Pupil.objects.all()]
    assert "Noël van 't Hoff-D'Haïti" in names
    assert "Madonna" in names
    assert max(len(pupil.first_name) for pupil in Pupil.objects.all()) == 60


def test_a_second_time_changes_nothing(db):
    run()
    before = (Case.objects.count(), Pupil.objects.count(), User.objects.count())
    assert "already" in run()
    assert (Case.objects.count(), Pupil.objects.count(), User.objects.count()) == before


def test_not_beside_a_real_school(school):
    assert "already" in run()
    assert School.objects.count() == 1
    assert not User.objects.exists()
    with pytest.raises(CommandError):
        run("--big", "5")


def test_only_where_a_demo_is_wanted(db, settings):
    settings.DEMO = False
    for arguments in ((), ("--sign-ins",), ("--big", "5")):
        with pytest.raises(CommandError):
            run(*arguments)
    assert not School.objects.exists()


def test_the_sign_ins_that_are_printed_work(db, rf):
    run()
    printed = run("--sign-ins")
    password = printed.partition("password: ")[2].strip()
    assert len(password) >= 12
    for address, *_rest in people.STAFF:
        assert f"{address}@{people.DOMAIN}" in printed
        assert authenticate(rf.post("/"), email=f"{address}@{people.DOMAIN}", password=password)


def test_as_many_as_asked(db):
    run("--big", "60")
    school = School.objects.get()
    assert Case.objects.count() == 60
    run("--big", "60")
    assert Case.objects.count() == 60
    assert Case.objects.running().filter(next_owner=None).count() == 0
    assert journal.first_broken_line(school) is None
    running = GroupMember.objects.filter(round__case__status=Case.OPEN)
    assert {member.role for member in running} <= set(GroupMember.ROLES)
    assert not [m for m in GroupMember.objects.filter(round__case__status=Case.CLOSED) if m.role]
