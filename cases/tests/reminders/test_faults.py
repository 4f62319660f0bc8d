"""Faults with real processes: nothing is lost, and a second copy is only where nobody can know better.

Small here; ``make faults`` runs the full numbers and prints what was counted (STEENTJE_FAULTS=full).
"""

import datetime
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
import uuid
from collections import Counter

import pytest

from .installation import DATABASE, kill, wait_for

FULL = os.environ.get("STEENTJE_FAULTS") == "full"
SEED = int(os.environ.get("STEENTJE_FAULTS_SEED", "1"))
PATIENCE = 240 if FULL else 60  # seconds: only a broken installation needs them
MOST_ATTEMPTS = 6


@pytest.fixture(scope="module")
def tally():
    """What was counted in each scenario, printed at the end (with -s)."""
    rows = []
    yield rows
    head = ("scenario", "due", "kills", "lost", "second copies", "of these unavoidable")
    print("", "| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|", sep="\n")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")


def settle(tally, name, people, box, unknowable=Counter(), kills=0):
    """Everybody got the mail of the day, and only mails in ``unknowable`` (Message-ID → how often nobody
    could know) came a second time."""
    got, copies = box.people(), box.second_copies()
    lost = set(people) - set(got)
    tally.append(
        (name, len(people), kills or "", len(lost), copies.total(), (copies & unknowable).total())
    )
    print(f"\n{tally[-1]}", flush=True)
    assert not lost
    assert set(got) == set(people)
    assert set(got.values()) == {1}, "two different mails on one day"
    assert copies - unknowable == Counter()


def unanswered(box):
    """Mails that the server took without saying so."""
    return Counter(each.id for each in box.log if not each.answered)


def in_flight(installation, box, since):
    """The mail that was taken and not noted when the worker that sent those from ``since`` on was killed."""
    for last in box.log[since:][-1:]:
        key = uuid.UUID(last.id.removeprefix("<day-").partition("@")[0]).hex
        if installation.ask("SELECT state FROM cases_dailymail WHERE id = ?", key) == [("due",)]:
            return last.id
    return None


def all_sent(installation, people):
    return lambda: installation.states() == {"sent": len(people)}


def sweep_until_sent(installation, people, most=60):
    """One sweep after the other, time passing between them."""
    for number in range(most):
        installation.do("sweep")
        if installation.states() == {"sent": len(people)}:
            return number + 1
        installation.time_passes()
    raise AssertionError(installation.states())


def test_worker_killed_again_and_again(installation, box, tally):
    kills, number = (100, 1000) if FULL else (3, 40)
    chance = random.Random(SEED)
    print(f"\nseed {SEED}")
    people = installation.do("late", number=number)
    beat = installation.beat()
    unknowable = Counter()
    for _life in range(kills):
        since = len(box.log)
        aim = since + chance.randint(1, max(1, number * 8 // (kills * 10)))
        worker = installation.worker()
        wait_for(lambda aim=aim: len(box.log) >= aim, PATIENCE, worker, beat, every=0.002)
        time.sleep(chance.uniform(0, 0.05))
        kill(worker)
        time.sleep(0.05)  # what it had said last arrives
        if mail := in_flight(installation, box, since):
            unknowable[mail] += 1
        installation.time_passes()
    during = installation.ask("SELECT count(*) FROM cases_sweeprun WHERE ended IS NULL")[0][0]
    print(f"{during} of {kills} kills during a sweep, {unknowable.total()} between a yes and our note")
    assert during == kills
    worker = installation.worker()
    wait_for(all_sent(installation, people), PATIENCE, worker, beat)
    settle(tally, "worker killed", people, box, unknowable, kills)
    assert box.second_copies() == unknowable
