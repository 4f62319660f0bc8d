"""How words, days and times are written for a reader: plain functions for views, paper and
templates alike.

Texts of the method hold placeholders: ``{name}`` for the supported pupil's first name, and
``{pupil_days}``, ``{members_days}``, ``{interim_days}`` and ``{meeting_days}`` for the days in
which the school holds that talk or meeting ("8 to 14 days"). Which school's days, is set around a
request or a document by `school_windows`, as Django does it for language and time zone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from typing import Literal

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ..method.grammar import Text
from ..schooldays import windows

# Per language; "b" is the month in small letters, as Dutch and French write it.
DAY_FORMATS = {"nl": "D j b", "fr": "D j b", "de": "D, j. M"}
LONG_DAY_FORMATS = {"de": "l, j. F"}

_windows: ContextVar[windows.Spans] = ContextVar("windows", default=windows.DEFAULT_WINDOWS)


@contextmanager
def school_windows(spans: windows.Spans | None) -> Iterator[None]:
    """Inside, texts name the days of these windows (`School.spans`); None: those of the guide."""
    token = _windows.set(windows.DEFAULT_WINDOWS if spans is None else spans)
    try:
        yield
    finally:
        _windows.reset(token)


def language() -> str:
    """The language that is active, without its country."""
    return (get_language() or "en").split("-")[0]


def named(text: Text, name: Text | None) -> str:
    """The text with its placeholders filled in; "the pupil" without a name. A plain string: it is
    not safe HTML.
    """
    words = str(text)
    if "{" not in words:
        return words
    for kind, span in _windows.get().items():
        placeholder = f"{{{kind}_days}}"
        if placeholder in words:
            words = words.replace(placeholder, span_of_days(*span))
    return words.replace("{name}", str(name) if name else _("the pupil"))


def span_of_days(first: int, last: int) -> str:
    """ "8 to 14 days", or "1 day" when there is one only."""
    if first == last:
        return ngettext("%(n)s day", "%(n)s days", first) % {"n": first}
    return _("%(first)s to %(last)s days") % {"first": first, "last": last}


def _as_day(value: date) -> date:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def day(value: date | None) -> str:
    """ "di 13 okt". Takes a date or datetime; "" for None."""
    return date_format(_as_day(value), DAY_FORMATS.get(language(), "D j M")) if value else ""


def weekday(value: date | None) -> str:
    """ "di 13", for a narrow column of days close by. Takes a date; "" for None."""
    return date_format(_as_day(value), "D j") if value else ""


def longday(value: date | None) -> str:
    """ "dinsdag 13 oktober". Takes a date or datetime; "" for None."""
    return date_format(_as_day(value), LONG_DAY_FORMATS.get(language(), "l j F")) if value else ""


def clock(value: time | datetime | Literal[""] | None) -> str:
    """ "13.15" in Dutch, "13:15" elsewhere. Takes a time or datetime; "" for None."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.hour}{'.' if language() == 'nl' else ':'}{value.minute:02}"
