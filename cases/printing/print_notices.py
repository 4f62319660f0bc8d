"""What a teacher has to know of a paper before it is printed: lines that are there instead of
words.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .documents import REPORT, SLIPS, Document, PrintContext, available, document_parts
from .letter_kinds import COLLEAGUES, PARENTS
from .pdf_rendering import PaperRefused
from .printable_text import missing_in, noting_missing


@dataclass(frozen=True)
class Notice:
    """One thing to look at. ``anchor``: where on the paper's page it is put right, "" for
    nowhere.
    """

    text: str
    anchor: str = ""


def notices(print_context: PrintContext, paper: Document) -> list[Notice]:
    """Slips that wait for words, and words with letters that none of our fonts has; in the active
    language.
    """
    if not available(print_context, paper):
        return []
    found = list(_waiting(print_context)) if paper.key == SLIPS else []
    return found + [
        Notice(
            _(
                "These letters cannot be printed: %(words)s (%(field)s). There is a line to write "
                "on instead."
            )
            % {"words": ", ".join(words), "field": field}
        )
        for field, words in _missing(print_context, paper).items()
    ]


def _waiting(print_context: PrintContext) -> Iterator[Notice]:
    for row in print_context.slip_rows():
        if row["words"]:
            text = _(
                "There is a line on the slip of %(who)s: “%(word)s” does not belong on a slip."
            )
            yield Notice(
                text % {"who": row["name"], "word": row["words"][0]}, f"#slip-{row['member'].pk}"
            )
        elif row["waits"]:
            text = _(
                "The slip of %(who)s waits for your words: “%(word)s” is in the idea. Until then "
                "it has a line."
            )
            word = [*row["names"], *row["maybe"]][0]
            yield Notice(text % {"who": row["name"], "word": word}, f"#slip-{row['member'].pk}")


def _missing(print_context: PrintContext, paper: Document) -> dict[str, list[str]]:
    """Field, in words, to the words of it that cannot be printed."""
    if paper.key == REPORT:
        return _missing_in_report(print_context, paper)
    found: dict[str, list[str]] = {}
    for field, text in _texts(print_context, paper):
        if words := missing_in(text):
            known = found.setdefault(field, [])
            known += [word for word in words if word not in known]
    return found


def _missing_in_report(print_context: PrintContext, paper: Document) -> dict[str, list[str]]:
    with noting_missing() as words, suppress(PaperRefused):
        document_parts(print_context, paper)
    return {_("in the report"): words} if words else {}


def _texts(print_context: PrintContext, paper: Document) -> Iterator[tuple[str, str]]:
    """Every typed text that is on a paper, with the name of its field."""
    pupil = _("first name of %(name)s")
    letter = paper.letter
    if paper.sheet or (letter and letter.readers == PARENTS):
        yield (
            pupil % {"name": print_context.case.pupil.first_name},
            print_context.case.pupil.first_name,
        )
    if paper.needs_members:
        for member in print_context.members:
            full = (
                str(member.pupil)
                if letter and letter.readers == COLLEAGUES
                else member.pupil.first_name
            )
            yield pupil % {"name": member.pupil.first_name}, full
            if letter and letter.readers == COLLEAGUES and member.pupil.group:
                yield _("group"), str(member.pupil.group)
    if paper.key == SLIPS:
        for row in print_context.slip_rows():
            yield _("idea of %(name)s") % {"name": row["name"]}, row["printed"]
        yield _("your name"), print_context.user.for_pupils
    if letter:
        made = print_context.addressed(letter)
        for reader in made.readers:
            yield pupil % {"name": reader}, reader
        yield _("text"), made.words.text
        yield _("place"), made.words.place
        yield _("your name"), made.signed
        yield _("name of the school"), print_context.case.school.name
