"""After a meeting or talk was moved: a page that asks what to do with the days that depend on
it.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ...actions import appointment_moves, appointment_windows, appointments, journal
from ...actions.step_order import NotYet
from ...forms.moved_appointments_form import MovingForm
from ...models import Appointment, Case
from ..cases import presenters
from ..decorators import case_view


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
