#!/usr/bin/env python3
"""Message catalogues: Dutch complete and current. With --write, brings locale/nl up to date
instead.

    python bin/check_messages.py [--write]

Extraction needs GNU gettext. Without it only completeness is checked and one line says so; in CI
(CI=true) that is a failure.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "nl"
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
COPIED = ("cases", "noblame", "templates", "locale", "manage.py")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc", "*.mo", "tests")
BRACES = re.compile(r"(?<!\{)\{(\w*)\}(?!\})|%\((\w+)\)[sd]")


def extract(folder: Path) -> Path:
    """Run makemessages on a copy of the sources in `folder`; return the catalogue it brings up to
    date.

    The copy keeps the tree as it is, and tests out of the catalogue.
    """
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=NOT_COPIED)
        else:
            shutil.copy(source, folder / name)
    (folder / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "-l",
        LANGUAGE,
        "--no-wrap",
        "--no-obsolete",
    ]
    command += ["--add-location", "file", "--verbosity", "0"]
    # makemessages needs no settings, and so no keys: it reads files only.
    environment = {
        name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"makemessages failed: {done.stderr.strip()}")
    return folder / CATALOGUE


def placeholders(text: str) -> set[str]:
    return {first or second for first, second in BRACES.findall(text)}


def entries(path: Path) -> dict[tuple[str | None, str], polib.POEntry]:
    catalogue = polib.pofile(str(path), encoding="utf-8")
    return {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}


def complaints(path: Path) -> list[str]:
    """What is wrong with one catalogue by itself, one line each."""
    wrong = []
    for entry in polib.pofile(str(path), encoding="utf-8"):
        short = entry.msgid[:70].replace("\n", " ")
        if entry.obsolete:
            wrong.append(f"obsolete: {short}")
        elif entry.fuzzy:
            wrong.append(f"fuzzy: {short}")
        elif not entry.translated():
            wrong.append(f"not translated: {short}")
        else:
            asked = placeholders(entry.msgid) | placeholders(entry.msgid_plural or "")
            for given in [entry.msgstr, *entry.msgstr_plural.values()]:
                if given and placeholders(given) - asked:
                    wrong.append(
                        f"unknown placeholder {sorted(placeholders(given) - asked)}: {short}"
                    )
    return wrong


def tidy(path: Path) -> None:
    """Keep the catalogue calm in version control: sorted by file and text, no line numbers, no
    dates.
    """
    catalogue = polib.pofile(str(path), encoding="utf-8", wrapwidth=0)
    for entry in catalogue:
        entry.occurrences = sorted({(name, "") for name, _line in entry.occurrences})
        if "python-format" in entry.flags and "%" in entry.msgid and not placeholders(entry.msgid):
            entry.flags.remove("python-format")  # a per cent sign in a sentence
    catalogue.sort(
        key=lambda entry: (entry.obsolete, entry.occurrences[:1], entry.msgid, entry.msgctxt or "")
    )
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Report-Msgid-Bugs-To",
    ):
        catalogue.metadata.pop(name, None)
    catalogue.save(str(path))


def main() -> int:
    options = argparse.ArgumentParser(description="Checks the message catalogues.")
    options.add_argument("--write", action="store_true", help="bring the catalogue up to date")
    write = options.parse_args().write
    wrong = complaints(ROOT / CATALOGUE) if (ROOT / CATALOGUE).exists() and not write else []
    if not shutil.which("xgettext"):
        print(
            "GNU gettext is not installed: not checked whether the catalogue misses texts (Debian: gettext)"
        )
        if write or os.environ.get("CI") == "true":
            return 1
    else:
        with tempfile.TemporaryDirectory(prefix="steentje-messages-") as folder:
            fresh = extract(Path(folder))
            if write:
                tidy(fresh)
                (ROOT / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(fresh, ROOT / CATALOGUE)
                wrong = complaints(ROOT / CATALOGUE)
            else:
                have = entries(ROOT / CATALOGUE) if (ROOT / CATALOGUE).exists() else {}
                found = entries(fresh)
                wrong += [f"missing: {key[1][:70]}" for key in found if key not in have]
                wrong += [f"no longer used: {key[1][:70]}" for key in have if key not in found]
    for line in wrong[:40]:
        print(line)
    if wrong:
        print(
            f"{len(wrong)} to put right in {CATALOGUE}; 'make messages' brings in what is missing"
        )
    return 0 if write or not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
