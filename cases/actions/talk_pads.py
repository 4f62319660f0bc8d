"""The pads of talks: what is noted on the talk screen, and what becomes of it afterwards."""

from django.db import transaction
from django.utils import timezone

from ..method.grammar import TEXT
from ..models import Case, Scratch, TalkPad
from . import journal
from .order import lock_case
from .place import LATER, Place

# Two pads that were joined may hold more than one screen lets somebody type.
LONGEST_PAD = 20_000


def pad_of(place: Place, user) -> TalkPad:
    """This person's pad of the talk on this page; an unsaved, empty one when nothing was noted."""
    keys = {
        "round": place.round,
        "step": place.step_key,
        "page": place.page.key,
        "member": place.member,
        "user": user,
    }
    found = TalkPad.objects.filter(**keys).first()
    return found or TalkPad(school_id=place.case.school_id, case=place.case, **keys)


@transaction.atomic
def save_pad(place: Place, text: str, *, version: int, written_from: str, by) -> TalkPad:
    """Keep what was noted. ``version`` is the one the screen was loaded with, ``written_from`` its mark.

    A screen goes on with its own text, also when the answer to its last save was lost. When another
    screen of the same person wrote meanwhile, both texts are kept, one below the other. It may be
    saved in any state of the case, because nothing that was typed is lost. ValueError when ``text``
    is longer than LONGEST_PAD.
    """
    if len(text) > LONGEST_PAD:
        raise ValueError("too long")
    lock_case(place.case)
    pad = pad_of(place, by)
    if version != pad.version and written_from != pad.written_from:
        text = _both(pad.text, text)
    if text != pad.text:
        pad.text, pad.version, pad.written_from = text, pad.version + 1, written_from
        pad.save()
        _journal(place.case, f"{place.label}/pad", ["text"], by)
    return pad


def _both(one: str, other: str) -> str:
    """Two texts below each other; one of them when it holds the other."""
    if other in one:
        return one
    return other if one in other else f"{one}\n{other}"


@transaction.atomic
def clear_pad(place: Place, *, version: int, by) -> bool:
    """Empty the pad of a talk. False when it holds something else than was seen at ``version``."""
    lock_case(place.case)
    pad = pad_of(place, by)
    if pad.version != version:
        return False
    _empty_pad(pad, f"{place.label}/pad", by)
    return True


def _empty_pad(pad, thing, by):
    if pad.text:
        pad.text, pad.version, pad.written_from = "", pad.version + 1, ""
        pad.save()
        _journal(pad.case, thing, ["cleared"], by)


def _journal(case, thing, fields, by):
    journal.record(journal.CHANGE, by=by, case=case, thing=thing, fields=fields)


def takes_notes(place: Place, key: str) -> bool:
    """Whether what stands on the pad can be taken over into the answer to this question of the page."""
    return any(
        question.key == key and question.kind == TEXT and not question.per_member
        for question in place.page.questions
    )


def loose_notes(case: Case, user) -> list[Scratch | TalkPad]:
    """A person's notes that no page offers: those of before each talk had a pad of its own, and those of
    a talk whose page cannot be opened any more. Only ever shown to that person, on the case page.
    """
    scratch = Scratch.objects.filter(case=case, user=user).first()
    pads = TalkPad.objects.filter(case=case, user=user).select_related("member", "round")
    left = [pad for pad in pads.order_by("saved_at") if pad.text and not _has_page(case, pad)]
    return [scratch, *left] if scratch is not None and scratch.text else left


def _has_page(case: Case, pad: TalkPad) -> bool:
    wanted = Case.AFTERCARE if pad.step == LATER else Case.OPEN
    return case.status == wanted and (pad.member is None or pad.member.left is None)


@transaction.atomic
def clear_loose_notes(case: Case, pk, mark, *, by) -> bool:
    """Empty one of a person's loose notes, as it was when it was saved at ``mark``. False when there is none,
    or it was changed since."""
    lock_case(case)
    note = next((each for each in loose_notes(case, by) if str(each.pk) == str(pk)), None)
    if note is None or saved_at(note).isoformat() != mark:
        return False
    if isinstance(note, TalkPad):
        note.case = case
        thing = f"{note.round.number}/{note.step}/{note.page}/pad"
        _empty_pad(note, thing, by)
    else:
        note.text, note.saved = "", timezone.now()
        note.save()
        _journal(case, "scratch", ["cleared"], by)
    return True


def saved_at(note: Scratch | TalkPad):
    """When these notes were written last."""
    return note.saved_at if isinstance(note, TalkPad) else note.saved
