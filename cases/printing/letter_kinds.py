"""Which letters there are, besides sheets and slips: for the group, pupil, colleagues and parents.

Each letter is declared once: for whom it is, which appointment it names, which words we propose. A
person may put other words in the place of ours. What pupils may read holds no reason and not the
name of the pupil who is helped (P2.5); no letter names another pupil in its text, or a role.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..method.grammar import Text
from ..models import Appointment, School
from . import letter_layout

GROUP, PUPIL, COLLEAGUES, PARENTS = "group", "pupil", "colleagues", "parents"
CARDS, CARD, PAGE = letter_layout.SMALL, letter_layout.MIDDLE, "page"


@dataclass(frozen=True)
class Letter:
    """One kind of letter. ``readers`` says for whom, ``plans`` which appointment stands in it.

    ``proposal`` is our text, with ``{name}`` for the pupil's first name where that may be in it,
    and the school's days (see `cases.formats.dates`); ``written`` the text where a letter takes the
    place of a card, at secondary schools.
    """

    key: str
    title: Text
    heading: Text
    readers: str
    plans: str
    shape: str
    proposal: Text
    longest: int
    written: Text = ""
    longest_written: int = 0

    @property
    def for_pupils(self) -> bool:
        """Whether a pupil reads it: then the type is that of children's paper."""
        return self.readers in (GROUP, PUPIL)

    @property
    def needs_members(self) -> bool:
        return self.readers in (GROUP, COLLEAGUES)

    def shape_for(self, school: School) -> str:
        """A card or a page: secondary schools invite in writing (P2.4)."""
        return PAGE if self.written and school.kind == School.SECONDARY else self.shape

    def longest_for(self, school: School) -> int:
        """How many characters the text may have."""
        return self.longest_written if self.shape_for(school) != self.shape else self.longest


LETTERS = {
    letter.key: letter
    for letter in (
        Letter(
            "invitation",
            _("Invitation for the group"),
            _("Hello {to},"),
            GROUP,
            Appointment.MEETING,
            CARD,
            _(
                "Will you help me with something? I am looking for a few pupils who think along "
                "with me.\n\nI will tell you more when we are all together. You are not in trouble."
            ),
            400,
            _(
                "I am looking for a few pupils who will think along with me about something at "
                "school. I would like you to be one of them, because you have something to "
                "add.\n\nIt takes half an hour to three quarters of an hour, in lesson time. Your "
                "teachers know that you are with me.\n\nI will tell you what it is about when we "
                "are all together. You are not in trouble. Would you rather not come? Tell me, "
                "that is all right too."
            ),
            1500,
        ),
        Letter(
            "colleagues",
            _("Note to colleagues"),
            _("Not in class for a moment"),
            COLLEAGUES,
            Appointment.MEETING,
            PAGE,
            _(
                "I need a few pupils for three quarters of an hour. They are with me then, and not "
                "in your lesson.\n\nDo you have a test or something else they cannot miss? Let me "
                "know today, then I look for another moment. Thank you for thinking along."
            ),
            2000,
        ),
        Letter(
            "card",
            _("Appointment card for the pupil"),
            _("For {to}"),
            PUPIL,
            Appointment.PUPIL,
            CARDS,
            _("Do you want to talk earlier? You can always come to me."),
            160,
        ),
        Letter(
            "cards",
            _("Appointment cards for the group"),
            _("For {to}"),
            GROUP,
            Appointment.MEMBERS,
            CARDS,
            _("I am curious how you are. See you then!"),
            160,
        ),
        Letter(
            "parents",
            _("Letter to the parents"),
            _("A message from school"),
            PARENTS,
            Appointment.PUPIL,
            PAGE,
            _(
                "I talked with {name} about how things are at school. {name} would like school to "
                "feel good again. We are going to work on that together.\n\nThis is what we do. I "
                "ask a few pupils to think along with me. They think up themselves how they can "
                "help. Nobody is punished, and {name} need not do anything.\n\nIn {pupil_days} I "
                "talk with {name} again. After that you hear from me how it is going.\n\nThis is "
                "what you can do. Listen when {name} wants to tell something, and do not ask too "
                "much. Please do not talk about it with other parents or children yet: that gives "
                "the pupils the peace to help.\n\nIs there something you want to tell or ask? Call "
                "me or write to me. I am glad to hear from you."
            ),
            4000,
        ),
    )
}
