"""Every page of everybody: accessible, nothing sticking out, nothing too small, no error in the
browser.
"""

import re
import uuid

import pytest

from cases.method import METHOD
from cases.method.grammar import MEMBER

from .page_checks import BY_WIDTH, axe_finds, sticks_out, too_small

WIDTHS = (1280, 820, 390)
NARROWEST = 320  # nothing sticks out there either (WCAG 1.4.10)


def look(person, name=""):
    """Measure the page that is open at every width."""
    found = []
    for width in WIDTHS:
        # As high as the page: what lies under a bar at its end is scrolled free by a person.
        person.page.set_viewport_size({"width": width, "height": 900})
        height = person.page.evaluate("document.documentElement.scrollHeight")
        person.page.set_viewport_size({"width": width, "height": min(max(height, 900), 8000)})
        rules = None if width == WIDTHS[0] else BY_WIDTH
        found += [f"{name} {width}: {line}" for line in axe_finds(person.page, rules)]
        found += [f"{name} {width}: too small: {line}" for line in too_small(person.page)]
        found += [f"{name} {width}: {line}" for line in sticks_out(person.page)]
    person.page.set_viewport_size({"width": NARROWEST, "height": 900})
    found += [f"{name} {NARROWEST}: {line}" for line in sticks_out(person.page)]
    person.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found


def fine(found):
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def known(app):
    """Where the demo's cases are."""
    app.ask("begin", pupil="Kaan", elsewhere=True)
    return app.ask("cases")


def looked_at(person, paths, status=200):
    found = []
    for path in paths:
        answer = person.go(path)
        assert answer.status == status, path
        found += look(person, path)
    return found


def case_of(known, name):
    return f"/cases/{known[name]['id']}/"


TEACHER = [
    "/",
    "/cases/",
    "/cases/?state=closed",
    "/cases/?q=zzz",
    "/cases/new/",
    "/account/password/",
]


@pytest.mark.parametrize("path", TEACHER)
def test_the_pages_of_a_teacher(visit, path):
    fine(looked_at(visit("anna"), [path]))


@pytest.mark.parametrize("name", ["Noor", "Lotte", "Sami", "Daan", "Yara", "Elif", "Kaan"])
def test_a_case_in_every_state(visit, known, name):
    anna = visit("anna")
    anna.go(case_of(known, name))
    anna.page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true; })")
    fine(look(anna, name))


def test_a_finished_case(visit, known):
    petra = visit("petra")
    fine(looked_at(petra, [case_of(known, "Milan"), case_of(known, "Milan") + "1/followup/check/"]))


@pytest.mark.parametrize("step", METHOD.steps, ids=lambda step: step.key)
def test_every_page_of_a_step(visit, known, step):
    base = f"{case_of(known, 'Lotte')}1/{step.key}/"
    member = known["Lotte"]["members"][0]
    paths = [
        f"{base}{page.key}/" + (f"{member}/" if page.kind == MEMBER else "") for page in step.pages
    ]
    fine(looked_at(visit("anna"), [*paths, f"{base}check/"]))


def test_the_second_round_and_what_still_has_to_be_filled_in(visit, known):
    base = f"{case_of(known, 'Elif')}2/gather/"
    paths = [f"{base}group/", f"{base}group/?q=noor", f"{base}group/?q=zzz", f"{base}check/?ask=1"]
    fine(looked_at(visit("anna"), paths))


def test_planning_printing_and_letters(visit, known):
    base = case_of(known, "Lotte")
    paths = [f"{base}plan/{kind}/" for kind in ("talk", "meeting", "pupil", "members", "interim")]
    papers = [f"{base}print/{key}/" for key in ("slips", "invitation", "parents", "report")]
    papers += [f"{base}print/", f"{base}print/cards/preview/", "/paper/", "/paper/tomorrow/"]
    fine(looked_at(visit("anna"), [*paths, *papers, f"{base}enclosures/"]))


def test_the_logo_of_the_school(visit, known):
    fine(looked_at(visit("karel"), ["/", "/school/logo/"]))


def test_a_letter_on_the_screen(app, visit, known, tmp_path):
    from PIL import Image

    picture = tmp_path / "tekening.png"
    Image.new("RGB", (900, 600), "#88aacc").save(picture)
    anna = visit("anna")
    for photo in (str(picture), None):
        anna.go(f"{case_of(known, 'Noor')}enclosures/")
        anna.choose("kind", "drawing")
        anna.page.set_input_files("input[name=photo]", photo) if photo else anna.tick("on_paper")
        with anna.page.expect_navigation():
            anna.page.click("form[enctype] button.btn-primary")
    kept = [
        f"{case_of(known, 'Noor')}enclosures/{each['id']}/"
        for each in app.ask("enclosures", pupil="Noor")
    ]
    base = case_of(known, "Noor")
    paths = [f"{base}enclosures/", f"{base}1/explain/tell/", *kept]
    fine(looked_at(anna, paths))


