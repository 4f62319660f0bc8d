"""What goes out, when, once, and to whom."""

import datetime
import threading
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection

from cases.actions import appointments, cases, failed_mails
from cases.models import (
    Appointment,
    Case,
    ClosedDay,
    DailyMail,
    JournalEntry,
    Membership,
    Reminder,
    School,
    SweepRun,
    User,
)
from cases.reminders import sweep
from cases.reminders.daily_mail import (
    LEASE,
    MOST_ATTEMPTS,
    claim,
    due_recipients,
    note_failed,
    wait_after,
)
from cases.reminders.mail_text import said
from cases.tests.world import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    case_for,
    mailed_user,
    moment_at,
    on,
    plan_talk,
)

from .mail_server import MailServer

MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def mail_server(settings):
    """Django's own mail backend, talking to a server on this machine."""
    with MailServer() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 5
        yield box


def swept(day, hour=8, minute=0, zone=None):
    """What a sweep at that moment did; the clock stands at it."""
    with on(day, hour, minute):
        return sweep()


def subjects():
    return [message.subject for message in mail.outbox]


def states(case, *kinds):
    found = case.reminders.filter(kind__in=kinds) if kinds else case.reminders
    return set(found.values_list("state", flat=True))


# --- the day and the hour --------------------------------------------------------------------


def test_one_talk_from_the_day_before_until_it_is_written_down(planned):
    for day in (TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, MONDAY):
        for hour in (6, 8, 12, 19):
            swept(day, hour)
    assert [message.body.count("(") for message in mail.outbox] == [1, 1, 1]
    assert len(set(subjects())) == 3


def test_overdue_goes_on_until_it_is_done(planned):
    for number in range(30):
        swept(THURSDAY + datetime.timedelta(days=number))
    days = [
        row.sent_at.date()
        for row in planned.case.reminders.filter(kind="late", state="sent").order_by("due_on")
    ]
    assert days == [
        FRIDAY,
        datetime.date(2026, 11, 17),
        datetime.date(2026, 11, 19),
        datetime.date(2026, 11, 26),
        datetime.date(2026, 12, 3),
        datetime.date(2026, 12, 10),
    ]
    with on(datetime.date(2026, 12, 11)):
        appointments.cancel(planned.case, planned.round, Appointment.TALK, by=planned.case.leader)
        cases.pause_case(planned.case, by=planned.case.leader)
    assert swept(datetime.date(2026, 12, 14)).sent == 0


def test_several_things_are_one_mail_a_day(case, school, teacher):
    with on(TUESDAY, 16):
        plan_talk(case, THURSDAY)
        others = [case_for(school, teacher, name) for name in ("Anouk", "Boris", "Chris")]
        for other in others:
            plan_talk(other, THURSDAY)
    result = swept(THURSDAY)
    assert (result.sent, len(mail.outbox)) == (1, 1)
    assert all(other.code in mail.outbox[0].body for other in (case, *others))
    assert DailyMail.objects.filter(recipient=teacher).count() == 1
    with on(THURSDAY, 9):
        late_comer = case_for(school, teacher, "Daan")
        plan_talk(late_comer, THURSDAY)
    assert swept(THURSDAY, 10).sent == 0, "one mail a day: it stands under Today"


def test_not_before_the_time_that_was_chosen(planned, teacher):
    assert swept(WEDNESDAY, 7, 29).claimed == 0
    User.objects.filter(pk=teacher.pk).update(mail_time=datetime.time(15, 45))
    assert swept(WEDNESDAY, 15, 44).claimed == 0
    assert swept(WEDNESDAY, 15, 45).sent == 1


def test_not_in_the_evening_nor_on_a_free_day(case):
    with on(TUESDAY, 16):
        plan_talk(case, SATURDAY)
    assert swept(FRIDAY, 21).claimed == 0
    assert swept(SATURDAY).claimed == 0
    assert swept(MONDAY).sent == 1
    assert "1 " in mail.outbox[0].subject and states(case, "today") == {"silenced"}


@pytest.mark.parametrize("monday", [datetime.date(2026, 10, 26), datetime.date(2027, 3, 22)])
def test_half_past_seven_stays_half_past_seven_when_the_clocks_change(school, teacher, monday):
    friday = monday - datetime.timedelta(days=3)
    with on(friday - datetime.timedelta(days=1), 12):
        plan_talk(case_for(school, teacher), friday)
        plan_talk(case_for(school, teacher), monday)
    for day in (friday, monday):
        assert swept(day, 7, 29).sent == 0
        assert swept(day, 7, 30).sent == 1


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_each_school_has_its_own_clock(planned, zone):
    far = School.objects.create(name="Far", country="", language="en", timezone=zone)
    there = ZoneInfo(zone)
    with on(TUESDAY, 16):
        elsewhere = case_for(far, mailed_user(far, "far@school.example"))
        plan_talk(elsewhere, THURSDAY)
    moments = sorted(
        [
            (moment_at(WEDNESDAY, 7, 30), planned.case),
            (moment_at(WEDNESDAY, 7, 30, there), elsewhere),
        ],
        key=lambda m: m[0],
    )
    for moment, expected in moments:
        assert sweep(moment - MINUTE).sent == 0
        assert sweep(moment).sent == 1
        assert "sent" in states(expected, "tomorrow")


