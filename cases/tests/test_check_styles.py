"""The script that looks through static/css: which classes it says that nobody writes."""

import pytest

from .test_setup import tool


@pytest.fixture(scope="module")
def styles():
    return tool("check_styles")


def test_every_class_of_the_style_sheets_is_written_somewhere(styles):
    assert list(styles.mistakes()) == []


def test_the_classes_of_a_selector_also_in_brackets(styles):
    rule = styles.tinycss2.parse_one_rule("a.one > .two:not(.three):is(.four, #no) [x='.no'] {}")
    assert list(styles.classes(rule.prelude)) == ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ('<p class="one two">no</p>', ["one", "two"]),
        ('<p class="one{% if a == "b" %} two{% endif %}">', ["one", "two", "b"]),
        ('<p class="box box{{ n }} {{ other }}">', ["box", "box*"]),
        ("{% block main_class %}wide{% endblock %}", ["wide"]),
        ('{% pebble "empty" %}{% include "a.html" with margin="mt-2" %}', ["empty", "mt-2"]),
    ],
)
def test_what_a_template_writes_where_a_class_may_stand(styles, template, names):
    assert set(names) <= set(styles.in_template(template))
    assert "no" not in styles.in_template(template)


def test_the_texts_of_a_module_without_its_docstrings(styles):
    module = 'def fit(n):\n    """No class."""\n    return f"fit{n}", "size"\n'
    words = set(styles.in_module(module))
    assert {"fit*", "size"} <= words and "class" not in words


def test_a_class_that_nobody_writes_is_named_with_its_place(styles):
    styled = {"size7": "a:1", "size": "a:2", "note--bad": "a:3", "gone": "a:4", "size7x": "a:5"}
    found = list(styles.unwritten(styled, {"size", "size*", "note--*"}))
    assert found == [
        "a:4: the class gone is written nowhere",
        "a:5: the class size7x is written nowhere",
    ]
