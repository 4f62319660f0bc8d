"""The files of the queue in a folder: written whole or not at all, read with care, put aside when
they cannot be read; and what a message must look like to be given to a reader.

A file is written under another name, brought to the disk and then renamed. What still cannot be
read (a power cut, a full disk, somebody's hand) goes into a folder beside, ``messages-unreadable``
or ``control-unreadable``, is logged once and never raised.
"""

import contextlib
import datetime
import errno
import fcntl
import json
import logging
import os
import stat
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

LARGEST = 1_000_000  # bytes; our messages have a few thousand
KEPT_ASIDE = 100  # the newest of what could not be read; the older ones go
HALF_DONE_SECONDS = 3600  # after this long nobody works on such a file any more
NOTHING: tuple[type, ...] = ()
Kinds = dict[str, type | tuple[type, ...]]  # by the name of a field, what it may hold
PROPERTIES: Kinds = {"delivery_tag": str, "reply_to": str, "correlation_id": str, "priority": int}
HEADERS: Kinds = {
    **dict.fromkeys(("lang", "shadow", "expires", "argsrepr", "kwargsrepr", "origin"), str),
    **dict.fromkeys(("group", "root_id", "parent_id"), str),
    **dict.fromkeys(("retries", "replaced_task_nesting", "group_index"), int),
    "ignore_result": bool,
    "timelimit": list,
    "stamped_headers": list,
    "stamps": dict,
    "eta": NOTHING,
    "compression": NOTHING,
}
_stuck: set[Path] = set()  # what can neither be read nor be put aside: said once, then passed over


def write_whole(path: Path, text: str) -> None:
    """Write the file under another name, bring it to the disk, then rename it: whole, or not at
    all.

    Raises OSError; nothing is left behind then.
    """
    part = path.with_name(f".{uuid.uuid4()}.part")
    try:
        with open(part, "x", encoding="utf-8", opener=_private) as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        part.rename(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def age_of(name: str) -> tuple[int, str]:
    """What sorts names of messages from old to new: the number in front, of as many digits as it
    has.
    """
    number = name.partition("_")[0]
    return (int(number) if number.isascii() and number.isdigit() and len(number) < 20 else 0, name)


def read_file(path: Path) -> bytes:
    """The content of a file, and of nothing else: a pipe would never end, nor would a link to a
    device.

    Raises OSError, and ValueError for what is no ordinary file, or larger than any of ours.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("not a file")
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError("too large")
    return content


def put_aside(path: Path, error: Exception, name: str = "") -> None:
    """Move a file that cannot be read into the folder beside its own, and log that. Never raises.

    ``name``: what it was called, when it no longer has that name. What it holds is not logged.
    """
    folder = path.parent.with_name(f"{path.parent.name}-unreadable")
    name = name or path.name
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        path.rename(folder / f"{time.time_ns()}_{name}")
    except FileNotFoundError:
        return  # somebody else put it aside
    except OSError:
        try:
            path.unlink()  # no room to keep it
        except OSError as stuck:
            say_once(path, stuck)
            return
    log.error("%s cannot be read (%s) and was put aside in %s", name, reason_of(error), folder.name)
    with contextlib.suppress(OSError):
        for old in sorted(folder.iterdir())[:-KEPT_ASIDE]:
            with contextlib.suppress(OSError):  # a folder stays, and keeps no other from going
                old.unlink()


def check_message(message: Any, queue: str) -> None:
    """Raise ValueError for a message that ends celery's worker, or that it would keep for years.

    Ours are plain: no task waits for a moment or follows another.
    """
    properties, headers = message.properties, message.headers
    if not isinstance(properties, dict) or not isinstance(headers, dict):
        raise ValueError("not the shape of a message")
    _check_types(properties, PROPERTIES)
    info = properties.get("delivery_info")
    if not isinstance(info, dict) or not isinstance(info.get("routing_key", ""), str):
        raise ValueError("it does not say where it belongs")
    message.accept = {"application/json"}
    body = message.decode()
    if queue.endswith("pidbox"):
        if not isinstance(body, dict) or "task" in headers:
            raise ValueError("not a message between workers")
        return
    if not isinstance(headers.get("task"), str) or not isinstance(headers.get("id"), str):
        raise ValueError("not the shape of a task")
    _check_types(headers, HEADERS)
    limits = headers.get("timelimit") or [None, None]
    if len(limits) != 2 or not all(each is None or type(each) in (int, float) for each in limits):
        raise ValueError("time limits that are none")
    if headers.get("expires"):
        datetime.datetime.fromisoformat(headers["expires"])
    if not isinstance(body, list) or [type(part) for part in body] != [list, dict, dict]:
        raise ValueError("not the shape of a task's arguments")
    if any(body[2].values()):
        raise ValueError("more than a task")


def _check_types(held: dict[str, Any], wanted: Kinds) -> None:
    for name, kinds in wanted.items():
        if held.get(name) is not None and not isinstance(held[name], kinds):
            raise ValueError(f"{name} is of another kind")


def is_expired(path: Path, now: datetime.datetime) -> bool:
    """Whether the message says that nobody needs to read it any more. One that cannot be read
    stays.
    """
    try:
        until = json.loads(read_file(path))["headers"]["expires"]
        return until is not None and datetime.datetime.fromisoformat(until) < now
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return False  # taken by a worker at this moment, or not a task


def remove_old(path: Path) -> None:
    """Remove a half-done file on which nobody works any more. Never raises."""
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > HALF_DONE_SECONDS:
            path.unlink()


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """No other process changes a file of the folder meanwhile."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def reason_of(error: Exception) -> str:
    """The reason without what was read: of the operating system's, its name."""
    if isinstance(error, OSError) and error.errno:
        return errno.errorcode.get(error.errno, str(error.errno))
    return type(error).__name__


def say_once(path: Path, error: Exception) -> None:
    """Log that the file can be neither read nor put aside, the first time this is called for it."""
    if path not in _stuck:
        _stuck.add(path)
        log.error(
            "%s can be neither read nor put aside (%s): passed over", path.name, reason_of(error)
        )
