"""A process of an installation that does what it is told, a line of JSON each: ``python -m
...installation_worker``.

Spares the tests a start of Python for each sweep. Told ``{"do": "sweep", ...}`` it answers on one
line.
"""

import datetime
import json
import sys


def late(number):
    """So many people more to whom a mail is due today; their addresses."""
    from cases.management.demo import due
    from cases.models import School

    school = School.objects.first() or due.noon_school()
    return [user.email for user in due.someone_late(school, number)]


def more_late(number, mark):
    """As `late`, for a school that has some already; ``mark`` begins their addresses."""
    from cases.management.demo import due
    from cases.models import Case, School

    school = School.objects.get()
    users = due.people(school, number, mark=mark)
    day = school.calendar().add_school_days(school.today(), -1)
    due.cases_at(school, [(user, day) for user in users], first=Case.objects.count())
    return [user.email for user in users]


def unchanged():
    """Whether the reminders of every case are those that follow from the case."""
    from cases.actions import reminder_rows
    from cases.models import Case, Reminder

    before = set(Reminder.objects.values_list("pk", "state", "due_on"))
    for case in Case.objects.select_related("school", "leader"):
        reminder_rows.refresh(case)
    return before == set(Reminder.objects.values_list("pk", "state", "due_on"))


def sweep(hours=0):
    """One sweep, on a clock so many hours ahead; what came of it, or the name of the error."""
    from django.db import OperationalError
    from django.utils import timezone

    from cases import reminders

    try:
        done = reminders.sweep(timezone.now() + datetime.timedelta(hours=hours) if hours else None)
    except OperationalError as error:
        return type(error).__name__
    return vars(done)


def ask():
    """Put the question what is due in the queue, once, as the clock does."""
    from cases.tasks import sweep

    sweep.delay()


def again():
    """An administrator sends again what failed for good; how many mails."""
    from cases.actions import failed_mails
    from cases.models import DailyMail, Membership, School, User

    school = School.objects.get()
    by, _new = User.objects.get_or_create(
        email="beheer@school.example", name="Beheer", password="!"
    )
    Membership.objects.get_or_create(school=school, user=by, role=Membership.ADMINISTRATOR)
    return failed_mails.send_again(DailyMail.objects.filter(state=DailyMail.FAILED), school, by=by)


def pages():
    """The statuses of pages that a teacher opens, and of one they save on."""
    from django.test import Client

    from cases.actions import appointments
    from cases.models import Case

    case = Case.objects.first()
    client = Client()
    client.force_login(case.leader, backend="allauth.account.auth_backends.AuthenticationBackend")
    found = [
        client.get(path, headers={"host": "localhost"}).status_code
        for path in ("/", f"/cases/{case.pk}/")
    ]
    day = case.school.calendar().add_school_days(case.school.today(), -1)
    appointments.plan(
        case, appointments.current_round(case), "talk", day, time=datetime.time(9), by=case.leader
    )
    return found


def writer():
    """Somebody signed in on a page of their own case: their cookie, the page's address and its
    case.
    """
    from django.test import Client
    from django.urls import reverse

    from cases.management.demo import due
    from cases.models import Case, School

    (user,) = due.people(School.objects.get(), 1, mark=f"writes{Case.objects.count()}-")
    day = School.objects.get().today()
    due.cases_at(School.objects.get(), [(user, day)], first=Case.objects.count())
    case = Case.objects.get(leader=user)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    path = reverse("case-step", args=[case.pk, 1, "talk", "between"])
    return {"cookie": client.cookies["sessionid"].value, "path": path, "case": str(case.pk)}


def written(case):
    """What is stored of the text of a writer's page, and its version."""
    from cases.actions.page_location import location_of
    from cases.actions.pages import values_of
    from cases.models import Case

    case = Case.objects.get(pk=case)
    where = location_of(case, case.rounds.get(), "talk", "between")
    return {"text": values_of(where).get("not_told", ""), "version": where.record().version}


def wait_at_most(seconds):
    """How long this process waits for a database that somebody else holds."""
    from django.db import connection

    connection.close()
    connection.settings_dict["OPTIONS"]["timeout"] = seconds


DO = {
    each.__name__: each
    for each in (
        late,
        more_late,
        unchanged,
        sweep,
        ask,
        again,
        pages,
        writer,
        written,
        wait_at_most,
    )
}


def main():
    import django

    django.setup()
    for line in sys.stdin:
        told = json.loads(line)
        print(json.dumps(DO[told.pop("do")](**told)), flush=True)


if __name__ == "__main__":
    main()
