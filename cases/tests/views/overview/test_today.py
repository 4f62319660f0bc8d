"""The first page of who runs cases."""

import datetime

from django.urls import reverse

from cases.actions import appointments
from cases.models import Appointment
from cases.tests.world import TODAY, at, open_case


def test_the_coming_two_weeks_say_at_what_time(client, anna, pupils):
    with at(TODAY):
        case = open_case(pupils["Zoë"], anna)
        case_round = appointments.current_round(case)
        on = TODAY + datetime.timedelta(days=2)
        appointments.plan(
            case, case_round, Appointment.TALK, on, time=datetime.time(13, 15), by=anna
        )
        client.force_login(anna)
        html = client.get(reverse("home")).content.decode()
    agenda = html.partition('<ol class="st-agenda">')[2].partition("</ol>")[0]
    assert "13.15" in agenda and "Zoë" in agenda
