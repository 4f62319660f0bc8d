"""Who looked, changed or printed: rows that are only ever added, chained per school."""

from django.conf import settings
from django.db import models


class JournalHead(models.Model):
    """The end of a school's chain. Locked while a line is added, so the chain has one order."""

    school = models.OneToOneField(
        "cases.School", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    number = models.PositiveBigIntegerField(default=0)
    mac = models.BinaryField(default=b"")


class JournalEntry(models.Model):
    """One line: who did what to which object, when. Names of fields, never their contents.

    ``case`` is a plain id, not a foreign key: the line outlives the case. ``mac`` covers the
    line and the one before it, so that a changed, removed or inserted line is noticed.
    """

    # What was done.
    VIEW, CHANGE, PRINT = "view", "change", "print"
    OPEN, FINISH, SKIP, NEW_ROUND = "open", "finish", "skip", "new round"
    AFTERCARE, CLOSE, REOPEN = "aftercare", "close", "reopen"
    PAUSE, RESUME, GO_ON_HERE = "pause", "resume", "go on here"
    ADD_COLLEAGUE, REMOVE_COLLEAGUE = "add colleague", "remove colleague"
    HAND_OVER = "hand over"
    REMINDED, SEND_AGAIN = "reminded", "send again"
    VIEW_CONFIDENTIAL = "view confidential"

    school = models.ForeignKey("cases.School", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=16, blank=True)
    action = models.CharField(max_length=24)
    case = models.UUIDField(null=True, blank=True)
    thing = models.CharField(max_length=80, blank=True)
    fields = models.JSONField(default=list, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    previous = models.BinaryField(default=b"")
    mac = models.BinaryField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="journal_in_order")
        ]
        indexes = [models.Index(fields=["case", "-number"], name="journal_by_case")]
