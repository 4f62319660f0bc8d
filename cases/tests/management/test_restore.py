"""A copy is put back: while the application runs, after it was killed, and over a damaged file."""

import pytest

from cases.tests.outages.servers import Browser, Site
from cases.tests.outages.staff import PEOPLE, saves_of
from cases.tests.reminders.installation import DATABASE, kill

COMMAND = """
import django
django.setup()
from django.core.management import call_command
call_command({!r}, {!r})
"""
CHAIN = """
import django
django.setup()
from django.core.management import call_command
from cases.actions import journal
from cases.models import School
call_command("check", "--database", "default")
print("broken:", [journal.first_broken_line(school) for school in School.objects.all()])
"""


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path, STEENTJE_BROKER_URL="filesystem://localhost")
    try:
        made.prepare()
        yield made
    finally:
        made.stop()


def test_a_copy_is_put_back_whatever_became_of_the_database(site, tmp_path):
    early, late = saves_of(site, cases=2)
    web = site.serve()
    anna = Browser(site.address)
    anna.sign_in(PEOPLE[0])

    def save(path, words):
        return anna.post(path, {"version": "0", "know": words}, itself=True).status

    assert save(early, "voor de kopie") == 200
    site.run(COMMAND.format("backup", str(tmp_path / "copies")))
    [copy] = (tmp_path / "copies").iterdir()
    files = [tmp_path / (DATABASE + end) for end in ("", "-wal")]

    def put_back():
        site.run(COMMAND.format("restore", str(copy)))
        assert "voor de kopie" in anna.get(early).body
        shown = anna.get(late)
        assert shown.status == 200 and "na de kopie" not in shown.body
        assert "broken: [None]" in site.run(CHAIN)

    assert save(late, "na de kopie") == 200
    put_back()  # while it runs

    assert save(late, "na de kopie") == 200
    kill(web)  # its write-ahead log is left
    assert files[1].stat().st_size > 0
    site.run(COMMAND.format("restore", str(copy)))
    web = site.serve()
    put_back()

    with files[0].open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\0" * 4096 * 20)
    put_back()
    assert save(late, "daarna") == 200
    assert len(list(tmp_path.glob("before-restore-*.sqlite3"))) == 4
