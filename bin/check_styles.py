#!/usr/bin/env python3
"""Lists mistakes in static/css that a formatter does not see. Exit code 1 when there are any.

A mistake is: what cannot be parsed, a declaration twice in one rule, a custom property (--st-...)
that is used and set nowhere, and one that is set and used nowhere.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import tinycss2

ROOT = Path(__file__).resolve().parent.parent
STYLES = ROOT / "static" / "css"
USE = re.compile(r"var\(\s*(--[\w-]+)")
BOOTSTRAP = "--bs-"  # set or used by static/vendor/bootstrap.csp.min.css


def blocks(nodes: list) -> Iterator[list]:
    """The list of nodes itself, and that of each rule in it, at any depth."""
    yield nodes
    for node in nodes:
        if getattr(node, "content", None) is not None:
            yield from blocks(tinycss2.parse_blocks_contents(node.content, skip_comments=True))


def mistakes() -> Iterator[str]:
    """One line for each mistake, with its file and line."""
    set_at: dict[str, str] = {}
    used_at: dict[str, str] = {}
    for path in sorted(STYLES.glob("*.css")):
        for block in blocks(tinycss2.parse_stylesheet(path.read_text("utf-8"))):
            seen = set()
            for node in block:
                where = f"{path.relative_to(ROOT)}:{node.source_line}"
                if node.type == "error":
                    yield f"{where}: {node.message}"
                if node.type != "declaration":
                    continue
                value = tinycss2.serialize(node.value).strip()
                if (node.name, value) in seen:
                    yield f"{where}: {node.name} is declared twice"
                seen.add((node.name, value))
                if node.name.startswith("--"):
                    set_at.setdefault(node.name, where)
                for name in USE.findall(value):
                    used_at.setdefault(name, where)
    yield from one_sided(set_at, used_at)


def one_sided(set_at: dict[str, str], used_at: dict[str, str]) -> Iterator[str]:
    """One line for each custom property of ours that is only set or only used.

    Both arguments lead from a name to the first place where it is set or used.
    """
    sides = ((used_at, set_at, "used and set"), (set_at, used_at, "set and used"))
    for places, other, line in sides:
        for name in sorted(places.keys() - other.keys()):
            if not name.startswith(BOOTSTRAP):
                yield f"{places[name]}: {name} is {line} nowhere"


def main() -> int:
    found = list(mistakes())
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
