"""HTML to PDF, without access to the network or other files, and within a time.

WeasyPrint runs in a process of its own (``pdf_process.py``), without Django, keys, database,
environment, network or files other than ours, and with a bound on memory. It is started at the
first paper and then kept, with its fonts and style sheets, because loading those anew costs more
than a second. A rendering that takes longer than SECONDS is ended with its process; the next paper
gets a new one. Tried against rendering in this process: the same speed for a document, and no way
to stop one.

One rendering at a time for each process of ours: a Pango font map must not be used by two threads
at once.
"""

import atexit
import base64
import json
import logging
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext_lazy as _

from ..method.grammar import Text
from . import typefaces
from .static_files import ForeignFile

logger = logging.getLogger(__name__)

STYLE = "print.css"
LONGEST_HTML = 120_000  # characters; thirty slips are about 20,000
MOST_LINES = 3_000
LARGEST_IMAGE = 2 * 1024 * 1024  # bytes
IMAGE_TYPES = ("image/png", "image/jpeg")
LARGEST_PDF = 64 * 1024 * 1024  # bytes that we read back at most

WAIT_SECONDS = 20  # for the renderings that came first
SECONDS = 20  # for one rendering; our own longest takes about one
START_SECONDS = 60  # for the PDF process to come up on a machine that does much else
MEMORY_BYTES = 1_000_000_000  # of address space; at rest it is 220 MB, of which 75 MB are in use

_BESIDE_TAGS = re.compile(r"\s*([<>])\s*")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PROGRAM = str(Path(__file__).with_name("pdf_process.py"))
_one_at_a_time = threading.Lock()

TOO_MUCH = _("That is too much text for this paper. Make it shorter and print again.")
TOO_SLOW = _("Making this paper took too long. Make it shorter, or print it in parts.")
BROKEN = _(
    "This paper could not be made. Choose other words, or tell the person who looks after Steentje."
)
BUSY = _("Printing takes too long right now. Try again in a minute.")


class PaperRefused(Exception):
    """The paper cannot be made as asked. ``message`` (lazy) tells the teacher what to do about
    it.
    """

    def __init__(self, message: Text) -> None:
        super().__init__(message)
        self.message = message


class WrongSides(RuntimeError):
    """The document has another number of sides than was asked; ``sides`` is the number it has."""

    def __init__(self, sides: int):
        super().__init__(f"{sides} sides")
        self.sides = sides


class PdfProcessFailed(PaperRefused):
    """WeasyPrint broke on a document of ours. ``function`` says where, never on which words."""

    def __init__(self, function: str):
        super().__init__(BROKEN)
        self.function = function


def static_folder() -> Path:
    """Our own static files as they stand in the source."""
    found = finders.find(f"css/{STYLE}")
    if found is None:
        raise FileNotFoundError(STYLE)
    return Path(found).parents[1]


def is_too_much(html: str) -> bool:
    """Whether a document is longer than we print at once: in characters, or in lines of text. White
    space beside tags does not count: it is how our templates are indented.
    """
    text = _BESIDE_TAGS.sub(r"\1", html)
    return len(text) > LONGEST_HTML or text.count("\n") + text.count("<br") > MOST_LINES


def pdf(
    html: str,
    *,
    language: str,
    title: str,
    sides: int | None = None,
    images: Mapping[str, tuple[str, bytes]] | None = None,
    style: str = STYLE,
) -> bytes:
    """The document as a tagged PDF (PDF/UA-1) with its fonts inside.

    ``html`` is a whole document made from our templates; ``language`` a language code; ``title``
    the neutral title that a reader shows; ``sides`` the number of pages it must have (WrongSides if
    it has not). ``images`` are pictures that are not ours, key → (mime type, bytes), PNG or JPEG
    and already made anew by ``cases.uploads.images``: the document names one as ``mem:key``.
    ``style`` is one of our own style sheets in ``static/css/``, whose name begins with "print".

    PaperRefused when it is too long, takes longer than SECONDS or too much memory, or when others
    kept the PDF process busy for WAIT_SECONDS. ForeignFile when it names something that is not
    ours. ValueError for an image of another type, or of more than LARGEST_IMAGE bytes.
    """
    if is_too_much(html):
        raise PaperRefused(TOO_MUCH)
    html = typefaces.marked(_UNPRINTABLE.sub("", html))
    order = {
        "html": html,
        "language": language,
        "title": _UNPRINTABLE.sub("", str(title)),
        "sides": sides,
        "style": style,
        "scripts": typefaces.needed(html),
        "images": {key: _packed(*image) for key, image in (images or {}).items()},
    }
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        raise PaperRefused(BUSY)
    try:
        head, made = _ask(order)
    finally:
        _one_at_a_time.release()
    if "foreign" in head:
        raise ForeignFile(head["foreign"])
    if "sides" in head:
        raise WrongSides(head["sides"])
    if head.get("failed") == "memory":
        raise PaperRefused(TOO_MUCH)
    if "failed" in head:
        logger.error("the PDF process failed: %s", head["failed"])
        raise PdfProcessFailed(head["failed"])
    for line in head["logged"]:
        logger.error("paper: %s", line)
    return made


