"""What was noted during a talk: offered on the page of that talk, and on no other.

Beside the page's fields stands the pad of the person who looks. One press takes it over into an
answer, another empties it. Notes that have no page (any more) stand on the case page, for who wrote
them.
"""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ...actions import talk_pads
from ..decorators import case_view
from .autosave import posted_version

TALK, TAKE, CLEAR = "talk", "take-notes:", "clear-notes"


def stays(request) -> bool:
    """Whether the button that was pressed is about the talk: the page itself is not left."""
    go = request.POST.get("go", "")
    return go in (TALK, CLEAR) or go.startswith(TAKE)


def pad_beside(request, location):
    """The pad to show beside the fields of a page; None when nothing was noted."""
    if not location.page.audience:
        return None
    pad = talk_pads.pad_of(location, request.user)
    return pad if pad.text else None


def with_notes(request, location, data):
    """What was posted, with the notes added to the answer that the button names; ``data`` as it is
    otherwise.
    """
    go = data.get("go", "")
    key = go.removeprefix(TAKE)
    if not go.startswith(TAKE) or not talk_pads.takes_notes(location, key):
        return data
    notes, typed = talk_pads.pad_of(location, request.user).text, data.get(key, "").strip()
    data = data.copy()
    if notes not in typed.replace("\r\n", "\n"):
        data[key] = f"{typed}\n{notes}".strip()
    return data


def after_saving(request, location):
    """What the button about the notes does once the page has been saved: the answer, or None."""
    go = request.POST.get("go", "")
    if go.startswith(TAKE):
        return redirect(f"{request.path}#q-{go.removeprefix(TAKE)}_question")
    if go != CLEAR:
        return None
    version = posted_version(request.POST, -1, "notes_version")
    if not talk_pads.clear_pad(location, version=version, by=request.user):
        messages.info(request, _("Your notes have changed in the meantime. Look at them first."))
    return redirect(request.path)


def leftover_rows(case, user, snapshots) -> list[dict]:
    """A person's notes that no page offers, for the case page. ``snapshots``: one of each round."""
    return [
        {"pk": note.pk, "text": note.text, "saved": saved, "mark": saved.isoformat()}
        for note in talk_pads.leftover_notes(case, user, snapshots)
        for saved in [talk_pads.saved_at(note)]
    ]


@require_POST
@case_view("case.edit")
def clear_notes(request, case):
    """Empty one of one's own notes that no page offers."""
    asked = request.POST.get("note", ""), request.POST.get("mark", "")
    if not talk_pads.clear_leftover_notes(case, *asked, by=request.user):
        messages.info(request, _("Your notes have changed in the meantime. Look at them first."))
    return redirect("case", case.pk)
