"""What to do with the days that depend on a meeting or talk that was moved."""

import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..actions import appointment_moves
from ..formats.calendar_days import after_meeting
from ..formats.dates import day as short_day
from ..formats.dates import longday, named
from ..models import Appointment

MOVE = "move"


class MovingForm(forms.Form):
    """For each appointment that no longer fits: move it to a day, or leave it."""

    def __init__(self, items, meeting, name, data=None):
        super().__init__(data, auto_id="q-%s")
        self.items, self.meeting = items, meeting
        for each in items:
            title = named(dict(Appointment.KINDS)[each.kind], name)
            self.fields[f"what_{each.kind}"] = forms.ChoiceField(
                label=title,
                choices=[
                    (MOVE, _("Move it")),
                    (
                        appointment_moves.LEAVE,
                        _("Leave it on %(day)s") % {"day": longday(each.appointment.date)},
                    ),
                ],
                widget=forms.RadioSelect,
                initial=MOVE,
                error_messages={
                    "required": gettext_lazy("Choose whether you move it or leave it."),
                    "invalid_choice": gettext_lazy("Choose whether you move it or leave it."),
                },
            )
            self.fields[f"day_{each.kind}"] = forms.ChoiceField(
                label=_("To which day?"),
                choices=[(day.isoformat(), self._words(each, day)) for day in each.days],
                initial=each.best.isoformat(),
                required=False,
                error_messages={"invalid_choice": gettext_lazy("Choose one of these days.")},
            )

    def _words(self, item, day):
        after = after_meeting(day, self.meeting) if item.kind == Appointment.PUPIL else ""
        return f"{short_day(day)}, {after}" if after else longday(day)

    def rows(self):
        """What the template draws: each item with its two fields."""
        return [
            {
                "item": each,
                "title": self.fields[f"what_{each.kind}"].label,
                "what": self[f"what_{each.kind}"],
                "day": self[f"day_{each.kind}"],
                "after": after_meeting(each.appointment.date, self.meeting)
                if each.kind == Appointment.PUPIL
                else "",
            }
            for each in self.items
        ]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        for each in self.items:
            day = f"day_{each.kind}"
            if (
                cleaned.get(f"what_{each.kind}") == MOVE
                and not cleaned.get(day)
                and day not in self.errors
            ):
                self.add_error(day, _("Choose a day, or leave it on the day it has."))
        return cleaned

    def chosen(self) -> dict[str, datetime.date | str]:
        """Kind to a day or to "leave"; call after `is_valid`."""
        found: dict[str, datetime.date | str] = {}
        for each in self.items:
            if self.cleaned_data[f"what_{each.kind}"] == MOVE:
                found[each.kind] = datetime.date.fromisoformat(
                    self.cleaned_data[f"day_{each.kind}"]
                )
            else:
                found[each.kind] = appointment_moves.LEAVE
        return found
