"""Every kind of paper there is for a case, and the parts it is made of.

Pages, files, previews and the worker ask here, so that what is previewed is what is printed. A
part is a frozen request with everything it needs already read; making it touches no database.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ..actions import appointment_windows, appointments, paper_texts
from ..actions.group import members_of
from ..method import METHOD
from ..method.grammar import Text
from ..method.step1_talk import PARENTS_KNOW
from ..models import Appointment, Case, GroupMember, PaperText, SchoolLogo, User
from . import case_report
from .conversation_sheet import sheet_for
from .letter_kinds import LETTERS, PARENTS, Letter
from .letters import (
    Addressed,
    Words,
    fits,
    leaves,
    letter_html,
    problems,
    proposal,
    readers_of,
    title,
)
from .pdf_rendering import PaperRefused, pdf
from .print_choices import Choices
from .sheet_kinds import all_sheets
from .slip_formats import FORMATS
from .slip_words import SlipRow, names_around, rows_of, slips_of
from .slips import task_slips

SHEET, SLIPS, REPORT = "sheet-", "slips", "report"
LETTER_STYLE = "print-letters.css"
PAGES_OF_A_REPORT = 4  # an estimate: what a report takes before it is made
T = TypeVar("T")


@dataclass(frozen=True)
class Document:
    """One kind of paper for a case. ``step`` is where it is needed ("" for the report),
    ``filename`` the neutral name under which it is given out, the same for every case.
    """

    key: str
    title: Text
    step: str
    filename: str
    needs_members: bool = False

    @property
    def letter(self) -> Letter | None:
        return LETTERS.get(self.key)

    @property
    def sheet(self) -> str:
        return self.key.removeprefix(SHEET) if self.key.startswith(SHEET) else ""


@dataclass(frozen=True)
class DocumentPart:
    """A part of a print: what it is called on the list, on how many sides, and how it is made."""

    title: Text
    pages: int
    digest: str
    make: Callable[[], bytes]


@dataclass
class PrintContext:
    """A case and the person who prints it: read once, then asked for papers."""

    case: Case
    user: User
    choices: Choices
    language: str

    def __post_init__(self) -> None:
        self.round = appointments.current_round(self.case)
        self.round.case, self.round.school = self.case, self.case.school
        self.members: list[GroupMember] = members_of(self.round)
        self._memory: dict[str, Any] = {}

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What is looked up once for this context."""
        if key not in self._memory:
            self._memory[key] = make()
        kept: T = self._memory[key]
        return kept

    @property
    def around(self) -> set[str]:
        return self.once("around", lambda: names_around(self.case, self.members))

    @property
    def logo(self) -> SchoolLogo | None:
        return self.once(
            "logo", lambda: SchoolLogo.objects.filter(school_id=self.case.school_id).first()
        )

    def appointment(self, kind: str) -> Appointment | None:
        def live() -> Appointment | None:
            return appointment_windows.live(self.round, kind) if kind else None

        return self.once(f"plan {kind}", live)

    def slip_rows(self) -> list[SlipRow]:
        return self.once(
            "slips",
            lambda: rows_of(self.case, self.round, self.members, self.choices, self.language),
        )

    def text(self, letter: Letter) -> PaperText | None:
        """The kept words of a letter in the language of this context, or None."""
        kept = self.once("texts", lambda: paper_texts.of_round(self.round))
        return kept.get((letter.key, self.language))

    def words(self, letter: Letter) -> Words:
        """The words of a letter as they would be printed: those kept, or our proposal."""
        kept = self.text(letter)
        text = kept.text if kept and kept.text else proposal(letter, self.case, self.language)
        return Words(text, kept.place if kept else "")

    def addressed(self, letter: Letter, words: Words | None = None) -> Addressed:
        """A letter with everything that is printed on it."""
        return Addressed(
            letter=letter,
            case=self.case,
            members=self.members,
            words=words or self.words(letter),
            appointment=self.appointment(letter.plans),
            signed=self.user.for_pupils if letter.for_pupils else self.user.name,
            open_day=self.choices.open_day,
            logo=self.logo if self.choices.logo else None,
            today=self.case.school.today(),
            readers=readers_of(letter, self.case, self.members),
        )

    def parents_are_told(self) -> bool:
        """Whether it was decided that the parents are informed (P1.5); only then there is a
        letter.
        """
        return self.once("parents", lambda: paper_texts.parents_answer(self.case)) in PARENTS_KNOW


def all_documents() -> dict[str, Document]:
    """Every kind of paper, by key, in the order in which it is needed."""
    found = []
    for key, kind in all_sheets().items():
        found.append(
            Document(SHEET + key, kind.title, kind.steps[0], "gespreksblad.pdf", kind.needs_members)
        )
    step = METHOD.step_of_paper(SLIPS).key
    found.append(
        Document(SLIPS, _("Slips for the group"), step, "kaartjes.pdf", needs_members=True)
    )
    for letter in LETTERS.values():
        name = "brief.pdf" if letter.shape == "page" else "kaartjes.pdf"
        step = METHOD.step_of_paper(letter.key).key
        found.append(Document(letter.key, letter.title, step, name, letter.needs_members))
    order = {step.key: number for number, step in enumerate(METHOD.steps)}
    found.sort(key=lambda each: order.get(each.step, len(order)))
    found.append(Document(REPORT, _("Report for the file"), "", "verslag.pdf"))
    return {each.key: each for each in found}


