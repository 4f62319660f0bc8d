"""A browser in front of the real application; every test of this folder is marked `browser`."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from .application import Application
from .browser_user import Person

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def journal_can_be_emptied():
    """These tests never touch the database of the test process."""


@pytest.fixture(scope="package")
def app():
    """The application with the demo school, until the last test of this folder."""
    application = Application(Path(tempfile.mkdtemp(prefix="steentje-browser-")))
    try:
        yield application.start()
        complaints = application.errors()
    finally:
        application.stop()
    assert "Traceback" not in complaints, complaints


@pytest.fixture(scope="package")
def playwright():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


def launch(playwright, **more):
    path = os.environ.get("STEENTJE_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    return playwright.chromium.launch(executable_path=path, args=FLAGS, **more)


@pytest.fixture(scope="package")
def chromium(playwright):
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def remembered():
    """Sign-ins that tests share: name to cookies."""
    return {}


@pytest.fixture
def end_sessions(app, remembered):
    """``end_sessions("anna")``: the server forgets every sign-in of this person, the shared one as
    well.
    """

    def end(name):
        app.ask("end_sessions", name=name)
        remembered.pop(name, None)

    return end


@pytest.fixture
def visit(app, chromium, remembered):
    """``visit("anna")``: a person at a browser of their own, signed in; None is nobody.

    ``fresh`` signs in anew, for tests that change what the server remembers of a sign-in. Scripts
    that fail, policies that are broken and files that are missing fail the test, unless ``strict``
    is False.
    """
    people = []

    def come(name=None, *, fresh=False, width=1280, browser=chromium, strict=True, **options):
        cookies = None if fresh or name is None else remembered.get(name)
        context = browser.new_context(
            base_url=app.address,
            viewport={"width": width, "height": 900},
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            reduced_motion="reduce",
            storage_state=cookies,
            **options,
        )
        context.set_default_timeout(15_000)
        person = Person(name, context, strict)
        people.append(person)
        if name is not None and cookies is None:
            person.sign_in()
            if not fresh:
                remembered[name] = context.storage_state()
        return person

    yield come
    for person in people:
        person.context.close()
    wrong = [line for person in people if person.strict for line in person.wrong]
    assert wrong == []
