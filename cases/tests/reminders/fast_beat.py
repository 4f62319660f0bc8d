"""Celery's clock in a hurry, on a computer whose clock is wrong: ``python -m ...fast_beat SPEED
FILE``.

A second counts for so many. The time of day is as many seconds beside the real one as FILE says,
looked up all the time: what a beat that goes by the time of day would stumble over.
"""

import datetime
import sys
import threading
import time
from pathlib import Path

import time_machine

from noblame import beat

steady = beat.now


def hurry(speed):
    began = steady()
    beat.now = lambda: began + (steady() - began) * speed


def follow(path):
    """Set this process's time of day as the file says."""
    travel, beside = None, None
    while True:
        wanted = float(path.read_text() or 0) if path.exists() else 0.0
        if wanted != beside:
            if travel is not None:
                travel.stop()
            to = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=wanted)
            travel = time_machine.travel(to, tick=True)
            travel.start()
            beside = wanted
        time.sleep(0.2)


if __name__ == "__main__":
    speed, path = sys.argv[1:3]
    hurry(float(speed))
    threading.Thread(target=follow, args=(Path(path),), daemon=True).start()
    from celery.__main__ import main

    from noblame.celery import app

    app.conf.beat_max_loop_interval = 0.05  # it sleeps real seconds
    options = "beat --loglevel=WARNING --pidfile="
    sys.argv = ["celery", "-q", "-A", "noblame", *options.split()]
    main()
