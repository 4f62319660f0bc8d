"""Servers of a test's own: a PostgreSQL cluster, Redis, and the application in front of them.
Loopback only.
"""

import contextlib
import http.cookiejar
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from cases.tests.browser.application import free_port
from cases.tests.reminders.installation import Installation, kill, wait_for

PREPARE = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
call_command("createcachetable", verbosity=0)
for folder in ("messages", "done", "control"):
    (settings.QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
"""
PASSWORD = "een lang genoeg wachtwoord"


class Site(Installation):
    """An installation that is served as well."""

    def __init__(self, folder, **variables):
        # nothing is mailed here
        mail = {
            "STEENTJE_SMTP_HOST": "127.0.0.1",
            "STEENTJE_SMTP_PORT": "1",
        }
        super().__init__(folder, **{**mail, **variables})
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    def prepare(self):
        self.run(PREPARE)

    def run(self, code):
        """Run some lines of Python as this installation; what they print."""
        process = self.start("-c", code)
        assert process.wait(300) == 0, self.said(process)
        return self.said(process)

    def serve(self):
        """The web server, once it answers."""
        web = self.start("-m", "noblame.serve", "--port", str(self.port))
        wait_for(
            lambda: Browser(self.address).get("/account/sign-in/").status == 200, 60, web, every=0.2
        )
        return web


class Answer:
    """What a browser got: status 0 when nobody answered."""

    def __init__(self, status, body="", headers=None, began=0.0):
        self.status, self.body, self.headers, self.began = status, body, headers or {}, began


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


class Browser:
    """A person's browser, as far as these tests need one."""

    def __init__(self, address):
        self.address, self.token = address, ""
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), _Stay
        )

    def get(self, path):
        return self._ask(path, None, {})

    def post(self, path, fields, *, itself=False):
        """Post a form, from the page itself while somebody types, or by its button."""
        headers = {"Referer": self.address + path} | ({"X-Autosave": "1"} if itself else {})
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()
        return self._ask(path, data, headers)

    def _ask(self, path, data, headers):
        began = time.monotonic()
        request = urllib.request.Request(self.address + path, data=data, headers=headers)  # noqa: S310  (loopback only)
        try:
            answer = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        except OSError as error:
            return Answer(0, str(error), began=began)
        body = answer.read().decode("utf-8", "replace")
        if found := re.search(r'csrfmiddlewaretoken" value="([^"]+)"', body):
            self.token = found[1]
        return Answer(answer.status, body, answer.headers, began)

    def sign_in(self, email, password=PASSWORD):
        self.get("/account/sign-in/")
        answer = self.post("/account/sign-in/", {"login": email, "password": password})
        if answer.status == 302:
            self.get("/account/settings/")  # signing in gave a new token
        return answer


def postgresql_programs() -> Path:
    """The folder of PostgreSQL's server programs; skips the test when they are not installed."""
    found = []
    if shutil.which("pg_config"):
        asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True)
        found.append(asked.stdout.strip())
    found += sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    for folder in found:
        if (Path(folder) / "initdb").exists():
            return Path(folder)
    pytest.skip(
        "PostgreSQL's server programs are not installed (Debian: postgresql): no cluster can be "
        "stopped"
    )


class Cluster:
    """A PostgreSQL cluster in a folder of its own; as root it runs as the user postgres."""

    def __init__(self):
        self.programs = postgresql_programs()
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="steentje-pg-"))
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._do(
            "initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-D", self.data
        )
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def data(self):
        return self.folder / "data"

    def _do(self, program, *arguments):
        command = [str(self.programs / program), *map(str, arguments)]
        if os.getuid() == 0:
            command = ["su", "postgres", "-c", shlex.join(command)]
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
        )
        return done

    def start(self):
        """Returns when it takes connections."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        done = self._do(
            "pg_ctl", "-s", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options, "start"
        )
        assert done.returncode == 0, (self.folder / "log").read_text()

    def stop(self, how):
        """``how``: fast, immediate, or kill for SIGKILL to all its processes at once."""
        if how != "kill":
            self._do("pg_ctl", "-s", "-w", "-D", self.data, "-m", how, "stop")
            return
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        pids = [first, *_children(first)]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), 10)

    def remove(self):
        self._do("pg_ctl", "-s", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def _children(pid):
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True
    )
    return [int(each) for each in listed.stdout.split()]


class Redis:
    """A Redis server that forgets everything when it ends."""

    def __init__(self, folder):
        if shutil.which("redis-server") is None:
            pytest.skip("redis-server is not installed: it cannot be killed")
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        self.process = subprocess.Popen(
            [
                *("redis-server", "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--dir", str(self.folder)),
            ],
            stdout=subprocess.DEVNULL,
        )
        wait_for(self._answers, 20)

    def _answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            kill(self.process)


@contextlib.contextmanager
def small_disk(folder: Path, size="16m"):
    """A file system of a few megabytes at this folder; skips the test where nobody may mount
    one.
    """
    if sys.platform != "linux" or os.getuid() != 0:
        pytest.skip("only root can mount a small file system: a really full disk is not tried")
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"no small file system can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path) -> Path:
    """Fill the disk to its last byte; returns the file to remove again."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)
    return filler
