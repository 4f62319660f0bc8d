"""The order of the one-to-one talks (S7.5)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ...actions import group
from ...actions.page_location import find_location
from ...method.grammar import ORDER
from ...models import Case
from ..decorators import case_view
from .presenters import page_url


@require_POST
@case_view("case.edit")
def move_member(request, case, number, step, page, member):
    """Let one member's talk come earlier or later; back to where the button was."""
    location = find_location(case, number, step, page, member)
    if location.member is None or location.member.left_at is not None:
        raise Http404
    if case.status != Case.OPEN:
        messages.info(request, _("This step is not open at the moment."))
        return redirect("case", case.pk)
    group.move_member(
        location.member, -1 if request.POST.get("to") == "earlier" else 1, by=request.user
    )
    for each in location.step.pages:
        if each.kind == ORDER:
            return redirect(page_url(case, location.round, location.step, each))
    return redirect("case", case.pk)
