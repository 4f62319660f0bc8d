"""The program that makes a PDF of a document. ``pdf_rendering.py`` runs it as a process
of its own.

Run by file path, so that neither Django, nor a key, nor a database is loaded beside what people
wrote:

    python -I -B pdf_process.py STATIC_FOLDER TEMPORARY_FOLDER MEMORY_BYTES CPU_SECONDS

It writes ``{"ready": true}`` when its fonts and drawings are in place. From then on each line of
JSON on its input is an order, and is answered by a line of JSON and, when there is one, the PDF:

    {"html", "language", "title", "sides", "style", "scripts": [font],
     "images": {key: [mime, base64]}}
    {"length": bytes, "logged": [...]}
    {"foreign": name}  |  {"sides": number}  |  {"failed": what}

WeasyPrint fetches whatever a document names. Here it may only have the fonts and drawings of our
own ``static`` folder, by the scheme ``static:``, and the images that came with the order, by
``mem:``; anything else stops the rendering, so that a hole is seen and not silently filled. Behind
that stands ``guard``: in this process no socket can be made, no program started, and no file opened
outside a few folders.
"""

import base64
import gc
import json
import logging
import os
import re
import resource
import shutil
import sys
import sysconfig
import tempfile
import traceback
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

_OURS = re.compile(r"(?:fonts|img)/[a-z0-9-]+\.(?:woff2|svg|png)")
_STYLES = re.compile(r"print(?:-[a-z0-9]+)*\.css")
SHARED = ("print-fonts.css", "print-base.css")  # before every style sheet
_SCRIPT = re.compile(r"noto-[a-z-]+")
EMOJI = "emoji"  # the family that Pango asks for
_TYPES = {"woff2": "font/woff2", "svg": "image/svg+xml", "png": "image/png"}
_KIND = "pdf/ua-1"
# For lazy imports only; fontconfig and the loader of libraries do not come this way.
_FOR_READING = (sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), "/usr/share/fonts")
_NEVER = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn")


class StaticOnly(URLFetcher):
    """Answers ``static:fonts/...`` and ``static:img/...`` from ``folder`` and ``mem:key`` from
    ``images`` (key → mime type and bytes), and nothing else; has no way to the network.
    """

    def __init__(self, folder: Path, images: dict[str, tuple[str, bytes]] | None = None):
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.folder, self.images = folder, images or {}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        scheme, _colon, name = url.partition(":")
        if scheme == "static" and _OURS.fullmatch(name) and (self.folder / name).is_file():
            kind, body = _TYPES[name.rpartition(".")[2]], (self.folder / name).read_bytes()
        elif scheme == "mem" and name in self.images:
            kind, body = self.images[name]
        else:
            # The only kind of error that WeasyPrint does not swallow.
            raise FatalURLFetchingError(url[:80])
        return URLFetcherResponse(url, body, {"Content-Type": kind})


class PdfMaker:
    """What is the same for every document: fonts, style sheets, drawings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fonts = FontConfiguration()
        self.styles: dict[str, CSS] = {}
        self.drawings: dict[str, Any] = {}
        self.scripts: set[str] = set()

    def style(self, name: str) -> CSS:
        """Our own style sheet of that name, read once. FatalURLFetchingError for any other name."""
        if name not in self.styles:
            path = self.folder / "css" / name
            if not (_STYLES.fullmatch(name) and path.is_file()):
                raise FatalURLFetchingError(name[:80])
            # WeasyPrint takes each font in once.
            sheets = [self.folder / "css" / each for each in (*SHARED, name)]
            self.styles[name] = CSS(
                string="".join(sheet.read_text(encoding="utf-8") for sheet in sheets),
                url_fetcher=StaticOnly(self.folder),
                font_config=self.fonts,
            )
        return self.styles[name]

    def take_in(self, script: str) -> None:
        """Make a font of another script known, in all its weights. FatalURLFetchingError for one
        that is not there.
        """
        if script in self.scripts:
            return
        files = (
            sorted((self.folder / "fonts").glob(f"{script}-*.woff2"))
            if _SCRIPT.fullmatch(script)
            else ()
        )
        if not files:
            raise FatalURLFetchingError(script[:80])
        family = EMOJI if script == "noto-emoji" else script
        for file in files:
            weight = file.stem.rpartition("-")[2] if len(files) > 1 else "400"
            face = (
                f'@font-face{{font-family:"{family}";src:url(static:fonts/{file.name});'
                f"font-weight:{weight}}}"
            )
            CSS(string=face, url_fetcher=StaticOnly(self.folder), font_config=self.fonts)
        self.scripts.add(script)

    def make(
        self,
        html: str,
        language: str,
        title: str,
        sides: int | None,
        style: str,
        scripts: list[str],
        images: dict[str, tuple[str, str]],
    ) -> tuple[int, bytes]:
        """The number of pages and the PDF; empty when ``sides`` is another number."""
        for script in scripts:
            self.take_in(script)
        pictures = {key: (mime, base64.b64decode(body)) for key, (mime, body) in images.items()}
        document = HTML(string=html, url_fetcher=StaticOnly(self.folder, pictures)).render(
            font_config=self.fonts,
            stylesheets=[self.style(style)],
            # Another school's logo goes by the same name, so it is not kept.
            cache=dict(self.drawings) if images else self.drawings,
            pdf_variant=_KIND,
            pdf_tags=True,
        )
        if sides is not None and len(document.pages) != sides:
            return len(document.pages), b""
        about = document.metadata
        about.title, about.lang = title, language
        about.generator = about.created = about.modified = None
        return len(document.pages), document.write_pdf(pdf_variant=_KIND, pdf_tags=True)


class Logged(logging.Handler):
    """Keeps what WeasyPrint could not do, without the words it concerns."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(str(record.msg)[:120])


