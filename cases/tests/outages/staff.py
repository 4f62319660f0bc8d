"""Teachers with a case for each save: so that every acknowledged save can be looked up, not only
the last.
"""

import json

PEOPLE = tuple(f"leraar{number}@dekiezelhof.example" for number in range(8))

MAKE = """
import django
django.setup()
import json, uuid
from django.contrib.auth.hashers import make_password
from cases.actions import cases
from cases.models import ClassGroup, Membership, Pupil, School, User
school = School.objects.create(name="De Kiezelhof", country="NL", language="nl")
group = ClassGroup.objects.create(school=school, name="7b")
sealed = make_password({password!r})
people = []
for email in {people!r}:
    user = User.objects.create(email=email, name=email.partition("@")[0], password=sealed)
    user.membership = Membership.objects.create(school=school, user=user, role=Membership.TEACHER)
    people.append(user)
paths = []
for number in range({cases}):
    pupil = Pupil.objects.create(
        school=school, group=group, first_name=f"Kind{{number}}", last_name="Steen"
    )
    case = cases.open_case(
        school, pupil, by=people[number % {leaders}], client_key=uuid.uuid4(),
        fit={{"signs": ["none"], "route": "here", "why": ""}},
    )
    paths.append(f"/cases/{{case.pk}}/1/talk/prepare/")
print("PATHS", json.dumps(paths))
"""


def saves_of(site, *, cases, leaders=1) -> list[str]:
    """Make the school; the addresses of pages of as many cases, led by the first ``leaders`` in
    turn.
    """
    from .servers import PASSWORD

    said = site.run(MAKE.format(password=PASSWORD, people=PEOPLE, cases=cases, leaders=leaders))
    line = next(line for line in said.splitlines() if line.startswith("PATHS "))
    return json.loads(line.removeprefix("PATHS "))
