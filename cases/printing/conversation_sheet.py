"""Conversation sheets: what to say, and room to write, for every step of the method.

Everything on them comes from the method's declaration; nothing that is recorded in a case is
printed, but for first names, so that a sheet can lie on the table. What was agreed not to be told
gets an empty box, always.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.formats.dates import school_windows
from cases.method.grammar import Page
from cases.schooldays.windows import Spans

from . import sheet_layout, text_measure
from .pdf_rendering import PaperRefused, WrongSides, pdf
from .printable_text import BLANK, plain
from .sheet_cells import Seats, Window, cells_of, seats_of, text_with
from .sheet_kinds import SheetKind, all_sheets

MOST_MEMBERS, LONGEST_NAME = 12, 120
_NAME_TOO_LONG = _("A name is too long for this paper.")
_HEAD, _TIP, _HALF_TIP = 12.5, 9.5, 8.0  # mm: the date line with its rule, the tip
_HALF_HEAD = 10.5


@dataclass
class Part:
    """A whole side of a sheet, or half of one: what the template draws. ``size`` of the heading is
    in pt.
    """

    columns: sheet_layout.Columns
    heading: str = ""
    size: int = 24
    lead: str = ""
    seats: Seats | None = None
    tip: str = ""


def sheet_for(
    kind: str,
    *,
    name: str | None,
    members: Sequence[str] = (),
    language: str,
    window: Window | None = None,
    spans: Spans | None = None,
    school_name: str = "",
) -> bytes:
    """A sheet of a kind in `all_sheets` as a PDF of A4.

    ``name`` is the supported pupil's first name, None for a blank one; ``members``
    the first names of the group in the order in which they sit or are talked with, none for blank
    places; ``window`` the first and last day for the appointment that is made on it; ``spans`` the
    windows of the school, for what is said about days (None: those of the guide); ``school_name``
    stands in the document's properties only. PaperRefused for a name of more than 120 characters or
    a group of more than 12.
    """
    asked: dict[str, Any] = {
        "name": name,
        "members": members,
        "language": language,
        "window": window,
        "spans": spans,
    }
    with translation.override(language):
        title = str(all_sheets()[kind].title)
    for first in range(len(sheet_layout.TYPES)):
        html, sides = _document(kind, first=first, school_name=school_name, **asked)
        try:
            return pdf(html, language=language, title=title, sides=sides)
        except WrongSides:
            continue  # words break differently in print than they were measured: one size smaller
    raise PaperRefused(_NAME_TOO_LONG)


def sheet_html(
    kind: str = "talk",
    *,
    name: str | None,
    members: Sequence[str] = (),
    language: str,
    window: Window = None,
    spans: Spans | None = None,
    school_name: str = "",
    first: int = 0,
) -> str:
    """The document of which ``sheet_for`` makes a PDF. ``first`` skips that many sizes of type."""
    return _document(
        kind,
        name=name,
        members=members,
        language=language,
        window=window,
        spans=spans,
        school_name=school_name,
        first=first,
    )[0]


def _document(
    kind: str,
    *,
    name: str | None,
    members: Sequence[str],
    language: str,
    window: Window,
    spans: Spans | None,
    school_name: str,
    first: int,
) -> tuple[str, int]:
    """The HTML and the number of sides it has to have."""
    if len(members) > MOST_MEMBERS:
        raise PaperRefused(
            _("The group is too large for this sheet. Print it for 12 pupils at most.")
        )
    if any(len(each) > LONGEST_NAME for each in (name or "", *members)):
        raise PaperRefused(_NAME_TOO_LONG)
    what = all_sheets()[kind]
    with translation.override(language), school_windows(spans):
        name = plain(name or "") or BLANK
        members = [plain(each) or BLANK for each in members]
        make = _in_halves if not what.sides else _whole
        type_, sides = make(what, name, members, window, first)
        context = {
            "language": language,
            "title": what.title,
            "school_name": plain(school_name)[:120],
            "type": sheet_layout.TYPES[type_],
            "halves": not what.sides,
            "sides": sides,
        }
        return render_to_string("paper/sheet.html", context), len(sides)


def _whole(
    what: SheetKind, name: str, members: list[str], window: Window, first: int
) -> tuple[int, list[list[Part]]]:
    """The type and the sides of a sheet that takes whole sides: heading first, seats and tip
    last.
    """
    pages = what.pages()
    heading = text_with(what.heading, name)
    size, height = _title_size(heading)
    seats = seats_of(pages, members) if what.needs_members else None
    foot = _TIP + (seats.height if seats else 0)
    if what.sides == 2:
        rooms = sheet_layout.two_sides(height + _HEAD, foot)
    else:
        rooms = [sheet_layout.SIDE - sheet_layout.SPARE - height - _HEAD - foot] * 2
    type_, columns = _fitted(cells_of(pages, name, window), rooms, first)
    if seats:
        seats = seats.taller(sheet_layout.left_over(columns[-2:], type_, rooms[-2:]))
    sides = [Part(columns[at : at + 2]) for at in range(0, len(columns), 2)]
    sides[0].heading, sides[0].size, sides[0].lead = heading, size, str(what.lead)
    sides[-1].seats, sides[-1].tip = seats, _tip()
    return type_, [[side] for side in sides]


def _fitted(
    cells: list[sheet_layout.Cell], rooms: list[float], first: int
) -> tuple[int, sheet_layout.Columns]:
    type_, columns = sheet_layout.fit(cells, rooms, first=first)
    if sheet_layout.overfull(columns, type_, rooms):
        raise PaperRefused(_NAME_TOO_LONG)
    return type_, columns


def _in_halves(
    what: SheetKind, name: str, members: list[str], window: Window, first: int
) -> tuple[int, list[list[Part]]]:
    """The type and the sides of sheets of half a page, all in the same type."""
    halves = list(_halves(what, name, members))
    parts: list[Part] = []
    types: list[int] = []
    for again in (False, True):
        for heading, page in halves:
            size, height = _title_size(heading, largest=18)
            rooms = [sheet_layout.HALF - sheet_layout.SPARE - height - _HALF_HEAD - _HALF_TIP] * 2
            cells = cells_of([page], name, window, least=1)
            type_, columns = _fitted(cells, rooms, max(types) if again else first)
            types.append(type_)
            if again:
                lead = str(what.lead) if page is halves[0][1] else ""
                parts.append(Part(columns, heading, size, lead, tip=_tip()))
    return max(types), [parts[at : at + 2] for at in range(0, len(parts), 2)]


def _halves(what: SheetKind, name: str, members: list[str]) -> Iterable[tuple[str, Page]]:
    """Heading and page of each half: one for each member and then what comes after them all, or one
    for each page, under the sheet's heading or its own title. A page that is alone is there twice:
    it comes again.
    """
    pages = what.pages()
    if not what.needs_members:
        own = [
            (text_with(what.heading, name) if what.heading else _named(page, name), page)
            for page in pages
        ]
        yield from own * (2 if len(own) == 1 else 1)
        return
    for member in members or [BLANK]:
        yield text_with(what.heading, member), pages[0]
    yield from ((text_with(page.sheet_title, name), page) for page in pages[1:])


def _named(page: Page, name: str) -> str:
    """The page's title on its sheet, always with the name."""
    title = str(page.sheet_title or page.title)
    return text_with(title if "{name}" in title else f"{title}: {{name}}", name)


def _tip() -> str:
    return gettext(
        "After the talk: put your notes in Steentje. Then put this sheet through the paper "
        "shredder."
    )


def _title_size(title: str, largest: int = 24) -> tuple[int, float]:
    """Size in pt and height in mm of the heading: smaller for a long name, at most three lines."""
    for size in (24, 18, 14):
        if size <= largest:
            lines = text_measure.line_count(title, size, "bricolage", 700, 184)
            if lines == 1 or size == 14:
                break
    return size, lines * size * 1.1 * text_measure.MM_PER_PT
