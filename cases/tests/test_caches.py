"""The cache in which sign-ins are counted: it counts without Redis, and says when it cannot."""

import threading

import pytest
from django.core.cache import caches
from django.db import DatabaseError, connection

from cases.tests.outages.servers import Redis
from noblame import caches as ours
from noblame.caches import EnduringRedisCache

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def table(transactional_db):
    caches["database"].clear()  # no model's table: nothing else empties it
    return caches["database"]


@pytest.fixture
def redis(tmp_path):
    server = Redis(tmp_path)
    yield server
    server.stop()
    ours._away.update(since=None, until=0.0)


def again():
    """As after the seconds in which Redis is left alone."""
    ours._away["until"] = 0.0


def test_the_table_adds_once_and_again_when_the_time_is_over(table):
    assert table.add("a", 1, 60) and not table.add("a", 2, 60)
    assert table.get("a") == 1
    table.set("a", 3, -1)
    assert table.get("a") is None and table.add("a", 4, 60) and table.get("a") == 4
    assert table.touch("a", 60) and not table.touch("nothing", 60)
    table.set("always", 5, None)
    assert table.get("always") == 5


def test_of_many_at_once_one_adds(table):
    won = []

    def add():
        won.append(table.add("one", 1, 60))
        connection.close()

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won.count(True) == 1 and len(won) == 8


def test_a_table_that_cannot_be_written_is_an_error_and_not_too_many_attempts(table):
    on, off = ("PRAGMA query_only = 1", "PRAGMA query_only = 0")
    if connection.vendor != "sqlite":
        on, off = (f"SET default_transaction_read_only = {word}" for word in ("on", "off"))
    with connection.cursor() as cursor:
        cursor.execute(on)
        try:
            with pytest.raises(DatabaseError):
                table.add("a", 1, 60)
        finally:
            cursor.execute(off)


def test_nobody_throws_anothers_count_out_by_trying_many_names(table):
    table.set("a-count", [1.0], 3600)
    for number in range(400):
        table.set(f"z-{number}", [1.0], 3600)
    assert table.get("a-count") == [1.0]


def test_redis_goes_and_comes_back_and_counting_goes_on(redis, caplog):
    redis.start()
    cache = EnduringRedisCache(redis.url, {})
    cache.set("count", [1.0, 2.0], 60)
    redis.stop()
    assert cache.get("count", []) == [], "what Redis counted the table does not know"
    for tries in range(5):
        assert cache.add("lock", True, 10) and cache.delete("lock")
        cache.set("count", [0.0] * (tries + 1), 60)
    assert len(cache.get("count")) == 5 and len(caches["database"].get("count")) == 5
    redis.start()
    again()
    cache.set("first", "request", 60)
    assert cache.get("first") == "request" and caches["database"].get("first") is None
    assert caplog.text.count("Redis is away") == 1 and caplog.text.count("Redis is back") == 1


def test_a_connection_from_before_a_restart_of_redis_is_no_error(redis):
    redis.start()
    cache = EnduringRedisCache(redis.url, {})
    cache.set("a", 1, 60)
    redis.stop()
    redis.start()
    assert cache.get("a") is None and cache.add("a", 2, 60)
    assert ours._away["since"] is None and caches["database"].get("a") is None


def _connections(server) -> int:
    """How many wait to be taken; takes them."""
    server.setblocking(False)
    number = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return number
        number += 1


def test_a_redis_that_says_nothing_is_not_waited_for_each_time(monkeypatch):
    import socket

    monkeypatch.setattr(ours, "AWAY_SECONDS", 3600)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        cache = EnduringRedisCache(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0", {})
        cache.set("key0", 0, 60)
        asked = _connections(deaf)
        assert asked > 0
        for number in range(1, 20):
            cache.set(f"key{number}", number, 60)
        assert cache.get("key19") == 19
        assert _connections(deaf) == 0, "it was asked again"
    ours._away.update(since=None, until=0.0)
