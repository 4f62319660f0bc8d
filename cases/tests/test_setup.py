"""The set-up: what `make run` and `make test` stand on, with real files and real processes."""

import importlib.util
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import polib
import pytest
from django.conf import settings

from noblame import run, supervisor
from noblame.keys import make_keys

ROOT = Path(run.__file__).resolve().parent.parent


def tool(name):
    """A script of bin/ as a module."""
    spec = importlib.util.spec_from_file_location(f"bin_{name}", ROOT / "bin" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- one supervisor over three processes ------------------------------------------------------


STARTED = []  # supervisors whose output this test reads


@pytest.fixture(autouse=True)
def close_pipes():
    yield
    while STARTED:
        if pipe := STARTED.pop().stdout:
            pipe.close()


def supervise(tmp_path, ready="None", *, out=subprocess.PIPE, patience=None, **children):
    """Start a supervisor over Python snippets; each may write its pid with `note(name)`.

    ``ready``: what is asked whether the web server answers, as an expression. ``patience``: how
    many seconds after the wish to stop it ends a process, if not as many as usual.
    """
    head = f"""
        import os, pathlib, signal, subprocess, sys, time
        def note(name):
            part = pathlib.Path({str(tmp_path)!r}) / (name + '.part')
            part.write_text(str(os.getpid()))
            with pathlib.Path({str(tmp_path)!r}, name + '.starts').open('a') as starts:
                starts.write(f'{{time.monotonic()}}\\n')
            part.rename(part.with_suffix('.pid'))
    """
    wanted = {
        name: [sys.executable, "-c", textwrap.dedent(head) + textwrap.dedent(code)]
        for name, code in children.items()
    }
    driver = (
        "import pathlib, sys; from noblame import supervisor;"
        "from noblame.supervisor import Supervisor;"
        f"supervisor.STOP_SECONDS = {patience} or supervisor.STOP_SECONDS;"
        "say = lambda line: print(line, flush=True);"
        f"sys.exit(Supervisor({wanted!r}, say).run({ready}))"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", driver],
        cwd=ROOT,
        stdout=out,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    STARTED.append(running)
    return running


def pid_of(tmp_path, name):
    for _ in range(200):
        if (path := tmp_path / f"{name}.pid").exists():
            return int(path.read_text())
        time.sleep(0.05)
    raise AssertionError(f"{name} never started")


def gone(pid):
    """Whether the process ended; one that nobody has waited for yet counts as ended."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


STAYS = "note('{0}'); time.sleep(60)"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_ends_every_process_and_their_children(tmp_path, number):
    parent = f"""
        child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
        part = pathlib.Path({str(tmp_path)!r}, 'grandchild.part')
        part.write_text(str(child.pid))
        part.rename(part.with_suffix('.pid'))
        note('web'); time.sleep(60)
    """
    running = supervise(tmp_path, web=parent, beat=STAYS.format("beat"))
    pids = [pid_of(tmp_path, name) for name in ("web", "beat", "grandchild")]
    running.send_signal(number)
    assert running.wait(20) == 0
    assert all(gone(pid) for pid in pids)


def starts(tmp_path, name):
    """When it was started, each time."""
    path = tmp_path / f"{name}.starts"
    return [float(line) for line in path.read_text().split()] if path.exists() else []


def until(condition, seconds=20):
    for _ in range(seconds * 20):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def test_one_that_ends_is_named_and_started_again_while_the_pages_go_on(tmp_path):
    """The pauses grow, whatever ends it: here an exit code, then a signal."""
    dies = "note('worker'); print('about to fail'); sys.stdout.flush(); sys.exit(7)"
    running = supervise(tmp_path, web=STAYS.format("web"), worker=dies, beat=STAYS.format("beat"))
    web, beat = pid_of(tmp_path, "web"), pid_of(tmp_path, "beat")
    os.kill(beat, signal.SIGKILL)
    until(lambda: len(starts(tmp_path, "worker")) >= 4, 60)
    until(lambda: len(starts(tmp_path, "beat")) == 2, 60)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=20)
    assert running.returncode == 0
    assert "worker | about to fail" in said
    assert "worker ended by itself (exit code 7): started again in 1 s." in said
    assert "beat ended by itself (exit code -9): started again in 1 s." in said
    moments = starts(tmp_path, "worker")
    pauses = [after - before for before, after in itertools.pairwise(moments)]
    assert [seconds >= wanted for seconds, wanted in zip(pauses, (1, 2, 4), strict=False)] == [
        True
    ] * 3
    assert starts(tmp_path, "web") == starts(tmp_path, "web")[:1], "the web server was not touched"
    assert gone(web)


def test_the_pause_has_a_longest_and_begins_anew_after_running_well(monkeypatch):
    said = []
    keeper = supervisor.Supervisor({"worker": ["true"]}, said.append)
    process = subprocess.Popen(["true"])
    process.wait()

    def ends(after):
        keeper.running["worker"] = process
        keeper.started["worker"] = time.monotonic() - after
        keeper.note_end("worker", final=False)
        return round(keeper.waiting["worker"] - time.monotonic())

    assert [ends(after=3) for _time in range(8)] == [1, 2, 4, 8, 16, 20, 20, 20]
    assert ends(after=supervisor.WELL_SECONDS + 1) == 1
    assert ends(after=3) == 2


def test_a_web_server_that_cannot_start_ends_all(tmp_path):
    dies = f"""
        while not pathlib.Path({str(tmp_path)!r}, 'beat.pid').exists(): time.sleep(0.05)
        sys.exit(3)
    """
    running = supervise(tmp_path, "lambda: False", web=dies, beat=STAYS.format("beat"))
    beat = pid_of(tmp_path, "beat")
    said, _ = running.communicate(timeout=20)
    assert running.returncode == 1
    assert "web ended by itself (exit code 3): stopping all." in said
    assert gone(beat)


def test_a_web_server_that_has_answered_is_started_again(tmp_path):
    web = "note('web'); time.sleep(60)"
    answers = f"pathlib.Path({str(tmp_path / 'web.pid')!r}).exists"
    running = supervise(tmp_path, answers, web=web)
    first = pid_of(tmp_path, "web")
    time.sleep(1)  # it is asked five times a second
    os.kill(first, signal.SIGKILL)
    until(lambda: len(starts(tmp_path, "web")) == 2)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    assert running.wait(20) == 0


def test_lines_that_nobody_can_take_stop_nothing(tmp_path):
    """The window is closed, or the disk of the log is full: what the processes say is discarded."""
    talks = "note('worker')\nfor _ in range(5000): print('x' * 200)\nsys.exit(1)"
    with Path("/dev/full").open("w") as full:
        wanted = supervise(tmp_path, web=STAYS.format("web"), worker=talks, out=full)
        until(lambda: len(starts(tmp_path, "worker")) >= 2)
        assert wanted.poll() is None
        wanted.send_signal(signal.SIGINT)
        assert wanted.wait(20) == 0


@pytest.mark.skipif(
    sys.platform != "linux", reason="the kernel tells children of their parent's end on Linux"
)
def test_a_killed_supervisor_leaves_no_orphan(tmp_path):
    running = supervise(tmp_path, web=STAYS.format("web"), beat=STAYS.format("beat"))
    pids = [pid_of(tmp_path, name) for name in ("web", "beat")]
    running.kill()
    running.wait(10)
    assert all(gone(pid) for pid in pids)


def test_one_that_ignores_the_wish_to_stop_is_ended_at_the_second_ctrl_c(tmp_path):
    stubborn = "signal.signal(signal.SIGTERM, signal.SIG_IGN); note('web'); time.sleep(60)"
    running = supervise(tmp_path, web=stubborn, patience=3600)
    pid = pid_of(tmp_path, "web")
    running.send_signal(signal.SIGINT)
    time.sleep(0.7)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 0, "at the second Ctrl-C, and not after STOP_SECONDS"
    assert gone(pid)


def start_run(tmp_path, port):
    return subprocess.run(
        [sys.executable, "-m", "noblame.run", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "STEENTJE_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_taken_port_is_one_clear_line_with_the_way_out(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start_run(tmp_path, port)
    assert done.returncode == 1
    assert done.stderr.strip() == f"Port {port} is in use. Choose another: PORT={port + 1} make run"


def test_a_second_run_on_the_same_data_is_refused(tmp_path):
    with run.lock(tmp_path):
        done = start_run(tmp_path, 0)
    assert done.returncode == 1
    assert "already runs" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_the_user_has_set_goes_first(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("STEENTJE_"):
            monkeypatch.delenv(name)
    # setenv first, so that what defaults() writes is taken back after the test
    for name in (
        "DATA",
        "DEMO",
        "HTTPS",
        "PUBLIC_URL",
        "BROKER_URL",
        "SECRET_KEY_FILE",
        "ENCRYPTION_KEYS_FILE",
    ):
        monkeypatch.setenv(f"STEENTJE_{name}", "")
        monkeypatch.delenv(f"STEENTJE_{name}")
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    monkeypatch.setenv("STEENTJE_DATA", str(tmp_path))
    monkeypatch.setenv("STEENTJE_PUBLIC_URL", "https://steentje.example")
    monkeypatch.setenv("STEENTJE_REDIS_URL", "redis://127.0.0.1:6379/3")
    monkeypatch.setenv("STEENTJE_SECRET_KEY", "given")
    run.defaults(8001)
    assert os.environ["STEENTJE_PUBLIC_URL"] == "https://steentje.example"
    assert "STEENTJE_BROKER_URL" not in os.environ
    assert "STEENTJE_SECRET_KEY_FILE" not in os.environ
    assert os.environ["STEENTJE_ENCRYPTION_KEYS_FILE"] == str(tmp_path / "keys" / "encryption_keys")


# --- keys and packages ------------------------------------------------------------------------


def test_keys_are_private_and_never_written_over(tmp_path):
    folder = tmp_path / "keys"
    made = make_keys(folder)
    before = {path: path.read_text() for path in made}
    assert len(made) == 2
    assert make_keys(folder) == []
    assert {path: path.read_text() for path in made} == before
    assert {path.stat().st_mode & 0o777 for path in made} == {0o400}
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_hashes_and_no_registry_is_named(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    without_comments = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    packages = [line for line in without_comments.splitlines() if line.strip()]
    assert packages
    pinned = r"[a-z0-9-]+==[0-9a-z.]+( +--hash=sha256:[0-9a-f]{64})+ *"
    assert [line for line in packages if not re.fullmatch(pinned, line)] == []
    assert "://" not in text


def test_the_changelog_has_the_version():
    version = settings.VERSION
    assert re.fullmatch(r"0\.\d+\.\d+(\.dev\d+)?", version)
    heading = "Unreleased" if "dev" in version else version
    assert f"\n## [{heading}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_a_missing_library_that_may_not_be_installed_is_one_line_to_type(
    monkeypatch, tmp_path, capsys
):
    set_up = tool("set_up")
    monkeypatch.setattr(set_up, "NATIVE", {"no-such-library-1.0": "libnosuch-1.0-0"})
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get, no sudo
    with pytest.raises(set_up.CannotSetUp) as refused:
        set_up.check_native()
    assert "apt-get install libnosuch-1.0-0" in str(refused.value)
    assert "\n" not in str(refused.value)


# --- message catalogues -------------------------------------------------------------------------


def catalogue(folder, *entries):
    path = folder / "nl" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    po = polib.POFile()
    po.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    po.extend(entries)
    po.save(str(path))
    return path


def test_compiling_leaves_guesses_out_and_works_once(tmp_path):
    path = catalogue(
        tmp_path,
        polib.POEntry(msgid="today", msgstr="vandaag"),
        polib.POEntry(msgid="tomorrow", msgstr="gisteren", flags=["fuzzy"]),
    )
    compile_folder = tool("compile_messages").compile_folder
    assert compile_folder(tmp_path) == [path.with_suffix(".mo")]
    assert {entry.msgid: entry.msgstr for entry in polib.mofile(str(path.with_suffix(".mo")))} == {
        "today": "vandaag"
    }
    assert compile_folder(tmp_path) == []


def test_a_catalogue_with_gaps_guesses_or_wrong_places_is_refused(tmp_path):
    path = catalogue(
        tmp_path,
        polib.POEntry(msgid="well {name}", msgstr="goed {name}"),
        polib.POEntry(msgid="empty", msgstr=""),
        polib.POEntry(msgid="guess", msgstr="gok", flags=["fuzzy"]),
        polib.POEntry(msgid="old", msgstr="oud", obsolete=True),
        polib.POEntry(msgid="hello {name}", msgstr="hallo {naam}"),
    )
    wrong = tool("check_messages").complaints(path)
    assert [line.split(":")[0] for line in wrong if "empty" in line] == ["not translated"]
    assert [line.split(":")[0] for line in wrong if "guess" in line] == ["fuzzy"]
    assert any("naam" in line for line in wrong)
    assert not any("well" in line for line in wrong)


# --- forbidden calls ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "line", "rule"),
    [
        ("cases/views/a.py", "return mark_safe(text)", "mark_safe"),
        ("cases/views/a.py", "@csrf_exempt", "csrf_exempt"),
        ("cases/tasks.py", "sweep.apply_async(countdown=5)", "celery time"),
        ("cases/models/a.py", 'Case.objects.raw("select 1")', "raw sql"),
        ("cases/access.py", "Case._base_manager.all()", "_base_manager"),
        ("templates/a.html", "<p>{{ text|safe }}</p>", "safe filter"),
        ("templates/a.html", '<p style="color: red">', "inline style"),
        ("templates/a.html", "<script>go()</script>", "inline script"),
        ("templates/a.html", '<a onclick="go()">', "inline script"),
        ("static/js/a.js", "localStorage.setItem('text', value)", "browser storage"),
    ],
)
def test_a_forbidden_line_is_found_and_named(tmp_path, place, line, rule):
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(f"\n{line}\n")
    found = tool("forbidden").look(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(f"{place}:2: {rule}:")


def test_an_allowed_line_passes_and_an_excuse_nobody_needs_does_not(tmp_path):
    (tmp_path / "cases").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "cases" / "a.py").write_text("icon = mark_safe(ICONS[key])\n")
    excuses = tmp_path / "bin" / "forbidden_allowed.txt"
    excuses.write_text("cases/a.py: mark_safe: our own drawing\n")
    look = tool("forbidden").look
    assert look(tmp_path) == []
    excuses.write_text("cases/a.py: mark_safe: our own drawing\ncases/b.py: mark_safe: gone\n")
    assert len(look(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "line", "columns"),
    [
        ("a.css", "x" * 120, None),
        ("a.css", "x" * 121, 121),
        ("templates/a.html", "x" * 121, 121),
        ("templates/a.html", '<p>{% translate "' + "x" * 130 + '" %}</p>', None),
        (
            "templates/a.html",
            "<p>{% blocktranslate %}" + "x" * 130 + "{% endblocktranslate %}</p>",
            None,
        ),
        ("templates/a.html", '{% include "a" with b=_("' + "x" * 100 + '") %}', None),
        ("templates/a.html", '<p>{% translate "' + "x" * 200 + '" %}</p>', 225),
        ("templates/a.html", "y" * 121 + '{% translate "x" %}', 140),
    ],
)
def test_a_line_that_is_too_long_is_found_and_a_sentence_may_stay_whole(
    tmp_path, name, line, columns
):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"\n{line}\n")
    assert tool("check_lines").too_long(path) == ([(2, columns)] if columns else [])


@pytest.mark.parametrize(
    ("rule", "mistake"),
    [
        ("p { color: var(--st-ink); }", "--st-ink is used and set nowhere"),
        (":root { --st-ink: #000; }", "--st-ink is set and used nowhere"),
        ("@media print { p { color: red; color: red; } }", "color is declared twice"),
        ("p { color }", "EOF reached"),
        ("p { color: red; color: blue; background: var(--bs-body-bg); }", None),
    ],
)
def test_a_mistake_in_a_style_sheet_is_found(tmp_path, monkeypatch, rule, mistake):
    check = tool("check_styles")
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "STYLES", tmp_path)
    (tmp_path / "a.css").write_text(rule)
    found = list(check.mistakes())
    assert len(found) == (1 if mistake else 0)
    assert not mistake or mistake in found[0]
