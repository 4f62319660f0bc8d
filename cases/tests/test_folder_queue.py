"""The queue in a folder: no file in it stops a reader, and what nobody needs to read does not pile
up.
"""

import datetime
import errno
import json
import os
import threading
from pathlib import Path
from queue import Empty

import pytest
from celery import Celery
from kombu.exceptions import ChannelError

from noblame import folder_queue, queue_files

TASK = {"lang": "py", "task": "look", "id": "1", "argsrepr": "()", "kwargsrepr": "{}"}


def message(body="W1tdLCB7fSwge31d", headers=TASK, **properties):
    """The text of a message file; ``body`` is base64."""
    properties = {"delivery_tag": "1", "body_encoding": "base64", "delivery_info": {}, **properties}
    kind = {"content-type": "application/json", "content-encoding": "utf-8"}
    return json.dumps({"body": body, "headers": headers, "properties": properties, **kind}).encode()


UNREADABLE = {
    "empty": b"",
    "half": b'{"body": "W10=", "head',
    "not text": b"\xff\xfe\x00",
    "zeros": bytes(400),
    "another shape": b"[1, 2]",
    "only a number": b"7",
    "nothing in it": b"{}",
    "properties are a list": b'{"properties": [], "headers": {}}',
    "no delivery tag": b'{"properties": {}, "headers": {}}',
    "body is not base64": message(body="\u00e9\u00e9\u00e9"),
    "body is not a task's": message(body="e30="),  # {}
    "nowhere to go": message(delivery_info=[]),
    "headers are a list": message(headers=[]),
    "neither task nor reply": message(headers={}),
    "time limit is a word": message(headers=TASK | {"timelimit": "x"}),
    "time limit of words": message(headers=TASK | {"timelimit": ["a", "b"]}),
    "moment is a number": message(headers=TASK | {"eta": 5}),
    "for another century": message(headers=TASK | {"eta": "9999-12-31T23:59:59+00:00"}),
    "expires some time": message(headers=TASK | {"expires": "garbage"}),
    "expires a number": message(headers=TASK | {"expires": 1e308}),
    "packed": message(headers=TASK | {"compression": "bzip2"}),
    "group of a number": message(headers=TASK | {"group": 5}),
    "root is a table": message(headers=TASK | {"root_id": {}}),
    "many retries": message(headers=TASK | {"retries": "many"}),
    # [[], {}, {"chain": "s"}]
    "followed by a word": message(body="W1tdLCB7fSwgeyJjaGFpbiI6ICJzIn1d"),
    "tag is a list": message(delivery_tag=["x"]),
    "answer to a number": message(reply_to=5),
    "of the first protocol": message(body="eyJ0YXNrIjogNX0=", headers={}),  # {"task": 5}
    "very deep": b"[" * 100_000,
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "messages").mkdir()
    return tmp_path / "messages"


@pytest.fixture
def queue(folder):
    folder_queue.use()
    app = Celery("queue", broker="filesystem://localhost", set_as_current=False)
    app.conf.broker_transport_options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder.parent / "control"),
        "store_processed": False,
    }
    return app


@pytest.fixture
def channel(queue):
    with queue.connection() as connection:
        yield connection.channel()


def aside(folder, of="messages"):
    return sorted(path.name for path in folder.parent.glob(f"{of}-unreadable/*"))


def task_ids(channel):
    """The tasks in the queue, taken out of it."""
    found = []
    while True:
        try:
            found.append(channel._get("celery")["headers"]["id"])
        except Empty:
            return found


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_message_that_cannot_be_read_is_put_aside_and_the_next_one_is_read(
    queue, channel, folder, caplog, content
):
    (folder / "0_foul.celery.msg").write_bytes(content)
    sent = queue.send_task("look")
    assert task_ids(channel) == [sent.id]
    assert list(folder.iterdir()) == []
    assert len(aside(folder)) == 1
    assert [each for each in caplog.messages if "0_foul.celery.msg" in each] == caplog.messages
    assert len(caplog.messages) == 1


def test_a_folder_under_the_name_of_a_message_does_not_stop_the_next_one(queue, channel, folder):
    (folder / "0_folder.celery.msg").mkdir()
    sent = queue.send_task("look")
    assert task_ids(channel) == [sent.id]


def _device(path):
    path.symlink_to("/dev/zero")


def _large(path):
    with path.open("wb") as file:
        file.truncate(queue_files.LARGEST + 1)


def test_a_task_with_time_limits_is_read(queue, channel, folder):
    """As the settings give them to every task of ours."""
    queue.conf.task_time_limit, queue.conf.task_soft_time_limit = 300, 240
    sent = queue.send_task("look", expires=5, ignore_result=True)
    assert task_ids(channel) == [sent.id]


NO_FILES = {"pipe": os.mkfifo, "link to a device": _device, "too large": _large}


@pytest.mark.parametrize("make", NO_FILES.values(), ids=NO_FILES)
def test_what_would_never_end_is_not_read(queue, channel, folder, make):
    """A pipe that nobody writes into held the worker up for good, and a device filled the
    memory.
    """
    make(folder / "0_foul.celery.msg")
    found = []
    sent = queue.send_task("look")
    reader = threading.Thread(target=lambda: found.extend(task_ids(channel)), daemon=True)
    reader.start()
    reader.join(10)
    assert found == [sent.id]
    assert len(aside(folder)) == 1


def test_a_pipe_in_the_place_of_a_table_does_not_hold_up_who_binds_a_queue(queue, channel, folder):
    table = folder.parent / "control" / "celery.exchange"
    table.parent.mkdir(exist_ok=True)
    os.mkfifo(table)
    binder = threading.Thread(
        target=channel._queue_bind, args=("celery", "a", "", "celery"), daemon=True
    )
    binder.start()
    binder.join(10)
    assert [row.queue for row in channel.get_table("celery")] == ["celery"]


