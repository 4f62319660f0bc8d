"""The logo of the school, for the top of letters."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ...actions import print_requests
from ...forms.print_forms import LARGEST_LOGO, LogoForm
from ...models import SchoolLogo
from ...uploads import images
from ..decorators import staff_view
from ..uploads import image_response, in_sandbox, was_dropped


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
        if was_dropped(request):
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


@in_sandbox
@require_GET
@staff_view("school.settings")
def logo_image(request):
    """The picture itself, in a sandbox of its own."""
    there = SchoolLogo.objects.filter(school=request.membership.school).first()
    if there is None:
        raise Http404
    return image_response(bytes(there.image), there.mime, "logo")
