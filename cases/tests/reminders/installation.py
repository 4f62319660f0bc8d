"""An installation of its own for a test: database, queue and mail server's address, and its
processes.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

PREPARE = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import connection
connection.cursor().execute("PRAGMA synchronous=OFF")
call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
call_command("createcachetable", verbosity=0)
for folder in ("messages", "done", "control"):
    (settings.QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
"""
SUPERVISE = """
import sys
from noblame.supervisor import Supervisor
wanted = {"worker": sys.argv[1:]}
sys.exit(Supervisor(wanted, lambda line: print(line, flush=True), essential="worker").run())
"""
DATABASE = "steentje.sqlite3"
CELERY = ("-m", "celery", "-q", "-A", "noblame")
LONG_AGO = "2000-01-01 00:00:00"


class Installation:
    """A data folder with its own database, mail and queue; ``processes`` end with the test."""

    def __init__(self, folder: Path, **variables):
        self.folder = folder
        self.processes = []
        self._worker = None
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
            "STEENTJE_HTTPS": "0",
            "STEENTJE_STATIC_MANIFEST": "0",
            "STEENTJE_SWEEP_SECONDS": "1",
            **variables,
        }

    @classmethod
    def copy_of(cls, ready: Path, folder: Path, box):
        """An installation like the one in ``ready``, whose mail goes to ``box``."""
        shutil.copytree(ready, folder, dirs_exist_ok=True)
        return cls(
            folder,
            STEENTJE_SMTP_HOST="127.0.0.1",
            STEENTJE_SMTP_PORT=str(box.port),
            STEENTJE_SMTP_TLS="0",
            STEENTJE_BROKER_URL="filesystem://localhost",
        )

    def prepare(self):
        """Tables and folders."""
        process = self.start("-c", PREPARE)
        assert process.wait(120) == 0, self.said(process)

    def start(self, *arguments, **options):
        """A Python process of this installation; what it says is in a file, which never fills up a
        pipe.
        """
        out = (self.folder / f"said-{len(self.processes)}").open("w")
        options.setdefault("stdout", out)
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=settings.BASE_DIR,
            stderr=out,
            text=True,
            **options,
        )
        process.said = Path(out.name)
        out.close()
        self.processes.append(process)
        return process

    def said(self, process) -> str:
        return process.said.read_text()

    def worker(self, *pool, supervised=False):
        """A Celery worker as `noblame.run` starts it, or with another pool than its own process.

        ``supervised`` has it started again whenever it ends, as every installation does.
        """
        quiet = ("--loglevel=WARNING", "--without-gossip", "--without-mingle")
        command = (*CELERY, "worker", *quiet, *(pool or ("--pool=solo",)))
        if supervised:
            command = ("-c", SUPERVISE, sys.executable, *command)
        return self.start(*command)

    def beat(self):
        """A clock that asks every second."""
        return self.start(*CELERY, "beat", "--loglevel=WARNING", "--pidfile=")

    def do(self, what, **more):
        """Have a process of this installation do something of `installation_worker`; its answer."""
        if self._worker is None:
            self._worker = self.start(
                "-m",
                "cases.tests.reminders.installation_worker",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        self._worker.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self._worker.stdin.flush()
        line = self._worker.stdout.readline()
        assert line, self.said(self._worker)
        return json.loads(line)

    def ask(self, sql, *values):
        """Rows from the database, beside all processes."""
        connection = sqlite3.connect(self.folder / DATABASE, timeout=30)
        try:
            with connection:
                return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def states(self) -> dict:
        """How many mails of the day are in which state."""
        return dict(self.ask("SELECT state, count(*) FROM cases_dailymail GROUP BY state"))

    def time_passes(self):
        """Leases of the dead and waits after a failure are over."""
        self.ask(
            "UPDATE cases_dailymail SET lease_until = ? WHERE state = 'due' AND lease_until IS NOT "
            "NULL",
            LONG_AGO,
        )

    def stop(self):
        if self._worker is not None:
            self._worker.stdin.close()
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pipe in filter(None, (process.stdin, process.stdout)):
                pipe.close()


def kill(process):
    """SIGKILL: no time for a last word."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def wait_for(condition, seconds, *processes, every=0.05):
    """Until the condition holds; fails with what a process said when it ended early."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        for process in processes:
            assert process.poll() is None, process.said.read_text()
        time.sleep(every)
    raise AssertionError(
        "\n".join([f"not within {seconds} seconds", *(p.said.read_text() for p in processes)])
    )
