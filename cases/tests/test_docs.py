"""What the pages for developers name is there."""

import re

import pytest
from django.conf import settings

PAGES = ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/configuration.md"]
# A path in a sentence: in backticks, with a folder that we have or a file name.
PATHS = re.compile(r"`((?:bin|cases|docs|locale|noblame|requirements|static|templates)/[\w./-]*)`")
FILES = re.compile(r"`([a-z_0-9]+\.(?:py|html|css|js))`")
LINKS = re.compile(r"\]\((?!https?:)([^)#]+)")


def text_of(page):
    return (settings.BASE_DIR / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_is_named_exists(page):
    named = set(PATHS.findall(text_of(page)))
    assert named
    gone = sorted(path for path in named if not (settings.BASE_DIR / path).exists())
    assert not gone, f"{page} names what is not there: {gone}"


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_named_without_its_folder_exists(page):
    there = {path.name for path in settings.BASE_DIR.rglob("*.*") if ".venv" not in path.parts}
    gone = sorted(set(FILES.findall(text_of(page))) - there)
    assert not gone, f"{page} names files that are nowhere: {gone}"


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    folder = (settings.BASE_DIR / page).parent
    gone = [link for link in LINKS.findall(text_of(page)) if not (folder / link).exists()]
    assert not gone, f"{page} links to what is not there: {gone}"
