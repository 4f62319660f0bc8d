"""Behind the scenes of the application that the browser looks at: rows made by the verbs, and
looked at.

`python -m cases.tests.browser.start_remote_setup` sets up Django and calls `main` here.
"""

import datetime
import json
import sys
import traceback
import uuid

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connections
from django.utils import timezone, translation

from cases import reminders
from cases.accounts import reset_mail
from cases.actions import cases as case_actions
from cases.actions import pages
from cases.actions.appointments import current_round
from cases.actions.group import members_of
from cases.actions.page_location import location_of
from cases.management.demo.demo_cases import ROLES
from cases.management.demo.texts import FIT, words_for
from cases.management.demo.walk import Walk, days_from
from cases.models import (
    Appointment,
    Case,
    ClosedDay,
    DailyMail,
    Enclosure,
    GroupMember,
    JournalEntry,
    Membership,
    PrintJob,
    Pupil,
    Reminder,
    School,
    TalkPad,
    User,
)


def prepare():
    """Tables, shared cache, static files, the demo school."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", verbosity=0)


def _user(name):
    return User.objects.get(email=f"{name}@dekei.example")


def _pupil(name):
    first, _, last = name.partition(" ")
    found = Pupil.objects.filter(first_name=first, school=School.objects.get())
    return next(pupil for pupil in found if not last or pupil.last_name == last)


def _case(name):
    return Case.objects.filter(pupil=_pupil(name)).order_by("-created_at").first()


def cases():
    """Pupil's first name to where the case is: id, round, status and the ids of the group's
    members.
    """
    found = {}
    for case in Case.objects.order_by("created_at"):
        members = [str(member.pk) for member in members_of(current_round(case))]
        found[case.pupil.first_name] = {
            "id": str(case.pk),
            "round": case.round_number,
            "status": case.status,
            "members": members,
        }
    return found


def begin(pupil, by="anna", until="talk", elsewhere=False, words=None):
    """Open a case and carry it to a step, or make it one that takes another route; returns its
    id.
    """
    chosen, leader = _pupil(pupil), _user(by)
    fit = {**FIT, "signs": ["violence"], "route": "other"} if elsewhere else FIT
    case = case_actions.open_case(
        chosen.school, chosen, by=leader, client_key=uuid.uuid4(), fit=fit
    )
    if until != "talk":
        others = (
            Pupil.objects.filter(group=chosen.group)
            .exclude(pk=chosen.pk)
            .order_by("sort_key", "pk")
        )
        walk = Walk(
            case=case,
            by=leader,
            days=days_from(chosen.school.today(), chosen.school.calendar()),
            words=words_for(chosen.first_name, **(words or {})),
            group=list(zip(others, ROLES, strict=False)),
        )
        # What the walk would hold in the days ahead is still to come here.
        walk.days |= {Appointment.MEETING: chosen.school.today()}
        walk.until(until)
    return str(case.pk)


def add_colleague(pupil, colleague):
    case_actions.add_colleague(_case(pupil), _user(colleague), by=_case(pupil).leader)


def answers(pupil, step, page):
    """What is recorded on a page, as plain values."""
    case = _case(pupil)
    return pages.values_of(location_of(case, current_round(case), step, page))


def roles(pupil):
    """First name to role, of everyone in the group now."""
    members = GroupMember.objects.filter(round=current_round(_case(pupil)), left_at=None)
    return {member.pupil.first_name: member.role for member in members}


def planned(pupil):
    """Kind of appointment to its day and state, in the round that runs."""
    found = Appointment.objects.filter(round=current_round(_case(pupil)))
    return {each.kind: [each.date.isoformat(), each.state] for each in found}


def state(pupil):
    case = _case(pupil)
    return {
        "id": str(case.pk),
        "code": case.code,
        "status": case.status,
        "step": case.step,
        "round": case.round_number,
        "next": case.next_kind,
    }


def due_in(pupil, days):
    """Let the next follow-up with the pupil be that many days from now (0 is today), as if time had
    passed.
    """
    case = _case(pupil)
    school = case.school
    on = school.today() + datetime.timedelta(days=days)
    appointment = Appointment.objects.get(round=current_round(case), kind=Appointment.PUPIL)
    shift = on - appointment.date
    Appointment.objects.filter(pk=appointment.pk).update(date=on)
    for row in Reminder.objects.filter(round=current_round(case), subject=Appointment.PUPIL):
        Reminder.objects.filter(pk=row.pk).update(due_on=row.due_on + shift)


def sweep():
    """What the worker does at noon of the next day on which there is school (today, mostly),
    whatever the clock says now, as if nobody had had a mail that day.
    """
    school = School.objects.get()
    day = school.calendar().next_school_day(school.today())
    noon = datetime.datetime.combine(day, datetime.time(12, 0), tzinfo=school.now().tzinfo)
    DailyMail.objects.all().delete()
    done = reminders.sweep(now=noon)
    return {"sent": done.sent, "failed": done.failed}


def end_sessions(name):
    """Every sign-in of a person ends, as after a day or when an administrator says so."""
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == str(_user(name).pk):
            session.delete()


def pads(pupil):
    """What stands on the pads of a case's talks: page (and member's first name) to text."""
    found = TalkPad.objects.filter(case=_case(pupil)).select_related("member__pupil")
    return {
        f"{pad.page} {pad.member.pupil.first_name if pad.member else ''}".strip(): pad.text
        for pad in found
    }


def waiting_print(pupil):
    """A print of the case's leader that no worker makes; returns its id."""
    case = _case(pupil)
    job = PrintJob.objects.create(
        school=case.school,
        owner=case.leader,
        order={"items": [{"case": str(case.pk), "paper": "slips"}]},
        language="nl",
        filename="kaartjes.pdf",
        state=PrintJob.WAITING,
        total=1,
        client_key=uuid.uuid4(),
    )
    return str(job.pk)


