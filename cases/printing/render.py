"""HTML to PDF, with the door locked.

WeasyPrint fetches whatever a document names. Here it may only have the fonts and drawings of our own
``static`` folder, by the scheme ``static:``; anything else stops the rendering, so that a hole is seen and
not silently filled. The bound on time is a bound on size, refused before the rendering starts: our own
longest sheet takes well under a second, and a text cannot bring tables or nesting because it is escaped.

One rendering at a time in a process. The parsed style sheet, the font map and the drawings are kept between
renderings; a Pango font map must not be used by two threads at once, and loading the fonts anew for each
document costs more than waiting for the other one. Tried without the lock: four threads made 48 documents
without a crash, but WeasyPrint failed to draw a pebble and only logged it.
"""

import os
import re
import threading
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.translation import gettext_lazy as _
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

STYLE = "css/print.css"
LONGEST_HTML = 120_000  # characters; thirty slips are about 20,000
MOST_LINES = 3_000
WAIT_SECONDS = 20  # for the renderings that came first

_OURS = re.compile(r"(?:fonts|img)/[a-z0-9-]+\.(?:woff2|svg|png)")
_TYPES = {"woff2": "font/woff2", "svg": "image/svg+xml", "png": "image/png"}
_one_at_a_time = threading.Lock()


class PaperRefused(Exception):
    """The paper cannot be made as asked. ``message`` (lazy) tells the teacher what to do about it."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


class ForeignFile(RuntimeError):
    """A document named a file or an address that is not ours: a mistake in a template, never ignored."""


class WrongSides(RuntimeError):
    """The document has another number of sides than was asked; ``sides`` is the number it has."""

    def __init__(self, sides: int):
        super().__init__(f"{sides} sides")
        self.sides = sides


@lru_cache(maxsize=64)
def static_bytes(name: str) -> bytes:
    """The content of one of our own fonts or drawings. ForeignFile for any other name."""
    path = finders.find(name) if _OURS.fullmatch(name) else None
    if not path:
        raise ForeignFile(name)
    return Path(path).read_bytes()


class StaticOnly(URLFetcher):
    """Answers ``static:fonts/...`` and ``static:img/...`` and nothing else; has no way to the network."""

    def __init__(self):
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url, headers=None):
        scheme, _colon, name = url.partition(":")
        try:
            if scheme != "static":
                raise ForeignFile(url[:80])
            body = static_bytes(name)
        except ForeignFile as error:
            # The only kind of error that WeasyPrint does not swallow.
            raise FatalURLFetchingError(str(error)) from error
        return URLFetcherResponse(url, body, {"Content-Type": _TYPES[name.rpartition(".")[2]]})


class _Press:
    """What is the same for every document: fonts, style sheet, fetcher, drawings."""

    def __init__(self):
        self.fetcher = StaticOnly()
        self.fonts = FontConfiguration()
        style = Path(finders.find(STYLE)).read_text(encoding="utf-8")
        self.style = CSS(string=style, url_fetcher=self.fetcher, font_config=self.fonts)
        self.drawings = {}


@lru_cache(maxsize=1)
def _press(pid: int) -> _Press:
    # By process: a child of a fork may not use its parent's font map.
    return _Press()


def pdf(html: str, *, language: str, title: str, sides: int | None = None) -> bytes:
    """The document as a tagged PDF (PDF/UA-1) with its fonts inside.

    ``html`` is a whole document made from our templates; ``language`` a language code; ``title`` the neutral
    title that a reader shows; ``sides`` the number of pages it must have (WrongSides if it has not).
    PaperRefused when it is too long, or when others kept the press busy for WAIT_SECONDS. ForeignFile when
    it names something that is not ours.
    """
    if len(html) > LONGEST_HTML or html.count("\n") > MOST_LINES:
        raise PaperRefused(_("That is too much text for this paper. Make it shorter and print again."))
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        raise PaperRefused(_("Printing takes too long right now. Try again in a minute."))
    try:
        return _print(html, language, title, sides)
    except FatalURLFetchingError as error:
        raise ForeignFile(str(error)) from error
    finally:
        _one_at_a_time.release()


def _print(html: str, language: str, title: str, sides: int | None) -> bytes:
    press = _press(os.getpid())
    document = HTML(string=html, url_fetcher=press.fetcher).render(
        font_config=press.fonts,
        stylesheets=[press.style],
        cache=press.drawings,
        pdf_variant="pdf/ua-1",
        pdf_tags=True,
    )
    if sides is not None and len(document.pages) != sides:
        raise WrongSides(len(document.pages))
    document.metadata.title = title
    document.metadata.lang = language
    document.metadata.generator = document.metadata.created = document.metadata.modified = None
    return document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
