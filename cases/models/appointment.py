"""Days agreed upon: the meeting, the pupil's follow-up, the short talks, the check in between."""

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..crypto.fields import EncryptedTextField
from ..method import days
from .base import SchoolRow


class Appointment(SchoolRow):
    """One day agreed upon in a round. Moving it makes ``sequence`` grow; it stays the same row."""

    TALK = days.TALK
    MEETING, PUPIL, MEMBERS, INTERIM = (
        days.MEETING,
        days.PUPIL,
        days.MEMBERS,
        days.INTERIM,
    )
    # Later checks (B2), after it got better.
    WEEKS6, MONTHS3, MONTHS6, SUMMER, *EXTRAS = days.LATER_KINDS
    LATER = days.LATER_KINDS
    KINDS = [
        (TALK, _("First talk")),
        (MEETING, _("Meeting with the group")),
        (PUPIL, _("Follow-up talk")),
        (MEMBERS, _("Short talks")),
        (INTERIM, _("Check in between")),
        (WEEKS6, _("Check after six weeks")),
        (MONTHS3, _("Check after three months")),
        (MONTHS6, _("Check after six months")),
        (SUMMER, _("Check after the summer")),
        *((extra, _("Extra check")) for extra in EXTRAS),
    ]
    PLANNED, HELD, CANCELLED = "planned", "held", "cancelled"
    STATES = [(PLANNED, _("planned")), (HELD, _("held")), (CANCELLED, _("cancelled"))]

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="appointments")
    round = models.ForeignKey("cases.Round", on_delete=models.CASCADE, related_name="appointments")
    kind = models.CharField(max_length=8, choices=KINDS)
    date = models.DateField()
    time = models.TimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default=PLANNED)
    reason = EncryptedTextField(blank=True, default="")  # why outside the window, or on a free day
    # For which days of the talk and meeting it depends on this day was decided: kind to a day in
    # ISO form. None: planned before this was kept; a reason then says that it was decided.
    settled_for = models.JSONField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField(null=True, blank=True)
    changed: datetime.datetime  # no column: `calendar_feed` puts it on what it has read

    class Meta:
        ordering = ["date", "time", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "kind"], name="appointment_once_per_round")
        ]
        indexes = [models.Index(fields=["owner", "state", "date"], name="appointment_by_owner")]
