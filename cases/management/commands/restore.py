"""`manage.py restore FILE`: put a copy of a SQLite database back, also while the application
runs.
"""

import datetime
import sqlite3
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

WAIT_SECONDS = 20


class Command(BaseCommand):
    help = (
        "Puts a copy that `backup` made back into the database. Never by copying the file: what is "
        "left of the old write-ahead log would be written into it."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file, **options):
        if connection.vendor != "sqlite":
            raise CommandError("This database is not SQLite: use pg_restore --clean --if-exists.")
        if not file.is_file():
            raise CommandError(f"{file} is not there.")
        target = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        copy = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        try:
            if not _whole(copy):
                raise CommandError(f"{file} is damaged: nothing was changed.")
            aside = _set_aside(target)
            _write(copy, target)
        finally:
            copy.close()
        if aside:
            self.stdout.write(f"What was there before: {aside}")
        self.stdout.write(
            "Put back. Now run: manage.py migrate, then manage.py check --database default"
        )


def _whole(database) -> bool:
    try:
        return database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False


def _set_aside(target: Path) -> Path | None:
    """Keep what is there now beside it: a copy when it is whole, else its files themselves."""
    if not target.exists():
        return None
    name = datetime.datetime.now(datetime.UTC).strftime("before-restore-%Y%m%dT%H%M%S%fZ.sqlite3")
    aside = target.with_name(name)
    now = sqlite3.connect(target, timeout=WAIT_SECONDS)
    try:
        whole = _whole(now)
        if whole:
            now.execute("VACUUM INTO ?", [str(aside)])
    finally:
        now.close()
    if not whole:
        for end in ("", "-wal", "-shm"):
            if (part := target.with_name(target.name + end)).exists():
                part.rename(aside.with_name(aside.name + end))
    aside.chmod(0o600)
    return aside


def _write(copy, target):
    """Page by page through SQLite itself, which waits for writers and lets readers go on."""
    now = sqlite3.connect(target, timeout=WAIT_SECONDS)
    try:
        target.chmod(0o600)
        now.execute("PRAGMA journal_mode=WAL")
        copy.backup(now)
        if not _whole(now):
            raise CommandError(
                "The database is damaged after putting it back: stop everything and try again."
            )
    finally:
        now.close()
