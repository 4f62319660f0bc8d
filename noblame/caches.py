"""The shared cache, in which readings of calendar addresses are counted
(cases/views/planning/calendar_files.py).

In the database, or in Redis with the table in the database standing by: while Redis is away,
counting goes on there. Neither gives up a limit without a word. Attempts to sign in are counted
elsewhere (cases/accounts/).
"""

import base64
import datetime
import functools
import logging
import pickle
import threading
import time
from collections.abc import Callable
from typing import Any, TypedDict

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import connections, router
from django.utils import timezone

log = logging.getLogger(__name__)

STANDS_BY = "database"  # the alias in settings.CACHES of the cache that counts while Redis is away
AWAY_SECONDS = 5  # so long Redis is left alone after it did not answer


class TableCache(DatabaseCache):
    """Django's cache in a table, with one statement for each write; an error of the database is an
    error.

    Django's own says False when the database cannot write, as if the key were there already, and
    reads before it writes, so that two writers may undo each other.
    """

    _table: str  # set by Django, and not in its types
    _cull: Callable[..., None]

    def _base_set(
        self,
        mode: str,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
    ) -> bool:
        seconds = self.get_backend_timeout(timeout)
        connection = connections[router.db_for_write(self.cache_model_class)]
        now = timezone.now().replace(microsecond=0)
        until = datetime.datetime.max if seconds is None else _moment(seconds)
        as_stored = connection.ops.adapt_datetimefield_value
        key_column, value_column, expires_column, table = (
            connection.ops.quote_name(name)
            for name in ("cache_key", "value", "expires", self._table)
        )
        with connection.cursor() as cursor:
            if mode == "touch":
                cursor.execute(
                    f"UPDATE {table} SET {expires_column} = %s WHERE {key_column} = %s",  # noqa: S608  (names from Django, quoted by it)
                    [as_stored(until), key],
                )
                return bool(cursor.rowcount)
            cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608  (names from Django, quoted by it)
            if (entries := cursor.fetchone()[0]) > self._max_entries:
                self._cull(connection.alias, cursor, now, entries)
            only_old = f" WHERE {table}.{expires_column} < %s" if mode == "add" else ""
            sealed = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("latin1")
            cursor.execute(
                f"INSERT INTO {table} ({key_column}, {value_column}, {expires_column})"  # noqa: S608  (names from Django, quoted by it)
                f" VALUES (%s, %s, %s) ON CONFLICT ({key_column}) DO UPDATE SET"
                f" {value_column} = excluded.{value_column},"
                f" {expires_column} = excluded.{expires_column}"
                f"{only_old}",
                [key, sealed, as_stored(until), *([as_stored(now)] if only_old else [])],
            )
            return bool(cursor.rowcount)


def _moment(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC).replace(microsecond=0)


_lock = threading.Lock()


class _Away(TypedDict):
    """Since when Redis does not answer, and until when it is left alone; on the monotonic clock."""

    since: float | None
    until: float


# Of Redis, for the whole process; each thread has a cache of its own.
_away: _Away = {"since": None, "until": 0.0}


def _left_alone() -> bool:
    return _away["until"] > time.monotonic()


def _failed(error: Exception) -> None:
    """Leave Redis alone for a while; say once that it is away."""
    with _lock:
        first = _away["since"] is None
        _away["until"] = time.monotonic() + AWAY_SECONDS
        _away["since"] = time.monotonic() if first else _away["since"]
    if first:
        log.error("Redis is away (%s): the database counts meanwhile", type(error).__name__)


def _answered() -> None:
    if _away["since"] is None:
        return
    with _lock:
        since, _away["since"] = _away["since"], None
    if since is not None:
        log.warning("Redis is back after %.0f s", time.monotonic() - since)


def _or_the_table(name: str) -> Callable[..., Any]:
    """The operation on Redis; on the table while Redis does not answer."""
    usual: Callable[..., Any] = getattr(RedisCache, name)

    @functools.wraps(usual)
    def operation(self: "EnduringRedisCache", *args: Any, **kwargs: Any) -> Any:
        if not _left_alone():
            try:
                answer = usual(self, *args, **kwargs)
            except self.errors as error:
                _failed(error)
            else:
                _answered()
                return answer
        return getattr(caches[STANDS_BY], name)(*args, **kwargs)

    return operation


class EnduringRedisCache(RedisCache):
    """Redis, and the table in the database while Redis is away: nobody waits long, nobody meets an
    error.

    What was counted in Redis the table does not know: who reaches a limit gets one more allowance
    when Redis goes, and one when it comes back empty, but never as many as they like. Needs the
    alias STANDS_BY in settings.CACHES.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        # A connection from before a restart of Redis is opened anew once, at once.
        patience = {
            "socket_connect_timeout": 1,
            "socket_timeout": 2,
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(server, {**params, "OPTIONS": {**patience, **params.get("OPTIONS", {})}})
        self.errors: tuple[type[Exception], ...] = (redis.RedisError, OSError)

    add = _or_the_table("add")
    get = _or_the_table("get")
    set = _or_the_table("set")
    touch = _or_the_table("touch")
    delete = _or_the_table("delete")
    get_many = _or_the_table("get_many")
    has_key = _or_the_table("has_key")
    incr = _or_the_table("incr")
    set_many = _or_the_table("set_many")
    delete_many = _or_the_table("delete_many")
    clear = _or_the_table("clear")
