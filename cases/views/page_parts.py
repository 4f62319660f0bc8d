"""Parts of a page that it fetches by itself (htmx): when one cannot be given, an answer that the
page understands.

A part that is answered with another page (the sign-in page, the cover of the screen) would take the
place of what is there. So such an answer has no content: a status, and a header that says why.
static/js/parts.js says it in words, keeps what was there, and leads on.
"""

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.urls import Resolver404, resolve

WHY = "Steentje-Part"
SIGNED_OUT, COVERED, CHANGED = "signed-out", "covered", "changed"
STATUS = {SIGNED_OUT: 401, COVERED: 409, CHANGED: 409}


def is_part(request) -> bool:
    """Whether a page asks for a part of itself. A page that goes back in its history asks for all
    of it.
    """
    asked = request.headers.get("HX-Request") == "true"
    return asked and request.headers.get("HX-History-Restore-Request") != "true"


def refused(why: str) -> HttpResponse:
    """A part that is not given, and why."""
    response = HttpResponse(status=STATUS[why], content_type="text/plain; charset=utf-8")
    response[WHY] = why
    response["HX-Reswap"] = "none"
    response["Cache-Control"] = "no-store"
    return response


class PartAnswers:
    """No part is answered with the way to another page. Stands before the middleware that sends
    people there.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if is_part(request) and response.has_header("Location"):
            return refused(_why(response["Location"]))
        return response

    def process_view(self, request, view, args, kwargs):
        """Nobody is signed in: nothing is kept of the request either, because its page is still
        there.
        """
        if (
            is_part(request)
            and getattr(view, "login_required", True)
            and not request.user.is_authenticated
        ):
            return refused(SIGNED_OUT)
        return None


def _why(location: str) -> str:
    # it imports decorators.py, which imports this module
    from .middleware import (
        PrivacyScreenMiddleware,
    )

    try:
        name = resolve(urlsplit(location).path).url_name
    except Resolver404:
        return CHANGED
    if name == "account_login":
        return SIGNED_OUT
    return COVERED if name in PrivacyScreenMiddleware.OPEN else CHANGED
