"""Texts that are kept although they could not be saved yet, or came too late for their page."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..models import Case, LateText, PendingPost, User
from . import journal
from .step_order import lock_case

KEPT_HOURS = 24
MOST_CHARACTERS = 200_000  # of one form
# Of one person: forms sent from the browser in which they were made, and from any other. Who found
# such a form on somebody's screen can fill the second share only, and so loses nobody's text.
MOST_KEPT, MOST_KEPT_ELSEWHERE = 30, 5
MOST_CHARACTERS_OF_ONE = 1_000_000  # in each of the two shares


@transaction.atomic
def store_pending_post(
    owner: UUID,
    path: str,
    fields: dict[str, list[str]],
    *,
    form: UUID,
    page: str = "",
    browser: str = "",
) -> PendingPost | None:
    """Keep a form that came after its sign-in had ended; None when it may not or cannot be kept.

    ``owner`` is the id of the person the form was made for, ``fields`` maps names to lists of
    values, without secrets such as tokens and passwords. ``form`` is the form's own id: sent again,
    it takes its own place; another form of the same page is another. ``browser``: in which it was
    made, when it was sent from there as well. When a person has too much, their own oldest goes.
    """
    size = sum(len(name) + sum(len(value) for value in values) for name, values in fields.items())
    if size > MOST_CHARACTERS or len(path) > 300:
        return None
    person = User.objects.select_for_update(no_key=True).filter(pk=owner).first()  # one at a time
    if person is None or not person.may_sign_in:
        return None
    forget_old()
    theirs = PendingPost.objects.filter(owner=owner)
    theirs.filter(form=form, path=path, browser=browser).delete()
    share = theirs.exclude(browser="") if browser else theirs.filter(browser="")
    _make_room(share, MOST_KEPT if browser else MOST_KEPT_ELSEWHERE, size)
    return PendingPost.objects.create(
        owner=owner,
        form=form,
        path=path,
        page=page[:300],
        browser=browser,
        fields=fields,
        size=size,
    )


def _make_room(share: QuerySet[PendingPost], most: int, size: int) -> None:
    rows = list(share.order_by("-created_at", "pk").values_list("pk", "size"))
    while rows and (
        len(rows) >= most or sum(each for _, each in rows) + size > MOST_CHARACTERS_OF_ONE
    ):
        PendingPost.objects.filter(pk=rows.pop()[0]).delete()


def pending_post(pk: str | UUID, by: User) -> PendingPost | None:
    """What was kept under this id for this person; None when there is nothing (any more)."""
    return _kept(by).filter(pk=pk).first() if by.may_sign_in else None


def pending_posts_in(browser: str, by: User) -> list[PendingPost]:
    """What was kept of this person's forms in this browser, oldest first; without its contents."""
    if not browser:
        return []
    return list(_kept(by).filter(browser=browser).defer("fields").order_by("created_at"))


def pending_posts_among(pks: Iterable[UUID | str], by: User) -> list[PendingPost]:
    """Those of these ids that were kept for this person, without their contents."""
    return list(_kept(by).filter(pk__in=pks).defer("fields"))


def _kept(by: User) -> QuerySet[PendingPost]:
    return PendingPost.objects.filter(owner=by.pk, created_at__gte=_oldest())


def forget_old() -> None:
    """Delete what was kept for longer than a day."""
    old = PendingPost.objects.filter(created_at__lt=_oldest())
    if old.exists():  # looking takes no lock
        old.delete()


def _oldest() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(hours=KEPT_HOURS)


def delete_pending_posts(pks: Iterable[UUID | str], *, by: User) -> None:
    """Forget forms kept for this person: their text has been saved, or is not wanted any more."""
    PendingPost.objects.filter(pk__in=pks, owner=by.pk).delete()


@transaction.atomic
def keep_late(case: Case, texts: list[tuple[str, str]], *, by: User) -> LateText:
    """Keep what was typed on a page that had closed: (label, text) of each field. The same again is
    kept once.
    """
    lock_case(case)
    typed = {"texts": [list(each) for each in texts]}
    for known in LateText.objects.filter(case=case, user=by):
        if known.typed == typed:
            return known
    kept = LateText.objects.create(school_id=case.school_id, case=case, user=by, typed=typed)
    journal.record(journal.CHANGE, by=by, case=case, thing="late text", fields=["text"])
    return kept


@transaction.atomic
def discard_late(case: Case, pk: str | UUID, *, by: User) -> bool:
    """Throw away one's own late text; False when there is none with this id (any more)."""
    lock_case(case)
    gone, _rows = LateText.objects.filter(case=case, user=by, pk=pk).delete()
    if gone:
        journal.record(journal.CHANGE, by=by, case=case, thing="late text", fields=["removed"])
    return bool(gone)
