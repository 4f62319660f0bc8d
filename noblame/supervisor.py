"""Keeps a few processes together: starts again what ends by itself, and stops all when asked.

For `make run` on one machine. A production installation leaves this to systemd (see
docs/configuration.md).
"""

import contextlib
import ctypes
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 10  # after SIGTERM, before SIGKILL
READY_SECONDS = 60  # slow machines; a process that ends says so at once
FIRST_PAUSE, LONGEST_PAUSE = 1, 20  # seconds before a process is started again: doubled each time
WELL_SECONDS = 60  # one that ran this long begins again with the first pause
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """In a new child: end when the supervisor is killed, so that no orphan keeps the port
    (Linux).
    """
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Starts the commands, passes their lines on under their names, and stops them together.

    ``wanted`` holds the command of each name; ``essential`` is the one that must come up.
    `run(ready)` returns the exit code: 0 when asked to stop, 1 when the essential one never was
    ready. ``ready`` is asked, in a thread of its own, until it says True; without it all counts as
    ready. What ends later, or is not essential, is started again after a pause that grows, for as
    long as it takes.
    """

    def __init__(
        self,
        wanted: dict[str, list[str]],
        say: Callable[[str], None] = print,
        essential: str = "web",
    ) -> None:
        self.wanted = wanted
        self.essential = essential
        self.running: dict[str, subprocess.Popen[str]] = {}
        self.started: dict[str, float] = {}
        self.waiting: dict[str, float] = {}  # name → when it is started again
        self.failures: Counter[str] = Counter()
        self.readers: list[threading.Thread] = []
        self.asked = threading.Event()
        self.hurry = False
        self._say = say
        self._width = max(map(len, wanted))

    def say(self, line: str) -> None:
        """One line for whoever looks; a full disk or a closed window is no reason to stop."""
        with contextlib.suppress(OSError, ValueError):
            self._say(line)

    def ask_to_stop(self, *_: object) -> None:
        self.hurry = self.asked.is_set()  # a second Ctrl-C does not wait
        self.asked.set()

    def start(self, name: str) -> None:
        """Start one. Raises OSError when the system has no room for a process."""
        process = subprocess.Popen(
            self.wanted[name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=ROOT,
            # Ctrl-C reaches the supervisor alone, which then stops them in order
            start_new_session=True,
            preexec_fn=die_with_parent,  # one call of the C library, looked up before
        )
        self.running[name], self.started[name] = process, time.monotonic()
        reader = threading.Thread(target=self.pass_on, args=(name, process), daemon=True)
        reader.start()
        self.readers = [each for each in self.readers if each.is_alive()] + [reader]

    def pass_on(self, name: str, process: subprocess.Popen[str]) -> None:
        with process.stdout or io.StringIO() as lines:
            for line in lines:
                self.say(f"{name.ljust(self._width)} | {line.rstrip()}")

    def ended(self) -> list[str]:
        return [name for name, process in self.running.items() if process.poll() is not None]

    def run(self, ready: Callable[[], bool] | None = None) -> int:
        """Keep everything running until asked to stop; return the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)
        answered = threading.Event()
        began = time.monotonic()

        def wait_until_ready() -> None:
            while ready and not self.asked.is_set() and not ready():
                time.sleep(0.2)
            answered.set()

        try:
            for name in self.wanted:
                self.start(name)
            if ready is None:
                answered.set()
            else:
                threading.Thread(target=wait_until_ready, daemon=True).start()
            while not self.asked.wait(0.2):
                late = time.monotonic() - began > READY_SECONDS
                for name in self.ended():
                    self.note_end(name, final=name == self.essential and not answered.is_set())
                if self.essential not in {*self.running, *self.waiting}:
                    return 1
                if late and not answered.is_set():
                    self.say(
                        f"{self.essential} did not answer within {READY_SECONDS} s: stopping all."
                    )
                    return 1
                self.start_what_is_due()
            self.say("Stopping ...")
            return 0
        finally:
            self.stop()

    def note_end(self, name: str, *, final: bool) -> None:
        """One has ended: say so, and plan its next start, unless this is the end of all."""
        process = self.running.pop(name)
        kill_group(process)
        if final:
            self.say(f"{name} ended by itself (exit code {process.returncode}): stopping all.")
            return
        if time.monotonic() - self.started[name] >= WELL_SECONDS:
            self.failures[name] = 0
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self.failures[name], 10))
        self.failures[name] += 1
        self.waiting[name] = time.monotonic() + pause
        self.say(
            f"{name} ended by itself (exit code {process.returncode}): started again in {pause} s."
        )

    def start_what_is_due(self) -> None:
        for name, moment in list(self.waiting.items()):
            if time.monotonic() < moment:
                continue
            try:
                self.start(name)
            except OSError as error:  # no memory, no process: the next look tries again
                self.say(f"{name} cannot be started ({error.strerror}); trying again.")
                self.waiting[name] = time.monotonic() + LONGEST_PAUSE
            else:
                del self.waiting[name]

    def stop(self) -> None:
        """SIGTERM to each process, and after STOP_SECONDS SIGKILL to it and to its children."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + STOP_SECONDS
        while len(self.ended()) < len(self.running) and time.monotonic() < until and not self.hurry:
            time.sleep(0.05)
        for process in self.running.values():
            kill_group(process)
        for process in self.running.values():
            process.wait()
        for reader in self.readers:
            reader.join(1)


def kill_group(process: subprocess.Popen[str]) -> None:
    """SIGKILL to the process and to what it started; mostly nothing is left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
