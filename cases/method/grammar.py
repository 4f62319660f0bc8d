"""The shapes in which the method is declared: frozen, without behaviour of their own.

Everything a step asks, says or warns about is one of these; the wizard, the check page, the printed
sheets, the progress picture and the coverage test read them. Texts are lazy translations with
``{name}`` where the supported pupil's first name belongs, and ``{pupil_days}``, ``{members_days}``
where the school's days for that talk belong (`formats.dates.named` fills in both). Nothing here
imports Django's models, so the method can be read and tested on its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    Text = StrOrPromise
else:
    Text = object  # a lazy translation or a plain str; Django has no public type for the two

TEXT, LINE, CHOICE, MANY, CHECK, DATE, SCALE, PLAN, ENCLOSURE = (
    "text",  # several lines in the teacher's words
    "line",  # one line
    "choice",  # one of `choices`
    "many",  # any of `choices`
    "check",  # a single box: said / done
    "date",
    "scale",  # 0-10
    "plan",  # an appointment of the kind named in `plans`
    "enclosure",  # the pupil's letter or drawing: add it, or look at it
)
KINDS = (TEXT, LINE, CHOICE, MANY, CHECK, DATE, SCALE, PLAN, ENCLOSURE)

QUESTIONS, GROUP, ORDER, MEMBER = (
    "questions",  # questions left, phrases right
    "group",  # the support-group picker, with its questions beside it
    "order",  # the order of the one-to-one talks
    "member",  # the same questions for each member apart
)
PAGE_KINDS = (QUESTIONS, GROUP, ORDER, MEMBER)

# Who sits beside the screen while a page's talk is held. A page without an audience is for the
# teacher alone: it has no talk screen.
WITH_PUPIL, WITH_GROUP, WITH_MEMBER = "pupil", "group", "member"
AUDIENCES = ("", WITH_PUPIL, WITH_GROUP, WITH_MEMBER)

# What the software does with the answer to a question, beyond keeping it.
(
    ROUTE,
    ROUTE_REASON,
    SIGNS,
    PARENTS,
    WHO_CAN_HELP,
    ENCLOSURE_TAKEN,
    ENCLOSURE_ALLOWED,
    ENCLOSURE_SHOWN,
    SLIPS_GIVEN,
    ENDING,
    SUMMARY,
) = PURPOSES = (
    "route",  # whether this approach is the right one
    "route reason",  # why it is, or why it is after all
    "signs",  # what may ask for another approach first
    "parents",  # whether the parents are told
    "who can help",  # names for the group: shown beside the picker of the group
    "enclosure taken",  # the letter or drawing is added here
    "enclosure allowed",  # whether it may be shown to the group
    "enclosure shown",  # it is shown to the group here
    "slips given",  # the slips are given out: from here they are printed
    "ending",  # how the round ends: better, or again
    "summary",  # stands on the page of the case, with the day
)

# Columns a question may be kept in, because the software queries, sums or reminds on them.
COLUMNS = ("held_on", "scale", "verdict", "wish")


@dataclass(frozen=True)
class Say:
    """Example phrases under one short heading.

    ``key`` is unique within its page. ``covers`` are inventory ids; the number of ``lines`` counts
    towards the floor of each. ``open``: unfolded at first. ``sheet``: printed on the conversation
    sheet. ``aloud``: a phrase to say to a pupil (False: a question to oneself, never printed or
    shown where a pupil can look). ``beside``: may stand on the talk screen, with a pupil beside it,
    when it is said aloud (False: which of its lines is said depends on the answer).
    """

    key: str
    title: Text
    lines: tuple[Text, ...]
    covers: tuple[str, ...] = ()
    open: bool = True
    sheet: bool = True
    aloud: bool = True
    beside: bool = True

    @property
    def on_talk_screen(self) -> bool:
        """Whether a pupil who sits beside the screen may read it."""
        return self.aloud and self.beside


@dataclass(frozen=True)
class Mind:
    """A do or a don't, shown at the moment it matters.

    ``sheet`` is the same in a few words that a pupil may read, for the paper on the table (""
    leaves it off).
    """

    text: Text
    covers: tuple[str, ...] = ()
    sheet: Text = ""


@dataclass(frozen=True)
class Choice:
    key: str
    label: Text


@dataclass(frozen=True)
class Question:
    """One thing asked, of which the answer is recorded.

    ``key`` is a promise: reword freely, never reuse. ``required`` is asked for when the step is
    finished, never when it is saved. ``per_member``: one answer for each pupil in the support
    group. ``column`` names a queryable column (see COLUMNS); ``rows`` names a table ("idea") when
    the answer is a row of its own; ``plans`` the kind of appointment that a PLAN question makes.
    ``private``: agreed not to be told; never printed, exported, mailed. ``names_roles``: says in
    words who takes part in it, so it is read only by who may see roles (M2). ``begins_with`` names
    an earlier question asked of each member whose answer stands in the field at first, so that
    nobody types the same twice. ``guarded``: prepared for pupils' ears, so the word guard reads it
    (inventory S3.2). ``sheet`` is the short label on the printed sheet ("" leaves it off),
    ``lines`` the height of its field and of its place on the sheet, in lines. ``aloud``: what
    stands on the sheet is said to a pupil in these very words. ``beside``: the words in which the
    talk screen puts the question, with a pupil beside it; "" (unless declared) keeps it from that
    screen. What was answered is never shown there. ``purpose``: what the software does with the
    answer (see PURPOSES); "" (unless declared): nothing but keeping it.
    """

    key: str
    label: Text
    kind: str = TEXT
    covers: tuple[str, ...] = ()
    hint: Text = ""
    choices: tuple[Choice, ...] = ()
    say: tuple[Say, ...] = ()
    required: bool = False
    per_member: bool = False
    column: str = ""
    rows: str = ""
    plans: str = ""
    private: bool = False
    guarded: bool = False
    begins_with: str = ""
    names_roles: bool = False
    sheet: Text = ""
    lines: int = 4
    aloud: bool = False
    beside: Text = ""
    purpose: str = ""


@dataclass(frozen=True)
class Page:
    """One short screen: questions left, phrases right.

    ``audience`` says who sits beside the screen during its talk (see AUDIENCES); "" (unless
    declared): nobody may, so it has no talk screen. ``holds`` begins a talk: pages for the same
    audience that follow it in the same moment go on with that talk. ``completes``: the kind of
    appointment that was held once each member has a judgement on this page. ``on_sheet``: the
    printed sheet that its block stands on, when that is not the one of its moment.
    """

    key: str
    title: Text
    short: Text  # its name in the row of parts
    kind: str = QUESTIONS
    lead: Text = ""
    mind: tuple[Mind, ...] = ()
    say: tuple[Say, ...] = ()
    questions: tuple[Question, ...] = ()
    covers: tuple[str, ...] = ()
    optional: bool = False
    holds: str = ""  # the kind of appointment that this page's date says was held
    sheet_title: Text = ""  # heading of its block on the printed sheet, and of its talk screen
    audience: str = ""
    completes: str = ""
    on_sheet: str = ""

    def question(self, key: str) -> Question:
        """The question with this key; KeyError when the page has none."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)

    def all_say(self) -> Iterator[Say]:
        """Every group of phrases on the page, the page's own first."""
        yield from self.say
        for question in self.questions:
            yield from question.say

    def with_purpose(self, purpose: str) -> Question | None:
        """The first question with this purpose (see PURPOSES); None when the page has none."""
        return next((each for each in self.questions if each.purpose == purpose), None)


