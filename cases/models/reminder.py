"""What has to be said to whom on which day, the one mail a day that says it, and what the clock
did.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Row, SchoolRow


class DailyMail(Row):
    """The one mail that a person gets on a day: the row is what a worker claims.

    ``lease_until`` is set by the worker that claimed it; when that worker dies, it is claimed again
    later and sent with the same Message-ID.
    """

    DUE, SENT, FAILED = "due", "sent", "failed"
    STATES = [(DUE, _("due")), (SENT, _("sent")), (FAILED, _("failed"))]

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="daily_mails"
    )
    date = models.DateField()
    state = models.CharField(max_length=8, choices=STATES, default=DUE)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "date"], name="one_mail_a_day")]
        indexes = [
            models.Index(fields=["date"], condition=models.Q(state="due"), name="daily_mail_due"),
            models.Index(
                fields=["date"], condition=models.Q(state="failed"), name="daily_mail_failed"
            ),
        ]


class Reminder(SchoolRow):
    """One thing to tell one person on one calendar day of the school.

    ``due_on`` is a date, not a moment: no daylight-saving change can move it. ``subject`` is the
    kind of appointment, or of next action, that it is about. ``mail`` is the mail it goes, or went,
    along with.
    """

    DUE, SENT, SILENCED = "due", "sent", "silenced"
    STATES = [(DUE, _("due")), (SENT, _("sent")), (SILENCED, _("not needed"))]

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="reminders")
    round = models.ForeignKey("cases.Round", on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10)  # a key of `cases.reminder_kinds.KINDS`
    subject = models.CharField(max_length=16)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders"
    )
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=STATES, default=DUE)
    mail = models.ForeignKey(
        DailyMail, on_delete=models.SET_NULL, null=True, blank=True, related_name="reminders"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "kind", "subject", "recipient", "due_on"], name="reminded_once"
            )
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(state="due"), name="reminder_due"),
            models.Index(
                fields=["recipient", "due_on"],
                condition=models.Q(state="due"),
                name="reminder_due_to",
            ),
            models.Index(fields=["case", "state"], name="reminder_by_case"),
        ]


class SweepRun(models.Model):
    """One time that the clock looked what was due: when, and what it did. Kept for two weeks."""

    started_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    sent = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-started_at"]


class CalendarFeed(Row):
    """A person's private calendar address. Only a fingerprint of its secret is kept; revoking
    deletes the row.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    fingerprint = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret, hex
    created_at = models.DateTimeField(auto_now_add=True)
    last_read_at = models.DateTimeField(null=True, blank=True)
