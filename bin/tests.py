#!/usr/bin/env python3
"""The tests: first all but the browser's on every core, then the browser's one after another.

    python bin/tests.py [--without postgresql,redis] [pytest's own options]

What a missing optional service would have tested is said in one line each, and is a failure when
CI=true. `--without` names what another run of the same check covers: said, but no failure.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Keys, data folder and the rest come from conftest.py: tests never write where somebody works.
PASSED_ON = {f"STEENTJE_{name}" for name in ("DATABASE_URL", "REDIS_URL", "CHROMIUM", "CORPORA")}
NO_TESTS = 5  # pytest's exit code when nothing was selected


def browser() -> str | None:
    """The path of Chromium or Chrome: STEENTJE_CHROMIUM, or the first found on PATH."""
    return os.environ.get("STEENTJE_CHROMIUM") or next(
        filter(None, map(shutil.which, BROWSERS)), None
    )


def listens(url: str, port: int) -> bool:
    """Whether something listens where the address points (a socket file path counts as yes)."""
    parts = urlsplit(url)
    if not parts.hostname:
        return True
    try:
        socket.create_connection((parts.hostname, parts.port or port), timeout=3).close()
    except OSError:
        return False
    return True


def missing() -> dict[str, str]:
    """Optional service → the line about what is not tested without it."""
    lines = {}
    database = os.environ.get("STEENTJE_DATABASE_URL", "")
    redis = os.environ.get("STEENTJE_REDIS_URL", "")
    if not database.startswith("postgres"):
        lines["postgresql"] = (
            "PostgreSQL: the tests run on SQLite only (set STEENTJE_DATABASE_URL=postgres://...)"
        )
    elif not listens(database, 5432):
        raise SystemExit("STEENTJE_DATABASE_URL is set, but nothing answers there.")
    if not redis:
        lines["redis"] = (
            "Redis: sign-in limits and the queue are tested without it (set STEENTJE_REDIS_URL=redis://...)"
        )
    elif not listens(redis, 6379):
        raise SystemExit("STEENTJE_REDIS_URL is set, but nothing answers there.")
    if not browser():
        lines["chromium"] = (
            "Chromium: no test clicks through the screens or looks at accessibility (Debian: chromium)"
        )
    if not shutil.which("pdftotext"):
        lines["poppler"] = (
            "pdftotext: paper is not read back by a second program (Debian: poppler-utils)"
        )
    return lines


def main() -> int:
    options = argparse.ArgumentParser(description="Runs the tests.")
    options.add_argument(
        "--without", default="", help="services that another run covers, with commas"
    )
    chosen, for_pytest = options.parse_known_args()
    left = {word for word in chosen.without.replace(",", " ").split() if word}
    lines = missing()
    for line in lines.values():
        print(f"not tested here: {line}", flush=True)
    pytest = [sys.executable, "-m", "pytest", "-rs", *for_pytest]
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("STEENTJE_") or name in PASSED_ON
    }
    codes = []
    quick = [*pytest, "-m", "not browser", "-n", "2", "--dist", "worksteal"]
    codes.append(subprocess.run(quick, cwd=ROOT, env=environment).returncode)
    if path := browser():
        environment["STEENTJE_CHROMIUM"] = path
        clicking = [*pytest, "-m", "browser", "-p", "no:xdist"]
        codes.append(subprocess.run(clicking, cwd=ROOT, env=environment).returncode)
    # A choice of tests (-k, a path) may leave one of the two without any; a full run may not.
    fine = {0, NO_TESTS} if for_pytest else {0}
    failed = not fine.issuperset(codes)
    unexcused = sorted(set(lines) - left)
    if os.environ.get("CI") == "true" and unexcused:
        print(f"CI: missing is a failure: {', '.join(unexcused)}")
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
