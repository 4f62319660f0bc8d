"""What every page's frame needs to know."""

from django.conf import settings


def frame(request):
    """The acting membership, its school, the languages there are, and whether this is the demo."""
    membership = getattr(request, "membership", None)
    return {
        "membership": membership,
        "school": membership.school if membership else None,
        "demo_mailbox": settings.DEMO,
        "enabled_languages": settings.LANGUAGES,
    }
