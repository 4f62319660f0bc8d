"""What goes out, when, once, and to whom."""

import datetime
import threading
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions.reminding import remind_of
from cases.models import Appointment, Case, JournalEntry, Membership, Reminder, School
from cases.reminders import sweep
from cases.reminders.claim import LEASE, MOST_ATTEMPTS, claim, note_failed
from cases.reminders.due import due_at
from cases.reminders.letters import letter

from .conftest import (
    THURSDAY,
    TUESDAY,
    at,
    due,
    make_appointment,
    make_case,
    make_row,
    make_user,
)
from .postbox import Postbox

WEDNESDAY = datetime.date(2026, 11, 11)
FRIDAY = datetime.date(2026, 11, 13)
SATURDAY = datetime.date(2026, 11, 14)
MONDAY = datetime.date(2026, 11, 16)
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def planned(case):
    """A talk on Thursday, planned on Tuesday."""
    appointment = make_appointment(case, THURSDAY)
    remind_of(appointment, today=TUESDAY)
    return appointment


@pytest.fixture
def postbox(settings):
    """Django's own mail backend, talking to a server on this machine."""
    with Postbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 5
        yield box


def subjects():
    return [message.subject for message in mail.outbox]


def held(appointment):
    appointment.state = Appointment.HELD
    appointment.save()


# --- the day and the hour --------------------------------------------------------------------


def test_one_talk_from_the_day_before_to_the_day_after(planned):
    for day in (TUESDAY, WEDNESDAY, THURSDAY, FRIDAY):
        for hour in (6, 8, 12, 23):
            sweep(at(day, hour))
    assert len(subjects()) == len(set(subjects())) == 3
    assert list(planned.case.reminders.values_list("state", flat=True)) == [Reminder.SENT] * 3


def test_nothing_before_half_past_seven_at_the_school(case):
    make_row(case, WEDNESDAY)
    assert sweep(at(WEDNESDAY, 7, 29)).claimed == 0
    assert sweep(at(WEDNESDAY, 7, 30)).sent == 1


@pytest.mark.parametrize("day", [datetime.date(2026, 10, 26), datetime.date(2027, 3, 29)])
def test_half_past_seven_stays_half_past_seven_when_the_clocks_change(case, day):
    """Both days are the Monday after; in UTC the mail goes an hour later or earlier than on Friday."""
    make_row(case, day - datetime.timedelta(days=3), to=case.leader)
    make_row(case, day)
    for friday_or_monday in (day - datetime.timedelta(days=3), day):
        assert sweep(at(friday_or_monday, 7, 29)).sent == 0
        assert sweep(at(friday_or_monday, 7, 30)).sent == 1


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_each_school_has_its_own_clock(case, zone):
    far = School.objects.create(name="Far", country="", language="en", timezone=zone)
    elsewhere = make_case(far, make_user(far, "far@school.example"))
    make_row(elsewhere, WEDNESDAY)
    make_row(case, WEDNESDAY)
    there = ZoneInfo(zone)
    moments = sorted(
        [(at(WEDNESDAY, 7, 30), case), (at(WEDNESDAY, 7, 30, there), elsewhere)], key=lambda m: m[0]
    )
    for moment, expected in moments:
        assert sweep(moment - MINUTE).sent == 0
        assert sweep(moment).sent == 1
        assert expected.reminders.get().state == Reminder.SENT


def test_an_unknown_time_zone_stops_nobody(case, school):
    school.timezone = "Europe/Atlantis"
    school.save()
    make_row(case, WEDNESDAY)
    assert sweep(at(WEDNESDAY)).sent == 1


# --- still needed? ----------------------------------------------------------------------------


def test_a_talk_that_was_held_without_telling_the_reminders(planned):
    held(planned)
    result = sweep(at(FRIDAY))
    assert (result.sent, result.silenced) == (0, 3)
    assert due(planned.case) == []


def test_a_talk_that_was_moved_without_telling_the_reminders_is_told_on_its_new_days(planned):
    Appointment.objects.update(on=MONDAY)
    sweep(at(WEDNESDAY))
    assert subjects() == []
    assert due(planned.case) == [
        ("tomorrow", FRIDAY),
        ("today", MONDAY),
        ("late", datetime.date(2026, 11, 17)),
    ]


@pytest.mark.parametrize("status", [Case.CLOSED, Case.ELSEWHERE])
def test_a_finished_case_is_silent(planned, status):
    Case.objects.update(status=status)
    sweep(at(FRIDAY))
    assert subjects() == []
    assert due(planned.case) == []


def test_a_finished_round_is_silent(planned):
    planned.case.rounds.update(closed_at=timezone.now())
    sweep(at(FRIDAY))
    assert subjects() == []
    assert due(planned.case) == []


