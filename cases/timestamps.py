"""How old something is that we stored with its moment, on a clock that somebody may have set.

What seems to come from the future was made while the clock was ahead. It counts as expired:
otherwise it would live for as long as the clock was wrong, on top of its own time.
"""

import time
from typing import Any

from django.core import signing

SLACK_SECONDS = 120  # a computer that asks for the time may be set back this much in daily use
LOOK_MINUTES = (
    30  # how long a coordinator may look into what is confidential, once they have said why
)


def is_fresh(made: float, longest: float, now: float | None = None) -> bool:
    """Whether what was made at ``made`` (epoch seconds) is not older than ``longest`` and not from
    the future.
    """
    age = (time.time() if now is None else now) - made
    return -SLACK_SECONDS <= age <= longest


def open_signed(value: str, *, salt: str, max_age: int) -> Any:
    """What `signing.dumps` has signed, as `signing.loads` gives it.

    Raises `signing.BadSignature`, also when it is too old or from the future.
    """
    content = signing.loads(value, salt=salt, max_age=max_age)
    made = signing.b62_decode(value.rsplit(":", 2)[1])
    if not is_fresh(made, max_age):
        raise signing.SignatureExpired("signed at a moment that has not come yet")
    return content
