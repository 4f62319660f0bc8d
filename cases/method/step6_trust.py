"""Step 6: trust and appointments."""

from django.utils.translation import gettext_lazy as _

from cases.method.grammar import (
    CHECK,
    PLAN,
    SLIPS_GIVEN,
    WITH_GROUP,
    Mind,
    Page,
    Question,
    Say,
    Step,
)

TRUST = Page(
    "trust",
    _("Thank the group and plan the talks"),
    _("Trust"),
    lead=_("From now on it is in their hands."),
    sheet_title=_("Thank you"),
    audience=WITH_GROUP,
    mind=(
        Mind(
            _("You trust them to find their way. So do not give out tasks at the last moment."),
            ("M3",),
            sheet=_("It is in their hands."),
        ),
    ),
    questions=(
        Question(
            "thanked",
            _("I thanked them and left it to them"),
            CHECK,
            covers=("S6.1",),
            lines=1,
            say=(
                Say(
                    "thanked",
                    _("Thank and trust"),
                    (
                        _("Thank you for thinking along so well."),
                        _(
                            "With these ideas {name} can start to feel good again. And so can the "
                            "class."
                        ),
                        _("It's up to you now. I trust you."),
                        _("Does it turn out differently? You can always come to me."),
                    ),
                    covers=("S6.1",),
                ),
            ),
        ),
        Question(
            "plan",
            _("When do the short talks begin?"),
            PLAN,
            covers=("S6.2",),
            hint=_("{members_days} after the meeting. The exact moment may stay open."),
            required=True,
            plans="members",
            sheet=_("The short talks begin on"),
            lines=1,
            say=(
                Say(
                    "plan",
                    _("About the talks"),
                    (
                        _("In {members_days} I'd like to hear how you see it then."),
                        _("I'll come to each of you again."),
                        _("Then it's just the two of us, for five or ten minutes."),
                        _("The exact moment isn't fixed. I'll come and find you."),
                        _("It's not a test. I'm just curious."),
                    ),
                    covers=("S6.2",),
                ),
            ),
        ),
        Question(
            "interim",
            _("When do you ask {name} how it is going, in between?"),
            PLAN,
            covers=("B3",),
            hint=_("One short moment, so that {name} does not just have to wait."),
            plans="interim",
            lines=1,
        ),
        Question(
            "slips",
            _("Everyone got a handshake and a slip"),
            CHECK,
            covers=("S6.3",),
            hint=_("A slip holds only that pupil's own idea."),
            sheet=_("A handshake and a slip for everyone"),
            lines=1,
            purpose=SLIPS_GIVEN,
        ),
    ),
)

STEP = Step(
    "trust",
    _("Show your trust"),
    _("You thank them and let go. They will do it."),
    "meeting",
    (TRUST,),
    papers=("slips", "cards"),
)
