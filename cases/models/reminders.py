"""A reminder is a row; the worker claims it, mails, and notes that it did."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import SchoolRow


class Reminder(SchoolRow):
    """One thing to tell one person on one calendar day of the school.

    ``due_on`` is a date, not a moment: no daylight-saving change can move it. ``lease_until`` is
    set by the worker that claimed the row; when that worker dies, the row is claimed again later.
    """

    PLAN, TOMORROW, TODAY, LATE = "plan", "tomorrow", "today", "late"
    KINDS = [
        (PLAN, _("follow-up to plan")),
        (TOMORROW, _("follow-up tomorrow")),
        (TODAY, _("follow-up today")),
        (LATE, _("follow-up late")),
    ]
    DUE, SENT, SILENCED, FAILED = "due", "sent", "silenced", "failed"
    STATES = [(DUE, _("due")), (SENT, _("sent")), (SILENCED, _("not needed")), (FAILED, _("failed"))]

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="reminders")
    round = models.ForeignKey("cases.Round", on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=KINDS)
    subject = models.CharField(max_length=10)  # the kind of appointment it is about
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=STATES, default=DUE)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "kind", "subject", "to", "due_on"], name="reminded_once")
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(state="due"), name="reminder_due"),
            models.Index(fields=["case", "state"], name="reminder_by_case"),
        ]
