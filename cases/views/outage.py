"""What somebody gets while the disk is full, the database takes no writes, or the database is away.

Reading goes on where it can. What was posted comes back: in its own page when that can be shown, or
else in a page that needs nothing but this process, from which it can be sent again. A page that
saves itself gets JSON. Nothing here asks the database, a session or the cache anything.
"""

import io
import sys
import time
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template import loader
from django.urls import Resolver404, resolve
from django.utils import translation
from django.views import defaults

from .. import outages
from ..actions import journal
from .decorators import is_autosave
from .failed_posts import Unsaved
from .privacy_screen import COVERED, TALKING

STATUS = {outages.FULL: 507, outages.READ_ONLY: 503, outages.AWAY: 503}
RETRY_SECONDS = 10
# Reading is tried once more, on a new connection, unless somebody has waited this long already.
LONGEST_BEFORE_RETRY = 2


def server_error(request):
    """The answer to an error that nobody caught: of an outage a mark for `Outage`, of the rest the
    usual page.
    """
    error = sys.exc_info()[1]
    kind = outages.kind_of(error)
    return defaults.server_error(request) if kind is None else _marked(request, kind, error)


def bad_request(request, exception):
    """The answer to a bad request. A session that could not be stored is one for Django, and an
    outage for us.
    """
    kind = outages.kind_of(exception)
    return (
        defaults.bad_request(request, exception)
        if kind is None
        else _marked(request, kind, exception)
    )


def _marked(request, kind, error):
    if getattr(request, "outage", None) is None:
        outages.note(kind, error, f"{request.method} {_name(request)}")
    request.outage = kind
    response: Any = HttpResponse(status=STATUS[kind])  # it carries two marks of its own
    response.outage = kind
    # as Django marks it: one line was written, without a traceback
    response._has_been_logged = True
    return response


class Outage:
    """Turns an outage anywhere further in into an answer that helps. Stands around all that uses
    the database.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.monotonic()
        response = self.get_response(request)
        if (kind := getattr(response, "outage", None)) is None:
            journal.write_waiting()
            return response
        if request.method in ("GET", "HEAD"):
            answer = self._read(request, kind, began) or _plain_page(request, kind)
        elif is_autosave(request):
            answer = JsonResponse({"unsaved": kind}, status=STATUS[kind])
        else:
            answer = self._give_back(request, kind)
        if answer.status_code >= 500:
            answer.headers.setdefault("Retry-After", str(RETRY_SECONDS))
            answer.headers.setdefault("Cache-Control", "no-store")
            answer.headers.setdefault("X-Frame-Options", "DENY")
            answer._has_been_logged = True
        return answer

    def _read(self, request, kind, began):
        """The page after all, or None: without storing anything, or on a connection that is not
        broken.
        """
        if kind == outages.AWAY and time.monotonic() - began > LONGEST_BEFORE_RETRY:
            return None
        return self._once_more(_get(request, request.method), kind)

    def _give_back(self, request, kind):
        """The page that a form was sent from, with what was typed; or a page with only that."""
        unsaved = Unsaved(request, kind, may_send=_is_ours(request))
        # Somebody who wants to cover the screen, or has covered it, does not get back what was on
        # it.
        covered = _covers(request, kind, unsaved.data)
        if covered and unsaved.may_send:
            unsaved.hide()
        if kind != outages.AWAY and unsaved.may_send and not covered:
            again = _get(request, "GET", sent_from=True)
            again.unsaved = unsaved
            answer = self._once_more(again, kind)
            if (
                answer is not None
                and answer.status_code in (200, 422)
                and unsaved.stands_in(answer)
            ):
                answer.status_code = STATUS[kind]
                return answer
        unsaved.taken = False  # a page that took the text, but could not be shown
        return _page(request, kind, "outages/failed_post.html", unsaved=unsaved)

    def _once_more(self, request, kind):
        """The answer to a request that only reads; None when that does not work either."""
        if request is None:
            return None
        if kind == outages.AWAY:
            for connection in connections.all(initialized_only=True):
                if not connection.in_atomic_block:
                    connection.close()
            answer = self.get_response(request)
        else:
            with outages.reading_only():
                answer = self.get_response(request)
        return None if hasattr(answer, "outage") else answer


def _covers(request, kind, posted):
    """Whether the screen is to be covered, or is covered, as far as that is known without the
    database.
    """
    if _name(request) == "privacy-screen-enter":
        return True
    if _name(request) == "talk-screen" and posted.get("go") == "cover":
        return True
    session = {} if kind == outages.AWAY else getattr(request, "session", {})
    # Beside the screen of a talk sits a pupil, who may see its own pad and nothing else.
    return COVERED in session or (TALKING in session and _name(request) != "talk-screen")


def _name(request):
    """The name of the address of a request, also when it was never looked up; "" without one."""
    match = getattr(request, "resolver_match", None)
    try:
        return (match or resolve(request.path_info)).url_name or ""
    except Resolver404:
        return ""


def _get(request, method, *, sent_from=False):
    """The same request, from the same person, that only asks for the page: the one at this address,
    or the one it was ``sent_from``. None when it cannot be made.
    """
    if not isinstance(request, WSGIRequest):
        return None
    environ = {
        name: value
        for name, value in request.META.items()
        if name not in ("CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_CONTENT_LENGTH")
    }
    environ |= {"REQUEST_METHOD": method, "wsgi.input": io.BytesIO()}
    if sent_from:
        page = urlsplit(request.headers.get("Referer", ""))
        if page.netloc == request.get_host() and page.path.startswith("/"):
            path = unquote_to_bytes(page.path).decode("latin-1")
            environ |= {"PATH_INFO": path, "QUERY_STRING": page.query, "SCRIPT_NAME": ""}
    return WSGIRequest(environ)


class _TokenCheck(CsrfViewMiddleware):
    def _reject(self, request, reason):
        return reason


def _is_ours(request):
    """Whether a form was sent from a page of ours: what another site sends is not put up to be sent
    again.
    """
    check = _TokenCheck(lambda request: HttpResponse())
    try:
        check.process_request(request)
        return check.process_view(request, _is_ours, (), {}) is None
    except OSError:  # the rest of the form never came
        return False


def _plain_page(request, kind):
    return _page(request, kind, "503.html", unsaved=Unsaved.of_nothing(kind))


def _page(request, kind, template, **context):
    with translation.override(_language(request)):
        context |= {
            "csrf_token": get_token(request),
            "address": request.get_full_path(),
            "kind": kind,
        }
        return HttpResponse(loader.render_to_string(template, context), status=STATUS[kind])


def _language(request):
    """The language a person chose, or their school's where that is known already."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in dict(settings.LANGUAGES):
        return chosen
    membership = getattr(request, "membership", None)
    return membership.school.language if membership else settings.LANGUAGE_CODE
