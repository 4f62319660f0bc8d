"""The doors: every view says by one decorator who may come in, and a test fails when one does not.

What a person may not see is 404, as if it were not there; what they see but may not do is 403.
"""

import uuid
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from ..actions import keeping
from ..models import Case
from .parts import is_part

MADE_FOR = "made for"
NEVER_KEPT = {"csrfmiddlewaretoken", "made_for", "password", "oldpassword", "password1", "password2", "login"}


def for_case(permission=None, *, keeps=False):
    """A view of one case: ``view(request, case, ...)`` for who sees it and has the permission.

    ``keeps``: a form posted here after its sign-in ended is kept and shown again.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, case_id, *args, **kwargs):
            case = find_case(request.user, case_id)
            if permission and not request.user.has_perm(permission, case):
                raise PermissionDenied
            return view(request, case, *args, **kwargs)

        guarded.door = permission or "case.see"
        guarded.keeps_text = keeps
        return guarded

    return decorate


def for_staff(permission=None, *, keeps=False):
    """A view for whoever is signed in and has a permission that is not about one case."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if permission and not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.door = permission or "signed in"
        guarded.keeps_text = keeps
        return guarded

    return decorate


def for_address(view):
    """A view for whoever has its private address, without signing in: the view looks at the secret itself."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    guarded.door = "private address"
    guarded.keeps_text = False
    return login_not_required(guarded)


def find_case(user, case_id) -> Case:
    """The case if this person sees it; 404 otherwise, also when it exists."""
    found = (
        Case.objects.visible_to(user)
        .select_related("school", "pupil", "pupil__group", "leader")
        .filter(pk=case_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def made_for(user) -> str:
    """A signed note in each form that is kept: for whom it was made, also when their sign-in has ended."""
    return signing.dumps(str(user.pk), salt=MADE_FOR)


def keep_text(request):
    """Keep what was typed into a form that cannot be saved now, for the person the form was made for.

    A form without our own signed note is not kept: it may come from anywhere.
    """
    try:
        owner = uuid.UUID(signing.loads(request.POST.get("made_for", ""), salt=MADE_FOR))
    except (signing.BadSignature, ValueError):
        return None
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in NEVER_KEPT}
    kept = keeping.keep_post(owner, request.path, fields)
    if kept is not None:
        request.session["kept"] = {**request.session.get("kept", {}), request.path: str(kept.pk)}
    return kept


def take_kept(request, path=""):
    """What was kept for this person and page (or ``path``), as form data, or None. Stays until `let_go`."""
    path = path or request.path
    pk = request.session.get("kept", {}).get(path)
    kept = keeping.kept_post(uuid.UUID(pk), request.user.pk, path) if pk else None
    return None if kept is None else MultiValueDict(kept)


def came_from(request) -> str:
    """The page on which a form was sent: an address that only takes posts is nothing to go back to."""
    sent_from = urlsplit(request.headers.get("Referer", ""))
    local = sent_from.netloc == request.get_host() and sent_from.path.startswith("/")
    return sent_from.path if local and not sent_from.path.startswith("//") else request.path


def let_go(request, path=""):
    """The kept text of this page has been saved: forget it."""
    kept = dict(request.session.get("kept", {}))
    if pk := kept.pop(path or request.path, None):
        keeping.drop_kept(uuid.UUID(pk))
        request.session["kept"] = kept


def is_autosave(request) -> bool:
    """Whether a post was made by the page itself while somebody types."""
    return request.headers.get("X-Autosave") == "1" or request.POST.get("autosave") == "1"


def csrf_failure(request, reason=""):
    """A form whose token is too old, mostly after signing in again in another tab: keep its text."""
    if is_autosave(request) or is_part(request):
        response = JsonResponse({"csrf": "stale"}, status=403)
        response["X-Csrf"] = "stale"
        return response
    view = getattr(request.resolver_match, "func", None)
    kept = keep_text(request) if getattr(view, "keeps_text", False) else None
    context = {"kept": kept, "back": came_from(request) if kept else "", "title": _("Please press once more")}
    return render(request, "403_csrf.html", context, status=403)
