"""What every page's frame needs to know."""

from django.conf import settings

from .. import access
from .pending_posts import made_for, waiting


def frame(request):
    """The acting membership, its school, the languages there are, and whether this is the demo."""
    membership = getattr(request, "membership", None)
    user = getattr(request, "user", None)
    return {
        "made_for": made_for(user, request) if user is not None and user.is_authenticated else "",
        "pending_posts": waiting(request) if user is not None and user.is_authenticated else [],
        "membership": membership,
        "school": membership.school if membership else None,
        # Asked of the predicate: who may not would cost two queries to Django's own permissions.
        "teaches": membership is not None and user is not None and bool(access.teaches(user)),
        "may_set_school": membership is not None
        and user is not None
        and user.has_perm("school.settings"),
        "demo_mailbox": settings.DEMO,
        "enabled_languages": settings.LANGUAGES,
    }
