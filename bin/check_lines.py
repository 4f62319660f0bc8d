#!/usr/bin/env python3
"""Lists the lines that are too long in templates, CSS and JavaScript (Python is ruff's, E501).

    bin/check_lines.py [FOLDER OR FILE ...]

Exit code 1 when there are any. A line may have 120 columns; a line of a template may have up to 200
when it holds a sentence to translate and would have 120 or fewer without the letters of that
sentence: a message in the catalogues has no line breaks, so its sentence cannot be broken in the
template either.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("templates", "static/css", "static/js")
KINDS = {".html", ".txt", ".css", ".js"}
COLUMNS = 120
COLUMNS_WITH_SENTENCE = 200
TEMPLATES = (".html", ".txt")
SENTENCE = re.compile(
    r"""\{%\s*blocktrans(?:late)?\b[^%]*%\}(?P<block>.*?)\{%\s*endblocktrans"""
    r"""|\b(?:trans|translate)\s+(?P<tag>"[^"]*"|'[^']*')"""
    r"""|\b_\((?P<argument>"[^"]*"|'[^']*')\)""",
    re.DOTALL,
)


def without_sentences(text: str) -> str:
    """The template without the letters of its sentences to translate; the line breaks stay."""

    def keep_the_rest(match: re.Match) -> str:
        sentence = match.group(match.lastgroup)
        return match.group().replace(sentence, "\n" * sentence.count("\n"), 1)

    return SENTENCE.sub(keep_the_rest, text)


def too_long(path: Path) -> list[tuple[int, int]]:
    """The number and the width of each line of the file that is too long."""
    text = path.read_text("utf-8")
    lines = text.split("\n")
    bare = without_sentences(text).split("\n") if path.suffix in TEMPLATES else lines
    found = []
    for number, (line, rest) in enumerate(zip(lines, bare, strict=True), start=1):
        allowed = (
            COLUMNS_WITH_SENTENCE if len(rest) < len(line) and len(rest) <= COLUMNS else COLUMNS
        )
        if len(line) > allowed:
            found.append((number, len(line)))
    return found


def files(place: Path) -> Iterator[Path]:
    """The files to look at: the place itself or those in it."""
    for path in [place] if place.is_file() else sorted(place.rglob("*")):
        if path.is_file() and path.suffix in KINDS:
            yield path


def main(arguments: list[str]) -> int:
    found = False
    for place in arguments or PLACES:
        for path in files(ROOT / place):
            for number, width in too_long(path):
                print(f"{path.relative_to(ROOT)}:{number}: {width} columns, {COLUMNS} allowed")
                found = True
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
