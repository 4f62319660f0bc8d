"""Before step 1: is this the right approach? (B4)"""

from django.utils.translation import gettext_lazy as _

from cases.method.grammar import (
    CHOICE,
    LINE,
    MANY,
    ROUTE,
    ROUTE_REASON,
    SIGNS,
    Choice,
    Mind,
    Page,
    Question,
)

THIS_ROUTE, OTHER_ROUTE = "here", "other"
# "recent" only means something at a secondary school.
NO_SIGN, RECENT = "none", "recent"

INTAKE = Page(
    "fit",
    _("Is this the right approach for {name}?"),
    _("Does it fit?"),
    lead=_("Two minutes before you start. Most of the time the answer is: yes, go ahead."),
    covers=("B4",),
    mind=(
        Mind(
            _(
                "Serious violence, a threat or a crime: safety comes first. Go to your head "
                "teacher today and ask the police for advice."
            ),
            ("B4",),
        ),
        Mind(
            _(
                "A sexual boundary was crossed: do not question {name} any further. Go to the "
                "confidential adviser of your school today."
            ),
            ("B4",),
        ),
        Mind(
            _("Is the adult who would lead this in the middle of it? Then a colleague leads."),
            ("B4",),
        ),
        Mind(
            _(
                "Secondary school, and it has only just begun? A clear talk with the pupils "
                "concerned can work better. Discuss it with your coordinator."
            ),
            ("B4",),
        ),
    ),
    questions=(
        Question(
            "signs",
            _("Do you see one of these signs?"),
            MANY,
            covers=("B4",),
            hint=_("Tick what fits. No need to describe it."),
            choices=(
                Choice(
                    "violence",
                    _("Serious violence, a threat or a crime"),
                ),
                Choice("sexual", _("A sexual boundary was crossed")),
                Choice(
                    "leader",
                    _("The adult who would lead is part of it"),
                ),
                Choice(
                    RECENT,
                    _("Secondary school, and it began very recently"),
                ),
                Choice(NO_SIGN, _("None of these")),
            ),
            required=True,
            purpose=SIGNS,
        ),
        Question(
            "route",
            _("Which way do you choose?"),
            CHOICE,
            covers=("B4",),
            choices=(
                Choice(THIS_ROUTE, _("This approach: first a talk with {name}")),
                Choice(OTHER_ROUTE, _("Another way")),
            ),
            required=True,
            purpose=ROUTE,
        ),
        Question(
            "why",
            _("Why this way?"),
            LINE,
            covers=("B4",),
            hint=_("One sentence is enough."),
            lines=1,
            purpose=ROUTE_REASON,
        ),
    ),
)
