"""Carries a case through the declared method with the verbs, filling in what each page asks.

Reads only the declaration, so a step that is added later is walked through as well. The demo
gives it words to write; the tests let it write something of each kind.
"""

import datetime
from dataclasses import dataclass, field

from ...actions import pages, slip_wording, step_order, steps
from ...actions.appointments import current_round
from ...actions.group import members_of
from ...actions.page_location import location_of
from ...answers import plan_keys
from ...method.grammar import (
    CHECK,
    CHOICE,
    DATE,
    ENCLOSURE,
    GROUP,
    LINE,
    MANY,
    MEMBER,
    PLAN,
    SCALE,
    TEXT,
)
from ...models import Appointment, Case, User

DAYS_AFTER = {  # calendar days after the first talk
    Appointment.TALK: 0,
    Appointment.MEETING: 3,
    Appointment.INTERIM: 8,
    Appointment.PUPIL: 11,
    Appointment.MEMBERS: 15,
}


def days_from(talk: datetime.date, calendar=None) -> dict[str, datetime.date]:
    """A day for each kind of appointment of a round, within the guide's windows, on school days."""
    days = {kind: talk + datetime.timedelta(days=n) for kind, n in DAYS_AFTER.items()}
    if calendar is not None:
        days = {
            kind: calendar.next_school_day(day) if days[kind] != talk else day
            for kind, day in days.items()
        }
    return days


@dataclass
class Walk:
    """One way through a case.

    ``days``: kind of appointment to day. ``words``: "page.question" to an answer, or to a list with
    one answer for each member; other answers are the first choice, a tick, ``number`` or ``filler``
    ("" writes nothing); ``needed`` stands where an answer is required and nothing else is given.
    ``group``: (pupil, role) pairs. ``slips``: see `word_slips`.
    """

    case: Case
    by: User
    days: dict
    words: dict = field(default_factory=dict)
    group: list = field(default_factory=list)
    slips: tuple = ()
    filler: str = ""
    needed: str = ""
    number: int = 6

    def __post_init__(self):
        self.round = current_round(self.case)

    def at(self, step_key, page_key, member=None):
        """The location of a page in this round."""
        return location_of(self.case, self.round, step_key, page_key, member)

    def answers(self, location) -> dict:
        """What would be filled in on a page, as the form would give it."""
        values = {}
        for question in location.page.questions:
            if question.per_member:
                for number, member in enumerate(members_of(self.round)):
                    values[f"{question.key}:{member.pk}"] = self._answer(location, question, number)
            elif question.kind == PLAN:
                on, at, reason = plan_keys(question)
                values |= {on: self.days[question.plans].isoformat(), at: "10:15", reason: ""}
            elif question.kind != ENCLOSURE:
                values[question.key] = self._answer(
                    location, question, self._number_of(location.member)
                )
        if location.page.kind == GROUP:
            values |= {f"role:{pupil.pk}": role for pupil, role in self.group}
            values["balance_reason"] = self.words.get(f"{location.page.key}.balance_reason", "")
        return values

    def _number_of(self, member):
        if member is None:
            return 0
        return [each.pk for each in members_of(self.round)].index(member.pk)

    def _answer(self, location, question, number):
        key = f"{location.page.key}.{question.key}"
        if key in self.words:
            said = self.words[key]
            if question.kind == MANY or not isinstance(said, list):
                return said
            return said[number] if number < len(said) else ""
        if question.kind in (TEXT, LINE):
            return self.filler or (self.needed if question.required else "")
        if question.kind == DATE:
            kind = location.page.holds or (
                Appointment.MEMBERS if location.member else Appointment.TALK
            )
            return self.days[kind].isoformat()
        first = question.choices[0].key if question.choices else None
        answers = {CHOICE: first, MANY: [first], CHECK: True, SCALE: self.number}
        if question.kind not in answers:
            raise LookupError(
                f"{key} is a question of the kind {question.kind!r}: say in Walk._answer, in "
                "cases/management/demo/walk.py, how such a question is answered"
            )
        return answers[question.kind]

    def fill(self, location):
        """Fill in one page."""
        version = location.record().version
        saved = pages.save_page(location, self.answers(location), version=version, by=self.by)
        if any(question.rows for question in location.page.questions):
            self.word_slips(self.slips)
        return saved

    def word_slips(self, texts):
        """Word the slips in the order of the members; "" leaves the idea as it was said."""
        ideas = slip_wording.ideas_of(self.round)
        worded = {}
        for member, text in zip(members_of(self.round), texts, strict=False):
            if text and member.pk in ideas:
                worded[str(member.pk)] = slip_wording.Wording(ideas[member.pk].text, text)
        slip_wording.word_slips(self.round, worded, by=self.by)

    def fill_step(self, step, *, talks: int | None = None, leave: tuple[str, ...] = ()):
        """Fill in every page of a step; of talks with members only the first ``talks``, none of
        ``leave``.
        """
        for page in step.pages:
            if page.key in leave:
                continue
            if page.kind == MEMBER:
                for member in members_of(self.round)[:talks]:
                    self.fill(self.at(step.key, page.key, member))
            else:
                self.fill(self.at(step.key, page.key))

    def finish(self, step):
        """Finish a step that was filled in."""
        return steps.finish_step(self.case, self.round, step, by=self.by)

    def until(self, step_key: str | None = None):
        """Fill in and finish each step before this one; None: all of them."""
        for step in step_order.steps_of(self.round):
            if step.key == step_key:
                break
            if step_order.states(self.round)[step.key] == "open":
                self.fill_step(step)
                self.finish(step)
        self.case.refresh_from_db()
        return self.case
