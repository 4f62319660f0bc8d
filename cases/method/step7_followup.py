"""Step 7: the talks afterwards, with the pupil and with each member apart."""

from django.utils.translation import gettext_lazy as _

from cases.method.grammar import (
    CHOICE,
    ENDING,
    LINE,
    MEMBER,
    ORDER,
    WITH_MEMBER,
    WITH_PUPIL,
    Choice,
    Mind,
    Page,
    Question,
    Say,
    Step,
    Text,
)
from cases.method.shared_questions import VERDICTS, day_held, scale

# In the place of a judgement: the member could not be spoken with.
NOT_SPOKEN = "absent"
BETTER, AGAIN = "better", "again"  # how the round ends

INTERIM = Page(
    "interim",
    _("A moment with {name} in between"),
    _("In between"),
    holds="interim",
    on_sheet="interim",
    sheet_title=_("A moment with {name}"),
    audience=WITH_PUPIL,
    lead=_("Two minutes in the corridor is enough."),
    optional=True,
    covers=("B3",),
    mind=(
        Mind(
            _("Is it getting worse? Then do not wait for the day you planned."),
            ("B3",),
        ),
    ),
    say=(
        Say(
            "asking",
            _("Ask in passing"),
            (
                _("I was thinking of you. How is it now?"),
                _("Has anything changed? A small thing is fine."),
            ),
            covers=("B3",),
        ),
    ),
    questions=(
        day_held(_("When did you see {name}?"), required=False),
        scale("B3"),
        Question(
            "how",
            _("What did {name} say?"),
            covers=("B3",),
            hint=_("One or two sentences will do."),
            sheet=_("In your own words"),
            lines=2,
        ),
    ),
)


def asked(key: str, text: Text, *covers: str) -> Question:
    """A question that is put to a pupil in these very words, on screen and on the sheet."""
    return Question(key, text, covers=covers, sheet=text, lines=2, aloud=True, beside=text)


def heard(key: str, label: Text, spoken: Text, *covers: str) -> Question:
    """What the pupil is asked: on screen about the pupil, with the words to say beside it."""
    # The talk screen and the sheet have the same words as the question itself.
    say = Say(
        f"ask_{key}", _("Ask it like this"), (spoken,), covers=covers, sheet=False, beside=False
    )
    return Question(
        key, label, covers=covers, sheet=spoken, lines=2, say=(say,), aloud=True, beside=spoken
    )


ALL_IN_ALL = _("How is it now, all in all?")

PUPIL = Page(
    "pupil",
    _("How is {name} now?"),
    _("The pupil"),
    holds="pupil",
    on_sheet="pupil",
    lead=_("Most pupils start telling by themselves. If not, ask."),
    sheet_title=_("How is it now?"),
    audience=WITH_PUPIL,
    mind=(
        Mind(
            _("Write down how {name} sees it, also if you see it differently."),
            ("B6",),
        ),
    ),
    questions=(
        day_held(_("When did you talk?")),
        heard(
            "weeks",
            _("How were the last weeks for {name}?"),
            _("What were the last weeks like for you?"),
            "S7.1",
        ),
        heard(
            "feel", _("How is {name} feeling today?"), _("And how are you feeling today?"), "S7.1"
        ),
        heard(
            "better",
            _("What goes better, according to {name}?"),
            _("What goes better than before?"),
            "S7.1",
        ),
        heard(
            "need",
            _("What does {name} still need, or want to be different?"),
            _("What do you still need? What would you like to be different?"),
            "S7.1",
        ),
        heard(
            "other",
            _("What else can you do for {name}?"),
            _("Can I do anything else for you?"),
            "S7.1",
        ),
        scale(),
        Question(
            "verdict",
            _("How is it, according to {name}?"),
            CHOICE,
            covers=("B6",),
            choices=VERDICTS,
            required=True,
            column="verdict",
            sheet=ALL_IN_ALL,
            aloud=True,
            say=(
                Say(
                    BETTER,
                    _("If it is better"),
                    (
                        _("How good to hear! If it slips back, tell me soon."),
                        _("My door stays open for you."),
                    ),
                    covers=("S7.2",),
                    beside=False,
                ),
                Say(
                    "not_enough",
                    _("If it is not enough yet"),
                    (
                        _("Thank you for being honest. We're not done yet."),
                        _(
                            "First I'll talk with the group once more. Then the two of us will see "
                            "what is next."
                        ),
                    ),
                    covers=("S7.2",),
                    beside=False,
                ),
            ),
        ),
    ),
)