@pytest.mark.parametrize(("state", "sent"), [("planned", 0), ("held", 0), ("cancelled", 1)])
def test_to_plan_only_while_nothing_is_planned(case, state, sent):
    appointment = make_appointment(case, MONDAY)
    Appointment.objects.filter(pk=appointment.pk).update(state=state)
    make_row(case, WEDNESDAY)
    assert sweep(at(WEDNESDAY)).sent == sent


def test_nobody_is_told_of_yesterdays_tomorrow(planned):
    sweep(at(THURSDAY))
    assert len(mail.outbox) == 1
    assert planned.case.reminders.get(kind=Reminder.TODAY).state == Reminder.SENT
    assert planned.case.reminders.get(kind=Reminder.TOMORROW).state == Reminder.SILENCED


def test_after_days_without_a_worker_only_the_late_one_goes_out(planned):
    sweep(at(MONDAY))
    states = dict(planned.case.reminders.values_list("kind", "state"))
    assert states == {"tomorrow": "silenced", "today": "silenced", "late": "sent"}
    assert len(mail.outbox) == 1


def test_an_outdated_one_leaves_the_late_one_even_if_that_was_lost(planned):
    planned.case.reminders.filter(kind=Reminder.LATE).delete()
    sweep(at(SATURDAY))
    late = planned.case.reminders.get(kind=Reminder.LATE)
    assert (late.state, late.due_on) == (Reminder.SENT, FRIDAY)


def test_told_on_saturday_of_monday_when_friday_was_missed(case):
    remind_of(make_appointment(case, MONDAY), today=TUESDAY)
    assert sweep(at(SATURDAY)).sent == 1
    assert case.reminders.get(kind=Reminder.TOMORROW).state == Reminder.SENT


# --- to whom -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["account", "membership", "place on the case"])
def test_someone_who_left_is_not_mailed_but_the_leader_is(case, school, lost):
    colleague = make_user(school, "bo@school.example")
    if lost != "place on the case":
        case.staff.create(school=school, user=colleague)
    if lost == "account":
        colleague.is_active = False
        colleague.save()
    if lost == "membership":
        colleague.memberships.update(active=False)
    make_row(case, WEDNESDAY, to=colleague)
    assert sweep(at(WEDNESDAY)).sent == 1
    assert mail.outbox[0].recipients() == [case.leader.email]


def test_a_colleague_on_the_case_is_mailed(case, school):
    colleague = make_user(school, "bo@school.example")
    case.staff.create(school=school, user=colleague)
    make_row(case, WEDNESDAY, to=colleague)
    sweep(at(WEDNESDAY))
    assert mail.outbox[0].recipients() == ["bo@school.example"]


def test_someone_who_works_at_two_schools_is_reminded_of_both(case, teacher):
    other = School.objects.create(name="Other", language="nl")
    Membership.objects.create(school=other, user=teacher, role=Membership.TEACHER)
    make_row(case, WEDNESDAY)
    make_row(make_case(other, teacher), WEDNESDAY)
    assert sweep(at(WEDNESDAY)).sent == 2


def test_when_everybody_left_it_is_silent_for_good(planned, teacher):
    teacher.is_active = False
    teacher.save()
    assert sweep(at(WEDNESDAY)).silenced == 1
    assert sweep(at(WEDNESDAY, 9)).claimed == 0
    assert mail.outbox == []


# --- once -----------------------------------------------------------------------------------------


def test_a_worker_that_died_after_claiming_is_made_up_for(case):
    row = make_row(case, WEDNESDAY)
    assert claim(row.pk, at(WEDNESDAY)) is not None
    assert claim(row.pk, at(WEDNESDAY) + MINUTE) is None
    assert sweep(at(WEDNESDAY) + LEASE - MINUTE).claimed == 0
    assert sweep(at(WEDNESDAY) + LEASE).sent == 1


def test_a_worker_that_died_after_mailing_sends_the_same_message_again(case, postbox):
    row = claim(make_row(case, WEDNESDAY).pk, at(WEDNESDAY))
    letter(row, row.to, None, WEDNESDAY).send()
    assert sweep(at(WEDNESDAY) + LEASE).sent == 1
    first, second = postbox.mails
    assert first["Message-ID"] == second["Message-ID"] == f"<reminder-{row.pk}@steentje>"


