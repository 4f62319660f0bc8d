"""Letters: what goes on paper to the group, the pupil, colleagues and parents, besides sheets and
slips.

Each letter is declared once: for whom it is, which appointment it names, which words we propose. A
person may put other words in the place of ours; day and time come from the appointment when it is
printed, so that a letter never holds a day that was moved. What pupils may read holds no reason and
not the name of the pupil who is helped (P2.5); no letter names another pupil in its text, or a
role.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ..formats.dates import named, school_windows
from ..method.grammar import Text
from ..method.wording import forbidden_in
from ..models import Appointment, Case, GroupMember, School, SchoolLogo
from ..people.names import search_key
from . import letter_layout
from .names_in_ideas import names_in
from .printable_text import isolated, paragraphs, plain
from .slip_words import named_in

GROUP, PUPIL, COLLEAGUES, PARENTS = "group", "pupil", "colleagues", "parents"
CARDS, CARD, PAGE = letter_layout.SMALL, letter_layout.MIDDLE, "page"
LONGEST_PLACE = 120
MEETING_MINUTES = 45  # P2.7


@dataclass(frozen=True)
class Letter:
    """One kind of letter. ``readers`` says for whom, ``plans`` which appointment stands in it.

    ``proposal`` is our text, with ``{name}`` for the pupil's first name where that may be in it,
    and the school's days (see `cases.formats.dates`); ``written`` the text where a letter takes the
    place of a card, at secondary schools.
    """

    key: str
    title: Text
    heading: Text
    readers: str
    plans: str
    shape: str
    proposal: Text
    longest: int
    written: Text = ""
    longest_written: int = 0

    @property
    def for_pupils(self) -> bool:
        """Whether a pupil reads it: then the type is that of children's paper."""
        return self.readers in (GROUP, PUPIL)

    @property
    def needs_members(self) -> bool:
        return self.readers in (GROUP, COLLEAGUES)

    def shape_for(self, school: School) -> str:
        """A card or a page: secondary schools invite in writing (P2.4)."""
        return PAGE if self.written and school.kind == School.SECONDARY else self.shape

    def longest_for(self, school: School) -> int:
        """How many characters the text may have."""
        return self.longest_written if self.shape_for(school) != self.shape else self.longest


