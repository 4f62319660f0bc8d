"""PostgreSQL and Redis stopped and killed under teachers at work. Small here; ``make faults`` runs
the full numbers.

A save that was acknowledged is there, every one of them; a save that was not comes back with its
text; and once the service answers, nothing fails any more.
"""

import os
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from .servers import Browser, Cluster, Redis, Site
from .staff import PEOPLE, saves_of

FULL = os.environ.get("STEENTJE_FAULTS") == "full"
THREADS = 8
SAVES = 200 if FULL else 40
STOPS = [(how, seconds) for how in ("fast", "immediate", "kill") for seconds in (0.3, 3)]
if FULL:
    STOPS.append(("fast", 60))
else:
    STOPS = [("fast", 0.3), ("kill", 0.3)]
PAUSE = 0.02

pytestmark = pytest.mark.skipif(
    not FULL and not os.environ.get("STEENTJE_DATABASE_URL", "").startswith("postgres"),
    reason="runs with the tests on PostgreSQL, and in make faults",
)


@pytest.fixture(scope="module")
def rows():
    """What was counted, printed at the end (with -s)."""
    counted = []
    yield counted
    for head, *lines in _tables(counted):
        print(
            "", "| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|", sep="\n"
        )
        for line in lines:
            print("| " + " | ".join(map(str, line)) + " |")


def _tables(counted):
    heads = {
        "stop": (
            "PostgreSQL stopped",
            "saves",
            "lost",
            "refused, text back",
            "other errors",
            "after it was back",
        ),
        "redis": (
            "Redis killed",
            "sign-ins",
            "refused",
            "wrong passwords tried",
            "stopped at",
            "after it was back",
        ),
    }
    for name, head in heads.items():
        lines = [line for kind, *line in counted if kind == name]
        if lines:
            yield [head, *lines]


@pytest.fixture(scope="module")
def cluster():
    server = Cluster()
    server.start()
    try:
        yield server
    finally:
        server.remove()


@pytest.fixture
def site(cluster, request):
    """A school of its own on the cluster, with a worker and a clock."""
    name = f"school_{abs(hash(request.node.name)) % 10**8}"
    with psycopg.connect(
        f"postgresql://postgres@127.0.0.1:{cluster.port}/postgres", autocommit=True
    ) as server:
        server.execute(f"CREATE DATABASE {name}")
    with tempfile.TemporaryDirectory(prefix="steentje-site-") as folder:
        made = Site(
            Path(folder),
            STEENTJE_DATABASE_URL=f"postgres://postgres@127.0.0.1:{cluster.port}/{name}",
            STEENTJE_BROKER_URL="filesystem://localhost",
        )
        made.database = f"postgresql://postgres@127.0.0.1:{cluster.port}/{name}"
        try:
            made.prepare()
            yield made
        finally:
            made.stop()


class Teacher(threading.Thread):
    """Saves one page after the other; every fifth by its button, the rest as the page itself
    does.
    """

    def __init__(self, site, email, paths, reached):
        super().__init__(daemon=True)
        self.browser, self.paths, self.reached = Browser(site.address), paths, reached
        assert self.browser.sign_in(email).status == 302
        self.saved, self.refused, self.wrong = {}, [], []

    def run(self):
        for number, path in enumerate(self.paths):
            words = f"woorden van {path}"
            itself = number % 5 != 0
            while path not in self.saved:
                fields = {"version": "0", "know": words} | ({} if itself else {"go": "stop"})
                answer = self.browser.post(path, fields, itself=itself)
                if answer.status == (200 if itself else 302):
                    self.saved[path] = words
                elif answer.status == 503 and (
                    words in answer.body or answer.body == '{"unsaved": "away"}'
                ):
                    self.refused.append(answer)
                    time.sleep(0.2)
                else:
                    self.wrong.append(answer)
                    time.sleep(0.2)
            self.reached.release()
            time.sleep(PAUSE)


