"""The page about configuration names each variable that the settings read, and no other."""

import re

from django.conf import settings

READS = re.compile(r"\b(?:env|flag)\(\s*\"([A-Z_]+)\"")
ROW = re.compile(r"^\| (`STEENTJE_.*?) \|", re.MULTILINE)


def test_each_variable_of_the_settings_is_in_the_table_and_nothing_else():
    source = (settings.BASE_DIR / "noblame" / "settings.py").read_text(encoding="utf-8")
    read = {f"STEENTJE_{name}" for name in READS.findall(source)}
    page = (settings.BASE_DIR / "docs" / "configuration.md").read_text(encoding="utf-8")
    described = set(re.findall(r"STEENTJE_[A-Z_]+", " ".join(ROW.findall(page))))
    assert "STEENTJE_SECRET_KEY" in read
    assert read - described == set(), "not in docs/configuration.md"
    assert described - read == set(), "no longer read in noblame/settings.py"
