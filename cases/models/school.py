"""A school and its class groups."""

import datetime
import logging
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..crypto.fields import EncryptedTextField
from ..schooldays.school_calendar import SchoolCalendar
from ..schooldays.windows import Spans, spans_with
from .base import Row, SchoolRow

log = logging.getLogger(__name__)


def weekend() -> list[int]:
    """Saturday and Sunday."""
    return [5, 6]


class School(Row):
    """One school: its language, time zone and country decide words, clocks and free days."""

    PRIMARY, SECONDARY = "primary", "secondary"
    KINDS = [(PRIMARY, _("Primary school")), (SECONDARY, _("Secondary school"))]

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS, default=PRIMARY)
    country = models.CharField(_("country"), max_length=2, default="NL")
    subdivision = models.CharField(_("region"), max_length=8, blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="nl"
    )
    timezone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Amsterdam", db_index=True
    )
    # Weekdays without school, and those on which the afternoon is free; Monday is 0.
    free_weekdays = models.JSONField(_("days without school"), default=weekend)
    free_afternoons = models.JSONField(_("free afternoons"), default=list, blank=True)
    # Which list of school holidays was chosen, a key of `cases.schooldays.regions`; "" when they
    # are typed in.
    region = models.CharField(_("school holidays of"), max_length=24, blank=True)
    # Other first and last days of the windows than the guide's, by kind; see
    # `method.days.WINDOWS`.
    windows = models.JSONField(default=dict, blank=True)
    late_to_coordinator = models.PositiveSmallIntegerField(
        _("school days after which the care coordinator hears of it too"), default=3
    )
    slip_shows_name = models.BooleanField(_("the pupil's name may stand on slips"), default=False)
    help_name = models.CharField(_("who helps"), max_length=120, blank=True)
    help_phone = models.CharField(_("phone of who helps"), max_length=40, blank=True)
    # Since when running cases wait for their reminders to follow a change of the school's days; see
    # `actions.days_changed.refresh_after_days`. The last case that was done, in order of key,
    # stands beside it.
    days_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    days_done_to = models.UUIDField(null=True, blank=True, editable=False)
    # What somebody said about files with closed days (`schooldays.files.Answers`), by the shape of
    # the file: which column is what, never what stands in it.
    day_columns = models.JSONField(default=dict, blank=True, editable=False)
    # Opens only with the right key: the start-up check reads it, so a wrong key is noticed at once.
    key_check = EncryptedTextField(editable=False, default="")
    KEY_CHECK = "steentje"
    # What `calendar` has read; the calendar with the settings that it was made of.
    _closed: list[tuple[datetime.date, datetime.date, str]] | None = None
    _calendar: tuple[tuple[object, ...], SchoolCalendar] | None = None

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
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
        return self.day_of(timezone.now())

    def day_of(self, moment: datetime.datetime) -> datetime.date:
        """The calendar day on the school's clock at this moment."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    def calendar(self) -> SchoolCalendar:
        """The school's days: public holidays, free weekdays and its own closed days, read once per
        object.
        """
        if self._closed is None:
            self._closed = [*self.closed_days.values_list("first", "last", "name")]
        settings_now = (self.country, self.subdivision, tuple(self.free_weekdays), id(self._closed))
        if self._calendar is None or self._calendar[0] != settings_now:
            self._calendar = (settings_now, self._make_calendar(self._closed))
        return self._calendar[1]

    def _make_calendar(
        self, closed: list[tuple[datetime.date, datetime.date, str]]
    ) -> SchoolCalendar:
        """With what is known of the region: a name that the library of holidays does not know (any
        more) must not stop a school from planning and being reminded.
        """
        for country, part in ((self.country, self.subdivision), (self.country, ""), ("", "")):
            try:
                return SchoolCalendar(country, part, self.free_weekdays, closed)
            except ValueError:
                log.warning("no public holidays are known for the region of school %s", self.pk)
        return SchoolCalendar("", closed=closed)

    def forget_days(self) -> None:
        """Read the closed days again when they are asked for the next time."""
        self._closed = self._calendar = None

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self.forget_days()

    def spans(self) -> Spans:
        """The windows of the follow-ups at this school: the guide's, or its own."""
        return spans_with(self.windows)


class ClosedDay(SchoolRow):
    """A day without school, or a run of them: a holiday, a study day. ``first`` and ``last`` are
    inclusive.
    """

    TYPED, FILE, REGION = "typed", "file", "region"
    SOURCES = [
        (TYPED, _("typed in")),
        (FILE, _("from a file")),
        (REGION, _("from the list of the region")),
    ]

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="closed_days")
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    name = models.CharField(_("name"), max_length=80)
    source = models.CharField(max_length=8, choices=SOURCES, default=TYPED)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["first", "last", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "first", "last", "name"], name="closed_day_once"
            ),
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="closed_day_in_order"
            ),
        ]
        indexes = [models.Index(fields=["school", "last"], name="closed_day_by_school")]

    def __str__(self) -> str:
        return self.name


class ClassGroup(SchoolRow):
    """A class or group of pupils, such as "7b"."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(_("name"), max_length=40)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="group_once_per_school")
        ]

    def __str__(self) -> str:
        return self.name