LETTERS = {
    letter.key: letter
    for letter in (
        Letter(
            "invitation",
            _("Invitation for the group"),
            _("Hello {to},"),
            GROUP,
            Appointment.MEETING,
            CARD,
            _(
                "Will you help me with something? I am looking for a few pupils who think along with me."
                "\n\nI will tell you more when we are all together. You are not in trouble."
            ),
            400,
            _(
                "I am looking for a few pupils who will think along with me about something at school. I would"
                " like you to be one of them, because you have something to add.\n\nIt takes half an hour to"
                " three quarters of an hour, in lesson time. Your teachers know that you are with me.\n\nI will"
                " tell you what it is about when we are all together. You are not in trouble. Would you rather"
                " not come? Tell me, that is all right too."
            ),
            1500,
        ),
        Letter(
            "colleagues",
            _("Note to colleagues"),
            _("Not in class for a moment"),
            COLLEAGUES,
            Appointment.MEETING,
            PAGE,
            _(
                "I need a few pupils for three quarters of an hour. They are with me then, and not in your"
                " lesson.\n\nDo you have a test or something else they cannot miss? Let me know today, then I"
                " look for another moment. Thank you for thinking along."
            ),
            2000,
        ),
        Letter(
            "card",
            _("Appointment card for the pupil"),
            _("For {to}"),
            PUPIL,
            Appointment.PUPIL,
            CARDS,
            _("Do you want to talk earlier? You can always come to me."),
            160,
        ),
        Letter(
            "cards",
            _("Appointment cards for the group"),
            _("For {to}"),
            GROUP,
            Appointment.MEMBERS,
            CARDS,
            _("I am curious how you are. See you then!"),
            160,
        ),
        Letter(
            "parents",
            _("Letter to the parents"),
            _("A message from school"),
            PARENTS,
            Appointment.PUPIL,
            PAGE,
            _(
                "I talked with {name} about how things are at school. {name} would like school to feel good"
                " again. We are going to work on that together.\n\nThis is what we do. I ask a few pupils to think"
                " along with me. They think up themselves how they can help. Nobody is punished, and {name} need"
                " not do anything.\n\nIn {pupil_days} I talk with {name} again. After that you hear from me how"
                " it is going.\n\nThis is what you can do. Listen when {name} wants to tell something, and do not"
                " ask too much. Please do not talk about it with other parents or children yet: that gives the"
                " pupils the peace to help.\n\nIs there something you want to tell or ask? Call me or write"
                " to me. I am glad to hear from you."
            ),
            4000,
        ),
    )
}
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

    ``around`` are the first names of the pupils around the case. Names of which our own proposal
    has the word as well ("Wil", "Mark") are no names there.
    """
    ours = proposal(letter, case, language)
    name = case.pupil.first_name
    own = {name} if letter.readers in (PUPIL, PARENTS) else set()
    names = around - own - set(named_in(ours, around - own))
    found = {}
    for key, text in (("text", words.text), ("place", words.place)):
        found[key] = [*forbidden_in(text), *named_in(text, names)]
        if not own:
            found[key] += [
                word for word in _made_of(name, text) if word not in _made_of(name, ours)
            ]
    return found


def _made_of(name: str, text: str) -> list[str]:
    """The words in a text that are made of a name: "Noors" and "Noortje" tell of Noor as well."""
    key = search_key(name)
    words = [each.word for each in names_in(text, (), closely={name}) if not each.sure]
    return [
        word for word in dict.fromkeys(words) if key in search_key(word) and search_key(word) != key
    ]


def fits(made: Addressed, language: str) -> bool:
    """Whether the words fit where they are printed, for every reader."""
    letter, school, words = made.letter, made.case.school, made.words
    if len(words.text) > letter.longest_for(school) or len(words.place) > LONGEST_PLACE:
        return False
    shape = letter.shape_for(school)
    with translation.override(language):
        return shape == PAGE or all(_size(made, shape, to) for to in made.readers or [""])


def readers_of(letter: Letter, case: Case, members: list[GroupMember]) -> list[str]:
    """The first names a letter is made out to; one empty name when it is not made out to a pupil."""
    if letter.readers == GROUP:
        return [member.pupil.first_name for member in members]
    return [case.pupil.first_name] if letter.readers == PUPIL else [""]


def letter_html(made: Addressed, language: str) -> str:
    """The document of which a PDF is made. The words have been checked: see `problems` and `fits`."""
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
    facts = [row.get("text", "") for row in _rows(made)]
    text = paragraphs(made.words.text)
    return letter_layout.size_of(shape, _heading(made.letter, to), text, facts, plain(made.signed))


def _heading(letter: Letter, to: str) -> str:
    return str(letter.heading).replace("{to}", isolated(plain(to)))


def _rows(made: Addressed) -> list[dict[str, Any]]:
    """Day, time, place, with whom: what is not known is a line to write on."""
    readers = made.letter.readers
    if readers == PARENTS:
        return []
    place = plain(made.words.place)
    known = made.appointment if not made.open_day else None
    when = {"label": LABELS["when"], "day": known.date if known else None}
    time = {"label": LABELS["time"], "at": known.time if known else None}
    location = {"label": LABELS["where"], "text": place}
    if made.letter.shape == CARDS:
        if readers == GROUP:
            time["at"] = None  # each talk has a moment of its own, written by hand
        return [
            when,
            time,
            *([location] if place else []),
            {"label": LABELS["with"], "text": plain(made.signed)},
        ]
    if readers == COLLEAGUES and known and known.time:
        end = datetime.datetime.combine(known.date, known.time) + datetime.timedelta(
            minutes=MEETING_MINUTES
        )
        time["until"] = end.time()
    return [when, time, location]


def _page(made: Addressed) -> dict[str, Any]:
    """What only a page has: who is away, for colleagues; to whom and from which day, for parents."""
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
