"""A school and its class groups."""

import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..fields import EncryptedTextField
from ..schooldays import SchoolCalendar
from .base import Row, SchoolRow


class School(Row):
    """One school: its language, time zone and country decide words, clocks and free days."""

    PRIMARY, SECONDARY = "primary", "secondary"
    KINDS = [(PRIMARY, _("Primary school")), (SECONDARY, _("Secondary school"))]

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS, default=PRIMARY)
    country = models.CharField(_("country"), max_length=2, default="NL")
    subdivision = models.CharField(_("region"), max_length=8, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="nl")
    timezone = models.CharField(_("time zone"), max_length=64, default="Europe/Amsterdam", db_index=True)
    help_name = models.CharField(_("who helps"), max_length=120, blank=True)
    help_phone = models.CharField(_("phone of who helps"), max_length=40, blank=True)
    # Opens only with the right key: the start-up check reads it, so a wrong key is noticed at once.
    key_check = EncryptedTextField(editable=False, default="")
    KEY_CHECK = "steentje"

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if self._state.adding:
            self.key_check = self.KEY_CHECK
        super().save(*args, **kwargs)

    def key_scope(self) -> str:
        return str(self.pk)

    def now(self) -> datetime.datetime:
        """The present moment on the school's clock."""
        return timezone.now().astimezone(ZoneInfo(self.timezone))

    def today(self) -> datetime.date:
        """The calendar day at the school."""
        return self.now().date()

    def calendar(self) -> SchoolCalendar:
        """The school's free days."""
        return SchoolCalendar(country=self.country, subdivision=self.subdivision)


class ClassGroup(SchoolRow):
    """A class or group of pupils, such as "7b"."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(_("name"), max_length=40)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="group_once_per_school")]

    def __str__(self):
        return self.name
