"""What is recorded on a page, and which opened page each of its versions came from.

The answer to a save may be lost on the way. The page then still has the old version, and its next
save would look like one of two people. So each opened page has a random id, a record remembers
which page made each of its versions, and numbers that the page counts up tell a request that was
overtaken from one that is new. Nobody conflicts with what their own page sent before.
"""

import datetime
import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..answers import is_empty
from ..crypto import keyring
from ..crypto.fields import EncryptedJSONField
from .base import SchoolRow

if TYPE_CHECKING:
    from .person import User

# In a record's `sources`: version to who saved it from which page; and pairs of such a page and its
# last number, the page that sent something last at the end (pairs, because PostgreSQL keeps no
# order of keys).
VERSIONS, TURNS = "versions", "turns"
MOST_VERSIONS, MOST_PAGES = 60, 20
# In a record's `changes`, beside the answers' own keys: fingerprints of what each answer was
# before.
BEFORE = "~before"
MOST_BEFORE = 30
# Corrections by one person within this time are one correction.
SAME_SITTING = datetime.timedelta(minutes=30)
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class OpenedPage:
    """One page as one person has it open. ``page`` is its id ("": unknown, so never the same as
    another); ``turn`` counts what it sent, 0 when it does not count (a form without script).
    """

    page: str = ""
    turn: int = 0

    def __post_init__(self) -> None:
        if self.page and not _ID.fullmatch(self.page):
            object.__setattr__(self, "page", "")

    def source(self, by: "User") -> str:
        """Who, from which page; "" when the page is not known."""
        return f"{by.pk}:{self.page}" if self.page else ""


class PageRecord(SchoolRow):
    """The answers on one page of a step; for talks, of one member. Saved as they are typed.

    ``version`` grows with each change. A save that was made on an older version meets what was
    changed since: answers to other questions are joined, the same answer shows both texts.
    """

    round = models.ForeignKey("cases.Round", on_delete=models.CASCADE, related_name="page_records")
    step = models.CharField(max_length=20)
    page = models.CharField(max_length=20)
    member = models.ForeignKey(
        "cases.GroupMember",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="page_records",
    )
    version = models.PositiveIntegerField(default=0)
    answers = EncryptedJSONField()
    # Which version last changed each answer, so that two people on different questions both
    # succeed.
    changes = models.JSONField(default=dict, blank=True)
    # Which opened page of whom made which version. No text.
    sources = models.JSONField(default=dict, blank=True)
    held_on = models.DateField(null=True, blank=True)
    scale = models.PositiveSmallIntegerField(null=True, blank=True)
    verdict = models.CharField(max_length=8, blank=True)
    wish = models.CharField(max_length=8, blank=True)
    saved_at = models.DateTimeField(auto_now=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "step", "page"],
                condition=Q(member=None),
                name="page_once_per_round",
            ),
            models.UniqueConstraint(
                fields=["round", "step", "page", "member"],
                condition=Q(member__isnull=False),
                name="page_once_per_member",
            ),
        ]

    def versions_from(self, source: str) -> set[int]:
        """The versions that were saved from this page."""
        known = self.sources.get(VERSIONS, {})
        return {int(version) for version, each in known.items() if source and each == source}

    def all_by(self, versions: Iterable[int], by: "User") -> bool:
        """Whether one person saved all these versions; False when of one of them it is not
        known.
        """
        known = self.sources.get(VERSIONS, {})
        return all(
            known.get(str(version), "").partition(":")[0] == str(by.pk) for version in versions
        )

    def overtaken(self, source: str, turn: int) -> bool:
        """Whether something that this page sent later, or at the same time, has been saved
        already.
        """
        return bool(source and turn) and turn <= self._turns().get(source, 0)

    def _turns(self) -> dict[str, int]:
        """The last number of each page; earlier releases kept them as an object."""
        return dict(self.sources.get(TURNS, []))

    def note_source(self, source: str, turn: int, by: "User", *, saved: bool) -> bool:
        """Remember (unsaved) where the version came from; ``saved``: it is a new one.

        Whether anything changed: a page that sends what stands there already makes no version, but
        what it sent before that is old from then on.
        """
        versions = dict(self.sources.get(VERSIONS, {}))
        turns = self._turns()
        if saved:
            versions[str(self.version)] = source or f"{by.pk}:"
        newer = bool(source and turn) and turn > turns.get(source, 0)
        if newer:
            turns.pop(source, None)
            turns[source] = turn
        if saved or newer:
            recent = sorted(versions, key=int)[-MOST_VERSIONS:]
            self.sources = {
                VERSIONS: {version: versions[version] for version in recent},
                TURNS: [list(pair) for pair in turns.items()][-MOST_PAGES:],
            }
        return saved or newer

    def changed_after(self, key: str, version: int) -> bool:
        """Whether an answer was changed in a later version than this one."""
        return bool(self.changes.get(key, 0) > version)

    def versions_of(self, key: str) -> list[int]:
        """In which versions an answer was changed, as far as that is kept."""
        before = self.changes.get(BEFORE, {}).get(key, [])
        return [changed_in for changed_in, _mark in before] + [self.changes.get(key, 0)]

    def is_unchanged_since(self, version: int, key: str, value: Any) -> bool:
        """Whether this is what the answer was at a version; False when that is no longer known."""
        before = self.changes.get(BEFORE, {}).get(key, [])
        if len(before) == MOST_BEFORE and before[0][0] > version:
            return False
        after = next((mark for changed_in, mark in before if changed_in > version), None)
        return after is not None and after == self._fingerprint(key, value)

    def note_change(self, key: str, before: Any) -> None:
        """Remember (unsaved) that this version changed an answer, and a mark of what it was
        before.
        """
        self.changes[key] = self.version
        marks = self.changes.setdefault(BEFORE, {}).setdefault(key, [])
        marks.append([self.version, self._fingerprint(key, before)])
        del marks[:-MOST_BEFORE]

    def note_change_without_history(self, key: str) -> None:
        """Remember (unsaved) that this version changed an answer, and nothing of what it was."""
        self.changes[key] = self.version

    def keep_revision(self, answers: dict[str, Any], by: "User") -> None:
        """Keep what the page says now, ``answers``, before ``by`` corrects it (M4).

        A correction that saves itself again and again while it is typed is kept once.
        """
        latest = PageRevision.objects.filter(record=self).order_by("-version").first()
        if (
            latest is not None
            and latest.replaced_by_id == by.pk == self.saved_by_id
            and timezone.now() - latest.replaced_at < SAME_SITTING
        ):
            return
        PageRevision.objects.create(
            school_id=self.school_id,
            record=self,
            version=self.version,
            answers=answers,
            written_at=self.saved_at,
            written_by=self.saved_by,
            replaced_by=by,
        )

    def _fingerprint(self, key: str, value: Any) -> str:
        """Tells whether two values are the same without holding either; keyed, so it cannot be
        guessed.
        """
        text = json.dumps(["page", str(self.pk), key, None if is_empty(value) else value])
        digest = hmac.new(keyring.mac_key(str(self.school_id)), text.encode(), hashlib.sha256)
        return digest.hexdigest()[:16]


class PageRevision(SchoolRow):
    """What a page said before it was corrected, after its step was finished (M4)."""

    record = models.ForeignKey(PageRecord, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    answers = EncryptedJSONField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    replaced_at = models.DateTimeField(auto_now_add=True)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-version"]
