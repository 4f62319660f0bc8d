"""What every page's frame needs to know."""

from django.conf import settings

from .. import access
from .form_owner import made_for
from .pending_posts import waiting

# What the menus ask, by the name that they ask it by.
PERMISSIONS = {
    "teaches": "case.open",
    "sees_overview": "school.overview",
    "sees_reminders": "school.reminders",
    "may_set_school": "school.settings",
}


def frame(request):
    """The acting membership, its school, the languages there are, and whether this is the demo."""
    membership = getattr(request, "membership", None)
    user = getattr(request, "user", None)
    return {
        "made_for": made_for(user, request) if user is not None and user.is_authenticated else "",
        "pending_posts": waiting(request) if user is not None and user.is_authenticated else [],
        "membership": membership,
        "school": membership.school if membership else None,
        **{
            name: user is not None and membership is not None and access.may(user, permission)
            for name, permission in PERMISSIONS.items()
        },
        "demo_mailbox": settings.DEMO,
        "enabled_languages": settings.LANGUAGES,
    }
