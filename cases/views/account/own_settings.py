"""One's own settings: the mail of the day, the name pupils say, the private calendar address."""

from django.conf import settings as project
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ...actions import personal_settings
from ...forms.personal_settings_form import SettingsForm
from ...models import CalendarFeed
from ..decorators import staff_view
from ..pending_posts import discard_post, restore_post


@staff_view("me.settings", keeps_pending_post=True)
def own_settings(request):
    """The page with one's settings; POST keeps them."""
    form = SettingsForm(
        request.user, request.POST if request.method == "POST" else restore_post(request)
    )
    if request.method == "POST" and form.is_valid():
        personal_settings.keep_settings(by=request.user, **form.settings())
        discard_post(request)
        messages.success(request, _("Saved."))
        return redirect("settings")
    return _page(request, form)


@require_POST
@staff_view("me.settings")
def calendar_address(request):
    """Make a calendar address, which is shown this one time, or stop it."""
    what = request.POST.get("what")
    if what == "make":
        path = reverse("feed", args=[personal_settings.new_address(by=request.user)])
        return _page(request, SettingsForm(request.user), address=project.PUBLIC_URL + path)
    if what == "stop" and personal_settings.stop_address(by=request.user):
        messages.success(request, _("Stopped. The address does not work any more."))
    return redirect("settings")


def _page(request, form, address=""):
    context = {
        "section": "settings",
        "form": form,
        "address": address,
        "feed": CalendarFeed.objects.filter(user=request.user).first(),
        "pupil_name": "",
    }
    return render(request, "account/settings.html", context, status=422 if form.errors else 200)
