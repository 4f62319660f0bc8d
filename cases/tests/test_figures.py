"""The script that measures the tree: what it counts, and what it writes into the document."""

from pathlib import PurePosixPath

import pytest

from .test_setup import tool

LINES = [f"value_{number} = read({number})" for number in range(7)]


@pytest.fixture(scope="module")
def figures():
    return tool("figures")


def source(figures, path, lines):
    return figures.Source(PurePosixPath(path), tuple(lines))


def test_long_lines_are_counted_with_their_share(figures):
    files = [source(figures, "a.py", ["x" * 100, "x" * 101, "", "x"])]
    assert figures.long_lines(files, 100) == "1 of 4 (25.0 %)"
    assert figures.long_lines([], 100) == "0 of 0 (0.0 %)"


@pytest.mark.parametrize(("numbers", "at"), [([], 0), ([4], 4), (range(11), 9)])
def test_nine_of_ten_do_not_pass_the_ninetieth_percentile(figures, numbers, at):
    assert figures.p90(numbers) == at


def test_the_length_of_a_function_is_without_its_decorators(figures):
    text = ["@cached", "def one():", "    pass", "class A:", "    async def two(self): ..."]
    assert sorted(figures.functions(source(figures, "a.py", text))) == [1, 2]
    assert sorted(figures.function_statements(source(figures, "a.py", text))) == [1, 1]


def test_names_of_files_that_stand_in_two_folders(figures):
    paths = ["a/group.py", "b/group.py", "a/__init__.py", "b/__init__.py", "a/other.py"]
    found = figures.names_used_twice([source(figures, path, []) for path in paths])
    assert found == {"group.py": ["a", "b"]}


def test_a_repeated_passage_is_one_run_with_its_two_places(figures):
    one = source(figures, "one.py", ["import os", "", *LINES])
    two = source(figures, "two.py", ["first()", *(f"    {line}" for line in LINES), "last()"])
    (run,) = figures.repeated([one, two])
    assert (str(run.first), run.first_line) == ("one.py", 3)
    assert (str(run.second), run.second_line) == ("two.py", 2)
    assert run.length == len(LINES)


def test_five_equal_lines_and_blank_or_thin_lines_are_no_passage(figures):
    thin = ["", "# a comment", "from x import (", "    y,", ")"] * 3
    files = [source(figures, name, [*LINES[:5], *thin]) for name in ("one.py", "two.py")]
    assert figures.repeated(files) == []


def test_how_lines_are_broken_makes_no_passage_and_hides_none(figures):
    call = ["told(", *(f"    word_{number}," for number in range(9)), ")"]
    files = [source(figures, name, call) for name in ("one.py", "two.py")]
    assert figures.repeated(files) == []  # one statement on eleven lines
    tags = [f'<p class="p{number}">word {number}</p>' for number in range(3)]
    apart = [part for tag in tags for part in tag.replace(">w", ">\nw").split("\n")]
    pages = [source(figures, "one.html", ["".join(tags)]), source(figures, "two.html", apart)]
    (run,) = figures.repeated(pages)
    assert run.length == 6


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (
            "a.html",
            "{# a. #}{% comment %}b{% endcomment %}<p>{{ c|d }} e</p>",
            ["<p>", "{{ c|d }}", "e"],
        ),
        ("a.css", "/* a: b; */ .c { d: e; f: g }", [".c", "d: e", "f: g"]),
        ("a.js", "// a; b\nc(); /* d; */ e();", ["c()", "e()"]),
    ],
)
def test_comments_are_no_statements(figures, path, text, said):
    assert [
        part for _line, part in figures.meaningful(source(figures, path, text.split("\n")))
    ] == said


def test_what_was_not_measured_leaves_the_value_in_the_document(figures):
    old = {"lines": {"before": "9", "after": ""}, "types": {"before": "302", "after": "0"}}
    document = f"# Head\n{figures.BEGIN}\n{figures.table(old)}\n{figures.END}\ntail\n"
    new = figures.written(document, {"lines": "3", "types": figures.NOT_MEASURED}, "after")
    assert "| lines | 9 | 3 |" in new
    assert "| types | 302 | 0 |" in new
    assert new.startswith("# Head\n")
    assert new.endswith("\ntail\n")
    assert figures.written(new, {"lines": "3", "types": figures.NOT_MEASURED}, "after") == new


def test_coverage_is_read_from_its_report(figures, tmp_path):
    report = tmp_path / "coverage.json"
    assert figures.coverage(report) == figures.NOT_MEASURED
    report.write_text('{"totals": {"percent_covered": 91.25}}')
    assert figures.coverage(report) == "91.2 %"


def test_the_document_has_the_place_where_the_figures_are_written(figures):
    text = figures.DOCUMENT.read_text(encoding="utf-8")
    assert text.count(figures.BEGIN) == text.count(figures.END) == 1
