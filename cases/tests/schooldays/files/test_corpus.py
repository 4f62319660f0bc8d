"""Public calendars and tables that once went wrong, from a folder beside the project."""

import os
from pathlib import Path

import pytest

from cases.schooldays.files import Found

from .file_maker import adds_up, asked, doubts, read, rows

CORPUS = Path(os.environ.get("STEENTJE_CORPORA", "corpora")) / "dayfiles"
pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="set STEENTJE_CORPORA to a folder with dayfiles/"
)


def file(name):
    return (CORPUS / name).read_bytes()


def test_every_file_is_read_and_accounted_for():
    for path in sorted(CORPUS.iterdir()):
        found = read(path.read_bytes(), region="NL-Midden")
        assert isinstance(found, Found), path.name
        adds_up(found)


def test_a_calendar_of_public_holidays_ticks_nothing_by_name():
    found = read(file("NederlandseFeestdagen.ics"))
    assert len(found.rows) > 100 and not [row.name for row in found.rows if not row.doubt]


def test_empty_rules_refuse_nothing():
    found = read(file("calendarlabs.ics"))
    assert found.counts.total == found.counts.read == 34
    assert {each.what for each in found.odd} == {"RRULE"}


def test_three_regions_in_one_calendar_are_asked_about():
    assert set(asked(file("nl-school-all.ics")).regions) == {"NL-Noord", "NL-Midden", "NL-Zuid"}


def test_tables_are_read_by_the_names_of_their_columns():
    assert rows(file("academicSessions.csv"))[1] == ("2027-02-01", "2027-02-01", "Studiedag")
    assert doubts(file("agenda.csv")) == {"Studiedag": "", "Ouderavond groep 7": "time"}
