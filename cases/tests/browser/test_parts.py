"""Pages that fetch parts of themselves: when one does not come, it is said, and what was there
stays.
"""

import re

import pytest

from .page_checks import axe_finds

NOTE = "[role=alert]:has([data-part-again], [data-part-sign-in], [data-part-reload])"


def note(person):
    person.page.wait_for_selector(NOTE)
    return person.page.inner_text(NOTE)


@pytest.fixture
def petra(app, visit):
    """Petra, who leads a case, with a sign-in of her own; not strict: a page looks at answers that
    fail.
    """
    if "Tess" not in app.ask("cases"):
        app.ask("begin", pupil="Tess", by="petra", until="followup")
    return visit("petra", fresh=True, strict=False)


def rows(person):
    return person.page.locator("#results tbody tr").count()


def search(person, text):
    person.page.locator("#f-q").press_sequentially(text, delay=5)


def test_the_list_says_that_the_sign_in_ended_keeps_what_was_there_and_leads_back(
    end_sessions, petra
):
    page = petra.page
    petra.go("/cases/")
    before, address = rows(petra), page.url
    assert before
    end_sessions("petra")
    search(petra, "Tess")
    assert "Je bent afgemeld" in note(petra)
    assert rows(petra) == before
    assert page.url == address
    assert axe_finds(page) == []
    page.click("[data-part-sign-in]")
    page.wait_for_url("**/account/sign-in/**")
    petra.sign_in()
    assert re.search(r"/cases/\?(.*&)?q=Tess", page.url)
    assert page.input_value("#f-q") == "Tess"
    assert "Tess" in page.inner_text("#results")


def test_the_overview_too_with_every_filter(end_sessions, visit):
    marieke = visit("marieke", fresh=True, strict=False)
    marieke.go("/overview/")
    before = rows(marieke)
    end_sessions("marieke")
    marieke.page.select_option("#f-step", index=2)
    assert "Je bent afgemeld" in note(marieke)
    assert rows(marieke) == before
    step = marieke.page.input_value("#f-step")
    marieke.page.click("[data-part-sign-in]")
    marieke.page.wait_for_url("**/account/sign-in/**")
    marieke.sign_in()
    assert f"step={step}" in marieke.page.url
    assert "/overview/" in marieke.page.url


def test_a_new_case_keeps_what_was_typed_and_goes_on_after_signing_in_in_another_tab(
    end_sessions, petra
):
    page = petra.page
    petra.go("/cases/new/")
    petra.fill("why", "Omdat het tijd is")
    end_sessions("petra")
    petra.fill("q", "Ravi")
    page.click("button[value=search]")
    assert "Wat je typte, staat er nog" in note(petra)
    assert page.input_value("[name=why]") == "Omdat het tijd is"
    with petra.context.expect_page() as opened:
        page.click("[data-part-sign-in]")
    petra.sign_in(opened.value)
    opened.value.close()
    page.click("[data-part-again]")
    page.wait_for_selector("#found input[type=radio]")
    assert "Ravi" in page.inner_text("#found")
    assert page.locator(NOTE).count() == 0
    assert page.input_value("[name=why]") == "Omdat het tijd is"
    page.locator("#found input[type=radio]").first.check(force=True)
    petra.choose("route", "here")
    petra.page.locator('input[name="signs"][value="none"]').check(force=True)
    petra.press("open")  # with the fresh token
    assert re.search(r"/cases/[0-9a-f-]{36}/", page.url), page.inner_text("main")


def test_the_preview_says_it_and_still_offers_its_link(app, petra):
    case = app.ask("cases")["Tess"]["id"]
    petra.page.route("**/preview/", lambda route: route.fulfill(status=500, body="<h1>Oeps</h1>"))
    petra.go(f"/cases/{case}/print/slips/")
    assert "Dat lukte niet" in note(petra)
    assert petra.page.locator("#preview a").count() == 1
    assert "Oeps" not in petra.page.inner_text("body")
    petra.page.unroute_all()
    petra.page.click("[data-part-again]")
    petra.page.wait_for_selector("#preview img")
    assert petra.page.locator(NOTE).count() == 0


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (403, "mag dit niet meer"),
        (404, "is er niet meer"),
        (500, "lukte niet"),
        ("gone", "Geen internet"),
    ],
)
def test_whatever_goes_wrong_is_said_in_plain_words_and_tried_again(app, petra, what, words):
    petra.go("/cases/")
    before = rows(petra)

    def fail(route):
        if "HX-Request" not in {name.title().replace("Hx", "HX") for name in route.request.headers}:
            route.continue_()
        elif what == "gone":
            route.abort("internetdisconnected")
        else:
            route.fulfill(
                status=what, body="<p id='results'>niet dit</p>", content_type="text/html"
            )

    petra.page.route("**/cases/?*", fail)
    search(petra, "Tess")
    assert words in note(petra)
    assert rows(petra) == before
    petra.page.unroute_all()
    petra.page.click("[data-part-again]")
    petra.page.wait_for_selector(NOTE, state="detached")
    assert "Tess" in petra.page.inner_text("#results")


def test_a_page_of_somebody_in_between_does_not_take_the_place_of_the_list(petra):
    """The sign-in page of a school's wifi answers 200 to everything."""
    petra.go("/cases/")
    before = rows(petra)
    petra.page.route("**/cases/?*", lambda route: route.fulfill(status=200, body="<h1>Wifi</h1>"))
    search(petra, "Tess")
    assert "Dat lukte niet" in note(petra)
    assert rows(petra) == before


def test_covered_in_another_tab_it_says_so_and_goes_on_when_that_is_over(petra):
    petra.go("/cases/")
    before = rows(petra)
    other = petra.context.new_page()
    other.goto("/")
    token = other.locator("form[data-privacy-screen] input[name=csrfmiddlewaretoken]").input_value()
    headers = {"Referer": other.url}
    petra.context.request.post(
        "/day/enter/", form={"csrfmiddlewaretoken": token, "back": "/"}, headers=headers
    )
    search(petra, "Tess")
    assert "afgedekt" in note(petra)
    assert rows(petra) == before
    other.goto("/day/leave/")
    with other.expect_navigation():
        other.click("main form button")
    petra.page.click("[data-part-again]")
    petra.page.wait_for_selector(NOTE, state="detached")
    assert "Tess" in petra.page.inner_text("#results")


def test_a_print_that_is_waited_for_says_it_once_and_goes_on_by_itself(app, end_sessions, petra):
    job = app.ask("waiting_print", pupil="Tess")
    petra.go(f"/paper/jobs/{job}/")
    end_sessions("petra")
    assert "Je bent afgemeld" in note(petra)
    petra.page.wait_for_timeout(4500)
    assert petra.page.locator(NOTE).count() == 1
    assert petra.page.locator("#print-job progress").count() == 1
    petra.page.click("[data-part-sign-in]")
    petra.sign_in()
    assert f"/paper/jobs/{job}/" in petra.page.url
