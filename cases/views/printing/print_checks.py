"""The list "Checked": what we looked at before a paper is printed, and what the teacher has to look
at.
"""

from django.utils.translation import gettext as _

from ...printing.documents import REPORT, SLIPS
from ...printing.letter_kinds import COLLEAGUES, PARENTS
from ...printing.letters import fits, problems
from ...printing.print_notices import notices
from ...printing.slip_words import shows_name


def checked(print_context, paper) -> list[dict]:
    """Lines with ``ok``, ``text`` and, where something is to be typed, ``url``; what is not right
    first.
    """
    if paper.key == SLIPS:
        lines = _slips(print_context)
    elif paper.letter:
        lines = _letter(print_context, paper.letter)
    elif paper.key == REPORT:
        lines = _report(print_context)
    else:
        lines = _sheet(print_context)
    lines.append(
        (True, _("The name of the file says nothing: %(file)s") % {"file": paper.filename})
    )
    lines = [(*line, "") for line in lines]
    lines += [(False, each.text, each.anchor) for each in notices(print_context, paper)]
    ordered = sorted(lines, key=lambda line: line[0])
    return [{"ok": ok, "text": text, "url": url} for ok, text, url in ordered]


def _names(rows, condition):
    return ", ".join(row["name"] for row in rows if condition(row))


def _slips(print_context):
    rows, pupil = print_context.slip_rows(), print_context.case.pupil.first_name
    long = _names(rows, lambda row: row["long"] == "long")
    empty = _names(rows, lambda row: not row["text"])
    if shows_name(print_context.case.school, print_context.choices):
        yes = (
            False,
            _("The name of %(name)s may stand on them: your school allows that.") % {"name": pupil},
        )
    else:
        yes = (True, _("The name of %(name)s is not on them") % {"name": pupil})
    lines = [
        yes,
        (True, _("No date, no box to tick")),
    ]
    if not any(row["words"] for row in rows):
        lines.insert(1, (True, _("No signs or words from your notes")))
    if long:
        lines.append(
            (False, _("Long for a slip: %(names)s. Make it shorter if you can.") % {"names": long})
        )
    if empty:
        lines.append(
            (False, _("No idea yet: %(names)s. Their slips stay empty.") % {"names": empty})
        )
    return lines


def _letter(print_context, letter):
    words, pupil = print_context.words(letter), print_context.case.pupil.first_name
    wrong = problems(
        letter, words, print_context.case, print_context.around, print_context.language
    )
    found = [*wrong["text"], *wrong["place"]]
    if found:
        lines = [
            (
                False,
                _("Not in this letter: %(words)s. It is not printed like this.")
                % {"words": ", ".join(found)},
            )
        ]
    elif letter.readers == PARENTS:
        lines = [(True, _("No names of other children")), (True, _("No blame, and no roles"))]
    else:
        lines = [
            (True, _("No reason, and no words from your notes")),
            (True, _("The name of %(name)s is not on it") % {"name": pupil})
            if pupil not in print_context.addressed(letter).readers
            else (True, _("No names of other children")),
        ]
    if not fits(print_context.addressed(letter), print_context.language):
        lines.append(
            (False, _("This is too much text for this paper. It is not printed like this."))
        )
    appointment = print_context.appointment(letter.plans)
    if letter.readers != PARENTS and appointment is None and not print_context.choices.open_day:
        lines.append((False, _("There is no day yet: there are lines to write on.")))
    if letter.readers not in (PARENTS, COLLEAGUES) and not words.place and letter.shape != "cards8":
        lines.append((False, _("There is no place yet: there is a line to write on.")))
    return lines


def _sheet(print_context):
    return [
        (True, _("Nothing on it that a pupil may not read")),
        (True, _("Nothing from your notes: only the first name")),
    ]


def _report(print_context):
    return [
        (True, _("“Confidential”, your name and the date are on each page")),
        (True, _("What you do not tell further is not in it")),
        (True, _("The roles in the group are not in it")),
    ]
