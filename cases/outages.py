"""Outages: the disk is full, the database takes no writes, or the database is away.

Which of the three an error means, whether this request only reads because of one, and one line in
the log.
"""

import errno
import logging
import os
import shutil
import sqlite3
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.db import connections

FULL, READ_ONLY, AWAY = "full", "readonly", "away"

log = logging.getLogger(__name__)

# bytes; a disk with less is full: SQLite could not even make its small files
LITTLE_ROOM = 256 * 1024
LOG_SECONDS = 60

_OS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
}
_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_BUSY: AWAY,
    sqlite3.SQLITE_LOCKED: AWAY,
    sqlite3.SQLITE_PROTOCOL: AWAY,
    sqlite3.SQLITE_IOERR: AWAY,
    sqlite3.SQLITE_CANTOPEN: AWAY,
}
_POSTGRESQL = {"53100": FULL, "25006": READ_ONLY}
# Connections refused or broken off, a server that stops or starts, too many callers, two that wait
# for each other.
_POSTGRESQL_AWAY = ("08", "53", "57P0", "25P03", "40P01", "40001", "55P03", "58030")


def kind_of(error: BaseException | None) -> str | None:
    """FULL, READ_ONLY or AWAY when an error, or what led to it, is an outage; None when it is
    something else.
    """
    waiting, seen = [error], set()
    while waiting:
        each = waiting.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        if kind := _kind(each):
            return kind
        waiting.append(each.__cause__)
        if not each.__suppress_context__:
            waiting.append(each.__context__)
    return None


def _kind(error):
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        kind = None if code is None else _SQLITE.get(code & 0xFF)
        return _where_files_lie() or kind if kind in (AWAY, READ_ONLY) else kind
    if isinstance(error, OSError):
        return _OS.get(error.errno or 0)
    if type(error).__module__.split(".")[0] == "psycopg":
        return _postgresql(error)
    return None


def _postgresql(error):
    state = getattr(error, "sqlstate", None)
    if state is None:
        # Nothing came from the server: it could not be reached, or the connection broke.
        names = {each.__name__ for each in type(error).__mro__}
        return AWAY if names & {"OperationalError", "InterfaceError"} else None
    return _POSTGRESQL.get(state) or (AWAY if state.startswith(_POSTGRESQL_AWAY) else None)


def _where_files_lie():
    """What the folder of a SQLite database says itself, when SQLite only knows that a file cannot
    be used.
    """
    folder = Path(str(connections["default"].settings_dict["NAME"])).parent
    try:
        if shutil.disk_usage(folder).free < LITTLE_ROOM:
            return FULL
        if os.statvfs(folder).f_flag & os.ST_RDONLY:
            return READ_ONLY
    except OSError:
        return None
    return None


# --- a request that only reads, because nothing can be stored at the moment -----------------------

_reading: ContextVar[bool] = ContextVar("reading only", default=False)


@contextmanager
def reading_only():
    """While this is open nothing is stored on purpose: transactions wait for no lock to write,
    looks are noted later.
    """
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def is_reading_only() -> bool:
    return _reading.get()


# --- one line for one cause -----------------------------------------------------------------------

_lock = threading.Lock()
_told: dict[tuple, list] = {}  # cause → [when it was last told, how many came since]


def note(kind: str, error: BaseException, place: str) -> None:
    """One line about an outage: its cause and where it was met, never what was asked or typed.

    The same cause is told once a minute; the line says how many came in between.
    """
    cause = code_of(error)
    now = time.monotonic()
    with _lock:
        last, more = _told.get((kind, cause), (None, 0))
        if last is not None and now - last < LOG_SECONDS:
            _told[kind, cause] = [last, more + 1]
            return
        _told[kind, cause] = [now, 0]
    since = f"; {more} more like it before" if more else ""
    log.error("outage (%s): %s at %s%s", kind, cause, place, since)


def code_of(error: BaseException) -> str:
    """The deepest cause of an error in one word: its class and the database's own code."""
    while (deeper := error.__cause__) is not None:
        error = deeper
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    if code is None and isinstance(error, OSError):
        code = errno.errorcode.get(error.errno or 0)
    name = type(error).__name__
    return f"{name} {code}" if code else name
