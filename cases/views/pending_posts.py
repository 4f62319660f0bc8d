"""Forms that were sent after their sign-in had ended, or left when the screen was covered: kept,
offered again.

Each form carries a signed note that says for whom it was made (`form_owner`).
"""

import json
import uuid
from urllib.parse import urlencode, urlsplit

from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.datastructures import MultiValueDict

from ..accounts import known_browsers
from ..actions import unsaved_texts
from .form_owner import longest_seconds, own_note, read_note, sent_note, shown_forms

NEVER_KEPT = {
    "csrfmiddlewaretoken",
    "made_for",
    "password",
    "oldpassword",
    "password1",
    "password2",
    "login",
}
MOST_HANDED_OVER = 10  # forms of one page
SESSION = "pending_posts"  # what waits in this browser: a list of [id, path, page, form]
EARLIER_SESSION = (
    "kept"  # the same of an earlier release, for sessions that were open meanwhile: path to id
)


def keep_pending_post(request):
    """Keep what was typed into a form that cannot be saved now, for the person the form was made
    for.

    A form without our own signed note is not kept: it may come from anywhere. Neither is one whose
    note is too old, or was made for somebody who may not sign in. Returns the row, or None.
    """
    note = sent_note(request, longest_seconds())
    return None if note is None else _keep(request, note, request.path, dict(request.POST.lists()))


def _keep(request, note, path, fields):
    browser = known_browsers.browser_of(request)
    kept = unsaved_texts.store_pending_post(
        note.owner,
        path,
        {name: values for name, values in fields.items() if name not in NEVER_KEPT},
        form=note.form,
        page=came_from(request, path),
        browser=browser if browser == note.browser else "",
    )
    if kept is not None:
        pending = _pending(request)
        mine = [each for each in pending if not _same_form(each, note, path)]
        # what the same form held before has been taken over by this one
        if request.user.is_authenticated:
            gone = [each[0] for each in pending if each not in mine and each[0] != str(kept.pk)]
            unsaved_texts.delete_pending_posts(gone, by=request.user)
        request.session[SESSION] = [*mine, _entry(kept)]
    return kept


def store_handed_over(request, *, trusted=False) -> bool:
    """Keep the forms that a page hands over when its screen is covered
    (static/js/privacy_screen.js).

    ``trusted``: sent by who is signed in, with a good token; then the age of their own notes does
    not matter. Returns False when something of ours could not be kept.
    """
    complete = True
    for path, fields, too_much in _handed_over(request):
        given = fields.get("made_for", [""])[0]
        note = read_note(given, longest_seconds())
        if note is None and trusted and (old := read_note(given)) and old.owner == request.user.pk:
            note = old
        if note is not None and _is_kept(path):
            complete &= not too_much and _keep(request, note, path, fields) is not None
    return complete


def _handed_over(request) -> list:
    """(address, fields, whether it was too much to send) of each form; none when it is not as our
    page sends it.
    """
    found = []
    try:
        for form in json.loads(request.POST.get("typed") or "[]")[:MOST_HANDED_OVER]:
            fields: dict[str, list[str]] = {}
            for name, value in form["fields"]:
                fields.setdefault(str(name), []).append(str(value))
            found.append((str(form["to"]), fields, bool(form.get("too_much"))))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    return found


def _is_kept(path) -> bool:
    try:
        return getattr(resolve(path).func, "keeps_pending_post", False)
    except Resolver404:
        return False


def _same_form(entry, note, path) -> bool:
    pk, to, _page, form = entry
    return to == path and (form == str(note.form) or pk in note.shows)


def _entry(kept) -> list[str]:
    return [str(kept.pk), kept.path, kept.page, str(kept.form)]


def _pending(request) -> list:
    if earlier := request.session.pop(EARLIER_SESSION, None):
        taken_over = [[pk, path, path, pk] for path, pk in earlier.items()]
        request.session[SESSION] = [*request.session.get(SESSION, []), *taken_over]
    return request.session.get(SESSION, [])


def came_from(request, path="") -> str:
    """The page on which a form was sent (to ``path``): an address that only takes posts is nothing
    to go back to.
    """
    sent_from = urlsplit(request.headers.get("Referer", ""))
    local = sent_from.netloc == request.get_host() and sent_from.path.startswith("/")
    return (
        sent_from.path
        if local and not sent_from.path.startswith("//")
        else _page_of(path or request.path)
    )


