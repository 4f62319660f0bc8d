"""The web server, of `make run` and of production: ``python -m noblame.serve [--host 127.0.0.1]
[--port 8000]``.

waitress, which reads a whole request before a thread works on it, so that connections that send
slowly, or never end, keep nobody waiting. What it has no setting for is added here: a request must
be complete within a time that grows with what has arrived, up to a bound; when there are too many
connections the one that has been silent longest goes, where waitress would stop listening; bodies
together take no more than so much memory, and when that is full the one that gets on least makes
room; and one connection does not order many answers at once.

Bodies stay in memory: waitress would put a large one into a temporary file, in which a photo of a
letter would lie on the disk unencrypted.
"""

import argparse
import contextlib
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.utilities import Error

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CONNECTIONS = 1000  # each may wait; a few threads work
SPARE = 50  # so many before waitress would stop listening, the oldest ones go
FIRST_SECONDS = 20  # for the head of a request, and for a short body
BYTES_A_SECOND = 8_000  # slower than this for long is no connection that a form is sent over
# Nothing takes longer. The largest form is 23 MB, a photo of 20 MiB and text: over a line of 1
# Mbit/s that is 184 s, and with what the network adds to it (5 %) 193 s; the photo alone takes 176
# s.
MOST_SECONDS = 240
IDLE_SECONDS = 60  # nothing sent and nothing taken
LOOK_SECONDS = 5
MOST_HEAD = 32_000
MOST_AHEAD = (
    3  # requests of one connection that wait: browsers and proxies send the next after the answer
)
# The largest form is 23 MB (FILE_UPLOAD_MAX_MEMORY_SIZE); the rest is for a photo somewhat too
# large, so that the form itself can say that it is.
MOST_BODY = 32_000_000
SHORT_BODY = 100_000  # these are always taken; text is never this long
MOST_BODIES = 200_000_000  # of all bodies together


class Busy(Error):
    """The answer to a large body that gets on least while the memory kept for them is full."""

    code = 503
    reason = "Service Unavailable"


