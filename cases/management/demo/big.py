"""Many cases in one school, for the benchmarks: rows written in bulk, like those that verbs
leave.
"""

import datetime
import itertools
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from ... import reminder_kinds
from ...actions import journal
from ...actions.cases import CODE_DIGITS, CODE_LETTERS
from ...method import METHOD
from ...models import (
    Appointment,
    Case,
    ClassGroup,
    GroupMember,
    Idea,
    JournalEntry,
    JournalHead,
    Membership,
    PageRecord,
    Pupil,
    Reminder,
    Round,
    StepRecord,
    User,
)
from .demo_cases import AFTERWARDS, ROLES
from .texts import FIT, SLIPS, words_for

AT_ONCE = 1_000  # cases in one go: what is in memory stays small
CASES_EACH = 40  # per teacher
GROUP_SIZE = 25
# cases grow with the years, a school's staff and groups do not
MOST_TEACHERS, MOST_GROUPS = (
    150,
    100,
)
FIRST_NAMES = (
    "Noor Daan Lotte Sami Elif Bram Zoë Mees Amina Levi Tess Ravi Julia Finn Sara Adam".split()
)
LAST_NAMES = (
    "Bakker Visser Mulder Şahin Smit Meijer Amrani Bos Vos Peters Dekker Kaya Prins Kok".split()
)


def codes(taken: set[str]):
    """Codes that are not taken, each once."""
    parts = [CODE_LETTERS if place % 2 == 0 else CODE_DIGITS for place in range(7)]
    return (code for code in map("".join, itertools.product(*parts)) if code not in taken)


def make_many(school, number: int, say=lambda done: None):
    """Add ``number`` cases with pupils, groups, talks and days to a school; ``say`` hears how far
    it is.
    """
    Big(school, number).make(say)


