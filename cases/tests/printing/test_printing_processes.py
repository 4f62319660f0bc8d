"""The real thing: an installation of its own, a worker and beat as processes, one killed in the
middle.
"""

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
from cases.tests.world import make_pupils, make_school, make_user, open_case
call_command("migrate", interactive=False, verbosity=0)
call_command("createcachetable", verbosity=0)
for folder in ("messages", "done", "control"):
    (settings.QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
from cases.tests.world import make_pupils, make_school, make_user, open_case
school = make_school()
anna = make_user(school, "Anna")
open_case(make_pupils(school, "7b", "Noor")[0], anna)
"""
ASK = """
import uuid, django
django.setup()
from cases.actions import print_requests
from cases.models import Case
case = Case.objects.get()
order = {"items": [{"case": str(case.pk), "paper": "sheet-talk"}] * 3}
more = {"language": "nl", "filename": "morgen.pdf", "total": 3, "client_key": uuid.uuid4()}
print_requests.ask_print(case.school, order, by=case.leader, **more)
"""
# The machine takes the process when it has made its second part.
KILLED_IN_THE_MIDDLE = """
import os, signal, django
django.setup()
from cases.printing import job_queue
tell = job_queue._tell
def tell_or_die(job, done, **more):
    if done == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return tell(job, done, **more)
job_queue._tell = tell_or_die
job_queue.run()
"""
LEASES_RUN_OUT = """
import datetime, django
django.setup()
from django.utils import timezone
from cases.models import PrintJob
assert PrintJob.objects.get().state == "running"
PrintJob.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
"""
RUN = "import django; django.setup(); from cases.printing import job_queue; print(job_queue.run())"
STATE = """
import django
django.setup()
from cases.models import PrintJob
job = PrintJob.objects.get()
print(job.state, job.done, job.attempts, bytes(job.result)[:5].decode())
"""


class Installation:
    """A data folder with its own database and queue; ``processes`` end with the test."""

    def __init__(self, folder: Path):
        self.processes = []
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith("STEENTJE_")
            },
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "PYTHONPATH": os.pathsep.join(
                filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")])
            ),
            "STEENTJE_SECRET_KEY": settings.SECRET_KEY,
            "STEENTJE_ENCRYPTION_KEYS": settings.ENCRYPTION_KEYS,
            "STEENTJE_DATA": str(folder),
            "STEENTJE_SMTP_HOST": "127.0.0.1",
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

    def run(self, code, expected=0):
        process = self.start("-c", code)
        output, _none = process.communicate(timeout=90)
        assert process.returncode == expected, output
        return output

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


def test_a_worker_killed_in_the_middle_is_followed_by_another(installation):
    installation.run(ASK)
    installation.run(KILLED_IN_THE_MIDDLE, expected=-signal.SIGKILL)
    assert installation.run(STATE).split() == ["running", "1", "1"]
    assert installation.run(RUN).strip() == "0"  # the dead one still holds it
    installation.run(LEASES_RUN_OUT)
    assert installation.run(RUN).strip() == "1"
    assert installation.run(STATE).split() == ["done", "3", "2", "%PDF-"]


def test_beat_and_worker_make_what_was_asked(installation):
    installation.run(ASK)
    celery = ("-m", "celery", "-A", "noblame")
    running = [
        installation.start(*celery, "worker", "--pool=solo", "--loglevel=WARNING"),
        installation.start(*celery, "beat", "--loglevel=WARNING", "--pidfile="),
    ]
    end = time.monotonic() + 90
    while time.monotonic() < end:
        for process in running:
            assert process.poll() is None, process.communicate()[0]
        if installation.run(STATE).split()[0] == "done":
            return
        time.sleep(0.5)
    raise AssertionError("not made within 90 seconds")
