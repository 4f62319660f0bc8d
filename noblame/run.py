"""Steentje on one machine: ``python -m noblame.run [--port 8000] [--since EPOCH]`` (what `make run`
starts).

Prepares the database, the static files and the demo school, then keeps web server, Celery worker
and beat together: their lines under their names, and one that ends is started again, which is said.
Only a web server that cannot start ends the run. SIGINT (Ctrl-C), SIGTERM and SIGHUP stop
everything.
"""

import argparse
import fcntl
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TextIO

from .starting import refuse_unless_ready
from .supervisor import ROOT, Supervisor

WORKER_SECONDS = 30  # how long the sign-ins are held back until the worker answers too


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
    # the host's name only keeps the broker's client from warning
    if "STEENTJE_REDIS_URL" not in os.environ:
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


def lock(folder: Path) -> TextIO | None:
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
    refuse_unless_ready()
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
    # As root, in a container, Celery warns at length; here it runs our own tasks.
    quiet = ["-W", "ignore:You're running the worker with superuser"]
    celery = [sys.executable, *quiet, "-m", "celery", "-q", "-A", "noblame"]
    return {
        "web": [sys.executable, "-m", "noblame.serve", "--port", str(port)],
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


def page_answers(url: str) -> bool:
    """Whether a GET of the page gives 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  (our own http address)
            return bool(answer.status == 200)
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
        print(
            "Steentje already runs from this folder; stop it there first (Ctrl-C).", file=sys.stderr
        )
        return 1
    if not port_is_free(chosen.port):
        print(
            f"Port {chosen.port} is in use. Choose another: PORT={chosen.port + 1} make run",
            file=sys.stderr,
        )
        return 1
    sign_in = f"http://127.0.0.1:{chosen.port}{prepare()}"

    def ready() -> bool:
        if not page_answers(sign_in):
            return False
        threading.Thread(target=tell, args=(chosen.port, chosen.since), daemon=True).start()
        return True

    code = Supervisor(commands(chosen.port), say=lambda line: print(line, flush=True)).run(ready)
    print(
        "Stopped. What was written is kept."
        if code == 0
        else "Stopped, because something went wrong."
    )
    return code


def tell(port: int, since: float) -> None:
    """Once the worker answers too, or has had its time, say where everything is."""
    until = time.monotonic() + WORKER_SECONDS
    while not (works := worker_answers()) and time.monotonic() < until:
        time.sleep(0.2)
    announce(port, time.time() - since)
    if not works:
        print("The worker does not answer yet: reminders and long prints wait for it.", flush=True)


def announce(port: int, seconds: float) -> None:
    """Say where the application is, and in a demo who can sign in."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    print(
        f"\nSteentje is open at http://localhost:{port}/   "
        f"(ready in {seconds:.0f} s; Ctrl-C stops)",
        flush=True,
    )
    if settings.DEMO:
        call_command("demo", "--sign-ins")
        connections.close_all()
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