ORDER_PAGE = Page(
    "order",
    _("In which order do you talk with them?"),
    _("Order"),
    kind=ORDER,
    lead=_("Fix the order beforehand. You may spread the talks over several days."),
    covers=("S7.5", "S7.6"),
    mind=(Mind(_("Count on 5 to 10 minutes for each pupil."), ("S7.4",)),),
    questions=(
        Question(
            "where",
            _("Where and when do you talk?"),
            LINE,
            covers=("S7.6",),
            hint=_("At break or in the playground is fine. Never in a hurry."),
            lines=1,
        ),
    ),
)

MEMBER_PAGE = Page(
    "member",
    _("A short talk"),
    _("One by one"),
    kind=MEMBER,
    lead=_("5 to 10 minutes. Alone, a pupil can be more honest."),
    sheet_title=_("A short talk"),
    audience=WITH_MEMBER,
    completes="members",
    on_sheet="members",
    covers=("S7.4",),
    mind=(
        Mind(
            _("You do not check up, reproach or punish. There is nothing to tick off."),
            ("S7.3",),
        ),
        Mind(
            _("Ask about this pupil's own part in making it better, and show that you value it."),
            ("S7.3",),
        ),
    ),
    say=(
        Say(
            "opening",
            _("To begin"),
            (
                _("I promised to come back to you, and here I am. How do you see it now?"),
                _("Is this a good moment to talk?"),
                _("Do you mind missing a bit of your lesson?"),
            ),
            covers=("S7.7",),
        ),
    ),
    questions=(
        day_held(_("When did you talk?"), required=False),
        asked("saw", _("What have you noticed?"), "S7.8"),
        asked("now", _("How is {name} now, do you think?"), "S7.8"),
        asked("better", _("What goes better, as you see it?"), "S7.8"),
        asked(
            "should",
            _("What would help {name} to feel better in class?"),
            "S7.8",
        ),
        asked("group", _("What was the group like for you?"), "S7.8"),
        asked("self", _("And how are you yourself?"), "S7.8"),
        Question(
            "verdict",
            _("How is it, according to this pupil?"),
            CHOICE,
            covers=("B6",),
            choices=(*VERDICTS, Choice(NOT_SPOKEN, _("Not spoken with: away, moved …"))),
            required=True,
            column="verdict",
            sheet=ALL_IN_ALL,
            aloud=True,
            say=(
                Say(
                    "thank",
                    _("To end"),
                    (
                        _("It's going better. Thank you for your help with that."),
                        _(
                            "We're not quite there yet, so the group will meet again. Thank you "
                            "for helping."
                        ),
                    ),
                    covers=("S7.9",),
                    beside=False,
                ),
            ),
        ),
    ),
)

CLOSE = Page(
    "close",
    _("Is it enough?"),
    _("Round off"),
    lead=_("You have heard everyone. What do you think?"),
    sheet_title=_("To finish"),
    on_sheet="members",
    mind=(
        Mind(
            _("Not enough yet is no failure. A new round starts, and all you noted is kept."),
            ("S7.2",),
        ),
        Mind(
            _(
                "Does one see it differently from the other? Take that seriously, above all what "
                "{name} says."
            ),
            ("B6",),
        ),
    ),
    say=(
        Say(
            "thank",
            _("To thank everyone"),
            (_("Thank you. It is good to see what you have set going."),),
            covers=("S7.9",),
        ),
        Say(
            "again",
            _("If you meet again"),
            (_("We need one more meeting. I'm glad you'll be there again."),),
            covers=("S7.2", "S7.9"),
        ),
    ),
    questions=(
        Question(
            "verdict",
            _("How do you see it yourself?"),
            CHOICE,
            covers=("B6",),
            choices=VERDICTS,
            required=True,
            column="verdict",
        ),
        Question(
            "ending",
            _("How do you go on?"),
            CHOICE,
            covers=("S7.2", "S7.9"),
            choices=(
                Choice(
                    BETTER,
                    _("It is better: thank everyone and finish"),
                ),
                Choice(
                    AGAIN,
                    _("Not enough yet: meet with the group again"),
                ),
            ),
            required=True,
            purpose=ENDING,
        ),
        Question(
            "words",
            _("What do you want to remember?"),
            hint=_("What helped? What would you do again?"),
            sheet=_("To remember"),
            lines=3,
        ),
    ),
)

STEP = Step(
    "followup",
    _("Talk afterwards"),
    _("Hear from each of them how it is now, and decide whether it is enough."),
    "after",
    (INTERIM, PUPIL, ORDER_PAGE, MEMBER_PAGE, CLOSE),
    ends_round=True,
    skippable=False,
)