@dataclass(frozen=True)
class Step:
    """One step of the method. ``moment`` is the key of the moment it belongs to.

    ``begins_later_rounds``: a round after the first begins here. ``ends_round``: when it is
    finished the round ends, unless a later step declares that too; the last step has to.
    ``skippable``: may be left out, with a reason; a step that asks for the pupil's wish or ends
    the round never may. ``papers``: keys of the letters, cards and slips that are needed in it.
    """

    key: str
    title: Text
    aim: Text
    moment: str
    pages: tuple[Page, ...]
    covers: tuple[str, ...] = ()
    begins_later_rounds: bool = False
    ends_round: bool = False
    skippable: bool = True
    papers: tuple[str, ...] = ()

    def page(self, key: str) -> Page:
        """The page with this key; KeyError when the step has none."""
        for page in self.pages:
            if page.key == key:
                return page
        raise KeyError(key)

    def questions(self) -> Iterator[tuple[Page, Question]]:
        for page in self.pages:
            for question in page.questions:
                yield page, question

    def page_for(self, purpose: str) -> Page | None:
        """The first page with a question of this purpose; None when the step has none."""
        return next((page for page in self.pages if page.with_purpose(purpose)), None)

    @property
    def asks_wish(self) -> bool:
        """Whether it asks the pupil whether it should change (S1.4)."""
        return any(question.column == "wish" for _, question in self.questions())


@dataclass(frozen=True)
class Moment:
    """Steps that happen in one sitting; ``wait`` is the sentence between it and the next: the
    steps of a later moment come after the waiting time.

    ``held_as``: the kind of appointment at which all its steps are done; "" when its pages are held
    on days of their own. ``to_plan`` and ``to_record``: what comes next in a case (a key of
    `cases.next_actions`) while that appointment has no day, and once it was held. ``plan_within``:
    by how many school days that day is to be chosen. ``straight_on``: the last page of a step leads
    to the next one, without the page on which it is checked. ``on_sheet``: the printed sheet that
    its pages stand on.
    """

    key: str
    title: Text
    wait: Text = ""
    held_as: str = ""
    to_plan: str = ""
    to_record: str = ""
    plan_within: int = 1
    straight_on: bool = False
    on_sheet: str = ""


@dataclass(frozen=True)
class Rule:
    """Something the software enforces, computes or makes; ``by`` is the dotted path of what
    does.
    """

    covers: tuple[str, ...]
    by: str
