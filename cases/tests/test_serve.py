"""The web server against connections that never end: real sockets on loopback, the whole
application behind.
"""

import contextlib
import http.client
import select
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from django.conf import settings
from waitress.adjustments import Adjustments

from noblame import serve
from noblame.supervisor import ROOT, die_with_parent

from .browser.application import free_port
from .reminders.installation import Installation

SIGN_IN = "/account/sign-in/"
WITHIN = serve.FIRST_SECONDS  # before one that does not end is given up
NUMBER = 200


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A data folder with empty tables."""
    place = Installation(tmp_path_factory.mktemp("serve"), STEENTJE_DEMO="1")
    place.prepare()
    yield place
    place.stop()


@pytest.fixture(scope="module")
def port(installed):
    """Where the web server of `make run` listens."""
    port = free_port()
    web = installed.start("-m", "noblame.serve", "--port", str(port))
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert web.poll() is None, installed.said(web)
        try:
            page(port, patience=5)
            break
        except OSError:
            time.sleep(0.1)
    yield port
    web.terminate()
    assert web.wait(15) == 0
    assert "Traceback" not in installed.said(web)


def page(port, patience=WITHIN):
    """The status of the sign-in page and how long it took. Raises OSError when it does not come."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    connection.request("GET", SIGN_IN)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, time.monotonic() - began


def post(length, *, body=b""):
    head = f"POST {SIGN_IN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
    return head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body


ATTACKS = {
    "body that never ends": post(1000, body=b"login=x"),
    "large body that never ends": post(10_000_000, body=b"x" * 300_000),
    "chunks that never end": f"POST {SIGN_IN} HTTP/1.1\r\nHost: localhost\r\n".encode()
    + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "head that never ends": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n",
    "nothing at all": b"",
    "many pages in one go": f"GET {SIGN_IN} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 500,
    "answer that is not read": f"GET {SIGN_IN} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
}


@pytest.mark.parametrize("start", ATTACKS.values(), ids=ATTACKS)
def test_two_hundred_connections_that_do_not_end_hold_nobody_up(port, start):
    with ExitStack() as open_ones:
        for _each in range(NUMBER):
            one = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.setblocking(False)
            with suppress(BlockingIOError):
                one.send(start)
        # 200 pages are made first: that is work, not waiting
        time.sleep(0.5 if b"GET /acc" not in start else 4)
        took = []
        for _each in range(3):
            status, seconds = page(port)
            assert status == 200
            took.append(round(seconds, 3))
        print(f"sign-in page within {max(took)} s")


@pytest.fixture
def small(monkeypatch):
    """A server in a process of its own with small bounds; ``start(**bounds)`` returns its port."""
    running = []
    # pytest's own are deleted files
    quiet = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }

    def start(**bounds):
        port = free_port()
        code = (
            "import sys; from noblame import serve\n"
            f"for name, value in {bounds!r}.items(): setattr(serve, name, value)\n"
            "def application(environ, start_response):\n"
            "    body = environ['wsgi.input'].read()\n"
            "    start_response('200 OK', [('Content-Type', 'text/plain')])\n"
            "    return [str(len(body)).encode()]\n"
            f"serve.make_server(application, '127.0.0.1', {port}, 2).run()\n"
        )
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", code], cwd=ROOT, preexec_fn=die_with_parent, **quiet
            )
        )
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                page(port)
                return port
            except OSError:
                time.sleep(0.05)
        raise AssertionError("it does not listen")

    start.running = running
    yield start
    for process in running:
        process.kill()
        process.wait()


def answer_of(one):
    """All of an answer without a body longer than its head says."""
    response = http.client.HTTPResponse(one)
    response.begin()
    return response.status, response.read()


