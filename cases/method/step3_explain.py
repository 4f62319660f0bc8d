"""Step 3: explain the problem."""

from django.utils.translation import gettext_lazy as _

from cases.method.grammar import (
    CHOICE,
    ENCLOSURE,
    ENCLOSURE_SHOWN,
    WITH_GROUP,
    Choice,
    Mind,
    Page,
    Question,
    Say,
    Step,
)
from cases.method.shared_questions import YES

TELL = Page(
    "tell",
    _("Tell how {name} feels"),
    _("Explanation"),
    lead=_("Speak for yourself: what worries you, and what you wish."),
    sheet_title=_("What it is about"),
    audience=WITH_GROUP,
    mind=(
        Mind(
            _("No facts, and nothing from your talk. Only how {name} feels."),
            ("S3.2",),
            sheet=_("Only how it feels."),
        ),
        Mind(
            _("Do not give it a name. Say how it feels, not what others do."),
            ("S3.2",),
        ),
        Mind(
            _("First look at what has to stay between you and {name}."),
            ("S3.3",),
        ),
    ),
    questions=(
        Question(
            "told",
            _("What do you say to the group?"),
            covers=("S3.1",),
            hint=_("Start with I. Words that do not belong here are pointed out."),
            guarded=True,
            sheet=_("In my words"),
            say=(
                Say(
                    "told",
                    _("Say it from yourself"),
                    (
                        _("I'm worried about {name}. I don't want to leave it like this."),
                        _("Somebody is not having a good time here. That shook me."),
                        _("I want everyone to feel safe here. We can all do something about that."),
                        _("{name} often feels alone. It makes me sad to see that."),
                    ),
                    covers=("S3.1",),
                ),
            ),
        ),
        Question(
            "enclosure",
            _("The letter or drawing by {name}"),
            ENCLOSURE,
            covers=("S3.3",),
            hint=_("Only if {name} said yes to it."),
            lines=1,
            purpose=ENCLOSURE_SHOWN,
        ),
        Question(
            "clear",
            _("Does everyone know what it is about now?"),
            CHOICE,
            covers=("S3.4",),
            choices=(
                YES,
                Choice("mostly", _("Mostly")),
                Choice("no", _("Not yet")),
            ),
            required=True,
            sheet=_("Is it clear to everyone?"),
            beside=_("Is it clear to everyone?"),
        ),
    ),
)

STEP = Step(
    "explain",
    _("Explain the problem"),
    _("Everyone knows what it is about, without details."),
    "meeting",
    (TELL,),
)
