"""Every name that a template asks for stands somewhere in our code as what is given to a template.
Django shows nothing for a name that nobody gives, so one that was changed in Python alone goes
unnoticed. A name that only another page is given is not found here.
"""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import base, engines
from django.template.defaulttags import ForNode, WithNode
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import BlockTranslateNode

TEMPLATES = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
# Where the classes of nodes, and of what stands in them, come from.
OURS_AND_DJANGOS = ("django.template", "django.templatetags", "crispy_forms", "cases.templatetags")
# What Django, allauth and crispy-forms give to a template, or hang on what is given to it.
OF_OTHERS = set(
    """
    True False None block csrf_token forloop messages perms request user view
    LANGUAGE_CODE LANGUAGE_BIDI action_url redirect_field token_fail
    counter level_tag name_local get_username get_status_display
    choice_label hidden_fields html_name id_for_label input_type non_field_errors visible_fields
    has_next has_other_pages has_previous next_page_number num_pages paginator
    previous_page_number
    """.split()
)


def python_words():
    """The identifiers that stand as a string, or as the name of a keyword, in our code; and all
    names of whatever kind.
    """
    given, every = set(), set()
    for folder in ("cases", "noblame"):
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py"):
            if "tests" in path.parts or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    given |= set(re.findall(r"^[A-Za-z_]\w*$", node.value))
                elif isinstance(node, ast.keyword) and node.arg:
                    given.add(node.arg)
                elif isinstance(node, ast.Attribute):
                    every.add(node.attr)
                elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                    every.add(node.name)
                elif isinstance(node, ast.Name):
                    every.add(node.id)
    return given, every | given


def nodes_of(thing, seen=None):
    """Every node, filter expression and variable below a compiled template."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, base.Variable):
        yield thing
        return
    if isinstance(thing, dict | list | tuple):
        for value in thing.values() if isinstance(thing, dict) else thing:
            yield from nodes_of(value, seen)
    elif type(thing).__module__.startswith(OURS_AND_DJANGOS) and not callable(thing):
        yield thing
        names = [*getattr(thing, "__dict__", ()), *getattr(type(thing), "__slots__", ())]
        for name in names:
            if name not in ("origin", "token", "parser"):
                yield from nodes_of(getattr(thing, name), seen)


def bound_in(nodes):
    """The names that a template gives itself, or what it includes."""
    for node in nodes:
        if isinstance(node, ForNode):
            yield from node.loopvars
        elif isinstance(node, WithNode | IncludeNode | BlockTranslateNode):
            yield from node.extra_context
        for given in ("asvar", "target_var", "varname", "countervar", "as_var", "var_name"):
            name = getattr(node, given, None)
            if isinstance(name, str):
                yield name


@pytest.fixture(scope="module")
def compiled():
    engine = engines["django"].engine
    return {name: list(nodes_of(engine.get_template(name).nodelist)) for name in NAMES}


@pytest.fixture(scope="module")
def words():
    return python_words()


@pytest.fixture(scope="module")
def bound(compiled):
    return {name for nodes in compiled.values() for name in bound_in(nodes)}


def unknown(nodes, words, bound):
    """The names that these nodes ask for and nobody gives, in order."""
    given, every = words
    found = set()
    for node in nodes:
        if isinstance(node, base.Variable) and node.lookups:
            first, *later = node.lookups
            found |= {first} - given
            found |= {name for name in later if not name.isdigit()} - every
    return sorted(found - bound - OF_OTHERS)


@pytest.mark.parametrize("template", NAMES)
def test_what_a_template_asks_for_is_given(compiled, words, bound, template):
    assert not unknown(compiled[template], words, bound)


@pytest.mark.parametrize(
    "source",
    [
        "{{ nobodys }}",
        "{% if nobodys %}{% endif %}",
        "{% for each in case.nobodys %}{% endfor %}",
        "{% load i18n %}{% blocktrans with name=nobodys %}{{ name }}{% endblocktrans %}",
        "{% include 'base.html' with case=nobodys %}",
    ],
)
def test_a_name_that_nobody_gives_is_found_wherever_it_stands(words, bound, source):
    nodes = nodes_of(engines["django"].engine.from_string(source).nodelist)
    assert unknown(nodes, words, bound) == ["nobodys"]
