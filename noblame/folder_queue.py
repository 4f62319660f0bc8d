"""The queue in a folder, as kombu has it, but able to go on: a folder that is away for a while is a
broker that is away, a message appears whole or not at all, and a file that cannot be read is put
aside.

Left as it is, the library writes a message under the name that readers look for, reads what is not
finished, and ends the worker for good with the error. How the files are written, read and put aside
is in `queue_files`.
"""

import contextlib
import datetime
import logging
import os
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

from .queue_files import (
    age_of,
    check_message,
    is_expired,
    locked,
    put_aside,
    read_file,
    reason_of,
    remove_old,
    say_once,
    write_whole,
)

log = logging.getLogger(__name__)

LOOKED_AT = 20  # how many waiting messages are asked, each time one is added, whether they expired
SUFFIX = ".msg"
HALF_DONE = (".part", ".taken")


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
                    "the folder of the queue cannot be listed (%s); waiting for it",
                    reason_of(error),
                )
            self.away = True
            return []
        self.away = False
        for name in found:
            if name.startswith(".") and name.endswith(HALF_DONE):
                remove_old(Path(self.data_folder_in, name))
        return sorted(
            (name for name in found if name.partition(".")[2] == queue + SUFFIX), key=age_of
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
            say_once(path, error)
            return None
        try:
            payload = loads(read_file(mine).decode("utf-8"))
            queue = path.name.partition(".")[2].removesuffix(SUFFIX)
            check_message(self.Message(payload, channel=self), queue)
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
            raise ChannelError(f"a message cannot be stored: {reason_of(error)}") from error

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
            if is_expired(folder / name, now):
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
            with locked(self.control_folder):
                before = self.get_table(exchange)
                after = change(before)
                if after != before:
                    write_whole(path, dumps(after))
        except OSError as error:
            raise ChannelError(f"{path.name} cannot be stored: {reason_of(error)}") from error


class Transport(filesystem.Transport):
    """What ``filesystem://`` means in a broker's address, once `use` was called."""

    Channel = Channel
    connection_errors = (*filesystem.Transport.connection_errors, OSError)


def use() -> None:
    """Let ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
