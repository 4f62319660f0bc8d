"""What somebody typed is not lost: not when the browser dies, the line drops, the sign-in ends or
two write at once.
"""

import pytest

from .conftest import launch
from .page_checks import axe_finds

BUSY = "[data-save-state].st-save--bad"


def know(app, pupil):
    return app.ask("answers", pupil=pupil, step="talk", page="prepare").get("know", "")


@pytest.fixture
def page_of(app, visit):
    """``page_of("Mohamed", by="petra")``: somebody at the first page of a new case of their own."""

    def open_it(pupil, by="anna", fresh=True):
        case = app.ask("begin", pupil=pupil, by=by)
        person = visit(by, fresh=fresh)
        person.go(f"/cases/{case}/1/talk/prepare/")
        return person

    return open_it


def test_a_browser_that_dies_loses_the_last_second_at_most(app, visit, page_of):
    anna = page_of("Mohamed", fresh=False)
    where = anna.page.url
    anna.page.locator("[name=know]").press_sequentially("Zorgt voor een oude hond.", delay=5)
    anna.saved()
    assert anna.page.inner_text("[data-save-state]").strip().startswith("Bewaard om ")
    anna.page.locator("[name=know]").press_sequentially(" En voor", delay=5)
    anna.context.close()
    again = visit("anna", fresh=True)
    again.go(where)
    assert again.page.input_value("[name=know]").startswith("Zorgt voor een oude hond.")


def test_leaving_the_page_by_a_link_saves_the_last_word(app, page_of):
    anna = page_of("Tobias")
    anna.page.locator("[name=know]").press_sequentially("Net nog getypt", delay=5)
    with anna.page.expect_navigation():
        anna.page.click(".st-bar--top a")
    for _ in range(20):  # the text is on its way; how long that takes is the machine's affair
        anna.page.wait_for_timeout(500)
        if know(app, "Tobias") == "Net nog getypt":
            return
    raise AssertionError("the last word was not saved")


def test_without_internet_it_says_so_and_saves_when_the_line_is_back(app, page_of):
    anna = page_of("Jasmijn")
    anna.context.set_offline(True)
    anna.fill("know", "In de trein getypt")
    anna.page.wait_for_selector(BUSY)
    assert "Geen internet" in anna.page.inner_text(BUSY)
    assert know(app, "Jasmijn") == ""
    anna.page.locator("[name=know]").press_sequentially(" en verder", delay=5)
    anna.context.set_offline(False)
    anna.page.wait_for_selector(f"{BUSY}", state="detached")
    anna.saved()
    assert know(app, "Jasmijn") == "In de trein getypt en verder"


def test_a_sign_in_that_ended_is_said_and_typing_goes_on_after_a_new_one(
    app, end_sessions, page_of
):
    youssef = page_of("Romy", by="youssef")
    page = youssef.page
    youssef.fill("know", "Voor het einde")
    youssef.saved()
    end_sessions("youssef")
    youssef.fill("know", "Voor het einde en erna")
    page.wait_for_selector(BUSY)
    link = page.locator(f"{BUSY} a[target=_blank]")
    with youssef.context.expect_page() as opened:
        link.click()
    youssef.sign_in(opened.value)
    opened.value.close()
    assert page.input_value("[name=know]") == "Voor het einde en erna"
    page.locator("[name=know]").press_sequentially("!", delay=5)
    page.wait_for_selector(BUSY, state="detached")
    assert know(app, "Romy") == "Voor het einde en erna!"
    # The page's own button works as well: it carries the fresh token.
    youssef.choose("parents", "yes")
    youssef.press("next")
    assert page.url.endswith("/talk/talk/")


def test_two_new_cases_in_two_tabs_are_both_there_after_signing_in(end_sessions, visit):
    anna = visit("anna", fresh=True)
    tabs = [anna.page, anna.context.new_page()]
    for number, tab in enumerate(tabs, 1):
        tab.goto("/cases/new/")
        tab.fill("[name=why]", f"Dit typte ik in tab {number}")
    end_sessions("anna")
    for tab in tabs:
        tab.click("main form button.btn-primary")
        tab.wait_for_url("**/account/sign-in/**")
        assert "Je tekst staat klaar" in tab.inner_text("main")
    anna.sign_in(tabs[1])
    assert tabs[1].input_value("[name=why]") == "Dit typte ik in tab 2"
    tabs[0].reload()  # signed in meanwhile: it goes on to its own form
    tabs[0].wait_for_url("**/cases/new/**")
    assert tabs[0].input_value("[name=why]") == "Dit typte ik in tab 1"
    with tabs[1].expect_navigation():
        tabs[1].click("text=Verder met deze tekst")
    assert tabs[1].input_value("[name=why]") == "Dit typte ik in tab 1"
    assert axe_finds(tabs[1]) == []
    anna.go("/cases/")
    for left in (2, 1):
        assert anna.page.locator("text=Verder met deze tekst").count() == left
        with anna.page.expect_navigation():
            anna.page.locator("text=Gooi weg").first.click()
        anna.go("/cases/")
    assert anna.page.locator("text=Verder met deze tekst").count() == 0


