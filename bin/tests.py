#!/usr/bin/env python3
"""The tests: first all but the browser's on every core, then the browser's one after another.

    python bin/tests.py [--without postgresql,redis] [--coverage] [pytest's own options]

What a missing optional service would have tested is said in one line each, and is a failure when
CI=true. `--without` names what another run of the same check covers: said, but no failure.

With `--coverage` (or COVERAGE=1) the lines and branches are counted that run, in every process that
the tests start; coverage.json has the result, and less than fail_under in pyproject.toml is a
failure of a full run. It takes longer, so an ordinary run leaves it out.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
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
            "Redis: sign-in limits and the queue are tested without it"
            " (set STEENTJE_REDIS_URL=redis://...)"
        )
    elif not listens(redis, 6379):
        raise SystemExit("STEENTJE_REDIS_URL is set, but nothing answers there.")
    if not browser():
        lines["chromium"] = (
            "Chromium: no test clicks through the screens or looks at accessibility"
            " (Debian: chromium)"
        )
    if not shutil.which("pdftotext"):
        lines["poppler"] = (
            "pdftotext: paper is not read back by a second program (Debian: poppler-utils)"
        )
    return lines


def run(command: list[str], environment: dict[str, str]) -> int:
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


def run_pytest(before: list[str], given: list[str], environment: dict[str, str]) -> list[int]:
    """The exit codes of the two parts; ``before`` comes before "-m pytest"."""
    pytest = [*before, "-m", "pytest", "-rs", *given]
    codes = [run([*pytest, "-m", "not browser", "-n", "2", "--dist", "worksteal"], environment)]
    if path := browser():
        environment = {**environment, "STEENTJE_CHROMIUM": path}
        codes.append(run([*pytest, "-m", "browser", "-p", "no:xdist"], environment))
    return codes


def report_coverage(environment: dict[str, str], *, whole: bool) -> bool:
    """Write coverage.json and print the total; False when a full run is below the floor."""
    coverage = [sys.executable, "-m", "coverage"]
    if run([*coverage, "combine", "--quiet"], environment):
        return False
    run([*coverage, "json", "--quiet", "--fail-under=0", "-o", "coverage.json"], environment)
    floor = [] if whole else ["--fail-under=0"]
    return run([*coverage, "report", "--format=total", *floor], environment) == 0


def main() -> int:
    options = argparse.ArgumentParser(description="Runs the tests.")
    options.add_argument(
        "--without", default="", help="services that another run covers, with commas"
    )
    options.add_argument(
        "--coverage",
        action="store_true",
        default=os.environ.get("COVERAGE") == "1",
        help="count the lines and branches that run",
    )
    chosen, for_pytest = options.parse_known_args()
    left = {word for word in chosen.without.replace(",", " ").split() if word}
    lines = missing()
    for line in lines.values():
        print(f"not tested here: {line}", flush=True)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("STEENTJE_") or name in PASSED_ON
    }
    covered = True
    if chosen.coverage:
        with tempfile.TemporaryDirectory(prefix="steentje-coverage-") as folder:
            environment["COVERAGE_FILE"] = str(Path(folder) / "data")
            environment["COVERAGE_RCFILE"] = str(ROOT / "pyproject.toml")
            codes = run_pytest([sys.executable, "-m", "coverage", "run"], for_pytest, environment)
            covered = report_coverage(environment, whole=not for_pytest)
    else:
        codes = run_pytest([sys.executable], for_pytest, environment)
    # A choice of tests (-k, a path) may leave one of the two without any; a full run may not.
    fine = {0, NO_TESTS} if for_pytest else {0}
    failed = not fine.issuperset(codes) or not covered
    unexcused = sorted(set(lines) - left)
    if os.environ.get("CI") == "true" and unexcused:
        print(f"CI: missing is a failure: {', '.join(unexcused)}")
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
