"""Staff who sign in, their role in a school, and pupils (who never do)."""

import datetime
from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from ..people import names
from .base import Row, SchoolRow


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who may sign in. ValueError without an e-mail address."""
        if not email:
            raise ValueError("an e-mail address is needed to sign in")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin, Row):
    """A member of staff; signs in by e-mail. What they may do depends on their membership."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    spoken_name = models.CharField(
        _("name as pupils say it"), max_length=60, blank=True, help_text=_("For example: Miss Anna")
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    # One mail a day at the most, at this time on the school's clock; kinds of reminder that are not
    # wanted.
    mail_time = models.TimeField(_("time of the daily mail"), default=datetime.time(7, 30))
    mail_off = models.JSONField(default=list, blank=True)
    # as this person printed the last time
    print_choices = models.JSONField(default=dict, blank=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Asks the one table in `cases.access`; no flag on a person goes round it."""
        return self.is_active and any(
            backend.has_perm(self, perm, obj)
            for backend in get_backends()
            if hasattr(backend, "has_perm")
        )

    @property
    def may_sign_in(self) -> bool:
        """In use, and with a role in a school: whoever has neither is to us like somebody
        unknown.
        """
        return self.is_active and self.memberships.filter(active=True).exists()

    @property
    def short(self) -> str:
        """The first word of the name, for the corner of the screen."""
        return self.name.split(" ")[0] if self.name else self.email

    def get_short_name(self) -> str:
        return self.short

    def get_full_name(self) -> str:
        return self.name

    @property
    def for_pupils(self) -> str:
        """The name as pupils say it, which is what slips are signed with."""
        return self.spoken_name or self.name

    # The cases (ids) that a coordinator looks into in this request, after giving a reason.
    looks_into: Collection[str] = ()

    @cached_property
    def membership(self) -> "Membership | None":
        """The role this person acts in now: the one chosen for this request, else the first."""
        return (
            self.memberships.filter(active=True)
            .select_related("school")
            .order_by("created_at", "pk")
            .first()
        )


def roles() -> list[tuple[str, Promise]]:
    """The choices of a role. A function, so that a role needs no migration."""
    return Membership.ROLES


class Membership(SchoolRow):
    """A person's role in one school.

    What a role sees, gets and does follows from the tuples it stands in, here, and from the table
    in `cases.access`. A role that stands in none of them sees, gets and may do nothing.
    """

    TEACHER, COORDINATOR, ADMINISTRATOR = "teacher", "coordinator", "administrator"
    ROLES: ClassVar[list[tuple[str, Promise]]] = [
        (TEACHER, _("Teacher")),
        (COORDINATOR, _("Care coordinator")),
        (ADMINISTRATOR, _("Administrator")),
    ]
    TEACHING = (TEACHER, COORDINATOR)  # work with pupils: may run cases
    COORDINATING = (COORDINATOR,)  # see all cases of the school
    MANAGING = (COORDINATOR, ADMINISTRATOR)  # look after the school's days and reminders
    WORKING = tuple(dict.fromkeys(TEACHING + MANAGING))  # settings of their own, and mail

    school = models.ForeignKey("cases.School", on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=roles, default=TEACHER)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "user"], name="one_role_per_school")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class PupilQuerySet(models.QuerySet["Pupil"]):
    def of(self, user: User) -> Self:
        """The active pupils of the school this person acts in; none without a teaching role."""
        membership = user.membership
        if membership is None or membership.role not in Membership.TEACHING:
            return self.none()
        return self.filter(school_id=membership.school_id, active=True)

    def named(self, text: str) -> Self:
        """Pupils whose name has every word of ``text``, without minding capitals or accents."""
        found = self
        for word in names.search_words(text):
            found = found.filter(search_key__contains=word)
        return found


class Pupil(SchoolRow):
    """A pupil. Carries no role and no judgement (inventory M1, M2): those belong to a round."""

    first_name = models.CharField(_("first name"), max_length=60)
    prefix = models.CharField(_("prefix of the last name"), max_length=20, blank=True)
    last_name = models.CharField(_("last name"), max_length=60, blank=True)
    group = models.ForeignKey(
        "cases.ClassGroup", on_delete=models.PROTECT, related_name="pupils", null=True, blank=True
    )
    active = models.BooleanField(_("at this school"), default=True)
    # Kept beside the name, because accents and capitals are folded in ways databases do not agree
    # on.
    search_key = models.CharField(max_length=names.KEY_LENGTH, editable=False)
    sort_key = models.CharField(max_length=names.KEY_LENGTH, editable=False)

    objects = PupilQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["school", "active", "group", "sort_key"], name="pupil_by_group"),
            models.Index(fields=["school", "active", "sort_key"], name="pupil_by_name"),
        ]

    def __str__(self) -> str:
        return names.full_name(self.first_name, self.prefix, self.last_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fold_names()
        super().save(*args, **kwargs)

    def fold_names(self) -> None:
        """Fill the columns that searching and sorting use, from the name."""
        whole = names.full_name(self.first_name, self.prefix, self.last_name)
        self.search_key = names.search_key(whole)
        self.sort_key = names.sort_key(f"{self.first_name} {self.last_name}")