def enclosures(pupil):
    """What is kept of each letter or drawing: the picture itself as text in base 16."""
    found = Enclosure.objects.filter(case=_case(pupil)).order_by("added_at")
    return [
        {"id": str(e.pk), "size": [e.width, e.height], "image": bytes(e.image).hex()} for e in found
    ]


def journal_actions(pupil):
    return list(JournalEntry.objects.filter(case=_case(pupil).pk).values_list("action", flat=True))


def today():
    return School.objects.get().today().isoformat()


def only_school_days(days):
    """The school days within so many days from now, after every closed day in them was taken
    away.
    """
    school = School.objects.get()
    today = school.today()
    last = today + datetime.timedelta(days=days)
    ClosedDay.objects.filter(school=school, first__lte=last, last__gte=today).delete()
    calendar = school.calendar()
    coming = (today + datetime.timedelta(days=n) for n in range(1, days + 1))
    return [day.isoformat() for day in coming if calendar.is_school_day(day)]


def closed_days():
    """Name to first and last day, of every closed day of the school."""
    return {
        row.name: [row.first.isoformat(), row.last.isoformat()] for row in ClosedDay.objects.all()
    }


def staff():
    return {
        each.user.email.partition("@")[0]: str(each.user_id) for each in Membership.objects.all()
    }


def pupil_id(pupil):
    return str(_pupil(pupil).pk)


def mail_to(name):
    """The text of every mail to a person, oldest first; what waits for the worker is mailed
    first.
    """
    reset_mail.send_waiting()
    folder = settings.MAIL_DIR
    if not folder.exists():
        return []
    found = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime)
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in found]
    return [text for text in texts if f"To: {name}@" in text]


def main():
    """With the word ``prepare``, set the installation up. Without a word, answer one line of JSON,
    ``[function, arguments]``, with another, until the input ends.
    """
    if sys.argv[1:] == ["prepare"]:
        prepare()
        return
    for line in sys.stdin:
        name, given = json.loads(line)
        try:
            with translation.override("nl"), timezone.override(settings.TIME_ZONE):
                answer = {"value": globals()[name](**given)}
        except Exception:  # noqa: BLE001  (told to the test that asked)
            answer = {"error": traceback.format_exc()}
        finally:
            connections.close_all()
        print(json.dumps(answer, default=str), flush=True)