def test_a_late_loser_changes_nothing(case, postbox):
    """Its lease ran out, another worker sent the mail, and then its own failure comes in."""
    slow = claim(make_row(case, WEDNESDAY).pk, at(WEDNESDAY))
    sweep(at(WEDNESDAY) + LEASE)
    note_failed(slow, TimeoutError(), at(WEDNESDAY) + LEASE + MINUTE)
    row = case.reminders.get()
    assert (row.state, row.attempts) == (Reminder.SENT, 0)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_each_row_once(postbox):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads cannot share this in-memory database; test_processes does it with a file")
    school = School.objects.create(name="De Kiezelhof", language="nl")
    leader = make_user(school, "anna@school.example")
    for _number in range(20):
        make_row(make_case(school, leader), WEDNESDAY)
    start = threading.Barrier(2)
    results = []

    def run():
        start.wait()
        try:
            results.append(sweep(at(WEDNESDAY)))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(result.sent for result in results) == len(postbox.mails) == 20
    assert len({message["Message-ID"] for message in postbox.mails}) == 20
    assert JournalEntry.objects.filter(action="reminded").count() == 20


# --- mail servers ------------------------------------------------------------------------------


@pytest.mark.parametrize("mood", ["busy", "refuse"])
def test_a_mail_server_that_refuses_and_recovers(case, postbox, mood):
    make_row(case, WEDNESDAY)
    postbox.mood, now = mood, at(WEDNESDAY)
    for wait in (MINUTE * 5, HOUR, HOUR * 6, HOUR * 6):
        assert sweep(now).failed == 1
        assert sweep(now + wait - MINUTE).claimed == 0
        now += wait
    row = case.reminders.get()
    assert row.state == Reminder.DUE
    assert row.attempts == 4
    assert row.last_error.startswith("SMTP")
    assert "@" not in row.last_error
    postbox.mood = "well"
    assert sweep(at(THURSDAY)).sent == 1
    assert [message["To"] for message in postbox.mails] == [case.leader.email]
    row.refresh_from_db()
    assert (row.state, row.last_error) == (Reminder.SENT, "")


def test_after_eight_attempts_it_has_failed(case, postbox):
    make_row(case, WEDNESDAY)
    postbox.mood = "refuse"
    for number in range(MOST_ATTEMPTS + 2):
        sweep(at(WEDNESDAY) + number * datetime.timedelta(days=1))
    row = case.reminders.get()
    assert (row.state, row.attempts) == (Reminder.FAILED, 8)
    assert JournalEntry.objects.filter(action="reminded").count() == 0


def test_a_mail_server_that_is_away_costs_the_others_no_attempts(case, school, teacher, postbox):
    for _number in range(6):
        make_row(make_case(school, teacher), WEDNESDAY)
    postbox.mood = "busy"
    assert sweep(at(WEDNESDAY)).failed == 3
    assert Reminder.objects.filter(attempts=0).count() == 3


def test_one_bad_address_does_not_hold_up_the_others(case, school, teacher):
    bad = make_user(school, "injected@school.example\nBcc: x@evil.example")
    make_row(make_case(school, bad), TUESDAY)
    make_row(case, WEDNESDAY)
    result = sweep(at(WEDNESDAY))
    assert (result.sent, result.failed) == (1, 1)
    assert [message.recipients() for message in mail.outbox] == [[teacher.email]]


# --- what it leaves, what it costs ----------------------------------------------------------------


def test_the_journal_says_so(case):
    make_row(case, WEDNESDAY)
    sweep(at(WEDNESDAY))
    line = JournalEntry.objects.get(action="reminded")
    assert (line.case, line.actor, line.fields) == (case.pk, None, [])


def test_with_nothing_due_it_asks_next_to_nothing(case, django_assert_max_num_queries):
    make_row(case, FRIDAY)
    with django_assert_max_num_queries(3):
        sweep(at(WEDNESDAY))


def test_each_row_costs_the_same(case, school, teacher):
    def cost(number):
        for _number in range(number):
            make_row(make_case(school, teacher), WEDNESDAY)
        with CaptureQueriesContext(connection) as queries:
            assert sweep(at(WEDNESDAY)).sent == number
        return len(queries)

    cost(1)  # the school's first journal line costs one more
    one, five, nine = cost(1), cost(5), cost(9)
    assert nine - five == five - one
    assert (five - one) / 4 <= 16


def test_it_reads_the_index_of_due_rows(case, school, teacher):
    others = make_case(school, teacher)
    today = datetime.date(2026, 1, 1)
    Reminder.objects.bulk_create(
        Reminder(
            school=school,
            case=others,
            round=others.rounds.get(),
            kind="plan",
            subject="pupil",
            to=teacher,
            due_on=today + datetime.timedelta(days=number),
            state=Reminder.SENT,
        )
        for number in range(600)
    )
    make_row(case, WEDNESDAY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        assert len(due_at(at(WEDNESDAY)).values_list("pk", flat=True)[:100]) == 1
    selects = [query["sql"] for query in queries if "cases_reminder" in query["sql"]]
    assert len(selects) == 2
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    for sql in selects:
        with connection.cursor() as cursor:
            cursor.execute(explain + sql)
            assert "reminder_due" in str(cursor.fetchall())
