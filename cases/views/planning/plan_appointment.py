"""Planning one appointment on a page of its own, from the case page or from a reminder."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...actions import appointment_moves, appointment_windows, appointments, journal
from ...actions.page_location import PageLocation
from ...actions.step_order import NotYet
from ...forms.appointment_form import PlanForm
from ...method.grammar import PLAN, Page, Question
from ...models import Appointment, Case
from ..decorators import case_view
from ..pending_posts import discard_post, restore_post

TITLES = {
    Appointment.TALK: gettext_lazy("When will you talk with {name}?"),
    Appointment.MEETING: gettext_lazy("When does the group meet?"),
    Appointment.PUPIL: gettext_lazy("When will you talk with {name} again?"),
    Appointment.MEMBERS: gettext_lazy("When will you talk with each of the group?"),
    Appointment.INTERIM: gettext_lazy("When will you ask {name} how it is going?"),
    **dict.fromkeys(Appointment.LATER, gettext_lazy("When will you ask {name} how it is going?")),
}


@case_view("case.edit", keeps_pending_post=True)
def plan_appointment(request, case, kind):
    """Choose or move the day of an appointment; "call off" cancels one that was not held."""
    if kind not in TITLES:
        raise Http404
    if case.status != (Case.AFTERCARE if kind in Appointment.LATER else Case.OPEN):
        messages.info(request, _("This step is not open at the moment."))
        return redirect("case", case.pk)
    case_round = appointments.current_round(case)
    case_round.case, case_round.school = case, case.school
    question = Question("plan", TITLES[kind], PLAN, plans=kind)
    location = PageLocation(
        case, case_round, None, Page("plan", TITLES[kind], TITLES[kind], questions=(question,))
    )
    values = appointment_windows.plan_values(case_round, question)
    planned = appointment_windows.live(case_round, kind)
    sequence = planned.sequence if planned else -1
    if request.method == "POST" and request.POST.get("go") == "cancel":
        appointments.cancel(case, case_round, kind, by=request.user)
        return redirect("case", case.pk)
    form = PlanForm(
        location,
        question,
        values,
        request.POST if request.method == "POST" else restore_post(request),
        sequence=sequence,
    )
    if request.method == "POST" and form.is_valid():
        try:
            appointments.plan_from(location, question, form.part.typed(), by=request.user)
        except NotYet:
            messages.info(request, _("This step is not open at the moment."))
            return redirect("case", case.pk)
        discard_post(request)
        moved = form.part.typed().get(question.key) != values.get(question.key)
        if moved and appointment_moves.out_of_place(case_round, kind, case.school.today()):
            return redirect("case-moved", case.pk, kind)
        return redirect("case", case.pk)
    journal.record(
        journal.VIEW, by=request.user, case=case, thing=f"{case_round.number}/plan/{kind}"
    )
    context = {
        "section": "cases",
        "case": case,
        "form": form,
        "sequence": sequence,
        "part": form.part,
        "question": question,
        "title": TITLES[kind],
        "pupil_name": case.pupil.first_name,
        "appointment": appointment_windows.live(case_round, kind),
        "bound": [form[name] for name in form.part.names],
    }
    return render(
        request, "planning/plan_appointment.html", context, status=422 if form.errors else 200
    )
