"""The mail itself: which things it says, in kind, short words, without a single name.

Mail is read on lock screens and in shared mailboxes. So a subject is one of the constants below
with a number, and the text adds to them a case's code, a calendar day, a time, and addresses behind
the sign-in. What each kind of reminder says stands in `cases.reminder_kinds`,
and what it is about in `cases.next_actions`.
"""

import datetime
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from ..formats.dates import clock, day
from ..method.grammar import Text
from ..models import Appointment, Case, DailyMail, Reminder
from ..next_actions import NEXT_ACTIONS, SOMETHING
from ..reminder_kinds import KINDS, PLAN, TALKS_SOON, TALKS_TODAY, WAITING

MOST_ITEMS = 30


@dataclass(frozen=True)
class Item:
    """One thing to say: kind of reminder, subject, case, its day and time, school days late, and
    whether the day was agreed on (otherwise it is the day by which).
    """

    kind: str
    subject: str
    case: Case
    date: datetime.date | None = None
    time: datetime.time | None = None
    late: int = 0
    agreed: bool = True


def items(rows: list[Reminder], today: datetime.date) -> list[Item]:
    """The things that ``rows`` (with their cases and schools) say ``today``, most urgent first.

    Of several about the same thing the one with the lowest weight is said.
    """
    planned = {
        (each.round_id, each.kind): each
        for each in Appointment.objects.filter(
            round__in={row.round_id for row in rows}, state=Appointment.PLANNED
        )
    }
    best: dict[tuple[UUID, str], Reminder] = {}
    for row in sorted(said(rows), key=_urgency):
        best.setdefault((row.case_id, row.subject), row)
    return [
        _item(row, planned.get((row.round_id, row.subject)), today)
        for row in sorted(best.values(), key=_urgency)
    ]


def said(rows: list[Reminder]) -> list[Reminder]:
    """Those of the reminders that `items` says, by itself or along with another about the same
    thing; one that gives way to something else waits for a day without it.
    """
    other = {row.case_id for row in rows if not KINDS[row.kind].gives_way}
    return [row for row in rows if not KINDS[row.kind].gives_way or row.case_id not in other]


def _urgency(row: Reminder) -> tuple[int, datetime.date, str, str]:
    return KINDS[row.kind].weight, row.due_on, row.case.code, row.subject


def _item(row: Reminder, appointment: Appointment | None, today: datetime.date) -> Item:
    date = appointment.date if appointment else row.case.next_date
    if appointment is None and row.kind == PLAN:
        date = row.due_on  # also when something else comes first in this case
    late = 0
    if KINDS[row.kind].counts_days and date:
        late = max(1, row.case.school.calendar().school_days_between(date, today))
    time = appointment.time if appointment else None
    return Item(row.kind, row.subject, row.case, date, time, late, agreed=appointment is not None)


def sentence(item: Item, today: datetime.date) -> str:
    """What is said about one thing, in the active language."""
    kind, words = KINDS[item.kind], KINDS[item.kind].sentence
    if kind.at_time and item.time:
        words = kind.at_time
    elif kind.not_tomorrow and item.date != today + datetime.timedelta(days=1):
        words = kind.not_tomorrow
    elif kind.undated and not item.agreed:
        words = kind.undated
    if kind.counts_days:
        words = words % {"n": item.late}
    return str(words).format(
        code=item.case.code,
        what=about(item.subject),
        day=day(item.date),
        time=clock(item.time),
        n=item.late,
    )


def about(subject: str) -> Text:
    """What a reminder is about, in words that anybody may read over a shoulder."""
    return NEXT_ACTIONS[subject].mail if subject in NEXT_ACTIONS else SOMETHING


def subject_of(items: list[Item]) -> str:
    """The subject line: how many things there are, of the kind that matters most today."""
    counted = [KINDS[item.kind].subject for item in items]
    today, late, soon = (counted.count(each) for each in (TALKS_TODAY, WAITING, TALKS_SOON))
    if today:
        return ngettext("You have {n} talk today", "You have {n} talks today", today).format(
            n=today
        )
    if late:
        return ngettext(
            "{n} thing is still waiting for you", "{n} things are still waiting for you", late
        ).format(n=late)
    if soon == len(items):
        return ngettext("You have {n} talk soon", "You have {n} talks soon", soon).format(n=soon)
    return ngettext(
        "There is {n} thing for you", "There are {n} things for you", len(items)
    ).format(n=len(items))


def address(name: str, *args: Any) -> str:
    """A full address in the application. No name, no code: nothing but the row's id."""
    try:
        return settings.PUBLIC_URL + reverse(name, args=args)
    except NoReverseMatch:
        return settings.PUBLIC_URL + "/"


def mail_message(mail: DailyMail, items: list[Item], language: str) -> EmailMultiAlternatives:
    """The mail of a day to its person, in ``language``, saying ``items``.

    The Message-ID is the same each time this mail is sent, so that a mailbox can recognise a second
    copy.
    """
    with translation.override(language):
        lines = [
            {
                "text": sentence(item, mail.date),
                "link": address("case", item.case.pk),
                "paper": address("case-print", item.case.pk) if KINDS[item.kind].has_sheet else "",
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
