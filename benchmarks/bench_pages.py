"""How the pages hold when a school has many cases: median, 95th percentile and queries per page.

    python benchmarks/bench_pages.py [--sizes 100,10000,100000] [--requests 40] [--data FOLDER]

Through Django's test client in this process: middleware, views, queries, templates and the journal
line of each view are in the time, the web server is not. Every size is a school filled anew. SQLite
by default; with STEENTJE_DATABASE_URL a database of its own on that server (made here, dropped
afterwards). ``--data`` keeps the filled databases (SQLite) and uses them again: the largest takes
minutes to fill.
"""

import argparse
import contextlib
import gc
import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

from common import environment, machine, median, p95, report, scratch, table

FEW, MANY = 5, 50  # cases of the two teachers
FEW_FROM = 30  # three of ten cases are open
WARM = 3
PAGE_OF_MANY = 50


def pages(case, group, teacher) -> list[tuple[str, str, str]]:
    """What is looked at: name, who looks, address."""
    return [
        (f"home, {FEW} cases", "youssef", "/"),
        (f"home, {MANY} cases", "petra", "/"),
        ("one case", "youssef", f"/cases/{case}/"),
        (f"own list, {MANY} cases", "petra", "/cases/"),
        ("own list, finished", "petra", "/cases/?state=closed"),
        ("overview", "marieke", "/overview/"),
        ("overview, one teacher", "marieke", f"/overview/?leader={teacher}"),
        ("overview, one group", "marieke", f"/overview/?group={group}"),
        ("overview, one step", "marieke", "/overview/?step=gather"),
        ("overview, name found", "marieke", "/overview/?q=noor"),
        ("overview, name not found", "marieke", "/overview/?q=qqq"),
        ("overview, finished", "marieke", "/overview/?state=closed"),
        (
            f"overview, page {PAGE_OF_MANY} or the last",
            "marieke",
            f"/overview/?page={PAGE_OF_MANY}",
        ),
    ]