def test_pages_that_say_what_is_not_right(visit, known):
    anna = visit("anna")
    anna.go("/cases/new/")
    anna.fill("talk_on", "2020-01-01")
    anna.fill("talk_at", "half twee")
    anna.press("open")
    found = look(anna, "new, with remarks")
    anna.go(f"{case_of(known, 'Daan')}1/talk/again/")
    anna.choose("plan", "other")
    anna.press("next")
    found += look(anna, "planning, with remarks")
    anna.go("/account/password/")
    with anna.page.expect_navigation():
        anna.page.click("main form button")
    fine(found + look(anna, "password, with remarks"))


@pytest.mark.parametrize("path", ["/", "/cases/", "/overview/?q=zzz", "/overview/?state=closed"])
def test_the_pages_of_a_coordinator(visit, path):
    fine(looked_at(visit("marieke"), [path]))


def test_a_case_as_a_coordinator_sees_it(visit, known):
    marieke = visit("marieke")
    marieke.go(case_of(known, "Jens"))
    marieke.page.eval_on_selector_all(
        "details", "all => all.forEach(each => { each.open = true; })"
    )
    fine(look(marieke, "Jens") + looked_at(marieke, [f"{case_of(known, 'Jens')}1/gather/check/"]))


def test_what_an_administrator_and_a_stranger_to_a_page_see(visit, known):
    karel = visit("karel")
    found = looked_at(karel, ["/"]) + looked_at(karel, ["/cases/"], status=403)
    anna = visit("anna")
    found += looked_at(anna, ["/overview/"], status=403)
    gone = ["/nergens/", f"/cases/{uuid.uuid4()}/", case_of(known, "Jens")]
    fine(found + looked_at(anna, gone, status=404))


def test_the_days_of_the_school(visit):
    karel = visit("karel")
    paths = ["", "settings/", "windows/", "days/add/", "region/?region=NL-Noord", "import/"]
    found = looked_at(karel, [f"/school/{path}" for path in paths])
    dates = b"Studiedag;1-2-2027\nTeamdag;2-2-2027\nOud;1-1-2020"
    file = {"name": "dagen.csv", "mimeType": "text/csv", "buffer": dates}
    karel.page.set_input_files("input[type=file]", files=[file])
    with karel.page.expect_navigation():
        karel.page.click("main form button")
    found += look(karel, "what is in the file")
    karel.go("/school/windows/")
    karel.fill("pupil_first", "0")
    karel.press("save")
    fine(found + look(karel, "windows, with remarks"))


def test_the_mailbox_of_the_demo(app, visit):
    app.ask("due_in", pupil="Lotte", days=0)
    app.ask("sweep")
    anna = visit("anna")
    found = looked_at(anna, ["/mailbox/"])
    with anna.page.expect_navigation():
        anna.page.click("main ul a")
    fine(found + look(anna, "a mail"))


def test_around_signing_in(app, visit):
    somebody = visit()
    found = looked_at(
        somebody, ["/account/sign-in/", "/account/reset/", "/account/reset/1-bad-key/"]
    )
    somebody.go("/account/sign-in/")
    somebody.fill("login", "nobody@dekei.example")
    somebody.fill("password", "not the password")
    with somebody.page.expect_navigation():
        somebody.page.click("main form button")
    found += look(somebody, "refused")
    somebody.go("/account/reset/")
    somebody.fill("email", "petra@dekei.example")
    with somebody.page.expect_navigation():
        somebody.page.click("main form button")
    found += look(somebody, "reset done")
    link = re.search(
        r"http://\S+/account/reset/\S+", app.ask("mail_to", name="petra")[-1].replace("=\n", "")
    )[0]
    assert somebody.go(link.replace("=3D", "=")).status == 200
    assert somebody.page.locator("input[type=password]").count() == 2
    found += look(somebody, "new password")
    fine(found)


def test_leaving_and_a_form_that_is_too_old(visit, known):
    anna = visit("anna", fresh=True)
    found = looked_at(anna, ["/account/sign-out/"])
    anna.go(f"{case_of(known, 'Daan')}1/talk/talk/")
    anna.page.eval_on_selector(
        "#page-form [name=csrfmiddlewaretoken]", "field => { field.value = 'x'.repeat(64); }"
    )
    anna.press("next")
    assert anna.page.locator(f'a[href="{case_of(known, "Daan")}1/talk/talk/"]').is_visible()
    fine(found + look(anna, "too old"))


def test_the_screens_that_somebody_else_may_look_at(visit, known):
    anna = visit("anna", fresh=True)
    anna.go(f"{case_of(known, 'Daan')}1/talk/talk/")
    anna.press("talk")
    assert "/talk/" in anna.page.url
    found = look(anna, "talk screen")
    anna.press("leave")
    found += look(anna, "leaving the talk")
    anna.go("/day/")
    found += looked_at(anna, ["/day/", "/day/leave/"])
    with anna.page.expect_navigation():
        anna.page.click("main form button")
    found += look(anna, "the page of the talk")
    fine(found)
