"""For the tests of this folder: every text of the method, and its Dutch."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import polib

from cases.method import METHOD
from cases.method.grammar import Say

ROOT = Path(__file__).resolve().parents[3]
PO = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"
DUTCH = (
    {entry.msgid: entry.msgstr for entry in polib.pofile(str(PO)) if entry.translated()}
    if PO.exists()
    else {}
)

# The fields of the grammar that hold words for a reader (Question.lines is a height, Say.lines are
# words).
WORDS = {"title", "short", "lead", "sheet_title", "label", "hint", "aim", "text", "wait"}


def source(text) -> str:
    """The English source of a lazy translation, whatever language is active."""
    return text._args[0]


def texts(part=METHOD) -> Iterator:
    """Every text for a reader below ``part``, as it was declared; empty ones left out."""
    if isinstance(part, tuple):
        for item in part:
            yield from texts(item)
    if not is_dataclass(part):
        return
    for each in fields(part):
        value = getattr(part, each.name)
        if each.name in WORDS or (each.name == "sheet" and not isinstance(part, Say)):
            if value != "":
                yield value
        elif each.name == "lines" and isinstance(part, Say):
            yield from value
        else:
            yield from texts(value)


def heard_by_pupils() -> Iterator:
    """Every text that is said to a pupil, lies on the table or heads the screen beside it."""
    for page in METHOD.pages():
        yield from (text for text in (page.title, page.sheet_title) if text)
        for say in page.all_say():
            if say.aloud:
                yield say.title
                yield from say.lines
        for question in page.questions:
            if question.sheet:
                yield question.sheet
            if question.guarded:
                yield from (text for text in (question.label, question.hint) if text)


def said_to_invite() -> Iterator:
    """The phrases with which a pupil is asked to come."""
    for page in METHOD.pages():
        for say in page.all_say():
            if "P2.5" in say.covers:
                yield from say.lines
