"""Words for keys: what happened in a case, and what was answered. Logic never looks at them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..method import later, shared_questions
from ..method.step1_agreements import DRAWING, LETTER
from ..method.step7_followup import NOT_SPOKEN
from ..models import GroupMember, JournalEntry

HAPPENED = {
    JournalEntry.OPEN: _("Support plan started"),
    JournalEntry.CHANGE: _("Something was filled in or changed"),
    JournalEntry.FINISH: _("Step %(number)s finished: %(title)s"),
    JournalEntry.SKIP: _("Step %(number)s skipped: %(title)s"),
    JournalEntry.NEW_ROUND: _("A new round was opened"),
    JournalEntry.AFTERCARE: _("It is better: later checks planned"),
    JournalEntry.CLOSE: _("Finished"),
    JournalEntry.REOPEN: _("Opened again"),
    JournalEntry.PAUSE: _("Paused"),
    JournalEntry.RESUME: _("Taken up again"),
    JournalEntry.GO_ON_HERE: _("Went on with this approach after all"),
    JournalEntry.ADD_COLLEAGUE: _("A colleague was added"),
    JournalEntry.REMOVE_COLLEAGUE: _("A colleague was taken off"),
    JournalEntry.HAND_OVER: _("Handed over to a colleague"),
    JournalEntry.PRINT: _("Printed"),
    JournalEntry.REMINDED: _("Reminder sent"),
    JournalEntry.VIEW_CONFIDENTIAL: _("Looked into with a reason"),
}

# What was filled in or changed outside the pages of a step, by the first part of what the journal
# names.
CHANGED = {
    "intake": _("The first questions were answered"),
    "enclosure": _("A letter or drawing was added or taken away"),
    "slips": _("The words on the slips were changed"),
    "letter": _("The words of a letter were changed"),
    "order": _("The order of the short talks was changed"),
    "late text": _("What was typed too late for its page was kept or thrown away"),
    "scratch": _("Loose notes were written or cleared"),
    "pad": _("Notes of a talk were written or cleared"),
}
# Paper by the name it had in the journal of an earlier release.
PRINTED = {"sheet": _("Printed: the conversation sheet")}

VERDICTS = {
    **{choice.key: choice.label for choice in shared_questions.VERDICTS},
    NOT_SPOKEN: _("Not spoken with"),
}
# The same after "Noor says:".
SAYS = {
    shared_questions.BETTER: pgettext_lazy("what somebody says", "better"),
    shared_questions.LITTLE_BETTER: pgettext_lazy("what somebody says", "a little better"),
    shared_questions.NOT_BETTER: pgettext_lazy("what somebody says", "not better"),
}
LATER_VERDICTS = {
    later.WELL: _("still well"),
    later.WORRY: _("a new worry"),
    later.RETURNED: _("came back"),
    later.MOVED: _("well, but another pupil is struggling"),
}
# Only for who may see roles (M2).
ROLES = {
    GroupMember.LEADER: pgettext_lazy("role", "Leads"),
    GroupMember.FOLLOWER: pgettext_lazy("role", "Follows"),
    GroupMember.OTHER: pgettext_lazy("role", "Other pupil"),
}
ENCLOSED = {LETTER: _("With a letter."), DRAWING: _("With a drawing.")}
ADVICE = {
    "too_few": _("Choose {n} more."),
    "too_many": _("Choose {n} fewer. With more than eight not everyone gets a turn."),
    "more_others": _("{n} more who had no part in it would bring the group into balance."),
    "more_involved": _("{n} more who had a part in it would bring the group into balance."),
}
