#!/usr/bin/env python3
"""The quick part of `make test`: format, lint, imports, types, migrations, deployment, catalogues.

All steps run, also after one failed, so that one look shows everything. Exit code 1 when any
failed.
"""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 60
HERE = Path(sys.executable).parent
STATIC = ("static/css", "static/js")


def throw_away(folder: str) -> dict[str, str]:
    """An environment as in production, with keys that live as long as this run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STEENTJE_")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "noblame.settings",
        "STEENTJE_DATA": folder,
        "STEENTJE_HTTPS": "1",
        "STEENTJE_HOSTS": "steentje.example",
        "STEENTJE_SECRET_KEY": secrets.token_urlsafe(64),
        "STEENTJE_ENCRYPTION_KEYS": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "STEENTJE_SMTP_HOST": "127.0.0.1",
    }


def steps() -> dict[str, list[str]]:
    manage = [sys.executable, "manage.py"]
    return {
        "format": [str(HERE / "ruff"), "format", "--check", "--quiet", "."],
        "lint": [str(HERE / "ruff"), "check", "--quiet", "--output-format", "concise", "."],
        "CSS, JS format": [str(HERE / "oxfmt"), "--check", *STATIC],
        "JavaScript": [str(HERE / "oxlint"), "--deny-warnings", "--format", "unix", STATIC[1]],
        "CSS": [sys.executable, "bin/check_styles.py"],
        "templates format": [str(HERE / "djangofmt"), "--check", "templates"],
        "templates": [str(HERE / "djangofmt"), "check", "--output-format", "concise", "templates"],
        "line length": [sys.executable, "bin/check_lines.py"],
        "imports": [str(HERE / "lint-imports"), "--no-cache", "--no-logo"],
        "forbidden calls": [sys.executable, "bin/forbidden.py"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "check --deploy": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        "types": [str(HERE / "mypy"), "--no-error-summary", "--hide-error-context"],
        "translations": [sys.executable, "bin/check_messages.py"],
    }


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory(prefix="steentje-lint-") as folder:
        environment = throw_away(folder)
        for name, command in steps().items():
            began = time.monotonic()
            streams = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
            done = subprocess.run(command, cwd=ROOT, env=environment, **streams)
            said = (done.stdout + done.stderr).strip()
            mark = "FAILED" if done.returncode else "ok"
            print(f"{name:<16} {mark} ({time.monotonic() - began:.1f} s)", flush=True)
            if done.returncode:
                failed.append(name)
                lines = said.splitlines()
                print("\n".join(lines[:MOST_LINES]), flush=True)
                if len(lines) > MOST_LINES:
                    more = len(lines) - MOST_LINES
                    print(f"... and {more} lines more: {' '.join(command)}", flush=True)
            elif "not installed" in said:
                print(f"  {said.splitlines()[0]}", flush=True)
    if failed:
        print(f"The quick part failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