def test_an_unknown_time_zone_stops_nobody(planned, school):
    school.timezone = "Europe/Atlantis"
    school.save()
    assert [each.recipient for each in due_recipients(moment_at(WEDNESDAY, 8))] == [
        planned.owner_id
    ]


def test_someone_who_works_at_two_schools_gets_one_mail_about_both(planned, teacher):
    second = School.objects.create(name="De Overkant", country="NL", language="nl")
    Membership.objects.create(school=second, user=teacher)
    with on(TUESDAY, 16):
        there = case_for(second, teacher)
        plan_talk(there, THURSDAY)
    assert swept(WEDNESDAY).sent == 1
    assert planned.case.code in mail.outbox[0].body and there.code in mail.outbox[0].body


# --- still true? ------------------------------------------------------------------------------


def test_a_talk_that_was_held_without_telling_the_reminders(planned):
    Appointment.objects.update(state=Appointment.HELD)
    swept(THURSDAY)
    assert "due" not in states(planned.case, "tomorrow", "today")


def test_a_talk_that_was_moved_without_telling_the_reminders_is_told_on_its_new_days(planned):
    Appointment.objects.update(date=MONDAY)
    swept(WEDNESDAY)
    assert mail.outbox == []
    assert swept(FRIDAY).sent == 1


@pytest.mark.parametrize("status", [Case.CLOSED, Case.ELSEWHERE])
def test_a_finished_case_is_silent(planned, status):
    Case.objects.update(status=status)
    for day in (WEDNESDAY, THURSDAY, FRIDAY):
        swept(day)
    assert mail.outbox == []


def test_after_days_without_a_worker_only_what_is_late_goes_out(planned):
    assert swept(MONDAY).sent == 1
    body = mail.outbox[0].body
    assert body.count(planned.case.code) == 1
    assert states(planned.case, "tomorrow", "today") == {"silenced"}


def test_what_somebody_does_not_want_is_not_mailed_but_overdue_always_is(planned, teacher):
    User.objects.filter(pk=teacher.pk).update(mail_off=["tomorrow", "today", "plan", "draft"])
    assert [swept(day).sent for day in (WEDNESDAY, THURSDAY, FRIDAY)] == [0, 0, 1]


def test_a_case_whose_reminders_were_lost_is_found_when_its_day_has_come(planned):
    Reminder.objects.all().delete()
    swept(FRIDAY)
    swept(MONDAY)
    assert planned.case.code in mail.outbox[-1].body


def test_a_school_whose_days_changed_is_gone_through(planned, school):
    """Many cases at once are left to the sweep: the day before moves along with the new free
    day.
    """
    ClosedDay.objects.create(school=school, first=WEDNESDAY, last=WEDNESDAY, name="Studiedag")
    School.objects.update(days_changed_at=moment_at(TUESDAY, 12))
    assert swept(TUESDAY, 17).sent == 1
    assert "12 nov" in mail.outbox[0].body
    assert School.objects.get().days_changed_at is None


def test_one_school_that_cannot_be_worked_out_stops_nobody(planned, school):
    broken = School.objects.create(name="De Overkant", country="NL", language="nl")
    with on(TUESDAY, 16):
        plan_talk(case_for(broken, mailed_user(broken, "ver@school.example")), THURSDAY)
    School.objects.filter(pk=broken.pk).update(
        country="XX", subdivision="nergens", timezone="Mars/Olympus"
    )
    swept(WEDNESDAY)
    assert ["anna@school.example"] in [message.to for message in mail.outbox]


def test_a_draft_gives_way_to_what_is_late_and_is_said_another_day(planned):
    Reminder.objects.create(
        school=planned.school,
        case=planned.case,
        round=planned.round,
        kind="draft",
        subject="talk",
        recipient=planned.owner,
        due_on=WEDNESDAY,
    )
    row = Reminder.objects.filter(kind="tomorrow").get()
    assert said([row, Reminder.objects.get(kind="draft")]) == [row]


def test_a_case_without_a_next_action_gets_one(case):
    Case.objects.update(next_kind="", next_date=None, next_owner=None)
    swept(WEDNESDAY)
    case.refresh_from_db()
    assert case.next_kind and case.next_date and case.next_owner_id == case.leader_id


# --- once ---------------------------------------------------------------------------------------


def test_a_worker_that_died_after_claiming_is_made_up_for(planned):
    assert claim(planned.owner_id, WEDNESDAY, moment_at(WEDNESDAY, 8)) is not None
    assert sweep(moment_at(WEDNESDAY, 8)).claimed == 0
    assert sweep(moment_at(WEDNESDAY, 8) + LEASE + MINUTE).sent == 1


