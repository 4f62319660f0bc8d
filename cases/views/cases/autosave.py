"""The answer to a page or a pad that saves itself while somebody types."""

from django.http import JsonResponse

from ...formats.dates import clock


def autosave_answer(location, *, version, errors=None, joined=None) -> JsonResponse:
    """The version to go on with, when it was saved, what is wrong by field, and what another person
    filled in meanwhile by field.

    While the screen is covered no content leaves the server: then the answer is given without the
    last two, on the version that the page has, so that its next save meets the other person's text
    instead of writing over it.
    """
    now = clock(location.case.school.now())
    return JsonResponse(
        {"version": version, "saved": now, "errors": errors or {}, "joined": joined or {}}
    )


def posted_version(data, default: int, field: str = "version") -> int:
    """The version of a text that a posted form was made from; ``default`` when it names none."""
    version = data.get(field, "")
    return int(version) if version.isdecimal() and len(version) < 9 else default
