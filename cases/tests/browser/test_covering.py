"""The screen is covered at once, nothing in the page gives anything away, and back is only after a
question.
"""

import pytest

SECRET = "CANARIE-Dat-Sara-buikpijn-heeft"
TYPED = "CANARIE-Wat-net-werd-getypt"


@pytest.fixture(scope="module")
def sara(app):
    """A case full of notes; the address of its page of the first talk."""
    words = {"between.not_told": SECRET, "talk.how": SECRET, "prepare.know": SECRET}
    case = app.ask("begin", pupil="Sara", until="explain", words=words)
    return f"/cases/{case}"


def cover_by_keys(person):
    with person.page.expect_navigation(url="**/day/"):
        for _ in range(3):
            person.page.keyboard.press("Shift")


def test_three_times_shift_covers_at_once_and_saves_what_was_typed(app, visit, sara):
    anna = visit("anna", fresh=True)
    anna.go(f"{sara}/1/talk/talk/")
    assert SECRET in anna.page.content()
    anna.fill("how", TYPED)
    # As if the server never answers: what is on the screen must go without it.
    anna.page.route("**/day/**", lambda route: None)
    for _ in range(3):
        anna.page.keyboard.press("Shift")
    anna.page.locator("main").wait_for(state="hidden", timeout=5000)
    assert not anna.page.locator(".st-bar").first.is_visible()
    assert "Sara" not in anna.page.inner_text("body")
    assert anna.page.title() == "Steentje"
    for _ in range(20):  # the text is on its way; how long that takes is the machine's affair
        anna.page.wait_for_timeout(500)
        if app.ask("answers", pupil="Sara", step="talk", page="talk")["how"] == TYPED:
            return
    raise AssertionError("what was typed just before was not saved")


def test_two_presses_or_a_word_with_capitals_do_nothing(visit, sara):
    anna = visit("anna")
    anna.go(f"{sara}/1/talk/prepare/")
    anna.page.locator("textarea[name=noticed]").focus()
    for key in ("Shift", "Shift", "a", "Shift"):
        anna.page.keyboard.press(key)
    anna.page.wait_for_timeout(300)
    assert anna.page.locator("main").is_visible()
    assert "/prepare/" in anna.page.url


def test_no_page_that_is_given_out_holds_anything_and_back_shows_the_same(app, visit, sara):
    anna = visit("anna", fresh=True)
    page = anna.page
    anna.go(f"{sara}/1/explain/tell/")
    anna.page.locator("form[data-privacy-screen] button").click()
    page.wait_for_url("**/day/")
    case = app.ask("state", pupil="Sara")
    give_away = [
        SECRET,
        TYPED,
        case["id"],
        case["code"],
        "Sara",
        "Lotte",
        "Noor",
        "Marieke",
        "version",
    ]
    for path in ("/day/", "/day/leave/", f"{sara}/", "/", "/cases/", f"{sara}/1/talk/check/"):
        anna.go(path)
        assert "/day/" in page.url
        html = page.content()
        assert [word for word in give_away if word in html] == []
        assert anna.context.request.get(path).url.startswith(
            page.url.partition("/day/")[0] + "/day/"
        )
    answer = anna.context.request.get(f"{sara}/print/gespreksblad.pdf")
    assert answer.headers["content-type"].startswith("text/html")
    # "Back" to where one came from.
    for _ in range(4):
        page.evaluate("history.back()")
        page.wait_for_timeout(150)
        page.wait_for_load_state()
        assert SECRET not in page.content()
        assert TYPED not in page.content()


def test_the_page_that_was_covered_is_not_in_the_history(visit, sara):
    anna = visit("anna", fresh=True)
    anna.go("/cases/")
    anna.go(f"{sara}/1/talk/talk/")
    before = anna.page.evaluate("history.length")
    cover_by_keys(anna)
    assert anna.page.evaluate("history.length") == before


def test_back_is_one_press_and_a_question(visit, sara):
    anna = visit("anna", fresh=True)
    page = anna.page
    anna.go(f"{sara}/1/talk/talk/")
    cover_by_keys(anna)
    assert page.locator("main details, main textarea, main li").count() == 0
    with page.expect_navigation():
        page.click('a[href$="/day/leave/"]')
    with page.expect_navigation():
        page.click('main a[href$="/day/"]')  # not yet
    with page.expect_navigation():
        page.click('a[href$="/day/leave/"]')
    page.click("main form button")
    page.wait_for_url(f"**{sara}/1/talk/talk/")


def uncover(person):
    with person.page.expect_navigation():
        person.page.click('a[href$="/day/leave/"]')
    with person.page.expect_navigation():
        person.page.click("main form button")


def test_what_was_typed_in_a_form_that_does_not_save_itself_is_there_again(visit, sara):
    """The letter, the reason to stop, and a new case; what was not touched is not called
    unsaved.
    """
    anna = visit("anna", fresh=True)
    for path, selector in (
        (f"{sara}/print/colleagues/", "textarea[name=text]"),
        (f"{sara}/", "input[name=words]"),
        ("/cases/new/", "[name=why]"),
    ):
        anna.go(path)
        field = anna.page.locator(selector)
        field.evaluate("field => field.closest('details')?.setAttribute('open', '')")
        field.fill(TYPED)
        cover_by_keys(anna)
        assert TYPED not in anna.page.content()
        uncover(anna)
        assert anna.page.url.endswith(path)
        assert anna.page.locator(selector).input_value() == TYPED
        assert anna.page.locator(selector).is_visible()
    anna.go(f"{sara}/1/explain/check/")
    waiting = anna.page.locator('a[href*="?pending="]').count()
    cover_by_keys(anna)
    uncover(anna)
    assert anna.page.locator('a[href*="?pending="]').count() == waiting == 3
