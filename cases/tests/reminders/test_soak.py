"""Everything at once, for long: people save and read while messages pour in, worker and clock are
killed, the disk fills up and is emptied, foul files appear and the clock is set back. The web
server never stops, and nothing that was acknowledged or due is lost.

Small here; ``make faults`` runs the full numbers and prints them (STEENTJE_FAULTS=full).
"""

import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import threading
import time
import urllib.parse
from collections import Counter
from pathlib import Path

import pytest

from ..browser.application import free_port
from ..outages.servers import fill
from ..test_folder_queue import UNREADABLE
from .installation import Installation, wait_for
from .test_faults import FULL, PATIENCE, SEED

HOURS = 8 if FULL else 0.25
SPEED = 60
MESSAGES = 100_000 if FULL else 2_000
PEOPLE = 200 if FULL else 10
WRITERS = 3
BETWEEN = 6 if FULL else 2  # seconds from one disturbance to the next
FULL_FOR = 5 if FULL else 2  # seconds that the disk stays full
DISK = "96m"
SIGN_IN = "/account/sign-in/"
HERE = "cases.tests.reminders"
DRIVER = f"""
import sys
from noblame.run import commands
from noblame.supervisor import Supervisor
wanted = commands(int(sys.argv[1]))
wanted["beat"] = [sys.executable, "-m", "{HERE}.fast_beat", "{SPEED}", sys.argv[2]]
sys.exit(Supervisor(wanted, lambda line: print(line, flush=True)).run())
"""
# Puts messages into a queue, each whole; tries again while there is no room. Says at the end how
# many.
PUT = """
import sys, time, kombu
from kombu.exceptions import ChannelError
from noblame import celery_app
channel = celery_app.connection_for_write().channel()
sent = 0
while sent < int(sys.argv[1]):
    payload = channel.prepare_message(
        "[[], {}, {}]", content_type="application/json", content_encoding="utf-8",
        headers={"task": "soak", "id": f"{sys.argv[2]}-{sent}"}, properties={"delivery_tag": "1"})
    try:
        channel._put("soak", payload)
        sent += 1
    except ChannelError:
        time.sleep(0.05)
print(sent)
"""
# Never rests; ends when it is told that all was put and it finds nothing any more. Says what it
# got.
GET = """
import json, pathlib, sys
from queue import Empty
from noblame import celery_app
channel, got = celery_app.connection_for_write().channel(), []
while True:
    over = pathlib.Path(sys.argv[1]).exists()
    try:
        got.append(channel._get("soak")["headers"]["id"])
    except Empty:
        if over:
            break
print(json.dumps(got))
"""


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own as a folder; None where that is not allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700", "tmpfs", folder],
        capture_output=True,
    )
    if done.returncode:
        yield None
        return
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def place(ready, tmp_path, box, disk):
    place = Installation.copy_of(ready, (disk or tmp_path) / "data", box)
    place.disk = disk
    yield place
    place.stop()


