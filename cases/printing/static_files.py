"""Our own fonts and drawings, as they stand in the source."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

_OURS = re.compile(r"(?:fonts|img)/[a-z0-9-]+\.(?:woff2|svg|png)")


class ForeignFile(RuntimeError):
    """A document named a file or an address that is not ours: a mistake in a template, never
    ignored.
    """


def static_bytes(name: str) -> bytes:
    """The content of one of our own fonts or drawings. ForeignFile for any other name."""
    path = finders.find(name) if _OURS.fullmatch(name) else None
    if not path:
        raise ForeignFile(name)
    return Path(path).read_bytes()