def guard(folder: Path, temporary: Path) -> None:
    """From now on this process opens files below these folders and Python's own only, and nothing
    else.
    """
    known: tuple[str | Path, ...] = (*_FOR_READING, folder, temporary)
    reading = tuple(os.path.realpath(path) for path in known)
    writing = os.path.realpath(temporary)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], (str, bytes)):
            path, _mode, flags = arguments
            wanted = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            allowed = (writing,) if wanted else reading
            path = os.path.realpath(os.fsdecode(path))
            if not any(path == each or path.startswith(each + os.sep) for each in allowed):
                raise PermissionError("not ours to open")
        elif event.startswith(_NEVER):
            raise PermissionError("not done here")

    sys.addaudithook(watch)


def limit(what: int, most: int) -> None:
    """Sets the limit that counts, and never above what the machine allows this process."""
    _soft, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, hard))


def answer(maker: PdfMaker, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """What is written back for one order."""
    try:
        pages, made = maker.make(**order)
    except FatalURLFetchingError as error:
        return {"foreign": str(error)}, b""
    except (MemoryError, SystemError):  # the second is how some libraries say the first
        return {"failed": "memory"}, b""
    except Exception as error:  # noqa: BLE001  (this process goes on, and its parent raises)
        # Where it went wrong, but none of the words of the document.
        function = ""
        for frame, _line in traceback.walk_tb(error.__traceback__):
            function = frame.f_code.co_name
        return {"failed": f"{type(error).__name__} in {function}"}, b""
    return ({"length": len(made)}, made) if made else ({"sides": pages}, b"")


def main() -> None:
    folder, temporary, memory, seconds = (
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        *map(int, sys.argv[3:5]),
    )
    tempfile.tempdir = str(temporary)
    limit(resource.RLIMIT_AS, memory)
    limit(resource.RLIMIT_CORE, 0)
    logged = Logged()
    logging.getLogger("weasyprint").handlers = [logged]
    maker = PdfMaker(folder)
    # A first page, so that whatever is loaded late is loaded, and the first paper is not a slow
    # one.
    first = (
        '<html lang="en"><title>t</title>'
        '<body class="slips"><h1 class="pebble1">a</h1></body></html>'
    )
    maker.make(first, "en", "t", None, "print.css", [], {})
    guard(folder, temporary)
    out = sys.stdout.buffer
    out.write(b'{"ready": true}\n')
    out.flush()
    # Tidying up costs a quarter of the time of a document, so it waits until the document is handed
    # over; the bound on memory holds meanwhile.
    gc.collect()
    gc.freeze()
    gc.disable()
    for line in sys.stdin.buffer:
        # Our clock is the parent's; this one is for when the parent is gone.
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds)
        logged.lines.clear()
        head, body = answer(maker, json.loads(line))
        out.write(json.dumps(head | {"logged": logged.lines}).encode() + b"\n" + body)
        out.flush()
        if head.get("failed") == "memory":
            break  # who knows what it left behind: the next paper gets a new process
        gc.collect()
    shutil.rmtree(temporary, ignore_errors=True)


if __name__ == "__main__":
    main()
