"""What a sweep costs when much exists and little is due: 1,000 due among 10,000 and among 1,000,000
reminders.

    python benchmarks/bench_sweep.py [--sizes 10000,1000000] [--due 1000] [--rounds 3] [--plans]
        [--data FOLDER]

Each size is a database of its own: many schools, people and cases, of which most reminders were
mailed in the past or are due in the future. The sweeps of both sizes take turns, each in a process
of its own, over SMTP to one sink on loopback in this process; beside them a bare loop sends the
very same messages to the same sink. SQLite by default; with STEENTJE_DATABASE_URL databases of
their own on that server (made here, dropped afterwards). ``--plans`` prints how the database looks
up what the sweep asks first. ``--data`` keeps the filled databases (SQLite) and uses them again,
for some hours: the largest takes minutes to fill, and in the evening nobody is mailed. SQLite has
no statistics here, because nobody runs ANALYZE in an installation.
"""

import argparse
import contextlib
import gc
import json
import os
import pickle
import smtplib
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from bench_pages import _version as version_of
from bench_pages import own_database
from common import environment, machine, median, report, scratch, table

EACH = 10  # reminders of a case: seven that were mailed, three that will be
CASES_EACH, CASES_PER_SCHOOL = 25, 2_500
FURTHEST = 150  # days ahead


def fill(size: int, due: int) -> None:
    """The tables, and ``size`` reminders of which ``due`` are due today."""
    from django.core.management import call_command
    from django.db import connection

    from cases.management.demo import due as making
    from cases.models import Reminder, School

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    # only while filling: nothing is lost that cannot be made again
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-200000")
    making.someone_late(making.noon_school(), due)
    gc.disable()  # rows by the ten thousand, none of them in a circle
    cases = (size - due) // EACH
    for first in range(0, cases, CASES_PER_SCHOOL):
        _fill_school(first, min(CASES_PER_SCHOOL, cases - first))
        gc.collect()
    gc.enable()
    if connection.vendor != "sqlite":  # where the server does so by itself
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(
        f"{Reminder.objects.count()} reminders, {School.objects.count()} schools", file=sys.stderr
    )


