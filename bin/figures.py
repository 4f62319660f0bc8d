#!/usr/bin/env python3
"""Measures how readable a tree is: long lines, long files and functions, repeats, types, coverage.

    python bin/figures.py [--tree FOLDER] [--json] [--write [--column before|after]]

Prints a table; `--write` puts the values into their column in docs/figures.md of this checkout.
A tree can be another checkout, so that two states stand side by side. What cannot be measured
(mypy is not installed or not configured, there is no coverage.json) is "not measured", and leaves
the value in the document as it was.
"""

import argparse
import ast
import collections
import importlib.util
import io
import json
import math
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "figures.md"
BEGIN, END = "<!-- bin/figures.py: begin -->", "<!-- bin/figures.py: end -->"
COLUMNS = ("before", "after")
NOT_MEASURED = "not measured"

LONG_TEMPLATE, LONG_PYTHON = 120, 100
SOURCES = {".py", ".html", ".css", ".js"}
LEFT_OUT = {".venv", ".git", "var", "node_modules", "vendor", "paper", "__pycache__"}
ONE_IN_EACH_FOLDER = {"__init__.py", "conftest.py"}  # Python and pytest ask for these names
RUN = 6  # so many equal statements or tags make a repeated passage
TOO_COMMON = 8  # a passage in more places than this is a form that the language asks for
THIN = re.compile(
    r"[\W_]*|(from|import)\s.*|</.*|[{]([%] (load|extends|comment|end\w+|else)\b|#).*"
)
# What stands between the statements of Python.
BETWEEN = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
BLOCKS = re.compile(r"[^;{}]+")
PARTS = {
    ".html": re.compile(
        r"[{]% comment %[}].*?[{]% endcomment %[}]|[{]#.*?#[}]|[{]%.*?%[}]|[{][{].*?[}][}]"
        r"|<[^<>]*>|[^<{]+|[<{]",
        re.DOTALL,
    ),
    ".css": BLOCKS,
    ".js": BLOCKS,
}
COMMENTS = {
    ".css": re.compile(r"/[*].*?[*]/", re.DOTALL),
    ".js": re.compile(r"/[*].*?[*]/|(?<![:\"'])//[^\n]*", re.DOTALL),
}


Place = tuple[int, int]  # which file of a list, and which of its meaningful statements


@dataclass(frozen=True)
class Source:
    """A file of the tree: its path from the tree's root and its lines."""

    path: PurePosixPath
    lines: tuple[str, ...]

    @property
    def kind(self) -> str:
        """ "test", "migration" or "code": the three are not comparable."""
        if "tests" in self.path.parts or self.path.name.startswith(("test_", "conftest")):
            return "test"
        return "migration" if "migrations" in self.path.parts else "code"


@dataclass(frozen=True)
class Run:
    """Statements that stand in two places; line numbers count from 1."""

    first: PurePosixPath
    first_line: int
    second: PurePosixPath
    second_line: int
    length: int


@dataclass
class Figures:
    """Rows of the table in order, and the lists that stand below it."""

    rows: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)


def read_tree(tree: Path) -> list[Source]:
    """The source files of a tree: those git tracks there, or all when the tree is no checkout."""
    if (tree / ".git").exists():
        listed = subprocess.run(
            ["git", "-C", str(tree), "ls-files", "-z"], capture_output=True, text=True, check=True
        )
        names = [name for name in listed.stdout.split("\0") if name]
    else:
        names = [each.relative_to(tree).as_posix() for each in tree.rglob("*") if each.is_file()]
    paths = [PurePosixPath(name) for name in sorted(names)]
    return [
        Source(path, tuple((tree / path).read_text(encoding="utf-8").splitlines()))
        for path in paths
        if path.suffix in SOURCES and not LEFT_OUT & set(path.parts) and (tree / path).is_file()
    ]


def p90(numbers: Iterable[int]) -> int:
    """The number that nine of ten do not pass (nearest rank); 0 of nothing."""
    ordered = sorted(numbers)
    return ordered[math.ceil(0.9 * len(ordered)) - 1] if ordered else 0


def long_lines(sources: list[Source], limit: int) -> str:
    """How many lines pass the limit: "12 of 3,400 (0.4 %)"."""
    widths = [len(line) for source in sources for line in source.lines]
    over = sum(width > limit for width in widths)
    return f"{over:,} of {len(widths):,} ({100 * over / max(1, len(widths)):.1f} %)"


