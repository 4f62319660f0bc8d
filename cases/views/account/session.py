"""Small things about a session: a fresh form token, and which school a person acts in."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ..decorators import staff_view
from ..pending_posts import discard


@require_GET
@staff_view()
def token(request):
    """A fresh token for a page that stayed open while somebody signed in again in another tab."""
    return JsonResponse({"token": get_token(request)})


@require_POST
@staff_view(None)
def choose_school(request):
    """Act in another of one's own schools from now on: also for who may do nothing in this one."""
    chosen = request.POST.get("school", "")
    mine = {
        str(pk)
        for pk in request.user.memberships.filter(active=True).values_list("school_id", flat=True)
    }
    if chosen not in mine:
        raise Http404
    request.session["school"] = chosen
    return redirect("home")


@require_POST
@staff_view()
def discard_pending(request, pk):
    """Throw away a form that was kept when a sign-in had ended."""
    discard(request, pk)
    messages.success(request, _("Thrown away."))
    return redirect("home")