@pytest.mark.parametrize("choice", ["mine", "theirs", "both"])
def test_two_people_on_one_page_lose_nothing_and_choose(app, visit, choice):
    pupil = {"mine": "Fenna", "theirs": "Imran", "both": "Lieke"}[choice]
    case = app.ask("begin", pupil=pupil, by="petra")
    app.ask("add_colleague", pupil=pupil, colleague="youssef")
    petra, youssef = visit("petra", fresh=True), visit("youssef", fresh=True)
    for person in (petra, youssef):
        person.go(f"/cases/{case}/1/talk/prepare/")
    petra.fill("know", "Tekst van Petra")
    petra.saved()
    youssef.fill("know", "Tekst van Youssef")
    youssef.page.wait_for_selector(f"{BUSY} [data-compare]")
    assert know(app, pupil) == "Tekst van Petra"
    with youssef.page.expect_navigation():
        youssef.page.click("[data-compare]")
    shown = youssef.page.inner_text("main")
    assert "Tekst van Petra" in shown
    assert "Tekst van Youssef" in shown
    assert "Petra Vos" in shown
    assert axe_finds(youssef.page) == []
    youssef.choose("keep-know", choice)
    with youssef.page.expect_navigation():
        youssef.page.click("main form button.btn-primary")
    kept = app.ask("answers", pupil=pupil, step="talk", page="prepare")
    assert ("Tekst van Petra" in kept["know"]) == (choice != "mine")
    assert ("Tekst van Youssef" in kept["know"]) == (choice != "theirs")


def test_two_people_at_different_questions_see_what_the_other_wrote(app, visit):
    case = app.ask("begin", pupil="Aya", by="petra")
    app.ask("add_colleague", pupil="Aya", colleague="youssef")
    petra, youssef = visit("petra", fresh=True), visit("youssef", fresh=True)
    for person in (petra, youssef):
        person.go(f"/cases/{case}/1/talk/prepare/")
    petra.fill("know", "Tekst van Petra")
    petra.choose("parents", "later")
    petra.page.wait_for_timeout(1500)
    petra.saved()
    # one after the other: the second knows of the first
    for text in (
        "Grappig",
        "Grappig en lief",
    ):
        with youssef.page.expect_response(lambda answer: answer.request.method == "POST"):
            youssef.fill("qualities", text)
        youssef.page.wait_for_timeout(1500)
    assert youssef.page.input_value("[name=know]") == "Tekst van Petra"
    assert youssef.page.locator('input[name=parents][value="later"]').is_checked()
    kept = app.ask("answers", pupil="Aya", step="talk", page="prepare")
    assert kept["know"] == "Tekst van Petra"
    assert kept["parents"] == "later"
    assert kept["qualities"] == "Grappig en lief"


def test_after_signing_out_the_back_button_shows_nothing(app, visit, playwright):
    keeps_pages = launch(playwright, ignore_default_args=["--disable-back-forward-cache"])
    try:
        case = app.ask(
            "begin", pupil="Thijs", by="petra", words={"prepare.know": "CANARIE"}, until="gather"
        )
        petra = visit("petra", fresh=True, browser=keeps_pages)
        page = petra.page
        petra.go(f"/cases/{case}/1/talk/prepare/")
        assert page.input_value("[name=know]") == "CANARIE"
        petra.go(f"/cases/{case}/")
        page.click(".st-account summary")
        page.click('.st-account form[action$="/sign-out/"] button')
        page.wait_for_url("**/account/sign-in/**")
        for _ in range(2):
            page.evaluate("history.back()")
            page.wait_for_timeout(700)
            page.wait_for_load_state()
            assert "CANARIE" not in page.content()
            assert page.locator("[name=know]").count() == 0
            assert "Thijs" not in page.inner_text("body")
    finally:
        petra.context.close()
        keeps_pages.close()