@pytest.mark.parametrize(("how", "seconds"), STOPS)
def test_the_database_is_stopped_under_saves(site, cluster, rows, how, seconds):
    paths = saves_of(site, cases=SAVES, leaders=THREADS)
    web = site.serve()
    worker, _clock = site.worker(), site.beat()
    reached = threading.Semaphore(0)
    teachers = [
        Teacher(site, email, paths[number::THREADS], reached) for number, email in enumerate(PEOPLE)
    ]
    for teacher in teachers:
        teacher.start()
    for _ in range(SAVES // 3):
        assert reached.acquire(timeout=60)
    cluster.stop(how)
    time.sleep(seconds)
    cluster.start()
    back = time.monotonic()
    for teacher in teachers:
        teacher.join(120)
    late = [
        answer for each in teachers for answer in each.refused + each.wrong if answer.began > back
    ]
    wrong = Counter(answer.status for each in teachers for answer in each.wrong)
    saved = {path: words for each in teachers for path, words in each.saved.items()}
    refused = sum(len(each.refused) for each in teachers)
    # Nobody does anything while it is restarted once more: every thread has a connection from
    # before.
    cluster.stop(how)
    cluster.start()
    idle = [_all_at_once(teachers, path) for path in paths[:5]]
    first = Counter(answer.status for answers in idle for answer in answers)
    _swept_since_now(site, worker)
    lost = [
        path
        for path, words in saved.items()
        if words not in teachers_of(teachers, path).get(path).body
    ]
    rows.append(
        ("stop", f"{how}, {seconds} s", len(saved), len(lost), refused, wrong.total(), len(late))
    )
    print(f"\n{rows[-1]} first requests after an idle restart: {dict(first)}", flush=True)
    assert len(saved) == SAVES and lost == []
    assert wrong == {} and late == []
    assert set(first) == {200}, "a request after the restart failed"
    for process in (web, worker):
        assert "Traceback" not in site.said(process), site.said(process)
    assert site.said(web).count("outage") <= 40, "one cause, one line"


def teachers_of(teachers, path):
    return next(each.browser for each in teachers if path in each.paths)


def _all_at_once(teachers, path):
    """Every teacher asks for Today at the same moment."""
    answers = []
    asking = [
        threading.Thread(target=lambda each=each: answers.append(each.browser.get("/")))
        for each in teachers
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(60)
    return answers


def _swept_since_now(site, worker):
    """The clock and the worker go on as well: a sweep begins and ends."""
    from cases.tests.reminders.installation import wait_for

    def ended():
        with psycopg.connect(site.database) as connection:
            found = connection.execute(
                "SELECT count(*) FROM cases_sweeprun WHERE started_at > %s"
                " AND ended_at IS NOT NULL AND error = ''",
                [since],
            )
            return found.fetchone()[0]

    with psycopg.connect(site.database) as connection:
        since = connection.execute("SELECT now()").fetchone()[0]
    wait_for(ended, 60, worker)


ADDRESS = """
import django
django.setup()
from cases.actions import personal_settings
from cases.models import User
user = User.objects.get(email={email!r})
user.membership = user.memberships.get()
print("SECRET", personal_settings.new_address(by=user))
"""


def test_redis_is_killed_while_people_sign_in_and_read_their_calendar(tmp_path, rows):
    redis = Redis(tmp_path)
    folder = tmp_path / "site"
    folder.mkdir()
    site = Site(folder, STEENTJE_REDIS_URL=redis.url, STEENTJE_BROKER_URL="filesystem://localhost")
    redis.start()
    try:
        site.prepare()
        saves_of(site, cases=1)
        secret = site.run(ADDRESS.format(email=PEOPLE[0])).partition("SECRET ")[2].strip()
        web = site.serve()
        people = PEOPLE if FULL else PEOPLE[:3]
        program = Browser(site.address)
        calendar = [program.get(f"/calendar/{secret}/agenda.ics")]
        answers = [Browser(site.address).sign_in(email) for email in people[:2]]
        inside = Browser(site.address)
        answers.append(inside.sign_in(people[0]))
        redis.stop()
        answers += [Browser(site.address).sign_in(email) for email in people]
        assert inside.get("/").status == 200
        calendar += [program.get(f"/calendar/{secret}/agenda.ics") for _ in range(3)]
        reset = Browser(site.address)
        reset.get("/account/reset/")
        assert reset.post("/account/reset/", {"email": people[0]}).status == 302
        tried = [
            Browser(site.address).sign_in("iemand@nergens.example", "een fout wachtwoord")
            for _ in range(8)
        ]
        stopped = next((n for n, each in enumerate(tried) if _too_many(each)), None)
        redis.start()
        time.sleep(6)  # so long Redis is left alone after it did not answer
        after = [inside.get("/"), Browser(site.address).sign_in(people[-1])]
        calendar.append(program.get(f"/calendar/{secret}/agenda.ics"))
        refused = [each.status for each in answers if each.status != 302]
        rows.append(
            (
                "redis",
                "",
                len(answers),
                len(refused),
                len(tried),
                stopped,
                [each.status for each in after],
            )
        )
        print(f"\n{rows[-1]}", flush=True)
        assert refused == []
        assert {each.status for each in tried} <= {200, 429}
        assert stopped is not None and stopped <= 5, (
            "somebody may try as many passwords as they like"
        )
        assert [each.status for each in after] == [200, 302]
        assert "Traceback" not in site.said(web), site.said(web)
        assert [each.status for each in calendar] == [200] * 5
        assert site.said(web).count("Redis is away") == 1
        assert site.said(web).count("Redis is back") == 1
    finally:
        site.stop()
        redis.stop()


def _too_many(answer):
    return (
        answer.status == 429 or "te vaak" in answer.body.lower() or "te veel" in answer.body.lower()
    )
