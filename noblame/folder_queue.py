"""The queue in a folder, as kombu has it, but able to go on: a folder that is away for a while is a
broker that is away, a message appears whole or not at all, and a file that cannot be read is put
aside.

Left as it is, the library writes a message under the name that readers look for, reads what is not
finished, and ends the worker for good with the error. Here every file is written under another
name, brought to the disk and then renamed. What still cannot be read (a power cut, a full disk,
somebody's hand) goes into a folder beside, ``messages-unreadable`` or ``control-unreadable``, is
logged once and never raised.
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
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)

LOOKED_AT = 20  # how many waiting messages are asked, each time one is added, whether they expired
LARGEST = 1_000_000  # bytes; our messages have a few thousand
KEPT_ASIDE = 100  # the newest of what could not be read; the older ones go
SUFFIX = ".msg"
HALF_DONE = (".part", ".taken")
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


class Channel(filesystem.Channel):
    """Messages and tables of exchanges in folders.

    A folder that is not there is an empty queue, and that is said once. What a writer cannot store
    raises ChannelError, which celery's clock and worker outlive.
    """

    away = False
    _exchange_file: Callable[[str], Path]  # kombu's, and not in its types

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: dict[str, deque[str]] = defaultdict(deque)
        self._to_check: dict[str, deque[str]] = defaultdict(deque)

    # --- messages ---------------------------------------------------------------------------

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The next message of ``queue``. Raises Empty when there is none, or no folder."""
        waiting = self._waiting[queue]
        if not waiting:
            waiting.extend(self._names(queue))
        while waiting:
            path = Path(self.data_folder_in, waiting.popleft())
            if (payload := self._take(path)) is not None:
                return payload
        raise Empty

    def _names(self, queue: str) -> list[str]:
        """The names of the messages of ``queue``, oldest first; none while the folder cannot be
        listed.

        Also removes what a process that was killed has left half done long ago.
        """
        try:
            found = os.listdir(self.data_folder_in)  # noqa: PTH208  (names are enough, and there may be many)
        except OSError as error:
            if not self.away:
                log.warning(
                    "the folder of the queue cannot be listed (%s); waiting for it", _why(error)
                )
            self.away = True
            return []
        self.away = False
        for name in found:
            if name.startswith(".") and name.endswith(HALF_DONE):
                _remove_old(Path(self.data_folder_in, name))
        return sorted(
            (name for name in found if name.partition(".")[2] == queue + SUFFIX), key=_age
        )

    def _take(self, path: Path) -> Any:
        """The content of the message, which is then gone from the folder; None when another reader
        was first or it cannot be read.
        """
        mine = path.with_name(f".{uuid.uuid4()}.taken")
        try:
            path.rename(mine)
        except FileNotFoundError:
            return None  # another reader was first
        except OSError as error:
            _say_once(path, error)
            return None
        try:
            payload = loads(read_file(mine).decode("utf-8"))
            queue = path.name.partition(".")[2].removesuffix(SUFFIX)
            _check(self.Message(payload, channel=self), queue)
        except Exception as error:  # noqa: BLE001  (whatever is in the file: it must not end the reader)
            put_aside(mine, error, path.name)
            return None
        with contextlib.suppress(OSError):  # nobody looks at this name again
            mine.unlink()
        return payload

    def _put(  # type: ignore[override]  # named as in kombu's own channel, unlike its base
        self, queue: str, payload: dict[str, Any], **_more: Any
    ) -> None:
        """Add a message, whole or not at all. Raises ChannelError when it cannot be stored.

        Throws away messages of the queue that expired: while the clock runs and no worker does, as
        many lie there as are asked within their time, not one for every few seconds of a night.
        """
        folder = Path(self.data_folder_out)
        self._throw_away_expired(queue, folder)
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}{SUFFIX}"
        try:
            write_whole(folder / name, dumps(payload))
        except OSError as error:
            raise ChannelError(f"a message cannot be stored: {_why(error)}") from error

    def _throw_away_expired(self, queue: str, folder: Path) -> None:
        """Look at the next few messages that wait, so that adding one costs the same however many
        wait.
        """
        to_check = self._to_check[queue]
        if not to_check:
            with contextlib.suppress(OSError):
                to_check.extend(path.name for path in folder.glob(f"*.{queue}{SUFFIX}"))
        now = datetime.datetime.now(datetime.UTC)
        for name in list(islice(to_check, LOOKED_AT)):
            to_check.popleft()
            if _expired(folder / name, now):
                with contextlib.suppress(OSError):
                    (folder / name).unlink()

    def _restore(self, message: Any) -> None:
        """Give back a message that was taken and not finished; while that is impossible, say so.

        What is lost with it is a question, not an answer: the clock asks again.
        """
        try:
            super()._restore(message)
        except (ChannelError, OSError) as error:
            log.warning("a message that was not finished cannot be given back: %s", error)

    def _size(self, queue: str) -> int:
        """How many messages wait."""
        return len(self._names(queue))

    def _purge(self, queue: str) -> int:
        """Remove all messages; how many there were."""
        self._waiting[queue].clear()
        try:
            removed: int = super()._purge(queue)
            return removed
        except OSError:
            return 0  # no folder, no messages

    # --- which queues an exchange leads to -----------------------------------------------------

    def get_table(self, exchange: str) -> list[Any]:
        """The queues of ``exchange``; none when its file is not there or cannot be read."""
        path = self._exchange_file(exchange)
        try:
            rows = loads(read_file(path).decode("utf-8"))
            if not isinstance(rows, list):
                raise ValueError("not a table")
            return [filesystem.exchange_queue_t(*row) for row in rows]
        except FileNotFoundError:
            return []
        except Exception as error:  # noqa: BLE001  (whatever is in the file)
            put_aside(path, error)
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        """Let ``exchange`` lead to ``queue``. Raises ChannelError when that cannot be stored."""
        row = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self._change_table(exchange, lambda rows: rows if row in rows else [row, *rows])

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any
    ) -> None:
        """Throw away the queue, and what leads to it."""
        self._purge(queue)
        row = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self._change_table(exchange, lambda rows: [each for each in rows if each != row])

    def _change_table(self, exchange: str, change: Callable[[list[Any]], list[Any]]) -> None:
        path = self._exchange_file(exchange)
        try:
            self.control_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _alone(self.control_folder):
                before = self.get_table(exchange)
                after = change(before)
                if after != before:
                    write_whole(path, dumps(after))
        except OSError as error:
            raise ChannelError(f"{path.name} cannot be stored: {_why(error)}") from error


