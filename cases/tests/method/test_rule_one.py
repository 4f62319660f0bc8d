"""Rule 1: no module and no template outside the method knows the key of a step, page, question or
choice, or which number a step has.
"""

import ast
import re
from pathlib import Path

import pytest

from cases.method import METHOD

ROOT = Path(__file__).resolve().parents[3]
APART = ("method", "tests", "migrations", "management/demo")
MODULES = [
    path
    for path in sorted((ROOT / "cases").rglob("*.py"))
    if not any(path.is_relative_to(ROOT / "cases" / each) for each in APART)
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

KEYS = {step.key for step in METHOD.steps}
KEYS |= {page.key for page in METHOD.pages()}
KEYS |= {question.key for page in METHOD.pages() for question in page.questions}

# The keys of the answers that can be chosen, and where they would decide something.
CHOICES = {
    choice.key
    for page in METHOD.pages()
    for question in page.questions
    for choice in question.choices
}
DECIDING = [
    path
    for path in MODULES
    if path.parent == ROOT / "cases"
    or path.relative_to(ROOT / "cases").parts[0]
    in ("actions", "forms", "models", "printing", "reminders", "views")
]
# Answers that mean something else as well, and what. They count where they are compared, and in
# the tuples, lists and sets that have a name.
ORDINARY_CHOICES = {
    "again": "a button of a form",
    "later": "a day that is too late; the later checks",
    "leader": "a role; who leads a case",
    "letter": "what the words of a letter are kept as",
    "none": "how a part of a page is put in its place",
    "other": "the button for another day",
    "ready": "a process that can begin",
    "yes": "an answer in words",
    "no": "whether the columns of a file have names",
}
# What is compared with words that are no answers of the method.
OTHER_WORDS = {
    "header": "whether the columns of a file have names",
    "GET": "a part of an address",
}

# Words that mean something else as well, and what. Where such a word is used as a key, it counts.
ORDINARY = {
    "again": "how a round ended; a button of a form",
    "better": "how a round ended; a judgement",
    "changed": "a row that was changed since",
    "close": "what comes next; a line of the journal",
    "colleagues": "a letter",
    "enclosure": "a row of a table; a button",
    "ending": "what a template is told",
    "fit": "an argument of opening a case; a size of type",
    "group": "a class group; what comes next; a part of the report",
    "held_on": "a column",
    "how": "what a template is told",
    "idea": "a row of a table",
    "ideas": "a relation between tables",
    "interim": "a kind of appointment, and its sheet",
    "lead": "a verb about staff",
    "letter": "a kind of enclosure; what is printed",
    "member": "a row of a table",
    "note": "a column of a file of days",
    "now": "the state of a step",
    "order": "a kind of file; a column; a line of the journal",
    "other": "a role; the button for another choice",
    "others": "what a template is told",
    "parents": "a letter",
    "plan": "a kind of reminder; the one field of the page on which a day is planned",
    "pupil": "a row of a table; a kind of appointment, and its sheet",
    "ready": "the state of a print",
    "reason": "a field of small forms, and a column",
    "scale": "a column; a part of the report",
    "slips": "what is printed",
    "talk": "a kind of appointment, and its sheet; a button",
    "verdict": "a column",
    "weeks": "the weeks of a calendar",
    "where": "a label on a letter",
    "why": "the reason of a closed day",
    "wish": "a column",
    "words": "a field of small forms; words that are warned of",
}

# Where a literal is a key: arguments of these, and what these are compared with.
TAKE_KEYS = {
    "after",
    "before",
    "from_step",
    "location_at",
    "location_of",
    "number",
    "page",
    "question",
    "record_of",
    "step",
}
HOLD_KEYS = {"key", "step", "page", "step_key", "page_key"}


def name_of(node) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")


def literals(node):
    """The strings that stand in this expression itself, or in a tuple, list or set."""
    parts = getattr(node, "elts", [node])
    return [
        each for each in parts if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]


def is_answers(node) -> bool:
    return name_of(node) in ("answers", "values")


def used_as_keys(tree):
    """The strings that are used as the key of a step, page or question."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = name_of(node.func)
            if called in TAKE_KEYS or (
                called == "get"
                and isinstance(node.func, ast.Attribute)
                and is_answers(node.func.value)
            ):
                for argument in node.args:
                    yield from literals(argument)
            for keyword in node.keywords:
                if (keyword.arg or "").removesuffix("__in") in HOLD_KEYS - {"key"}:
                    yield from literals(keyword.value)
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(name_of(side) in HOLD_KEYS for side in sides):
                for side in sides:
                    yield from literals(side)
        elif isinstance(node, ast.Subscript) and is_answers(node.value):
            yield from literals(node.slice)


def keys_in_module(source: str):
    """Line and key, for each key of the method in a module."""
    tree = ast.parse(source)
    as_keys = {id(node) for node in used_as_keys(tree)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node.value not in KEYS:
            continue
        if node.value not in ORDINARY or id(node) in as_keys:
            yield node.lineno, node.value


def deciding_literals(tree):
    """The strings that are compared with something, or stand in a tuple, list or set with a name.

    A tuple that only gives several names their value at once names each of its strings apart.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if not any(name_of(side) in OTHER_WORDS for side in sides):
                for side in sides:
                    yield from literals(side)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            held = node.value
            if isinstance(held, ast.Call) and name_of(held.func) in ("frozenset", "set", "tuple"):
                held = held.args[0] if held.args else held
            if isinstance(held, (ast.Tuple, ast.List, ast.Set)):
                yield from literals(held)


TRANSLATE = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy"}


def choices_in_module(source: str):
    """Line and key, for each key of a choice in a module; what is translated is a word, no key."""
    tree = ast.parse(source)
    decide = {id(node) for node in deciding_literals(tree)}
    words = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node.func) in TRANSLATE
        for argument in node.args
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node.value not in CHOICES or id(node) in words:
            continue
        if node.value not in ORDINARY_CHOICES or id(node) in decide:
            yield node.lineno, node.value


