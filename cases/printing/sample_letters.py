"""Letters, cards and a report with made-up data: rows that are never saved, so that no database is
needed.
"""

import dataclasses
import datetime
from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext

from ..models import Appointment, Case, ClassGroup, GroupMember, Pupil, School, User
from . import case_report
from .documents import LETTER_STYLE
from .letter_kinds import LETTERS
from .letters import Addressed, Words, fits, letter_html, proposal, readers_of, title
from .pdf_rendering import pdf
from .report_layout import entry, titled
from .sample_documents import LONG_MEMBERS, LONG_NAME, MEMBERS, NAME, sample

DAY = datetime.date(2026, 11, 25)
LONG_PLACE = "het lokaal naast de gymzaal, eerste verdieping links"
SIGNED, LONG_SIGNED = "Juf Anna", "Meneer Van der Oudewetering"
SENTENCE = "Lange woorden zoals arbeidsongeschiktheidsverzekering horen er ook bij. "


def _case(kind: str, longest: bool) -> tuple[Case, list[GroupMember]]:
    """A case that stands nowhere, and its group."""
    school = School(name="De Kiezelhof " * (8 if longest else 1), kind=kind)
    group = ClassGroup(school=school, name="7 zebra")
    first, names = (LONG_NAME, LONG_MEMBERS) if longest else (NAME, MEMBERS)
    pupil = Pupil(school=school, first_name=first, last_name="de Jong", group=group)
    leader = User(name=LONG_SIGNED if longest else "Anna de Wit")
    began = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)
    case = Case(school=school, pupil=pupil, leader=leader, code="K7M2QX", created_at=began)
    members = [
        GroupMember(pupil=Pupil(school=school, first_name=name, last_name="Bakker", group=group))
        for name in names
    ]
    return case, members


def addressed(key: str, kind: str, language: str, longest: bool) -> Addressed:
    """A letter with everything on it; the longest is filled up with text as far as it fits."""
    letter, (case, members) = LETTERS[key], _case(kind, longest)
    made = Addressed(
        letter=letter,
        case=case,
        members=members,
        words=Words(proposal(letter, case, language), LONG_PLACE if longest else ""),
        appointment=Appointment(kind=letter.plans, date=DAY, time=datetime.time(10, 15)),
        signed=LONG_SIGNED if longest else SIGNED,
        open_day=not longest and key == "cards",
        today=DAY,
        readers=readers_of(letter, case, members),
    )
    return _filled(made, language) if longest else made


def _filled(made: Addressed, language: str) -> Addressed:
    """As long as a teacher can make it: sentences added while they fit, or taken off until it
    fits.
    """
    text = (made.words.text + " " + SENTENCE * 60)[
        : made.letter.longest_for(made.case.school)
    ].rstrip()
    while True:
        longer = dataclasses.replace(made, words=dataclasses.replace(made.words, text=text))
        if fits(longer, language) or not text:
            return longer
        text = text.rpartition(" ")[0]


def _letter(key: str, kind: str = School.PRIMARY) -> Callable[[str, bool], bytes]:
    def make(language: str, longest: bool) -> bytes:
        made = addressed(key, kind, language, longest)
        with translation.override(language):
            name = title(made.letter, made.case.school)
        return pdf(letter_html(made, language), language=language, title=name, style=LETTER_STYLE)

    return make


def _report(language: str, longest: bool) -> bytes:
    case, members = _case(School.PRIMARY, longest)
    asked = case_report.Asked(
        tuple(case_report.PARTS), language, LONG_NAME if longest else "Anna de Wit", DAY
    )
    noted = SENTENCE * (6 if longest else 2)
    with translation.override(language):
        chapters = [
            titled(part, [entry(str(member.pupil), noted, day=DAY) for member in members])
            for part in case_report.PARTS.values()
        ]
        (html,) = case_report.bound(case, asked, chapters)
        name = gettext("Report")
    return pdf(html, language=language, title=name, style=LETTER_STYLE)


for _key in LETTERS:
    sample(f"letter-{_key}")(_letter(_key))
sample("letter-invitation-secondary")(_letter("invitation", School.SECONDARY))
sample("report")(_report)
