"""The pads of talks: what is noted on the talk screen, and what becomes of it afterwards."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ..method.grammar import MEMBER, TEXT
from ..models import Case, Scratch, TalkPad, User
from . import journal
from .page_location import PageLocation, location_at
from .round_snapshot import RoundSnapshot
from .step_order import lock_case, may_open

# Two pads that were joined may hold more than one screen lets somebody type.
LONGEST_PAD = 20_000
# Of how many open screens a pad remembers what they sent.
MOST_SCREENS = 8


def pad_of(location: PageLocation, user: User) -> TalkPad:
    """This person's pad of the talk on this page; an unsaved, empty one when nothing was noted."""
    keys = {
        "round": location.round,
        "step": location.step_key,
        "page": location.page.key,
        "member": location.member,
        "user": user,
    }
    found = TalkPad.objects.filter(**keys).first()
    return found or TalkPad(school_id=location.case.school_id, case=location.case, **keys)


@transaction.atomic
def save_pad(
    location: PageLocation, text: str, *, version: int, written_from: str, by: User
) -> TalkPad:
    """Keep what was noted. ``version`` is the one the screen was loaded with, ``written_from`` its
    mark.

    A screen that has seen all that stands on the pad writes over it. One that has not, because
    another screen of the same person wrote meanwhile or because the answer to its last save was
    lost, replaces only what it sent itself; the rest stays. It may be saved in any state of the
    case, because nothing that was typed is lost. ValueError when ``text`` is longer than
    LONGEST_PAD.
    """
    if len(text) > LONGEST_PAD:
        raise ValueError("too long")
    lock_case(location.case)
    pad = pad_of(location, by)
    kept = text if version == pad.version else _joined(pad, text, written_from)
    changed = kept != pad.text
    if changed:
        # A joined text is no screen's own: also the earlier release then joins, and does not
        # overwrite.
        mark = written_from if kept == text else ""
        pad.text, pad.version, pad.written_from = kept, pad.version + 1, mark
    remembered = _remember(pad, text, written_from)
    if changed:
        pad.save()
        _journal(location.case, f"{location.label}/pad", ["text"], by)
    elif remembered:
        pad.save(update_fields=["sent"])  # not saved_at: the text is of when it was
    return pad


def _joined(pad: TalkPad, text: str, screen: str) -> str:
    """The pad with what this screen sent before replaced by ``text``; with ``text`` below it when
    that is not there (any more), or another screen goes on with it.
    """
    own = pad.sent.get(screen, "")
    others = [sent for each, sent in pad.sent.items() if each != screen]
    if not own or not _holds(pad.text, own):
        return _both(pad.text, text)
    if own not in text and any(_holds(sent, own) for sent in others):
        return _both(pad.text, text)
    before, after = _around(pad.text, own)
    rest = "\n".join(part for part in (before, after) if part)
    if not rest or _holds(text, rest):
        return text
    return "\n".join(part for part in (before, text, after) if part)


def _remember(pad: TalkPad, text: str, screen: str) -> bool:
    """Note on the pad (unsaved) that this screen sent ``text``; whether that changes anything.

    What no longer stands on the pad is forgotten: what somebody took away is kept nowhere.
    """
    sent = {each: old for each, old in pad.sent.items() if each != screen and _holds(pad.text, old)}
    if screen and text:
        sent[screen] = text
    sent = dict(list(sent.items())[-MOST_SCREENS:])
    if sent == pad.sent:
        return False
    pad.sent = sent
    return True


def _both(one: str, other: str) -> str:
    """Two texts below each other; one of them when it holds the other."""
    if _holds(one, other):
        return one
    return other if _holds(other, one) else f"{one}\n{other}"


def _holds(text: str, lines: str) -> bool:
    """Whether these whole lines stand in a text, one after the other."""
    return not lines or f"\n{lines}\n" in f"\n{text}\n"


