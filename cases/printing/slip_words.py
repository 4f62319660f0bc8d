"""What stands on each slip of a round, and what is wrong with it: for the print page and for the
paper.

A slip holds what the pupil said, or what a teacher made of it; never what we made of it. Where a
name stands in it, or may stand, there is a line to write on until a teacher has worded it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict
from uuid import UUID

from django.utils.translation import get_language

from ..actions import paper_texts, slip_wording
from ..method.wording import forbidden_in
from ..models import Case, GroupMember, Idea, Pupil, Round, School, User
from ..typed_text import single_spaced
from . import print_choices
from .anonymise import without_name
from .names_in_ideas import names_in, parts
from .print_choices import Choices
from .slips import Slip, too_long


class SlipRow(TypedDict):
    """What is on the slip of one member, as `slip_rows` tells."""

    member: GroupMember
    name: str
    spoken: str
    language: str
    text: str
    printed: str
    kept: bool
    worded_by: UUID | None
    words: list[str]
    names: list[str]
    maybe: list[str]
    parts: list[tuple[str, bool]]
    waits: bool
    long: str


def slip_rows(
    case: Case,
    members: Sequence[GroupMember],
    ideas: Mapping[UUID, Idea],
    languages: Mapping[UUID, str],
    choices: Choices,
    *,
    language: str,
) -> list[SlipRow]:
    """For each member what is on the slip, and what is to be said about it. Of each:

    ``spoken`` the idea; ``text`` what the field shows: the teacher's words, else the idea;
    ``printed`` what is on the paper, "" for a line to write on; ``kept`` whether a teacher worded
    it, ``worded_by`` whose id, where that is known. ``words`` are forbidden ones, ``names`` first
    names that stand in it and may not, ``maybe`` words that may be a name and of which nobody said
    that they are none; ``parts`` the text with the names pointed out. ``waits``: it is a line
    because of a name. ``language`` is that of the words around it, "" for that of the sheet, which
    is the ``language`` asked for.
    """
    first_name = case.pupil.first_name
    others = names_around(case, members) - {first_name}
    rows: list[SlipRow] = []
    for member in members:
        idea = ideas.get(member.pk)
        spoken = idea.text if idea else ""
        kept = idea if idea and spoken and worded(idea, first_name) else None
        text = kept.slip if kept else spoken
        names = others - {member.pupil.first_name}
        found = names_in(text, names, closely={first_name}, language=language)
        if shows_name(case.school, choices):
            found = [each for each in found if each.name != first_name]
        if kept and kept.slip_checked:
            found = [each for each in found if each.sure]
        words = forbidden_in(text)
        rows.append(
            {
                "member": member,
                "name": member.pupil.first_name,
                "spoken": spoken,
                "language": languages.get(member.pk, ""),
                "text": text,
                "printed": "" if words or found else text,
                "kept": kept is not None,
                "worded_by": kept.slip_by_id if kept else None,
                "words": words,
                "names": list(dict.fromkeys(each.word for each in found if each.sure)),
                "maybe": list(dict.fromkeys(each.word for each in found if not each.sure)),
                "parts": parts(text, found),
                "waits": bool(found) and not words,
                "long": too_long(
                    text,
                    format=choices.format,
                    bigger=choices.bigger,
                    second=choices.second or None,
                ),
            }
        )
    return rows


def shows_name(school: School, choices: Choices) -> bool:
    """Whether the supported pupil's name may stand on slips: the school allows it, and this person
    wants it.
    """
    return school.slip_shows_name and choices.shows_name


def worded(idea: Idea, first_name: str) -> bool:
    """Whether a person worded the slip. What an earlier release kept, and is just the idea with the
    name taken out, was made by that release: then it is asked again.
    """
    if not idea.slip:
        return False
    return idea.slip_by_id is not None or single_spaced(
        without_name(idea.text, first_name)
    ) != single_spaced(idea.slip)


def slips_of(rows: Iterable[SlipRow]) -> list[Slip]:
    """The slips to print: a text that may not be on one is left empty."""
    return [Slip(row["name"], row["printed"], row["language"] or None) for row in rows]


def rows_of(
    case: Case,
    case_round: Round,
    members: Sequence[GroupMember],
    choices: Choices,
    language: str = "",
) -> list[SlipRow]:
    """`slip_rows` with the ideas and languages of the round looked up; in the language that is
    active, unless the sheet has another ``language``.
    """
    ideas, languages = slip_wording.ideas_of(case_round), paper_texts.slip_languages(case_round)
    language = language or get_language() or ""
    return slip_rows(case, members, ideas, languages, choices, language=language)


def waiting_slips(
    case: Case, case_round: Round, members: Sequence[GroupMember], user: User
) -> list[SlipRow]:
    """The rows of the slips that are a line until somebody has worded them, as this person prints
    them.
    """
    choices = print_choices.read(user.print_choices)
    return [
        row for row in rows_of(case, case_round, members, choices) if row["waits"] or row["words"]
    ]


def names_around(case: Case, members: Iterable[GroupMember]) -> set[str]:
    """First names that do not go on anybody else's paper: the pupil's, the group's, those of the
    class.
    """
    found = {case.pupil.first_name, *(member.pupil.first_name for member in members)}
    if case.pupil.group_id:
        found.update(
            Pupil.objects.filter(group_id=case.pupil.group_id, active=True).values_list(
                "first_name", flat=True
            )
        )
    return found
