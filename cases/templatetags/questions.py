"""Template tags and filters for forms: the question grid, a field with our classes, the list of
errors.
"""

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Textarea

from ..answers import is_empty
from ..method import grammar

register = template.Library()

_GROUPED = {grammar.CHOICE, grammar.MANY, grammar.SCALE}


def _kind(field, question):
    if question:
        return question.kind
    widget = field.field.widget
    for widget_class, kind in (
        (CheckboxSelectMultiple, grammar.MANY),
        (RadioSelect, grammar.CHOICE),
        (CheckboxInput, grammar.CHECK),
        (Textarea, grammar.TEXT),
    ):
        if isinstance(widget, widget_class):
            return kind
    return grammar.LINE


@register.simple_tag
def question_parts(field, no_hint=False):
    """What cases/_question.html needs of a bound field, as a dict; with ``no_hint`` its hint is not
    shown and not named.

    The field may carry ``question`` (grammar.Question); without it label and hint are the field's
    own. It may also carry ``body_template``, a template that draws the answer part instead.
    """
    question = getattr(field.field, "question", None)
    kind = _kind(field, question)
    body_template = getattr(field.field, "body_template", "")
    hint = "" if no_hint else (question.hint if question else field.help_text)
    value = field.value()
    ids = ([f"{field.auto_id}_hint"] if hint else []) + [f"{field.auto_id}_error"]
    return {
        "kind": kind,
        "grouped": kind in _GROUPED or bool(body_template),
        "label": question.label if question else field.label,
        "hint": hint,
        "say": question.say if question else (),
        "required": question.required if question else field.field.required,
        "describedby": " ".join(ids),
        "body_template": body_template,
        "options": [option for option in field.subwidgets if str(option.data.get("value", ""))]
        if kind in (grammar.CHOICE, grammar.MANY)
        else [],
        "ends": [question.choices[0], question.choices[-1]]
        if question and kind == grammar.SCALE and len(question.choices) > 1
        else [],
        "scale": [{"value": str(n), "chosen": str(value) == str(n)} for n in range(11)],
        "empty": is_empty(value),
        "checked": kind == grammar.CHECK
        and bool(value)
        and str(value) not in ("False", "false", "0"),
    }


@register.simple_tag
def control(field, describedby="", required=None):
    """``{% control field %}``: the field's own widget with our classes and ARIA.

    What is wrong with it is named by itself: the id is that of components/_field_errors.html.

    Never ``required``: the browser's own messages would come before ours. No placeholder: it
    repeats the label and is gone once somebody types.
    """
    must = field.field.required if required is None else required
    attrs = {"class": "form-control", "required": False, "placeholder": False}
    ids = describedby.split()
    if field.errors and f"{field.auto_id}_error" not in ids:
        ids.append(f"{field.auto_id}_error")
    if ids:
        attrs["aria-describedby"] = " ".join(ids)
    if must:
        attrs["aria-required"] = "true"
    if field.errors:
        attrs |= {"class": "form-control is-invalid", "aria-invalid": "true"}
    return field.as_widget(attrs=attrs)


@register.filter
def error_lines(form):
    """``{% for error in form|error_lines %}``: the fields' errors as dicts with ``id`` and
    ``text``.

    A message that several fields share stands there once; the others are called by their question.
    """
    lines, said = [], set()
    for field in form:
        for error in field.errors:
            lines.append({"id": field.auto_id, "text": field.label if error in said else error})
            said.add(error)
    return lines


@register.filter
def aslist(value):
    """A list stays as it is; one value becomes a list of one; nothing, an empty one."""
    if isinstance(value, list | tuple):
        return value
    return [] if value in (None, "") else [value]
