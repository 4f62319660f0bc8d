"""A step that was begun or done, in a sentence or two, for the steps on the case page."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...actions.group import members_of
from ...actions.page_location import location_of, record_of
from ...actions.pages import values_of
from ...actions.talks import spoken_with
from ...answers import in_words, is_empty
from ...formats.dates import longday, named
from ...method.grammar import CHOICE, ENCLOSURE, ENDING, GROUP, MEMBER, PLAN
from ...models import Appointment
from ..labels import ENCLOSED, SAYS

MOST_SENTENCES = 4


def summary(case, case_round, step, snapshot=None) -> str:
    """A step in a sentence or two, from its dates and choices: nothing that was typed freely.

    ``snapshot``: the RoundSnapshot of the round, when it was read.
    """
    said, members = [], members_of(case_round, snapshot)
    held = set()
    for page in step.pages:
        record = record_of(case_round, step.key, page.key, snapshot=snapshot)
        if page.kind == MEMBER:
            said += _talks_held(case_round, step, page, members, snapshot)
        elif record is not None:
            if page.holds and record.held_on:
                held.add(page.holds)
                said.append(_dated(_("%(what)s on %(day)s."), page.holds, record.held_on, case))
            location = location_of(case, case_round, step.key, page.key)
            values = values_of(location, record, snapshot)
            said += _said_on(
                case, page, values, members, held | {each.holds for each in step.pages}
            )
    return " ".join(said[:MOST_SENTENCES])


def _dated(sentence, kind, day, case):
    what = named(dict(Appointment.KINDS)[kind], case.pupil.first_name)
    return sentence % {"what": what, "day": longday(day)}


def _said_on(case, page, values, members, told):
    """What a page has to say: the wish, a letter, a judgement, how many, and days that are planned.

    ``told``: kinds of appointment that the step tells of when they are held.
    """
    name = case.pupil.first_name
    if page.kind == GROUP and members:
        yield ngettext("%(n)s pupil in the group.", "%(n)s pupils in the group.", len(members)) % {
            "n": len(members)
        }
    letter = any(question.kind == ENCLOSURE for question in page.questions)
    for question in page.questions:
        value = values.get(question.key)
        if question.column == "wish" or question.purpose == ENDING:
            if label := in_words(question, value, name=name):
                yield label.rstrip(".") + "."
        elif question.column == "verdict" and page.holds == Appointment.PUPIL and value in SAYS:
            yield _("%(who)s says: %(verdict)s.") % {
                "who": name,
                "verdict": SAYS[value],
            }
        elif letter and question.kind == CHOICE and value in ENCLOSED:
            yield str(ENCLOSED[value])
        elif question.kind == PLAN and value and question.plans not in told:
            what = named(dict(Appointment.KINDS)[question.plans], name)
            params = {"what": what, "day": in_words(question, value)}
            yield _("%(what)s planned for %(day)s.") % params
        elif question.rows == "idea" and members:
            ideas = [values.get(f"{question.key}:{member.pk}") for member in members]
            count = sum(not is_empty(idea) for idea in ideas)
            counts = {"count": count, "all": len(members)}
            yield (
                ngettext(
                    "%(count)s of %(all)s has an idea.", "%(count)s of %(all)s have an idea.", count
                )
                % counts
            )


def _talks_held(case_round, step, page, members, snapshot):
    """How many of the members were spoken with."""
    records = [record_of(case_round, step.key, page.key, member, snapshot) for member in members]
    count = sum(map(spoken_with, records))
    return (
        [_("%(count)s of %(all)s short talks held.") % {"count": count, "all": len(members)}]
        if count
        else []
    )
