"""What stands on each slip of a round, and what is wrong with it: for the print page and for the paper."""

from ..actions import paper_texts
from ..actions import slips as slip_texts
from ..method.wording import forbidden_in
from ..models import Pupil
from .choices import Choices
from .slips import Slip, too_long, without_name
from .unnamed import is_named


def slip_rows(case, members, ideas, languages, choices: Choices) -> list[dict]:
    """For each member the text on the slip: the idea without the supported pupil's name, or as reworded;
    and the ``language`` of the words around it, "" for that of the sheet.

    With the name, where the school allows that and the person chose it. ``words`` are those that keep a
    text off paper: forbidden ones, and first names of others around the case.
    """
    first_name = case.pupil.first_name
    shows_name = choices.shows_name and case.school.slip_shows_name
    others = names_around(case, members)
    rows = []
    for member in members:
        idea = ideas.get(member.pk)
        spoken = idea.text if idea else ""
        proposal = spoken if shows_name else without_name(spoken, first_name)
        text = (idea.slip if idea and idea.slip else proposal) if spoken else ""
        allowed = {member.pupil.first_name, first_name} if shows_name else {member.pupil.first_name}
        has_name = not shows_name and is_named(text, first_name)
        named = {*named_in(text, others - allowed), *([first_name] if has_name else [])}
        rows.append(
            {
                "member": member,
                "name": member.pupil.first_name,
                "spoken": spoken,
                "language": languages.get(member.pk, ""),
                "text": text,
                "kept": bool(idea and idea.slip),
                "changed": bool(spoken) and text != spoken,
                "has_name": has_name,
                "words": [*forbidden_in(text), *sorted(named)],
                "long": too_long(
                    text, format=choices.format, bigger=choices.bigger, second=choices.second or None
                ),
            }
        )
    return rows


def slips_of(rows) -> list[Slip]:
    """The slips to print: a text with a word that pupils do not read is left empty."""
    return [Slip(row["name"], "" if row["words"] else row["text"], row["language"] or None) for row in rows]


def rows_of(case, round, members, choices: Choices) -> list[dict]:
    """`slip_rows` with the ideas and languages of the round looked up."""
    ideas, languages = slip_texts.ideas_of(round), paper_texts.slip_languages(round)
    return slip_rows(case, members, ideas, languages, choices)


def names_around(case, members) -> set[str]:
    """First names that do not go on anybody else's paper: the pupil's, the group's, those of the class."""
    found = {case.pupil.first_name, *(member.pupil.first_name for member in members)}
    if case.pupil.group_id:
        found.update(
            Pupil.objects.filter(group_id=case.pupil.group_id, active=True).values_list(
                "first_name", flat=True
            )
        )
    return found


def named_in(text, first_names) -> list[str]:
    """The first names that stand in a text as words of their own, however they are written."""
    return sorted(name for name in first_names if is_named(text, name))