class Channel(HTTPChannel):
    """One connection, and since when its unfinished request is on its way."""

    request: Any  # waitress's parser of the request that is being read; None between requests
    unfinished: Any = None
    since = 0.0  # on the monotonic clock: of the unfinished request, or else of the last one's end
    refused = False
    # when we last looked, and the time before: how much of the body had arrived
    marks: tuple[tuple[float, int], tuple[float, int]] = (
        (0.0, 0),
        (0.0, 0),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = time.monotonic()
        self.requests_lock = threading.RLock()  # waitress takes it again within `received`

    def received(self, data: bytes) -> bool:
        """waitress calls this with what has arrived."""
        if self.refused:
            return False  # the rest of a body is no request
        with self.requests_lock:  # so that no thread begins with what is dropped
            done: bool = super().received(data)
            if len(self.requests) > MOST_AHEAD:
                self.drop_the_rest()
        if self.request is not self.unfinished:
            self.unfinished, self.since = self.request, time.monotonic()
            self.marks = ((self.since, 0), (self.since, 0))
        if self.arrived() > SHORT_BODY:
            self.server.free_memory()
        return done

    def arrived(self) -> int:
        """How much of the body of the unfinished request is there."""
        return int(self.request.body_bytes_received) if self.request is not None else 0

    def mark(self, now: float) -> None:
        """Remember how much has arrived, for `pace`."""
        self.marks = (self.marks[1], (now, self.arrived()))

    def pace(self, now: float) -> float:
        """How many bytes a second arrived lately: since the look before the last one."""
        when, had = self.marks[0]
        return (self.arrived() - had) / max(now - when, 0.1)

    def drop_the_rest(self) -> None:
        """Of many requests sent in one go, work on the first only.

        A few kilobytes hold a thousand of them. Who does not read the answers would keep all of
        these in memory, and everybody else would wait for a thread.
        """
        for request in self.requests[1:]:
            request.close()
        del self.requests[1:]
        self.hang_up()

    def refuse(self) -> None:
        """Answer the unfinished request with 503, and discard what has arrived of it."""
        with self.requests_lock:
            request, self.request = self.request, None
            request.error = Busy("Too much is being sent at this moment. Try again in a minute.")
            request.completed = self.refused = True
            request.close()
            request.body_bytes_received = 0
            self.requests.append(request)
            if len(self.requests) == 1:
                self.server.add_task(self)

    def bytes_held(self) -> int:
        waiting = sum(int(each.body_bytes_received) for each in list(self.requests))
        return self.arrived() + waiting

    def is_late(self, now: float) -> bool:
        """Whether the unfinished request takes longer than it may, or waitress gave up and cannot
        say so.
        """
        if self.will_close:
            # idle for too long, and the other side takes nothing: waitress would wait for it
            return True
        if self.request is None:
            return False
        allowed: float = FIRST_SECONDS
        if self.request.headers_finished:
            allowed += FIRST_SECONDS + self.request.body_bytes_received / BYTES_A_SECOND
        return now - self.since > min(allowed, MOST_SECONDS)

    def hang_up(self) -> None:
        """End the connection; waitress sees that in the round of its loop that follows, and cleans
        up.

        Closing here would free the number of the socket for a new one, while the loop still looks
        at the old.
        """
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


class Server(TcpWSGIServer):
    """waitress with the bounds that the module's text names."""

    channel_class = Channel
    next_look = 0.0

    def readable(self) -> bool:
        """waitress asks this before each round of its loop."""
        now = time.monotonic()
        if now >= self.next_look:
            self.next_look = now + LOOK_SECONDS
            for channel in list(self.active_channels.values()):
                if channel.is_late(now):
                    channel.hang_up()
                channel.mark(now)
        if len(self._map) >= self.adj.connection_limit - SPARE:
            self.make_room()
        return bool(super().readable())

    def make_room(self) -> None:
        """End some of the connections that nobody works for, those first that have waited
        longest.
        """
        idle = [each for each in list(self.active_channels.values()) if not each.requests]
        for channel in sorted(idle, key=lambda each: each.since)[: max(1, len(idle) // 20)]:
            channel.hang_up()

    def free_memory(self) -> None:
        """Refuse large bodies that are on their way until the others fit, those first that get on
        least.

        Not the newest: a few connections that send much and then almost nothing would keep
        everybody else out.
        """
        excess = self.bytes_held() - MOST_BODIES
        if excess <= 0:
            return
        now = time.monotonic()
        long = [each for each in list(self.active_channels.values()) if each.arrived() > SHORT_BODY]
        for channel in sorted(long, key=lambda each: (each.pace(now), -each.arrived())):
            excess -= channel.arrived()
            channel.refuse()
            if excess <= 0:
                break

    def bytes_held(self) -> int:
        """How much of the bodies of all connections is in memory."""
        return sum(channel.bytes_held() for channel in list(self.active_channels.values()))


def connection_limit() -> int:
    """As many connections as wanted, or as the system's limit on open files leaves room for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + SPARE + 500
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft != resource.RLIM_INFINITY:
        return SPARE + min(CONNECTIONS, max(SPARE, soft * 2 // 3 - SPARE))
    return SPARE + CONNECTIONS


def without_body_for_head(application: "WSGIApplication") -> "WSGIApplication":
    """The application, whose answers to HEAD end with their head.

    waitress would send what a page holds as well. On a connection that is kept it is then read as
    the answer to the next request, which behind a proxy may be somebody else's.
    """

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if hasattr(body, "close"):
            body.close()
        return []

    return answer


def make_server(application: "WSGIApplication", host: str, port: int, threads: int) -> Server:
    """A server that listens. Raises OSError when the address cannot be had."""
    return Server(
        without_body_for_head(application),
        adj=Adjustments(
            listen=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            threads=threads,
            connection_limit=connection_limit(),
            asyncore_use_poll=True,  # select() knows no file beyond the 1024th
            asyncore_loop_timeout=1,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=LOOK_SECONDS,
            recv_bytes=65_536,
            max_request_header_size=MOST_HEAD,
            max_request_body_size=MOST_BODY,
            inbuf_overflow=2 * MOST_BODY,  # never in a file
            outbuf_overflow=2 * MOST_BODY,
            outbuf_high_watermark=MOST_BODY,  # a slow reader never holds a thread
            # Whom a proxy's headers name is the settings' business (STEENTJE_PROXIES), which also
            # warn.
            clear_untrusted_proxy_headers=False,
            log_socket_errors=False,
            ident=None,
        ),
    )


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the exit code."""
    options = argparse.ArgumentParser(description="Steentje's web server.")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=8000)
    chosen = options.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noblame.settings")
    from django.conf import settings

    from .starting import refuse_unless_ready
    from .wsgi import application

    refuse_unless_ready()
    try:
        server = make_server(application, chosen.host, chosen.port, settings.THREADS)
    except OSError as error:
        print(f"Cannot listen on {chosen.host}:{chosen.port}: {error.strerror}", file=sys.stderr)
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        # waitress then finishes what its threads work on
        signal.signal(number, lambda *_: sys.exit(0))
    server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
