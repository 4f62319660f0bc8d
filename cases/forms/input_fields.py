"""Field types the pages use: forgiving about how something is typed, plain about what is wrong."""

import datetime
import re

from django import forms
from django.utils.translation import gettext_lazy as _

from ..typed_text import on_one_line, tidy

LONGEST_TEXT, LONGEST_LINE = 5_000, 200
_CLOCK = re.compile(
    r"^\s*(\d{1,2})\s*(?:[.:hu]\s*(\d{2})?|(\d{2}))?\s*(?:uur|h|uhr)?\s*$", re.IGNORECASE
)


class WordsField(forms.CharField):
    """Text in the teacher's words. Too long is said with both numbers, and what was typed stays."""

    guard: list[str]  # put on it by `PageForm.guarded`, for the template

    def __init__(self, *, longest=LONGEST_TEXT, **kwargs):
        self.longest = longest
        super().__init__(required=False, strip=True, **kwargs)
        self.validators = []  # control characters are taken out in to_python, not refused

    def to_python(self, value):
        return tidy(super().to_python(value) or "")

    def validate(self, value):
        if len(value) > self.longest:
            raise forms.ValidationError(
                _("This is %(length)s characters. Make it %(longest)s or fewer."),
                params={"length": len(value), "longest": self.longest},
                code="too_long",
            )


class LineField(WordsField):
    """Words on one line: line ends, from pasting or from a field of two rows, become spaces."""

    def __init__(self, **kwargs):
        super().__init__(longest=LONGEST_LINE, **kwargs)

    def to_python(self, value):
        return on_one_line(super().to_python(value))


class DayField(forms.DateField):
    """A calendar day, typed or picked, within bounds that are counted from today."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"]

    def __init__(self, *, today, earliest=None, latest=None, **kwargs):
        self.today, self.earliest, self.latest = today, earliest, latest
        super().__init__(
            required=False,
            input_formats=self.input_formats,
            error_messages={"invalid": _("Write the day like this: 13-10-2026")},
            **kwargs,
        )

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.latest is not None and value > self.latest:
            if self.latest == self.today:
                raise forms.ValidationError(
                    _("This day is still to come. Choose today or earlier."), code="later"
                )
            raise forms.ValidationError(
                _("This day is too far ahead. Choose an earlier day."), code="too_late"
            )
        if self.earliest is not None and value < self.earliest:
            if self.earliest == self.today:
                raise forms.ValidationError(
                    _("This day has passed. Choose today or later."), code="past"
                )
            raise forms.ValidationError(
                _("This day is too long ago. Check the year."), code="too_early"
            )


class ClockField(forms.Field):
    """A time of day, however it is typed: 13.15, 13:15, 1315, 13 uur. Empty is allowed."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def to_python(self, value):
        if not value or not str(value).strip():
            return ""
        if isinstance(value, datetime.time):
            return value.strftime("%H:%M")
        found = _CLOCK.match(str(value))
        if found:
            hour, minute = int(found[1]), int(found[2] or found[3] or 0)
            if hour < 24 and minute < 60:
                return f"{hour:02d}:{minute:02d}"
        raise forms.ValidationError(_("Write the time like this: 13.15"), code="clock")
