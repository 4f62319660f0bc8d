"""What never gets into a log: the secret in a private calendar address."""

import logging
import re

_SECRET = re.compile(r"(/calendar/)[^/\s\"']+")


class WithoutSecrets(logging.Formatter):
    """A line as usual, with dots in the place of the secret: in the message and in what led to
    it.
    """

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub(r"\1...", super().format(record))
