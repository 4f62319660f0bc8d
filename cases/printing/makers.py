"""One place from which the other modules ask the press for a sheet, slips or a letter.

The press is younger in some checkouts than in others: what it does not take yet is left out here, and
nowhere else.
"""

import inspect
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from . import render, sheet, slips
from .render import PaperRefused, WrongSides
from .slips import Slip, too_long

__all__ = [
    "FORMATS",
    "SHEETS",
    "PaperRefused",
    "Slip",
    "WrongSides",
    "document",
    "long_for",
    "per_leaf",
    "sheet_for",
    "slip",
    "slips_pdf",
    "too_long",
]

LETTER_STYLE = "print-letters.css"
# Slips on a leaf, for each format in which they are cut.
FORMATS = {"a6x4": 4, "a6": 1, "a5": 1, "a7x8": 8}


@dataclass(frozen=True)
class _Kind:
    title: object
    needs_members: bool = False
    sides: int = 2


def _takes(function, name):
    return name in inspect.signature(function).parameters


SHEETS = getattr(sheet, "SHEETS", {"talk": _Kind(_("Conversation sheet, first talk"))})


def per_leaf(format: str) -> int:
    """How many slips of this format stand on one leaf."""
    return FORMATS[format]


def sheet_for(kind: str, *, name, members=(), language, window=None, school_name="") -> bytes:
    """A conversation sheet as PDF; ``kind`` is a key of SHEETS."""
    if hasattr(sheet, "sheet_for"):
        return sheet.sheet_for(
            kind, name=name, members=members, language=language, window=window, school_name=school_name
        )
    return sheet.conversation_sheet(name=name, language=language, window=window, school_name=school_name)


def slip(name: str, idea: str, language: str = "") -> Slip:
    """One pupil's slip, with the words around the idea in a language of its own if there is one."""
    more = {"language": language} if language and "language" in Slip.__dataclass_fields__ else {}
    return Slip(name, idea, **more)


def slips_pdf(cards, *, signed, format, bigger, language, second=None, spare=0, school_name="") -> bytes:
    """The task slips as PDF, in one of FORMATS."""
    more = {"format": format, "bigger": bigger, "second": second}
    more = {key: value for key, value in more.items() if _takes(slips.task_slips, key)}
    return slips.task_slips(
        cards, signed=signed, language=language, spare=spare, school_name=school_name, **more
    )


def long_for(idea: str, *, format: str, bigger: bool) -> str:
    """Whether an idea fits a slip of this format: "", "smaller" or "long"."""
    more = {"format": format, "bigger": bigger}
    return too_long(idea, **{key: value for key, value in more.items() if _takes(too_long, key)})


def document(html: str, *, language: str, title: str, images=None, sides: int | None = None) -> bytes:
    """A letter or report as a tagged PDF; ``images``: key → (mime, bytes), in the html as ``mem:key``."""
    if _takes(render.pdf, "style"):
        return render.pdf(
            html, language=language, title=title, sides=sides, images=images, style=LETTER_STYLE
        )
    return _own_press(html, language, title, images or {}, sides)


def _own_press(html, language, title, images, sides):
    from pathlib import Path

    from django.contrib.staticfiles import finders
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcherResponse

    class Fetcher(render.StaticOnly):
        def fetch(self, url, headers=None):
            scheme, _colon, name = url.partition(":")
            if scheme == "mem" and name in images:
                mime, body = images[name]
                return URLFetcherResponse(url, body, {"Content-Type": mime})
            return super().fetch(url, headers)

    if len(html) > render.LONGEST_HTML or html.count("\n") > render.MOST_LINES:
        raise PaperRefused(_("That is too much text for this paper. Make it shorter and print again."))
    with render._one_at_a_time:
        fetcher, fonts = Fetcher(), FontConfiguration()
        css = Path(finders.find(f"css/{LETTER_STYLE}")).read_text(encoding="utf-8")
        style = CSS(string=css, url_fetcher=fetcher, font_config=fonts)
        made = HTML(string=html, url_fetcher=fetcher).render(
            font_config=fonts, stylesheets=[style], pdf_variant="pdf/ua-1", pdf_tags=True
        )
        if sides is not None and len(made.pages) != sides:
            raise WrongSides(len(made.pages))
        made.metadata.title, made.metadata.lang = title, language
        made.metadata.generator = made.metadata.created = made.metadata.modified = None
        return made.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
