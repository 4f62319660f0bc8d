"""Paper per second: our slips and conversation sheet beside bare WeasyPrint on the same HTML, in one run.

    python benchmarks/bench_paper.py [--seconds 6]

Ours is what a teacher waits for: fitting, templates, rendering with the fonts kept between documents. Bare is
`HTML(string).write_pdf()` with the same style sheet, options and files, and nothing kept. The two take turns.
"""

import argparse
import os
import sys
import time

from common import machine, median, report, scratch, table

IDEAS = [
    "Ik vraag in de pauze: doe je mee met voetbal?",
    "Ik kies haar bij gym in mijn team.",
    "Ik breng het huiswerk langs als ze ziek is.",
    "Ik zeg elke ochtend goedemorgen.",
]
NAMES = ["Jesse", "Fleur", "Bram", "Tess", "Mees", "Noël", "Zoë", "Çağla"]
LEAST = 5  # of each, however slow the machine


def papers() -> dict:
    """For each paper: how we make it, and the HTML that we make it of."""
    from datetime import date

    from cases.printing.sheet import conversation_sheet, sheet_html
    from cases.printing.slips import Slip, slips_html, task_slips

    made = {}
    for count in (4, 8):
        slips = [Slip(name, IDEAS[place % 4]) for place, name in enumerate(NAMES[:count])]
        shown = {"signed": "Juf Anna", "language": "nl"}
        made[f"{count} slips"] = (
            lambda slips=slips, shown=shown: task_slips(slips, **shown),
            slips_html(slips, **shown),
        )
    asked = {"name": "Noor", "language": "nl", "window": (date(2026, 11, 2), date(2026, 11, 6))}
    made["conversation sheet"] = (lambda: conversation_sheet(**asked), sheet_html(**asked))
    return made


def bare(html: str) -> bytes:
    """WeasyPrint alone, as its documentation shows it, with our files and the same kind of PDF."""
    from pathlib import Path

    from django.contrib.staticfiles import finders
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from cases.printing.render import STYLE, static_folder

    fetcher, fonts = StaticOnly(), FontConfiguration()
    style = CSS(string=Path(finders.find(STYLE)).read_text(), url_fetcher=fetcher, font_config=fonts)
    return HTML(string=html, url_fetcher=fetcher).write_pdf(
        font_config=fonts, stylesheets=[style], pdf_variant="pdf/ua-1", pdf_tags=True
    )


def take_turns(ours, html: str, seconds: float) -> tuple[list[float], list[float]]:
    """Seconds of each document, ours and bare, one after the other until the time is up."""
    mine, theirs = [], []
    until = time.monotonic() + seconds
    while len(mine) < LEAST or time.monotonic() < until:
        for times, make in ((mine, ours), (theirs, lambda: bare(html))):
            before = time.perf_counter()
            made = make()
            times.append(time.perf_counter() - before)
            if not made.startswith(b"%PDF"):
                raise SystemExit("no PDF came out")
    return mine, theirs


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--seconds", type=float, default=6, help="for each paper")
    chosen = options.parse_args()
    with scratch() as (_folder, env):
        os.environ.update(env | {"STEENTJE_STATIC_MANIFEST": "0"})
        import django
        import weasyprint

        django.setup()
        rows = []
        for name, (ours, html) in papers().items():
            before = time.perf_counter()
            ours()
            first = time.perf_counter() - before
            bare(html)
            mine, theirs = take_turns(ours, html, chosen.seconds)
            rows.append(
                [
                    name,
                    f"{1 / median(mine):.1f}",
                    f"{1 / median(theirs):.1f}",
                    f"{median(theirs) / median(mine):.2f}",
                    len(mine),
                    f"{first:.2f}",
                ]
            )
        head = ["paper", "per second", "bare WeasyPrint", "ratio", "documents each", "the first, s"]
        text = f"Paper, warm, one process. {machine()}, WeasyPrint {weasyprint.__version__}.\n\n"
        report("paper", text + table(head, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
