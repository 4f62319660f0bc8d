"""A teacher and her own page: a lost answer is no conflict, and a second tab does not write over
the first.
"""

import pytest

from .page_checks import axe_finds
from .test_typing_lost import BUSY, know


@pytest.fixture
def at_first_page(app, visit):
    def open_it(pupil):
        case = app.ask("begin", pupil=pupil, by="petra")
        petra = visit("petra", fresh=True)
        petra.go(f"/cases/{case}/1/talk/prepare/")
        return petra

    return open_it


def lose_answers(page, lost):
    """The server gets what is posted; its answer never arrives."""

    def handle(route):
        if route.request.method == "POST":
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/talk/prepare/", handle)


def test_the_answer_is_lost_on_the_wifi_and_she_types_on(app, at_first_page):
    petra, lost = at_first_page("Luuk"), []
    page = petra.page
    lose_answers(page, lost)
    page.locator("[name=know]").press_sequentially("Zorgt voor", delay=5)
    page.wait_for_selector(BUSY)
    assert know(app, "Luuk") == "Zorgt voor"  # the server has it, the page does not know
    page.locator("[name=know]").press_sequentially(" een hond", delay=5)
    page.wait_for_timeout(3500)
    assert len(lost) >= 2
    assert set(lost) == {200}
    page.unroute_all()
    page.locator("[name=know]").press_sequentially(" en een kat", delay=5)
    page.wait_for_selector(BUSY, state="detached", timeout=40_000)
    petra.saved()
    assert know(app, "Luuk") == "Zorgt voor een hond en een kat"
    petra.choose("parents", "yes")
    petra.press("next")
    assert page.url.endswith("/talk/talk/")
    assert know(app, "Luuk") == "Zorgt voor een hond en een kat"


def test_the_button_after_a_lost_answer_goes_on_too(app, at_first_page):
    petra, lost = at_first_page("Nora"), []
    lose_answers(petra.page, lost)
    petra.fill("know", "Voetbalt graag")
    petra.page.wait_for_selector(BUSY)
    petra.page.unroute_all()
    petra.fill("know", "Voetbalt graag en zingt")
    petra.choose("parents", "yes")
    petra.press("next")
    assert petra.page.url.endswith("/talk/talk/")
    assert know(app, "Nora") == "Voetbalt graag en zingt"


def test_two_tabs_of_one_teacher_show_both_texts(app, at_first_page):
    petra = at_first_page("Guus")
    first, second = petra.page, petra.context.new_page()
    second.goto(first.url)
    petra.fill("know", "Uit de eerste tab")
    petra.saved()
    second.locator("[name=know]").fill("Uit de tweede tab")
    second.wait_for_selector(f"{BUSY} [data-compare]")
    assert "ook in een ander tabblad" in second.inner_text(BUSY)
    assert know(app, "Guus") == "Uit de eerste tab"
    with second.expect_navigation():
        second.click("[data-compare]")
    shown = second.inner_text("main")
    assert "Je hebt deze pagina ook in een ander tabblad aangepast" in shown
    assert "Uit de eerste tab" in shown
    assert "Uit de tweede tab" in shown
    assert "Petra" not in shown
    assert axe_finds(second) == []
    second.locator('input[name="keep-know"][value="both"]').check(force=True)
    with second.expect_navigation():
        second.click("main form button.btn-primary")
    assert know(app, "Guus") == "Uit de eerste tab\nUit de tweede tab"
