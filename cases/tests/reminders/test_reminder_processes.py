"""The real thing: an installation of its own on SQLite, with real processes beside each other."""

import socket
import time
from collections import Counter

from django.conf import settings

from noblame import beat

from ..test_folder_queue import TASK, UNREADABLE, message
from .installation import wait_for

SWEEP = "import django; django.setup(); from cases.reminders import sweep; sweep()"


def test_rows_written_in_bulk_are_those_that_follow_from_the_case(installation):
    assert len(installation.do("late", number=3)) == 3
    assert installation.do("unchanged")
    assert installation.do("sweep")["sent"] == 3


def test_worker_and_beat_lead_from_a_row_to_a_mail(installation, box):
    worker, beat = installation.worker(), installation.beat()
    (address,) = installation.do("late", number=1)
    wait_for(lambda: box.log, 40, worker, beat)
    wait_for(lambda: installation.states() == {"sent": 1}, 15, worker, beat)
    time.sleep(2.5)  # two more beats
    assert [each.to for each in box.log] == [address]
    assert installation.ask(
        "SELECT count(*) FROM cases_journalentry WHERE action = 'reminded'"
    ) == [(1,)]


def test_no_file_in_the_queue_ends_the_worker(installation, box):
    """What a power cut, a full disk or a hand leaves there: one each of everything, then the day
    goes on.
    """
    queue = installation.folder / "queue"
    worker, beat = installation.worker(), installation.beat()
    wait_for(lambda: list((queue / "control").glob("*.pidbox.exchange")), 40, worker, beat)
    unknown = message(
        headers={**TASK, "task": "no.such.task"},
        delivery_info={"exchange": "", "routing_key": "celery"},
    )
    contents = [*UNREADABLE.values(), unknown]
    for name in ("celery", f"celery@{socket.gethostname()}.celery.pidbox"):
        for number, content in enumerate(contents):
            (queue / "messages" / f"{number}_foul.{name}.msg").write_bytes(content)
    for path in (queue / "control").glob("*.exchange"):
        path.write_bytes(b"")
    installation.do("late", number=1)
    wait_for(lambda: installation.states() == {"sent": 1}, 40, worker, beat)
    wait_for(lambda: not list((queue / "messages").glob("*_foul.*")), 20, worker, beat)
    assert worker.poll() is beat.poll() is None
    said = installation.said(worker)
    assert {said.count(f" {number}_foul.celery.msg ") for number in range(len(UNREADABLE))} == {1}


def test_two_sweeps_in_two_processes_send_each_mail_once(installation, box):
    people = installation.do("late", number=25)
    box.pause = 0.02
    both = [installation.start("-c", SWEEP) for _number in range(2)]
    for process in both:
        assert process.wait(60) == 0, installation.said(process)
    assert Counter(each.to for each in box.log) == Counter(people)
    assert installation.states() == {"sent": 25}


def test_the_queue_does_not_outlive_the_next_question():
    assert set(settings.CELERY_BEAT_SCHEDULE) == {"account mail", "what is due", "what is to print"}
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert 0 < entry["options"]["expires"] < entry["schedule"].seconds


def test_nothing_that_is_asked_goes_by_a_clock_that_somebody_may_set_back():
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert entry["schedule"].nowfun is beat.now, name


def test_a_lease_outlives_the_task_and_the_task_a_sweep():
    from cases.reminders import daily_mail, mail_sweep
    from cases.tasks import sweep

    assert mail_sweep.LONGEST_SECONDS < sweep.soft_time_limit < sweep.time_limit
    assert sweep.time_limit < daily_mail.LEASE.total_seconds()
    assert settings.CELERY_TASK_ACKS_LATE


def test_closed_while_the_mail_server_takes_its_time(installation, box):
    """What was mailed is noted, and nothing more is planned of a case that was closed meanwhile."""
    installation.do("late", number=1)
    box.before_yes = lambda _number: installation.ask(
        "UPDATE cases_case SET status = 'closed', next_kind = ''"
    )
    assert installation.do("sweep")["sent"] == 1
    assert installation.ask("SELECT state, count(*) FROM cases_reminder GROUP BY state") == [
        ("sent", 1)
    ]
