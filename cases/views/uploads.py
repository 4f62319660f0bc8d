"""Files that come in with a form, and pictures that go out."""

from csp.constants import NONE
from csp.decorators import csp
from django.conf import settings
from django.http import HttpResponse

# For a view that gives out what somebody uploaded: nothing in it can load or run anything.
in_sandbox = csp({"default-src": [NONE], "sandbox": [""]})


def was_dropped(request) -> bool:
    """Whether Django dropped what was posted before the form could see the file, because it is so
    large: say that, not "choose a file".
    """
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    return request.method == "POST" and length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def image_response(data: bytes, mime: str, name: str = "") -> HttpResponse:
    """A picture for our own pages only. With a ``name`` (without its ending) it is a file to
    download when it is opened by itself.
    """
    response = HttpResponse(data, content_type=mime)
    if name:
        ending = mime.partition("/")[2]
        response["Content-Disposition"] = f"attachment; filename={name}.{ending}"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response