def fill(size: int) -> None:
    """The tables and a school with that many cases, and the two teachers' shares of them."""
    from django.core.management import call_command
    from django.db import connection

    from cases.management.demo import big
    from cases.models import Case, School, User

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("demo", verbosity=0)
    school = School.objects.get()
    # only while filling: nothing is lost that cannot be made again
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-400000")
    gc.disable()  # rows by the ten thousand, none of them in a circle
    big.make_many(school, max(0, size - Case.objects.count()), say=lambda _done: gc.collect())
    gc.enable()
    made = Case.objects.filter(pupil__last_name__regex=r" [0-9]+$")
    cases = list(made.order_by("code")[: FEW_FROM + MANY])
    few = [case for case in cases[:FEW_FROM] if case.status == Case.OPEN][:FEW]
    for name, share in (("youssef", few), ("petra", cases[FEW_FROM:])):
        user = User.objects.get(email=f"{name}@dekei.example")
        Case.objects.filter(leader=user).update(
            leader=school.memberships.get(role="coordinator").user
        )
        keys = [case.pk for case in share]
        Case.objects.filter(pk__in=keys).update(leader=user)
        Case.objects.filter(pk__in=keys).exclude(next_owner=None).update(next_owner=user)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def measure(requests: int) -> dict:
    """Milliseconds and queries of each page in the database as it is."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from cases.models import Case, Membership, User

    youssef = User.objects.get(email="youssef@dekei.example")
    case = Case.objects.filter(leader=youssef, status=Case.OPEN).order_by("code").last()
    petra = User.objects.get(email="petra@dekei.example")
    other = Case.objects.filter(leader=petra, status=Case.OPEN).select_related("pupil").first()
    clients, found = {}, {}
    for name, who, address in pages(case.pk, other.pupil.group_id, other.leader_id):
        if who not in clients:
            clients[who] = Client()
            clients[who].force_login(
                User.objects.get(email=f"{who}@dekei.example"),
                backend="allauth.account.auth_backends.AuthenticationBackend",
            )
        client, times, works = clients[who], [], []
        for _warm in range(WARM):
            _get(client, address)
        with CaptureQueriesContext(connection) as queries:
            answer = _get(client, address)
        asked = list(queries.captured_queries)  # the next request empties the log
        for _request in range(requests):
            before, worked = time.perf_counter(), time.process_time()
            _get(client, address)
            times.append((time.perf_counter() - before) * 1000)
            works.append((time.process_time() - worked) * 1000)
        found[name] = {
            "median": median(times),
            "p95": p95(times),
            "work": median(works),
            "queries": len(asked),
            "kb": len(answer.content) / 1000,
            "slowest": max(asked, key=lambda each: float(each["time"])),
        }
    return {
        "cases": Case.objects.count(),
        "staff": Membership.objects.count(),
        "version": f"{connection.vendor} {_version(connection)}",
        "pages": found,
    }


def _get(client, address):
    answer = client.get(address, headers={"host": "localhost"})
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    return answer


def _version(connection) -> str:
    if connection.vendor == "sqlite":
        return ".".join(map(str, connection.Database.sqlite_version_info))
    return str(connection.pg_version // 10_000)


def in_this_database(size: int, requests: int, fresh: bool) -> None:
    """What the child process does: fill, measure, print as JSON."""
    import django

    django.setup()
    if fresh:
        fill(size)
    print(json.dumps(measure(requests)))


def one_size(size: int, requests: int, keep: Path | None) -> dict:
    """A database of that size in a process of its own, measured."""
    with contextlib.ExitStack() as stack:
        folder, env = stack.enter_context(scratch())
        fresh = True
        if keep:
            folder = keep / str(size)
            fresh = not (folder / "filled").exists()
            from noblame.keys import make_keys

            make_keys(folder / "keys")
            env = environment(folder)
        (folder / "static").mkdir(exist_ok=True)
        if url := os.environ.get("STEENTJE_DATABASE_URL"):
            env["STEENTJE_DATABASE_URL"] = stack.enter_context(own_database(url))
        command = [sys.executable, __file__, "--inside", str(size), "--requests", str(requests)]
        env["STEENTJE_STATIC_MANIFEST"] = "0"
        done = subprocess.run(
            [*command, *(["--fresh"] if fresh else [])],
            env=env,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        if keep:
            (folder / "filled").touch()
        return json.loads(done.stdout.splitlines()[-1])


@contextlib.contextmanager
def own_database(url: str):
    """A database beside the one in the address; yields its own address."""
    import psycopg

    server, _, name = url.rpartition("/")
    mine = f"{name.partition('?')[0]}_bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{mine}"')
    try:
        yield f"{server}/{mine}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{mine}" WITH (FORCE)')


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--sizes", default="100,10000,100000")
    options.add_argument("--requests", type=int, default=40)
    options.add_argument("--data", type=Path, help="keep the filled databases in this folder")
    options.add_argument("--inside", type=int, help=argparse.SUPPRESS)
    options.add_argument("--fresh", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.inside:
        in_this_database(chosen.inside, chosen.requests, chosen.fresh)
        return 0
    found = {}
    for size in map(int, chosen.sizes.split(",")):
        print(f"{size} cases ...", file=sys.stderr, flush=True)
        found[size] = one_size(size, chosen.requests, chosen.data)
    report("pages", as_text(found, chosen.requests))
    return 0


def as_text(found: dict, requests: int) -> str:
    sizes = list(found)
    least, most = found[sizes[0]], found[sizes[-1]]
    head = ["page"]
    for size in sizes:
        head += [f"{size:,}: ms", "p95", "processor", "queries"]
    rows = []
    for name in least["pages"]:
        row = [name]
        for size in sizes:
            page = found[size]["pages"][name]
            row += [
                f"{page['median']:.0f}",
                f"{page['p95']:.0f}",
                f"{page['work']:.0f}",
                page["queries"],
            ]
        growth = most["pages"][name]["median"] / least["pages"][name]["median"]
        work = most["pages"][name]["work"] / least["pages"][name]["work"]
        rows.append([*row, f"{growth:.1f}", f"{work:.1f}"])
    slow = [
        f"- {name}: {page['slowest']['time']} s, {page['slowest']['sql'][:600]}"
        for name, page in most["pages"].items()
        if page["median"] > 3 * least["pages"][name]["median"]
    ]
    lines = [
        f"Pages of one school, {requests} requests each through Django's test client; "
        f'"processor" is the '
        f"processor time of this process, which a busy machine does not lengthen. {machine()}, "
        f"{least['version']}.",
        "",
        table([*head, "growth", "of processor time"], rows),
    ]
    if slow:
        lines += [
            "",
            f"Grown more than threefold from {sizes[0]:,}; the slowest query of each:",
            "",
            *slow,
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
