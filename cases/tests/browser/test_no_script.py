"""Without JavaScript the buttons do the work: the first step, choosing a group, planning a day."""

import datetime

import pytest

MEMBERS = {
    "Gijs": "leader",
    "Eva": "follower",
    "Tobias": "follower",
    "Vera": "other",
    "Teun": "other",
}


@pytest.fixture
def anna(visit):
    return visit("anna", java_script_enabled=False)


def plain_press(person, go):
    person.page.click(f"button[name=go][value={go}]")
    person.page.wait_for_load_state()


def test_the_first_step_and_the_group_by_buttons_alone(app, anna):
    page = anna.page
    anna.go("/cases/new/")
    anna.fill("q", "puck")
    plain_press(anna, "search")
    assert page.locator("input[name=pupil]").count() == 1
    anna.choose("signs", "none")
    anna.choose("route", "here")
    plain_press(anna, "open")
    assert page.url.endswith("/talk/prepare/")
    anna.fill("know", "Tekent graag.")
    anna.choose("parents", "yes")
    plain_press(anna, "next")
    anna.fill("held_on", app.ask("today"))
    anna.fill("how", "Ze telt de uren.")
    anna.choose("scale", "4")
    anna.choose("wish", "yes")
    plain_press(anna, "next")
    plain_press(anna, "next")
    anna.fill("friends", "Vera")
    plain_press(anna, "next")
    anna.tick("name_known")
    plain_press(anna, "next")
    planned = anna.first_good_day()
    anna.fill("plan_at", "13.15")
    plain_press(anna, "next")
    assert page.url.endswith("/talk/check/")
    assert "Ze telt de uren." in page.inner_text("main")
    page.click('form[action$="/finish/"] button')
    page.wait_for_load_state()
    assert app.ask("state", pupil="Puck")["step"] == "gather"
    assert app.ask("planned", pupil="Puck")["pupil"] == [planned, "planned"]

    # The picker: from one's own group, and one more found by searching in the whole school.
    case = app.ask("state", pupil="Puck")["id"]
    anna.go(f"/cases/{case}/1/gather/group/")
    for name, role in MEMBERS.items():
        anna.choose(f"role-{app.ask('pupil_id', pupil=name)}", role)
    anna.fill("q", "joris")
    plain_press(anna, "search")
    assert app.ask("roles", pupil="Puck") == MEMBERS
    anna.choose(f"role-{app.ask('pupil_id', pupil='Joris')}", "other")
    anna.choose("lead", "self")
    plain_press(anna, "next")
    assert app.ask("roles", pupil="Puck") == {**MEMBERS, "Joris": "other"}

    # A day outside the days of the guide takes a reason, and says so without losing the choice.
    anna.go(f"/cases/{case}/plan/pupil/")
    far = (datetime.date.fromisoformat(planned) + datetime.timedelta(days=60)).isoformat()
    anna.choose("plan", "other")
    anna.fill("plan_other", far)
    plain_press(anna, "save")
    assert page.locator("[data-errors]").is_visible()
    assert page.input_value("[name=plan_other]") == far
    anna.fill("plan_reason", "Ze is een maand op reis.")
    plain_press(anna, "save")
    assert page.url.endswith(f"/cases/{case}/")
    assert app.ask("planned", pupil="Puck")["pupil"] == [far, "planned"]


def test_a_form_sent_after_the_sign_in_ended_comes_back_with_its_text(app, visit):
    case = app.ask("begin", pupil="Hanna", by="youssef")
    youssef = visit("youssef", fresh=True, java_script_enabled=False)
    page = youssef.page
    youssef.go(f"/cases/{case}/1/talk/prepare/")
    youssef.fill("know", "Lang verhaal dat niemand twee keer typt.")
    youssef.context.clear_cookies(name="sessionid")
    plain_press(youssef, "next")
    assert "/account/sign-in/" in page.url
    youssef.sign_in()
    assert page.url.endswith("/talk/prepare/")
    assert page.input_value("[name=know]") == "Lang verhaal dat niemand twee keer typt."
    assert "know" not in app.ask("answers", pupil="Hanna", step="talk", page="prepare")
    plain_press(youssef, "next")
    kept = app.ask("answers", pupil="Hanna", step="talk", page="prepare")
    assert kept["know"] == "Lang verhaal dat niemand twee keer typt."
