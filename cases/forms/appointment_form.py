"""Choosing a day: radio days around the window, another day with a reason."""

import datetime

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ..actions import appointment_windows
from ..answers import plan_keys
from ..models import Appointment
from ..schooldays import school_calendar, windows
from .input_fields import LONGEST_LINE, ClockField, DayField, WordsField

OTHER = "other"
SOON = (0, 7)  # the guide names no days for the first talk
LATER_DAYS = (0, 14)  # a later check may be on any day; the weeks from today are shown
DAYS_SHOWN_AFTER = 14


class PlanPart:
    """The fields of one appointment in a form: day, another day, time, reason."""

    def __init__(self, form, location, question):
        self.form, self.location, self.question = form, location, question
        self.kind = question.plans
        self.key, self.at_key, self.reason_key = plan_keys(question)
        self.other_key = f"{self.key}_other"
        self.names = (self.key, self.other_key, self.at_key, self.reason_key)
        self.today = form.today
        school = location.case.school
        self.calendar, self.afternoons = school.calendar(), school.free_afternoons
        self.meeting = appointment_windows.meeting_before(location.round, self.kind)
        self.start = appointment_windows.starts_on(location.round, self.kind) or self.today
        self.proposal = appointment_windows.proposal_for(
            location.round,
            self.kind,
            today=self.today,
            start=self.start,
            calendar=self.calendar,
            spans={
                Appointment.TALK: SOON,
                **dict.fromkeys(Appointment.LATER, LATER_DAYS),
                **school.spans(),
            },
        )
        self.window = self.proposal.window
        planned = appointment_windows.live(location.round, self.kind)
        self.held = planned is not None and planned.state == Appointment.HELD
        self._add_fields()

    @property
    def chosen(self) -> datetime.date | None:
        """The day that is planned now, if any."""
        stored = self.form.values.get(self.key, "")
        return datetime.date.fromisoformat(stored) if stored else None

    @property
    def closed(self) -> school_calendar.Closed | None:
        """Why there is no school on the day that is planned now: closed after it was planned,
        perhaps.
        """
        return self.calendar.closed_because(self.chosen) if self.chosen and not self.held else None

    def weeks(self):
        """Weeks of days to choose from, Monday first."""
        first = max(self.today, self.window.first - datetime.timedelta(days=7))
        last = max(self.window.last, self.today) + datetime.timedelta(days=DAYS_SHOWN_AFTER)
        last = min(last, first + datetime.timedelta(days=34))
        return school_calendar.month_grid(
            first, last, self.calendar, windows={self.kind: self.window}
        )

    def _add_fields(self):
        stored = self.form.values.get(self.key, "")
        days = [day.date for week in self.weeks() for day in week]
        choices = [(day.isoformat(), date_format(day, "j F")) for day in days if day >= self.today]
        on_grid = {key for key, _label in choices}
        fields = self.form.fields
        fields[self.key] = forms.ChoiceField(
            choices=[*choices, (OTHER, _("Another day"))],
            widget=forms.RadioSelect,
            required=False,
            label=self.question.label,
            help_text=self.question.hint,
            error_messages={"invalid_choice": _("Choose one of these days.")},
        )
        fields[self.other_key] = DayField(today=self.today, label=_("Another day"))
        fields[self.at_key] = ClockField(label=_("Time, if you know it"))
        fields[self.reason_key] = WordsField(
            longest=LONGEST_LINE, label=_("Why on this day?"), help_text=_("One line is enough.")
        )
        for name in self.names:
            fields[name].question = self.question
        # on a closed day there is nothing to press
        if stored and (stored not in on_grid or self.closed):
            self.form.initial[self.key] = OTHER
            self.form.initial[self.other_key] = datetime.date.fromisoformat(stored)
        if self.form.initial.get(self.at_key):
            self.form.initial[self.at_key] = self.form.initial[self.at_key].replace(":", ".")

    def day(self, cleaned) -> datetime.date | None:
        """The day chosen, on the grid or as another day; None when there is none."""
        chosen = cleaned.get(self.key)
        if chosen == OTHER:
            return cleaned.get(self.other_key)
        return datetime.date.fromisoformat(chosen) if chosen else None

    def clean(self, cleaned):
        """A day in the past or far ahead is refused; one outside the window, or free, takes a
        reason.
        """
        day = self.day(cleaned)
        if (
            cleaned.get(self.key) == OTHER
            and day is None
            and self.other_key not in self.form.errors
        ):
            self.form.add_error(self.other_key, _("Choose a day, or one of the days above."))
        if day is None:
            return
        if day.isoformat() == self.form.values.get(self.key):
            if (
                self.needs_reason(day)
                and self.form.values.get(self.reason_key)
                and not cleaned.get(self.reason_key)
            ):
                self.form.add_error(self.reason_key, _("Say in one line why it is this day."))
            return
        location = self.other_key if cleaned.get(self.key) == OTHER else self.key
        if self.held:
            self.form.add_error(
                location, _("This talk has been held. Correct its day where you wrote it down.")
            )
        elif day < self.today:
            self.form.add_error(location, _("This day has passed. Choose today or later."))
        elif day > self.today + appointment_windows.FURTHEST:
            self.form.add_error(location, _("This day is too far ahead. Choose an earlier day."))
        elif self.needs_reason(day) and not cleaned.get(self.reason_key):
            if self.calendar.closed_because(day):
                message = _(
                    "This is a free day. Choose another day, or say in one line why it has to be "
                    "this one."
                )
            elif self._too_early(day):
                message = _(
                    "The group has not met by then. Choose a day after the meeting, or say in one "
                    "line why."
                )
            elif self.window.last < self.today:
                message = _("The best days have passed. Say in one line why it is this day.")
            else:
                message = _(
                    "Choose a day from %(first)s to %(last)s, or say in one line why you choose "
                    "another."
                )
            params = {
                "first": date_format(self.window.first, "j F"),
                "last": date_format(self.window.last, "j F"),
            }
            self.form.add_error(self.reason_key, forms.ValidationError(message, params=params))

    def needs_reason(self, day) -> bool:
        """Whether a day lies outside the window, is free at this school, or comes before the
        meeting.
        """
        outside = day not in self.window and self.kind in windows.DEFAULT_WINDOWS
        return outside or self._too_early(day) or self.calendar.closed_because(day) is not None

    def _too_early(self, day) -> bool:
        """Whether the pupil would be spoken with before the group has met, or on that very day."""
        return self.meeting is not None and day <= self.meeting

    def typed(self) -> dict:
        """The appointment as plain values; nothing while the day, time or reason is not right."""
        if any(name in self.form.errors for name in self.names):
            return {}
        cleaned = self.form.cleaned_data
        day = self.day(cleaned)
        return {
            self.key: day.isoformat() if day else "",
            self.at_key: cleaned.get(self.at_key, "") if day else "",
            self.reason_key: cleaned.get(self.reason_key, "") if day else "",
        }


class PlanForm(forms.Form):
    """The fields of one appointment, outside any page of the method."""

    sequence = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, location, question, values, data=None, *, sequence=-1):
        super().__init__(data, initial={**values, "sequence": sequence}, auto_id="q-%s")
        self.now = sequence
        self.values, self.location = values, location
        self.today = location.case.school.today()
        self.part = PlanPart(self, location, question)

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        self.part.clean(cleaned)
        if cleaned.get("sequence") not in (None, self.now) and not self._planned_already():
            self.add_error(
                None,
                _(
                    "This was planned meanwhile, by somebody else or in another tab. Look at the "
                    "day below and choose."
                ),
            )
        return cleaned

    def _planned_already(self) -> bool:
        """Whether it stands just so: the same form was sent before, and only its answer was
        lost.
        """
        typed = self.part.typed()
        return bool(typed) and all(typed[key] == self.values.get(key, "") for key in typed)
