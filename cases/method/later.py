"""After it got better: short checks, so that it is noticed in time when it comes back or moves on
(B2).
"""

from django.utils.translation import gettext_lazy as _

from cases.method.days import EXTRAS, MONTHS3, MONTHS6, SUMMER, WEEKS6
from cases.method.grammar import (
    CHOICE,
    SUMMARY,
    WITH_PUPIL,
    Choice,
    Mind,
    Page,
    Question,
    Say,
    Text,
)
from cases.method.shared_questions import day_held, scale

# By how many school days another check is planned, or the case finished, when none is left.
DECIDE_WITHIN = 5
WELL, WORRY, RETURNED, MOVED = "well", "worry", "returned", "moved"


def check(key: str, title: Text, short: Text) -> Page:
    """The page of one later check. ``key`` is the kind of its appointment."""
    return Page(
        key,
        title,
        short,
        holds=key,
        lead=_("Five minutes. Ask {name} alone, and look back together for a moment."),
        sheet_title=_("How is it now?"),
        audience=WITH_PUPIL,
        covers=("B2",),
        mind=(
            Mind(_("A good answer is worth saying aloud: together you made this."), ("B2",)),
            Mind(
                _("Is {name} hesitating? Take that as a sign, and come back to it soon."), ("B2",)
            ),
        ),
        say=(
            Say(
                "asking",
                _("Ask it like this"),
                (
                    _("We agreed that I would come back to you. How is it going now?"),
                    _("What still goes well? What would you like to keep?"),
                    _("If anything changes, come to me. You do not have to wait for me."),
                ),
                covers=("B2",),
            ),
        ),
        questions=(
            day_held(_("When did you talk?")),
            scale("B2"),
            Question(
                "how",
                _("What did {name} say?"),
                covers=("B2",),
                hint=_("One or two sentences will do."),
                sheet=_("What you want to remember"),
                lines=3,
                purpose=SUMMARY,
            ),
            Question(
                "verdict",
                _("How is it now?"),
                CHOICE,
                covers=("B2",),
                choices=(
                    Choice(WELL, _("Still well")),
                    Choice(WORRY, _("There is a new worry: I ask again in two weeks")),
                    Choice(RETURNED, _("It has come back: a new round starts")),
                    Choice(MOVED, _("Well for {name}, but now another pupil is struggling")),
                ),
                required=True,
                column="verdict",
            ),
        ),
    )


EXTRA = (_("An extra moment with {name}"), _("Extra check"))
LATER = (
    check(WEEKS6, _("Six weeks later: how is {name}?"), _("After six weeks")),
    check(MONTHS3, _("Three months later: how is {name}?"), _("After three months")),
    check(MONTHS6, _("Half a year later: how is {name}?"), _("After six months")),
    check(SUMMER, _("After the summer: how is {name}?"), _("After the summer")),
    *(check(key, *EXTRA) for key in EXTRAS),
)
