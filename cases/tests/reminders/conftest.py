"""Real processes on a database of their own, and a mail server for them."""

import pytest

from .installation import Installation
from .mail_server import MailServer


@pytest.fixture(scope="session")
def ready(tmp_path_factory):
    """A data folder with empty tables, to be copied: migrating takes longer than most tests."""
    place = Installation(tmp_path_factory.mktemp("ready"))
    place.prepare()
    return place.folder


@pytest.fixture
def box():
    with MailServer() as box:
        yield box


@pytest.fixture
def installation(ready, tmp_path, box):
    """Real processes on a database of their own, with ``box`` as their mail server."""
    place = Installation.copy_of(ready, tmp_path / "data", box)
    try:
        yield place
    finally:
        place.stop()
