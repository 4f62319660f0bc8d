"""The one table of what can come next in a case, and the words for it.

Pure data. The key of what comes next is stored on the case. For an appointment with a day it is the
kind of the appointment; the moments of the method declare keys of their own (`to_plan` and
`to_record` in `method/grammar.py`). Screens and the mail take their words from here.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .method import METHOD
from .method.days import INTERIM, LATER_KINDS, MEETING, MEMBERS, PUPIL, TALK
from .method.grammar import Text

# What comes next when everything of a step was held: how the round ends is to be decided; a step is
# to be filled in; another later check is planned, or the case finished.
CLOSE, GO_ON, DECIDE_LATER = "close", "go_on", "later"
# There is no day to agree on for these: they only have to be decided or done.
TO_DECIDE = frozenset({CLOSE, GO_ON, DECIDE_LATER})
RESUME = "resume"  # a paused case is looked at again
DRAFT = "draft"  # no next action of a case, but what is said of a step that was begun
_PLAN = "plan_"


def to_plan(kind: str) -> str:
    """The key of the next action in which a day for this kind of appointment is chosen."""
    return f"{_PLAN}{kind}"


def kind_to_plan(key: str) -> str:
    """The kind of appointment for which a next action chooses a day; "" for any other one."""
    return key.removeprefix(_PLAN) if key.startswith(_PLAN) else ""


def only_when_late(key: str) -> bool:
    """Whether it is mailed only once it is overdue: what is written down of a talk or meeting has
    the day itself as its own, on which somebody is at work on it already.
    """
    return any(moment.to_record == key for moment in METHOD.moments)


SOMETHING = _("something to do")
A_TALK, SHORT_TALKS, A_MEETING, A_MOMENT, TO_WRITE, A_DECISION = (
    _("a talk"),
    _("short talks"),
    _("a meeting"),
    _("a short moment to ask"),
    _("something to write down"),
    _("something to decide"),
)


@dataclass(frozen=True)
class NextAction:
    """What can come next. ``heading`` says it with the pupil's {name}, ``todo`` without; ``mail``
    in words that anybody may read over a shoulder. ``says_more``: beside the heading ``todo`` says
    something of its own, which of a talk it would not.
    """

    key: str
    heading: Text
    todo: Text
    mail: Text
    says_more: bool = False


TABLE = (
    NextAction(TALK, _("First talk with {name}"), _("First talk"), A_TALK),
    NextAction(
        "note_talk",
        _("First talk with {name}"),
        _("Finish the first step"),
        TO_WRITE,
        says_more=True,
    ),
    NextAction(
        "group",
        _("Choose the group around {name}"),
        _("Choose the group and plan the meeting"),
        _("something to prepare"),
        says_more=True,
    ),
    NextAction(
        MEETING, _("Meeting of the group around {name}"), _("Meeting with the group"), A_MEETING
    ),
    NextAction(
        "write_up",
        _("Support group around {name}"),
        _("Fill in the meeting"),
        TO_WRITE,
        says_more=True,
    ),
    NextAction(to_plan(PUPIL), _("Choose a day for {name}"), _("Plan the follow-up talk"), A_TALK),
    NextAction(
        to_plan(MEMBERS),
        _("Plan the short talks around {name}"),
        _("Plan the short talks"),
        SHORT_TALKS,
    ),
    NextAction(INTERIM, _("Ask {name} how it is going"), _("Check in between"), A_MOMENT),
    NextAction(PUPIL, _("Follow-up talk with {name}"), _("Follow-up talk"), A_TALK),
    NextAction(MEMBERS, _("Short talks around {name}"), _("Short talks"), SHORT_TALKS),
    NextAction(GO_ON, _("Go on with {name}"), _("Fill in the next step"), TO_WRITE, says_more=True),
    NextAction(
        CLOSE,
        _("How are things with {name}?"),
        _("Decide how to go on"),
        A_DECISION,
        says_more=True,
    ),
    NextAction(RESUME, _("Ask {name} again"), _("Ask again"), A_TALK),
    NextAction(
        DRAFT,
        _("Go on with what you began for {name}"),
        _("Go on with what you began"),
        SOMETHING,
    ),
    NextAction(
        DECIDE_LATER, _("Look back with {name}"), _("Plan another check, or finish"), A_DECISION
    ),
    *(
        NextAction(
            kind,
            _("A later check: how is {name}?"),
            _("Ask how it is going, some time later"),
            A_MOMENT,
        )
        for kind in LATER_KINDS
    ),
)
NEXT_ACTIONS = {action.key: action for action in TABLE}
