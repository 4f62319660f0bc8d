"""`manage.py backup FOLDER`: a whole, readable copy of a SQLite database that is in use."""

import datetime
import sqlite3
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = (
        "Writes a copy of the SQLite database into FOLDER (never by copying the file: that tears "
        "it)."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *args, folder, **options):
        if connection.vendor != "sqlite":
            raise CommandError("This database is not SQLite: use pg_dump -Fc.")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = datetime.datetime.now(datetime.UTC).strftime("steentje-%Y%m%dT%H%M%S%fZ.sqlite3")
        target = folder / name
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        target.chmod(0o600)
        copy = sqlite3.connect(f"file:{target}?mode=ro", uri=True)
        try:
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise CommandError(f"{target} is damaged; try again")
        finally:
            copy.close()
        self.stdout.write(f"{target}")
