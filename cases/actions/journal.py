"""The journal: who looked, changed or printed. Written in the transaction of the act itself.

A line holds names of fields, never what they contain. Lines of a school form a chain: each MAC
covers the line and the MAC before it, under a key derived from the master key.
"""

import datetime
import errno
import hashlib
import hmac
import json
import logging
import threading
import time
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from .. import outages
from ..crypto import keyring
from ..models import Case, JournalEntry, JournalHead, Membership, School, User

log = logging.getLogger(__name__)

# What is written down in most places; `JournalEntry` has the others.
VIEW, CHANGE, PRINT = JournalEntry.VIEW, JournalEntry.CHANGE, JournalEntry.PRINT
LATE = "noted later"  # the purpose of a look that waited until something could be stored again
MOST_WAITING = 10_000
SECONDS_BETWEEN_TRIES = 2


def mac_of(entry: JournalEntry) -> bytes:
    """The MAC that belongs to a line, from its contents and the MAC before it."""
    content = json.dumps(
        [
            str(entry.school_id),
            entry.number,
            entry.recorded_at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
            str(entry.actor_id or ""),
            entry.role,
            entry.action,
            str(entry.case or ""),
            entry.thing,
            list(entry.fields),
            entry.purpose,
            bytes(entry.previous).hex(),
        ],
        separators=(",", ":"),
    ).encode()
    return hmac.new(keyring.mac_key(str(entry.school_id)), content, hashlib.sha256).digest()


def record(
    action: str,
    *,
    by: User | None = None,
    school: School | None = None,
    case: Case | None = None,
    thing: str = "",
    fields: Iterable[str] = (),
    purpose: str = "",
) -> JournalEntry | None:
    """Add a line. ``by`` is a user or None for the clock; the school is the case's when there is
    one.

    Raises what the database raises: an act that cannot be written down does not happen. Reading is
    the one exception: while nothing can be stored, a look waits in memory and None is returned (see
    `_note_later`).
    """
    membership: Membership | None = getattr(by, "membership", None)
    if case is not None:
        school_id = case.school_id
    elif school is not None:
        school_id = school.pk
    elif membership is not None:
        school_id = membership.school_id
    else:
        raise ValueError("a line in the journal belongs to a school")
    line = {
        "school_id": school_id,
        "recorded_at": timezone.now(),
        "actor_id": by.pk if by is not None else None,
        "role": membership.role if membership else "",
        "action": action,
        "case": case.pk if case is not None else None,
        "thing": thing[:80],
        "fields": sorted(fields),
        "purpose": purpose[:200],
    }
    if outages.is_reading_only() and action in (VIEW, PRINT):
        _note_later(line)
        return None
    return _add(line)


@transaction.atomic
def _add(line: dict[str, Any]) -> JournalEntry:
    head, _ = JournalHead.objects.select_for_update().get_or_create(school_id=line["school_id"])
    entry = JournalEntry(number=head.number + 1, previous=bytes(head.mac), **line)
    entry.mac = mac_of(entry)
    entry.save(force_insert=True)
    head.number, head.mac = entry.number, entry.mac
    head.save(update_fields=["number", "mac"])
    return entry


# --- looks that could not be written down yet -----------------------------------------------------
# On a full disk a teacher can still read what they need for the talk of this afternoon. Each such
# look is a line in the log at once, waits here, and comes into the journal as soon as there is
# room, with its own time and LATE as its purpose. When too many wait, reading stops as well: no
# look goes unnoted.

_waiting: list[dict[str, Any]] = []
_lock = threading.Lock()
_tried = {"at": 0.0}


def _note_later(line: dict[str, Any]) -> None:
    with _lock:
        if len(_waiting) >= MOST_WAITING:
            raise OSError(errno.ENOSPC, "too many looks wait to be written down")
        _waiting.append({**line, "purpose": LATE})
    log.warning(
        "not in the journal yet: %s of %s, case %s, by %s",
        line["action"],
        line["thing"],
        line["case"] or "-",
        line["actor_id"],
    )


def waiting() -> int:
    """How many looks of this process wait to be written down."""
    return len(_waiting)


def write_waiting() -> None:
    """Write down the looks that waited, in their order; they go on waiting when that does not work
    yet.
    """
    if not _waiting or time.monotonic() - _tried["at"] < SECONDS_BETWEEN_TRIES:
        return
    _tried["at"] = time.monotonic()
    with _lock:
        lines = _waiting[:]
        _waiting.clear()
    done = 0
    try:
        for line in lines:
            _add(line)
            done += 1
    except Exception as error:  # noqa: BLE001  (whatever it is: the answer this comes after is a good one)
        if outages.kind_of(error) is None:
            log.error("a look cannot be written down: %s", type(error).__name__)
            # its line in the log is what is left of it: those behind it do not wait for ever
            done += 1
    finally:
        with _lock:
            _waiting[:0] = lines[done:]
    if done:
        log.warning("%s looks are in the journal now", done)


def first_broken_line(school: School) -> int | None:
    """The number of the first line that was changed, removed or inserted; None when the chain
    holds.
    """
    previous, number = b"", 0
    for entry in JournalEntry.objects.filter(school=school).order_by("number").iterator():
        number += 1
        if entry.number != number or bytes(entry.previous) != previous:
            return number
        if not hmac.compare_digest(bytes(entry.mac), mac_of(entry)):
            return number
        previous = bytes(entry.mac)
    head = JournalHead.objects.filter(school=school).first()
    end = (head.number, bytes(head.mac)) if head is not None else (0, b"")
    return None if end == (number, previous) else number + 1
