"""Which conversation sheets there are, and the pages of the method that stand on each.

What is asked and said on them is the method's; here stand only a sheet's name, its sides and the
words at its head.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..method import METHOD
from ..method.grammar import Page, Text

LATER = "later"
_ALONE = _("Five to ten minutes. Listen, and do not hurry.")
_NO_HURRY = _("Take your time. Contact, trust, calm.")


@dataclass(frozen=True)
class SheetKind:
    """One kind of sheet. ``title`` names it in a list and is the neutral title of the file;
    ``sides`` its sides of A4, and 0 when it is cut in halves, two to a side, as many as are needed.
    ``needs_members``: it names the members of the group. What is on it, the method declares.
    """

    key: str
    title: Text
    sides: int
    heading: Text = ""
    lead: Text = ""
    needs_members: bool = False

    def pages(self) -> tuple[Page, ...]:
        """The pages of the method that are on it."""
        if self.key == LATER:
            return METHOD.later[:1]  # one sheet serves them all: they ask the same
        return tuple(page for _step, page in METHOD.pages_on_sheet(self.key))

    @property
    def steps(self) -> tuple[str, ...]:
        """The keys of the steps that it serves, in order; for the later checks, where a round
        ends.
        """
        found = [step.key for step, _page in METHOD.pages_on_sheet(self.key)]
        return tuple(dict.fromkeys(found)) or (METHOD.step_of_paper(self.key).key,)


SHEETS = {
    kind.key: kind
    for kind in (
        SheetKind(
            "talk",
            _("Conversation sheet"),
            2,
            heading=_("Talk with {name}"),
            lead=_NO_HURRY,
        ),
        SheetKind(
            "meeting",
            _("Sheet for the meeting"),
            2,
            heading=_("Our meeting"),
            lead=_("Half an hour, three quarters at most."),
            needs_members=True,
        ),
        SheetKind(
            "interim",
            _("Sheet for a moment in between"),
            0,
        ),
        SheetKind(
            "pupil",
            _("Sheet for the talk afterwards"),
            1,
            heading=_("Talk with {name}"),
            lead=_NO_HURRY,
        ),
        SheetKind(
            "members",
            _("Sheets for the short talks"),
            0,
            heading=_("A short talk with {name}"),
            lead=_ALONE,
            needs_members=True,
        ),
        SheetKind(
            LATER,
            _("Sheet for a later check"),
            0,
            heading=_("Looking back with {name}"),
            lead=_ALONE,
        ),
    )
}


def all_sheets() -> dict[str, SheetKind]:
    """Every kind of sheet by key: those above, and one in halves for each step that has pages to
    print and no sheet among them.
    """
    found = dict(SHEETS)
    for step in METHOD.steps:
        if step.key not in found and METHOD.pages_on_sheet(step.key):
            found[step.key] = SheetKind(step.key, step.title, 0)
    found[LATER] = found.pop(LATER)  # comes last
    return found
