"""The mail itself: kind, short and without a single name.

Mail is read on lock screens and in shared mailboxes. So a subject is one of the constants below and
the text adds nothing to them but a calendar day and an address behind the sign-in.
"""

import datetime
from dataclasses import dataclass
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from ..models import Reminder, User


@dataclass(frozen=True)
class Words:
    """What a mail says. ``{day}`` in ``lines`` is the day of the appointment, such as "Tue 13 Oct"."""

    subject: object
    lines: tuple[object, ...]


SOON = "soon"  # the next school day is not the next day

WORDS = {
    Reminder.PLAN: Words(
        _("Choose a day for 1 talk"),
        (
            _("One talk does not have a day yet."),
            _("Choose one when it suits you; the calendar shows which days fit."),
        ),
    ),
    Reminder.TOMORROW: Words(
        _("You have 1 talk tomorrow"),
        (
            _("Tomorrow, {day}, you have a talk."),
            _("Everything you need for it is ready for you, and you can print it."),
        ),
    ),
    SOON: Words(
        _("You have 1 talk soon"),
        (
            _("On {day} you have a talk."),
            _("Everything you need for it is ready for you, and you can print it."),
        ),
    ),
    Reminder.TODAY: Words(
        _("You have 1 talk today"),
        (
            _("Today, {day}, you have a talk."),
            _("Does something come up? Then choose another day; that takes a minute."),
        ),
    ),
    Reminder.LATE: Words(
        _("1 talk is still waiting for you"),
        (
            _("On {day} you had a talk planned, and nothing is written down about it yet."),
            _("Did you have it? Then write down how it went. If not, choose a new day."),
        ),
    ),
}


def words_for(reminder: Reminder, on: datetime.date | None, today: datetime.date) -> Words:
    """The words for a reminder that goes out ``today`` about an appointment ``on`` a day."""
    if reminder.kind == Reminder.TOMORROW and on != today + datetime.timedelta(days=1):
        return WORDS[SOON]
    return WORDS[reminder.kind]


def link_for(reminder: Reminder) -> str:
    """The full address of the case, or of the first page. No name, no code, nothing but the row's id."""
    try:
        path = reverse("case", args=[reminder.case_id])
    except NoReverseMatch:
        path = "/"
    return settings.PUBLIC_URL + path


def letter(
    reminder: Reminder, to: User, on: datetime.date | None, today: datetime.date
) -> EmailMultiAlternatives:
    """The mail to ``to``, in the language of the reminder's school.

    ``on`` is the day of the appointment, None when there is none yet. The Message-ID is the same each
    time this reminder is sent, so that a mailbox can recognise a second copy.
    """
    with translation.override(reminder.school.language):
        words = words_for(reminder, on, today)
        day = (
            date_format(on, pgettext("a short day, in letters of Django's date filter", "D j M"))
            if on
            else ""
        )
        context = {
            "subject": str(words.subject),
            "lines": [str(line).format(day=day) for line in words.lines],
            "link": link_for(reminder),
            "language": translation.get_language(),
        }
        mail = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string("email/reminder.txt", context),
            to=[to.email],
            headers={
                "Message-ID": f"<reminder-{reminder.pk}@steentje>",
                "Date": format_datetime(timezone.now().astimezone(datetime.UTC)),
                "Auto-Submitted": "auto-generated",  # so that nobody's absence notice answers it
            },
        )
        mail.attach_alternative(render_to_string("email/reminder.html", context), "text/html")
    return mail
