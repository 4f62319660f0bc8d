"""What belongs to paper: the words of a letter, the school's logo, and printing that takes a
while.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..crypto.fields import EncryptedBytesField, EncryptedTextField
from .base import SchoolRow


class PaperText(SchoolRow):
    """The words of a letter where they differ from our proposal, in one language.

    ``version`` grows with each change: a save on an older one changes nothing and shows both.
    ``member`` is None for the words that everybody in the group gets.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="paper_texts")
    round = models.ForeignKey("cases.Round", on_delete=models.CASCADE, related_name="paper_texts")
    kind = models.CharField(max_length=16)
    member = models.ForeignKey(
        "cases.GroupMember",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="paper_texts",
    )
    language = models.CharField(max_length=8)
    text = EncryptedTextField(blank=True, default="")
    place = EncryptedTextField(blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "kind", "language"],
                condition=Q(member=None),
                name="paper_text_once_per_round",
            ),
            models.UniqueConstraint(
                fields=["round", "kind", "member", "language"],
                condition=Q(member__isnull=False),
                name="paper_text_once_per_member",
            ),
        ]


class SchoolLogo(SchoolRow):
    """The picture at the top of letters: cleaned by `cases.uploads.images`, never the upload
    itself.
    """

    school = models.OneToOneField("cases.School", on_delete=models.CASCADE, related_name="logo")
    image = models.BinaryField()
    mime = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )


class PrintJob(SchoolRow):
    """Paper that takes longer than a page may: asked for here, made by the worker, fetched by its
    owner.

    ``order`` says by ids and keys what is asked; it holds no names and no words. A worker holds the
    row by ``lease_until``; when it dies the lease runs out and another takes over. ``result`` is
    sealed and gone an hour after it was made, or at once when the job is stopped.
    """

    WAITING, RUNNING, DONE, STOPPED, FAILED = "waiting", "running", "done", "stopped", "failed"
    STATES = [
        (WAITING, _("waiting")),
        (RUNNING, _("being made")),
        (DONE, _("ready")),
        (STOPPED, _("stopped")),
        (FAILED, _("failed")),
    ]
    OPEN = (WAITING, RUNNING)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="print_jobs"
    )
    order = models.JSONField(default=dict)
    language = models.CharField(max_length=8)
    filename = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=STATES, default=WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Why it failed, in words that are already translated: shown to its owner only.
    problem = EncryptedTextField(blank=True, default="")
    result = EncryptedBytesField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Made by the form: pressing twice asks once.
    client_key = models.UUIDField()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "client_key"], name="print_job_asked_once")
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["waiting", "running"]),
                name="print_job_to_make",
            ),
            models.Index(
                fields=["finished_at"],
                condition=Q(finished_at__isnull=False),
                name="print_job_to_forget",
            ),
        ]