def _fill_school(first, number):
    import datetime

    from cases.management.demo import due as making

    school = making.noon_school(f"School {first}")
    people = making.people(school, max(1, number // CASES_EACH), f"other{first}-")
    days = [datetime.timedelta(days=2 + n % FURTHEST) for n in range(number)]
    plans = [
        (people[n % len(people)], school.calendar().next_school_day(school.today() + days[n]))
        for n in range(number)
    ]
    making.cases_at(school, plans, before=EACH - 3)


def measure(due: int) -> dict:
    """One sweep, then everything as it was before: seconds, processor seconds, queries, mails."""
    from django.db import connection

    from cases.models import DailyMail, Reminder
    from cases.reminders import sweep

    shapes = Counter()

    def count(execute, sql, params, many, context):
        shapes[sql[:60]] += 1
        return execute(sql, params, many, context)

    began, worked, sent = time.perf_counter(), time.process_time(), 0
    with connection.execute_wrapper(count):
        while sent < due:
            done = sweep()
            if not done.sent:
                raise SystemExit(f"the sweep stopped: {done}")
            sent += done.sent
    found = {
        "seconds": time.perf_counter() - began,
        "work": time.process_time() - worked,
        "queries": shapes.total(),
        "sent": sent,
        "version": f"{connection.vendor} {version_of(connection)}",
    }
    mailed = list(Reminder.objects.exclude(mail=None).values_list("pk", "case"))
    cases = [case for _pk, case in mailed]
    for at in range(0, len(mailed), 500):
        keys = [pk for pk, _case in mailed[at : at + 500]]
        Reminder.objects.filter(case__in=cases[at : at + 500]).exclude(pk__in=keys).delete()
        Reminder.objects.filter(pk__in=keys).update(state=Reminder.DUE, sent_at=None, mail=None)
    DailyMail.objects.all().delete()
    return found


def plans() -> str:
    """How the database looks up the first questions of a sweep: one with nothing due says it
    all.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from cases.reminders import daily_mail, monitor

    lines = []
    with CaptureQueriesContext(connection) as asked:
        monitor.check_running_cases()
        from django.utils import timezone

        daily_mail.due_recipients(timezone.now())
    for each in list(asked.captured_queries):
        sql = each["sql"]
        if not sql.startswith("SELECT"):
            continue
        lines.append(f"{each['time']} s: {sql[:200]}")
        with connection.cursor() as cursor:
            cursor.execute(
                ("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql
            )
            lines += [f"    {row[-1]}" for row in cursor.fetchall()[:8]]
    return "\n".join(lines)


def bare(path: Path) -> float:
    """Seconds to send the messages in a file over one connection, with nothing around it."""
    messages = pickle.loads(path.read_bytes())  # noqa: S301  (written by this benchmark)
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", int(os.environ["STEENTJE_SMTP_PORT"])) as server:
        for sender, to, content in messages:
            server.sendmail(sender, [to], content)
    return time.perf_counter() - began


def inside(options) -> None:
    """What a child process does; prints JSON."""
    if options.inside == "bare":
        print(json.dumps(bare(Path(options.file))))
        return
    import django

    django.setup()
    if options.inside == "fill":
        fill(options.size, options.due)
    elif options.inside == "plans":
        print(plans(), file=sys.stderr)
    print(json.dumps(measure(options.due) if options.inside == "sweep" else None))


def child(env, *arguments):
    """The answer of a child process of this script."""
    done = subprocess.run(
        [sys.executable, __file__, *map(str, arguments)],
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--sizes", default="10000,1000000")
    options.add_argument("--due", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--plans", action="store_true")
    options.add_argument("--data", type=Path)
    options.add_argument("--inside", help=argparse.SUPPRESS)
    options.add_argument("--size", type=int, help=argparse.SUPPRESS)
    options.add_argument("--file", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.inside:
        inside(chosen)
        return 0
    sizes = [int(size) for size in chosen.sizes.split(",")]
    from cases.tests.reminders.mail_server import MailServer

    with contextlib.ExitStack() as stack:
        box = stack.enter_context(MailServer())
        places = {
            size: stack.enter_context(place(box, chosen.data and chosen.data / str(size)))
            for size in sizes
        }
        for size, (folder, env) in places.items():
            if not (folder / "filled").exists():
                child(env, "--inside", "fill", "--size", size, "--due", chosen.due)
                (folder / "filled").touch()
            if chosen.plans:
                child(env, "--inside", "plans")
        found = {size: [] for size in sizes}
        loops = []
        for _round in range(chosen.rounds):
            for size, (_folder, env) in places.items():
                found[size].append(child(env, "--inside", "sweep", "--due", chosen.due))
                print(size, found[size][-1], file=sys.stderr, flush=True)
                loops.append(bare_loop(box, *places[size]))
    report(f"sweep-{found[sizes[0]][0]['version'].split()[0]}", words(found, loops, chosen))
    return 0


@contextlib.contextmanager
def place(box, kept: Path | None):
    """A data folder, the one ``kept`` or one for now, and its environment, whose mail goes to
    ``box``.
    """
    with contextlib.ExitStack() as stack:
        folder = kept or stack.enter_context(scratch())[0]
        from noblame.keys import make_keys

        make_keys(folder / "keys")
        env = environment(folder) | {
            "STEENTJE_DEMO": "0",
            "STEENTJE_SMTP_HOST": "127.0.0.1",
            "STEENTJE_SMTP_PORT": str(box.port),
            "STEENTJE_SMTP_TLS": "0",
        }
        if url := os.environ.get("STEENTJE_DATABASE_URL"):
            env["STEENTJE_DATABASE_URL"] = stack.enter_context(own_database(url))
        yield folder, env


def bare_loop(box, folder: Path, env) -> float:
    """Mails per second of a bare loop over the messages that the sink got last; empties it."""
    messages = [(str(mail["From"]), str(mail["To"]), mail.as_bytes()) for mail in box.mails]
    box.mails.clear()
    path = folder / "messages"
    path.write_bytes(pickle.dumps(messages))
    seconds = child(env, "--inside", "bare", "--file", path)
    assert len(box.mails) == len(messages)
    box.mails.clear()
    return len(messages) / seconds


def words(found, loops, chosen) -> str:
    """The table, and how much the largest costs beside the smallest."""
    rows, most, least = [], max(found), min(found)
    middle = {
        size: {key: median([each[key] for each in runs]) for key in ("seconds", "work", "queries")}
        for size, runs in found.items()
    }
    for size, each in middle.items():
        rows.append(
            [
                f"{size:,}",
                f"{each['seconds']:.1f}",
                f"{each['work']:.1f}",
                f"{each['queries']:.0f}",
                f"{chosen.due / each['seconds']:.0f}",
            ]
        )
    rows.append(
        [
            "ratio",
            *(
                f"{middle[most][key] / middle[least][key]:.2f}"
                for key in ("seconds", "work", "queries")
            ),
            "",
        ]
    )
    version = found[least][0]["version"]
    return "\n".join(
        [
            f"Sweeps with {chosen.due:,} due, median of {chosen.rounds} that took turns; "
            '"processor" is the '
            f"processor time of the sweep's process. {machine()}, {version}.",
            "",
            table(["reminders", "seconds", "processor", "queries", "mails per second"], rows),
            "",
            f"A bare loop over the same messages and sink: {median(loops):.0f} mails per second.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
