"""Words and questions that more than one step uses."""

from django.utils.translation import gettext_lazy as _

from cases.method.grammar import DATE, SCALE, Choice, Question, Say, Text

YES = Choice("yes", _("Yes"))
NO = Choice("no", _("No"))

# The same three answers for the pupil, each member and the leader, so that they can be compared.
BETTER, LITTLE_BETTER, NOT_BETTER = "better", "little", "not"
VERDICTS = (
    Choice(BETTER, _("Better")),
    Choice(LITTLE_BETTER, _("A little better")),
    Choice(NOT_BETTER, _("Not better")),
)


def day_held(label: Text, required: bool = True) -> Question:
    """The day on which a conversation took place, kept in its own column."""
    return Question(
        "held_on", label, DATE, column="held_on", required=required, sheet=_("Date"), lines=1
    )


def scale(*covers: str) -> Question:
    """The 0-10 question (B5), worded the same every time so that the answers make one line."""
    return Question(
        "scale",
        _("Which number does {name} give school at the moment?"),
        SCALE,
        covers=("B5", *covers),
        hint=_("0 is: it could not be worse. 10 is: I like going to school."),
        column="scale",
        sheet=_("From 0 to 10"),
        lines=1,
        say=(
            Say(
                "scale",
                _("Ask for a number"),
                (
                    _(
                        "Say 10 is a really nice day at school and 0 a very bad one. Where are you "
                        "now?"
                    ),
                    _("What would make it one point higher?"),
                ),
                covers=("B5",),
                open=False,
            ),
        ),
    )
