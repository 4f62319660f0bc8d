"""Says once when the settings and the proxies in front do not fit each other."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

log = logging.getLogger(__name__)
HEADERS = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded")


class UnexpectedProxy:
    """Middleware: a proxy's header arrives while STEENTJE_PROXIES is 0.

    Then everybody behind the proxy has the proxy's one address, and the limits on signing in count
    them as one. The header's value, which is somebody's address, is not logged.
    """

    said = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not UnexpectedProxy.said and settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0:
            found = [name for name in HEADERS if name in request.headers]
            if found:
                UnexpectedProxy.said = True
                log.warning(
                    "%s arrived with a request, but STEENTJE_PROXIES is 0. If a proxy stands in "
                    "front, set STEENTJE_PROXIES=1 (or how many there are): now all people seem to "
                    "have one address, and wrong passwords of one count for all. Without a proxy, "
                    "somebody sent it, and it is ignored.",
                    " and ".join(found),
                )
        return self.get_response(request)
