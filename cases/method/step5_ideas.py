"""Step 5: collect ideas. The pupils bring them; nothing here suggests one."""

from django.utils.translation import gettext_lazy as _

from cases.method.grammar import LINE, WITH_GROUP, Mind, Page, Question, Say, Step

IDEAS = Page(
    "ideas",
    _("What do the pupils come up with?"),
    _("Ideas"),
    lead=_("Ask, wait, and write it down the way the pupil says it."),
    sheet_title=_("Your ideas"),
    audience=WITH_GROUP,
    mind=(
        Mind(
            _("Bring no ideas of your own. A silence is fine."),
            ("P2.13",),
            sheet=_("A silence is fine."),
        ),
        Mind(
            _("A pupil without an idea belongs here too."),
            ("S5.2",),
            sheet=_("Without an idea you belong here too."),
        ),
    ),
    say=(
        Say(
            "room",
            _("Room for everyone"),
            (
                _("What could you do yourself? What suits you?"),
                _("Imagine you felt like this. What would do you good?"),
                _("Take your time. Small things count."),
            ),
            covers=("S5.1",),
        ),
    ),
    questions=(
        Question(
            "idea",
            _("What does this pupil want to do?"),
            LINE,
            covers=("S5.2",),
            hint=_("Short, and starting with I. No idea yet is fine."),
            per_member=True,
            rows="idea",
            guarded=True,
            sheet=_("What I want to do"),
            lines=1,
            say=(
                Say(
                    "idea",
                    _("Make it one pupil's own"),
                    (
                        _("You were talking about homework. Will you take it to {name} yourself?"),
                        _(
                            "Playing together, you say. Is that something you'd like to do with "
                            "{name}?"
                        ),
                        _("Meeting up, you say. Will you be the one to ask {name}?"),
                        _("Nothing yet? That's fine. I'll come back to you."),
                    ),
                    covers=("S5.2",),
                ),
            ),
        ),
    ),
)

STEP = Step(
    "ideas",
    _("Collect ideas"),
    _("Ideas that the pupils find themselves."),
    "meeting",
    (IDEAS,),
)
