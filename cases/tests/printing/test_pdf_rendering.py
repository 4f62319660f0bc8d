import http.server
import io
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image
from weasyprint.urls import FatalURLFetchingError

from cases.printing import pdf_rendering
from cases.printing.pdf_process import StaticOnly
from cases.printing.pdf_rendering import (
    ForeignFile,
    PaperRefused,
    PdfProcessFailed,
    WrongSides,
    pdf,
    static_folder,
)
from cases.printing.slips import Slip, task_slips
from cases.tests.printing.pdf_reader import open_pdf, packed, words


def page(body, head=""):
    top = f'<html lang="en"><head><title>t</title>{head}</head>'
    return f'{top}<body class="slips">{body}</body></html>'


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
    data = task_slips(
        [Slip(idea[:100], idea)], signed=idea[:100], language="nl", school_name=idea[:100]
    )
    assert packed(idea) in packed(words(data))
    assert hits == [] and b"root:" not in data


@pytest.mark.parametrize(
    "attack",
    [
        "<img src=file:///etc/passwd>" + "x" * 10**6,
        "regel\n" * 10_000,
        "<style>" * 300,
        "@import url(file:///etc/passwd);" * 20,
    ],
    ids=["a million letters", "ten thousand lines", "three hundred tags", "imports"],
)
@pytest.mark.parametrize("field", ["name", "idea", "signed"])
def test_too_much_is_refused_clearly_wherever_it_is_typed(attack, field):
    typed = {"name": "Tess", "idea": "Ik help.", "signed": "Anna"} | {field: attack}
    with pytest.raises(PaperRefused) as refused:
        task_slips([Slip(typed["name"], typed["idea"])], signed=typed["signed"], language="nl")
    assert str(refused.value.message).endswith(".")


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
    fetcher = StaticOnly(static_folder())
    assert b"<svg" in fetcher.fetch("static:img/pebble1.svg").read()
    for other in (
        url,
        "file:///etc/passwd",
        "static:css/print.css",
        "static:img/%2e%2e/x.svg",
        "",
        "mailto:x",
        "mem:logo",
    ):
        with pytest.raises(FatalURLFetchingError):
            fetcher.fetch(other)
    assert hits == []


@pytest.mark.parametrize(
    "path", sorted(static_folder().glob("css/print*.css")), ids=lambda path: path.name
)
def test_the_style_sheet_names_only_our_own_files(path):
    style = path.read_text(encoding="utf-8")
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


def test_when_the_pdf_process_stays_busy_it_says_so(monkeypatch):
    monkeypatch.setattr(pdf_rendering, "WAIT_SECONDS", 0.05)
    with pdf_rendering._one_at_a_time, pytest.raises(PaperRefused):
        pdf(page("<p>a</p>"), language="en", title="t")
    assert pdf(page("<p>a</p>"), language="en", title="t").startswith(b"%PDF")


def test_a_rendering_that_takes_too_long_is_ended_and_the_next_one_is_made(monkeypatch):
    assert pdf(page("<p>a</p>"), language="en", title="t")
    monkeypatch.setattr(pdf_rendering, "SECONDS", 0.2)
    slow = "<table>" + ("<tr>" + "<td>a" * 20) * 900 + "</table>"
    with pytest.raises(PaperRefused) as refused:
        pdf(page(slow), language="en", title="t")
    assert refused.value.message == pdf_rendering.TOO_SLOW
    monkeypatch.undo()
    assert pdf(page("<p>a</p>"), language="en", title="t").startswith(b"%PDF")


def test_when_the_pdf_process_was_ended_from_outside_a_new_one_prints():
    assert pdf(page("<p>a</p>"), language="en", title="t")
    pdf_rendering._running[0].process.kill()
    assert pdf(page("<p>a</p>"), language="en", title="t").startswith(b"%PDF")