class Big:
    """What is shared by the cases that are made together."""

    def __init__(self, school, number):
        self.school, self.number = school, number
        self.today, self.now = school.today(), timezone.now()
        self.code = codes(set(Case.objects.filter(school=school).values_list("code", flat=True)))
        self.words = words_for("Noor")
        self.teachers, self.groups = self._teachers(), self._groups()
        self.head, _ = JournalHead.objects.get_or_create(school=school)

    def _teachers(self):
        mark = uuid.uuid4().hex[:6]
        users = [
            User(email=f"teacher{n}.{mark}@dekei.example", name=f"Collega {n}", password="!")  # noqa: S106  (nobody signs in with it)
            for n in range(min(MOST_TEACHERS, max(1, self.number // CASES_EACH)))
        ]
        User.objects.bulk_create(users, batch_size=500)
        Membership.objects.bulk_create(
            [Membership(school=self.school, user=user) for user in users], batch_size=500
        )
        anna = User.objects.filter(email="anna@dekei.example").first()
        return ([anna] if anna else []) + users

    def _groups(self):
        """Groups of this school that are there, filled up to as many as the pupils need."""
        there = list(
            ClassGroup.objects.filter(school=self.school, name__startswith="g").order_by("pk")
        )
        wanted = min(MOST_GROUPS, max(1, self.number // GROUP_SIZE))
        return there + ClassGroup.objects.bulk_create(
            ClassGroup(school=self.school, name=f"g{n}") for n in range(len(there), wanted)
        )

    def make(self, say):
        for first in range(0, self.number, AT_ONCE):
            with transaction.atomic():
                self._make(range(first, min(first + AT_ONCE, self.number)))
            say(min(first + AT_ONCE, self.number))

    def _make(self, numbers):
        pupils = self._pupils(numbers)
        rows: dict[type[Any], list[Any]] = {
            model: [] for model in (Case, Round, StepRecord, PageRecord, GroupMember, Idea)
        }
        rows |= {Appointment: [], Reminder: [], JournalEntry: []}
        for number in numbers:
            self._case(number, pupils, rows)
        for model, made in rows.items():
            model.objects.bulk_create(made, batch_size=500)
        self.head.save()

    def _pupils(self, numbers):
        pupils = []
        for n in numbers:
            pupil = Pupil(
                school=self.school,
                group=self.groups[n // GROUP_SIZE % len(self.groups)],
                first_name=FIRST_NAMES[n % len(FIRST_NAMES)],
                last_name=f"{LAST_NAMES[n % len(LAST_NAMES)]} {n}",
            )
            pupil.fold_names()
            pupils.append(pupil)
        Pupil.objects.bulk_create(pupils, batch_size=500)
        return pupils

    def _case(self, number, pupils, rows):
        """Of every ten: six finished, one paused, three running, spread over the steps and the
        days.
        """
        place = number % len(pupils)
        leader = self.teachers[number // CASES_EACH % len(self.teachers)]
        closed, paused = number % 10 < 6, number % 10 == 6
        step = (
            METHOD.step(AFTERWARDS)
            if closed
            else METHOD.steps[0 if paused else number // 10 % len(METHOD.steps)]
        )
        day = self.today + datetime.timedelta(days=number % 35 - 14)
        case = Case(
            school=self.school,
            code=next(self.code),
            pupil=pupils[place],
            leader=leader,
            created_by=leader,
            step=step.key,
            status=Case.CLOSED if closed else Case.PAUSED if paused else Case.OPEN,
            next_kind="" if closed else "resume" if paused else _next_kind(step),
            next_date=None if closed else day,
            next_agreed=not closed,
            next_owner=None if closed else leader,
            closed_at=self.now if closed else None,
            client_key=uuid.uuid4(),
        )
        shared = {"school": self.school}
        case_round = Round(case=case, number=1, first_step=METHOD.steps[0].key, **shared)
        if closed:
            case_round.closed_at, case_round.outcome = self.now, "better"
        rows[Case].append(case)
        rows[Round].append(case_round)
        done = METHOD.steps if closed else METHOD.before(step.key)
        rows[StepRecord] += [
            StepRecord(
                round=case_round,
                step=each.key,
                state=StepRecord.DONE,
                finished_at=self.now,
                finished_by=leader,
                **shared,
            )
            for each in done
        ]
        self._pages(case_round, [*done[:1], *done[1:][-1:]], leader, rows)
        if len(done) > 1:
            self._group(case_round, pupils, place, closed, rows)
        self._days(case, case_round, step, closed or paused, day, rows)
        self._line(case, leader, rows)

    def _pages(self, case_round, done, leader, rows):
        wanted = [("intake", METHOD.intake.key, FIT)]
        wanted += [(step.key, step.pages[0].key, self._answers(step.pages[0])) for step in done]
        rows[PageRecord] += [
            PageRecord(
                school=self.school,
                round=case_round,
                step=step,
                page=page,
                version=1,
                answers=answers,
                saved_by=leader,
            )
            for step, page, answers in wanted
        ]

    def _answers(self, page):
        return {
            question.key: self.words[f"{page.key}.{question.key}"]
            for question in page.questions
            if isinstance(self.words.get(f"{page.key}.{question.key}"), str) and not question.column
        }

    def _group(self, case_round, pupils, place, closed, rows):
        for position, role in enumerate(ROLES, start=1):
            pupil = pupils[(place + position) % len(pupils)]
            if len(pupils) <= len(ROLES):
                return
            member = GroupMember(
                school=self.school,
                round=case_round,
                pupil=pupil,
                position=position,
                role="" if closed else role,
            )
            rows[GroupMember].append(member)
            if closed:
                continue
            idea, slip = self.words["ideas.idea"][position - 1], SLIPS[position - 1]
            by = case_round.case.leader if slip else None
            rows[Idea].append(
                Idea(school=self.school, member=member, text=idea, slip=slip, slip_by=by)
            )

    def _days(self, case, case_round, step, resting, day, rows):
        kind = Appointment.TALK if step is METHOD.steps[0] else Appointment.PUPIL
        shared = {"school": self.school, "case": case, "round": case_round}
        state = Appointment.CANCELLED if resting else Appointment.PLANNED
        rows[Appointment].append(
            Appointment(kind=kind, date=day, state=state, owner=case.leader, **shared)
        )
        rows[Reminder].append(
            Reminder(
                kind=reminder_kinds.TODAY,
                subject=kind,
                recipient=case.leader,
                due_on=day,
                # What lies in the past was mailed then; the demo's worker is not to mail it now.
                state=Reminder.SILENCED
                if resting
                else Reminder.SENT
                if day <= self.today
                else Reminder.DUE,
                **shared,
            )
        )

    def _line(self, case, leader, rows):
        entry = JournalEntry(
            school=self.school,
            number=self.head.number + 1,
            recorded_at=self.now,
            actor=leader,
            role=Membership.TEACHER,
            action=JournalEntry.OPEN,
            case=case.pk,
            previous=bytes(self.head.mac),
        )
        entry.mac = journal.mac_of(entry)
        self.head.number, self.head.mac = entry.number, entry.mac
        rows[JournalEntry].append(entry)


def _next_kind(step):
    """What comes next in a running case at this step, near enough for lists."""
    if step is METHOD.steps[0]:
        return "talk"
    if step is METHOD.step(AFTERWARDS):
        return Appointment.PUPIL
    return "meeting" if step is METHOD.in_moment("meeting")[0] else "write_up"
