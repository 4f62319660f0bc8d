"""The school's settings: its week, its country, its windows, a closed day, a file with closed
days.
"""

import datetime
from typing import Any, cast

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from ..actions.appointment_windows import COUNTS_FROM
from ..models import Appointment
from ..schooldays import files, regions, windows
from .input_fields import DayField, LineField

LONGEST_CLOSED = 120  # days: a summer holiday, and some room
LONGEST_LATE = 30
YEARS_AHEAD = 3
SETTABLE = (
    Appointment.MEETING,
    Appointment.PUPIL,
    Appointment.INTERIM,
    Appointment.MEMBERS,
)
WINDOW_LABELS = {
    Appointment.MEETING: _("Meeting with the group"),
    Appointment.PUPIL: _("Talk with the pupil again"),
    Appointment.INTERIM: _("Check in between"),
    Appointment.MEMBERS: _("Short talks with the group"),
}
# By the kind of appointment that a window counts from.
COUNTED_FROM_LABELS = {
    Appointment.TALK: _("days after the first talk"),
    Appointment.MEETING: _("days after the meeting"),
}


def places() -> list[tuple[Any, Any]]:
    """Where a school can be: countries, and under them the parts with public holidays of their
    own.
    """
    found: list[tuple[Any, Any]] = []
    for country, name in regions.COUNTRIES.items():
        parts = regions.PARTS.get(country, {})
        if not parts:
            found.append((country, name))
            continue
        whole = [(country, _("Whole country"))]
        named = sorted((words, f"{country}-{part}") for part, words in parts.items())
        found.append((name, whole + [(key, words) for words, key in named]))
    return found


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Some days of the week, as a sorted list of numbers; Monday is 0."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(
            choices=[(number, name) for number, name in sorted(WEEKDAYS.items())],
            coerce=int,
            required=False,
            error_messages={"invalid_choice": _("Choose from these days.")},
            **kwargs,
        )

    def clean(self, value):
        return sorted(super().clean(value))


class SettingsForm(forms.Form):
    """The school's week and country, when the coordinator hears of what is late, and names on
    slips.
    """

    free_weekdays = WeekdaysField(label=_("On which days is there no school?"))
    free_afternoons = WeekdaysField(
        label=_("On which days is the afternoon free?"),
        help_text=_("The day stays a school day. It is only said when somebody plans a talk."),
    )
    place = forms.ChoiceField(
        label=_("Where is the school?"),
        help_text=_("For the public holidays."),
        choices=places,
        error_messages={
            "required": _("Choose a country."),
            "invalid_choice": _("Choose a country from the list."),
        },
    )
    late_to_coordinator = forms.IntegerField(
        label=_("After how many school days does the care coordinator hear of what is late?"),
        min_value=1,
        max_value=LONGEST_LATE,
        error_messages={
            "required": _("Write a number from 1 to 30."),
            "invalid": _("Write a number from 1 to 30."),
            "min_value": _("Write a number from 1 to 30."),
            "max_value": _("Write a number from 1 to 30."),
        },
    )

    slip_shows_name = forms.BooleanField(
        label=_("On the slips that pupils take home may be the name of the pupil who is helped"),
        help_text=_(
            "Without this a slip with the name in the idea has a line to write on, until the "
            "teacher has worded it without. A slip gets lost easily. Words about what happened are "
            "never on it."
        ),
        required=False,
    )

    def __init__(self, school, data=None):
        place = f"{school.country}-{school.subdivision}" if school.subdivision else school.country
        initial = {
            "free_weekdays": school.free_weekdays,
            "free_afternoons": school.free_afternoons,
            "place": place,
            "late_to_coordinator": school.late_to_coordinator,
            "slip_shows_name": school.slip_shows_name,
        }
        super().__init__(data, initial=initial, auto_id="q-%s")

    def clean_free_weekdays(self):
        days = self.cleaned_data["free_weekdays"]
        if len(days) == 7:
            raise forms.ValidationError(_("Leave at least one day on which there is school."))
        return days

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        free = set(cleaned.get("free_weekdays") or ())
        cleaned["free_afternoons"] = [
            day for day in cleaned.get("free_afternoons") or () if day not in free
        ]
        return cleaned

    def values(self) -> dict:
        """For `actions.school_settings.change_settings`; call after `is_valid`."""
        values = dict(self.cleaned_data)
        country, _dash, part = values.pop("place").partition("-")
        return values | {"country": country, "subdivision": part}


class DaysField(forms.IntegerField):
    """A number of days after the start of a window."""

    def __init__(self, **kwargs):
        words = _("Write a number from 1 to 60.")
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), words)
        super().__init__(
            min_value=windows.SHORTEST_AFTER,
            max_value=windows.LONGEST_AFTER,
            error_messages=messages,
            **kwargs,
        )


