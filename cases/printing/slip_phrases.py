"""The words around an idea on a slip, in each language in which a child may get one.

Data and not a translation: the teacher reads Dutch and the child German, on the same sheet of
paper. Short words that a child of six can read, without what it is about, a date or a name (brief
for slips, S6.3).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    """``to`` stands above the child's name, ``thanks`` and ``soon`` under the idea. ``own`` is what
    the language calls itself, for a list to choose from.
    """

    own: str
    to: str
    thanks: str
    soon: str


FRAMES = {
    "nl": Frame("Nederlands", "Voor", "Dank je wel dat je helpt.", "Binnenkort praten wij even."),
    "en": Frame("English", "For", "Thank you for helping.", "We two will talk soon."),
    "de": Frame("Deutsch", "Für", "Danke, dass du hilfst.", "Bald reden wir zwei."),
    "fr": Frame("français", "Pour", "Merci de ton aide.", "On se parle bientôt."),
}


def frame_for(language: str) -> tuple[str, Frame]:
    """The code and the words for a language code such as "nl" or "nl-be"; English for one that is
    not here.
    """
    code = language.lower().partition("-")[0]
    code = code if code in FRAMES else "en"
    return code, FRAMES[code]