def _packed(mime: str, body: bytes) -> list[str]:
    if mime not in IMAGE_TYPES or len(body) > LARGEST_IMAGE:
        raise ValueError(f"an image of {len(body)} bytes of type {mime}")
    return [mime, base64.b64encode(body).decode()]


# What a library does that gets no memory, and what the kernel does at the bound on processor time.
_OVERCOME = (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGXCPU)


class _Gone(Exception):
    """The PDF process ended before it answered."""


def _head(line: bytes | bytearray) -> dict[str, Any]:
    try:
        head: dict[str, Any] = json.loads(line)
        return head
    except ValueError:
        raise _Gone from None


class _PdfProcess:
    """A running ``pdf_process.py``. ``late`` tells whether our clock ended it."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="steentje-pdf-")
        self.pid, self.late, self.printed = os.getpid(), False, 0
        limits = (str(MEMORY_BYTES), str(2 * SECONDS))
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-B", _PROGRAM, str(static_folder()), self.folder, *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={"LC_ALL": "C.UTF-8", "HOME": self.folder, "XDG_CACHE_HOME": self.folder},
            cwd="/",
            start_new_session=True,  # Ctrl-C is for us; it ends when its input does
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise OSError("the PDF process was started without pipes")
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        os.set_blocking(self.stdin.fileno(), False)
        try:
            self._talk(b"", START_SECONDS)
        except _Gone:
            self.stop()
            raise

    def ask(self, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The answer to an order. _Gone when the process ends first, by itself or by our clock."""
        self.printed += 1
        return self._talk(json.dumps(order).encode() + b"\n", SECONDS)

    def _talk(self, line: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Writes the line and reads the answer, in the same loop, so that neither waits for
        ever.
        """
        until = time.monotonic() + seconds
        left, got = memoryview(line), bytearray()
        head: dict[str, Any] | None = None
        while head is None or len(got) < head.get("length", 0):
            ready = self._ready(bool(left), until)
            try:
                if self.stdin.fileno() in ready:
                    left = left[os.write(self.stdin.fileno(), left) :]
                    continue
                piece = os.read(self.stdout.fileno(), 1 << 18)
            except OSError:
                piece = b""
            got += piece
            if head is None and b"\n" in got:
                first, _newline, got = got.partition(b"\n")
                head = _head(first)
            if not piece or len(got) > LARGEST_PDF:
                raise _Gone
        return head, bytes(got)

    def _ready(self, writing: bool, until: float) -> set[int]:
        """Which of the two ends can go on. Ends the process when neither could before the time was
        up.
        """
        poll = select.poll()
        poll.register(self.stdout.fileno(), select.POLLIN)
        if writing:
            poll.register(self.stdin.fileno(), select.POLLOUT)
        ready = poll.poll(max(0, until - time.monotonic()) * 1000)
        if not ready:
            self.late = True
            self.process.kill()
            raise _Gone
        return {number for number, _event in ready}

    def stop(self) -> None:
        """Ends the process, if it is ours to end: the child of a fork leaves its parent's alone."""
        if self.pid == os.getpid():
            self.process.kill()
            self.process.wait()
            self.stdin.close()
            self.stdout.close()
            shutil.rmtree(self.folder, ignore_errors=True)


_running: list[_PdfProcess] = []  # none or one


def _ask(order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Asks the running process, or a new one when there is none, or when it was gone without our
    doing.
    """
    while True:
        running = _running_process()
        fresh = running.printed == 0
        try:
            return running.ask(order)
        except _Gone:
            stop()
            if running.late:
                logger.warning("paper refused: not made within %s s", SECONDS)
                raise PaperRefused(TOO_SLOW) from None
            status = running.process.returncode
            logger.warning("the PDF process ended with status %s", status)
            if status in _OVERCOME:
                raise PaperRefused(TOO_MUCH) from None
            if fresh:
                raise PaperRefused(BUSY) from None


def _running_process() -> _PdfProcess:
    if _running and (_running[0].pid != os.getpid() or _running[0].process.poll() is not None):
        stop()
    if not _running:
        try:
            _running.append(_PdfProcess())
        except (OSError, _Gone):
            logger.exception("the PDF process did not start")
            raise PaperRefused(BUSY) from None
    return _running[0]


def stop() -> None:
    """Ends the PDF process of this process; the next paper starts a new one."""
    while _running:
        _running.pop().stop()


atexit.register(stop)
