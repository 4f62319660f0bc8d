"""Django's SQLite with three differences, each for a disk that is full, read-only or was restored.

- A request that only reads begins its transaction without the lock to write, which a database that
  takes no writes does not give.
- One connection that nobody uses stays open in each process. The last connection that closes
  removes the write-ahead log and its index, and on a full disk nobody could make them again, not
  even to read.
- A connection is looked at once a request: one that broke, or whose file was replaced, is opened
  again.
"""

import atexit
import contextlib
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from cases import outages

Database = sqlite3  # under the name by which Django asks a backend for it

Identity = tuple[int, int]  # of a file: its device and its number there

_lock = threading.Lock()
# file → (its identity, the connection that stays open)
_kept: dict[str, tuple[Identity, sqlite3.Connection]] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        new: sqlite3.Connection = super().get_new_connection(conn_params)
        self.file_identity = identity(conn_params["database"])
        if not self.is_in_memory_db():
            keep_open(str(conn_params["database"]))
        return new

    def is_usable(self) -> bool:
        """Whether the connection still answers and its file is the one that lies there now."""
        try:
            self.connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
        except Database.Error:
            return False
        return self.is_in_memory_db() or self.file_identity == identity(self.settings_dict["NAME"])

    def _start_transaction_under_autocommit(self) -> None:
        if outages.is_reading_only():
            self.cursor().execute("BEGIN")
        else:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # stubs lack it


def identity(name: str | Path) -> Identity | None:
    """What tells a file from another one of the same name; None when it is not there."""
    try:
        found = Path(name).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def keep_open(name: str) -> None:
    """See to it that this process has a connection to the file that stays open."""
    found = identity(name)
    with _lock:
        held = _kept.get(name)
        if held is not None and held[0] == found:
            return
        _close(held)
        _kept.pop(name, None)
        if found is None:
            return
        try:
            connection = Database.connect(name, check_same_thread=False)
        except Database.Error:
            return
        try:
            # A read makes sure that the log and its index are there, and in use.
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
        except Database.Error:
            connection.close()
            return
        _kept[name] = (found, connection)


def _close(held: tuple[Identity, sqlite3.Connection] | None) -> None:
    if held is not None:
        with contextlib.suppress(Database.Error):
            held[1].close()


def close_kept_connections() -> None:
    """Close every connection that was kept open: the process ends, or is about to be copied."""
    with _lock:
        while _kept:
            _close(_kept.popitem()[1])


atexit.register(close_kept_connections)
# SQLite's locks belong to a process: a copy of it must not begin with a connection of its parent.
os.register_at_fork(before=close_kept_connections)
