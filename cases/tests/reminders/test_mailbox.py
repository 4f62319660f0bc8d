"""The demo's mailbox: shows what was written, only there, and nothing but mails."""

import os
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from cases.tests.world import mailed_user


@pytest.fixture
def folder(settings, tmp_path):
    settings.DEMO, settings.MAIL_DIR = True, tmp_path / "mail"
    settings.EMAIL_FILE_PATH = settings.MAIL_DIR
    return settings.MAIL_DIR


@pytest.fixture
def reader(client, school):
    client.force_login(mailed_user(school, "kijk@school.example"))
    return client


def write(*messages, age=0):
    """Write mails as the application does when it has no mail server, ``age`` seconds ago."""
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend")
    for subject, body in messages:
        message = EmailMultiAlternatives(
            subject, body, to=["anna@school.example"], connection=connection
        )
        message.attach_alternative("<p>html</p>", "text/html")
        message.send()
    path = Path(connection._get_filename())
    stamp = path.stat().st_mtime - age
    os.utime(path, (stamp, stamp))


def names(page):
    return [mail.key for mail in page.context["mails"]]


def test_newest_first_also_within_one_file(folder, reader):
    write(("Eerste", "a"), ("Tweede", "b"), age=60)
    write(("Derde", "c"))
    page = reader.get("/mailbox/")
    assert [mail.subject for mail in page.context["mails"]] == ["Derde", "Tweede", "Eerste"]
    assert page.content.index(b"Derde") < page.content.index(b"Eerste")


def test_one_mail_as_text_with_a_link_to_follow(folder, reader):
    write(("Onderwerp é", "Regel één\nhttp://localhost:8000/cases/x/\n<b>niet vet</b>"))
    (name,) = names(reader.get("/mailbox/"))
    page = reader.get(f"/mailbox/{name}/").content.decode()
    assert "Onderwerp é" in page
    assert "Regel één" in page
    assert 'href="http://localhost:8000/cases/x/"' in page
    assert "<b>niet vet" not in page
    assert "&lt;b&gt;niet vet" in page


def test_an_empty_mailbox(folder, reader):
    assert reader.get("/mailbox/").status_code == 200


def test_what_is_not_a_mail_is_404(folder, reader):
    write(("Een", "a"))
    (folder.parent / "geheim.log").write_text("Subject: geheim\n\ngeheim")
    (name,) = names(reader.get("/mailbox/"))
    for path in ("geheim.0", "..%2Fgeheim.0", name + "1", "x", "%00"):
        assert reader.get(f"/mailbox/{path}/").status_code == 404


def test_a_damaged_file_does_not_break_the_page(folder, reader):
    folder.mkdir()
    (folder / "a.log").write_bytes(b"\xff\x00\x80 no header\n" + b"-" * 79 + b"\n\n")
    (folder / "b.log").write_bytes(
        b"Content-Type: text/plain; charset=nonsense\nSubject: =?x?q?=FF?=\n\n\xff"
    )
    page = reader.get("/mailbox/")
    assert page.status_code == 200
    for name in names(page):
        assert reader.get(f"/mailbox/{name}/").status_code == 200


def test_outside_a_demo_there_is_no_such_page(folder, reader, settings):
    write(("Een", "a"))
    (name,) = names(reader.get("/mailbox/"))
    settings.DEMO = False
    assert reader.get("/mailbox/").status_code == 404
    assert reader.get(f"/mailbox/{name}/").status_code == 404


def test_not_without_signing_in(folder, client, db):
    assert client.get("/mailbox/").status_code == 302
