"""Who is at the demo school: staff, class groups and pupils, with names of every kind."""

import datetime

from django.contrib.auth.hashers import make_password

from ...actions import closed_days
from ...models import ClassGroup, Membership, Pupil, School, User
from ...schooldays import regions

PASSWORD = "samen-steen-voor-steen"  # noqa: S105  (printed on purpose: a demo on one's own machine)
DOMAIN = "dekei.example"
REGION, WEDNESDAY = "NL-Midden", 2
STUDY_DAY_AHEAD = 60  # days

STAFF = [  # address, name, as pupils say it, role
    ("anna", "Anna de Wit", "juf Anna", Membership.TEACHER),
    ("youssef", "Youssef Amrani", "meester Youssef", Membership.TEACHER),
    ("petra", "Petra Vos", "juf Petra", Membership.TEACHER),
    ("marieke", "Marieke Smit", "juf Marieke", Membership.COORDINATOR),
    ("karel", "Karel de Boer", "meester Karel", Membership.ADMINISTRATOR),
]

PUPILS = {  # first name|prefix|last name
    "6a": """Sami||Haddad; Jens||Kuiper; Fenna|de|Groot; Imran||Yildiz; Lieke||Mulder;
        Thijs||Postma; Romy||Kok; Bilal||Ouali; Sanne|van der|Meer; Joris||Blom; Aya||Bensaid;
        Pim||Schouten; Maud||Willems; Tijn||Bosman; Esma||Aydin; Luuk||Verhoef; Nora||Said;
        Guus|van|Dam; Lina||Maes""",
    "7b": """Noor||Bakker; Noor||Visser; Jesse||Kramer; Fleur|van|Vliet; Bram||Hendriks;
        Tess||Wolters; Mees||Dekker; Ravi||Patel; Amina|El|Idrissi; Levi||Sanders; Sofie||Bos;
        Zoë||Maas; Elif||Şahin; Çağla||Güneş; İbrahim||Öztürk; يوسف||العمراني;
        Noël|van 't|Hoff-D'Haïti; Madonna||;
        Maria-Magdalena-Anastasia-Wilhelmina-Aleksandra-Constantijna||Vos; Yara|de|Lange;
        Daniël||Peeters; Olivia||Nowak; Stijn||Jacobs; Hugo|ter|Horst; Isa||Verbeek""",
    "8": """Lotte||Prins; Daan||Vermeer; Milan||Smits; Emma||Brouwer; Finn||Hoekstra; Julia||Evers;
        Ruben||Koster; Nina||Scholten; Adam||Chaouch; Liv|van den|Berg; Sem||Timmermans; Mila||Kaya;
        Gijs||Dijkstra; Eva||Roos; Tobias||Meijer; Sara||Vink; Kaan||Demir; Puck||Bouwman;
        Lars|de|Haan; Hanna||Gerritsen; Mohamed||Azzouzi; Vera||Kroon; Teun||Peters;
        Jasmijn||Faber""",
}


def make_school() -> School:
    """The school itself; who helps stands at the bottom of every page."""
    return School.objects.create(
        name="Basisschool De Kei",
        kind=School.PRIMARY,
        country="NL",
        language="nl",
        timezone="Europe/Amsterdam",
        free_afternoons=[WEDNESDAY],
        help_name="Marieke Smit, intern begeleider",
        help_phone="toestel 14",
    )


def make_staff(school) -> dict[str, User]:
    """The staff by first name, all with the demo's password."""
    sealed = make_password(PASSWORD)
    staff = {}
    for address, name, spoken, role in STAFF:
        staff[address] = User.objects.create(
            email=f"{address}@{DOMAIN}", name=name, spoken_name=spoken, password=sealed
        )
        Membership.objects.create(school=school, user=staff[address], role=role)
    return staff


def close_days(school, by):
    """The region's school holidays of this school year, where they are known, and a study day some
    weeks away.
    """
    year = regions.school_year(school.today())
    if regions.breaks(REGION, year):
        closed_days.use_region(school, REGION, [year], by=by)
    ahead = school.today() + datetime.timedelta(days=STUDY_DAY_AHEAD)
    day = school.calendar().next_school_day(ahead)
    closed_days.add_closed(school, day, day, "Studiedag", by=by)


def make_pupils(school) -> dict[str, list[Pupil]]:
    """The pupils by class group, in the order of the list."""
    found: dict[str, list[Pupil]] = {}
    for group_name, listed in PUPILS.items():
        group = ClassGroup.objects.create(school=school, name=group_name)
        found[group_name] = []
        for person in listed.split(";"):
            first, prefix, last = person.strip().split("|")
            found[group_name].append(
                Pupil.objects.create(
                    school=school, group=group, first_name=first, prefix=prefix, last_name=last
                )
            )
    return found
