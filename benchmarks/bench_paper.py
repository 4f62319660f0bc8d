"""Each kind of paper in milliseconds, beside bare WeasyPrint and headless Chromium on the same
HTML, in one run.

    python benchmarks/bench_paper.py [--seconds 4] [--only PATTERN] [--language nl]

All take turns, document by document, and the fastest document of each counts: what else the
machine does can only add to it.
Ours         what a teacher waits for: fitting, template, and a rendering by the PDF process.
Bare, kept   `HTML(string).write_pdf()` in a process of its own with fonts, parsed style sheet and
             drawings kept: the most that can be kept, and more than WeasyPrint's documentation
             shows.
Bare, anew   the same with a font configuration and style sheet of its own for each document.
Chromium     one browser that stays open: loads the document from a file and prints it, tagged
             and with an outline, as ours is.
Chromium, started   a browser process for each document: `chromium --headless --print-to-pdf`.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from common import machine, report, scratch, table

LEAST = 5  # documents of each, however slow the machine
SETTLE = 0.1  # seconds
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()


def orders(chosen) -> dict:
    """For each kind of paper: how we make it, and the HTML, style sheet and title of the document
    it becomes.
    """
    from cases.printing import pdf_rendering
    from cases.printing.sample_documents import all_samples

    found, asked = {}, []
    print_it = pdf_rendering._ask

    def listen(order):
        asked.append(order)
        return print_it(order)

    pdf_rendering._ask = listen
    try:
        for name, each in all_samples().items():
            if (
                re.search(chosen.only, name)
                and not name.endswith("-blank")
                and chosen.language in each.spoken()
            ):
                asked.clear()
                each.make(chosen.language, False)
                # A sheet that did not fit at first is made again: the last document is the one that
                # came out.
                found[name] = (
                    lambda each=each: each.make(chosen.language, False),
                    asked[-1],
                    len(asked),
                )
    finally:
        pdf_rendering._ask = print_it
    return found


class Bare:
    """WeasyPrint as it is, with our files and the same kind of PDF, in a process of its own
    (bare.py).
    """

    def __init__(self, stack: ExitStack, how: str):
        from cases.printing.pdf_rendering import static_folder

        program = str(Path(__file__).with_name("bare.py"))
        self.process = subprocess.Popen(
            [sys.executable, program, how, str(static_folder())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(self.process.wait)
        stack.callback(self.process.stdin.close)

    def __call__(self, order: dict) -> bytes:
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()
        return self.process.stdout.read(int(self.process.stdout.readline()))


class Chromium:
    """A browser that prints a document which lies in a file, with our fonts and drawings beside
    it.
    """

    def __init__(self, stack: ExitStack):
        from playwright.sync_api import sync_playwright

        self.program = (
            os.environ.get("STEENTJE_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
        )
        self.folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="steentje-bench-"))
        )
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=self.program, args=FLAGS)
        stack.callback(browser.close)
        self.page = browser.new_page()

    def written(self, order: dict) -> str:
        from cases.printing.pdf_process import SHARED
        from cases.printing.pdf_rendering import static_folder

        css = static_folder() / "css"
        style = "".join((css / each).read_text("utf-8") for each in (*SHARED, order["style"]))
        style = style.replace("static:", f"{static_folder().as_uri()}/")
        (self.folder / "paper.css").write_text(style, encoding="utf-8")
        link = '<link rel="stylesheet" href="paper.css"></head>'
        path = self.folder / "paper.html"
        path.write_text(order["html"].replace("</head>", link, 1), encoding="utf-8")
        return path.as_uri()

    def __call__(self, order: dict) -> bytes:
        self.page.goto(self.written(order))
        return self.page.pdf(
            prefer_css_page_size=True, print_background=True, tagged=True, outline=True
        )

    def started(self, order: dict) -> bytes:
        out = self.folder / "paper.pdf"
        command = [self.program, "--headless", *FLAGS, f"--user-data-dir={self.folder / 'profile'}"]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={out}", self.written(order)]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        return out.read_bytes()


def take_turns(makers: list, slow: int, seconds: float) -> list[float]:
    """Milliseconds of each maker: its fastest of the documents made in turn until the time is up.
    The last ``slow`` makers take a second or more, and leave off after LEAST rounds.
    """
    times = [[] for _maker in makers]
    for make in makers:
        make()
    until = time.monotonic() + seconds
    while (rounds := len(times[0])) < LEAST or time.monotonic() < until:
        turn = makers if rounds < LEAST else makers[:-slow]
        for taken, make in zip(times, turn, strict=False):
            time.sleep(SETTLE)  # so that nobody pays for what the one before leaves running
            before = time.perf_counter()
            made = make()
            taken.append(1000 * (time.perf_counter() - before))
            if not made.startswith(b"%PDF"):
                raise SystemExit("no PDF came out")
    return [min(taken) for taken in times]


def compare(chosen) -> list[list]:
    """A row for each kind of paper."""
    rows = []
    with ExitStack() as stack:
        browser, kept, anew = Chromium(stack), Bare(stack, "kept"), Bare(stack, "anew")
        for name, (ours, order, times) in orders(chosen).items():
            makers = [
                ours,
                lambda order=order: kept(order),
                lambda order=order: browser(order),
                lambda order=order: anew(order),
                lambda order=order: browser.started(order),
            ]
            found = take_turns(makers, 2, chosen.seconds)
            mine, bare, warm, _anew, started = found
            ratios = [f"{mine / bare:.2f}", f"{mine / warm:.2f}", f"{mine / started:.2f}"]
            rows.append([name, *(f"{each:.0f}" for each in found), *ratios, times])
            print(rows[-1], flush=True)
    return rows


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--seconds", type=float, default=4, help="for each kind of paper")
    options.add_argument("--only", default="", help="kinds whose name has this pattern")
    options.add_argument("--language", default="nl")
    chosen = options.parse_args()
    with scratch() as (_folder, env):
        os.environ.update(env | {"STEENTJE_STATIC_MANIFEST": "0"})
        import django
        import weasyprint

        django.setup()
        head = ["paper", "ours", "bare, kept", "Chromium", "bare, anew", "Chromium, started"]
        head += ["to bare, kept", "to Chromium", "to Chromium, started", "renderings"]
        text = (
            f"Paper, ms, warm, the fastest of each. {machine()}, "
            f"WeasyPrint {weasyprint.__version__}.\n\n"
        )
        report("paper", text + table(head, compare(chosen)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
