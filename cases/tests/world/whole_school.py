"""Two schools with all kinds of people, and cases with something recognisable in every field.

Every name and text that was typed is unique, so that a test can say of any answer what is in it.
"""

import datetime
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cases.actions import appointments, enclosures, talk_pads
from cases.actions import personal_settings as personal
from cases.actions.group import members_of
from cases.actions.page_location import location_of
from cases.management.demo.walk import Walk, days_from
from cases.method import METHOD
from cases.method.grammar import LINE, TEXT, WITH_MEMBER
from cases.models import (
    CalendarFeed,
    Case,
    ClosedDay,
    Membership,
    PrintJob,
    SchoolLogo,
    Scratch,
    User,
)
from cases.uploads.images import Photo

from .factories import HALF_AND_HALF, TODAY, at, make_pupils, make_school, make_user, open_case

# Who works at the school: first name and role. A new role is one line here.
STAFF = {
    "teacher": ("Anna", Membership.TEACHER),
    "other": ("Youssef", Membership.TEACHER),
    "coordinator": ("Marieke", Membership.COORDINATOR),
    "administrator": ("Karel", Membership.ADMINISTRATOR),
}
PEOPLE = ("anonymous", *STAFF, "stranger", "nobody")
SIGNED_OUT = ("anonymous", "nobody")  # nobody: their sign-in is over, they have no role any more
NAMES = ("Quirinda", "Ysbrandt", "Wubbegien", "Xavianne", "Fokelien", "Gerbrich", "Hiltsje")
MORE_NAMES = ("Okkerina", "Pelgrim", "Roelfke", "Sjoukje", "Tjitske", "Ubbelien", "Vrouwkje")
FAR_NAMES = ("Aaldrik", "Baukelien", "Citske", "Dieuwke", "Eelkje", "Froukje", "Gjalt")
CLOSED_DAY = uuid.UUID(int=7)  # a study day of the first school
PASSWORD = "een lang genoeg wachtwoord"
FEED_SECRET = "geheim-van-de-agenda-van-anna"  # in the address of the teacher's calendar
# The smallest picture there is: one point, PNG.
POINT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002"
    "000001e221bc330000000049454e44ae426082"
)


class Telling(Walk):
    """A walk that writes something recognisable in every field, and remembers what."""

    def _answer(self, where, question, number):
        key = f"{where.page.key}.{question.key}"
        if question.kind in (TEXT, LINE) and key not in self.words:
            text = f"kwetter{self.filler}{where.page.key}{question.key}{number}".replace("_", "")
            self.written[text] = question
            return text
        return super()._answer(where, question, number)

    @property
    def written(self):
        return self.__dict__.setdefault("_written", {})


@dataclass
class Told:
    """A case, its group, and every word that only belongs there."""

    case: Case
    walk: Telling
    pupils: list
    enclosure: object = None
    job: object = None
    words: dict = field(default_factory=dict)

    @property
    def round(self):
        return appointments.current_round(self.case)

    @property
    def members(self):
        return members_of(self.round)

    def secrets(self) -> set[str]:
        """Names of the pupils and every text: whatever a person who may not see the case must not
        get.
        """
        return {
            *self.walk.written,
            *(pupil.first_name for pupil in self.pupils),
            "Kwartel" + self.walk.filler,
        }

    def in_(self, response) -> set[str]:
        """Which of the secrets are in an answer."""
        body = response.content.decode("utf-8", "replace") + str(response.headers)
        return {word for word in self.secrets() if word in body}


