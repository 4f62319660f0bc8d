"""Step 1: the talk with the pupil, and what comes before it."""

from django.utils.translation import gettext_lazy as _

from cases.method.grammar import (
    CHOICE,
    DATE,
    LINE,
    PARENTS,
    WITH_PUPIL,
    Choice,
    Mind,
    Page,
    Question,
    Say,
    Step,
)
from cases.method.shared_questions import NO, YES, day_held, scale
from cases.method.step1_agreements import AGAIN, BETWEEN, HELPERS

# What the pupil says to whether it should change.
WANTS_CHANGE, UNSURE, NO_CHANGE = "yes", "unsure", "no"
TELL_LATER = "later"
PARENTS_KNOW = (YES.key, TELL_LATER)  # the answers with which the parents are told, now or later

PREPARE = Page(
    "prepare",
    _("Before you talk with {name}"),
    _("Prepare"),
    lead=_("A few questions for yourself. Some key words each will do."),
    mind=(
        Mind(
            _("You need not find out what exactly happened. You are looking for what helps."),
            ("M1",),
        ),
        Mind(_("Being noticed is a help in itself: somebody wants to know how {name} is.")),
    ),
    questions=(
        Question(
            "know",
            _("Who is {name}? What do you know already?"),
            covers=("P1.1",),
            hint=_("Home, friends, hobbies, what is easy and what is hard."),
            lines=3,
        ),
        Question(
            "noticed",
            _("What has caught your eye lately?"),
            covers=("P1.2",),
            hint=_("Only what you saw or heard yourself."),
            lines=3,
            say=(
                Say(
                    "noticed",
                    _("Think of"),
                    (
                        _("Who does {name} sit with? And who at break?"),
                        _("Is {name} ill or late more often?"),
                        _("What does {name} no longer join in?"),
                    ),
                    covers=("P1.2",),
                    sheet=False,
                    aloud=False,
                ),
            ),
        ),
        Question(
            "changed",
            _("Is {name} different from some weeks or months ago?"),
            covers=("P1.3",),
            hint=_("Quieter, crosser, more tired, other friends, other marks."),
            lines=3,
        ),
        Question(
            "qualities",
            _("Which good sides do you see in {name}?"),
            covers=("P1.4",),
            hint=_("Good at something, kind, funny, brave. Say it during the talk."),
            lines=3,
        ),
        Question(
            "parents",
            _("Do you tell the parents?"),
            CHOICE,
            covers=("P1.5",),
            hint=_("Decide it on purpose, and let {name} know."),
            choices=(YES, Choice(TELL_LATER, _("Yes, but later")), NO),
            required=True,
            purpose=PARENTS,
        ),
        Question(
            "parents_on",
            _("On which day?"),
            DATE,
            covers=("P1.5",),
            hint=_("The day you tell them, or the day you decided not to."),
            lines=1,
        ),
        Question(
            "parents_why",
            _("Why do you choose this?"),
            LINE,
            covers=("P1.5",),
            hint=_("One sentence is enough."),
            lines=1,
        ),
    ),
)