class Writer(threading.Thread):
    """Saves again and again what it has typed; remembers what was acknowledged."""

    def __init__(self, port, who):
        super().__init__(daemon=True)
        self.port, self.who = port, who
        self.typed = self.acknowledged = self.version = self.lost = self.saves = 0
        self.refused = Counter()
        self.over, self.resting, self.go = threading.Event(), threading.Event(), threading.Event()
        self.go.set()

    def run(self):
        while not self.over.is_set():
            if not self.go.is_set():
                self.resting.set()
                self.go.wait()
                self.resting.clear()
            self.typed += 1
            status, answer = self.save()
            if status == 200:
                self.version = answer["version"]
                self.acknowledged = self.typed
                self.saves += 1
            else:
                self.refused[status] += 1
                time.sleep(0.1)
            time.sleep(0.02)
        self.resting.set()

    def save(self):
        token = "t" * 32
        body = {
            "csrfmiddlewaretoken": token,
            "version": self.version,
            "not_told": f"tikte {self.typed}",
        }
        head = {
            "Host": "localhost",
            "Cookie": f"sessionid={self.who['cookie']}; csrftoken={token}",
            "X-Autosave": "1",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", self.who["path"], urllib.parse.urlencode(body), head)
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if answer.status == 200 else None
        except OSError as error:
            return type(error).__name__, None
        finally:
            connection.close()

    def look(self, place):
        """While it rests: whether what was last acknowledged, or something later, is stored."""
        found = place.do("written", case=self.who["case"])
        self.version = found["version"]
        stored = int(found["text"].removeprefix("tikte ") or 0)
        if stored < self.acknowledged:
            self.lost += self.acknowledged - stored
        self.acknowledged = stored


@contextlib.contextmanager
def at_rest(writers):
    for each in writers:
        each.go.clear()
    for each in writers:
        assert each.resting.wait(60)
    yield
    for each in writers:
        each.go.set()


def reads(port):
    """Whether the sign-in page answers, and in how many seconds."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", SIGN_IN, headers={"Host": "localhost"})
        return connection.getresponse().status == 200, time.monotonic() - began
    except OSError:
        return False, time.monotonic() - began
    finally:
        connection.close()


def child(supervisor, words):
    """The process that the supervisor started with these words on its command line; None while
    there is none.
    """
    for path in Path(f"/proc/{supervisor.pid}/task").glob("*/children"):
        for pid in path.read_text().split():
            with contextlib.suppress(OSError):
                if words in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode():
                    return int(pid)
    return None


def kill_one(supervisor, words):
    if (pid := child(supervisor, words)) is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            return 1
    return 0


def test_hours_of_everything(place, box, tmp_path):
    chance = random.Random(SEED)
    port, clock, over = free_port(), tmp_path / "clock", tmp_path / "over"
    place.environment["STEENTJE_SWEEP_SECONDS"] = "300"
    if place.disk is None:
        print(
            "\nNOT DONE: the disk is not filled, because mounting a small one is not allowed here "
            "(root is)"
        )
    people = place.do("late", number=1)
    writing = [place.do("writer") for _each in range(WRITERS)]
    supervisor = place.start("-c", DRIVER, str(port), str(clock))
    wait_for(lambda: reads(port)[0], 60, supervisor)
    web = child(supervisor, "noblame.serve")
    writers = [Writer(port, who) for who in writing]
    readers = [place.start("-c", GET, str(over), stdout=subprocess.PIPE) for _each in range(2)]
    putters = [
        place.start("-c", PUT, str(MESSAGES // 2), str(number), stdout=subprocess.PIPE)
        for number in range(2)
    ]
    got = [[], []]
    listening = [
        threading.Thread(
            target=lambda n=n: got[n].extend(json.loads(readers[n].stdout.read() or "[]"))
        )
        for n in range(2)
    ]
    for each in [*writers, *listening]:
        each.start()

    done, slowest, unread = Counter(), 0.0, 0
    began = time.monotonic()
    until = began + HOURS * 3600 / SPEED
    plan = ["worker", "clock", "foul", "back", "disk"]
    while time.monotonic() < until or any(each.poll() is None for each in putters):
        what = plan.pop(0) if plan else chance.choice(["worker", "clock", "foul", "back", "disk"])
        if what == "worker":
            done[what] += kill_one(supervisor, "noblame worker")
        elif what == "clock":
            done[what] += kill_one(supervisor, "fast_beat")
        elif what == "foul":
            name = chance.choice(["celery", "soak"])
            content = chance.choice(list(UNREADABLE.values()))
            with contextlib.suppress(OSError):
                (
                    place.folder / "queue" / "messages" / f"0_foul{done[what]}.{name}.msg"
                ).write_bytes(content)
            done[what] += 1
        elif what == "back":
            clock.write_text(str(-chance.choice([60, 3600, 86_400, 30 * 86_400])))
            done[what] += 1
        elif place.disk is not None:
            filler = fill(place.disk)
            end = time.monotonic() + FULL_FOR
            while time.monotonic() < end:
                read, seconds = reads(port)
                unread += not read
                slowest = max(slowest, seconds)
                time.sleep(0.2)
            filler.unlink()
            done[what] += 1
        read, seconds = reads(port)
        unread += not read
        slowest = max(slowest, seconds)
        with at_rest(writers):
            for each in writers:
                each.look(place)
        if len(people) < PEOPLE:
            people += place.do("more_late", number=max(1, PEOPLE // 10), mark=f"late{len(people)}-")
        assert time.monotonic() < until + PATIENCE, "the messages were not put in time"
        time.sleep(chance.uniform(0, BETWEEN))

    clock.write_text("0")
    back = time.monotonic()
    saves = [each.saves for each in writers]
    wait_for(
        lambda: all(each.saves > before for each, before in zip(writers, saves, strict=True)), 60
    )
    back = time.monotonic() - back
    for each in writers:
        each.over.set()
        each.join(60)
        each.look(place)
    over.touch()
    for each in listening:
        each.join(PATIENCE)

    def all_mailed():
        place.time_passes()
        return not set(people) - set(box.people())

    wait_for(all_mailed, PATIENCE, supervisor, every=1)
    said = place.said(supervisor)
    numbers = Counter(number for each in got for number in each)
    lost_saves = sum(each.lost for each in writers)
    row = {
        "hours of beat": round((time.monotonic() - began) * SPEED / 3600, 1),
        "queue messages": MESSAGES,
        "lost or twice": MESSAGES - len(numbers) + sum(numbers.values()) - len(numbers),
        "worker, clock killed": f"{done['worker']}, {done['clock']}",
        "disk filled": done["disk"],
        "foul files": done["foul"],
        "clock set back": done["back"],
        "saves acknowledged": sum(each.saves for each in writers),
        "lost": lost_saves,
        "reminders due": len(people),
        "lost ": len(set(people) - set(box.people())),
        "stops of the web server": said.count("web ended"),
        "pages not read": unread,
        "slowest page, s": round(slowest, 2),
    }
    print(
        "",
        "| what | counted |",
        "|---|---:|",
        *(f"| {k.strip()} | {v} |" for k, v in row.items()),
        sep="\n",
    )
    print(
        "refused saves:",
        dict(sum((each.refused for each in writers), Counter())),
        f"again after {back:.1f} s",
    )
    assert child(supervisor, "noblame.serve") == web, said
    assert "web ended" not in said
    assert unread == 0
    assert lost_saves == 0
    assert min(each.saves for each in writers) > 10
    assert not any(each.poll() for each in [*putters, *readers]), [
        place.said(each) for each in putters + readers
    ]
    assert set(numbers.values()) == {1}
    assert len(numbers) == MESSAGES
    assert done["worker"] and done["clock"] and done["foul"] and done["back"]
    assert place.disk is None or done["disk"]


def test_beat_counts_seconds_whatever_is_done_to_the_clock(place, tmp_path):
    """A clock set back a month: without counting by itself, the next question would come in a
    month.
    """
    clock = tmp_path / "clock"
    messages = place.folder / "queue" / "messages"
    beat = place.start("-m", f"{HERE}.fast_beat", str(SPEED), str(clock))
    asked = []

    def one_more():
        found = {path.name for path in messages.glob("*.celery.msg")}
        for path in found:
            (messages / path).unlink(missing_ok=True)
        asked.append(len(found))
        return sum(asked) > 20

    wait_for(one_more, 60, beat)
    clock.write_text(str(-30 * 86_400))
    time.sleep(1)
    asked.clear()
    wait_for(one_more, 20, beat)