def available(print_context: PrintContext, paper: Document) -> bool:
    """Whether this paper can be made for this case now."""
    if paper.letter and paper.letter.readers == PARENTS:
        return print_context.parents_are_told()
    return bool(print_context.members) or not paper.needs_members


def document_parts(print_context: PrintContext, paper: Document) -> list[DocumentPart]:
    """What has to be made for a paper. PaperRefused says what the teacher has to change first."""
    if not available(print_context, paper):
        raise PaperRefused(_why_not(paper))
    if paper.letter:
        return [_letter(print_context, paper, paper.letter)]
    if paper.key == SLIPS:
        return [_slips(print_context, paper)]
    return _report(print_context, paper) if paper.key == REPORT else [_sheet(print_context, paper)]


def _why_not(paper: Document) -> Text:
    if paper.needs_members:
        return _("There is no group yet. This paper comes when the group is chosen.")
    return _(
        "You decided not to tell the parents. Change that on the first page of the first step."
    )


def _part(paper: Document, pages: int, make: Callable[[], bytes], *inputs: object) -> DocumentPart:
    digest = hashlib.sha256(repr(inputs).encode("utf-8", "replace")).hexdigest()
    return DocumentPart(paper.title, pages, digest, make)


def _letter(print_context: PrintContext, paper: Document, letter: Letter) -> DocumentPart:
    made = print_context.addressed(letter)
    wrong = problems(
        letter, made.words, print_context.case, print_context.around, print_context.language
    )
    if any(wrong.values()):
        raise PaperRefused(
            _(
                "There is a word or a name in this letter that does not belong there. Change it "
                "first."
            )
        )
    if not fits(made, print_context.language):
        raise PaperRefused(
            _("That is too much text for this paper. Make it shorter and print again.")
        )
    html = letter_html(made, print_context.language)
    images = {"logo": (made.logo.mime, bytes(made.logo.image))} if made.logo else {}
    pages = leaves(letter, print_context.case.school, len(made.readers))

    def make() -> bytes:
        name = _in(print_context.language, lambda: title(letter, print_context.case.school))
        return pdf(
            html, language=print_context.language, title=name, images=images, style=LETTER_STYLE
        )

    return _part(paper, pages, make, html, print_context.language, made.logo and made.logo.added_at)


def _in(language: str, text: Callable[[], Text]) -> str:
    with translation.override(language):
        return str(text())


def _slips(print_context: PrintContext, paper: Document) -> DocumentPart:
    choices, cards = print_context.choices, slips_of(print_context.slip_rows())
    spare = choices.spare_for(len(cards))
    asked: dict[str, Any] = {
        "signed": print_context.user.for_pupils,
        "format": choices.format,
        "bigger": choices.bigger,
        "language": print_context.language,
        "second": choices.second if choices.second != print_context.language else None,
        "spare": spare,
        "school_name": print_context.case.school.name,
    }
    asked["second"] = asked["second"] or None
    pages = -(-(len(cards) + spare) // FORMATS[choices.format].on_a_page)
    return _part(paper, pages, lambda: task_slips(cards, **asked), cards, asked)


def _sheet(print_context: PrintContext, paper: Document) -> DocumentPart:
    kind = paper.sheet
    # A sheet that leads to the day of the next talk with the pupil has the days to choose from.
    plans = any(
        question.plans == Appointment.PUPIL
        for page in all_sheets()[kind].pages()
        for question in page.questions
    )
    window = (
        appointment_windows.window_of(print_context.round, Appointment.PUPIL) if plans else None
    )
    asked: dict[str, Any] = {
        "name": print_context.case.pupil.first_name,
        "members": tuple(
            member.pupil.first_name for member in print_context.members if paper.needs_members
        ),
        "language": print_context.language,
        "window": (window.first, window.last) if window else None,
        "spans": print_context.case.school.spans(),
        "school_name": print_context.case.school.name,
    }
    return _part(
        paper,
        all_sheets()[kind].sides or 2,
        lambda: sheet_for(kind, **asked),
        kind,
        sorted(asked.items(), key=str),
    )


def _report(print_context: PrintContext, paper: Document) -> list[DocumentPart]:
    asked = case_report.Asked(
        parts=print_context.choices.parts,
        language=print_context.language,
        printed_by=print_context.user.name,
        printed_on=print_context.case.school.today(),
    )
    name = _in(print_context.language, lambda: _("Report"))
    look: dict[str, Any] = {
        "language": print_context.language,
        "title": name,
        "style": LETTER_STYLE,
    }
    return [
        _part(paper, PAGES_OF_A_REPORT, partial(pdf, html, **look), html)
        for html in case_report.documents(print_context.case, asked)
    ]