def test_a_document_that_needs_too_much_memory_is_refused(monkeypatch):
    pdf_rendering.stop()
    monkeypatch.setattr(pdf_rendering, "MEMORY_BYTES", 330_000_000)
    rows = "<tr>" + "<td>a" * 20
    with pytest.raises(PaperRefused):
        pdf(page(f"<table>{rows * 900}</table>"), language="en", title="t")
    monkeypatch.undo()
    pdf_rendering.stop()
    assert pdf(page("<p>a</p>"), language="en", title="t").startswith(b"%PDF")


GUARDED = """
import sys, pathlib
sys.path.insert(0, {folder!r})
import pdf_process
pdf_process.guard(pathlib.Path({static!r}), pathlib.Path({temporary!r}))
try:
    {attempt}
except PermissionError:
    print("refused")
else:
    print("done")
"""


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        ("import socket; socket.socket()", "refused"),
        ("open('/etc/passwd')", "refused"),
        ("import os; os.open('/etc/passwd', os.O_RDONLY)", "refused"),
        ("open({static!r} + '/../manage.py')", "refused"),
        ("open({static!r} + '/css/print.css', 'a')", "refused"),
        ("import subprocess; subprocess.run(['true'])", "refused"),
        ("import os; os.system('true')", "refused"),
        ("open({static!r} + '/css/print.css')", "done"),
        ("open({temporary!r} + '/x', 'w')", "done"),
    ],
)
def test_behind_the_lock_there_is_a_wall(attempt, said, tmp_path):
    names = {"static": str(static_folder()), "temporary": str(tmp_path)}
    program = GUARDED.format(
        folder=str(Path(pdf_rendering.__file__).parent), attempt=attempt.format(**names), **names
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == said, done.stderr


def test_the_pdf_process_knows_no_key_and_no_setting_of_ours():
    assert pdf(page("<p>a</p>"), language="en", title="t")
    environment = Path(f"/proc/{pdf_rendering._running[0].process.pid}/environ")
    if environment.exists():
        assert (
            b"STEENTJE" not in environment.read_bytes()
            and b"DJANGO" not in environment.read_bytes()
        )


def dot(colour):
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), colour).save(picture, "PNG")
    return ("image/png", picture.getvalue())


def test_a_logo_that_comes_along_is_printed_and_not_kept_for_the_next_school():
    body = page("<img alt=logo src=mem:logo>")
    made = [
        pdf(body, language="en", title="t", images={"logo": dot(colour)})
        for colour in ("red", "green", "red")
    ]
    for data in made:
        with open_pdf(data) as read:
            assert len(read.pages[0].Resources.XObject) == 1
    assert made[0] == made[2] != made[1]
    with pytest.raises(ForeignFile):
        pdf(body, language="en", title="t")


@pytest.mark.parametrize("image", [("image/svg+xml", b"<svg/>"), ("image/png", b"x" * (2**21 + 1))])
def test_another_kind_of_image_is_not_taken(image):
    with pytest.raises(ValueError, match="image"):
        pdf(page(""), language="en", title="t", images={"logo": image})


@pytest.mark.parametrize("style", ["../settings.py", "pages.css", "print-none.css", "/etc/passwd"])
def test_only_a_style_sheet_for_paper_is_taken(style):
    with pytest.raises(ForeignFile):
        pdf(page(""), language="en", title="t", style=style)


def test_signs_that_cannot_be_printed_do_not_stop_the_pdf_process():
    assert "ab" in words(pdf(page("<p>a\x00\ud800\x1bb</p>"), language="en", title="t\ud800"))


def test_a_fault_in_the_pdf_process_is_told_without_the_words_of_the_document(monkeypatch):
    monkeypatch.setitem(pdf_rendering.__dict__, "_UNPRINTABLE", re.compile("(?!)"))
    with pytest.raises(PdfProcessFailed) as failed:
        pdf(page("<p>secret \ud800</p>"), language="en", title="t")
    assert (
        failed.value.function
        and "secret" not in failed.value.function
        and str(failed.value.message)
    )


def test_a_refusal_does_not_keep_the_pdf_process_occupied():
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
