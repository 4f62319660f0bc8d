"""The method as data: what is asked, said and minded in each step, declared once."""

from django.utils.translation import gettext_lazy as _

from cases.method import (
    step1_talk,
    step2_gather,
    step3_explain,
    step4_share,
    step5_ideas,
    step6_trust,
    step7_followup,
)
from cases.method.enforced import RULES
from cases.method.grammar import Mind, Moment
from cases.method.intake import INTAKE
from cases.method.later import LATER
from cases.method.whole_method import Method

METHOD = Method(
    intake=INTAKE,
    moments=(
        Moment(
            "talk",
            _("One to one"),
            held_as="talk",
            to_plan="talk",
            to_record="note_talk",
            plan_within=2,
            on_sheet="talk",
        ),
        Moment(
            "meeting",
            _("One meeting of 30 to 45 minutes"),
            wait=_("Now it is up to the group: {members_days}"),
            held_as="meeting",
            to_plan="group",
            to_record="write_up",
            plan_within=3,
            straight_on=True,
            on_sheet="meeting",
        ),
        Moment("after", _("One by one")),
    ),
    steps=(
        step1_talk.STEP,
        step2_gather.STEP,
        step3_explain.STEP,
        step4_share.STEP,
        step5_ideas.STEP,
        step6_trust.STEP,
        step7_followup.STEP,
    ),
    rules=RULES,
    later=LATER,
    mind=(
        Mind(
            _("Nobody is punished. You trust the pupils to find good ideas and to carry them out."),
            ("M3",),
        ),
    ),
)
