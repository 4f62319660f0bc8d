"""After a meeting or talk was moved: a page that asks what to do with the days that depend on
it.
"""

import datetime

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...actions import appointment_moves, appointment_windows, appointments, journal
from ...actions.step_order import NotYet
from ...formats.calendar_days import after_meeting
from ...formats.dates import day as short_day
from ...formats.dates import longday, named
from ...models import Appointment, Case
from ..cases import presenters
from ..decorators import case_view

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


@case_view("case.edit")
def moved_appointments(request, case, kind):
    """What depends on the meeting or talk that was moved: old day, proposed day, a choice for
    each.
    """
    if kind not in appointment_windows.DEPENDS_ON:
        raise Http404
    if case.status != Case.OPEN:
        messages.info(request, _("This step is not open at the moment."))
        return redirect("case", case.pk)
    case_round = appointments.current_round(case)
    case_round.case, case_round.school = case, case.school
    today = case.school.today()
    items = appointment_moves.out_of_place(case_round, kind, today)
    if not items:
        return redirect(_onward(request, case, case_round))
    meeting = appointment_windows.day_of(case_round, Appointment.MEETING)
    form = MovingForm(items, meeting, case.pupil.first_name, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            moved = appointment_moves.move_after(
                case, case_round, kind, form.chosen(), by=request.user
            )
        except (NotYet, ValueError):  # somebody else moved something while this page was open
            messages.info(request, _("Something has changed meanwhile. Look again and choose."))
            return redirect("case-moved", case.pk, kind)
        if Appointment.MEETING in moved and appointment_moves.undecided(
            case_round, Appointment.MEETING, today
        ):
            return redirect("case-moved", case.pk, Appointment.MEETING)
        messages.success(request, _("The days are as you chose."))
        return redirect(_onward(request, case, case_round))
    journal.record(
        journal.VIEW, by=request.user, case=case, thing=f"{case_round.number}/move/{kind}"
    )
    context = {
        "section": "cases",
        "case": case,
        "form": form,
        "pupil_name": case.pupil.first_name,
        "kind": kind,
        "on": appointment_windows.day_of(case_round, kind),
        "rows": form.rows(),
    }
    return render(
        request, "planning/moved_appointments.html", context, status=422 if form.errors else 200
    )


def _onward(request, case, case_round):
    """Back into the step that one was filling in, or to the page of the case."""
    return (
        presenters.next_url(case, case_round)
        if request.GET.get("on") == "step"
        else reverse("case", args=[case.pk])
    )


def question(location) -> str:
    """The address at which is asked, after a page that notes or plans a meeting or talk; "" when
    all fits.
    """
    kinds = {location.page.holds, *(each.plans for each in location.page.questions)}
    for kind in appointment_windows.DEPENDS_ON:
        if kind in kinds and appointment_moves.undecided(
            location.round, kind, location.case.school.today()
        ):
            return reverse("case-moved", args=[location.case.pk, kind]) + "?on=step"
    return ""
