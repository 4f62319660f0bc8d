"""What happens around every request: clocks, kept text, the acting role, the privacy screen."""

import time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from .. import outages
from ..formats.dates import school_windows
from ..timestamps import LOOK_MINUTES, is_fresh
from .decorators import is_autosave
from .failed_posts import UNDER_COVER, Unsaved
from .form_owner import is_ours, own_note
from .pending_posts import keep_pending_post, not_kept, store_handed_over, way_back
from .privacy_screen import COVERED, is_screened

SEEN_EVERY_SECONDS = 60
MOST_UNSTORED = 5_000

# When a sign-in was last seen while no session could be stored: nobody who reads is called idle for
# that.
_unstored_seen: dict[str, int] = {}


def _note_seen(session_key, now):
    _unstored_seen.pop(session_key, None)
    _unstored_seen[session_key] = now
    while len(_unstored_seen) > MOST_UNSTORED:
        _unstored_seen.pop(next(iter(_unstored_seen)), None)


class SessionClock:
    """Ends a sign-in that was idle too long or lasts longer than a school day."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(time.time())
            since = request.session.setdefault("since", now)
            seen = max(
                request.session.get("seen", now), _unstored_seen.get(request.session.session_key, 0)
            )
            lasts = is_fresh(since, settings.LONGEST_SESSION_HOURS * 3600, now)
            if not lasts or not is_fresh(seen, settings.IDLE_MINUTES * 60, now):
                logout(request)
            elif outages.is_reading_only():
                _note_seen(request.session.session_key, now)
            elif now - seen > SEEN_EVERY_SECONDS or "seen" not in request.session:
                request.session["seen"] = now
        response = self.get_response(request)
        if outages.is_reading_only():
            request.session.modified = (
                False  # it could not be stored, and the page is to be read all the same
            )
        if getattr(request, "outage", None) is None and request.user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response


class KeepPendingPost:
    """A form sent after the sign-in ended is kept before the sign-in page is shown."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.user.is_authenticated or request.method != "POST":
            return None
        if request.resolver_match.url_name == "privacy-screen-enter":
            store_handed_over(request)
        if not getattr(view, "keeps_pending_post", False):
            return None
        if request.headers.get("X-Autosave") == "1":
            # The page is still open and keeps its own text; it tries again after signing in.
            return JsonResponse({"signed_out": True}, status=401)
        kept = keep_pending_post(request)
        if kept is None and is_ours(request):
            return not_kept(request)
        return redirect_to_login(way_back(request, kept))


class ActingMembership:
    """The role a person acts in for this request, and the language, clock and windows that go with
    it.

    Read from the database each time: a right that was taken away is gone at the next press.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        membership = None
        if request.user.is_authenticated:
            membership = self._choose(request)
            if membership is None:
                # no role in any school (any more): the sign-in is over, as for who is switched off
                logout(request)
        if membership is not None:
            request.user.membership = membership
            now = int(time.time())
            request.user.looks_into = {
                case
                for case, until in request.session.get("looks_into", {}).items()
                if until > now and is_fresh(until - LOOK_MINUTES * 60, LOOK_MINUTES * 60, now)
            }
        request.membership = membership
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if language not in dict(settings.LANGUAGES):
            language = membership.school.language if membership else settings.LANGUAGE_CODE
        zone = ZoneInfo(membership.school.timezone) if membership else None
        request.LANGUAGE_CODE = language
        windows = membership.school.spans() if membership else None
        with translation.override(language), timezone.override(zone), school_windows(windows):
            response = self.get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
        response.headers.setdefault("Content-Language", language)
        return response

    def _choose(self, request):
        mine = request.user.memberships.filter(active=True).select_related("school")
        mine = list(mine.order_by("created_at", "pk"))
        chosen = request.session.get("school")
        return next(
            (each for each in mine if str(each.school_id) == chosen), mine[0] if mine else None
        )


class PrivacyScreenMiddleware:
    """While the screen is covered only the plain day page is there, and while a talk is held only
    its talk screen as well: the server gives out nothing else.

    What a page saves by itself at that moment is still saved; the answer holds no content. A form
    that is sent all the same is kept until its page is opened again.
    """

    OPEN = {
        "account_logout",
        "set_language",
        "token",
        "privacy-screen",
        "privacy-screen-enter",
        "privacy-screen-leave",
    }
    IN_A_TALK = {"talk-screen", "talk-screen-leave"}
    # These answer a page that saves itself without content.
    SAVES = {"case-step", "case-talk", "case-later", "talk-screen"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or not is_screened(request):
            return None
        name = request.resolver_match.url_name
        if name in self.OPEN or (name in self.IN_A_TALK and COVERED not in request.session):
            return None
        if request.method == "POST":
            if name in self.SAVES and is_autosave(request):
                return None
            if (
                getattr(view, "keeps_pending_post", False)
                and keep_pending_post(request) is None
                and own_note(request)
            ):
                # Too old or too large: it stays in a page that shows nothing of it, to be sent
                # again.
                unsaved = Unsaved(request, UNDER_COVER, may_send=True)
                unsaved.hide()
                return render(request, "outages/failed_post.html", {"unsaved": unsaved}, status=409)
        return redirect("privacy-screen")
