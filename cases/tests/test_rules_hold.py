"""What the method says is enforced or made, is: each rule names something that is there."""

from importlib import import_module

import pytest

from cases.method import METHOD


def found(path):
    """The module, or the thing in a module, with this dotted path; None when there is none."""
    try:
        return import_module(path)
    except ModuleNotFoundError:
        module, _, name = path.rpartition(".")
        return getattr(import_module(module), name, None)


@pytest.mark.parametrize("rule", METHOD.rules, ids=lambda rule: "+".join(rule.covers))
def test_what_enforces_a_rule_is_there(rule):
    assert found(rule.by) is not None, rule.by
