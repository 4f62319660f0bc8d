"""The page of a later check, as a teacher uses it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from cases.actions import appointment_windows, appointments, rounds
from cases.method import METHOD
from cases.models import Appointment, Case, JournalEntry, LateText, PageRecord
from cases.tests.world import TODAY, at, walk_of


@pytest.fixture
def better(make_case):
    with at(TODAY):
        case = make_case(None, talk=TODAY)
        return rounds.begin_aftercare(case, by=case.leader)


@pytest.fixture
def teacher(client, anna):
    with at(TODAY + datetime.timedelta(days=60)):
        client.force_login(anna)
        yield client


def url(case, kind="weeks6"):
    return reverse("case-later", args=[case.pk, kind])


def form(**values):
    day = TODAY + datetime.timedelta(days=59)
    return {
        "version": "0",
        "held_on": day.isoformat(),
        "scale": "9",
        "how": "Weer samen gefietst.",
        **values,
    }


def test_the_last_step_ended_well_leads_to_the_later_checks(client, make_case, anna):
    with at(TODAY):
        last = METHOD.steps[-1]
        case = make_case(last.key, talk=TODAY)
        walk_of(case, talk=TODAY).fill_step(last)
        client.force_login(anna)
        client.post(reverse("case-finish", args=[case.pk, 1, last.key]))
    case.refresh_from_db()
    assert case.status == Case.AFTERCARE
    assert Appointment.objects.filter(case=case, kind="weeks6", state="planned").exists()


def test_go_on_leads_to_the_check_that_is_due_and_home_shows_it(teacher, better):
    assert teacher.get(reverse("case-next", args=[better.pk])).url == url(better)
    first = teacher.get(reverse("home")).context["due"][0]
    assert (first["case"].pk, first["url"]) == (better.pk, reverse("case-next", args=[better.pk]))
    page = teacher.get(url(better))
    assert page.status_code == 200 and page.context["page"].key == "weeks6"


def test_still_well_goes_on_to_the_next(teacher, better):
    answer = teacher.post(url(better), form(verdict="well", go="finish"))
    assert answer.url == reverse("case", args=[better.pk])
    better.refresh_from_db()
    assert better.next_kind == "months3"
    page = teacher.get(reverse("case", args=[better.pk])).content.decode()
    assert "Weer samen gefietst." in page


def test_came_back_shows_the_new_round(teacher, better):
    teacher.post(url(better), form(verdict="returned", go="finish"))
    better.refresh_from_db()
    assert (better.status, better.round_number) == (Case.OPEN, 2)


def test_moved_leads_to_a_new_case_without_a_word_about_this_one(teacher, better):
    answer = teacher.post(url(better), form(verdict="moved", go="finish"))
    assert answer.url == reverse("case-new")
    page = teacher.get(answer.url)
    assert better.code not in page.content.decode() and str(better.pk) not in page.content.decode()


def test_finishing_asks_for_what_is_missing_and_keeps_the_text(teacher, better):
    answer = teacher.post(url(better), form(go="finish"))
    assert answer.status_code == 422
    assert "verdict" in answer.context["form"].errors
    assert "Weer samen gefietst." in answer.content.decode()
    assert PageRecord.objects.get(step="later").answers["how"] == "Weer samen gefietst."


def test_stopping_keeps_what_was_typed_and_does_not_make_it_held(teacher, better):
    teacher.post(url(better), {"version": "0", "how": "Nog vragen naar de gym.", "go": "stop"})
    record = PageRecord.objects.get(step="later")
    assert (record.answers, record.held_on) == ({"how": "Nog vragen naar de gym."}, None)


def test_it_saves_itself_and_journals_by_name_only(teacher, better):
    answer = teacher.post(url(better), {"version": "0", "how": "x"}, headers={"X-Autosave": "1"})
    assert answer.json()["version"] == 1
    line = JournalEntry.objects.filter(action="change", thing="1/later/weeks6").get()
    assert line.fields == ["how"]


def test_two_people_at_once_see_both_texts(teacher, better, youssef):
    teacher.post(url(better), {"version": "0", "how": "Eerste tekst", "go": "stop"})
    answer = teacher.post(url(better), {"version": "0", "how": "Andere tekst", "go": "finish"})
    assert answer.status_code == 409
    assert "Eerste" in answer.content.decode() and "Andere" in answer.content.decode()


@pytest.mark.parametrize("kind", ["nonsense", "pupil"])
def test_there_is_no_such_check(teacher, better, kind):
    assert teacher.get(url(better, kind)).status_code == 404


def test_a_check_can_be_moved(teacher, better):
    day = TODAY + datetime.timedelta(days=70)
    plan = reverse("case-plan", args=[better.pk, "weeks6"])
    assert teacher.get(plan).status_code == 200
    assert teacher.post(plan, {"plan": "other", "plan_other": day.isoformat()}).status_code == 302
    assert appointment_windows.live(appointments.current_round(better), "weeks6").date == day


def test_after_it_is_finished_the_page_leads_back(teacher, better, anna):
    rounds.close_case(better, by=anna, words="Klaar")
    assert teacher.get(url(better)).url == reverse("case", args=[better.pk])


def test_its_talk_has_a_screen_of_its_own(teacher, better):
    talk = teacher.post(url(better), {"version": "0", "how": "x", "go": "talk"}, follow=True)
    html = talk.content.decode()
    said = [line for say in METHOD.later_page("weeks6").all_say() for line in say.lines]
    with translation.override("nl"):
        assert said and all(escape(str(line)) in html for line in said)
    assert better.code not in html and 'value="x"' not in html
    saved = teacher.post(url(better), {"version": "1", "how": "xy"}, headers={"X-Autosave": "1"})
    assert saved.json()["version"] == 2


def test_what_comes_after_a_new_round_was_opened_is_kept(teacher, better):
    """Also of an extra check, which the new round does not have."""
    teacher.post(url(better), form(verdict="worry", go="finish"))
    extra = Appointment.objects.get(case=better, kind__in=Appointment.EXTRAS).kind
    assert teacher.get(url(better, extra)).status_code == 200
    returned = form(verdict="returned", go="finish")
    assert teacher.post(url(better, "months3"), returned).status_code == 302
    better.refresh_from_db()
    assert (better.status, better.round_number) == (Case.OPEN, 2)
    teacher.post(url(better, "months3"), returned)  # pressed twice
    assert not LateText.objects.exists()  # it is recorded already
    for go in ("stop", "finish"):
        answer = teacher.post(url(better, extra), form(how="Net getypt", verdict="worry", go=go))
        assert (answer.status_code, answer.url) == (302, reverse("case", args=[better.pk]))
    ((_label, text),) = LateText.objects.get().typed["texts"]
    assert text == "Net getypt"
    assert teacher.get(url(better, extra)).status_code == 302
    assert teacher.get(url(better, "extra9")).status_code == 404


def test_a_check_of_an_earlier_round_is_not_changed_when_the_next_one_rests(teacher, better):
    teacher.post(url(better), form(verdict="worry", go="finish"))
    extra = Appointment.objects.get(case=better, kind__in=Appointment.EXTRAS).kind
    teacher.post(url(better, "months3"), form(verdict="returned", go="finish"))
    better.refresh_from_db()
    rounds.begin_aftercare(better, by=better.leader)
    teacher.post(url(better, extra), form(how="Te laat", go="stop"))
    assert not PageRecord.objects.filter(page=extra).exists()
    assert LateText.objects.exists()
