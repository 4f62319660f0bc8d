"""The tables. Who sees a row is said here (`visible_to`); who may act, in `cases.access`."""

from .appointment import Appointment
from .case import (
    Case,
    CaseStaff,
    LateText,
    PendingPost,
    Round,
    Scratch,
    StepRecord,
)
from .document import PaperText, PrintJob, SchoolLogo
from .enclosure import Enclosure
from .journal_entry import JournalEntry, JournalHead
from .page_record import OpenedPage, PageRecord, PageRevision
from .person import Membership, Pupil, User
from .reminder import CalendarFeed, DailyMail, Reminder, SweepRun
from .school import ClassGroup, ClosedDay, School
from .sign_in_attempt import ResetRequest, Throttle
from .support_group import GroupMember, Idea
from .talk_pad import TalkPad

__all__ = [
    "Appointment",
    "CalendarFeed",
    "Case",
    "CaseStaff",
    "ClassGroup",
    "ClosedDay",
    "DailyMail",
    "Enclosure",
    "GroupMember",
    "Idea",
    "JournalEntry",
    "JournalHead",
    "LateText",
    "Membership",
    "OpenedPage",
    "PageRecord",
    "PageRevision",
    "PaperText",
    "PendingPost",
    "PrintJob",
    "Pupil",
    "Reminder",
    "ResetRequest",
    "Round",
    "School",
    "SchoolLogo",
    "Scratch",
    "StepRecord",
    "SweepRun",
    "TalkPad",
    "Throttle",
    "User",
]
