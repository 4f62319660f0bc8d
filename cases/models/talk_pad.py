"""The pad of one talk: what was noted while a pupil, or the group, sat beside the screen."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..crypto.fields import EncryptedJSONField, EncryptedTextField
from .base import SchoolRow


class TalkPad(SchoolRow):
    """What one person noted on the talk screen of one page; for the short talks, of one member.

    It is shown in that talk and on that page only, and only to who wrote it. ``sent`` holds, by
    open screen, what that screen sent last, as long as it stands in ``text``: a screen that is
    behind replaces that, and nothing else. ``written_from``, the screen whose text the whole pad
    is, is read by the release before this one only.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="talk_pads")
    round = models.ForeignKey("cases.Round", on_delete=models.CASCADE, related_name="talk_pads")
    step = models.CharField(max_length=20)
    page = models.CharField(max_length=20)
    member = models.ForeignKey(
        "cases.GroupMember",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="talk_pads",
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField(blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    sent = EncryptedJSONField(blank=True, default=dict, db_default=b"")
    written_from = models.CharField(max_length=16, blank=True, default="")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "step", "page", "user"],
                condition=Q(member=None),
                name="talk_pad_once_per_round",
            ),
            models.UniqueConstraint(
                fields=["round", "step", "page", "member", "user"],
                condition=Q(member__isnull=False),
                name="talk_pad_once_per_member",
            ),
        ]
