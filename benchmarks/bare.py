"""Bare WeasyPrint as a process that stays open, for bench_paper.py: an order in JSON a line in, a
PDF out.

    python benchmarks/bare.py kept|anew STATIC_FOLDER

kept: fonts, parsed style sheet and drawings stay for the next document; anew: each document begins
with nothing.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cases" / "printing"))

from pdf_process import (
    StaticOnly,  # our fetcher: the scheme of our fonts and drawings is not WeasyPrint's own
)
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration


def tools(folder: Path, style: str):
    fetcher, fonts = StaticOnly(folder), FontConfiguration()
    text = (folder / "css" / style).read_text(encoding="utf-8")
    return fetcher, fonts, CSS(string=text, url_fetcher=fetcher, font_config=fonts), {}


def main() -> None:
    keep, folder, made = sys.argv[1] == "kept", Path(sys.argv[2]), {}
    for line in sys.stdin.buffer:
        order = json.loads(line)
        if not keep or order["style"] not in made:
            made[order["style"]] = tools(folder, order["style"])
        fetcher, fonts, style, drawings = made[order["style"]]
        data = HTML(string=order["html"], url_fetcher=fetcher).write_pdf(
            font_config=fonts,
            stylesheets=[style],
            cache=drawings,
            pdf_variant="pdf/ua-1",
            pdf_tags=True,
        )
        sys.stdout.buffer.write(b"%d\n" % len(data) + data)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
