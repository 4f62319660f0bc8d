"""Texts that are kept although they could not be saved yet, and the scratch pad of a talk."""

import datetime

from django.db import transaction
from django.utils import timezone

from ..models import Case, KeptPost, LateText, Scratch
from . import journal

KEPT_HOURS = 24
MOST_KEPT = 2_000  # rows; more is somebody filling the table, not teachers whose sign-in ended
MOST_CHARACTERS = 200_000


def keep_post(owner, path: str, fields: dict[str, list[str]]) -> KeptPost | None:
    """Keep a form that came after its sign-in had ended; None when it is too much to keep.

    ``owner`` is the id of the person the form was made for, ``fields`` maps names to lists of values,
    without secrets such as tokens and passwords. A later one for the same page takes its place.
    """
    length = sum(len(name) + sum(len(value) for value in values) for name, values in fields.items())
    if length > MOST_CHARACTERS:
        return None
    forget_old()
    KeptPost.objects.filter(owner=owner, path=path[:300]).delete()
    if KeptPost.objects.count() >= MOST_KEPT:
        return None
    return KeptPost.objects.create(owner=owner, path=path[:300], fields=fields)


def kept_post(pk, owner, path: str) -> dict[str, list[str]] | None:
    """What was kept under this id for this person and path; None when there is nothing (any more)."""
    found = KeptPost.objects.filter(pk=pk, owner=owner, path=path, created__gte=_oldest()).first()
    return dict(found.fields) if found else None


def forget_old():
    """Delete what was kept for longer than a day."""
    KeptPost.objects.filter(created__lt=_oldest()).delete()


def _oldest():
    return timezone.now() - datetime.timedelta(hours=KEPT_HOURS)


def drop_kept(pk):
    """Forget a kept form, because its text has been saved."""
    KeptPost.objects.filter(pk=pk).delete()


@transaction.atomic
def save_scratch(case: Case, text: str, *, by) -> Scratch:
    """Keep the scratch pad of the person who is in conversation."""
    scratch = Scratch.objects.filter(case=case, user=by).first() or Scratch(
        school_id=case.school_id, case=case, user=by
    )
    if scratch.text != text:
        scratch.text = text
        scratch.save()
        journal.record(journal.CHANGE, by=by, case=case, thing="scratch", fields=["text"])
    return scratch


@transaction.atomic
def keep_late(case: Case, texts: list[tuple[str, str]], *, by) -> LateText:
    """Keep what was typed on a page that had closed: (label, text) of each field. The same again is kept once."""
    typed = {"texts": [list(each) for each in texts]}
    for known in LateText.objects.filter(case=case, user=by):
        if known.typed == typed:
            return known
    kept = LateText.objects.create(school_id=case.school_id, case=case, user=by, typed=typed)
    journal.record(journal.CHANGE, by=by, case=case, thing="late text", fields=["text"])
    return kept


@transaction.atomic
def discard_late(case: Case, pk, *, by) -> bool:
    """Throw away one's own late text; False when there is none with this id (any more)."""
    gone, _rows = LateText.objects.filter(case=case, user=by, pk=pk).delete()
    if gone:
        journal.record(journal.CHANGE, by=by, case=case, thing="late text", fields=["removed"])
    return bool(gone)