def _page_of(path) -> str:
    """The page on which the form stands that is sent to this path: mostly the same."""
    try:
        match = resolve(path)
    except Resolver404:
        return path
    form_on = getattr(match.func, "form_on", "")
    return reverse(form_on, kwargs=match.kwargs) if form_on else path


def way_back(request, kept=None) -> str:
    """Where to go on after signing in: the page of the form, and which form when there are several
    of it.
    """
    page = came_from(request)
    if kept is None or sum(each[2] == page for each in _pending(request)) < 2:
        return page
    return f"{page}?{urlencode({'pending': kept.pk})}"


def find_again(request) -> None:
    """After signing in: what was kept in this browser for this person, also under an earlier
    session.
    """
    there = {each[0] for each in _pending(request)}
    found = unsaved_texts.pending_posts_in(known_browsers.browser_of(request), request.user)
    if new := [_entry(each) for each in found if str(each.pk) not in there]:
        request.session[SESSION] = [*_pending(request), *new]


def restore_post(request, path=""):
    """What was kept for this person and page (or ``path``), as form data, or None. Stays until
    `discard_post`.

    Of several forms of the same page the one that the address names, else the oldest.
    """
    path = path or request.path
    # of an outage: this page shows what it could not store
    unsaved = getattr(request, "unsaved", None)
    if unsaved is not None and (typed := unsaved.take(path)) is not None:
        return typed
    # "kept": in an address of version 0.3, on a page that was open during the update
    wanted = request.GET.get("pending") or request.GET.get("kept")
    entries = [each for each in _pending(request) if each[1] == path]
    for pk, *_rest in sorted(entries, key=lambda each: each[0] != wanted):
        kept = unsaved_texts.pending_post(uuid.UUID(pk), request.user)
        if kept is not None and kept.path == path:
            request.pending_shown = [*getattr(request, "pending_shown", []), pk]
            return MultiValueDict(kept.fields)
    return None


def pending_line(request, path, field) -> dict:
    """What was kept of a small form in which one line is written: its text, and the id to throw it
    away by.

    Empty when nothing was kept. A page that has no such form any more shows the text to be copied.
    """
    before = len(getattr(request, "pending_shown", []))
    data = restore_post(request, path)
    text = data.get(field, "").strip() if data else ""
    shown = getattr(request, "pending_shown", [])[before:]
    return {"text": text, "pk": shown[0] if shown else ""} if text else {}


def discard_post(request, path=""):
    """The form that was sent has been saved: forget what was kept of it, and nothing else."""
    path = path or request.path
    entries = [each for each in _pending(request) if each[1] == path]
    if not entries:
        return
    note, shown = own_note(request), shown_forms(request)
    if note is not None:
        done = [each[0] for each in entries if _same_form(each, note, path)]
    else:
        done = [each[0] for each in entries if each[0] in shown or len(entries) == 1]
    _forget(request, done)


def discard(request, pk) -> None:
    """Throw away what was kept under this id, if it is this person's."""
    _forget(request, [str(pk)])


def _forget(request, pks) -> None:
    unsaved_texts.delete_pending_posts(pks, by=request.user)
    request.session[SESSION] = [each for each in _pending(request) if each[0] not in pks]


def waiting(request) -> list[dict]:
    """The forms that still wait for this person, except those that the page shows: to lead back to
    them.
    """
    sent, shown = own_note(request), shown_forms(request)
    same = str(sent.form) if sent else ""
    entries = [each for each in _pending(request) if each[0] not in shown and each[3] != same]
    if not entries:
        return []
    kept = {
        str(each.pk): each
        for each in unsaved_texts.pending_posts_among([each[0] for each in entries], request.user)
    }
    return [
        {
            "pk": pk,
            "url": f"{page or path}?{urlencode({'pending': pk})}",
            "created_at": kept[pk].created_at,
        }
        for pk, path, page, _form in entries
        if pk in kept
    ]


def typed_texts(request) -> list[str]:
    """The texts of the form that was sent, to be copied by hand where they cannot be kept."""
    values = (
        value
        for name in request.POST
        if name not in NEVER_KEPT
        for value in request.POST.getlist(name)
    )
    return [value for value in values if len(value.split()) > 1]


def own_texts(request) -> list[str]:
    """The texts of a form that was made for the person who sends it; none of any other form."""
    note = sent_note(request)
    return typed_texts(request) if note is not None and note.owner == request.user.pk else []


def not_kept(request):
    """The answer when the text of a form of ours could not be kept: it is in the answer, to be
    copied.
    """
    return render(request, "outages/not_kept.html", {"texts": typed_texts(request)}, status=403)
