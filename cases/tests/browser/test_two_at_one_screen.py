"""Two people at one screen: the talk's own pad, what becomes of it, and covering in the middle."""

import pytest


@pytest.fixture(scope="module")
def romy(app):
    """A case at the short talks; the addresses of the talks with two members of its group."""
    case = app.ask("begin", pupil="Romy", until="followup")
    members = app.ask("cases")["Romy"]["members"]
    return [f"/cases/{case}/1/followup/member/{member}/" for member in members[:2]]


def leave(person):
    person.press("leave")
    with person.page.expect_navigation():
        person.page.click("main form button")


def test_the_pad_of_one_talk_is_saved_by_itself_and_offered_on_its_page_only(app, visit, romy):
    anna = visit("anna", fresh=True)
    page = anna.page
    anna.go(romy[0])
    anna.fill("saw", "op de pagina getikt")
    anna.press("talk")
    assert page.locator(".st-asked").count() == 6
    assert "op de pagina getikt" not in page.content()
    anna.fill("text", "nog steeds onaardig")
    anna.saved()
    assert "nog steeds onaardig" in app.ask("pads", pupil="Romy").values()
    leave(anna)
    assert page.url.endswith(romy[0])
    assert page.input_value("[name=saw]") == "op de pagina getikt"
    assert "nog steeds onaardig" in page.inner_text(".st-notes")
    anna.go(romy[1])
    assert "nog steeds onaardig" not in page.content()
    anna.press("talk")
    assert "nog steeds onaardig" not in page.content()
    leave(anna)
    # Taken over with one press, then cleared.
    anna.go(romy[0])
    with page.expect_navigation():
        page.click('button[value="take-notes:now"]')
    assert page.input_value("[name=now]") == "nog steeds onaardig"
    anna.press("clear-notes")
    assert page.locator(".st-notes").count() == 0
    assert page.input_value("[name=now]") == "nog steeds onaardig"


def test_covered_in_the_middle_one_comes_back_to_the_talk_with_what_was_typed(app, visit, romy):
    anna = visit("anna", fresh=True)
    page = anna.page
    anna.go(romy[1])
    anna.press("talk")
    talk = page.url
    anna.fill("text", "net getikt")
    page.click("button[data-cover]")
    page.wait_for_url("**/day/")
    assert "net getikt" not in page.content() and "Romy" not in page.content()
    page.click('a[href$="/day/leave/"]')
    page.wait_for_url("**/day/leave/")
    page.click("main form button")
    page.wait_for_url(talk)
    assert page.input_value("[name=text]") == "net getikt"
    leave(anna)


def test_ten_minutes_without_a_sign_of_life_cover_the_talk(visit, romy):
    anna = visit("anna", fresh=True)
    anna.page.clock.install()
    anna.go(romy[1])
    anna.press("talk")
    anna.page.clock.run_for("09:50")
    assert "/talk/" in anna.page.url
    with anna.page.expect_navigation(url="**/day/"):
        anna.page.clock.run_for("00:20")


def test_enter_in_a_line_goes_on_and_begins_no_talk(app, visit):
    anna = visit("anna", fresh=True)
    case = app.ask("begin", pupil="Lina", until="talk")
    anna.go(f"/cases/{case}/1/talk/talk/")
    with anna.page.expect_navigation():
        anna.page.locator("[name=held_on]").press("Enter")
    assert anna.page.url.endswith("/1/talk/explain/")


def test_without_script_the_buttons_do_the_same(app, visit, romy):
    anna = visit("anna", java_script_enabled=False)
    page = anna.page
    anna.go(romy[0])
    anna.fill("group", "zonder script")
    anna.press("talk")
    talk = page.url
    anna.fill("text", "met de knop bewaard")
    with page.expect_navigation():
        page.click("main form button:not([name])")
    assert page.input_value("[name=text]") == "met de knop bewaard"
    anna.fill("text", "en afgedekt")
    anna.press("cover")
    assert page.url.endswith("/day/")
    page.click('a[href$="/day/leave/"]')
    page.wait_for_load_state()
    page.click("main form button")
    page.wait_for_load_state()
    assert page.url == talk and page.input_value("[name=text]") == "en afgedekt"
    leave(anna)
    assert page.input_value("[name=group]") == "zonder script"
    assert "en afgedekt" in page.inner_text(".st-notes")
