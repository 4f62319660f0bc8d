"""Step 2: bring the group together, and what comes before it."""

from django.utils.translation import gettext_lazy as _

from cases.method.grammar import (
    CHECK,
    CHOICE,
    GROUP,
    LINE,
    MANY,
    PLAN,
    WITH_GROUP,
    Choice,
    Mind,
    Page,
    Question,
    Say,
    Step,
)
from cases.method.shared_questions import day_held

GROUP_PAGE = Page(
    "group",
    _("Choose the support group"),
    _("The group"),
    kind=GROUP,
    lead=_("Six to eight pupils: half of them have a part in it, half do not."),
    covers=("P2.1", "P2.2", "P2.3"),
    mind=(
        Mind(
            _("The group helps you to make it stop. It is not a club around {name}."),
            ("P2.8",),
        ),
        Mind(
            _(
                "Making it stop is up to you and your colleagues. You ask the pupils to help you "
                "with that."
            ),
            ("P2.9",),
        ),
        Mind(
            _("Also choose pupils who stand outside it and can do some good."),
            ("P2.2",),
        ),
    ),
    questions=(
        Question(
            "lead",
            _("Who leads the meeting?"),
            CHOICE,
            covers=("P2.10",),
            choices=(Choice("self", _("I do")), Choice("colleague", _("A colleague"))),
            required=True,
        ),
        Question(
            "lead_who",
            _("Which colleague?"),
            LINE,
            covers=("P2.10",),
            hint=_("Only if you do not lead it yourself."),
            lines=1,
        ),
        Question(
            "lead_checked",
            _("What is true of the one who leads?"),
            MANY,
            covers=("P2.10",),
            hint=_("Is one of them not true? Then choose a colleague."),
            choices=(
                Choice("trust", _("The group trusts this person")),
                Choice("apart", _("Is no part of the problem")),
                Choice("gets_on", _("Gets on well with these pupils")),
            ),
        ),
    ),
)

READY = Page(
    "ready",
    _("Get ready for the meeting"),
    _("Prepare"),
    lead=_("Everything you want to have ready before the pupils come in."),
    sheet_title=_("Before you begin"),
    mind=(
        Mind(
            _("Keep the lead: you say what it is about."),
            ("P2.13",),
            sheet=_("Keep the lead."),
        ),
        Mind(
            _("Stay warm to everyone, also when it gets difficult."),
            ("P2.13",),
            sheet=_("Stay warm to everyone."),
        ),
        Mind(_("Listen without judging."), ("P2.13",), sheet=_("Listen without judging.")),
        Mind(
            _("Keep your own solutions to yourself."),
            ("P2.13",),
            sheet=_("The ideas come from the group."),
        ),
        Mind(_("Reproaches? Break in kindly."), ("P2.13",), sheet=_("Break in kindly.")),
        Mind(
            _("Do not rise to provocation, or to nasty words about {name}."),
            ("P2.13",),
            sheet=_("Stay calm."),
        ),
        Mind(
            _("Keep coming back to what is ahead: how can it get better?"),
            ("P2.13",),
            sheet=_("Come back to what is ahead."),
        ),
        Mind(_("Look at each of them."), ("P2.13",), sheet=_("Look at each of them.")),
        Mind(
            _("Give every pupil a turn. Each one counts."),
            ("P2.13",),
            sheet=_("Everyone gets a turn."),
        ),
        Mind(
            _("When you invite them, do not give the reason yet, or the name."),
            ("P2.5",),
        ),
    ),
    questions=(
        Question(
            "strength",
            _("What is this pupil good at?"),
            LINE,
            covers=("P2.12",),
            hint=_("Something true that you can say aloud."),
            per_member=True,
            lines=1,
        ),
        Question(
            "invited",
            _("How do you invite them?"),
            CHOICE,
            covers=("P2.4", "P2.5"),
            hint=_("In person at primary school, often in writing at secondary school."),
            choices=(
                Choice("personal", _("In person")),
                Choice("written", _("In writing")),
            ),
            say=(
                Say(
                    "invite",
                    _("Ask for help"),
                    (
                        _("Would you help me with something? I'd like you to be there."),
                        _("I'm looking for a few pupils who will think along with me."),
                        _("I'll tell you more when we are all together. You're not in trouble."),
                    ),
                    covers=("P2.4", "P2.5"),
                    sheet=False,
                ),
            ),
        ),
        Question(
            "plan",
            _("When is the meeting?"),
            PLAN,
            covers=("P2.6", "P2.7"),
            hint=_("30 to 45 minutes, in lesson time. Not during a test."),
            plans="meeting",
            lines=1,
        ),
        Question(
            "colleagues",
            _("What do your colleagues need to know?"),
            covers=("P2.6",),
            hint=_(
                "Who misses which lesson? Are there tests? Leave out the reason. There is a note "
                "to print."
            ),
            lines=3,
        ),
        Question(
            "attitude_appreciate",
            _("How do you stay warm, even when it is hard?"),
            LINE,
            covers=("P2.11",),
            lines=1,
        ),
        Question(
            "attitude_blame",
            _("What helps you to leave out reproaches?"),
            LINE,
            covers=("P2.11",),
            lines=1,
        ),
        Question(
            "attitude_help",
            _("How will they notice that you need them?"),
            LINE,
            covers=("P2.11",),
            lines=1,
        ),
    ),
)

MEET = Page(
    "meet",
    _("Welcome the group"),
    _("The meeting"),
    holds="meeting",
    lead=_("A warm beginning makes the rest easier."),
    sheet_title=_("Welcome"),
    audience=WITH_GROUP,
    say=(
        Say(
            "welcome",
            _("A warm beginning"),
            (
                _("Welcome, all of you. I'm glad you came."),
                _("I took you out of your lesson. Thank you for coming along."),
                _("We'll be done in half an hour, three quarters at most."),
                _("Nobody needs to be nervous."),
            ),
            covers=("S2.2",),
        ),
        Say(
            "subject",
            _("Why we are here"),
            (
                _("I bet you wonder why I asked you, of all people."),
                _("I can't do this on my own. I need you."),
                _("It's about {name}. {name} is having a hard time."),
                _("{name} doesn't enjoy coming to school any more."),
            ),
            covers=("S2.3",),
        ),
    ),
    questions=(
        day_held(_("When did the group meet?")),
        Question(
            "room",
            _("How did you receive them?"),
            MANY,
            covers=("S2.1",),
            sheet=_("The beginning"),
            choices=(
                Choice("ready", _("The room was ready and pleasant")),
                Choice(
                    "circle",
                    _("We sat in a circle or at a round table"),
                ),
                Choice(
                    "greeted",
                    _("I greeted each pupil, with a handshake if it suited"),
                ),
            ),
        ),
        Question(
            "present",
            _("Was there"),
            CHECK,
            covers=("S2.1",),
            per_member=True,
            sheet=_("Here"),
            lines=1,
        ),
        Question(
            "note",
            _("Anything to remember about the beginning?"),
            hint=_("Leave out who said what about whom."),
            sheet=_("Notes"),
            lines=2,
        ),
    ),
)

STEP = Step(
    "gather",
    _("Bring the group together"),
    _("Six to eight pupils who help you."),
    "meeting",
    (GROUP_PAGE, READY, MEET),
    begins_later_rounds=True,
    papers=("invitation", "colleagues"),
)
