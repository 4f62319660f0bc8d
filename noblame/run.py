"""Steentje on one machine: ``python -m noblame.run [--port 8000] [--since EPOCH]`` (what `make run` starts).

Prepares the database, the static files and the demo school, then keeps web server, Celery worker
and beat together: their lines under their names, and when one ends, all end and that is said.
Nothing is restarted silently. SIGINT (Ctrl-C), SIGTERM and SIGHUP stop everything.
"""

import argparse
import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 10  # after SIGTERM, before SIGKILL
READY_SECONDS = 60  # slow machines; a process that ends says so at once
PR_SET_PDEATHSIG = 1


def defaults(port: int) -> None:
    """Put what a demo on this machine needs into the environment, where the user has not set it.

    Keys lie in the data folder; STEENTJE_SECRET_KEY or its _FILE form from outside goes first.
    """
    data = Path(os.environ.setdefault("STEENTJE_DATA", str(ROOT / "var"))).resolve()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noblame.settings")
    os.environ.setdefault("STEENTJE_DEMO", "1")
    os.environ.setdefault("STEENTJE_HTTPS", "0")
    os.environ.setdefault("STEENTJE_PUBLIC_URL", f"http://localhost:{port}")
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS"):
        if f"STEENTJE_{name}" not in os.environ:
            os.environ.setdefault(f"STEENTJE_{name}_FILE", str(data / "keys" / name.lower()))
    if "STEENTJE_REDIS_URL" not in os.environ:  # the host's name only keeps the broker's client from warning
        os.environ.setdefault("STEENTJE_BROKER_URL", "filesystem://localhost")
    os.environ["PYTHONUNBUFFERED"] = "1"


