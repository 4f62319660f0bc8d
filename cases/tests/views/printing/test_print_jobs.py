"""A print that takes a while, as its owner sees it; and paper that is not about one case."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import appointments
from cases.models import Appointment, Idea, JournalEntry, PrintJob
from cases.printing.sheet_kinds import all_sheets
from cases.tests.printing.pdf_reader import words
from cases.tests.world import TODAY, make_job


@pytest.fixture
def teacher(world):
    return world.client("teacher")


def job_of(world, state, **more):
    return make_job(world.school, world.people["teacher"], world.mine.case, state=state, **more)


def test_how_far_it_is_with_a_way_to_stop_it_and_to_look_again(world, teacher):
    job = job_of(world, PrintJob.RUNNING)
    PrintJob.objects.filter(pk=job.pk).update(done=3, total=12)
    url = reverse("print-job", args=[job.pk])
    html = teacher.get(url).content.decode()
    assert "3 van 12" in html and re.search(r'max="12"\s+value="3"', html)
    assert 'http-equiv="refresh"' in html and f'href="{url}"' in html
    assert reverse("print-job-stop", args=[job.pk]) in html
    part = teacher.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and f'hx-get="{url}"' in part and "3 van 12" in part


def test_when_it_is_ready_it_can_be_fetched_for_an_hour(world, teacher):
    job = job_of(world, PrintJob.DONE)
    html = teacher.get(reverse("print-job", args=[job.pk])).content.decode()
    url = reverse("print-job-file", args=[job.pk, "kaartjes.pdf"])
    assert url in html and 'hx-trigger="every' not in html and 'http-equiv="refresh"' not in html
    answer = teacher.get(url)
    assert answer["Content-Disposition"] == 'inline; filename="kaartjes.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert JournalEntry.objects.filter(thing=f"print job/{job.pk}", action="view").exists()
    PrintJob.objects.filter(pk=job.pk).update(
        finished_at=timezone.now() - datetime.timedelta(minutes=61)
    )
    assert teacher.get(url).status_code == 302


def test_what_is_said_of_its_papers_is_a_look_into_their_cases(world, teacher):
    """A slip with a name in its idea has a line: the page of the print says whose, and which
    word.
    """
    job, case = job_of(world, PrintJob.DONE), world.mine.case
    looks = JournalEntry.objects.filter(thing="paper", action="view", fields=[case.code])
    idea = Idea.objects.filter(member=world.mine.members[0]).get()
    url = reverse("print-job", args=[job.pk])
    for text, number in (
        ("Ik ga mee naar buiten", 0),
        (f"Ik vraag {case.pupil.first_name} erbij", 1),
    ):
        idea.text, idea.slip, idea.slip_by = text, "", None
        idea.save()
        assert (case.pupil.first_name in teacher.get(url).content.decode()) == bool(number)
        assert looks.count() == number


def test_who_may_not_print_it_any_more_does_not_get_it(world, teacher):
    """The case went to a colleague after the paper was made."""
    job = job_of(world, PrintJob.DONE)
    case = world.mine.case
    type(case).objects.filter(pk=case.pk).update(leader=world.people["other"])
    answer = teacher.get(reverse("print-job-file", args=[job.pk, "kaartjes.pdf"]))
    assert answer.status_code == 302
    job.refresh_from_db()
    assert bytes(job.result) == b"" and not JournalEntry.objects.filter(action="print").exists()


@pytest.mark.parametrize(
    "state", [PrintJob.WAITING, PrintJob.RUNNING, PrintJob.STOPPED, PrintJob.FAILED]
)
def test_what_is_not_ready_cannot_be_fetched(world, teacher, state):
    job = job_of(world, state)
    answer = teacher.get(reverse("print-job-file", args=[job.pk, "kaartjes.pdf"]))
    assert answer.status_code == 302
    assert teacher.get(answer["Location"]).status_code == 200


def test_stop_and_throw_away(world, teacher):
    for state in (PrintJob.WAITING, PrintJob.RUNNING, PrintJob.DONE):
        job = job_of(world, state)
        assert teacher.post(reverse("print-job-stop", args=[job.pk])).status_code == 302
        job.refresh_from_db()
        assert job.state == PrintJob.STOPPED and bytes(job.result) == b""


def test_a_print_is_there_in_its_own_school_only(world):
    """Somebody who works in two schools does not find in the one what was asked in the other."""
    job = job_of(world, PrintJob.DONE)
    there = world.people["teacher"].memberships.create(school=world.far.case.school)
    client = world.client("teacher")
    client.post(reverse("choose-school"), {"school": str(there.school_id)})
    assert client.get(reverse("print-job", args=[job.pk])).status_code == 404


def test_waiting_for_long_is_said(world, teacher):
    job = job_of(world, PrintJob.WAITING)
    url = reverse("print-job", args=[job.pk])
    assert "Dit duurt langer dan normaal" not in teacher.get(url).content.decode()
    PrintJob.objects.filter(pk=job.pk).update(
        created_at=timezone.now() - datetime.timedelta(minutes=5)
    )
    assert "Dit duurt langer dan normaal" in teacher.get(url).content.decode()


# --- blank documents and tomorrow ---------------------------------------------------------------


def plan(told, kind, at=datetime.time(9, 30)):
    Appointment.objects.update_or_create(
        round=appointments.current_round(told.case),
        kind=kind,
        defaults={
            "school": told.case.school,
            "case": told.case,
            "date": TODAY + datetime.timedelta(days=1),
            "time": at,
            "state": Appointment.PLANNED,
            "owner": told.case.leader,
        },
    )


def test_everything_for_tomorrow_in_one_file_of_one_s_own_cases(world, teacher):
    plan(world.mine, Appointment.TALK)
    plan(world.far, Appointment.TALK)
    html = teacher.get(reverse("tomorrow")).content.decode()
    mine, theirs = world.mine.pupils[0].first_name, world.far.pupils[0].first_name
    assert mine in html and theirs not in html
    answer = teacher.get(reverse("tomorrow-file"))
    assert answer["Content-Disposition"] == 'inline; filename="morgen.pdf"'
    text = words(answer.content)
    assert mine in text and theirs not in text
    assert not [word for word in world.mine.walk.written if word in text]
    printed = JournalEntry.objects.filter(case=world.mine.case.pk, action="print")
    assert {line.thing for line in printed} == {"sheet-talk", "card"}


def test_much_for_tomorrow_goes_to_the_worker(world, teacher):
    for told in (world.mine, world.second):
        plan(told, Appointment.MEETING)
        plan(told, Appointment.TALK)
    page = teacher.get(reverse("tomorrow"))
    assert page.context["a_lot"]
    assert teacher.get(reverse("tomorrow-file"))["Location"] == reverse("tomorrow")
    answer = teacher.post(reverse("tomorrow"), {"client_key": page.context["client_key"]})
    job = PrintJob.objects.get(filename="morgen.pdf")
    assert answer["Location"] == reverse("print-job", args=[job.pk]) and job.total == len(
        page.context["items"]
    )
    names = [pupil.first_name for told in (world.mine, world.second) for pupil in told.pupils]
    assert not [name for name in names if name in str(job.order)]


def test_nothing_for_tomorrow_is_said(world):
    client = world.client("other")
    assert "niets te printen" in client.get(reverse("tomorrow")).content.decode()
    assert not PrintJob.objects.filter(owner=world.people["other"]).exists()
    client.post(reverse("tomorrow"), {"client_key": "nonsense"})
    assert not PrintJob.objects.filter(owner=world.people["other"]).exists()


def test_every_sheet_can_be_printed_blank_without_a_name(world, teacher):
    html = teacher.get(reverse("blank-documents")).content.decode()
    for kind in all_sheets():
        url = reverse("blank-sheet-of", args=[kind])
        assert url in html
        answer = teacher.get(url)
        assert answer.content.startswith(b"%PDF") and answer["Content-Disposition"].endswith(
            '"gespreksblad.pdf"'
        )
    slips = teacher.get(reverse("blank-slips"))
    assert slips["Content-Disposition"].endswith('"kaartjes.pdf"')
    assert JournalEntry.objects.filter(thing="blank slips", action="print").exists()
