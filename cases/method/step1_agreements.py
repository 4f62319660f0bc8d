"""Step 1, what is agreed: who can help, what stays between the two, when they talk again."""

from django.utils.translation import gettext_lazy as _

from cases.method.grammar import (
    CHECK,
    CHOICE,
    ENCLOSURE,
    ENCLOSURE_ALLOWED,
    ENCLOSURE_TAKEN,
    PLAN,
    WHO_CAN_HELP,
    WITH_PUPIL,
    Choice,
    Mind,
    Page,
    Question,
    Say,
)
from cases.method.shared_questions import NO, YES

MAY_SHOW = YES.key  # the group may see the letter or drawing
LETTER, DRAWING = "letter", "drawing"

HELPERS = Page(
    "helpers",
    _("Who can help?"),
    _("Who can help"),
    lead=_("Choose the group together. Start with the names that feel good."),
    sheet_title=_("Who can help"),
    audience=WITH_PUPIL,
    mind=(
        Mind(
            _("This is not telling tales. Without these names you cannot help."),
            ("S1.10",),
        ),
        Mind(_("On paper, write initials only."), ("S1.10",)),
    ),
    questions=(
        Question(
            "friends",
            _("With whom does {name} feel good?"),
            covers=("S1.9",),
            hint=_("First names, nothing more."),
            sheet=_("Good to be with (initials)"),
            lines=2,
            purpose=WHO_CAN_HELP,
            say=(
                Say(
                    "friends",
                    _("First the friendly names"),
                    (
                        _("Who do you like to be with?"),
                        _("Who do you count as a friend?"),
                        _("Who stood up for you once? Or who would, do you think?"),
                        _("Who would you like to know better?"),
                    ),
                    covers=("S1.9",),
                ),
            ),
        ),
        Question(
            "others",
            _("Who else belongs in the group?"),
            names_roles=True,
            covers=("S1.10",),
            hint=_(
                "Those who are unkind, those who join in, those who look on. Names, no stories."
            ),
            sheet=_("Who else (initials)"),
            lines=2,
            purpose=WHO_CAN_HELP,
            say=(
                Say(
                    "others",
                    _("Then, gently"),
                    (
                        _(
                            "Who makes it hard for you? I ask because I want to help. It isn't "
                            "telling tales."
                        ),
                        _("Who is often not so kind to you?"),
                        _("Who goes along with it? And who stands by?"),
                        _("Just a name is fine."),
                    ),
                    covers=("S1.10",),
                ),
            ),
        ),
    ),
)

BETWEEN = Page(
    "between",
    _("Between you and {name}"),
    _("Between us"),
    lead=_("What may the group hear or see? And what stays with you?"),
    sheet_title=_("Between us"),
    audience=WITH_PUPIL,
    mind=(
        Mind(
            _(
                "The group has to know who it is about, so you say the name. You never need "
                "details."
            ),
            ("S1.13",),
        ),
    ),
    questions=(
        Question(
            "letter",
            _("Does {name} want to write or draw something for the group?"),
            CHOICE,
            covers=("S1.11",),
            hint=_("You offer it. {name} decides."),
            choices=(
                Choice(LETTER, _("Yes, a letter")),
                Choice(DRAWING, _("Yes, a drawing")),
                Choice("none", _("Rather not")),
                Choice("later", _("{name} is still thinking about it")),
            ),
            sheet=_("A letter or a drawing?"),
            lines=1,
            say=(
                Say(
                    "letter",
                    _("Offer it"),
                    (
                        _(
                            "Sometimes writing or drawing is easier than talking. Would you like "
                            "to?"
                        ),
                        _("I'll read it out, or show it. You can stay out of it."),
                    ),
                    covers=("S1.11",),
                ),
            ),
        ),
        Question(
            "enclosure",
            _("The letter or drawing"),
            ENCLOSURE,
            covers=("S1.11",),
            hint=_("Add a photo or a scan, or note that you have it on paper."),
            lines=1,
            purpose=ENCLOSURE_TAKEN,
        ),
        Question(
            "may_show",
            _("May you read it out or show it?"),
            CHOICE,
            covers=("S1.11",),
            choices=(YES, NO),
            sheet=_("May I show it?"),
            beside=_("May I show it?"),
            lines=1,
            purpose=ENCLOSURE_ALLOWED,
        ),
        Question(
            "not_told",
            _("What has to stay between the two of you?"),
            covers=("S1.12",),
            hint=_(
                "Nothing? Leave it empty. You see it again before you speak to the group. It is "
                "never printed."
            ),
            private=True,
            say=(
                Say(
                    "not_told",
                    _("Ask what stays here"),
                    (_("Is there anything I should keep to myself?"),),
                    covers=("S1.12",),
                ),
            ),
        ),
        Question(
            "name_known",
            _("{name} knows that you say the name, but no details"),
            CHECK,
            covers=("S1.13",),
            required=True,
            lines=1,
            say=(
                Say(
                    "name_known",
                    _("About the name"),
                    (
                        _("I'll say your name. They have to know who it's about."),
                        _("I tell them how you feel. The rest stays here."),
                    ),
                    covers=("S1.13",),
                ),
            ),
        ),
    ),
)

AGAIN = Page(
    "again",
    _("When do you talk again?"),
    _("Follow-up"),
    lead=_("End with a day, one small task and an open door."),
    sheet_title=_("Until next time"),
    audience=WITH_PUPIL,
    say=(
        Say(
            "anxious",
            _("For extra safety"),
            (
                _("Are you scared? Come and find me. Also in the middle of a lesson."),
                _("You may come every day, even if nothing is the matter."),
            ),
            covers=("S1.16",),
            open=False,
        ),
    ),
    questions=(
        Question(
            "plan",
            _("Choose a day and a time"),
            PLAN,
            covers=("S1.14",),
            hint=_("{pupil_days} after this talk."),
            required=True,
            plans="pupil",
            sheet=_("We talk again on"),
            beside=_("When shall we talk again?"),
            lines=1,
        ),
        Question(
            "watch",
            _("{name} only has to watch what changes"),
            CHECK,
            covers=("S1.15",),
            lines=1,
            say=(
                Say(
                    "watch",
                    _("One small task"),
                    (_("Will you watch for me what changes? Small things count too."),),
                    covers=("S1.15",),
                ),
            ),
        ),
        Question(
            "open_door",
            _("{name} knows where to find you, also if it starts again"),
            CHECK,
            covers=("P1.6",),
            lines=1,
            say=(
                Say(
                    "open_door",
                    _("The open door"),
                    (
                        _(
                            "If it starts again, come straight to me. You needn't wait for our "
                            "talk."
                        ),
                        _("Rather not say it out loud? Write it down for me."),
                    ),
                    covers=("P1.6",),
                ),
            ),
        ),
    ),
)