def port_is_free(port: int) -> bool:
    """Whether 127.0.0.1:port can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def lock(folder: Path):
    """An open file that holds the data folder for this run, or None when another run holds it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = (folder / "run.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


def prepare() -> str:
    """Tables, shared cache, static files, demo school; return the path of the sign-in page."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.urls import reverse

    django.setup()
    for folder in ("messages", "done", "control"):
        (settings.QUEUE_DIR / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO:
        call_command("demo")  # does nothing when the database holds a school
    connections.close_all()
    return reverse(settings.LOGIN_URL)


def commands(port: int) -> dict[str, list[str]]:
    """The processes by the name before their lines."""
    # As root, in a container, Celery warns at length; here it runs our own one task.
    quiet = ["-W", "ignore:You're running the worker with superuser"]
    celery = [sys.executable, *quiet, "-m", "celery", "-q", "-A", "noblame"]
    return {
        "web": [
            *(sys.executable, "-m", "gunicorn", "noblame.wsgi"),
            *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"),
            *("--no-control-socket", "--log-level", "warning", "--graceful-timeout", "5"),
        ],
        "worker": [
            *celery,
            "worker",
            "--pool=solo",
            "--loglevel=WARNING",
            "--without-gossip",
            "--without-mingle",
        ],
        "beat": [*celery, "beat", "--loglevel=WARNING", "--pidfile="],
    }


def die_with_parent() -> None:
    """In a new child: end when the supervisor is killed, so that no orphan keeps the port (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Starts the commands, passes their lines on under their names, and stops them together.

    `run(ready)` returns the exit code: 0 when asked to stop, 1 when a process ended by itself. `ready`
    is asked, in a thread of its own, until it says True.
    """

    def __init__(self, wanted: dict[str, list[str]], say: Callable[[str], None] = print):
        self.wanted = wanted
        self.say = say
        self.running: dict[str, subprocess.Popen] = {}
        self.readers: list[threading.Thread] = []
        self.asked = threading.Event()
        self.hurry = False

    def ask_to_stop(self, *_):
        self.hurry = self.asked.is_set()  # a second Ctrl-C does not wait
        self.asked.set()

    def start(self) -> None:
        width = max(map(len, self.wanted))
        for name, command in self.wanted.items():
            self.running[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                cwd=ROOT,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then stops them in order
                preexec_fn=die_with_parent,  # no thread runs yet
            )
        for name, process in self.running.items():
            reader = threading.Thread(
                target=self.pass_on, args=(name.ljust(width), process.stdout), daemon=True
            )
            reader.start()
            self.readers.append(reader)

    def pass_on(self, name: str, lines) -> None:
        for line in lines:
            self.say(f"{name} | {line.rstrip()}")

    def ended(self) -> list[str]:
        return [name for name, process in self.running.items() if process.poll() is not None]

    def run(self, ready: Callable[[], bool] | None = None) -> int:
        """Keep everything running until asked to stop; return the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)
        code = 0
        answered = threading.Event()
        started = time.monotonic()

        def wait_until_ready():
            while ready and not self.asked.is_set() and not ready():
                time.sleep(0.2)
            answered.set()

        try:
            self.start()
            threading.Thread(target=wait_until_ready, daemon=True).start()
            while not self.asked.wait(0.2):
                if gone := self.ended():
                    for name in gone:
                        status = self.running[name].returncode
                        self.say(f"{name} ended by itself (exit code {status}): stopping all.")
                    code = 1
                    break
                if not answered.is_set() and time.monotonic() - started > READY_SECONDS:
                    self.say(f"Not everything answered within {READY_SECONDS} s: stopping all.")
                    code = 1
                    break
            else:
                self.say("Stopping ...")
        finally:
            self.stop()
        return code

    def stop(self) -> None:
        """SIGTERM to each process, and after STOP_SECONDS SIGKILL to it and to its children."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + STOP_SECONDS
        while len(self.ended()) < len(self.running) and time.monotonic() < until and not self.hurry:
            time.sleep(0.05)
        for process in self.running.values():
            try:
                os.killpg(process.pid, signal.SIGKILL)  # what is left of its group; mostly nothing
            except (ProcessLookupError, PermissionError):
                continue
        for process in self.running.values():
            process.wait()
        for reader in self.readers:
            reader.join(1)


def page_answers(url: str) -> bool:
    """Whether a GET of the page gives 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  (our own http address)
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def worker_answers() -> bool:
    """Whether a Celery worker answers a ping through the broker now."""
    from . import celery_app

    try:
        return bool(celery_app.control.broadcast("ping", reply=True, timeout=5, limit=1))
    except Exception:  # noqa: BLE001  (whatever the broker's client raises while it starts: not yet)
        return False


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Runs Steentje on this machine.")
    options.add_argument("--port", type=int, default=8000)
    options.add_argument(
        "--since", type=float, default=time.time(), help="when `make run` began, in epoch seconds"
    )
    chosen = options.parse_args(arguments)
    defaults(chosen.port)
    held = lock(Path(os.environ["STEENTJE_DATA"]))
    if held is None:
        print("Steentje already runs from this folder; stop it there first (Ctrl-C).", file=sys.stderr)
        return 1
    if not port_is_free(chosen.port):
        print(
            f"Port {chosen.port} is in use. Choose another: PORT={chosen.port + 1} make run", file=sys.stderr
        )
        return 1
    sign_in = f"http://127.0.0.1:{chosen.port}{prepare()}"

    answered: set[str] = set()

    def ready() -> bool:
        if "web" not in answered and page_answers(sign_in):
            answered.add("web")
        if "web" in answered and worker_answers():
            announce(chosen.port, time.time() - chosen.since)
            return True
        return False

    code = Supervisor(commands(chosen.port), say=lambda line: print(line, flush=True)).run(ready)
    print("Stopped. What was written is kept." if code == 0 else "Stopped, because something went wrong.")
    return code


def announce(port: int, seconds: float) -> None:
    """Say where the application is, and in a demo who can sign in."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    print(
        f"\nSteentje is open at http://localhost:{port}/   (ready in {seconds:.0f} s; Ctrl-C stops)",
        flush=True,
    )
    if settings.DEMO:
        call_command("demo", "--sign-ins")
        connections.close_all()
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