def closed_within(one, seconds):
    """Whether the other side closes the connection in time; what it says before does not matter."""
    one.settimeout(seconds)
    try:
        while one.recv(65_536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("kind", ["body that never ends", "head that never ends"])
def test_a_request_that_trickles_is_given_up(small, kind):
    """A byte now and then is no sign of life: the whole request has a time."""
    port = small(FIRST_SECONDS=0.5, LOOK_SECONDS=0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        one.sendall(ATTACKS[kind])
        ended = False
        for _byte in range(40):
            time.sleep(0.1)
            try:
                one.send(b"x")
            except ConnectionError:
                ended = True
                break
        assert ended


def test_a_slow_but_honest_upload_gets_the_time_it_needs(small):
    """Longer on its way than the first seconds allow, and taken because it comes steadily."""
    port = small(FIRST_SECONDS=0.5, LOOK_SECONDS=0.1, BYTES_A_SECOND=8_000)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        one.sendall(post(60_000))
        for _part in range(30):
            one.sendall(b"x" * 2_000)
            time.sleep(0.1)
        assert answer_of(one) == (200, b"60000")


def test_with_too_many_connections_the_oldest_silent_one_goes(small):
    port = small(CONNECTIONS=60)
    with ExitStack() as open_ones:
        silent = [
            open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            for _each in range(100)
        ]
        assert page(port)[0] == 200
        assert closed_within(silent[0], 2)
        assert not closed_within(silent[-1], 0.3)


def test_no_request_takes_longer_than_the_most_however_much_has_arrived(small):
    """What has arrived allows 75 s more, and it goes on steadily."""
    port = small(FIRST_SECONDS=0.5, MOST_SECONDS=1, LOOK_SECONDS=0.1)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        one.sendall(post(2_000_000, body=b"x" * 600_000))
        parts = 0
        with suppress(ConnectionError):
            while parts < 200:  # twenty seconds at the least
                time.sleep(0.1)
                one.sendall(b"x" * 2_000)
                parts += 1
        assert 0 < parts < 200


def test_when_large_bodies_fill_the_memory_the_one_that_gets_on_least_makes_room(small):
    """Three that are almost silent hold it. A photo is taken, also a slow one; and text all the
    same.
    """
    port = small(MOST_BODIES=2_000_000, LOOK_SECONDS=0.1)
    with ExitStack() as open_ones:

        def connect(start):
            one = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            one.sendall(start)
            return one

        slow = connect(post(400_000, body=b"x" * 200_000))
        silent = [
            connect(post(3_000_000, body=b"x" * length)) for length in (500_000, 700_000, 590_000)
        ]
        over, sent = threading.Event(), Counter()

        def go_on_slowly():
            while not over.wait(0.05) and sent["slow"] < 150_000:
                slow.sendall(b"x" * 1_000)
                sent["slow"] += 1_000

        steady = threading.Thread(target=go_on_slowly)
        steady.start()
        time.sleep(0.5)
        for one in silent:
            one.sendall(b"x")
        photo = connect(post(300_000, body=b"x" * 300_000))
        assert answer_of(photo) == (200, b"300000")
        refused = [one for one in silent if not is_open(one)]
        assert [answer_of(one)[0] for one in refused] == [503]
        photo = connect(post(900_000, body=b"x" * 900_000))
        assert answer_of(photo) == (200, b"900000")
        text = connect(post(50_000, body=b"x" * 50_000))
        assert answer_of(text) == (200, b"50000")
        over.set()
        steady.join()
        slow.sendall(b"x" * (200_000 - sent["slow"]))
        assert answer_of(slow) == (200, b"400000")


def is_open(one):
    """Whether the other side has neither answered nor closed."""
    return not select.select([one], [], [], 0.3)[0]


def test_the_rest_of_a_body_that_was_refused_is_no_request(small):
    """Alone it is more than fits: one answer, and none to what looks like a request in it."""
    port = small(MOST_BODIES=300_000)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        with suppress(ConnectionError):
            one.sendall(post(3_000_000, body=b"x" * 400_000))
            one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
        said = b""
        with suppress(ConnectionError):
            while more := one.recv(65_536):
                said += more
        assert said.count(b"HTTP/1.1") <= 1 and b"200 OK" not in said


def test_a_photo_in_a_body_is_never_on_the_disk(small):
    """While 12 MB are on their way, the server has no file open but its sockets and its output."""
    port = small()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        one.sendall(post(12_000_001, body=b"x" * 12_000_000))
        time.sleep(0.3)
        (process,) = small.running
        found = [str(each.readlink()) for each in Path(f"/proc/{process.pid}/fd").iterdir()]
        assert found
        # What a temporary file looks like.
        assert [each for each in found if each.endswith("(deleted)")] == []
        one.sendall(b"x")
        assert answer_of(one) == (200, b"12000001")


def test_requests_sent_in_one_go_are_not_all_answered(small):
    """A thousand answers that nobody reads, from one packet: none of them is made, and two are no
    attack.
    """
    port = small()
    get = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        one.sendall(get * 1000)
        one.settimeout(5)
        said = b""
        with suppress(ConnectionError):
            while more := one.recv(65_536):
                said += more
        assert said.count(b"200 OK") <= 1 + serve.MOST_AHEAD
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        one.sendall(get * 2)
        assert answer_of(one) == (200, b"0")


def test_every_form_gets_what_it_takes_before_the_server_refuses():
    assert (
        serve.MOST_BODY
        > settings.FILE_UPLOAD_MAX_MEMORY_SIZE + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    )
    assert serve.MOST_BODIES > 4 * serve.MOST_BODY
    megabit = 1_000_000 / 8 / 1.05  # bytes a second, and what the network adds
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE / megabit < serve.MOST_SECONDS
    assert Adjustments(inbuf_overflow=2 * serve.MOST_BODY).inbuf_overflow > serve.MOST_BODY


@pytest.mark.parametrize("path", [SIGN_IN, "/nowhere/", "/static/css/base.css"])
def test_an_answer_to_head_has_no_body_and_the_next_one_is_whole(port, path):
    """What follows on the same connection is the answer to what was asked next."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        for method in ("HEAD", "GET"):
            one.sendall(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            response = http.client.HTTPResponse(one, method=method)
            response.begin()
            body = response.read()
            assert bool(body) == (method == "GET")
            assert int(response.headers["Content-Length"]) == len(body) or method == "HEAD"


def test_nobody_is_told_which_server_this_is(port):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", SIGN_IN)
        answer = connection.getresponse()
        answer.read()
        assert "Server" not in dict(answer.getheaders())