TALK = Page(
    "talk",
    _("How is {name}?"),
    _("The talk"),
    holds="talk",
    lead=_("Keep it short. Fill it in now, or later, after the talk."),
    sheet_title=_("How are you?"),
    audience=WITH_PUPIL,
    mind=(
        Mind(
            _(
                "Do not ask about what happened. Now it is about contact, and about how school "
                "feels."
            ),
            ("S1.3", "M1"),
        ),
    ),
    say=(
        Say(
            "opening",
            _("To begin"),
            (
                _("Good to see you, {name}. Make yourself comfortable."),
                _("We have all the time we need."),
                _("I missed you at school. How nice that you came in today."),
                _(
                    "No need to worry about marks or about days that you missed. That is not what "
                    "this is about."
                ),
            ),
            covers=("S1.1",),
        ),
    ),
    questions=(
        day_held(_("When did you talk?")),
        Question(
            "observed",
            _("What did you notice yourself?"),
            covers=("S1.2",),
            hint=_("Start with this, then {name} does not have to."),
            sheet=_("What I saw"),
            lines=2,
            say=(
                Say(
                    "observed",
                    _("Tell what you saw"),
                    (
                        _("You have missed more days than you used to. I wondered how you were."),
                        _("You always liked to join in. Now I see you do that less."),
                        _("I often see you on your own. Do you like that, or not so much?"),
                        _("People who care about you are a bit worried. So am I."),
                        _("You laugh less than you used to. I miss that."),
                    ),
                    covers=("S1.2",),
                ),
            ),
        ),
        Question(
            "how",
            _("How does school feel for {name}?"),
            covers=("S1.3",),
            hint=_("Write it the way {name} says it."),
            sheet=_("How school feels"),
            say=(
                Say(
                    "how",
                    _("Ask how it is"),
                    (
                        _("What is it like for you to come to school?"),
                        _("Where at school do you feel all right? And where don't you?"),
                        _("You seem less cheerful than the {name} I know. Am I right?"),
                        _("Tell me a lot or only a little. You choose."),
                    ),
                    covers=("S1.3",),
                ),
            ),
        ),
        scale(),
        Question(
            "wish",
            _("Does {name} want it to change?"),
            CHOICE,
            covers=("S1.4",),
            hint=_("Without a yes you do not go on to the group yet."),
            choices=(
                Choice(WANTS_CHANGE, _("Yes, {name} wants to try")),
                Choice(UNSURE, _("{name} does not know yet")),
                Choice(NO_CHANGE, _("No, not now")),
            ),
            required=True,
            column="wish",
            sheet=_("Shall we try?"),
            lines=1,
            say=(
                Say(
                    "wish",
                    _("Ask for the wish"),
                    (
                        _("Imagine school feels good again. Would you want that?"),
                        _("Would you like something to change?"),
                        _(
                            "This is hard on you, and the class is not happy either. I know a way. "
                            "Are you in?"
                        ),
                        _("I'd love to see you having fun again. Can you picture that?"),
                        _("I think I can help. Shall I?"),
                        _("How would you notice that it is getting better?"),
                    ),
                    covers=("S1.4",),
                ),
                Say(
                    "doubt",
                    _("When in doubt: give courage"),
                    (
                        _("It is not all right that school is like this for you."),
                        _("Nobody should have to be afraid here. You neither."),
                        _("Others have felt like this as well. There is nothing wrong with you."),
                        _("This way has already helped many pupils."),
                        _("It won't get worse because of this. I'm keeping watch."),
                        _("You needn't believe it yet. Shall we just try?"),
                    ),
                    covers=("S1.5",),
                    open=False,
                ),
            ),
        ),
    ),
)

EXPLAIN = Page(
    "explain",
    _("Explain what you are going to do"),
    _("Explanation"),
    lead=_("Tell calmly what will happen, one thing at a time."),
    sheet_title=_("This is what we do"),
    audience=WITH_PUPIL,
    mind=(
        Mind(
            _("Nobody is punished. You trust the pupils to find something good."),
            ("M3",),
        ),
    ),
    say=(
        Say(
            "group",
            _("About the group"),
            (
                _("I'm going to talk with a few pupils from your class."),
                _("Together we look for ways to make it nicer, for you and for the class."),
                _("Some are your friends. With others it hasn't been nice. I need them all."),
                _("I ask every one of them the same: help me."),
            ),
            covers=("S1.6",),
        ),
        Say(
            "nothing",
            _("What you need not do"),
            (
                _("You can leave this to me."),
                _("You don't have to be there. You just get on with your day."),
                _("You don't have to explain anything to anyone."),
            ),
            covers=("S1.7",),
        ),
        Say(
            "safe",
            _("What is certain"),
            (
                _("Nobody is told off, and nobody gets a punishment."),
                _("Whoever comes to the group does not get into trouble."),
                _("I'll make sure that nobody gets cross with you because of this."),
            ),
            covers=("S1.8",),
        ),
    ),
    questions=(
        Question(
            "asked",
            _("What did {name} ask or say about it?"),
            covers=("S1.6", "S1.7", "S1.8"),
            hint=_("Nothing? Leave it empty."),
            sheet=_("Your questions"),
            beside=_("What would you like to ask about it?"),
            lines=2,
        ),
    ),
)

STEP = Step(
    "talk",
    _("Talk with the pupil"),
    _("Trust, calm, and a yes to change."),
    "talk",
    (PREPARE, TALK, EXPLAIN, HELPERS, BETWEEN, AGAIN),
    papers=("card", "parents"),
)
