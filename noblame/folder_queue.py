"""The queue in a folder, as kombu has it, but able to wait: a folder that is away for a while is a broker
that is away. Left as it is, the library ends the worker for good."""

import datetime
import json
import logging
from pathlib import Path
from queue import Empty

from kombu.transport import TRANSPORT_ALIASES, filesystem

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Reads a folder that is not there as an empty queue, and says so once."""

    away = False

    def _get(self, queue):
        """The next message of ``queue``. Raises Empty when there is none, or no folder."""
        try:
            message = super()._get(queue)
        except FileNotFoundError:
            if Path(self.data_folder_in).is_dir():
                raise  # something else
            if not self.away:
                log.warning("the folder of the queue is not there; waiting for it")
            self.away = True
            raise Empty from None
        self.away = False
        return message

    def _put(self, queue, payload, **more):
        """Add a message, and throw away those of the queue that expired: while the clock runs and no worker
        does, as many lie there as are asked within their time, not one for every few seconds of a night."""
        now = datetime.datetime.now(datetime.UTC)
        for path in Path(self.data_folder_out).glob(f"*.{queue}.msg"):
            if _expired(path, now):
                path.unlink(missing_ok=True)
        super()._put(queue, payload, **more)


def _expired(path: Path, now: datetime.datetime) -> bool:
    """Whether the message says that nobody needs to read it any more. One that cannot be read stays."""
    try:
        until = json.loads(path.read_bytes())["headers"]["expires"]
        return until is not None and datetime.datetime.fromisoformat(until) < now
    except (OSError, ValueError, TypeError, LookupError):
        return False  # taken by a worker at this moment, still being written, or not a task


class Transport(filesystem.Transport):
    """What ``filesystem://`` means in a broker's address, once `use` was called."""

    Channel = Channel
    connection_errors = (*filesystem.Transport.connection_errors, OSError)


def use() -> None:
    """Let ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