def _around(text: str, lines: str) -> tuple[str, str]:
    """What stands before and after the last place where these whole lines stand in a text."""
    at = f"\n{text}\n".rindex(f"\n{lines}\n")
    return text[: max(at - 1, 0)], text[at + len(lines) + 1 :]


@transaction.atomic
def clear_pad(location: PageLocation, *, version: int, by: User) -> bool:
    """Empty the pad of a talk. False when it holds something else than was seen at ``version``."""
    lock_case(location.case)
    pad = pad_of(location, by)
    if pad.version != version:
        return False
    _empty_pad(pad, f"{location.label}/pad", by)
    return True


def _empty_pad(pad: TalkPad, thing: str, by: User) -> None:
    if pad.text:
        pad.text, pad.version, pad.written_from, pad.sent = "", pad.version + 1, "", {}
        pad.save()
        _journal(pad.case, thing, ["cleared"], by)


def _journal(case: Case, thing: str, fields: Iterable[str], by: User) -> None:
    journal.record(journal.CHANGE, by=by, case=case, thing=thing, fields=fields)


def takes_notes(location: PageLocation, key: str) -> bool:
    """Whether what stands on the pad can be taken over into the answer to this question of the
    page.
    """
    return any(
        question.key == key and question.kind == TEXT and not question.per_member
        for question in location.page.questions
    )


def leftover_notes(
    case: Case, user: User, snapshots: Iterable[RoundSnapshot] = ()
) -> list[Scratch | TalkPad]:
    """A person's notes that no page offers: those of before each talk had a pad of its own, and
    those of a talk whose page cannot be opened (any more). Only ever shown to that person, on the
    case page.

    ``snapshots``: a RoundSnapshot of each round of the case that the caller has read already.
    """
    scratch = Scratch.objects.filter(case=case, user=user).first()
    pads = TalkPad.objects.filter(case=case, user=user).select_related("member", "round")
    read = {each.round.pk: each for each in snapshots}
    left: list[Scratch | TalkPad] = [
        pad
        for pad in pads.order_by("saved_at")
        if pad.text and not _has_page(case, pad, read.get(pad.round_id))
    ]
    return [scratch, *left] if scratch is not None and scratch.text else left


def can_be_opened(location: PageLocation, snapshot: RoundSnapshot | None = None) -> bool:
    """Whether the page of a talk can be opened now. The later checks at hand are those of this
    round.
    """
    if location.step is None:
        return (
            location.case.status == Case.AFTERCARE
            and location.round.number == location.case.round_number
        )
    if location.case.status != Case.OPEN:
        return False
    return may_open(location.round, location.step, snapshot)


def _has_page(case: Case, pad: TalkPad, snapshot: RoundSnapshot | None) -> bool:
    """Whether a page shows this pad: one of the method, that has a pad, and can be opened."""
    if pad.member is not None and pad.member.left_at is not None:
        return False
    try:
        case_round = snapshot.round if snapshot else pad.round
        location = location_at(case, case_round, pad.step, pad.page, pad.member)
    except KeyError:
        return False
    mine = (location.page.kind == MEMBER) == (pad.member is not None)
    return bool(location.page.audience) and mine and can_be_opened(location, snapshot)


@transaction.atomic
def clear_leftover_notes(case: Case, pk: str | UUID, mark: str, *, by: User) -> bool:
    """Empty one of a person's leftover notes, as it was when it was saved at ``mark``. False when
    there is none, or it was changed since.
    """
    lock_case(case)
    note = next((each for each in leftover_notes(case, by) if str(each.pk) == str(pk)), None)
    if note is None or saved_at(note).isoformat() != mark:
        return False
    if isinstance(note, TalkPad):
        note.case = case
        thing = f"{note.round.number}/{note.step}/{note.page}/pad"
        _empty_pad(note, thing, by)
    else:
        note.text, note.saved_at = "", timezone.now()
        note.save()
        _journal(case, "scratch", ["cleared"], by)
    return True


def saved_at(note: Scratch | TalkPad) -> datetime.datetime:
    """When these notes were written last."""
    return note.saved_at
