"""Faults with real processes: nothing is lost, and a second copy is only where nobody can know
better.

Small here; ``make faults`` runs the full numbers and prints what was counted
(STEENTJE_FAULTS=full).
"""

import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import uuid
from collections import Counter
from pathlib import Path

import pytest

from .installation import DATABASE, kill, wait_for

FULL = os.environ.get("STEENTJE_FAULTS") == "full"
SEED = int(os.environ.get("STEENTJE_FAULTS_SEED", "1"))
PATIENCE = 900 if FULL else 90  # seconds: only a broken installation needs them
MOST_ATTEMPTS = 6
NONE: Counter = Counter()


@pytest.fixture(scope="module")
def tally():
    """What was counted in each scenario, printed at the end (with -s)."""
    rows = []
    yield rows
    head = (
        "scenario",
        "due",
        "kills",
        "lost",
        "second copies",
        "of these with a yes that was not noted",
    )
    print("", "| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|", sep="\n")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")


def settle(tally, name, people, box, unknowable=NONE, kills=0):
    """Everybody got the mail of the day, and only mails in ``unknowable`` (Message-ID → how often
    nobody could know) came a second time.
    """
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
    """The mail that was taken and not noted when the worker that sent those from ``since`` on was
    killed.
    """
    for last in box.log[since:][-1:]:
        key = uuid.UUID(last.id.removeprefix("<day-").partition("@")[0]).hex
        if installation.ask("SELECT state FROM cases_dailymail WHERE id = ?", key) == [("due",)]:
            return last.id
    return None


def all_sent(installation, people):
    return lambda: installation.states() == {"sent": len(people)}


def sweeps(installation, ended=True):
    """How many sweeps came to their end, or did not."""
    return installation.ask(
        "SELECT count(*) FROM cases_sweeprun WHERE (ended_at IS NOT NULL) = ?", ended
    )[0][0]


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
    during = sweeps(installation, ended=False)
    print(
        f"{during} of {kills} kills during a sweep, {unknowable.total()} between a yes and our note"
    )
    assert during == kills
    worker = installation.worker()
    wait_for(all_sent(installation, people), PATIENCE, worker, beat)
    settle(tally, "worker killed", people, box, unknowable, kills)
    assert box.second_copies() == unknowable


def test_a_question_outlives_the_process_that_works_on_it(installation, box, tally):
    """Asked once, without a clock: the queue gives it to another process when the first one is
    killed.
    """
    kills = 10 if FULL else 1
    people = installation.do("late", number=20 * kills)
    worker = installation.worker("--pool=prefork", "--concurrency=1")
    unknowable, killed = Counter(), set()
    installation.do("ask")
    for _kill in range(kills):
        since = len(box.log)
        wait_for(lambda since=since: len(box.log) >= since + 3, PATIENCE, worker, every=0.002)
        (child,) = children(worker) - killed
        os.kill(child, signal.SIGKILL)
        killed.add(child)
        wait_for(lambda child=child: child_is_gone(child), 10)
        time.sleep(0.05)  # what it had said last arrives
        if mail := in_flight(installation, box, since):
            unknowable[mail] += 1
    wait_for(lambda: installation.states().get("sent", 0) >= len(people) - kills, PATIENCE, worker)
    wait_for(lambda: sweeps(installation), PATIENCE, worker)
    installation.time_passes()
    installation.do("ask")
    wait_for(all_sent(installation, people), PATIENCE, worker)
    settle(tally, "a process of the worker's pool killed, no clock", people, box, unknowable, kills)


def children(process) -> set[int]:
    """The processes that a process started, in any of its threads, and that are still at work."""
    lists = [path.read_text() for path in Path(f"/proc/{process.pid}/task").glob("*/children")]
    return {int(pid) for pid in " ".join(lists).split() if not child_is_gone(int(pid))}


def child_is_gone(pid) -> bool:
    path = Path(f"/proc/{pid}/stat")
    return not path.exists() or path.read_text().rpartition(")")[2].split()[0] == "Z"


def test_two_workers_and_two_beats(installation, box, tally):
    number = 1000 if FULL else 40
    processes = [
        installation.worker(),
        installation.worker(),
        installation.beat(),
        installation.beat(),
    ]
    # Both workers have shown that they work before there is anything to do.
    wait_for(lambda: sweeps(installation) >= 4, PATIENCE, *processes)
    box.pause = 0.05
    people = installation.do("late", number=number)
    wait_for(all_sent(installation, people), PATIENCE, *processes)
    wait_for(lambda: not sweeps(installation, ended=False), PATIENCE, *processes)
    shares = [
        sent for (sent,) in installation.ask("SELECT sent FROM cases_sweeprun WHERE sent > 0")
    ]
    print(f"\nsent by sweeps at the same time: {shares}")
    assert len(shares) > 1
    assert sum(shares) == number
    settle(tally, "two workers, two beats", people, box)


def test_queue_folder_gone_and_back(installation, box, tally):
    worker, beat = installation.worker(), installation.beat()
    wait_for(lambda: sweeps(installation), PATIENCE, worker, beat)
    queue, away = installation.folder / "queue", installation.folder / "away"
    queue.rename(away)
    people = installation.do("late", number=200 if FULL else 20)
    time.sleep(15 if FULL else 3)
    assert installation.do("pages") == [200, 200]
    away.rename(queue)
    wait_for(all_sent(installation, people), PATIENCE, worker, beat)
    settle(tally, "queue folder away", people, box)


