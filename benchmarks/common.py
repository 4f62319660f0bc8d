"""What the benchmarks share: a scratch installation, a free port, the machine in words, tables,
results.
"""

import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PASSWORD = "samen-steen-voor-steen"  # of the demo, printed by `make run` as well
STOP_SECONDS = 20

sys.path.insert(0, str(ROOT))


@contextmanager
def scratch():
    """A data folder of its own with its own keys, removed afterwards; yields (folder,
    environment).
    """
    folder = Path(tempfile.mkdtemp(prefix="steentje-bench-"))
    try:
        from noblame.keys import make_keys

        make_keys(folder / "keys")
        yield folder, environment(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(folder: Path) -> dict[str, str]:
    """The environment of a demo in that folder: nothing of the caller's own installation shines
    through.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STEENTJE_")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "noblame.settings",
        "STEENTJE_DATA": str(folder),
        "STEENTJE_DEMO": "1",
        "STEENTJE_HTTPS": "0",
        "STEENTJE_SECRET_KEY_FILE": str(folder / "keys" / "secret_key"),
        "STEENTJE_ENCRYPTION_KEYS_FILE": str(folder / "keys" / "encryption_keys"),
    }


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(env: dict[str, str], log: Path, seconds: float = 90):
    """The whole application as `make run` starts it; yields its address. RuntimeError when it does
    not come.
    """
    from noblame.run import page_answers

    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "noblame.run", "--port", str(port)],
            cwd=ROOT,
            env=env | {"STEENTJE_PUBLIC_URL": address},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + seconds
        while not page_answers(f"{address}/account/sign-in/"):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the application did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.2)
        yield address
    finally:
        stop(process)


def stop(process: subprocess.Popen) -> None:
    """Ctrl-C for a process that we started in a session of its own, and after a while an end to all
    of it.
    """
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def machine() -> str:
    """The machine and the versions that a figure depends on, in one line."""
    model = next(
        (line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")),
        platform.processor() or "unknown processor",
    )
    return (
        f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}, {platform.system()}"
    )


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def p95(values) -> float:
    """The 95th percentile of 20 values or more, by rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


median = statistics.median


def table(head: list[str], rows: list[list]) -> str:
    """A Markdown table; columns after the first are numbers."""
    lines = [
        "| " + " | ".join(head) + " |",
        "|" + "|".join(["---"] + ["---:"] * (len(head) - 1)) + "|",
    ]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def report(name: str, text: str) -> None:
    """Print the result and keep it in benchmarks/results/<name>.md."""
    print(text, flush=True)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text + "\n", encoding="utf-8")
