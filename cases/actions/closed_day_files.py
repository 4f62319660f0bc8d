"""A file with closed days between two pages, and what a school said about the columns of such
files.

The file itself is never stored. Between the question about it and the answer it travels in the
form, sealed for one person at one school, and opens for a day.
"""

import base64
import binascii
import json
import zlib
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from ..crypto import keyring
from ..models import School, User
from ..schooldays.files import MAX_BYTES, Answers
from ..timestamps import is_fresh
from . import journal

OPENS_FOR = 24 * 3600  # seconds
MOST_SHAPES = 20  # kinds of files that a school is remembered for
# beside the answers: a number that counts up, as the database keeps no order of shapes
SAID = "said"


def seal_file(school: School, user: User, data: bytes, answers: Answers) -> str:
    """A file, and what was said about it so far, as text for a form; only `open_file` can read
    it.
    """
    head = json.dumps({"at": timezone.now().timestamp(), "answers": vars(answers)}).encode()
    packed = zlib.compress(head + b"\n" + data)
    return base64.urlsafe_b64encode(keyring.seal(str(school.pk), _place(user), packed)).decode()


def open_file(school: School, user: User, sealed: str) -> tuple[bytes, Answers] | None:
    """What was sealed for this person at this school; None of any other, and after a day."""
    try:
        raw = base64.b64decode(sealed.encode(), altchars=b"-_", validate=True)
        packed = keyring.unseal(str(school.pk), _place(user), raw)
    except (ValueError, binascii.Error, keyring.CannotOpen):
        return None
    head, _newline, data = (
        zlib.decompressobj().decompress(packed, MAX_BYTES + 20_000).partition(b"\n")
    )
    said = json.loads(head)
    if not is_fresh(said["at"], OPENS_FOR):
        return None
    return data, answers_from(said["answers"])


def _place(user: User) -> str:
    return f"day file|{user.pk}"


def answers_from(kept: dict[str, Any]) -> Answers:
    """The answers as they were kept; what is not of our form counts as not answered."""
    known = {name: kept.get(name, "") for name in vars(Answers())}
    roles = known.pop("roles") or ()
    return Answers(
        roles=tuple(map(str, roles)), **{name: str(value) for name, value in known.items()}
    )


def remembered(school: School, shape: str) -> Answers:
    """What was said about files of this shape before; empty answers when nothing was.

    Never the region, which is of the school and not of a kind of file: earlier versions did keep
    it.
    """
    return replace(answers_from(school.day_columns.get(shape, {})), region="")


@transaction.atomic
def remember_columns(school: School, shape: str, answers: Answers, *, by: User) -> bool:
    """Remember what somebody said about files of this shape, except the region; whether it is new.

    The oldest makes room.
    """
    now = School.objects.select_for_update(no_key=True).get(pk=school.pk)
    answers = replace(answers, region="")
    if not answers or remembered(now, shape) == answers:
        return False
    kept = {
        name: list(value) if name == "roles" else value
        for name, value in vars(answers).items()
        if value
    }
    fields = sorted(kept)
    others = sorted(
        ((key, value) for key, value in now.day_columns.items() if key != shape), key=_said
    )
    kept[SAID] = _said(others[-1]) + 1 if others else 1
    now.day_columns = dict([*others, (shape, kept)][-MOST_SHAPES:])
    now.save(update_fields=["day_columns"])
    school.day_columns = now.day_columns
    journal.record(journal.CHANGE, by=by, school=school, thing="school/day files", fields=fields)
    return True


def _said(item: tuple[str, dict[str, Any]]) -> int:
    """The number of a shape; what was kept without one is the oldest."""
    return int(item[1].get(SAID, 0))
