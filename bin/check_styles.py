#!/usr/bin/env python3
"""Lists mistakes in static/css that a formatter does not see. Exit code 1 when there are any.

A mistake is: what cannot be parsed, a declaration twice in one rule, a custom property (--st-...)
that is used and set nowhere, one that is set and used nowhere, and a class that no template, no
module of cases/ and no script writes.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import tinycss2

ROOT = Path(__file__).resolve().parent.parent
STYLES = ROOT / "static" / "css"
USE = re.compile(r"var\(\s*(--[\w-]+)")
BOOTSTRAP = "--bs-"  # set or used by static/vendor/bootstrap.csp.min.css
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# What the class of an element is made of, also where a tag inside it has quotes of its own.
ATTRIBUTE = re.compile(r'\bclass="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"', re.DOTALL)
BLOCK = re.compile(r"\{% block \w+_class %\}(.*?)\{% endblock %\}", re.DOTALL)
QUOTED = re.compile(r"""(["'`])(.*?)\1""", re.DOTALL)
NAME = re.compile(r"[A-Za-z][\w-]*\*?")
ANY = "*"  # in a name: what is filled in there, a number as in "size*" or a word as in "note--*"


def blocks(nodes: list) -> Iterator[list]:
    """The list of nodes itself, and that of each rule in it, at any depth."""
    yield nodes
    for node in nodes:
        if getattr(node, "content", None) is not None:
            yield from blocks(tinycss2.parse_blocks_contents(node.content, skip_comments=True))


def classes(tokens: list) -> Iterator[str]:
    """The classes that a selector names, also those in :is(), :not() and :has()."""
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "ident" and before is not None and before == ".":
            yield token.value
        yield from classes(getattr(token, "arguments", None) or [])


def mistakes() -> Iterator[str]:
    """One line for each mistake, with its file and line."""
    set_at: dict[str, str] = {}
    used_at: dict[str, str] = {}
    styled_at: dict[str, str] = {}
    for path in sorted(STYLES.glob("*.css")):
        for block in blocks(tinycss2.parse_stylesheet(path.read_text("utf-8"))):
            seen = set()
            for node in block:
                where = f"{path.relative_to(ROOT)}:{node.source_line}"
                if node.type == "error":
                    yield f"{where}: {node.message}"
                if node.type == "qualified-rule":
                    for name in classes(node.prelude):
                        styled_at.setdefault(name, where)
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
    yield from unwritten(styled_at, set(written(ROOT)))


def one_sided(set_at: dict[str, str], used_at: dict[str, str]) -> Iterator[str]:
    """One line for each custom property of ours that is only set or only used.

    Both arguments lead from a name to the first place where it is set or used.
    """
    sides = ((used_at, set_at, "used and set"), (set_at, used_at, "set and used"))
    for places, other, line in sides:
        for name in sorted(places.keys() - other.keys()):
            if not name.startswith(BOOTSTRAP):
                yield f"{places[name]}: {name} is {line} nowhere"


def unwritten(styled_at: dict[str, str], names: set[str]) -> Iterator[str]:
    """One line for each class that has a rule and is not among the names."""
    begun = [each.removesuffix(ANY) for each in names if ANY in each]
    patterns = [
        re.compile(re.escape(each) + (r"[\w-]+" if each.endswith("-") else r"\d+"))
        for each in begun
    ]
    for name in sorted(styled_at.keys() - names):
        if not any(pattern.fullmatch(name) for pattern in patterns):
            yield f"{styled_at[name]}: the class {name} is written nowhere"


def written(root: Path) -> Iterator[str]:
    """The words that templates, modules and scripts write where a class may stand; ``size*`` is a
    class that ends in a value.
    """
    for path in (root / "templates").rglob("*.html"):
        yield from in_template(path.read_text("utf-8"))
    for path in (root / "cases").rglob("*.py"):
        if "tests" not in path.relative_to(root).parts:
            yield from in_module(path.read_text("utf-8"))
    for path in (root / "static" / "js").glob("*.js"):
        for _quote, text in QUOTED.findall(path.read_text("utf-8")):
            yield from NAME.findall(text)


def in_template(text: str) -> Iterator[str]:
    """The classes of its elements, and the words that it hands to a tag or another template."""
    for value in [*ATTRIBUTE.findall(text), *BLOCK.findall(text)]:
        yield from NAME.findall(VALUE.sub(ANY, TAG.sub(" ", value)))
    for tag in TAG.findall(text):
        for _quote, words in QUOTED.findall(tag):
            yield from NAME.findall(words)


def in_module(text: str) -> Iterator[str]:
    """The words of its texts; of "fit{n}" the part before the value."""
    tree = ast.parse(text)
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [each.value if isinstance(each, ast.Constant) else ANY for each in node.values]
            yield from NAME.findall("".join(parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
            yield from NAME.findall(node.value)


def main() -> int:
    found = list(mistakes())
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
