"""What an answer is in words, and whether it is empty: said here once, for every page, paper and
summary.
"""

import datetime

from django.utils.translation import gettext as _

from .formats.dates import clock, longday, named
from .method.grammar import CHECK, CHOICE, DATE, GROUP, MANY, PLAN, Page, Question


def is_empty(value) -> bool:
    """Whether a question was not answered. The number 0 is an answer; a box that is not ticked is
    none.
    """
    return value is None or value is False or (isinstance(value, str | list | tuple) and not value)


def is_same(one, other) -> bool:
    """Whether two values are the same answer: whatever is empty is the same as no answer."""
    return one == other or (is_empty(one) and is_empty(other))


def plan_keys(question: Question) -> tuple[str, str, str]:
    """The keys under which a question about a day stands on its page: day, time, reason."""
    return question.key, f"{question.key}_at", f"{question.key}_reason"


def without_question(page: Page, values: dict) -> list[str]:
    """The keys of answers whose question is gone: a key is a promise, so they are shown as well.

    What is kept by pupil or by member is not among them, nor why a group was chosen.
    """
    known = {"balance_reason"} if page.kind == GROUP else set()
    for question in page.questions:
        known.update(plan_keys(question) if question.kind == PLAN else [question.key])
    return [key for key in sorted(values) if key not in known and ":" not in key]


def in_words(
    question: Question | None, value, *, name: str = "", values=None, year: bool = False
) -> str:
    """The answer to a question as a person reads it; "" when it is empty.

    ``name`` is the pupil's first name, for choices that hold it. ``values`` is everything on the
    page: with it an appointment is written with its time and reason. ``year`` writes days with
    their year. Without a question (its key was given up) the value stands there as it was kept, and
    so does a choice or a day that can no longer be read.
    """
    if is_empty(value):
        return ""
    kind = question.kind if question else ""
    if kind == CHECK or value is True:
        return _("yes")
    if question and kind in (CHOICE, MANY):
        labels = {choice.key: named(choice.label, name) for choice in question.choices}
        chosen = value if isinstance(value, list | tuple) else [value]
        return ", ".join(labels.get(each, str(each)) for each in chosen)
    if kind in (DATE, PLAN):
        words = _day(value, year)
        return _with_time_and_reason(question, words, values) if kind == PLAN and values else words
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return str(value)


def _day(value, year) -> str:
    try:
        day = datetime.date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{longday(day)} {day.year}" if year else longday(day)


def _with_time_and_reason(question, words, values) -> str:
    _key, at, reason = map(values.get, plan_keys(question))
    if not is_empty(at):
        words = f"{words} {_time(at)}"
    return words if is_empty(reason) else f"{words} ({reason})"


def _time(value) -> str:
    try:
        return clock(datetime.time.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def part_in_words(question: Question | None, key: str, value, *, name: str = "") -> str:
    """The same for one field of a page: the time and the reason of an appointment have fields of
    their own.
    """
    if question is not None and question.kind == PLAN and key != question.key:
        if is_empty(value):
            return ""
        return _time(value) if key == plan_keys(question)[1] else str(value)
    return in_words(question, value, name=name)
