"""The demo's cases, each at another step. Only verbs write here, as when teachers do it."""

import datetime
import uuid

from ...actions import cases, rounds
from ...method import METHOD
from ...models import Appointment, GroupMember
from .texts import FIT, NEEDED, NOT_YET, SLIPS, UNSURE, words_for
from .walk import Walk, days_from

AFTERWARDS = "followup"  # the step with the talks afterwards
LEADER, FOLLOWER, OTHER = GroupMember.ROLES
ROLES = (LEADER, FOLLOWER, FOLLOWER, OTHER, OTHER, OTHER)


class Demo:
    """Makes the cases of one school; days count from its today."""

    def __init__(self, school, staff, pupils):
        self.school, self.staff, self.pupils = school, staff, pupils
        self.today, self.calendar = school.today(), school.calendar()

    def day(self, days: int) -> datetime.date:
        """The school day that many days from today: before it looking back, after it looking
        forward.
        """
        day = self.today + datetime.timedelta(days=days)
        while not self.calendar.is_school_day(day):
            day += datetime.timedelta(days=1 if days > 0 else -1)
        return day

    def pupil(self, group, first_name):
        return next(pupil for pupil in self.pupils[group] if pupil.first_name == first_name)

    def around(self, group, pupil, start=2) -> list:
        """Six pupils of the class group with their roles, from a place in the list."""
        others = [each for each in self.pupils[group] if each.pk != pupil.pk]
        return list(zip(others[start : start + len(ROLES)], ROLES, strict=True))

    def begin(self, group, name, by, *, start=2, talk=None, days=None, more=None, **opened) -> Walk:
        """Open a case and prepare the walk through it; ``talk``: days from today of the first
        talk.
        """
        pupil, leader = self.pupil(group, name), self.staff[by]
        case = cases.open_case(
            self.school, pupil, by=leader, client_key=uuid.uuid4(), fit=FIT, **opened
        )
        planned = days_from(self.day(talk or 0), self.calendar) | (days or {})
        return Walk(
            case=case,
            by=leader,
            days=planned,
            words=words_for(pupil.first_name, **(more or {})),
            group=self.around(group, pupil, start),
            slips=SLIPS,
            needed=NEEDED,
        )

    def make_all(self):
        self.noor()
        self.lotte()
        self.sami()
        self.daan()
        self.yara()
        self.milan()
        self.elif_again()
        self.jens()
        self.lieke()

    def noor(self):
        """The meeting is going on: four of six ideas are written down, one slip waits for its
        words.
        """
        ideas = words_for("Noor")["ideas.idea"][:4]
        days = {Appointment.MEETING: self.day(0)}
        walk = self.begin(
            "7b", "Noor", "anna", start=1, talk=-4, days=days, more={"ideas.idea": ideas}
        )
        walk.slips = SLIPS[:2]
        walk.until("ideas")
        walk.fill_step(METHOD.step("ideas"))

    def lotte(self):
        """Talks afterwards: the pupil and three of six members were spoken with."""
        days = {Appointment.PUPIL: self.day(-3), Appointment.MEMBERS: self.day(0)}
        walk = self.begin("8", "Lotte", "anna", talk=-15, days=days)
        walk.until(AFTERWARDS)
        walk.fill_step(METHOD.step(AFTERWARDS), talks=3, leave=("close",))

    def sami(self):
        """The follow-up talk was planned some days ago and has not been held."""
        days = {Appointment.PUPIL: self.day(-4), Appointment.MEMBERS: self.day(2)}
        walk = self.begin("6a", "Sami", "anna", talk=-15, days=days)
        walk.until(AFTERWARDS)
        walk.fill_step(METHOD.step(AFTERWARDS), talks=0, leave=("pupil", "close"))

    def daan(self):
        """The first talk is planned for the next school day."""
        tomorrow = self.calendar.next_school_day(self.today, inclusive=False)
        walk = self.begin("8", "Daan", "anna", talk_on=tomorrow, talk_at=datetime.time(13, 15))
        walk.fill(walk.at("talk", "prepare"))

    def yara(self):
        """The pupil does not know yet: asked again later."""
        walk = self.begin("7b", "Yara", "anna", talk=-6, more=UNSURE)
        for page in ("prepare", "talk"):
            walk.fill(walk.at("talk", page))
        cases.pause_case(walk.case, by=walk.by, until=self.day(8))

    def milan(self):
        """It got better, and the case rests."""
        walk = self.begin("8", "Milan", "petra", start=8, talk=-60)
        walk.until()
        rounds.close_case(walk.case, by=walk.by, words=walk.words["close.words"])

    def elif_again(self):
        """It was not enough yet: a second round, with the same group to start from."""
        walk = self.begin("7b", "Elif", "anna", start=8, talk=-25, more=NOT_YET)
        # Some from another class, so that few of 7b are in two groups' way.
        walk.group = walk.group[:3] + self.around("8", walk.case.pupil, start=16)[3:]
        walk.until()
        rounds.open_round(walk.case, by=walk.by)

    def jens(self):
        """A colleague's: the group is chosen and the meeting is planned."""
        days = {Appointment.MEETING: self.day(2)}
        walk = self.begin("6a", "Jens", "youssef", start=7, talk=-2, days=days)
        walk.until("gather")
        walk.fill_step(METHOD.step("gather"), leave=("meet",))

    def lieke(self):
        """It got better some weeks ago; the first later check comes on the next school day."""
        walk = self.begin("6a", "Lieke", "anna", start=11, talk=-60)
        walk.until()
        rounds.begin_aftercare(walk.case, by=walk.by)
