"""What a start refuses or mends: mail that goes nowhere, files that others can read, a proxy nobody
expected.
"""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse

from cases import reminders
from cases.models import SweepRun
from noblame import proxies

from .browser.application import free_port
from .reminders.installation import CELERY, Installation

MANAGE = "manage.py"


@pytest.fixture
def place(tmp_path):
    """An installation with the umask that people have, and no mail server."""
    before = os.umask(0o022)
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    place = Installation(folder)
    yield place
    place.stop()
    os.umask(before)


def manage(place, *arguments):
    done = subprocess.run(
        [sys.executable, MANAGE, *arguments],
        env=place.environment,
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def open_to_others(folder):
    return [
        f"{path.name} {stat.filemode(path.stat().st_mode)}"
        for path in (folder, *folder.rglob("*"))
        if path.stat().st_mode & 0o077
    ]


# --- mail that goes nowhere ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ("-m", "noblame.serve", "--port", "{port}"),
        (*CELERY, "worker", "--pool=solo"),
        (*CELERY, "beat"),
    ],
    ids=["serve", "worker", "beat"],
)
def test_without_a_mail_server_nothing_starts_and_the_line_to_set_is_said(place, command):
    started = place.start(*(part.format(port=free_port()) for part in command))
    assert started.wait(60) != 0
    said = place.said(started)
    assert "STEENTJE_SMTP_HOST=" in said
    assert "Traceback" not in said


def test_without_a_mail_server_no_reminder_is_taken_for_sent(settings, db):
    settings.DEMO = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    with pytest.raises(ImproperlyConfigured, match="STEENTJE_SMTP_HOST="):
        reminders.sweep()
    assert not SweepRun.objects.exists()


def test_a_demo_and_a_school_with_a_mail_server_do_start(place):
    for name, value in (("DEMO", "1"), ("SMTP_HOST", "127.0.0.1")):
        place.environment[f"STEENTJE_{name}"] = value
        code, said = manage(place, "check", "--deploy", "--tag", "start")
        assert code == 0, said
        del place.environment[f"STEENTJE_{name}"]
    code, said = manage(place, "check", "--deploy", "--tag", "start")
    assert code == 1
    assert "cases.E003" in said


# --- files ----------------------------------------------------------------------------------


def test_what_migrate_backup_and_putting_back_leave_is_private(place):
    """`manage.py` by itself: also tables can be made before anything was ever started."""
    assert manage(place, "migrate", "-v0")[0] == 0
    database = place.folder / "steentje.sqlite3"
    assert database.exists()
    assert open_to_others(place.folder) == []
    backups = place.folder.parent / "elsewhere"
    backups.mkdir(mode=0o755)
    assert manage(place, "backup", str(backups))[0] == 0
    (copy,) = backups.iterdir()
    assert copy.stat().st_mode & 0o777 == 0o600

    shutil.copyfile(copy, database)  # put back by hand, as one does
    for path in (database, place.folder):
        path.chmod(0o755)
    for name in ("-wal", "-shm"):
        database.with_name(database.name + name).touch(0o644)
    (place.folder / "mail").mkdir(mode=0o755)
    # what `restore` set aside
    (place.folder / "before-restore-20261127T120000000000Z.sqlite3").touch(0o644)
    (place.folder / "beat-schedule.db").touch(0o644)  # of an earlier release's clock
    code, said = manage(place, "check")
    assert code == 0
    assert "cases.W004" not in said
    assert open_to_others(place.folder) == []


def test_a_folder_that_is_shared_is_not_closed_but_named(place):
    (place.folder / "somebody-elses").mkdir()
    (place.folder / "steentje.sqlite3").touch(0o644)
    code, said = manage(place, "check")
    assert code == 0
    assert "cases.W004" in said
    assert f"{place.folder} can be read" in said
    assert place.folder.stat().st_mode & 0o777 == 0o755
    assert (place.folder / "steentje.sqlite3").stat().st_mode & 0o777 == 0o600

    place.environment["STEENTJE_SMTP_HOST"] = "127.0.0.1"
    # what web server, worker and clock do first
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from noblame import starting; "
            "starting.refuse_unless_ready()",
        ],
        cwd=place.folder,
        env=place.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert f"Warning: {place.folder} can be read" in done.stderr


def test_queue_and_mail_are_private_when_they_are_made_at_work(place, tmp_path):
    place.environment.update(STEENTJE_DEMO="1", STEENTJE_BROKER_URL="filesystem://localhost")
    place.prepare()
    assert manage(place, "sendtestemail", "anna@school.example")[0] == 0
    assert manage(place, "shell", "-c", "from cases.tasks import sweep; sweep.delay()")[0] == 0
    assert list((place.folder / "mail").iterdir())
    assert list((place.folder / "queue" / "messages").iterdir())
    assert open_to_others(place.folder / "queue") == open_to_others(place.folder / "mail") == []


# --- proxies --------------------------------------------------------------------------------


@pytest.fixture
def ask(rf, monkeypatch, caplog):
    """``ask(header=value)`` goes through the middleware; what is logged by then."""
    monkeypatch.setattr(proxies.UnexpectedProxy, "said", False)
    through = proxies.UnexpectedProxy(lambda _request: HttpResponse())

    def ask(**headers):
        assert through(rf.get("/", headers=headers)).status_code == 200
        return caplog.messages

    return ask


@pytest.mark.parametrize("name", ["x-forwarded-for", "x-forwarded-proto", "forwarded"])
def test_a_proxy_nobody_expects_is_said_once_without_anybodys_address(ask, settings, name):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert ask() == []
    assert len(ask(**{name: "192.0.2.77"})) == 1
    (said,) = ask(**{name: "192.0.2.78"})
    assert "STEENTJE_PROXIES" in said
    assert "192.0.2" not in said


def test_an_expected_proxy_is_no_news(ask, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert ask(**{"x-forwarded-for": "192.0.2.77"}) == []
