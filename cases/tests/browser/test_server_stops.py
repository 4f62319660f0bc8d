"""The server stops and starts, and a server in front of it answers in HTML: what is typed stays,
and is saved.
"""

import re

BUSY = "[data-save-state].st-save--bad"


def know(app, pupil):
    return app.ask("answers", pupil=pupil, step="talk", page="prepare").get("know")


ANSWERS = [
    (
        507,
        "application/json",
        '{"unsaved": "full"}',
        "Niet bewaard: de schijf van de server is vol.",
    ),
    (
        503,
        "application/json",
        '{"unsaved": "readonly"}',
        "Niet bewaard: de server kan nu niets opslaan.",
    ),
    (
        503,
        "application/json",
        '{"unsaved": "away"}',
        "Niet bewaard: Steentje is even niet bereikbaar.",
    ),
    (502, "text/html", "<h1>Bad gateway</h1>", "Niet bewaard: Steentje is even niet bereikbaar."),
    (500, "text/html", "<h1>Error</h1>", "Niet bewaard."),
]


def _refuse(tries, **answer):
    def handle(route):
        if route.request.method != "POST":
            return route.continue_()
        tries.append(1)
        return route.fulfill(**answer)

    return handle


def test_typing_goes_on_through_an_outage(app, visit):
    case = app.ask("begin", pupil="Sanne", by="petra")
    petra = visit("petra", strict=False)
    page = petra.page
    for status, kind, body, words in ANSWERS:
        petra.go(f"/cases/{case}/1/talk/prepare/")
        tries = []

        page.route("**/talk/prepare/", _refuse(tries, status=status, content_type=kind, body=body))
        text = f"Getypt tijdens {status}, {body}"
        petra.fill("know", text)
        page.wait_for_selector(BUSY)
        assert words in page.inner_text("[data-save-state]")
        page.locator("[name=know]").press_sequentially("!", delay=5)
        page.wait_for_timeout(2500)
        assert page.input_value("[name=know]") == text + "!"
        assert 1 <= len(tries) <= 3, "it tries again, with pauses that grow"
        page.unroute("**/talk/prepare/")
        page.wait_for_selector(BUSY, state="detached", timeout=20_000)
        page.wait_for_timeout(1500)
        assert know(app, "Sanne") == text + "!"


def test_a_page_that_came_back_saves_itself_when_there_is_room(app, visit):
    """What the server gives back on a full disk is tested in views/test_outage.py; here the script
    goes on.
    """
    case = app.ask("begin", pupil="Maud", by="petra")
    path, text = f"/cases/{case}/1/talk/prepare/", "Getypt op een volle schijf"
    petra = visit("petra", strict=False)
    page = petra.page
    html = petra.context.request.get(path).text()
    html = re.sub(r'(<textarea[^>]*name="know"[^>]*>)[^<]*', rf"\1{text}", html)
    html = re.sub(r"(<main[^>]*>)", r'\1<div data-unsaved="full"><p>Niet bewaard</p></div>', html)
    petra.go(path)
    tries = []

    def refuse(route):
        if route.request.method != "POST":
            return route.continue_()
        if route.request.headers.get("x-autosave") != "1":
            return route.fulfill(status=507, content_type="text/html", body=html)
        tries.append(1)
        return route.fulfill(
            status=507, content_type="application/json", body='{"unsaved": "full"}'
        )

    page.route("**/talk/prepare/", refuse)
    petra.press("next")
    assert page.input_value("[name=know]") == text
    assert "de schijf van de server is vol" in page.inner_text("[data-save-state]")
    page.wait_for_timeout(2500)
    assert tries, "nobody pressed anything"
    page.unroute("**/talk/prepare/")
    page.wait_for_selector("[data-unsaved]", state="detached", timeout=30_000)
    assert know(app, "Maud") == text


def test_a_part_of_a_page_is_fetched_again(app, visit):
    marieke = visit("marieke", strict=False)
    page = marieke.page
    marieke.go("/overview/")
    before = page.inner_text("#results")
    page.route(
        "**/overview/?*",
        lambda route: route.fulfill(status=503, content_type="text/html", body="<p>weg</p>"),
    )
    page.locator("#f-q").press_sequentially("e")
    page.wait_for_selector("main [data-part-again]")
    assert "Dat lukte niet" in page.inner_text("main")
    assert page.inner_text("#results") == before and page.url.endswith("/overview/")
    page.unroute("**/overview/?*")
    page.wait_for_selector("main [data-part-again]", state="detached", timeout=20_000)
    assert "q=e" in page.url
