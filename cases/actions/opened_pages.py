"""Which opened page a save came from, so that nobody conflicts with what their own page sent
before.

The answer to a save may be lost on the way. The page then still has the old version, and its next
save would look like one of two people. So each opened page has a random id, a record remembers
which page made each of its versions, and numbers that the page counts up tell a request that was
overtaken from one that is new.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..models import PageRecord, User

# In a record's `sources`: version to who saved it from which page; and pairs of such a page and its
# last number, the page that sent something last at the end (pairs, because PostgreSQL keeps no
# order of keys).
VERSIONS, TURNS = "versions", "turns"
MOST_VERSIONS, MOST_PAGES = 60, 20
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

    def source(self, by: User) -> str:
        """Who, from which page; "" when the page is not known."""
        return f"{by.pk}:{self.page}" if self.page else ""


def versions_from(record: PageRecord, source: str) -> set[int]:
    """The versions of a record that were saved from this page."""
    known = record.sources.get(VERSIONS, {})
    return {int(version) for version, each in known.items() if source and each == source}


def all_by(record: PageRecord, versions: Iterable[int], by: User) -> bool:
    """Whether one person saved all these versions; False when of one of them it is not known."""
    known = record.sources.get(VERSIONS, {})
    return all(known.get(str(version), "").partition(":")[0] == str(by.pk) for version in versions)


def overtaken(record: PageRecord, source: str, turn: int) -> bool:
    """Whether something that this page sent later, or at the same time, has been saved already."""
    return bool(source and turn) and turn <= _turns(record).get(source, 0)


def _turns(record: PageRecord) -> dict[str, int]:
    """The last number of each page; earlier versions kept them as an object."""
    return dict(record.sources.get(TURNS, []))


def note(record: PageRecord, source: str, turn: int, by: User, *, saved: bool) -> bool:
    """Remember on the record (unsaved) where its version came from; ``saved``: it is a new one.

    Whether anything changed: a page that sends what stands there already makes no version, but what
    it sent before that is old from then on.
    """
    versions = dict(record.sources.get(VERSIONS, {}))
    turns = _turns(record)
    if saved:
        versions[str(record.version)] = source or f"{by.pk}:"
    newer = bool(source and turn) and turn > turns.get(source, 0)
    if newer:
        turns.pop(source, None)
        turns[source] = turn
    if saved or newer:
        recent = sorted(versions, key=int)[-MOST_VERSIONS:]
        record.sources = {
            VERSIONS: {version: versions[version] for version in recent},
            TURNS: [list(pair) for pair in turns.items()][-MOST_PAGES:],
        }
    return saved or newer
