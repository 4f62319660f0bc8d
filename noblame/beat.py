"""How often beat asks: counted on a clock that nobody sets.

Celery compares times of day, so that a computer whose clock is set back a day asks nothing for a
day. And it keeps the moments in a file by default, which a power cut or a full disk leaves half
written. Neither is needed for "every so many seconds": the settings choose the scheduler that keeps
them in memory, and the first question is asked at the start (noblame/celery.py).
"""

import datetime
import time

from celery.schedules import schedule

_BEGAN = datetime.datetime.now(datetime.UTC)
_COUNTED = time.monotonic()


def now() -> datetime.datetime:
    """The moment this process began, plus the time that has passed since, whatever was done to the
    clock.
    """
    return _BEGAN + datetime.timedelta(seconds=time.monotonic() - _COUNTED)


def every(seconds: float) -> schedule:
    """A schedule of Celery's: every so many seconds that really pass."""
    return schedule(seconds, nowfun=now)