PLACES_IN_URLS = re.compile(r"\{% url 'case-(?:step|talk|check|finish|skip)' ([^%]*)%\}")
WHY = "is a key of the method; declare what it is for, or choose another key"
COMPARED = re.compile(
    r"(?:(?<!paper\.)\bkey|html_name|\bstep|\bpage) *(?:==|!=|in) *([\"'][^\"']*[\"'])"
)
QUOTED = re.compile(r"[\"']([^\"']*)[\"']")


def keys_in_template(source: str):
    """Line and key, for each key of the method in a template."""
    for number, line in enumerate(source.split("\n"), start=1):
        for part in (*PLACES_IN_URLS.findall(line), *COMPARED.findall(line)):
            yield from ((number, key) for key in QUOTED.findall(part) if key in KEYS)


def test_no_module_outside_the_method_knows_a_key():
    assert len(MODULES) > 100
    found = [
        f"{path.relative_to(ROOT)}:{line}: {key!r} {WHY}"
        for path in MODULES
        for line, key in keys_in_module(path.read_text())
    ]
    assert not found, "\n".join(found)


def test_no_module_outside_the_method_knows_a_choice():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {key!r} is an answer of the method; name it there"
        for path in DECIDING
        for line, key in choices_in_module(path.read_text())
    ]
    assert not found, "\n".join(found)


def test_no_template_knows_a_key():
    assert len(TEMPLATES) > 50
    found = [
        f"{path.relative_to(ROOT)}:{line}: {key!r} {WHY}"
        for path in TEMPLATES
        for line, key in keys_in_template(path.read_text())
    ]
    assert not found, "\n".join(found)


def counted(source: str):
    """The lines of a module that decide by the place of a step: "is it number 1", "is there a step
    after it", the first or last of the method.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            calls = [name_of(side.func) for side in sides if isinstance(side, ast.Call)]
            asked = [op for op in node.ops if isinstance(op, (ast.Eq, ast.NotEq))]
            if asked and "number" in calls and any(isinstance(s, ast.Constant) for s in sides):
                yield node.lineno
            if "after" in calls and any(
                isinstance(side, ast.Constant) and side.value is None for side in sides
            ):
                yield node.lineno
        elif isinstance(node, ast.Subscript) and isinstance(
            node.slice, (ast.Constant, ast.UnaryOp)
        ):
            value = node.value.func if isinstance(node.value, ast.Call) else node.value
            if name_of(value) in ("steps", "in_moment", "moments") and "METHOD" in ast.dump(value):
                yield node.lineno


def test_no_module_decides_by_the_place_of_a_step():
    found = [
        f"{path.relative_to(ROOT)}:{line}: decides by the place of a step; declare what it is for"
        for path in MODULES
        for line in counted(path.read_text())
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        'x = question.key == "ending"',
        'location_of(case, round, "talk", page)',
        'rows.filter(round=1, page="helpers")',
        'record.answers.get("how")',
        'record.answers["may_show"]',
        'step.key in ("talk", "gather")',
    ],
)
def test_a_key_is_seen_in_a_module(source):
    assert list(keys_in_module(source))


@pytest.mark.parametrize(
    "source",
    [
        'record.answers.get(key) == "yes"',
        'record.wish in ("no", "unsure")',
        'TOLD = ("yes", "later")',
        'TOLD = frozenset({"yes"})',
        'NOT_SPOKEN = "absent"',
        'WORDS = {"worry": _("a new worry")}',
    ],
)
def test_a_choice_is_seen_in_a_module(source):
    assert list(choices_in_module(source))


@pytest.mark.parametrize(
    "source",
    [
        'said["leader"] = record.verdict',
        'question.header == "yes"',
        '"other" in request.GET',
        'SAYS = {shared_questions.BETTER: _("better")}',
        'INTAKE, LATER = "intake", "later"',
        'rows.select_related("school", "leader")',
    ],
)
def test_another_word_is_no_choice(source):
    assert not list(choices_in_module(source))


@pytest.mark.parametrize(
    "source",
    ["{% url 'case-step' case.pk 1 'talk' 'between' %}", '{% if field.html_name == "slips" %}'],
)
def test_a_key_is_seen_in_a_template(source):
    assert list(keys_in_template(source))


@pytest.mark.parametrize(
    "source",
    [
        "METHOD.number(step.key) == 1",
        "METHOD.after(step.key) is not None",
        "METHOD.steps[-1].key",
        'METHOD.in_moment("meeting")[0]',
    ],
)
def test_a_counted_step_is_seen(source):
    assert list(counted(source))