@pytest.fixture
def redis(tmp_path):
    """A Redis that forgets everything when it is killed, as a function that starts it."""
    if not shutil.which("redis-server"):
        pytest.skip("no redis-server on this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = []

    def start():
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        running.append(
            # its log is long
            subprocess.Popen([*command, "--dir", str(tmp_path)], stdout=subprocess.DEVNULL)
        )
        return running[-1]

    start.address = f"redis://127.0.0.1:{port}/0"
    yield start
    for process in running:
        kill(process)


def test_redis_killed_and_back(installation, box, tally, redis):
    installation.environment["STEENTJE_BROKER_URL"] = redis.address
    server = redis()
    # With a message in its hands kombu cannot close the channel of a Redis that is gone, and the
    # worker ends.
    worker, beat = installation.worker(supervised=True), installation.beat()
    wait_for(lambda: sweeps(installation), PATIENCE, worker, beat)
    kill(server)
    people = installation.do("late", number=200 if FULL else 20)
    time.sleep(15 if FULL else 3)
    assert installation.do("pages") == [200, 200]
    redis()
    wait_for(all_sent(installation, people), PATIENCE, worker, beat)
    settle(tally, "Redis killed and back", people, box)


@pytest.mark.parametrize("mood", ["busy", "refuse", "hang"])
def test_mail_server_that_takes_nothing(installation, box, tally, mood):
    if mood == "hang":
        installation.environment["STEENTJE_SMTP_TIMEOUT"] = "2"
    people = installation.do("late", number=200 if FULL else 8)
    box.mood = mood
    assert installation.do("sweep")["failed"] == 3, "three in a row are the server's fault"
    waits = (
        "SELECT count(*) FROM cases_dailymail WHERE attempts = 1 AND lease_until > datetime('now')"
    )
    assert installation.ask(waits) == [(3,)]
    box.mood = "well"
    installation.do("sweep")
    assert installation.states() == {"sent": len(people) - 3, "due": 3}, "tried before its time"
    sweep_until_sent(installation, people)
    settle(tally, f"mail server: {mood}", people, box)


@pytest.mark.parametrize("mood", ["half", "deaf", "mute"])
def test_mail_server_that_takes_half(installation, box, tally, mood):
    if mood == "mute":
        installation.environment["STEENTJE_SMTP_TIMEOUT"] = "2"
    people = installation.do("late", number=(30 if mood == "mute" else 200) if FULL else 4)
    box.mood = mood
    first = installation.do("sweep")
    assert first["sent"] == first["failed"] == len(people) // 2
    for _time in range(2):
        installation.time_passes()
        installation.do("sweep")
    box.mood = "well"
    sweep_until_sent(installation, people)
    unknowable = unanswered(box)
    settle(tally, f"mail server: {mood}", people, box, unknowable)
    assert box.second_copies() == unknowable


def test_what_failed_for_good_is_sent_again_by_hand(installation, box, tally):
    people = installation.do("late", number=30 if FULL else 3)
    box.mood = "refuse"
    for _attempt in range(len(people) * MOST_ATTEMPTS):
        if installation.states() == {"failed": len(people)}:
            break
        installation.do("sweep")
        installation.time_passes()
    assert installation.states() == {"failed": len(people)}
    box.mood = "well"
    assert installation.do("sweep")["sent"] == 0
    assert installation.do("again") == len(people)
    installation.do("sweep")
    assert installation.states() == {"sent": len(people)}
    settle(tally, "failed for good, sent again", people, box)


def test_clock_that_jumps(installation, box, tally):
    """An hour ahead and back, then over midnight into the next school day and back."""
    people = installation.do("late", number=500 if FULL else 20)
    box.mood = "half"
    done = {}
    # at about noon, one o'clock, noon, one at night, nine the next day
    for hours in (
        0,
        1,
        0,
        13,
        21,
        0,
    ):
        done[hours] = installation.do("sweep", hours=hours)
    assert done[13]["claimed"] == 0, "a mail at night"
    left = len(set(people) - set(box.people()))
    box.mood = "well"
    sweep_until_nothing_is_due(installation)
    print(f"\n{left} were left for the last sweep")
    settle(tally, "clock jumps", people, box)


def sweep_until_nothing_is_due(installation):
    for _number in range(10):
        installation.time_passes()
        if installation.do("sweep") == {
            "claimed": 0,
            "sent": 0,
            "failed": 0,
            "empty": 0,
            "left": 0,
        }:
            return
    raise AssertionError(installation.states())


@pytest.mark.parametrize(("held", "patience"), [(3, 20), (30, 20)] if FULL else [(1, 20), (3, 1)])
def test_database_locked(installation, box, tally, held, patience):
    """Somebody writes for so many seconds, from just before the mail server's yes on."""
    people = installation.do("late", number=200 if FULL else 8)
    installation.do("wait_at_most", seconds=patience)
    locks = []
    box.before_yes = lambda number: number == 5 and locks.append(hold(installation, held))
    installation.do("sweep")
    (other,) = locks
    other.join()
    sweep_until_sent(installation, people)
    settle(tally, f"database locked {held} s, {patience} s waited for", people, box)


def hold(installation, seconds):
    """Hold the database's write lock for so many seconds; returns when it is held."""
    holds = threading.Event()

    def work():
        connection = sqlite3.connect(
            installation.folder / DATABASE, timeout=30, isolation_level=None
        )
        connection.execute("BEGIN EXCLUSIVE")
        holds.set()
        time.sleep(seconds)
        connection.execute("COMMIT")
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert holds.wait(30)
    return thread
