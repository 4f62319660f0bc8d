"""The conversation sheet for step 1: what to say, and room to write, on two sides of one leaf.

Everything on it comes from the method's declaration; nothing that is recorded in a case is printed on it, so
that it can lie on the table. What was agreed not to be told gets an empty box, always.
"""

from datetime import date

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from cases.method import METHOD
from cases.method.grammar import CHECK, CHOICE, DATE, ENCLOSURE, MANY, PLAN, SCALE, Page, Question, Say

from . import fitting, measure
from .fitting import Cell, Place
from .render import WrongSides, pdf

STEP = "talk"
BLANK = "________"
_LEAST_LINES = 2
_HEAD, _FOOT = 12.5, 9.5  # mm: the date line with its rule, the tip


def conversation_sheet(
    *,
    name: str | None,
    language: str,
    window: tuple[date, date] | None = None,
    school_name: str = "",
) -> bytes:
    """The sheet as a PDF of exactly two pages of A4.

    ``name`` is the pupil's first name, None for a blank one for the drawer; ``window`` the first and last
    day for the next talk; ``school_name`` stands in the document's properties only.
    """
    for first in range(len(fitting.TYPES)):
        html = sheet_html(name=name, language=language, window=window, school_name=school_name, first=first)
        try:
            with translation.override(language):
                return pdf(html, language=language, title=gettext("Conversation sheet"), sides=2)
        except WrongSides:
            if first == len(fitting.TYPES) - 1:
                raise
    raise AssertionError("unreachable")


def sheet_html(
    *,
    name: str | None,
    language: str,
    window: tuple[date, date] | None = None,
    school_name: str = "",
    first: int = 0,
) -> str:
    """The document of which ``conversation_sheet`` makes a PDF. ``first`` skips that many sizes of type."""
    with translation.override(language):
        name = " ".join(name.split()) if name else BLANK
        title = gettext("Talk with {name}").format(name=name)
        size, height = _title_size(title)
        type_, columns = fitting.fit(_all_cells(name, window), head=height + _HEAD, foot=_FOOT, first=first)
        return render_to_string(
            "print/sheet.html",
            {
                "language": language,
                "title": gettext("Conversation sheet"),
                "school_name": school_name[:120],
                "heading": title,
                "heading_size": size,
                "type": type_,
                "sides": [columns[:2], columns[2:]],
            },
        )


def _title_size(title: str) -> tuple[int, float]:
    """Size in pt and height in mm of the heading: smaller for a long name, at most three lines."""
    for size in (24, 18, 14):
        lines = measure.line_count(title, size, "bricolage", 700, 184)
        if lines == 1 or size == 14:
            break
    return size, lines * size * 1.1 * measure.MM_PER_PT


def _all_cells(name: str, window: tuple[date, date] | None) -> list[Cell]:
    """Everything on the sheet in the order of the talk; the first cell of each page carries its heading."""
    cells, number = [], 0
    for page in METHOD.step(STEP).pages:
        own = _cells(page, name, window)
        if own:
            number += 1
            own[0].number, own[0].title = number, _text(page.sheet_title or page.short, name)
            cells.extend(own)
    return cells


def _cells(page: Page, name: str, window: tuple[date, date] | None) -> list[Cell]:
    """The page's own phrases, then each question's phrases with the place for its answer."""
    cells = [Cell((group,)) for group in _groups(page.say, name)]
    for question in page.questions:
        groups, place = _groups(question.say, name), _place(question, name, window)
        if groups or place:
            # Several groups at one question are apart, so that they can stand in different columns.
            cells.extend(Cell((group,)) for group in groups[1:])
            cells.insert(len(cells) - max(0, len(groups) - 1), Cell(tuple(groups[:1]), place))
    return cells


def _groups(says: tuple[Say, ...], name: str) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (_text(say.title, name), tuple(_text(line, name) for line in say.lines))
        for say in says
        if say.sheet and say.aloud
    ]


def _place(question: Question, name: str, window: tuple[date, date] | None) -> Place | None:
    wanted = max(_LEAST_LINES, question.lines)
    if question.private:
        label = gettext("This I do not pass on:")
        return Place("box", label, lines=_LEAST_LINES, wanted=wanted)
    # The date of the talk has its place in the heading.
    if not question.sheet or question.column == "held_on":
        return None
    label = _text(question.sheet, name)
    if question.kind in (CHOICE, MANY, ENCLOSURE) and question.choices:
        return Place("options", label, tuple(_text(choice.label, name) for choice in question.choices))
    if question.kind == PLAN:
        return Place("date", label, note=_window_sentence(window) if window else "")
    kinds = {DATE: "date", SCALE: "scale", CHECK: "check"}
    if question.kind in kinds:
        return Place(kinds[question.kind], label)
    return Place("lines", label, lines=_LEAST_LINES, wanted=wanted)


def _text(text, name: str) -> str:
    return str(text).replace("{name}", name)


def _window_sentence(window: tuple[date, date]) -> str:
    first, last = window
    # Translators: how a day is written on paper, in the letters of Django's date filter.
    whole = pgettext("weekday, day and month", "l j F")
    if first == last:
        return gettext("Choose {day}.").format(day=date_format(first, whole))
    within = (first.year, first.month) == (last.year, last.month)
    short = pgettext("weekday and day, the month follows later", "l j") if within else whole
    return gettext("Choose a day from {first} to {last}.").format(
        first=date_format(first, short), last=date_format(last, whole)
    )
