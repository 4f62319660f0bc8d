"""Letters on paper: the words that a person may change in them, what keeps them off paper, and the
document. Which letters there are stands in `letter_kinds`.

Day and time come from the appointment when a letter is printed, so that it never holds a day that
was moved.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy

from ..formats.dates import clock, longday, named, school_windows
from ..method.wording import forbidden_in
from ..models import Appointment, Case, GroupMember, School, SchoolLogo
from ..people.names import search_key
from . import letter_layout
from .letter_kinds import CARDS, COLLEAGUES, GROUP, PAGE, PARENTS, PUPIL, Letter
from .names_in_ideas import words_that_name
from .printable_text import isolated, paragraphs, plain

LONGEST_PLACE = 120
MEETING = datetime.timedelta(minutes=45)  # P2.7
LABELS = {
    "when": pgettext_lazy("on a letter", "When"),
    "where": pgettext_lazy("on a letter", "Where"),
    "time": pgettext_lazy("on a letter", "What time"),
    "with": pgettext_lazy("on a letter", "With"),
}


@dataclass(frozen=True)
class Words:
    """What a letter says where it can be changed: the text and, of a meeting, the place."""

    text: str
    place: str = ""


@dataclass
class Addressed:
    """Everything one printing of a letter needs; rows are read before, so that nothing is looked up
    here.
    """

    letter: Letter
    case: Case
    members: list[GroupMember]
    words: Words
    appointment: Appointment | None = None
    signed: str = ""
    open_day: bool = False
    logo: SchoolLogo | None = None
    today: datetime.date | None = None
    readers: list[str] = field(default_factory=list)


def proposal(letter: Letter, case: Case, language: str) -> str:
    """Our own words for a letter, in a language, with the pupil's name where it may be."""
    with translation.override(language), school_windows(case.school.spans()):
        text = letter.written if letter.shape_for(case.school) != letter.shape else letter.proposal
        return named(text, case.pupil.first_name)


def problems(
    letter: Letter, words: Words, case: Case, around: set[str], language: str
) -> dict[str, list[str]]:
    """For ``text`` and ``place`` the words that keep this letter off paper; empty lists when it is
    clean.

    ``around`` are the first names of the pupils around the case. A name of whom the letter may
    speak is none to look for, and a word of our own proposal ("Wil", "Mark") is no name there.
    """
    name = case.pupil.first_name
    may_name = letter.readers in (PUPIL, PARENTS)
    who: dict[str, Any] = {
        "first_names": around - {name},
        "closely": () if may_name else {name},
        "language": language,
    }
    ours = {search_key(word) for word in words_that_name(proposal(letter, case, language), **who)}
    if may_name:
        ours |= {search_key(name), search_key(f"{name}s")}
    found = {}
    for key, text in (("text", words.text), ("place", words.place)):
        names = [word for word in words_that_name(text, **who) if search_key(word) not in ours]
        found[key] = [*forbidden_in(text), *names]
    return found


def fits(made: Addressed, language: str) -> bool:
    """Whether the words fit where they are printed, for every reader."""
    letter, school, words = made.letter, made.case.school, made.words
    if len(words.text) > letter.longest_for(school) or len(words.place) > LONGEST_PLACE:
        return False
    shape = letter.shape_for(school)
    with translation.override(language):
        return shape == PAGE or all(_size(made, shape, to) for to in made.readers or [""])


def readers_of(letter: Letter, case: Case, members: list[GroupMember]) -> list[str]:
    """The first names a letter is made out to; one empty name when it is not made out to a
    pupil.
    """
    if letter.readers == GROUP:
        return [member.pupil.first_name for member in members]
    return [case.pupil.first_name] if letter.readers == PUPIL else [""]


def letter_html(made: Addressed, language: str) -> str:
    """The document of which a PDF is made. The words have been checked: see `problems` and
    `fits`.
    """
    letter, school = made.letter, made.case.school
    shape = letter.shape_for(school)
    with translation.override(language):
        parts = [_part(made, shape, to) for to in made.readers]
        context = {
            "language": language,
            "title": title(letter, school),
            "school_name": plain(school.name)[:120],
            "logo": made.logo is not None,
            "parts": parts,
            "letter": letter,
            "shape": shape,
        }
        if shape == PAGE:
            return render_to_string("paper/letter.html", context | _page(made))
        per = letter_layout.PER_LEAF[shape]
        context["leaves"] = [parts[start : start + per] for start in range(0, len(parts), per)]
        return render_to_string("paper/letter_cards.html", context)


def title(letter: Letter, school: School) -> str:
    """The neutral title a reader shows, in the language that is active."""
    return gettext("Letter") if letter.shape_for(school) == PAGE else gettext("Cards")


def leaves(letter: Letter, school: School, count: int) -> int:
    """How many leaves of paper so many of them take, at the least."""
    shape = letter.shape_for(school)
    return count if shape == PAGE else -(-count // letter_layout.PER_LEAF[shape])


def _part(made: Addressed, shape: str, to: str) -> dict[str, Any]:
    part: dict[str, Any] = {
        "heading": _heading(made.letter, to),
        "to": to,
        "paragraphs": paragraphs(made.words.text),
        "rows": _rows(made),
        "signed": plain(made.signed),
    }
    if shape != PAGE:
        part["size"] = _size(made, shape, to) or letter_layout.SMALLEST
    return letter_layout.with_direction(part)


def _size(made: Addressed, shape: str, to: str) -> str:
    # A day and a time stand on one line, however long.
    facts = ["" if row["key"] in ("when", "time") else row["text"] for row in _rows(made)]
    text = paragraphs(made.words.text)
    return letter_layout.size_of(shape, _heading(made.letter, to), text, facts, plain(made.signed))


def _heading(letter: Letter, to: str) -> str:
    return str(letter.heading).replace("{to}", isolated(plain(to)))


def _rows(made: Addressed) -> list[dict[str, Any]]:
    """Day, time, place, with whom: what is not known is a line to write on."""
    if made.letter.readers == PARENTS:
        return []
    known = made.appointment if not made.open_day else None
    day, time = longday(known.date if known else None), _time(made, known)
    facts = [("when", day), ("time", time)]
    place = plain(made.words.place)
    if made.letter.shape != CARDS or place:
        facts.append(("where", place))
    if made.letter.shape == CARDS:
        facts.append(("with", plain(made.signed)))
    return [{"key": key, "label": LABELS[key], "text": text} for key, text in facts]


def _time(made: Addressed, known: Appointment | None) -> str:
    """When it begins; for colleagues, whose pupils come back to them, when it ends as well."""
    if not known or not known.time:
        return ""
    if made.letter.shape == CARDS and made.letter.readers == GROUP:
        return ""  # each talk has a moment of its own, written by hand
    begin = clock(known.time)
    if made.letter.readers != COLLEAGUES:
        return begin
    end = datetime.datetime.combine(known.date, known.time) + MEETING
    return f"{begin}–{clock(end.time())}"


def _page(made: Addressed) -> dict[str, Any]:
    """What only a page has: who is away, for colleagues; to whom and from which day, for
    parents.
    """
    away = [
        {"name": plain(str(member.pupil)), "group": plain(str(member.pupil.group or ""))}
        for member in made.members
        if made.letter.readers == COLLEAGUES
    ]
    to_parents = made.letter.readers == PARENTS
    return {
        "away": away,
        "parents": to_parents,
        "pupil_name": plain(made.case.pupil.first_name) if to_parents else "",
        "today": made.today if to_parents else None,
    }
