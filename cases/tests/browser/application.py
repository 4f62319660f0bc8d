"""The application as a school runs it: its own web server, database, mail in a folder, static files
collected.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from noblame.supervisor import ROOT, die_with_parent

PASSED_ON = ("SECRET_KEY", "ENCRYPTION_KEYS", "REDIS_URL")
READY_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Application:
    """One school's installation in a folder of its own; ``ask`` looks behind its scenes
    (remote_setup.py).
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.address = f"http://127.0.0.1:{free_port()}"
        self.database = ""  # on a PostgreSQL server: the name of ours, dropped at the end
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("STEENTJE_")
        }
        self.environment = {
            **kept,
            **{f"STEENTJE_{name}": value for name in PASSED_ON if (value := self._given(name))},
            "DJANGO_SETTINGS_MODULE": "noblame.settings",
            "PYTHONPATH": str(ROOT),
            "STEENTJE_DATA": str(folder),
            "STEENTJE_DEMO": "1",
            "STEENTJE_HTTPS": "0",
            "STEENTJE_DEBUG": "0",
            "STEENTJE_STATIC_MANIFEST": "1",
            "STEENTJE_PUBLIC_URL": self.address,
        }
        self.web = self.remote_setup = None

    @staticmethod
    def _given(name):
        return os.environ.get(f"STEENTJE_{name}", "")

    def start(self):
        self._own_database()
        self._run(sys.executable, "bin/compile_messages.py")
        self._run(sys.executable, "-m", "cases.tests.browser.start_remote_setup", "prepare")
        self.remote_setup = subprocess.Popen(
            [sys.executable, "-m", "cases.tests.browser.start_remote_setup"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=self.environment,
            preexec_fn=die_with_parent,
        )
        with (self.folder / "web.log").open("w") as log:
            self.web = subprocess.Popen(
                [sys.executable, "-m", "noblame.serve", "--port", self.address.rpartition(":")[2]],
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=self.environment,
                preexec_fn=die_with_parent,
            )
        self._wait()
        return self

    def _own_database(self):
        server = os.environ.get("STEENTJE_DATABASE_URL", "")
        if not server.startswith("postgres"):
            return
        self.database = f"steentje_browser_{os.getpid()}"
        self._on_server(f'CREATE DATABASE "{self.database}"')
        self.environment["STEENTJE_DATABASE_URL"] = f"{server.rpartition('/')[0]}/{self.database}"

    @staticmethod
    def _on_server(statement):
        import psycopg

        server = os.environ["STEENTJE_DATABASE_URL"].replace("postgres://", "postgresql://", 1)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, *command):
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _wait(self):
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            assert self.web.poll() is None, (self.folder / "web.log").read_text()
            try:
                urllib.request.urlopen(f"{self.address}/account/sign-in/", timeout=5).close()  # noqa: S310  (loopback only)
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("the application does not answer")

    def ask(self, what: str, **given):
        """The answer of the function ``what`` in remote_setup.py, which runs with the application's
        own data.
        """
        self.remote_setup.stdin.write(json.dumps([what, given]) + "\n")
        self.remote_setup.stdin.flush()
        answer = json.loads(self.remote_setup.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def errors(self) -> str:
        """What the web server complained of."""
        return (self.folder / "web.log").read_text()

    def stop(self):
        for process in filter(None, (self.remote_setup, self.web)):
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pipe in filter(None, (process.stdin, process.stdout)):
                pipe.close()
        if self.database:
            self._on_server(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)
