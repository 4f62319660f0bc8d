"""The real thing: an installation of its own on SQLite, with real processes beside each other."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

PREPARE = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
call_command("createcachetable", verbosity=0)
for folder in ("messages", "done", "control"):
    (settings.QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
from cases.models import School
from cases.tests.reminders.conftest import make_user
make_user(School.objects.create(name="De Kiezelhof", language="nl"), "anna@school.example")
"""
# Due yesterday at a school where it is about noon now, so that the hour of the test does not matter.
ADD = """
import datetime, sys, django
django.setup()
from django.utils import timezone
from cases.models import School, User
from cases.tests.reminders.conftest import make_case, make_row
school, anna, now = School.objects.get(), User.objects.get(), timezone.now()
west = (now.hour - 12)
school.timezone = f"Etc/GMT{west:+d}" if west else "UTC"
school.save()
for _number in range(int(sys.argv[1])):
    make_row(make_case(school, anna), school.today() - datetime.timedelta(days=1))
"""
SWEEP = "import django; django.setup(); from cases.reminders import sweep; sweep()"
# The mail backend takes the mail and then the machine takes the process: nothing is noted.
KILLED_WHILE_MAILING = """
import os, signal, django
django.setup()
from django.core.mail.backends import filebased
filebased.EmailBackend.send_messages = lambda *_a: os.kill(os.getpid(), signal.SIGKILL)
from cases.reminders import sweep
sweep()
"""
LEASES_RUN_OUT = """
import datetime, django
django.setup()
from django.utils import timezone
from cases.models import Reminder
held = Reminder.objects.exclude(lease_until=None)
assert held.count() == 1
held.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
"""
STATES = """
import django
django.setup()
from cases.models import JournalEntry, Reminder
print(*sorted(Reminder.objects.values_list("state", flat=True)))
print(JournalEntry.objects.filter(action="reminded").count())
"""


class Installation:
    """A data folder with its own database, mail and queue; ``processes`` end with the test."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.processes = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("STEENTJE_")},
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "PYTHONPATH": os.pathsep.join(
                filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")])
            ),
            "STEENTJE_SECRET_KEY": settings.SECRET_KEY,
            "STEENTJE_ENCRYPTION_KEYS": settings.ENCRYPTION_KEYS,
            "STEENTJE_DATA": str(folder),
            "STEENTJE_SWEEP_SECONDS": "1",
        }

    def start(self, *arguments):
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.processes.append(process)
        return process

    def run(self, code, *arguments, expected=0):
        process = self.start("-c", code, *arguments)
        output, _none = process.communicate(timeout=60)
        assert process.returncode == expected, output
        return output

    def mails(self):
        return "".join(path.read_text() for path in (self.folder / "mail").glob("*.log"))

    def ids(self):
        return [line for line in self.mails().splitlines() if line.startswith("Message-ID: ")]

    def stop(self):
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.communicate(timeout=8)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


@pytest.fixture
def installation(tmp_path):
    place = Installation(tmp_path)
    try:
        place.run(PREPARE)
        yield place
    finally:
        place.stop()


def wait_for(condition, seconds, *processes):
    """Until the condition holds; fails with what a process said when it ended early."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        for process in processes:
            assert process.poll() is None, process.communicate()[0]
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} seconds")


def test_worker_and_beat_lead_from_a_row_to_a_mail(installation):
    celery = ("-m", "celery", "-A", "noblame")
    worker = installation.start(*celery, "worker", "--pool=solo", "--loglevel=WARNING")
    beat = installation.start(*celery, "beat", "--loglevel=WARNING", "--pidfile=")
    installation.run(ADD, "1")
    wait_for(lambda: installation.ids(), 40, worker, beat)
    wait_for(lambda: installation.run(STATES).split() == ["sent", "1"], 15, worker, beat)
    time.sleep(2.5)  # two more beats
    assert len(installation.ids()) == 1
    assert "anna@school.example" in installation.mails()


def test_two_sweeps_in_two_processes_send_each_row_once(installation):
    installation.run(ADD, "25")
    both = [installation.start("-c", SWEEP) for _number in range(2)]
    for process in both:
        output, _none = process.communicate(timeout=60)
        assert process.returncode == 0, output
    assert len(installation.ids()) == len(set(installation.ids())) == 25
    assert installation.run(STATES).split() == ["sent"] * 25 + ["25"]


def test_a_process_killed_while_mailing_loses_nothing(installation):
    installation.run(ADD, "3")
    installation.run(KILLED_WHILE_MAILING, expected=-signal.SIGKILL)
    installation.run(SWEEP)
    assert installation.run(STATES).split() == ["due", "sent", "sent", "2"]  # one is held by the dead
    installation.run(LEASES_RUN_OUT)
    installation.run(SWEEP)
    assert installation.run(STATES).split() == ["sent"] * 3 + ["3"]
    assert len(set(installation.ids())) == 3
