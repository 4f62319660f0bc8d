"""From a clean clone to the first page: `git clone`, `make run`, and the seconds until the sign-in
page answers.

    python benchmarks/bench_start.py [--work-tree]

Clones what is committed (``--work-tree``: copies the files as they are, without .venv and var) into
a folder of its own, so that the virtual environment, the packages, the database and the demo school
are made anew. Packages come from wherever pip is set up to get them; its own cache, if there is
one, is used.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import ROOT, free_port, machine, report, stop, table

LONGEST = 600  # seconds, for a slow line
LEFT_BEHIND = shutil.ignore_patterns(
    ".venv", "var", ".git", ".*_cache", ".hypothesis", "__pycache__", "*.mo"
)


def measure(folder: Path, work_tree: bool) -> dict[str, float]:
    """Seconds for the copy, until the first page, and for the same once more with everything in
    place.
    """
    from noblame.run import page_answers

    tree, spent = folder / "steentje", {}
    before = time.monotonic()
    if work_tree:
        shutil.copytree(ROOT, tree, ignore=LEFT_BEHIND)
    else:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(tree)], check=True)
    spent["git clone"] = time.monotonic() - before
    env = {name: value for name, value in os.environ.items() if not name.startswith("STEENTJE_")}
    env.pop("VIRTUAL_ENV", None)
    for which in ("make run, first time", "make run, second time"):
        port, log = free_port(), folder / "log"
        before = time.monotonic()
        with log.open("w") as out:
            process = subprocess.Popen(
                ["make", "run", f"PORT={port}"],
                cwd=tree,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            while not page_answers(f"http://127.0.0.1:{port}/account/sign-in/"):
                if process.poll() is not None or time.monotonic() - before > LONGEST:
                    raise SystemExit(
                        f"make run did not come to its first page:\n{log.read_text()[-2000:]}"
                    )
                time.sleep(0.1)
            spent[which] = time.monotonic() - before
        finally:
            stop(process)
    return spent


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument(
        "--work-tree", action="store_true", help="what is in the folder, committed or not"
    )
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="steentje-start-"))
    try:
        spent = measure(folder, chosen.work_tree)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rows = [[name, f"{seconds:.1f}"] for name, seconds in spent.items()]
    report(
        "start", f"From a clone to the first page. {machine()}.\n\n" + table(["", "seconds"], rows)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
