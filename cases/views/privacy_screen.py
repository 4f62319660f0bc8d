"""The privacy screen: somebody walks past, so the screen is covered with a plain day page.

It says nothing about any pupil. While it is there the server gives out nothing else, whatever is
asked (PrivacyScreenMiddleware); one press and a question lead back.
"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .decorators import staff_view
from .pending_posts import store_handed_over

# In the session: the screen is covered (and where it was) / a talk is held with a pupil beside the
# screen.
COVERED, TALKING = "privacy_screen", "talk_screen"


def is_screened(request) -> bool:
    """Whether somebody may be looking at the screen: then no content of a case leaves the
    server.
    """
    return COVERED in request.session or TALKING in request.session


def cover(request, back: str):
    """Cover the screen; ``back`` is the address it was at. A screen that is covered stays as it
    was.
    """
    request.session.setdefault(COVERED, {"back": back})
    request.session.modified = True
    return redirect("privacy-screen")


@require_POST
@staff_view()
def enter(request):
    """The button "Cover the screen", or Shift three times. What is typed and not saved comes along,
    and is kept.
    """
    back = request.POST.get("back", "")
    if not store_handed_over(request, trusted=True):
        # Said when nobody looks any more: the covered page shows no messages.
        messages.warning(
            request,
            _("Some of what you typed was too much to be kept when the screen was covered."),
        )
    local = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return cover(request, back if local else "/")


@staff_view()
def privacy_screen(request):
    """A plain day: the date and a kind word."""
    if not is_screened(request):
        return redirect("home")
    today = request.membership.school.today() if request.membership else None
    return render(request, "privacy_screen/privacy_screen.html", {"today": today})


@staff_view()
def leave(request):
    """Ask whether nobody is looking; then go back to where it was: to the talk, while one is being
    held.
    """
    if not is_screened(request):
        return redirect("home")
    if request.method != "POST":
        return render(request, "privacy_screen/leave.html")
    if COVERED in request.session:
        return redirect(request.session.pop(COVERED).get("back") or "home")
    return redirect(request.session[TALKING]["talk"])
