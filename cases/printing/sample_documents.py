"""Every kind of paper with made-up data, to look through (``make paper``), to read back and to
measure.

A kind of paper is added by a function that makes it, in this module or in another one of this
package whose name begins with ``sample_``:

    @sample("letter")
    def letter(language: str, longest: bool) -> bytes: ...
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from .conversation_sheet import sheet_for
from .sheet_kinds import SHEETS
from .slip_formats import FORMATS
from .slip_phrases import FRAMES
from .slips import Slip, task_slips, too_long

# (language, longest) to the PDF
Maker = Callable[[str, bool], bytes]


@dataclass(frozen=True)
class Sample:
    """``make(language, longest)`` gives the PDF, with ordinary or with the longest data there can
    be.
    """

    make: Maker
    languages: tuple[str, ...] | None = None

    def spoken(self) -> tuple[str, ...]:
        """The languages in which this paper exists."""
        return self.languages or tuple(code for code, _name in settings.LANGUAGES)


SAMPLES: dict[str, Sample] = {}


def sample(name: str, languages: Iterable[str] | None = None) -> Callable[[Maker], Maker]:
    """Adds the function to SAMPLES under a name that can be a file's. ``languages``: other than the
    product's.
    """

    def add(make: Maker) -> Maker:
        SAMPLES[name] = Sample(make, tuple(languages) if languages else None)
        return make

    return add


def all_samples() -> dict[str, Sample]:
    """SAMPLES, with those of every module of this package whose name begins with `sample_`."""
    package = importlib.import_module(__package__)
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("sample_"):
            importlib.import_module(f"{__package__}.{module.name}")
    return SAMPLES


NAME, LONG_NAME = "Noor", "Maximiliaan-Alexander van der Oudewetering-Schimmelpenninckx"
MEMBERS = ("Jesse", "Fleur", "Bram", "Çağla", "Mees", "Zoë")
LONG_MEMBERS = (
    LONG_NAME,
    "محمد عبد الرحمن",
    "İbrahim Işıl Gülbahçe-Özdemiroğlu",
    "Anne-Marie Charlotte",
    "Łukasz",
    "Đặng Thị Thu",
    "Юлия",
    "Wwwwwwwwwwwwwwwwwwwwwww",
)
IDEAS = {
    "nl": ("Ik kies haar bij gym in mijn team.", "Ik vraag in de pauze: doe je mee?"),
    "en": ("I ask at break: do you want to join in?", "I take the homework round."),
    "de": ("Ich frage in der Pause: Machst du mit?", "Ich bringe die Hausaufgaben vorbei."),
    "fr": ("Je demande à la récré : tu joues avec nous ?", "J'apporte les devoirs."),
}
LONG_IDEAS = {
    "nl": "Ik zorg dat er in de grote pauze iemand is die meedoet met voetballen of met "
    "touwtjespringen, elke dag opnieuw, ook als het regent en wij binnen blijven.",
    "en": "At lunch break I make sure that there is always somebody to play football or skip "
    "with, every day again, also when it rains and we stay inside.",
    "de": "Ich sorge dafür, dass in der großen Pause immer jemand zum Fußballspielen oder "
    "Seilspringen da ist, jeden Tag, auch wenn wir drinnenbleiben.",
    "fr": "Je fais en sorte qu'à la grande récréation il y ait toujours quelqu'un pour jouer au "
    "ballon ou à la corde, chaque jour, même quand il pleut.",
}
WINDOW = (date(2026, 11, 23), date(2026, 12, 2))


def slips_in(
    language: str, longest: bool, *, format: str, bigger: bool, second: str | None
) -> list[Slip]:
    """A group's slips; the longest are cut to what the size of slip still prints without asking."""
    if not longest:
        ideas = IDEAS[language]
        made = [Slip(name, ideas[at % 2]) for at, name in enumerate(MEMBERS[:5])]
        return [*made, Slip(MEMBERS[5])]
    made = []
    for at, name in enumerate(LONG_MEMBERS):
        own = (language, *(code for code in FRAMES if code != language))[at % len(FRAMES)]
        idea = LONG_IDEAS[own]
        while too_long(idea, format=format, bigger=bigger, second=second) == "long":
            idea = idea.rpartition(" ")[0]
        made.append(Slip(name, idea, own))
    return made


def _slips(format: str, bigger: bool, double: bool) -> Maker:
    def make(language: str, longest: bool) -> bytes:
        second = None if not double else "en" if language != "en" else "de"
        return task_slips(
            slips_in(language, longest, format=format, bigger=bigger, second=second),
            signed="Meneer Van der Oudewetering" if longest else "Juf Anna",
            language=language,
            format=format,
            bigger=bigger,
            second=second,
            spare=0 if longest else 2,
            school_name="De Kiezelhof",
        )

    return make


def _sheet(key: str, blank: bool) -> Maker:
    def make(language: str, longest: bool) -> bytes:
        members = LONG_MEMBERS if longest else MEMBERS
        return sheet_for(
            key,
            name=None if blank else LONG_NAME if longest else NAME,
            members=members if SHEETS[key].needs_members and not blank else (),
            language=language,
            window=None if blank else WINDOW,
            school_name="De Kiezelhof",
        )

    return make


for _format in FORMATS:
    sample(f"slips-{_format}", FRAMES)(_slips(_format, bigger=False, double=False))
    sample(f"slips-{_format}-bigger", FRAMES)(_slips(_format, bigger=True, double=False))
    sample(f"slips-{_format}-two-languages", FRAMES)(_slips(_format, bigger=False, double=True))
for _key in SHEETS:
    sample(f"sheet-{_key}")(_sheet(_key, blank=False))
    sample(f"sheet-{_key}-blank")(_sheet(_key, blank=True))
