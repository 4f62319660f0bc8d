"""A whole case with two rounds, as a teacher does it: by clicking and typing, with the paper read
back.
"""

import re

from cases.method.wording import forbidden_in

GROUP = {
    "Gijs": "leader",
    "Eva": "follower",
    "Sem": "follower",
    "Mila": "other",
    "Liv": "other",
    "Adam": "other",
}
IDEAS = [
    "Ik breng het huiswerk naar Nina",
    "Ik vraag Nina bij het voetballen",
    "Ik zeg elke ochtend goedemorgen",
    "Ik ga naast Nina zitten bij gym",
    "Ik neem mijn spel mee voor de pauze",
    "Ik fiets na school een stukje mee",
]
NOTE = "CANARIE-aantekening"  # in every free field: on no paper, in no mail


class Teacher:
    """Anna, who goes from page to page with the buttons that the pages offer."""

    def __init__(self, person, app):
        self.person, self.page, self.app = person, person.page, app

    def on(self, ending):
        assert self.page.url.rstrip("/").endswith(ending), self.page.url

    def next(self):
        self.person.press("next")

    def finish_and_go_on(self):
        self.person.press("finish")

    def members(self, question, words):
        """Type one line for each member, in the order of the page."""
        fields = self.page.locator(f'[name^="{question}:"]')
        assert fields.count() == len(words)
        for number, text in enumerate(words):
            fields.nth(number).fill(text)

    def first_talk(self):
        do, page = self.person, self.page
        self.on("/talk/prepare")
        for name in ("know", "noticed", "changed", "qualities"):
            do.fill(name, f"{NOTE} {name}")
        do.choose("parents", "yes")
        self.next()
        self.on("/talk/talk")
        do.fill("held_on", self.app.ask("today"))
        do.fill("observed", f"{NOTE} gezien")
        do.fill("how", f"{NOTE} zo voelt het")
        do.choose("scale", "3")
        do.choose("wish", "yes")
        self.next()
        self.next()  # the explanation asks nothing that has to be written
        do.fill("friends", f"{NOTE} Mila, Liv")
        do.fill("others", f"{NOTE} Gijs")
        self.next()
        do.choose("letter", "none")
        do.fill("not_told", f"{NOTE} geheim")
        do.tick("name_known")
        self.next()
        day = do.first_good_day()
        do.fill("plan_at", "13.15")
        do.tick("watch")
        do.tick("open_door")
        self.next()
        self.on("/talk/check")
        assert f"{NOTE} zo voelt het" in page.inner_text("main")
        with page.expect_navigation():
            page.click('form[action$="/finish/"] button')
        return day

    def choose_group(self, again=False):
        do, page = self.person, self.page
        self.on("/gather/group")
        if not again:
            nobody = page.locator("[data-search-none]")
            page.fill("[data-search]", "niemand heet zo")
            assert nobody.is_visible()
            page.fill("[data-search]", "")
            assert nobody.is_hidden()
            ids = {name: self.app.ask("pupil_id", pupil=name) for name in GROUP}
            for number, (name, role) in enumerate(GROUP.items(), start=1):
                do.choose(f"role-{ids[name]}", role)
                assert page.inner_text("h2 [data-count=total]") == str(number)
            assert page.locator("svg.st-balance path.involved").count() == 3
            assert page.locator("svg.st-balance circle.other").count() == 3
            assert page.locator("[data-advice-list] li").count() == 0
            do.choose(f"role-{ids['Adam']}", "follower")  # four and two: it advises at once
            assert page.locator("[data-advice-list] li").count() == 1
            do.choose(f"role-{ids['Adam']}", "other")
            do.choose("lead", "self")
            do.choose("lead_checked", "trust")
        else:
            do.choose("lead", "self")
        self.next()

    def meeting(self, ideas):
        """Steps 2 to 6 in one run, after the group was chosen."""
        do = self.person
        self.on("/gather/ready")
        assert self.page.locator(".st-secret").count() == 1
        self.members("strength", [f"{NOTE} kan iets {number}" for number in range(len(GROUP))])
        do.first_good_day()
        self.next()
        do.fill("held_on", self.app.ask("today"))
        for box in self.page.locator('input[name^="present:"]').all():
            box.check(force=True)
        self.finish_and_go_on()
        self.on("/explain/tell")
        do.fill("told", "Ik maak me zorgen en ik wil dat iedereen hier graag komt.")
        do.choose("clear", "yes")
        self.finish_and_go_on()
        self.on("/share/reasons")
        self.members("reason", ["Ik heb je nodig."] * len(GROUP))
        self.finish_and_go_on()
        self.on("/ideas/ideas")
        self.members("idea", ideas)
        self.finish_and_go_on()
        self.on("/trust/trust")
        do.tick("thanked")
        do.first_good_day()
        self.finish_and_go_on()

    def talks_afterwards(self, verdict, ending):
        do, page = self.person, self.page
        with page.expect_navigation():
            page.click(".st-next a.btn-primary")
        # a later round has no first talk that agreed on this day
        if page.url.endswith("/plan/pupil/"):
            do.first_good_day()
            do.press("save")
            with page.expect_navigation():
                page.click(".st-next a.btn-primary")
        assert "/followup/" in page.url, page.url
        do.go(re.sub(r"/followup/.*", "/followup/interim/", page.url))
        self.next()  # the moment in between is not asked for
        self.on("/followup/pupil")
        do.fill("held_on", self.app.ask("today"))
        do.fill("feel", f"{NOTE} gaat wel")
        do.choose("scale", "7")
        do.choose("verdict", verdict)
        self.next()
        self.on("/followup/order")
        before = page.locator(".st-order b").all_inner_texts()
        with page.expect_navigation():
            page.locator(".st-order button[value=later]").first.click()
        assert page.locator(".st-order b").all_inner_texts()[:2] == before[1::-1]
        self.next()
        for number in range(len(GROUP)):
            assert "/followup/member/" in page.url
            assert before[[1, 0, *range(2, 6)][number]] in page.inner_text("h1")
            do.fill("now", f"{NOTE} vrolijker")
            do.choose("verdict", "better" if number else verdict)
            self.next()
        self.on("/followup/close")
        do.choose("verdict", verdict)
        do.choose("ending", ending)
        do.fill("words", f"{NOTE} onthouden")
        do.press("finish")


