"""`manage.py demo`: the demo school, when the database holds no school yet."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ...models import Case, Membership, School
from ..demo import big, people
from ..demo.demo_cases import Demo


class Command(BaseCommand):
    help = "Loads a school with pupils and cases at different steps, to try things out with."

    def add_arguments(self, parser):
        parser.add_argument(
            "--sign-ins", action="store_true", help="only say who can sign in, and how"
        )
        parser.add_argument(
            "--big", type=int, metavar="N", help="see to it that there are N cases (benchmarks)"
        )

    def handle(self, *args, sign_ins=False, big=None, **options):
        if not settings.DEMO:
            raise CommandError(
                "Only with STEENTJE_DEMO=1: the demo's password is known to everyone."
            )
        if sign_ins:
            self.say_sign_ins()
            return
        self.load(quiet=options["verbosity"] == 0)
        if big is not None:
            self.fill_up(big)

    def load(self, quiet=False):
        """Load the school, all or nothing; does nothing when there is one."""
        with transaction.atomic():
            if school := School.objects.order_by("pk").first():
                message = f"There is a school already: {school.name}. Nothing was changed."
            else:
                school = people.make_school()
                staff = people.make_staff(school)
                people.close_days(school, staff["karel"])
                Demo(school, staff, people.make_pupils(school)).make_all()
                message = f"The demo school is there: {school.name}."
        if not quiet:
            self.stdout.write(message)

    def fill_up(self, wanted):
        """Add cases until the demo school has as many as wanted."""
        membership = Membership.objects.filter(user__email=f"anna@{people.DOMAIN}").first()
        if membership is None:
            raise CommandError("The school in this database is not the demo school.")
        school = membership.school
        there = Case.objects.filter(school=school).count()
        if there >= wanted:
            self.stdout.write(f"There are {there} cases already.")
            return
        big.make_many(
            school, wanted - there, say=lambda done: self.stdout.write(f"{there + done} cases")
        )

    def say_sign_ins(self):
        """Who can sign in to the demo, with which role; one password for all."""
        for address, name, _spoken, role in people.STAFF:
            self.stdout.write(f"  {f'{address}@{people.DOMAIN}':<24} {name} ({role})")
        self.stdout.write(f"  password: {people.PASSWORD}")
