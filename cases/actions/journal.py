"""The journal: who looked, changed or printed. Written in the transaction of the act itself.

A line holds names of fields, never what they contain. Lines of a school form a chain: each MAC
covers the line and the MAC before it, under a key derived from the master key.
"""

import datetime
import hashlib
import hmac
import json

from django.db import transaction
from django.utils import timezone

from .. import keyring
from ..models import JournalEntry, JournalHead

VIEW, CHANGE, PRINT = "view", "change", "print"


def mac_of(entry: JournalEntry) -> bytes:
    """The MAC that belongs to a line, from its contents and the MAC before it."""
    content = json.dumps(
        [
            str(entry.school_id),
            entry.number,
            entry.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
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


@transaction.atomic
def record(action, *, by=None, school=None, case=None, thing="", fields=(), purpose="") -> JournalEntry:
    """Add a line. ``by`` is a user or None for the clock; the school is the case's when there is one.

    Raises what the database raises: an act that cannot be written down does not happen.
    """
    membership = getattr(by, "membership", None)
    school_id = case.school_id if case is not None else (school.pk if school else membership.school_id)
    head, _ = JournalHead.objects.select_for_update().get_or_create(school_id=school_id)
    entry = JournalEntry(
        school_id=school_id,
        number=head.number + 1,
        at=timezone.now(),
        actor=by,
        role=membership.role if membership else "",
        action=action,
        case=case.pk if case is not None else None,
        thing=thing[:80],
        fields=sorted(fields),
        purpose=purpose[:200],
        previous=bytes(head.mac),
    )
    entry.mac = mac_of(entry)
    entry.save(force_insert=True)
    head.number, head.mac = entry.number, entry.mac
    head.save(update_fields=["number", "mac"])
    return entry


def first_broken_line(school) -> int | None:
    """The number of the first line that was changed, removed or inserted; None when the chain holds."""
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
