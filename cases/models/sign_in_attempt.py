"""Around signing in: how often something was tried, and who asked for a new password."""

from django.db import models

from ..crypto.fields import EncryptedTextField
from .base import Row


class Throttle(models.Model):
    """How often something was tried for one subject, and from when on it may be tried again.

    ``key`` is a keyed hash of what is counted (an account, an address, both, a browser): the table
    names nobody.
    """

    key = models.CharField(max_length=64, primary_key=True)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True, db_index=True)
    # of an address: staff sign in from it
    signed_in_at = models.DateTimeField(null=True, blank=True)


class ResetRequest(Row):
    """A new password that was asked for; the clock mails the link if somebody has this address.

    The same row for a known and an unknown address. It holds no token: that is made when the mail
    is sent. ``tag`` is a keyed hash of the address, so that one who asks twice gets one mail.
    """

    tag = models.CharField(max_length=64, unique=True)
    email = EncryptedTextField()
    asked_at = models.DateTimeField()
    next_at = models.DateTimeField()  # when to try (again); later while a worker is at it
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(handled_at=None),
                name="reset_request_waiting",
            )
        ]

    def key_scope(self) -> str:
        return "accounts"
