"""The tables. Who sees a row is said here (`visible_to`); who may act, in `cases.access`."""

from .accounts import ResetRequest, Throttle
from .appointments import Appointment
from .case import Case, CaseStaff, KeptPost, LateText, PageRecord, PageRevision, Round, Scratch, StepRecord
from .enclosures import Enclosure
from .group import GroupMember, Idea
from .journal import JournalEntry, JournalHead
from .paper import PaperText, PrintJob, SchoolLogo
from .people import Membership, Pupil, User
from .reminders import CalendarFeed, DailyMail, Reminder, SweepRun
from .school import ClassGroup, ClosedDay, School
from .talk_pads import TalkPad

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
    "KeptPost",
    "LateText",
    "Membership",
    "PageRecord",
    "PageRevision",
    "PaperText",
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
