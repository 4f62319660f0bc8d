#!/usr/bin/env python3
"""Makes a fresh checkout ready: virtual environment, pinned packages, native libraries,
translations, keys.

    python3 bin/set_up.py [--dev] [--data FOLDER]

Runs with the standard library alone, does only what is not done yet, and ends with one clear line
and exit code 1 when the machine lacks something that may not be installed from here.
"""

from __future__ import annotations

import argparse
import ctypes
import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed-requirements"

# What WeasyPrint opens at run time: the library's name and the Debian package that brings it.
NATIVE = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz": "libharfbuzz0b",
    "harfbuzz-subset": "libharfbuzz-subset0",
    "fontconfig": "libfontconfig1",
    "gobject-2.0": "libglib2.0-0",
}


class CannotSetUp(Exception):
    """The machine lacks something; the message is the one line that says what to do."""


def opens(library: str) -> bool:
    """Whether the shared library of that name ("pango-1.0") can be loaded on this machine."""
    names = (ctypes.util.find_library(library), f"lib{library}.so.0", f"lib{library}.so.1")
    for name in filter(None, names):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def may_install() -> list[str] | None:
    """How to call apt-get without being asked for a password: the words before it; None when not
    possible.
    """
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def apt_install(packages: list[str], reason: str) -> None:
    """Install Debian packages, or raise CannotSetUp with the line a person can type. `reason`: what
    for.
    """
    names = " ".join(packages)
    line = f"{reason}: install {names} (Debian, Ubuntu: sudo apt-get install {names})"
    before = may_install()
    if before is None:
        raise CannotSetUp(line)
    print(f"{reason}: installing {names}", flush=True)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    front = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    # a stale list is no reason to stop: the next line tells
    subprocess.run([*front, "update"], **quiet)
    done = subprocess.run([*front, "install", "--no-install-recommends", *packages], **quiet)
    if done.returncode:
        raise CannotSetUp(line)


def check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  (the system's Python starts this)
        found = ".".join(map(str, sys.version_info[:3]))
        raise CannotSetUp(
            f"Python 3.11 or newer is needed, this is {found}. Try: make run PYTHON=python3.11"
        )


def make_venv() -> Path:
    """The Python of the virtual environment, which is made when it is not there."""
    python = VENV / "bin" / "python"
    if (
        python.exists()
        and subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0
    ):
        return python
    print("making the virtual environment .venv", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, capture_output=True).returncode:
        apt_install(["python3-venv"], "Python's venv module is not complete")
        again = subprocess.run(command, capture_output=True, text=True)
        if again.returncode:
            raise CannotSetUp(
                f"The virtual environment cannot be made: {again.stderr.strip()[-200:]}"
            )
    return python


def install(python: Path, files: list[Path]) -> None:
    """Install what the pinned files say; nothing when they have not changed since the last time.

    `--require-hashes`: a file that is not the one that was pinned is refused, whoever delivers it.
    """
    marks = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    done = dict(line.split() for line in STAMP.read_text().splitlines()) if STAMP.exists() else {}
    wanted = [file for file in files if done.get(file.name) != marks[file.name]]
    if not wanted:
        return
    names = " and ".join(file.name for file in wanted)
    print(f"installing {names} (the first time this takes a minute)", flush=True)
    words = [word for file in wanted for word in ("-r", str(file))]
    quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
    command = [python, "-m", "pip", "install", *quiet, "--require-hashes", *words]
    if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:
        raise CannotSetUp(
            f"The packages of {names} could not be installed; pip's lines above say why."
        )
    STAMP.write_text("".join(f"{name} {mark}\n" for name, mark in {**done, **marks}.items()))


def check_native() -> None:
    missing = [package for library, package in NATIVE.items() if not opens(library)]
    if missing:
        apt_install(missing, "Printing (WeasyPrint) needs native libraries")


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Makes a fresh checkout ready.")
    options.add_argument("--dev", action="store_true", help="also what the tests and checks need")
    options.add_argument("--data", default=os.environ.get("STEENTJE_DATA") or str(ROOT / "var"))
    chosen = options.parse_args(arguments)
    files = [ROOT / "requirements.txt"] + ([ROOT / "requirements-dev.txt"] if chosen.dev else [])
    try:
        check_python()
        python = make_venv()
        install(python, files)
        check_native()
    except CannotSetUp as reason:
        print(reason, file=sys.stderr)
        return 1
    subprocess.run([python, ROOT / "bin" / "compile_messages.py"], check=True)
    keys = Path(chosen.data) / "keys"
    Path(chosen.data).mkdir(mode=0o700, parents=True, exist_ok=True)
    subprocess.run([python, "-m", "noblame.keys", str(keys)], check=True, cwd=ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