def test_a_worker_that_died_after_mailing_sends_the_same_message_again(
    planned, mail_server, monkeypatch
):
    monkeypatch.setattr("cases.reminders.mail_sweep.note_sent", _die)
    with pytest.raises(SystemExit):
        sweep(moment_at(WEDNESDAY, 8))
    monkeypatch.undo()
    assert sweep(moment_at(WEDNESDAY, 8) + LEASE + MINUTE).sent == 1
    assert len(mail_server.mails) == 2
    assert len({message["Message-ID"] for message in mail_server.mails}) == 1


def _die(*_args):
    raise SystemExit


def test_a_late_loser_changes_nothing(planned, mail_server):
    lost = claim(planned.owner_id, WEDNESDAY, moment_at(WEDNESDAY, 8))
    assert sweep(moment_at(WEDNESDAY, 8) + LEASE + MINUTE).sent == 1
    note_failed(lost, OSError(), moment_at(WEDNESDAY, 8))
    assert DailyMail.objects.get().state == DailyMail.SENT


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_each_mail_once(mail_server):
    school = School.objects.create(name="De Kiezelhof", country="NL", language="nl")
    with on(TUESDAY, 16):
        for number in range(8):
            plan_talk(case_for(school, mailed_user(school, f"nr{number}@school.example")), THURSDAY)
    errors = []

    def run():
        try:
            sweep(moment_at(WEDNESDAY, 8))
        except Exception as error:  # noqa: BLE001  (shown below)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sorted(str(message["To"]) for message in mail_server.mails) == sorted(
        f"nr{number}@school.example" for number in range(8)
    )


@pytest.mark.parametrize("mood", ["busy", "refuse"])
def test_a_mail_server_that_refuses_and_recovers(planned, mail_server, mood):
    mail_server.mood = mood
    assert sweep(moment_at(WEDNESDAY, 8)).failed == 1
    mail_server.mood = "well"
    assert sweep(moment_at(WEDNESDAY, 8) + MINUTE).claimed == 0, "not at once again"
    assert sweep(moment_at(WEDNESDAY, 8) + HOUR).sent == 1
    row = DailyMail.objects.get()
    assert (row.state, row.last_error) == (DailyMail.SENT, "")


def test_each_failure_waits_twice_as_long_and_nobody_waits_in_step():
    waits = [wait_after(number) for number in range(1, 12)]
    assert 3 * MINUTE < waits[0] < 7 * MINUTE
    assert max(waits) < 4 * HOUR
    assert waits[3] > 2 * waits[0]
    assert len({wait_after(3) for _time in range(20)}) > 10


def test_what_failed_for_good_is_kept_and_can_be_sent_again(
    planned, mail_server, school, coordinator
):
    mail_server.mood = "refuse"
    moment = moment_at(WEDNESDAY, 8)
    for _attempt in range(MOST_ATTEMPTS):
        sweep(moment)
        moment = DailyMail.objects.get().lease_until + MINUTE
    row = DailyMail.objects.get()
    assert (row.state, row.attempts) == (DailyMail.FAILED, MOST_ATTEMPTS)
    assert "@" not in row.last_error
    mail_server.mood = "well"
    with on(WEDNESDAY, 18):
        assert sweep().sent == 0
        assert failed_mails.send_again([row], school, by=coordinator) == 1
        assert sweep().sent == 1


def test_what_failed_yesterday_goes_along_today(planned, mail_server, school, coordinator):
    with on(TUESDAY, 17):
        DailyMail.objects.create(
            recipient=planned.owner, date=TUESDAY, state=DailyMail.FAILED, attempts=6
        )
    with on(WEDNESDAY):
        assert failed_mails.send_again(list(DailyMail.objects.all()), school, by=coordinator) == 1
        assert sweep().sent == 1
    assert DailyMail.objects.get().date == WEDNESDAY


def test_a_mail_server_that_is_away_costs_the_others_no_attempts(school, mail_server):
    with on(TUESDAY, 16):
        for number in range(6):
            plan_talk(case_for(school, mailed_user(school, f"nr{number}@school.example")), THURSDAY)
    mail_server.mood = "busy"
    result = sweep(moment_at(WEDNESDAY, 8))
    assert (result.failed, result.left) == (3, 3)


def test_one_bad_address_does_not_hold_up_the_others(planned, school):
    with on(TUESDAY, 16):
        bad = mailed_user(school, "bad@school.example")
        User.objects.filter(pk=bad.pk).update(email="bad\n@school.example")
        plan_talk(case_for(school, bad), THURSDAY)
    result = swept(WEDNESDAY)
    assert (result.sent, result.failed) == (1, 1)


def test_the_journal_says_so(planned):
    swept(WEDNESDAY)
    line = JournalEntry.objects.filter(action="reminded").get()
    assert (line.case, line.actor, line.thing) == (planned.case.pk, None, "reminder:tomorrow")


def test_each_sweep_leaves_a_note_of_itself_and_old_notes_go(planned):
    SweepRun.objects.create(started_at=moment_at(datetime.date(2026, 10, 1), 8))
    swept(WEDNESDAY)
    run = SweepRun.objects.get()
    assert (run.sent, run.failed, run.error) == (1, 0, "")
    assert run.ended_at is not None
