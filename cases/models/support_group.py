"""The support group of a round and its ideas."""

from django.conf import settings
from django.db import models

from ..crypto.fields import EncryptedTextField
from .base import SchoolRow


class GroupMember(SchoolRow):
    """A pupil in the support group of one round.

    ``role`` (leader, follower, other) belongs to this place only, never to the pupil (M2): it is
    encrypted, shown only to who runs the case, and erased when the case closes.
    """

    LEADER, FOLLOWER, OTHER = "leader", "follower", "other"
    ROLES = (LEADER, FOLLOWER, OTHER)
    INVOLVED = (LEADER, FOLLOWER)

    round = models.ForeignKey("cases.Round", on_delete=models.CASCADE, related_name="members")
    pupil = models.ForeignKey("cases.Pupil", on_delete=models.PROTECT, related_name="group_places")
    role = EncryptedTextField(blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)  # S7.5: the order of the talks
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "pupil"], name="member_once_per_round")
        ]
        indexes = [models.Index(fields=["pupil", "left_at"], name="member_by_pupil")]


class Idea(SchoolRow):
    """An idea, in the words of the pupil it is tied to (S5.2). ``slip`` is the text for paper, if
    it differs.

    ``slip_by`` worded the slip: None where an earlier release may have made the text itself.
    ``slip_checked``: somebody said that a word which could be a name is none here.
    """

    member = models.ForeignKey(GroupMember, on_delete=models.CASCADE, related_name="ideas")
    text = EncryptedTextField(blank=True, default="")
    slip = EncryptedTextField(blank=True, default="")
    slip_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    slip_checked = models.BooleanField(default=False)
    written_at = models.DateTimeField(auto_now=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member"], name="one_idea_each")]