class WindowsForm(forms.Form):
    """First and last day of each window."""

    def __init__(self, school, data=None):
        super().__init__(data, auto_id="q-%s")
        spans = school.spans()
        for kind in SETTABLE:
            first, last = spans[kind]
            self.fields[f"{kind}_first"] = DaysField(label=_("First day"), initial=first)
            self.fields[f"{kind}_last"] = DaysField(label=_("Last day"), initial=last)

    def rows(self):
        """What the template draws: each window with its two fields and the guide's values."""
        for kind in SETTABLE:
            first, last = windows.DEFAULT_WINDOWS[kind]
            yield {
                "label": WINDOW_LABELS[kind],
                "counts": COUNTED_FROM_LABELS[COUNTS_FROM[kind]],
                "fields": [self[f"{kind}_first"], self[f"{kind}_last"]],
                "guide": (first, last),
                # The first two are the guide's; the others are ours (B3).
                "from_guide": kind in (Appointment.PUPIL, Appointment.MEMBERS),
            }

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        for kind in SETTABLE:
            first, last = cleaned.get(f"{kind}_first"), cleaned.get(f"{kind}_last")
            if first is not None and last is not None and last < first:
                self.add_error(f"{kind}_last", _("The last day cannot come before the first."))
        return cleaned

    def own(self) -> dict:
        """Kind to (first, last), for `actions.school_settings.change_windows`; call after
        `is_valid`.
        """
        return {
            kind: (self.cleaned_data[f"{kind}_first"], self.cleaned_data[f"{kind}_last"])
            for kind in SETTABLE
        }


class ClosedForm(forms.Form):
    """A day without school, or a run of them."""

    name = LineField(label=_("What is it?"), help_text=_("For example: study day"))

    def __init__(self, school, data=None, *, row=None):
        initial = {"name": row.name, "first": row.first, "last": row.last} if row else None
        super().__init__(data, initial=initial, auto_id="q-%s")
        today = school.today()
        bounds = {
            "today": today,
            "earliest": min(
                regions.first_day(regions.school_year(today)), row.first if row else today
            ),
            "latest": today + datetime.timedelta(days=366 * YEARS_AHEAD),
        }
        self.fields["first"] = DayField(label=_("First day"), **bounds)
        self.fields["last"] = DayField(
            label=_("Last day"), help_text=_("Leave it empty when it is one day."), **bounds
        )
        self.order_fields(["name", "first", "last"])

    def clean_name(self):
        name = self.cleaned_data["name"]
        if not any(map(str.isalnum, name)):
            raise forms.ValidationError(
                _("Give it a name, so that everyone knows why there is no school.")
            )
        if len(name) > files.LONGEST_NAME:
            raise forms.ValidationError(_("Make the name 80 characters or fewer."))
        return name

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first is None and "first" not in self.errors:
            self.add_error("first", _("Choose the first day."))
        if first is not None and last is None and "last" not in self.errors:
            cleaned["last"] = first
        elif first is not None and last is not None:
            if last < first:
                self.add_error("last", _("The last day cannot come before the first."))
            elif (last - first).days >= LONGEST_CLOSED:
                self.add_error("last", _("This is longer than a summer holiday. Check the days."))
        return cleaned


class RegionForm(forms.Form):
    """A region, and the school years for which its holidays are taken over."""

    region = forms.ChoiceField(
        label=_("Whose school holidays?"),
        error_messages={
            "required": _("Choose a region."),
            "invalid_choice": _("Choose a region from the list."),
        },
    )

    def __init__(self, school, data=None):
        super().__init__(data, initial={"region": school.region}, auto_id="q-%s")
        by_country: dict = {}
        for key, (country, _part, label) in regions.REGIONS.items():
            by_country.setdefault(country, []).append((key, label))
        # The school's own country first.
        order = sorted(by_country, key=lambda country: country != school.country)
        choices = [(regions.COUNTRIES[country], by_country[country]) for country in order]
        field = cast(forms.ChoiceField, self.fields["region"])
        field.choices = [("", _("Choose a region")), *choices]
        self.years = range(
            regions.school_year(school.today()),
            regions.school_year(school.today()) + regions.YEARS_OFFERED,
        )

    def chosen_years(self, posted) -> list[int]:
        """The school years that were ticked and can be chosen for this region."""
        region = self.cleaned_data["region"]
        return [year for year in self.years if str(year) in posted and regions.breaks(region, year)]


class UploadForm(forms.Form):
    """A file with closed days."""

    file = forms.FileField(
        label=_("Choose the file"),
        help_text=_("An iCalendar file (.ics) or a table saved as CSV, at most 1 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,.csv,.txt,text/calendar,text/csv"}),
        error_messages={
            "required": _("Choose a file first."),
            "invalid": _("Choose a file first."),
            "missing": _("Choose a file first."),
            "empty": files.MESSAGES["empty"],
            "max_length": _("The name of this file is too long. Give it a shorter name."),
        },
    )
    again = forms.BooleanField(
        label=_("Ask me again which column is what"),
        help_text=_("What you chose for a file with the same columns is used otherwise."),
        required=False,
    )
