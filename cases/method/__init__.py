"""The method as data: what is asked, said and minded in each step, declared once."""

from django.utils.translation import gettext_lazy as _

from cases.method import explain, followup, gather, ideas, share, talk, trust
from cases.method.grammar import Method, Mind, Moment
from cases.method.intake import INTAKE
from cases.method.later import LATER
from cases.method.rules import RULES

METHOD = Method(
    intake=INTAKE,
    moments=(
        Moment("talk", _("One to one")),
        Moment(
            "meeting",
            _("One meeting of 30 to 45 minutes"),
            wait=_("Now it is up to the group: {members_days}"),
        ),
        Moment("after", _("One by one")),
    ),
    steps=(talk.STEP, gather.STEP, explain.STEP, share.STEP, ideas.STEP, trust.STEP, followup.STEP),
    rules=RULES,
    later=LATER,
    mind=(
        Mind(
            _("Nobody is punished. You trust the pupils to find good ideas and to carry them out."),
            ("M3",),
        ),
    ),
)
