"""Who may open a page: every view says it by one decorator, and a test fails when one does not.

What a person may not see is 404, as if it were not there; what they see but may not do is 403.
"""

from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from ..actions.page_location import NoSuchPage
from ..models import Case
from .form_owner import is_ours
from .page_parts import is_part
from .pending_posts import (
    keep_pending_post,
    own_texts,
    store_handed_over,
    typed_texts,
    way_back,
)


class GuardedView(Protocol):
    """A view with what its decorator says of it: the permission that it asks for, whether a form
    posted to it is kept, and the page its form stands on, where that is another.
    """

    permission: str
    keeps_pending_post: bool
    form_on: str

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def case_view(permission=None, *, keeps_pending_post=False, form_on=""):
    """A view of one case: ``view(request, case, ...)`` for who sees it and has the permission.

    ``keeps_pending_post``: a form posted here after its sign-in ended is kept and shown again; one
    of somebody who was taken off the case while they typed is answered with their own text, to
    copy.
    ``form_on``: the name of the page on which the form stands, when the view itself only takes
    posts.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, case_id, *args, **kwargs):
            try:
                case = find_case(request.user, case_id)
                if permission and not request.user.has_perm(permission, case):
                    raise PermissionDenied
            except (Http404, PermissionDenied) as refusal:
                if (
                    not keeps_pending_post
                    or is_autosave(request)
                    or not (texts := own_texts(request))
                ):
                    raise
                status = 404 if isinstance(refusal, Http404) else 403
                return render(
                    request, "outages/no_longer_yours.html", {"texts": texts}, status=status
                )
            try:
                return view(request, case, *args, **kwargs)
            except NoSuchPage as error:
                raise Http404 from error

        found = cast(GuardedView, guarded)
        found.permission, found.keeps_pending_post = permission or "case.see", keeps_pending_post
        found.form_on = form_on
        return found

    return decorate


def staff_view(permission="me.works", *, keeps_pending_post=False):
    """A view for whoever is signed in and has a permission that is not about one case; None: for
    whoever is signed in.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if permission and not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        found = cast(GuardedView, guarded)
        found.permission, found.keeps_pending_post = permission or "signed in", keeps_pending_post
        return found

    return decorate


def calendar_address_view(view):
    """A view for whoever has its private address, without signing in: the view looks at the secret
    itself.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    found = cast(GuardedView, guarded)
    found.permission, found.keeps_pending_post = "private address", False
    return login_not_required(found)


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


def is_autosave(request) -> bool:
    """Whether a post was made by the page itself while somebody types."""
    return request.headers.get("X-Autosave") == "1" or request.POST.get("autosave") == "1"


def _signed_in_meanwhile(request) -> bool:
    """Whether this is the sign-in page of somebody who has just signed in in another tab."""
    user, typed = request.user, request.POST.get("login", "").strip()
    return (
        request.path == reverse("account_login")
        and user.is_authenticated
        and typed.lower() == user.email.lower()
    )


def _wanted_page(request) -> str:
    """The page for which somebody signs in, or that of today."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else resolve_url("home")


def csrf_failure(request, reason=""):
    """A form whose token is too old, mostly after signing in again in another tab: keep its
    text.
    """
    if is_autosave(request) or is_part(request):
        response = JsonResponse({"csrf": "stale"}, status=403)
        response["X-Csrf"] = "stale"
        return response
    if _signed_in_meanwhile(request):
        return redirect(_wanted_page(request))
    store_handed_over(request)
    view = getattr(request.resolver_match, "func", None)
    kept = keep_pending_post(request) if getattr(view, "keeps_pending_post", False) else None
    context = {
        "kept": kept,
        "back": way_back(request, kept) if kept else "",
        "title": _("Please press once more"),
    }
    if kept is None and is_ours(request):
        context["texts"] = typed_texts(request)
    return render(request, "403_csrf.html", context, status=403)