def test_what_cannot_even_be_put_aside_is_said_once(queue, channel, folder, caplog, monkeypatch):
    (folder / "0_foul.celery.msg").write_bytes(b"")
    sent = queue.send_task("look")
    rename = Path.rename

    def refuse(path, target):
        if path.name.startswith("0_"):
            raise PermissionError(errno.EACCES, "no")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    assert task_ids(channel) == [sent.id]
    assert task_ids(channel) == []
    assert len(caplog.messages) == 1


@pytest.mark.parametrize("content", [b"", b"[[", b"{}", b"[1]", b'[["a"]]', b"\xff"])
def test_a_table_that_cannot_be_read_is_put_aside_and_written_anew(channel, folder, content):
    control = folder.parent / "control"
    control.mkdir()
    (control / "x.exchange").write_bytes(content)
    assert channel.get_table("x") == []
    (control / "x.exchange").write_bytes(content)
    channel._queue_bind("x", "key", None, "q")
    assert [tuple(row) for row in channel.get_table("x")] == [("key", "", "q")]
    (control / "x.exchange").write_bytes(content)
    channel._delete("q", "x", "key", None)
    assert len(aside(folder, "control")) == 3


def test_a_message_appears_whole_or_not_at_all(channel, folder, monkeypatch):
    """At the moment it gets the name that readers look for, all of it is there, and on the disk."""
    synced, seen = [], []
    fsync, rename = os.fsync, Path.rename

    def look(path, target):
        if str(target).endswith(".msg"):
            seen.append((path.read_bytes() == synced[-1], Path(target).exists()))
        return rename(path, target)

    def note(handle):
        fsync(handle)
        synced.append(Path(f"/proc/self/fd/{handle}").read_bytes())

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(Path, "rename", look)
    channel._put("celery", json.loads(message()))
    assert seen == [(True, False)]
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]


def test_without_room_nothing_half_is_left_and_the_writer_is_told(channel, folder, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ChannelError, match="ENOSPC"):
        channel._put("celery", json.loads(message()))
    with pytest.raises(ChannelError, match="ENOSPC"):
        channel._queue_bind("x", "key", None, "q")
    assert list(folder.iterdir()) == list((folder.parent / "control").iterdir()) == []


def test_giving_back_without_room_raises_nothing(channel, folder, monkeypatch, caplog):
    channel._put(
        "celery", json.loads(message(delivery_info={"exchange": "", "routing_key": "celery"}))
    )
    taken = channel.Message(channel._get("celery"), channel=channel)
    monkeypatch.setattr(
        os, "fsync", lambda _handle: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full"))
    )
    channel._restore(taken)
    assert "cannot be given back" in caplog.text


def test_readers_that_never_rest_beside_writers_get_each_message_once(queue, folder):
    """Several readers take names from the same folder while several writers put theirs."""
    number, writers, done = 150, 3, threading.Event()
    sent, got, wrong = [], [], []

    def write():
        for _each in range(number):
            with queue.connection() as connection:
                body = json.loads(message(headers={**TASK, "id": os.urandom(8).hex()}))
                connection.channel()._put("celery", body)
                sent.append(body["headers"]["id"])

    def read():
        with queue.connection() as connection:
            channel = connection.channel()
            while not (done.is_set() and not any(folder.iterdir())):
                try:
                    got.extend(task_ids(channel))
                except Exception as error:  # noqa: BLE001  (it is reported below)
                    wrong.append(error)
                    return

    at_work = [threading.Thread(target=write) for _each in range(writers)]
    readers = [threading.Thread(target=read) for _each in range(2)]
    for thread in at_work + readers:
        thread.start()
    for thread in at_work:
        thread.join(60)
    done.set()
    for thread in readers:
        thread.join(60)
    assert wrong == []
    assert len(got) == number * writers
    assert sorted(got) == sorted(sent)
    assert aside(folder) == []


def test_no_more_is_kept_aside_than_anybody_looks_at(channel, folder):
    for number in range(queue_files.KEPT_ASIDE + 20):
        (folder / f"{number:04}_foul.celery.msg").write_bytes(b"")
    assert task_ids(channel) == []
    assert len(aside(folder)) == queue_files.KEPT_ASIDE


def test_what_a_killed_process_left_half_done_goes_after_an_hour(channel, folder):
    (folder / ".new.part").write_bytes(b"{")
    for name in (".old.part", ".old.taken"):
        (folder / name).write_bytes(b"{")
        os.utime(folder / name, (0, 0))
    assert task_ids(channel) == []
    assert [path.name for path in folder.iterdir()] == [".new.part"]


def test_without_a_worker_expired_messages_do_not_pile_up(queue, folder):
    gone = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=5)
    for _beat in range(50):
        queue.send_task("look", expires=gone)
    assert len(list(folder.glob("*.msg"))) == 1


def test_what_has_time_left_or_no_end_or_cannot_be_read_stays(queue, folder):
    (folder / "1_half.celery.msg").write_bytes(b"{")
    (folder / "2_foreign.other.msg").write_bytes(b"{}")
    queue.send_task("look", expires=3600)
    queue.send_task("look")
    queue.send_task("look")
    assert len(list(folder.glob("*.msg"))) == 5


def test_the_oldest_message_is_read_first_however_many_digits_its_number_has(channel, folder):
    for number in (10_000, 999, 100_000):
        content = message(headers=TASK | {"id": str(number)})
        (folder / f"{number}_name.celery.msg").write_bytes(content)
    (folder / "no-number.celery.msg").write_bytes(message(headers=TASK | {"id": "first"}))
    assert task_ids(channel) == ["first", "999", "10000", "100000"]
