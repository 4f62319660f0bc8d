"""The demo's mailbox: the mails that were written to a folder instead of being sent.

Exists only where `settings.DEMO` is on; elsewhere there is no such page.
"""

import datetime
import email
import email.policy
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from ..decorators import staff_view

MOST_FILES = 100
MOST_BYTES = 1_000_000
# What Django's file backend writes after each mail; one file may hold several.
SEPARATOR = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Mail:
    """One mail as the page shows it. ``key`` names it in the address: file and place in that
    file.
    """

    key: str
    subject: str
    to: str
    written: datetime.datetime
    text: str


@staff_view()
def demo_mailbox(request, key=None):
    """The mails in the folder, newest first, or with ``key`` the text of that one; 404 if there is
    none.
    """
    if not settings.DEMO:
        raise Http404
    mails = read_folder(Path(settings.MAIL_DIR))
    if key is None:
        return render(request, "overview/demo_mailbox.html", {"mails": mails})
    shown = next((mail for mail in mails if mail.key == key), None)
    if shown is None:
        raise Http404
    return render(request, "overview/demo_mailbox.html", {"shown": shown})


def read_folder(folder: Path) -> list[Mail]:
    """The mails in ``folder``, newest first; none when there is no folder yet. Reads a bounded
    amount.
    """
    try:
        files = [(path.stat().st_mtime, path) for path in folder.glob("*.log") if path.is_file()]
    except OSError:
        return []
    mails: list[Mail] = []
    for written, path in sorted(files, reverse=True)[:MOST_FILES]:
        at = datetime.datetime.fromtimestamp(written, tz=timezone.get_current_timezone())
        mails += reversed(read_file(path, at))
    return mails


def read_file(path: Path, written: datetime.datetime) -> list[Mail]:
    """The mails in one file, in the order in which they were written."""
    with path.open("rb") as handle:
        content = handle.read(MOST_BYTES)
    mails = []
    for number, raw in enumerate(content.split(SEPARATOR)):
        if not raw.strip():
            continue
        message = email.message_from_bytes(raw, policy=email.policy.default)
        body = message.get_body(("plain",))
        mails.append(
            Mail(
                key=f"{path.stem}.{number}",
                subject=str(message["subject"] or ""),
                to=str(message["to"] or ""),
                written=written,
                text=_text(body) if body is not None else "",
            )
        )
    return mails


def _text(body) -> str:
    try:
        return body.get_content()
    except LookupError:  # a character set that does not exist
        return body.get_payload(decode=True).decode("utf-8", "replace")
