"""The queue in a folder, as kombu has it, but able to wait: a folder that is away for a while is a broker
that is away. Left as it is, the library ends the worker for good."""

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


class Transport(filesystem.Transport):
    """What ``filesystem://`` means in a broker's address, once `use` was called."""

    Channel = Channel
    connection_errors = (*filesystem.Transport.connection_errors, OSError)


def use() -> None:
    """Let ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
