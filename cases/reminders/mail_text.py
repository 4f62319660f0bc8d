"""The mail itself: kind, short and without a single name.

Mail is read on lock screens and in shared mailboxes. So a subject is one of the constants below
with a number, and the text adds to them a case's code, a calendar day, a time, and addresses behind
the sign-in.
"""

import datetime
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy, pgettext

from ..models import Appointment, DailyMail, Reminder
from .digest import Item

MOST_ITEMS = 30
SOON = "soon"  # the next school day is not the next day
TIMED = "timed"

TALK, TALKS, MEETING, MOMENT = (
    _("a talk"),
    _("short talks"),
    _("a meeting"),
    _("a short moment to ask"),
)
# What a reminder is about, in words that anybody may read over a shoulder.
WHAT = {
    Appointment.TALK: TALK,
    Appointment.PUPIL: TALK,
    Appointment.MEMBERS: TALKS,
    Appointment.MEETING: MEETING,
    Appointment.INTERIM: MOMENT,
    **dict.fromkeys(Appointment.LATER, MOMENT),
    "plan_pupil": TALK,
    "plan_members": TALKS,
    "resume": TALK,
    "group": _("something to prepare"),
    "note_talk": _("something to write down"),
    "write_up": _("something to write down"),
    "close": _("something to decide"),
    "later": _("something to decide"),
}
ANYTHING = _("something to do")

SENTENCES = {
    Reminder.TODAY: _("Today, {day}, you have {what} ({code})."),
    TIMED: _("Today at {time} you have {what} ({code})."),
    Reminder.TOMORROW: _("Tomorrow, {day}, you have {what} ({code})."),
    SOON: _("On {day} you have {what} ({code})."),
    Reminder.PLAN: _("By {day} there is {what} ({code}): choose a day, or do it now."),
    Reminder.DRAFT: _(
        "A week ago you began to write ({code}). What you wrote is kept: go on when you can."
    ),
    Reminder.NOBODY: _("Nobody takes care of {code} at the moment. Please say who does."),
}
LATE = ngettext_lazy(
    "One school day late: {what}, planned for {day} ({code}).",
    "{n} school days late: {what}, planned for {day} ({code}).",
    "n",
)
ESCALATE = ngettext_lazy(
    "One school day late, with a colleague: {what}, planned for {day} ({code}).",
    "{n} school days late, with a colleague: {what}, planned for {day} ({code}).",
    "n",
)
# Of something that has no day: the day by which it was to be done says nothing to anybody.
LATE_UNDATED = ngettext_lazy(
    "One school day late: {what} ({code}).", "{n} school days late: {what} ({code}).", "n"
)
ESCALATE_UNDATED = ngettext_lazy(
    "One school day late, with a colleague: {what} ({code}).",
    "{n} school days late, with a colleague: {what} ({code}).",
    "n",
)
# With a sheet to print before it.
ON_PAPER = (Reminder.TODAY, Reminder.TOMORROW)


def sentence(item: Item, today: datetime.date) -> str:
    """What is said about one thing, in the active language."""
    params = {
        "code": item.case.code,
        "what": WHAT.get(item.subject, ANYTHING),
        "day": _short(item.date) if item.date else "",
        "time": _clock(item.time) if item.time else "",
        "n": item.late,
    }
    if item.kind in (Reminder.LATE, Reminder.ESCALATE):
        dated = {Reminder.LATE: LATE, Reminder.ESCALATE: ESCALATE}
        undated = {Reminder.LATE: LATE_UNDATED, Reminder.ESCALATE: ESCALATE_UNDATED}
        words = (dated if item.agreed else undated)[item.kind]
        return (words % {"n": item.late}).format(**params)
    kind = item.kind
    if kind == Reminder.TODAY and item.time:
        kind = TIMED
    elif kind == Reminder.TOMORROW and item.date != today + datetime.timedelta(days=1):
        kind = SOON
    return str(SENTENCES[kind]).format(**params)


def subject_of(items: list[Item]) -> str:
    """The subject line: how many things there are, of the kind that matters most today."""
    today = sum(item.kind == Reminder.TODAY for item in items)
    late = sum(item.kind in (Reminder.LATE, Reminder.ESCALATE, Reminder.NOBODY) for item in items)
    tomorrow = sum(item.kind == Reminder.TOMORROW for item in items)
    if today:
        return ngettext("You have {n} talk today", "You have {n} talks today", today).format(
            n=today
        )
    if late:
        return ngettext(
            "{n} thing is still waiting for you", "{n} things are still waiting for you", late
        ).format(n=late)
    if tomorrow == len(items):
        return ngettext("You have {n} talk soon", "You have {n} talks soon", tomorrow).format(
            n=tomorrow
        )
    return ngettext(
        "There is {n} thing for you", "There are {n} things for you", len(items)
    ).format(n=len(items))


def address(name: str, *args: Any) -> str:
    """A full address in the application. No name, no code: nothing but the row's id."""
    try:
        return settings.PUBLIC_URL + reverse(name, args=args)
    except NoReverseMatch:
        return settings.PUBLIC_URL + "/"


def letter(mail: DailyMail, items: list[Item], language: str) -> EmailMultiAlternatives:
    """The mail of a day to its person, in ``language``, saying ``items``.

    The Message-ID is the same each time this mail is sent, so that a mailbox can recognise a second
    copy.
    """
    with translation.override(language):
        lines = [
            {
                "text": sentence(item, mail.date),
                "link": address("case", item.case.pk),
                "paper": address("case-print", item.case.pk) if item.kind in ON_PAPER else "",
            }
            for item in items[:MOST_ITEMS]
        ]
        more, subject = len(items) - len(lines), subject_of(items)
        context = {
            "subject": subject,
            "lines": lines,
            "more": ngettext("And {n} thing more.", "And {n} things more.", more).format(n=more)
            if more
            else "",
            "home": address("home"),
            "language": translation.get_language(),
        }
        message = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string("email/reminder.txt", context),
            to=[mail.recipient.email],
            headers={
                "Message-ID": f"<day-{mail.pk}@steentje>",
                "Date": format_datetime(timezone.now().astimezone(datetime.UTC)),
                "Auto-Submitted": "auto-generated",  # so that nobody's absence notice answers it
            },
        )
        message.attach_alternative(render_to_string("email/reminder.html", context), "text/html")
    return message


def _short(day: datetime.date) -> str:
    return date_format(day, pgettext("a short day, in letters of Django's date filter", "D j M"))


def _clock(at: datetime.time) -> str:
    return time_format(at, pgettext("a time of day, in letters of Django's date filter", "G:i"))
