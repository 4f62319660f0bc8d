"""The request as our views get it: with who asks, and the role they act in."""

from django.http import HttpRequest

from ..models import Membership, User


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in. For annotations only; Django makes the object, and
    `ActingMembership` puts the membership on it.
    """

    user: User
    membership: Membership
