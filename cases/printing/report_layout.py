"""How a report is laid out: its chapters and rows, cut into tables and into documents that can be
printed.

A chapter is a title with rows (`titled`), a row a label with what was noted (`entry`). What stands
in them is said in `case_report`.
"""

import datetime
from typing import Any

from ..method.grammar import Text
from .printable_text import paragraphs, plain

# What one document may hold; the rest follows in the next one. Below the bounds of printing.
MOST_CHARACTERS, MOST_LINES = 80_000, 2_000


def entry(
    label: str,
    text: str = "",
    *,
    day: datetime.date | None = None,
    at: datetime.time | None = None,
    heading: str = "",
) -> dict[str, Any]:
    """One line of a chapter. ``heading`` begins a page or a person; a row without text says so."""
    return {
        "label": plain(label),
        "text": paragraphs(text),
        "day": day,
        "at": at,
        "heading": heading,
    }


def titled(title: Text, rows: list[dict[str, Any]], *, empty: str = "") -> dict[str, Any]:
    """A chapter; ``empty`` is what it says without rows."""
    return {"title": plain(str(title)), "rows": rows, "empty": empty}


def tables(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The rows of a chapter in tables: a row with a heading begins a new one."""
    found: list[list[dict[str, Any]]] = []
    for row in rows:
        if row["heading"] or not found:
            found.append([])
        found[-1].append(row)
    return found


def split_into_documents(chapters: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The chapters of each document that can be printed, in order; a chapter that is too long is
    split between its rows.
    """
    found: list[list[dict[str, Any]]] = [[]]
    size = lines = 0
    for chapter in chapters:
        for number, row in enumerate(chapter["rows"] or [None]):
            weight = _weight(row)
            if size + weight[0] > MOST_CHARACTERS or lines + weight[1] > MOST_LINES:
                found.append([])
                size = lines = 0
            if not number or not found[-1]:
                found[-1].append(chapter | {"rows": []})
            if row is not None:
                found[-1][-1]["rows"].append(row)
            size, lines = size + weight[0], lines + weight[1]
    return [each for each in found if each] or [[]]


def _weight(row: dict[str, Any] | None) -> tuple[int, int]:
    """How many characters and lines of HTML a row takes at most; None: a chapter without rows."""
    if row is None:
        return 200, 3
    lines = sum(len(part) for part in row["text"])
    # Each character may become six ("&quot;"); markup comes with each row and line.
    return 250 + 2 * sum(len(line) + 20 for part in row["text"] for line in part), 3 + lines
