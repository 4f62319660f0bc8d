"""With the keys alone: signing in, a new case, a page of a step, the group; the focus is seen and
never hidden.
"""

import pytest

from .page_checks import focus


class Keys:
    """Somebody who has only a keyboard. Every stop of the focus on the way is looked at."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, selector, key="Tab", most=160):
        """Tab until the focus is on an element; it must be seen and free at every stop."""
        for _ in range(most):
            self.page.keyboard.press(key)
            here = focus(self.page)
            assert here["seen"], f"no visible focus: {here['on']}"
            assert here["free"], f"something lies over the focus: {here['on']}"
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"{selector} is not reached with {key}")

    def tab_to_group(self, name):
        """To the radios of a question, wherever the focus enters them."""
        self.tab_to(f'input[name="{name}"]')

    def choose(self, name, value):
        """With the arrows, until the right one is chosen."""
        self.tab_to_group(name)
        self.page.keyboard.press("Space")
        for _ in range(60):
            if self.page.locator(f'input[name="{name}"][value="{value}"]').is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} = {value} is not reached with the arrows")

    def enter(self):
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def test_signing_in_and_a_new_case(app, visit):
    somebody = visit()
    page, keys = somebody.page, Keys(somebody.page)
    somebody.go("/account/sign-in/")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.matches('.st-skip')")
    assert page.locator(".st-skip").bounding_box()["x"] >= 0
    keys.tab_to("input[name=login]")
    page.keyboard.type("petra@dekei.example")
    keys.tab_to("input[name=password]")
    page.keyboard.type("samen-steen-voor-steen")
    keys.enter()
    assert page.url.endswith("/")
    keys.tab_to('a[href="/cases/new/"]')
    keys.enter()

    keys.tab_to("input[name=q]")
    page.keyboard.type("ruben")
    keys.tab_to("button[value=search]")
    keys.press("Enter")
    page.wait_for_selector("#found input[name=pupil]")
    keys.tab_to("input[name=pupil]")
    keys.press("Space")
    keys.tab_to("button[value=open]")
    keys.enter()  # something is still asked for
    assert page.evaluate("document.activeElement.matches('[data-errors]')")
    keys.tab_to("[data-errors] a")
    keys.press("Enter")
    inside = "document.activeElement.closest('fieldset')?.dataset.field"
    assert page.evaluate(inside) == "signs"
    assert focus(page)["free"]
    page.locator('input[name=signs][value="none"]').focus()
    keys.press("Space")
    keys.choose("route", "here")
    keys.tab_to("button[value=open]")
    keys.enter()
    assert page.url.endswith("/talk/prepare/")
    assert app.ask("state", pupil="Ruben")["status"] == "open"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_of_a_step(app, visit, width):
    pupil = {1280: "Julia", 390: "Vera"}[width]
    case = app.ask("begin", pupil=pupil)
    anna = visit("anna", width=width)
    page, keys = anna.page, Keys(anna.page)
    anna.go(f"/cases/{case}/1/talk/talk/")
    keys.tab_to("textarea[name=how]")
    page.keyboard.type("Gaat wel.")
    keys.choose("scale", "4")
    keys.choose("wish", "yes")
    keys.tab_to("button[value=next]")
    keys.enter()
    assert page.url.endswith("/talk/explain/")
    kept = app.ask("answers", pupil=pupil, step="talk", page="talk")
    assert (kept["how"], kept["scale"], kept["wish"]) == ("Gaat wel.", 4, "yes")
    # Backwards too: the bar at the top lies over nothing that has the focus.
    anna.go(f"/cases/{case}/1/talk/prepare/")
    page.locator("button[value=next]").focus()
    keys.tab_to("textarea[name=know]", key="Shift+Tab")


def test_the_group_and_its_day(app, visit):
    case = app.ask("begin", pupil="Teun", until="gather")
    anna = visit("anna", width=820)
    page, keys = anna.page, Keys(anna.page)
    anna.go(f"/cases/{case}/1/gather/group/")
    chosen = {"Daan": "leader", "Emma": "other"}
    page.wait_for_selector("[data-pupil] th")
    order = page.locator("[data-pupil] th").all_inner_texts()
    names = sorted(chosen, key=lambda name: next(n for n, text in enumerate(order) if name in text))
    for number, name in enumerate(names, start=1):
        keys.choose(f"role-{app.ask('pupil_id', pupil=name)}", chosen[name])
        assert page.inner_text("h2 [data-count=total]") == str(number)
    keys.tab_to("input[name=balance_reason]")
    page.keyboard.type("Een kleine groep past hier beter.")
    keys.choose("lead", "self")
    keys.tab_to("button[value=next]")
    keys.enter()
    assert app.ask("roles", pupil="Teun") == chosen
    assert page.url.endswith("/gather/ready/")
    fitting = page.locator(".st-days label.fits input[name=plan]").first.get_attribute("value")
    keys.choose("plan", fitting)
    keys.tab_to("input[name=plan_at]")
    page.keyboard.type("10.15")
    keys.tab_to("button[value=next]")
    keys.enter()
    assert "meeting" in app.ask("planned", pupil="Teun")
