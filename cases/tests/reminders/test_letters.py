"""What a mail says, and above all what it does not."""

import datetime
import email
import email.policy
import re

import pytest
from django.core import mail
from django.utils import translation

from cases.actions.reminding import remind_of
from cases.models import Appointment, Case, ClassGroup, GroupMember, Reminder
from cases.reminders import sweep
from cases.reminders.letters import SOON, WORDS

from .conftest import THURSDAY, TUESDAY, at, make_appointment, make_row, make_user

WEDNESDAY = datetime.date(2026, 11, 11)
# Everything that stands in the rows around a reminder, and every word that tells what it is about.
CANARIES = (
    "Quibbelina",
    "Zonderling",
    "van 't",
    "Anna",
    "Zilverberg",
    "Kiezelhof",
    "Krokodil",
    "Zevensprong",
    "Wobbel",
    "Fladder",
)
SUBJECT_MATTER = re.compile(
    r"pest|bull(y|ie)|blam|schuld|slachtoffer|dader|victim|mobb|steungroep|support|leerling|pupil|traject|leider|role",
    re.IGNORECASE,
)
CONSTANT_HEADERS = {
    "Content-Type",
    "MIME-Version",
    "Subject",
    "From",
    "To",
    "Message-ID",
    "Date",
    "Auto-Submitted",
}


def every_kind(case):
    """Send one mail of each kind; returns them as they travel."""
    remind_of(make_appointment(case, THURSDAY), today=TUESDAY)
    make_row(case, TUESDAY, kind=Reminder.PLAN, subject=Appointment.MEMBERS)
    make_row(case, datetime.date(2026, 11, 13), kind=Reminder.TOMORROW, subject=Appointment.INTERIM)
    make_appointment(case, datetime.date(2026, 11, 16), kind=Appointment.INTERIM)
    for day in (TUESDAY, WEDNESDAY, THURSDAY, datetime.date(2026, 11, 13)):
        sweep(at(day))
    assert len(mail.outbox) == len(WORDS)
    return [
        email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)
        for message in mail.outbox
    ]


def text_of(message, kind):
    return message.get_body((kind,)).get_content()


@pytest.fixture
def full_case(case, school, teacher):
    """A case with a name and a confidence wherever one can stand."""
    group = ClassGroup.objects.create(school=school, name="Zevensprong")
    case.pupil.group = group
    case.pupil.save()
    case.code = "Fladder"
    case.closing_words = "Wobbel"
    case.save()
    member = case.pupil.__class__.objects.create(
        school=school, first_name="Wobbel", last_name="Fladder", group=group
    )
    GroupMember.objects.create(school=school, round=case.rounds.get(), pupil=member)
    return case


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_name_and_no_subject_matter_anywhere(full_case, school, language):
    school.language = language
    school.save()
    for message in every_kind(full_case):
        words = [str(message[name]) for name in message if name not in ("To", "From")]
        words += [text_of(message, "plain"), text_of(message, "html")]
        for word in words:
            assert not [canary for canary in CANARIES if canary.lower() in word.lower()], word
            assert not SUBJECT_MATTER.search(word), word


def test_headers_are_constants_and_the_row(full_case):
    for message in every_kind(full_case):
        assert set(message.keys()) == CONSTANT_HEADERS
        assert re.fullmatch(r"<reminder-[0-9a-f-]{36}@steentje>", message["Message-ID"])
        assert Reminder.objects.filter(pk=message["Message-ID"][10:46]).exists()
        assert message["To"] == "anna@school.example"
        assert message["Date"].datetime.utcoffset() == datetime.timedelta(0)


def test_each_kind_says_something_else(full_case):
    messages = every_kind(full_case)
    assert len({message["Subject"] for message in messages}) == len(WORDS)
    assert len({text_of(message, "plain") for message in messages}) == len(WORDS)


def test_the_link_leads_to_the_case_behind_the_sign_in(full_case, settings):
    settings.PUBLIC_URL = "https://steentje.school.example"
    for message in every_kind(full_case):
        for kind in ("plain", "html"):
            assert re.findall(r"https?://[^\s\"<]+", text_of(message, kind)) == [
                f"https://steentje.school.example/cases/{full_case.pk}/"
            ]


def test_html_brings_nothing_from_elsewhere(full_case):
    for message in every_kind(full_case):
        html = text_of(message, "html")
        assert not re.search(r"<(img|link|script|style|iframe)|style=|src=|url\(", html)
        assert re.search(r"<html lang=\"(nl|en)\">", html)


def test_the_text_names_the_day_and_not_yesterdays(full_case):
    school = full_case.school
    school.language = "en"
    school.save()
    by_kind = {message["Subject"]: text_of(message, "plain") for message in every_kind(full_case)}
    assert "Tomorrow, Thu 12 Nov," in by_kind["You have 1 talk tomorrow"]
    assert "On Mon 16 Nov" in by_kind["You have 1 talk soon"]
    assert "Today, Thu 12 Nov," in by_kind["You have 1 talk today"]


def test_the_language_is_the_schools_and_not_the_workers(case, school):
    school.language = "en"
    school.save()
    make_row(case, WEDNESDAY)
    with translation.override("nl"):
        sweep(at(WEDNESDAY))
        assert translation.get_language() == "nl"
    assert mail.outbox[0].subject == "Choose a day for 1 talk"


def test_a_hostile_school_or_name_reaches_no_header(case, school):
    boss = make_user(school, "boss@school.example", name="X\r\nBcc: evil@evil.example")
    Case.objects.filter(pk=case.pk).update(leader=boss, code="a\r\nB: c")
    school.name = "S\r\nCc: evil@evil.example"
    school.save()
    make_row(case, WEDNESDAY, to=boss)
    assert sweep(at(WEDNESDAY)).sent == 1
    assert b"evil" not in mail.outbox[0].message().as_bytes()


def test_every_text_fits_a_lock_screen_and_has_its_place_for_the_day():
    with translation.override("en"):
        for kind, words in WORDS.items():
            assert len(str(words.subject)) <= 40
            assert 2 <= len(words.lines) <= 3
            assert (kind == Reminder.PLAN) == ("{day}" not in " ".join(map(str, words.lines)))
    assert SOON in WORDS