def tell(school, leader, group, names, mark, *, until="", enclosure=True) -> Told:
    """A case in which every step before ``until`` is finished, with a group of six;
    the last step when nothing is said.
    """
    pupils = make_pupils(school, group, *names)
    for pupil in pupils:
        pupil.last_name = "Kwartel" + mark
        pupil.save()
    case = open_case(pupils[0], leader)
    walk = Telling(
        case=case,
        by=leader,
        days=days_from(school.today(), school.calendar()),
        group=list(zip(pupils[1:], HALF_AND_HALF, strict=True)),
        filler=mark,
        words={"between.letter": "drawing", "between.may_show": "yes"},
    )
    walk.until(until or METHOD.steps[-1].key)
    told = Told(case, walk, pupils)
    if enclosure:
        photo = Photo(POINT, "image/png", 1, 1)
        told.enclosure = enclosures.add_enclosure(
            case, "drawing", photo=photo, by=leader, client_key=uuid.uuid4()
        )
    told.job = make_job(school, leader, case)
    Scratch.objects.create(school=school, case=case, user=leader, text=f"kwetter{mark}scratch")
    walk.written[f"kwetter{mark}scratch"] = None
    for talk in talks_of(told):
        text = pad_text(talk, mark)
        talk_pads.save_pad(talk, text, version=0, written_from="", by=leader)
        walk.written[text] = None
    return told


def talks_of(told):
    """The location of every page of the method at which somebody may sit beside the screen."""
    for step in METHOD.steps:
        for page in step.pages:
            if page.audience == WITH_MEMBER:
                for member in told.members:
                    yield location_of(told.case, told.round, step.key, page.key, member)
            elif page.audience:
                yield location_of(told.case, told.round, step.key, page.key)


def pad_text(talk, mark) -> str:
    """What was noted in a talk: different for each page and each pupil."""
    member = talk.member.pupil.first_name.lower()[::-1] if talk.member else ""
    return f"kwetter{mark}pad{talk.page.key}{member}"


def make_job(school, owner, case, *, state=PrintJob.DONE, **more) -> PrintJob:
    """A print that was asked for; one that is done has something to fetch."""
    return PrintJob.objects.create(
        school=school,
        owner=owner,
        order={"items": [{"case": str(case.pk), "paper": "slips"}]},
        language="nl",
        filename="kaartjes.pdf",
        state=state,
        total=1,
        done=1 if state == PrintJob.DONE else 0,
        result=b"%PDF-1.7 nothing" if state == PrintJob.DONE else b"",
        finished_at=timezone.now() if state == PrintJob.DONE else None,
        client_key=uuid.uuid4(),
        **more,
    )


@dataclass
class World:
    """Two schools, every kind of person that a permission tells apart, and three cases."""

    school: object
    people: dict
    mine: Told  # the teacher's case
    second: Told  # another case of the same teacher
    far: Told  # a case of the other school

    def client(self, who, **kwargs) -> Client:
        """A browser in which this person has signed in."""
        client = Client(raise_request_exception=False, **kwargs)
        if self.people[who] is not None:
            client.force_login(self.people[who])
        return client


def make_world() -> World:
    school, far_school = make_school("De Kiezelhof"), make_school("De Overkant")
    away = TODAY + datetime.timedelta(days=200)
    ClosedDay.objects.create(pk=CLOSED_DAY, school=school, first=away, last=away, name="Studiedag")
    SchoolLogo.objects.create(school=school, image=POINT, mime="image/png", width=1, height=1)
    people = {
        "anonymous": None,
        **{who: make_user(school, name, role) for who, (name, role) in STAFF.items()},
        "stranger": make_user(far_school, "Sterre"),
        "nobody": User.objects.create(
            email="niemand@nergens.example", name="Niemand", password="!"
        ),
    }
    User.objects.update(password=make_password(PASSWORD))
    for person in filter(None, people.values()):
        person.refresh_from_db()
    mine = tell(school, people["teacher"], "7zebra", NAMES, "een")
    second = tell(school, people["teacher"], "8walrus", MORE_NAMES, "twee")
    far = tell(far_school, people["stranger"], "6ocelot", FAR_NAMES, "ver")
    CalendarFeed.objects.create(
        user=people["teacher"],
        fingerprint=personal.fingerprint(FEED_SECRET),
        last_read_at=timezone.now(),
    )
    return World(school, people, mine, second, far)


@contextmanager
def undone():
    """What happens inside is taken back, so that one world serves many probes."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def standing(blocker):
    """The world for a whole module, on a day that stands still; gone afterwards.

    ``blocker`` is pytest-django's; each test takes back what it did with `undone`.
    """
    with blocker.unblock(), at(TODAY), undone():
        yield make_world()