class Transport(filesystem.Transport):
    """What ``filesystem://`` means in a broker's address, once `use` was called."""

    Channel = Channel
    connection_errors = (*filesystem.Transport.connection_errors, OSError)


def use() -> None:
    """Let ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"


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


def _age(name: str) -> tuple[int, str]:
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
            _say_once(path, stuck)
            return
    log.error("%s cannot be read (%s) and was put aside in %s", name, _why(error), folder.name)
    with contextlib.suppress(OSError):
        for old in sorted(folder.iterdir())[:-KEPT_ASIDE]:
            with contextlib.suppress(OSError):  # a folder stays, and keeps no other from going
                old.unlink()


def _check(message: Any, queue: str) -> None:
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


def _expired(path: Path, now: datetime.datetime) -> bool:
    """Whether the message says that nobody needs to read it any more. One that cannot be read
    stays.
    """
    try:
        until = json.loads(read_file(path))["headers"]["expires"]
        return until is not None and datetime.datetime.fromisoformat(until) < now
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return False  # taken by a worker at this moment, or not a task


def _remove_old(path: Path) -> None:
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > HALF_DONE_SECONDS:
            path.unlink()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other process changes a file of the folder meanwhile."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _why(error: Exception) -> str:
    """The reason without what was read: of the operating system's, its name."""
    if isinstance(error, OSError) and error.errno:
        return errno.errorcode.get(error.errno, str(error.errno))
    return type(error).__name__


def _say_once(path: Path, error: Exception) -> None:
    if path not in _stuck:
        _stuck.add(path)
        log.error("%s can be neither read nor put aside (%s): passed over", path.name, _why(error))
