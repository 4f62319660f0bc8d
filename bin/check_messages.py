#!/usr/bin/env python3
"""Message catalogues: complete and current for every language in settings.LANGUAGES but English,
the source. With --write, brings those in locale/ up to date instead.

    python bin/check_messages.py [--write]

Extraction needs GNU gettext. Without it only completeness is checked and one line says so; in CI
(CI=true) that is a failure.
"""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "noblame" / "settings.py"
SOURCE = "en"
COPIED = ("cases", "noblame", "templates", "locale", "manage.py")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc", "*.mo", "tests")
MOST_LINES = 40
BRACES = re.compile(r"(?<!\{)\{(\w*)\}(?!\})|%\((\w+)\)[sd]")


def offered(source: str) -> list[str]:
    """The languages to translate into, from the text of settings.py: loading it would need keys."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LANGUAGES":
            codes = [pair.elts[0].value for pair in node.value.elts]
            return [code for code in codes if code != SOURCE]
    raise SystemExit("settings.py has no LANGUAGES = [(code, name), ...]")


def catalogue_of(language: str) -> Path:
    """Where its catalogue is, below the root; Django writes pt-br as pt_BR there."""
    first, _, region = language.partition("-")
    name = f"{first}_{region.upper()}" if region else first
    return Path("locale") / name / "LC_MESSAGES" / "django.po"


def extract(folder: Path, languages: list[str]) -> None:
    """Run makemessages on a copy of the sources in `folder`, where it brings the catalogues up to
    date.

    The copy keeps the tree as it is, and tests out of the catalogues.
    """
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=NOT_COPIED)
        else:
            shutil.copy(source, folder / name)
    command = [sys.executable, "-m", "django", "makemessages", "--no-wrap", "--no-obsolete"]
    command += ["--add-location", "file", "--verbosity", "0"]
    for language in languages:
        (folder / catalogue_of(language)).parent.mkdir(parents=True, exist_ok=True)
        command += ["-l", catalogue_of(language).parts[1]]
    # makemessages needs no settings, and so no keys: it reads files only.
    environment = {
        name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"makemessages failed: {done.stderr.strip()}")


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
    dates. What gettext guessed from a text that looks like it waits for a translation.
    """
    catalogue = polib.pofile(str(path), encoding="utf-8", wrapwidth=0)
    for entry in catalogue:
        if entry.fuzzy:
            entry.flags.remove("fuzzy")
            entry.msgstr, entry.previous_msgid, entry.previous_msgctxt = "", None, None
            entry.previous_msgid_plural = None
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
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


def compare(have: Path, fresh: Path) -> list[str]:
    """Which texts of the code a catalogue misses, and which of its texts the code has no more."""
    known, found = entries(have), entries(fresh)
    wrong = [f"missing: {key[1][:70]}" for key in found if key not in known]
    wrong += [f"no longer used: {key[1][:70]}" for key in known if key not in found]
    if not wrong and places(have) != places(fresh):
        wrong = ["texts moved to other files: without 'make messages' the next change carries that"]
    return wrong


def places(path: Path) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each text with the files that it stands in, in the order of the catalogue."""
    catalogue = polib.pofile(str(path), encoding="utf-8")
    return [(entry.msgid, entry.occurrences) for entry in catalogue]


def write(fresh: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(fresh, target)


def main() -> int:
    options = argparse.ArgumentParser(description="Checks the message catalogues.")
    options.add_argument("--write", action="store_true", help="bring the catalogues up to date")
    writing = options.parse_args().write
    languages = offered(SETTINGS.read_text(encoding="utf-8"))
    can_extract = shutil.which("xgettext") is not None
    if not can_extract:
        print(
            "GNU gettext is not installed: not checked whether a catalogue misses texts"
            " (Debian: gettext)"
        )
        if writing or os.environ.get("CI") == "true":
            return 1
    failed = False
    with tempfile.TemporaryDirectory(prefix="steentje-messages-") as folder:
        if can_extract:
            extract(Path(folder), languages)
        for language in languages:
            catalogue = catalogue_of(language)
            target, fresh = ROOT / catalogue, Path(folder) / catalogue
            if can_extract:
                tidy(fresh)
            if writing:
                write(fresh, target)
            if not target.exists():
                wrong = [f"there is no catalogue, and settings.LANGUAGES offers {language}"]
            else:
                wrong = complaints(target)
                if can_extract and not writing:
                    wrong += compare(target, fresh)
            for line in wrong[:MOST_LINES]:
                print(f"{language}: {line}")
            if wrong:
                print(
                    f"{len(wrong)} to put right in {catalogue};"
                    " 'make messages' brings in what is missing"
                )
                failed = True
    return 1 if failed and not writing else 0


if __name__ == "__main__":
    sys.exit(main())