def whole_and_clean(person, path, *, title):
    """The text of a paper: no notes on it, no word that has no place there, a name that says
    nothing.
    """
    reader, text = person.text_of(path)
    assert NOTE not in text
    assert forbidden_in(text) == []
    assert "Nina" not in str(reader.metadata)
    assert reader.root_object["/Lang"] == "nl"
    assert title in path
    return reader, " ".join(text.split())


def test_from_the_first_worry_to_the_last_talk(app, visit):
    anna = visit("anna", fresh=True)
    teacher, page = Teacher(anna, app), anna.page
    anna.go("/")
    page.click('main a[href="/cases/new/"]')
    anna.fill("q", "nina")
    page.click("button[name=go][value=search]")
    page.wait_for_selector("#found input[name=pupil]")
    assert page.locator("#found input[name=pupil]").count() == 1
    anna.choose("signs", "none")
    anna.choose("route", "here")
    anna.press("open")
    case = anna.case_id
    pupils_day = teacher.first_talk()
    assert page.url.endswith(f"/cases/{case}/")
    assert app.ask("planned", pupil="Nina")["pupil"] == [pupils_day, "planned"]

    sheet, words = whole_and_clean(
        anna, f"/cases/{case}/print/gespreksblad.pdf", title="gespreksblad"
    )
    assert len(sheet.pages) == 2
    assert "Nina" in words
    assert "13" not in words.split("Nina")[0]
    _blank, words = whole_and_clean(anna, "/paper/gespreksblad.pdf", title="gespreksblad")
    assert "Nina" not in words

    page.click(".st-next a.btn-primary")
    page.wait_for_url("**/gather/group/")
    teacher.choose_group()
    assert app.ask("roles", pupil="Nina") == GROUP
    teacher.meeting(IDEAS)
    assert page.url.endswith(f"/cases/{case}/")
    assert app.ask("state", pupil="Nina")["step"] == "followup"
    assert page.locator(".st-who li").count() == len(GROUP)
    slips_read_back(anna, case)

    sweep_mails_the_day(app, visit, anna, case, pupils_day)

    anna.go(f"/cases/{case}/")
    teacher.talks_afterwards("little", "again")
    assert app.ask("state", pupil="Nina")["round"] == 2
    assert page.locator("section[aria-labelledby=round-1]").count() == 1
    page.click("section[aria-labelledby=round-1] summary")
    assert page.locator("section[aria-labelledby=round-1] .st-step--done").count() == 7
    page.click(".st-next a.btn-primary")
    page.wait_for_url("**/2/gather/group/")
    teacher.choose_group(again=True)
    # The order of the talks in the first round is the order in which they stand here.
    teacher.meeting([text.replace("Nina", "haar") for text in IDEAS])
    # What was written before is still there to read.
    anna.go(f"/cases/{case}/1/followup/check/")
    assert f"{NOTE} gaat wel" in page.inner_text("main")

    anna.go(f"/cases/{case}/")
    teacher.talks_afterwards("better", "better")
    assert app.ask("state", pupil="Nina")["status"] == "aftercare"
    a_later_check(app, anna, case)
    page.click('summary:has-text("Stop dit traject")')
    page.fill("#stop-words", "Naar een andere school")
    with page.expect_navigation():
        page.locator(f'form[action="/cases/{case}/close/"] button').click()
    assert app.ask("state", pupil="Nina")["status"] == "closed"
    assert page.url.endswith(f"/cases/{case}/")
    assert page.locator(f'form[action="/cases/{case}/reopen/"]').count() == 1
    assert set(app.ask("roles", pupil="Nina").values()) == {""}
    the_coordinator_sees_it(visit, case, running=False)
    assert [line for line in app.ask("journal_actions", pupil="Nina") if line == "new round"] == [
        "new round"
    ]


