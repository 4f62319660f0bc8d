"""The logo of the school, for the top of letters."""

from csp.constants import NONE
from csp.decorators import csp
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ...actions import print_requests
from ...forms.print_forms import LARGEST_LOGO, LogoForm
from ...models import SchoolLogo
from ...uploads import images
from ..decorators import staff_view


@transaction.non_atomic_requests
@staff_view("school.settings")
def school_logo(request):
    """See the logo, put another in its place. The picture is cleaned before the database is
    touched.
    """
    school = request.membership.school
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = LogoForm(request.POST, request.FILES)
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            # Django drops so large a file before the form sees it: say that, not "choose a
            # picture".
            form.is_valid()
            form.errors.pop("logo", None)
            form.add_error("logo", _too_big())
        elif form.is_valid() and _keep(request, school, form):
            messages.success(request, _("Saved. The logo stands on letters from now on."))
            return redirect("logo")
    there = SchoolLogo.objects.filter(school=school).defer("image").first()
    context = {"section": "school", "form": form, "logo": there, "pupil_name": ""}
    return render(request, "school/logo.html", context, status=422 if form.errors else 200)


def _too_big():
    return _("This picture is larger than 2 MB. Choose a smaller one.")


def _keep(request, school, form) -> bool:
    upload = form.cleaned_data["logo"]
    if upload.size > LARGEST_LOGO:
        form.add_error("logo", _too_big())
        return False
    try:
        photo = images.clean_photo(upload.read())
    except images.PhotoRefused as refused:
        form.add_error("logo", str(refused.message))
        return False
    if len(photo.data) > LARGEST_LOGO:
        form.add_error("logo", _too_big())
        return False
    print_requests.set_logo(school, photo, by=request.user)
    return True


@require_POST
@staff_view("school.settings")
def remove_logo(request):
    """Take the logo away."""
    print_requests.remove_logo(request.membership.school, by=request.user)
    messages.success(request, _("Taken away."))
    return redirect("logo")


@csp({"default-src": [NONE], "sandbox": [""]})
@require_GET
@staff_view("school.settings")
def logo_image(request):
    """The picture itself, in a sandbox of its own."""
    there = SchoolLogo.objects.filter(school=request.membership.school).first()
    if there is None:
        raise Http404
    response = HttpResponse(bytes(there.image), content_type=there.mime)
    response["Content-Disposition"] = f"attachment; filename=logo.{there.mime.partition('/')[2]}"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response
