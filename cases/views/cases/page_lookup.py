"""The round, the step and the page that an address names; 404 when there is none."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from ...actions.page_location import location_of
from ...method import METHOD
from ...method.grammar import MEMBER
from ...models import GroupMember, Round


def find_round(case, number):
    """The round of a case with this number, or 404."""
    case_round = get_object_or_404(Round, case=case, number=number)
    case_round.case, case_round.school = case, case.school
    return case_round


def find_step(key):
    """The step of the method with this key, or 404."""
    try:
        return METHOD.step(key)
    except KeyError as error:
        raise Http404 from error


def find_location(case, number, step, page, member=None):
    """The place at this address, or 404 when the case or the method has no such place."""
    case_round = find_round(case, number)
    try:
        location = location_of(case, case_round, step, page)
    except KeyError as error:
        raise Http404 from error
    if (location.page.kind == MEMBER) != (member is not None):
        raise Http404
    if member is not None:
        found = get_object_or_404(
            GroupMember.objects.select_related("pupil"), pk=member, round=case_round
        )
        location = location_of(case, case_round, step, page, found)
    return location