def a_later_check(app, anna, case):
    """Some weeks later it is asked how it is: the answer and its number stand on the case page."""
    page = anna.page
    assert page.locator("section[aria-labelledby=later] li").count() == 4
    page.click(".st-next a.btn-primary")
    page.wait_for_url(f"**/cases/{case}/later/weeks6/")
    anna.fill("held_on", app.ask("today"))
    anna.choose("scale", "9")
    anna.fill("how", f"{NOTE} nog steeds goed")
    anna.choose("verdict", "well")
    anna.press("finish")
    assert app.ask("state", pupil="Nina")["next"] == "months3"
    assert f"{NOTE} nog steeds goed" in page.inner_text("section[aria-labelledby=later]")


def slips_read_back(anna, case):
    page = anna.page
    anna.go(f"/cases/{case}/print/slips/")
    shown = page.locator('input[name^="slip-"]').evaluate_all("all => all.map(each => each.value)")
    assert len(shown) == len(GROUP)
    # What was said stands in the fields as it was said; with a name in it, it is a line on the
    # paper.
    named = [text for text in shown if "Nina" in text]
    assert len(named) == page.locator("main mark").count() > 0
    reader, words = whole_and_clean(anna, f"/cases/{case}/print/kaartjes.pdf", title="kaartjes")
    assert len(reader.pages) == 2  # six, and two empty ones
    assert "Nina" not in words
    for name, text in zip(GROUP, shown, strict=True):
        assert name in words
        assert (text in words) == ("Nina" not in text)
    assert "Ik zeg elke ochtend goedemorgen" in words
    assert "juf Anna" in words
    # Its words can be chosen by hand, and that is what is printed.
    field = page.locator('input[name^="slip-"]').first
    field.fill("Ik help met rekenen")
    with page.expect_navigation():
        page.click("main form button")
    assert (
        "Ik help met rekenen"
        in whole_and_clean(anna, f"/cases/{case}/print/kaartjes.pdf", title="kaartjes")[1]
    )


def sweep_mails_the_day(app, visit, anna, case, planned):
    """The day of the follow-up comes: the mail lies in the mailbox, names nobody and leads to the
    case.
    """
    the_coordinator_sees_it(visit, case, running=True)
    before = len(app.ask("mail_to", name="anna"))
    app.ask("due_in", pupil="Nina", days=0)
    assert app.ask("sweep")["failed"] == 0
    assert len(app.ask("mail_to", name="anna")) > before
    page = anna.page
    found = False
    anna.go("/mailbox/")
    links = page.locator("main ul a").evaluate_all(
        "all => all.map(each => each.getAttribute('href'))"
    )
    for link in links:
        anna.go(link)
        text = page.inner_text("main")
        assert "Nina" not in text
        assert NOTE not in text
        assert forbidden_in(text) == []
        if case in text:
            found = True
            with page.expect_navigation():
                page.click(f'main a[href$="/cases/{case}/"]')
            assert page.url.endswith(f"/cases/{case}/")
            assert "Nina" in page.inner_text("h1")
            break
    assert found, links
    app.ask("due_in", pupil="Nina", days=9)


def the_coordinator_sees_it(visit, case, *, running):
    marieke = visit("marieke")
    page = marieke.page
    marieke.go("/overview/")
    page.fill("#f-q", "nina")
    if not running:
        assert page.locator(f'a[href="/cases/{case}/"]').count() == 0
        page.select_option("#f-state", "closed")
    with page.expect_navigation():
        page.locator("form.st-filters button").click()
    row = page.locator(f'tr:has(a[href="/cases/{case}/"])')
    assert row.count() == 1
    assert "Anna de Wit" in row.inner_text()
    assert row.locator("svg.st-path rect.done").count() == (6 if running else 7)
    page.click(f'a[href="/cases/{case}/"]')
    page.wait_for_url(f"**/cases/{case}/")
    assert NOTE not in page.content()
