"""For whom a form was made: the signed note in each form that is kept (the field ``made_for``).

It says for whom the form was made, in which browser, an id of its own, and which kept form it
shows. Two tabs with the same page are two forms.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing

from ..accounts import known_browsers
from ..timestamps import open_signed

MADE_FOR = "made for"
# A note is good as long as a sign-in may last, and for the evening and night after it.
MARGIN_HOURS = 14


@dataclass(frozen=True)
class Note:
    """What the signed field of a form says."""

    owner: uuid.UUID
    form: uuid.UUID
    browser: str = ""
    shows: list = field(default_factory=list)  # ids of the kept forms that this page shows


def made_for(user, request=None) -> str:
    """A signed note in each form that is kept: for whom it was made, also when their sign-in has
    ended.

    A form that comes back with a remark stays the same form.
    """
    note: dict[str, Any] = {"o": str(user.pk), "f": str(uuid.uuid4())}
    if request is not None:
        sent = own_note(request)
        note["f"] = str(sent.form) if sent else note["f"]
        note["b"] = known_browsers.browser_of(request)
        note["k"] = shown_forms(request)
    return signing.dumps(note, salt=MADE_FOR)


def own_note(request) -> Note | None:
    """The note of the form that was sent, if it was made for who is signed in."""
    note = sent_note(request) if request.method == "POST" else None
    return note if note is not None and note.owner == request.user.pk else None


def shown_forms(request) -> list[str]:
    """The ids of the kept forms that this page shows, or that the form which was sent showed."""
    sent = own_note(request)
    return [*getattr(request, "pending_shown", []), *(sent.shows if sent else [])]


def sent_note(request, max_age=None) -> Note | None:
    """The note of the form that was sent; None without one of ours, or when it is older than
    ``max_age`` seconds.
    """
    return read_note(request.POST.get("made_for", ""), max_age)


def read_note(given, max_age=None) -> Note | None:
    """The note that a field ``made_for`` holds; None when it is not one of ours, or is older than
    ``max_age`` seconds.
    """
    try:
        if max_age is None:
            read = signing.loads(given, salt=MADE_FOR)
        else:
            read = open_signed(given, salt=MADE_FOR, max_age=max_age)
        if isinstance(read, str):  # of a page that an earlier release made: the person alone
            return Note(uuid.UUID(read), uuid.uuid5(uuid.NAMESPACE_URL, given))
        return Note(
            uuid.UUID(read["o"]), uuid.UUID(read["f"]), read.get("b", ""), read.get("k", [])
        )
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None


def is_ours(request) -> bool:
    """Whether the form that was sent came from a page of ours, however long ago."""
    return sent_note(request) is not None


def longest_seconds() -> int:
    """How old a note may be by which somebody who is not signed in has a form kept."""
    return (settings.LONGEST_SESSION_HOURS + MARGIN_HOURS) * 3600