def functions(source: Source) -> Iterator[int]:
    """The lengths in lines of a Python file's functions, without their decorators."""
    for node in ast.walk(ast.parse("\n".join(source.lines))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def function_statements(source: Source) -> Iterator[int]:
    """How many statements each of a Python file's functions has: however its lines are broken."""
    for node in ast.walk(ast.parse("\n".join(source.lines))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield sum(isinstance(each, ast.stmt) for each in ast.walk(node)) - 1


def function_lines(sources: list[Source]) -> str:
    """The 90th percentile of the lengths of all functions of these files."""
    return str(p90(length for source in sources for length in functions(source)))


def names_used_twice(sources: list[Source]) -> dict[str, list[str]]:
    """File name → folders, for each name that more than one folder has."""
    folders = collections.defaultdict(list)
    for source in sources:
        if source.path.name not in ONE_IN_EACH_FOLDER:
            folders[source.path.name].append(source.path.parent.as_posix())
    return {name: found for name, found in sorted(folders.items()) if len(found) > 1}


def statements(source: Source) -> Iterator[tuple[int, str]]:
    """(line number, text) of what a file is made of, however its lines are broken: the logical
    lines of Python, tags and texts of a template, declarations and selectors of CSS, statements of
    JavaScript. White space is folded.
    """
    text = "\n".join(source.lines)
    if source.path.suffix == ".py":
        yield from _logical_lines(text)
        return
    if comment := COMMENTS.get(source.path.suffix):
        # What is left out keeps its line ends, so that the numbers of lines stay right.
        text = comment.sub(lambda found: "\n" * found[0].count("\n"), text)
    for found in PARTS[source.path.suffix].finditer(text):
        if part := " ".join(found[0].split()):
            yield text.count("\n", 0, found.start()) + 1, part


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    first, words = 0, []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NEWLINE:
            yield first, " ".join(words)
            words = []
        elif token.type not in BETWEEN:
            first = first if words else token.start[0]
            words.append(token.string)


def meaningful(source: Source) -> list[tuple[int, str]]:
    """The statements that say something of their own."""
    return [(number, text) for number, text in statements(source) if not THIN.fullmatch(text)]


def repeated(sources: list[Source]) -> list[Run]:
    """Pairs of places with at least RUN equal statements, each as long as it goes, the longest
    first.
    """
    texts = [meaningful(source) for source in sources]
    places = collections.defaultdict(list)
    for index, text in enumerate(texts):
        lines = [line for _number, line in text]
        for start in range(len(lines) - RUN + 1):
            places[tuple(lines[start : start + RUN])].append((index, start))
    pairs = set()
    for found in places.values():
        if 1 < len(found) <= TOO_COMMON:
            pairs.update((one, two) for one in found for two in found if one < two)
    runs = _runs(sources, texts, pairs)
    return sorted(runs, key=lambda run: (-run.length, str(run.first), run.first_line))


def _runs(
    sources: list[Source], texts: list[list[tuple[int, str]]], pairs: set[tuple[Place, Place]]
) -> Iterator[Run]:
    """Joins pairs of overlapping starts into runs; one that overlaps itself does not count."""
    for one, two in pairs:
        if ((one[0], one[1] - 1), (two[0], two[1] - 1)) in pairs:
            continue
        length = RUN
        while ((one[0], one[1] + length - RUN + 1), (two[0], two[1] + length - RUN + 1)) in pairs:
            length += 1
        if one[0] == two[0] and two[1] - one[1] < length:
            continue
        numbers = [texts[index][start][0] for index, start in (one, two)]
        yield Run(sources[one[0]].path, numbers[0], sources[two[0]].path, numbers[1], length)


def type_errors(tree: Path) -> str:
    """What mypy counts in the tree; "not measured" where it is not installed or not configured."""
    project = tree / "pyproject.toml"
    configured = (tree / "mypy.ini").exists() or (
        project.exists() and "[tool.mypy]" in project.read_text(encoding="utf-8")
    )
    if not configured or importlib.util.find_spec("mypy") is None:
        return NOT_MEASURED
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=tree, capture_output=True, text=True)
    if found := re.search(r"Found (\d+) errors?", done.stdout):
        return found[1]
    return "0" if done.returncode == 0 else NOT_MEASURED


def coverage(report: Path) -> str:
    """Percent of lines and branches that tests run, from coverage's JSON report."""
    if not report.exists():
        return NOT_MEASURED
    totals = json.loads(report.read_text(encoding="utf-8"))["totals"]
    return f"{totals['percent_covered']:.1f} %"


def measure(tree: Path, coverage_report: Path) -> Figures:
    """All figures of one tree."""
    sources = read_tree(tree)
    python = [source for source in sources if source.path.suffix == ".py"]
    code = [source for source in python if source.kind == "code"]
    tests = [source for source in python if source.kind == "test"]
    templates = [source for source in sources if source.path.parts[0] == "templates"]
    code_sources = [source for source in sources if source.kind == "code"]
    test_sources = [source for source in sources if source.kind == "test"]
    named, named_tests = names_used_twice(code_sources), names_used_twice(test_sources)
    runs = repeated(code_sources)
    longest = max((len(line) for source in templates for line in source.lines), default=0)
    rows = {
        f"template lines over {LONG_TEMPLATE} columns": long_lines(templates, LONG_TEMPLATE),
        "longest template line": f"{longest:,}",
        f"Python lines over {LONG_PYTHON} columns": long_lines(python, LONG_PYTHON),
        "file names used more than once": str(len(named)),
        "test file names used more than once": str(len(named_tests)),
        "lines of a Python file, 90th percentile": str(p90(len(each.lines) for each in code)),
        "lines of a test file, 90th percentile": str(p90(len(each.lines) for each in tests)),
        "lines of a function, 90th percentile": function_lines(code),
        "statements of a function, 90th percentile": str(
            p90(count for source in code for count in function_statements(source))
        ),
        "lines of a test, 90th percentile": function_lines(tests),
        f"repeated passages of {RUN} statements or more": str(len(runs)),
        "repeated passages in tests": str(len(repeated(test_sources))),
        "type errors": type_errors(tree),
        "coverage, lines and branches": coverage(coverage_report),
    }
    return Figures(rows, named, runs)


def table(rows: dict[str, dict[str, str]]) -> str:
    """The Markdown table: figure → column → value."""
    head = ["| figure | before | after |", "|---|---:|---:|"]
    lines = [
        f"| {name} | " + " | ".join(values.get(column, "") for column in COLUMNS) + " |"
        for name, values in rows.items()
    ]
    return "\n".join(head + lines)


def read_table(text: str) -> dict[str, dict[str, str]]:
    """The figures that a document has between the two marks."""
    rows = {}
    for line in text.splitlines()[2:]:
        name, *values = (cell.strip() for cell in line.strip().strip("|").split("|"))
        rows[name] = dict(zip(COLUMNS, values, strict=False))
    return rows


def written(document: str, rows: dict[str, str], column: str) -> str:
    """The document with the figures in a column; "not measured" leaves what is there."""
    before, _begin, rest = document.partition(BEGIN)
    inside, _end, after = rest.partition(END)
    old = read_table(inside.strip())
    new = {name: dict(old.get(name, {})) for name in rows}
    for name, value in rows.items():
        if value != NOT_MEASURED or not new[name].get(column):
            new[name][column] = value
    return f"{before}{BEGIN}\n{table(new)}\n{END}{after}"


def lists(figures: Figures) -> str:
    """What the counts stand for: names with their folders, passages with their places."""
    names = [f"{name}: {', '.join(folders)}" for name, folders in figures.names.items()]
    runs = [
        f"{run.length} statements: {run.first}:{run.first_line} and {run.second}:{run.second_line}"
        for run in figures.runs
    ]
    return "\n".join(["", "Names used more than once", *names, "", "Repeated passages", *runs])


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Measures how readable a tree is.")
    options.add_argument("--tree", type=Path, default=ROOT, help="another checkout")
    options.add_argument("--coverage", type=Path, help="report of coverage (TREE/coverage.json)")
    options.add_argument("--json", action="store_true")
    options.add_argument("--write", action="store_true", help="into docs/figures.md")
    options.add_argument("--column", choices=COLUMNS, default="after")
    chosen = options.parse_args(arguments)
    tree = chosen.tree.resolve()
    figures = measure(tree, chosen.coverage or tree / "coverage.json")
    if chosen.json:
        runs = [{key: str(value) for key, value in vars(run).items()} for run in figures.runs]
        lists_too = {"rows": figures.rows, "names": figures.names, "passages": runs}
        print(json.dumps(lists_too, indent=2))
    else:
        print(table({name: {chosen.column: value} for name, value in figures.rows.items()}))
        print(lists(figures))
    if chosen.write:
        document = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(written(document, figures.rows, chosen.column), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
