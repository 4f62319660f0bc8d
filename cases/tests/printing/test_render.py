import http.server
import threading
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from weasyprint.urls import FatalURLFetchingError

from cases.printing import render
from cases.printing.render import ForeignFile, PaperRefused, StaticOnly, WrongSides, pdf
from cases.printing.slips import Slip, task_slips
from cases.tests.printing.paper import packed, words


def page(body, head=""):
    return f'<html lang="en"><head><title>t</title>{head}</head><body class="slips">{body}</body></html>'


@pytest.fixture
def listener():
    """A server on this machine that counts who calls."""
    hits = []

    class Count(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Count)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    server.server_close()


ATTACKS = (
    "<img src=file:///etc/passwd>",
    "<img src={url}/a.png>",
    "</style><style>@import '{url}/b.css';</style>",
    "url({url}/c) <link rel=stylesheet href={url}/d>",
    "<p style=background:url({url}/e)>x</p>",
    "<object data={url}/f></object><embed src={url}/g>",
    "{{% include 'base.html' %}} {{{{ settings.SECRET_KEY }}}}",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_child_or_a_joker_writes_is_printed_as_text(attack, listener):
    url, hits = listener
    idea = attack.format(url=url)
    data = task_slips([Slip(idea[:100], idea)], signed=idea[:100], language="nl", school_name=idea[:100])
    assert packed(idea) in packed(words(data))
    assert hits == [] and b"root:" not in data


@pytest.mark.parametrize(
    "body",
    [
        "<img src='{url}/a.png'>",
        "<img src='file:///etc/passwd'>",
        "<p style=\"background:url('{url}/b.png')\">x</p>",
        "<img src='static:../noblame/settings.py'>",
        "<img src='static:fonts/../../noblame/settings.py'>",
        "<img src='static:/etc/passwd'>",
        "<img src='static:img/not-there.svg'>",
        "<img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"/>'>",
        "<link rel=stylesheet href='{url}/c.css'>",
        "<style>@import '{url}/d.css';</style>",
    ],
)
def test_a_template_that_names_what_is_not_ours_fails_in_sight(body, listener):
    url, hits = listener
    with pytest.raises(ForeignFile):
        pdf(page(body.replace("{url}", url)), language="en", title="t")
    assert hits == []


def test_the_fetcher_answers_our_drawings_and_nothing_else(listener):
    url, hits = listener
    assert b"<svg" in StaticOnly().fetch("static:img/steen1.svg").read()
    for other in (
        url,
        "file:///etc/passwd",
        "static:css/print.css",
        "static:img/%2e%2e/x.svg",
        "",
        "mailto:x",
    ):
        with pytest.raises(FatalURLFetchingError):
            StaticOnly().fetch(other)
    assert hits == []


def test_the_style_sheet_names_only_our_own_files():
    style = Path(finders.find(render.STYLE)).read_text(encoding="utf-8")
    assert "http" not in style and "data:" not in style and "@import" not in style
    assert style.count("url(") == style.count("url(static:")


@pytest.mark.parametrize("body", ["x\n" * 10_000, "x" * 200_000])
def test_too_much_text_is_refused_before_it_is_laid_out(body):
    with pytest.raises(PaperRefused) as refused:
        pdf(page(body), language="en", title="t")
    assert str(refused.value.message)


def test_another_number_of_sides_than_asked_is_told():
    with pytest.raises(WrongSides) as wrong:
        pdf(page("<p>a</p>"), language="en", title="t", sides=2)
    assert wrong.value.sides == 1


def test_when_the_press_stays_busy_it_says_so(monkeypatch):
    monkeypatch.setattr(render, "WAIT_SECONDS", 0.05)
    with render._one_at_a_time, pytest.raises(PaperRefused):
        pdf(page("<p>a</p>"), language="en", title="t")
    assert pdf(page("<p>a</p>"), language="en", title="t").startswith(b"%PDF")


def test_a_refusal_does_not_keep_the_press_occupied():
    with pytest.raises(ForeignFile):
        pdf(page("<img src='file:///etc/passwd'>"), language="en", title="t")
    assert pdf(page("<p>a</p>"), language="en", title="t").startswith(b"%PDF")


def test_several_teachers_print_at_once_and_each_gets_the_own_paper():
    names = [f"Kind{letter}" for letter in "ABCDEFGH"]
    made = {}

    def make(name):
        made[name] = words(task_slips([Slip(name, "Ik help.")], signed="A", language="nl"))

    threads = [threading.Thread(target=make, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(made) == set(names)
    assert all([other for other in names if other in text] == [name] for name, text in made.items())
