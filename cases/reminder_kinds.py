"""The one table of the kinds of reminders: what each says, to whom, and how often.

Pure data. A new kind is a row here and, in `wanted` of `cases.actions.reminder_rows`, the rule that
asks for it. The words of the mail, and what a person may leave out of the mail, derive from it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

PLAN, TOMORROW, TODAY, LATE = "plan", "tomorrow", "today", "late"
DRAFT, NOBODY, ESCALATE = "draft", "nobody", "escalate"

# Who gets a reminder.
OWNER = "owner"  # who does what it is about
LEADER = "leader"  # who leads the case
COORDINATORS = "coordinators"  # the school's care coordinators, but for the owner
SOMEBODY = "somebody"  # the coordinators; else colleagues; else who manages the school

# What the subject line of a mail counts: the first of these that is in the mail.
TALKS_TODAY, WAITING, TALKS_SOON = "talks today", "waiting", "talks soon"


@dataclass(frozen=True)
class ReminderKind:
    """One kind of reminder.

    ``weight``: of several about the same thing the one with the lowest is said, and a mail begins
    with it. ``sentence`` is what the mail says, with {day}, {time}, {what}, {code} and, with
    ``counts_days``, {n} school days late; in its place, if given: ``at_time`` when a time was
    agreed on, ``not_tomorrow`` when its day is not the next one, ``undated`` when there is only a
    day by which. ``subject``: what the subject line counts. ``has_sheet``: there is something to
    print before it. ``repeats``: said again until it is done. ``gives_way``: only said of a case
    of which nothing else is. ``also_unseen``: also told to who does not see the case.
    ``by_monitor``: written by the check of running cases, not by `wanted`. ``setting``: the words
    under which a person may leave it out of their mail, None for what always comes (B3);
    ``setting_order``: its place among those.
    """

    key: str
    weight: int
    to: str
    sentence: Promise
    at_time: Promise | None = None
    not_tomorrow: Promise | None = None
    undated: Promise | None = None
    counts_days: bool = False
    subject: str = ""
    has_sheet: bool = False
    repeats: bool = False
    gives_way: bool = False
    also_unseen: bool = False
    by_monitor: bool = False
    setting: Promise | None = None
    setting_order: int = 0


TABLE = (
    ReminderKind(
        PLAN,
        weight=5,
        to=OWNER,
        sentence=_("By {day} there is {what} ({code}): choose a day, or do it now."),
        repeats=True,
        setting=_("For which talk a day has to be chosen"),
        setting_order=3,
    ),
    ReminderKind(
        TOMORROW,
        weight=6,
        to=OWNER,
        sentence=_("Tomorrow, {day}, you have {what} ({code})."),
        not_tomorrow=_("On {day} you have {what} ({code})."),
        subject=TALKS_SOON,
        has_sheet=True,
        setting=_("What is planned for the next school day"),
        setting_order=2,
    ),
    ReminderKind(
        TODAY,
        weight=4,
        to=OWNER,
        sentence=_("Today, {day}, you have {what} ({code})."),
        at_time=_("Today at {time} you have {what} ({code})."),
        subject=TALKS_TODAY,
        has_sheet=True,
        setting=_("What is planned for today"),
        setting_order=1,
    ),
    ReminderKind(
        LATE,
        weight=2,
        to=OWNER,
        sentence=ngettext_lazy(
            "One school day late: {what}, planned for {day} ({code}).",
            "{n} school days late: {what}, planned for {day} ({code}).",
            "n",
        ),
        # The day by which it was to be done says nothing to anybody.
        undated=ngettext_lazy(
            "One school day late: {what} ({code}).", "{n} school days late: {what} ({code}).", "n"
        ),
        counts_days=True,
        subject=WAITING,
        repeats=True,
    ),
    ReminderKind(
        DRAFT,
        weight=7,
        to=LEADER,
        sentence=_(
            "A week ago you began to write ({code}). What you wrote is kept: go on when you can."
        ),
        gives_way=True,
        setting=_("What you began a week ago and did not finish"),
        setting_order=4,
    ),
    ReminderKind(
        NOBODY,
        weight=1,
        to=SOMEBODY,
        sentence=_("Nobody takes care of {code} at the moment. Please say who does."),
        subject=WAITING,
        # An administrator sees no case, but is told the code of one when there is nobody else.
        also_unseen=True,
        by_monitor=True,
    ),
    ReminderKind(
        ESCALATE,
        weight=3,
        to=COORDINATORS,
        sentence=ngettext_lazy(
            "One school day late, with a colleague: {what}, planned for {day} ({code}).",
            "{n} school days late, with a colleague: {what}, planned for {day} ({code}).",
            "n",
        ),
        undated=ngettext_lazy(
            "One school day late, with a colleague: {what} ({code}).",
            "{n} school days late, with a colleague: {what} ({code}).",
            "n",
        ),
        counts_days=True,
        subject=WAITING,
        repeats=True,
    ),
)
KINDS = {kind.key: kind for kind in TABLE}
# What a person may leave out of the mail.
MAY_BE_OFF = tuple(kind.key for kind in TABLE if kind.setting is not None)
