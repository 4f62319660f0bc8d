"""The letter or drawing of the pupil for the group (S1.11)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..crypto.fields import EncryptedBytesField
from ..method import step1_agreements
from .base import SchoolRow


class Enclosure(SchoolRow):
    """A photo of a letter or drawing, or the note that it lies there on paper."""

    LETTER, DRAWING = step1_agreements.LETTER, step1_agreements.DRAWING
    KINDS = [(LETTER, _("Letter")), (DRAWING, _("Drawing"))]
    MOST_PER_CASE = 5

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="enclosures")
    kind = models.CharField(max_length=8, choices=KINDS)
    on_paper = models.BooleanField(default=False)
    image = EncryptedBytesField(default=b"")
    mime = models.CharField(max_length=20, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    client_key = models.UUIDField()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "client_key"], name="enclosure_added_once")
        ]
