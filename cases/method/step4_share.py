"""Step 4: share the responsibility."""

from django.utils.translation import gettext_lazy as _

from cases.method.grammar import LINE, WITH_GROUP, Mind, Page, Question, Say, Step

REASONS = Page(
    "reasons",
    _("Why these pupils?"),
    _("Why you"),
    lead=_("Give every pupil a good reason to be here. It has to be true."),
    sheet_title=_("Why I asked you"),
    audience=WITH_GROUP,
    mind=(
        Mind(
            _("Is someone uneasy, or pointing at another? Do not go into it. Look ahead."),
            ("S4.1",),
            sheet=_("Look ahead."),
        ),
        Mind(
            _("It is not about punishment here."),
            ("S4.1", "M3"),
            sheet=_("Nobody is punished."),
        ),
    ),
    say=(
        Say(
            "forward",
            _("Looking ahead"),
            (
                _("Who did what, I don't need to know. How we go on, that's what I want to know."),
                _("We can't change what has been. We can change what comes."),
                _("I hear you. And now: what would help?"),
            ),
            covers=("S4.1",),
        ),
    ),
    questions=(
        Question(
            "reason",
            _("Why do you need this pupil?"),
            LINE,
            covers=("S4.2",),
            hint=_("Say it straight to the pupil: you can …, I saw that you …"),
            begins_with="strength",
            per_member=True,
            guarded=True,
            sheet=_("I need you because"),
            lines=1,
            say=(
                Say(
                    "reason",
                    _("A good reason"),
                    (
                        _("I thought of you because I'm sure you can help me."),
                        _("You know {name} and this class much better than I do."),
                        _("When someone is stuck, you often think of something."),
                        _("The others listen when you say something."),
                        _("You notice it when somebody is sad. I've seen that."),
                        _("You make people laugh. That is worth a lot."),
                        _("You stay calm when others don't."),
                    ),
                    covers=("S4.2",),
                ),
            ),
        ),
        Question(
            "blame",
            _("If there were reproaches: what did you do?"),
            covers=("S4.1",),
            hint=_("Only what you did. Not what was said, or by whom."),
            lines=2,
        ),
    ),
)

STEP = Step(
    "share",
    _("Share the responsibility"),
    _("Every pupil hears: you are needed."),
    "meeting",
    (REASONS,),
)
