"""A case, its rounds, and what was recorded in each step."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..crypto.fields import EncryptedJSONField, EncryptedTextField
from .base import Row, SchoolRow
from .person import Membership

if TYPE_CHECKING:
    from .person import User


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: "User") -> Self:
        """The cases this person sees: the one answer for pages, lists, search, prints and files.

        Teachers see the cases they lead or were added to; coordinators all of their school;
        other roles none; nobody a case of another school.
        """
        membership = getattr(user, "membership", None)
        if membership is None or not user.is_active:
            return self.none()
        cases = self.filter(school_id=membership.school_id)
        if membership.role in Membership.COORDINATING:
            return cases
        if membership.role in Membership.TEACHING:
            return cases.filter(
                Q(leader=user) | Q(pk__in=CaseStaff.objects.filter(user=user).values("case_id"))
            )
        return self.none()

    def running(self) -> Self:
        return self.filter(status__in=Case.RUNNING)


class Case(SchoolRow):
    """One pupil carried through the method, in one round or more.

    ``next_kind``, ``next_date``, ``next_time`` and ``next_owner`` say what comes next, when, and
    who does it, so that no open case can wait for nobody (inventory B3). Only verbs change them.
    """

    # AFTERCARE: it got better; only the later checks are left (B2).
    OPEN, PAUSED, AFTERCARE, CLOSED, ELSEWHERE = (
        "open",
        "paused",
        "aftercare",
        "closed",
        "elsewhere",
    )
    RUNNING = (OPEN, PAUSED, AFTERCARE)
    STATUSES = [
        (OPEN, _("running")),
        (AFTERCARE, _("better, later checks to come")),
        (PAUSED, _("paused")),
        (CLOSED, _("finished")),
        (ELSEWHERE, _("another route")),
    ]

    code = models.CharField(max_length=8)
    pupil = models.ForeignKey("cases.Pupil", on_delete=models.PROTECT, related_name="cases")
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="led_cases"
    )
    status = models.CharField(max_length=10, choices=STATUSES, default=OPEN)
    step = models.CharField(max_length=20)
    round_number = models.PositiveSmallIntegerField(default=1)
    next_kind = models.CharField(max_length=20, blank=True)
    next_date = models.DateField(null=True, blank=True)
    next_time = models.TimeField(null=True, blank=True)
    # Whether ``next_date`` was agreed on; otherwise it is the day by which a day has to be chosen.
    next_agreed = models.BooleanField(default=False)
    next_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_words = EncryptedTextField(blank=True, default="")
    # Made by the form: pressing twice, or sending again after a lost answer, opens one case.
    client_key = models.UUIDField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="case_code_once"),
            models.UniqueConstraint(fields=["school", "client_key"], name="case_opened_once"),
        ]
        indexes = [
            models.Index(fields=["school", "status", "next_date", "id"], name="case_by_next"),
            models.Index(fields=["leader", "status", "next_date"], name="case_by_leader"),
            models.Index(fields=["school", "status", "step"], name="case_by_step"),
            models.Index(fields=["school", "created_at"], name="case_by_created"),
            models.Index(
                fields=["next_date"], condition=Q(next_date__isnull=False), name="case_by_day"
            ),
            models.Index(
                fields=["id"],
                condition=Q(status__in=["open", "paused", "aftercare"])
                & (Q(next_date=None) | Q(next_owner=None)),
                name="case_without_next",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def running(self) -> bool:
        return self.status in self.RUNNING


class CaseStaff(SchoolRow):
    """A colleague who was added to a case and runs it along with the leader."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="staff")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="case_places"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="on_a_case_once")]


class Round(SchoolRow):
    """One time through the method. When it did not get better enough, another follows (S7.2)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(default=1)
    first_step = models.CharField(max_length=20)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    # P2.3: why other than 6-8, half and half
    balance_reason = EncryptedTextField(blank=True, default="")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="round_once")]


class StepRecord(SchoolRow):
    """How far a step is in a round: open, done, or skipped with a reason (M4)."""

    OPEN, DONE, SKIPPED = "open", "done", "skipped"
    STATES = [(OPEN, _("open")), (DONE, _("done")), (SKIPPED, _("skipped"))]

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="step_records")
    step = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=STATES, default=OPEN)
    reason = EncryptedTextField(blank=True, default="")
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "step"], name="step_once_per_round")
        ]


class Scratch(SchoolRow):
    """Loose notes of one person in a case: never shown in a talk, only to that person on the case
    page.

    Until each talk had a pad of its own (TalkPad) this was the pad of all talks of a case. Nothing
    new is written here: what is typed for a page that is not open any more is a LateText.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="scratches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField(blank=True, default="")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="one_scratch_each")]


class LateText(SchoolRow):
    """What somebody typed on a page that had closed meanwhile: shown on the page of the case, to
    its writer alone, until they throw it away. ``typed``: {"texts": [[label, text], ...]}.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="late_texts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    typed = EncryptedJSONField()
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["saved_at", "pk"]


class PendingPost(Row):
    """A form that arrived after its sign-in had ended, kept for the same browser to finish.

    Sealed, gone when used or after a day. Not a draft: drafts are page records. One row for each
    form that was on a screen (``form``), however often it is sent.
    """

    owner = models.UUIDField(db_index=True)  # for whom the form was made; nobody else is shown it
    # the form, as it was given out: two tabs are two forms
    form = models.UUIDField(default=uuid.uuid4)
    path = models.CharField(max_length=300)  # where it was sent to
    page = models.CharField(max_length=300, blank=True)  # the page that it was on
    # A keyed hash of the browser that it was made in, if it was sent from there as well; else
    # empty.
    browser = models.CharField(max_length=32, blank=True)
    fields = EncryptedJSONField()
    size = models.PositiveIntegerField(default=0)  # characters
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "cases_keptpost"  # the name of before: it is part of what seals the column

    def key_scope(self) -> str:
        return "kept"
