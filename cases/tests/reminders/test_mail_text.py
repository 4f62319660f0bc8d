"""What a mail says, and above all what it does not."""

import datetime
import email
import email.policy
import re

import pytest
from django.core import mail
from django.utils import translation

from cases import reminder_kinds
from cases.actions import cases
from cases.models import (
    Appointment,
    Case,
    ClassGroup,
    DailyMail,
    GroupMember,
    Membership,
    Pupil,
    Reminder,
    User,
)
from cases.next_actions import DRAFT, NEXT_ACTIONS
from cases.reminder_kinds import KINDS
from cases.reminders import sweep
from cases.reminders.mail_text import Item, items, mail_message, sentence, subject_of
from cases.tests.world import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    case_for,
    mailed_user,
    on,
    plan_talk,
)

# Everything that stands in the rows around a reminder, and every word that tells what it is about.
CANARIES = (
    "Quibbelina",
    "Zonderling",
    "van 't",
    "Anna",
    "Zilverberg",
    "Kiezelhof",
    "Goudsmid",
    "Zevensprong",
    "Wobbel",
)
SUBJECT_MATTER = re.compile(
    r"pest|bull(y|ie)|blam|schuld|slachtoffer|dader|victim|mobb|steungroep|support|leerling|pupil|leider|role",
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


def as_sent(message):
    return email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)


def text_of(message, kind):
    return message.get_body((kind,)).get_content()


def every_item(case, today=THURSDAY):
    """Every kind of reminder about every subject there is."""
    subjects = [kind for kind, _label in Appointment.KINDS] + [
        kind for kind in NEXT_ACTIONS if kind != DRAFT
    ]
    for kind in reminder_kinds.KINDS:
        for subject in subjects:
            for moment in (None, datetime.time(10, 15)):
                yield Item(kind, subject, case, today, moment, late=2)


@pytest.fixture
def full_case(case, school, coordinator):
    """A case with a name and a confidence wherever one can stand."""
    group = ClassGroup.objects.create(school=school, name="Zevensprong")
    Pupil.objects.filter(pk=case.pupil_id).update(group=group)
    case.closing_words = "Wobbel"
    case.save()
    member = Pupil.objects.create(
        school=school, first_name="Wobbel", last_name="Fladder", group=group
    )
    GroupMember.objects.create(school=school, round=case.rounds.get(), pupil=member)
    return case


@pytest.fixture
def a_week(full_case, school, teacher):
    """The mails of a week: about to plan, tomorrow, today, overdue, and to the coordinator."""
    with on(TUESDAY, 16):
        plan_talk(full_case, THURSDAY, datetime.time(10, 15))
        case_for(school, teacher, "Wobbelien")
    for day in (
        WEDNESDAY,
        THURSDAY,
        FRIDAY,
        MONDAY,
        datetime.date(2026, 11, 17),
        datetime.date(2026, 11, 19),
    ):
        with on(day):
            sweep()
    assert len(mail.outbox) >= 6
    return [as_sent(message) for message in mail.outbox]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_name_and_no_subject_matter_anywhere(full_case, language):
    mail_row = DailyMail(recipient=full_case.leader, date=THURSDAY)
    found = list(every_item(full_case))
    for start in range(0, len(found), 25):
        message = as_sent(mail_message(mail_row, found[start : start + 25], language))
        words = [str(message[name]) for name in message if name not in ("To", "From")]
        words += [text_of(message, "plain"), text_of(message, "html")]
        for word in words:
            assert not [canary for canary in CANARIES if canary.lower() in word.lower()], word
            assert not SUBJECT_MATTER.search(word), word


def test_headers_are_constants_and_the_row(a_week):
    for message in a_week:
        assert set(message.keys()) == CONSTANT_HEADERS
        assert re.fullmatch(r"<day-[0-9a-f-]{36}@steentje>", message["Message-ID"])
        row = DailyMail.objects.get(pk=message["Message-ID"][5:41])
        assert message["To"] == row.recipient.email
        assert message["Date"].datetime.utcoffset() == datetime.timedelta(0)


def test_the_code_stands_in_the_text_and_never_in_the_subject(a_week, full_case):
    assert all(full_case.code in text_of(message, "plain") for message in a_week[:3])
    assert not any(full_case.code in message["Subject"] for message in a_week)


def test_links_lead_behind_the_sign_in_to_the_case_its_paper_and_today(full_case, settings):
    settings.PUBLIC_URL = "https://steentje.school.example"
    row = DailyMail(recipient=full_case.leader, date=THURSDAY)
    message = as_sent(
        mail_message(row, [Item(reminder_kinds.TODAY, "talk", full_case, THURSDAY)], "nl")
    )
    base = f"https://steentje.school.example/cases/{full_case.pk}/"
    for kind in ("plain", "html"):
        assert re.findall(r"https?://[^\s\"<]+", text_of(message, kind)) == [
            base,
            f"{base}print/",
            "https://steentje.school.example/",
        ]


def test_html_brings_nothing_from_elsewhere(a_week):
    for message in a_week:
        html = text_of(message, "html")
        assert not re.search(r"<(img|link|script|style|iframe|table)|style=|src=|url\(", html)
        assert re.search(r"<html lang=\"(nl|en)\">", html)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (("today", "talk", THURSDAY, None, 0), "Today, Thu 12 Nov, you have a talk (B2C3D4F)."),
        (
            ("today", "meeting", THURSDAY, datetime.time(9, 5), 0),
            "Today at 9:05 you have a meeting (B2C3D4F).",
        ),
        (
            ("tomorrow", "members", FRIDAY, None, 0),
            "Tomorrow, Fri 13 Nov, you have short talks (B2C3D4F).",
        ),
        (("tomorrow", "pupil", MONDAY, None, 0), "On Mon 16 Nov you have a talk (B2C3D4F)."),
        (
            ("late", "pupil", TUESDAY, None, 2),
            "2 school days late: a talk, planned for Tue 10 Nov (B2C3D4F).",
        ),
        (
            ("late", "write_up", TUESDAY, None, 1),
            "One school day late: something to write down, planned for",
        ),
        (
            ("escalate", "weeks6", TUESDAY, None, 4),
            "4 school days late, with a colleague: a short moment to ask",
        ),
        (("nobody", "owner", None, None, 0), "Nobody takes care of B2C3D4F at the moment."),
    ],
)
def test_each_thing_is_a_sentence(item, said):
    kind, subject, day, moment, late = item
    with translation.override("en"):
        text = sentence(Item(kind, subject, Case(code="B2C3D4F"), day, moment, late), THURSDAY)
    assert text.startswith(said)


def test_what_has_no_day_is_late_without_a_day_that_nobody_planned(case):
    with translation.override("en"):
        for kind, said in (
            ("late", "2 school days late: a talk ("),
            ("escalate", "2 school days late, with a"),
        ):
            text = sentence(Item(kind, "talk", case, TUESDAY, late=2, agreed=False), THURSDAY)
            assert text.startswith(said) and "planned" not in text


def test_a_day_to_choose_is_the_day_of_the_reminder_also_when_something_else_comes_first(planned):
    row = Reminder(
        case=planned.case,
        round=planned.round,
        school=planned.school,
        kind="plan",
        subject="pupil",
        due_on=FRIDAY,
    )
    planned.case.next_date = THURSDAY
    assert items([row], TUESDAY)[0].date == FRIDAY


def test_every_kind_and_every_subject_has_its_words():
    for kind in reminder_kinds.KINDS:
        assert KINDS[kind].sentence
    assert set(dict(Appointment.KINDS)) <= set(NEXT_ACTIONS)


def test_of_one_thing_the_most_urgent_is_said_and_a_draft_only_if_nothing_else_is(planned):
    def row(kind, subject, day=TUESDAY):
        return Reminder(
            case=planned.case,
            round=planned.round,
            school=planned.school,
            kind=kind,
            subject=subject,
            due_on=day,
        )

    said = items(
        [
            row("draft", "talk_step"),
            row("today", "talk"),
            row("late", "talk"),
            row("late", "group"),
        ],
        FRIDAY,
    )
    assert [(item.kind, item.subject) for item in said] == [("late", "group"), ("late", "talk")]
    assert [item.kind for item in items([row("draft", "talk_step")], FRIDAY)] == ["draft"]


def test_the_subject_counts_what_matters_most():
    def of(*kinds):
        with translation.override("en"):
            return subject_of([Item(kind, "talk", None) for kind in kinds])

    assert of("today", "today", "late") == "You have 2 talks today"
    assert of("late", "tomorrow") == "1 thing is still waiting for you"
    assert of("tomorrow") == "You have 1 talk soon"
    assert of("plan", "draft") == "There are 2 things for you"


def test_a_long_list_is_cut_with_the_number_that_is_left(full_case):
    row = DailyMail(recipient=full_case.leader, date=THURSDAY)
    message = mail_message(row, list(every_item(full_case))[:40], "en")
    assert "And 10 things more." in message.body


def test_the_language_is_the_schools_and_not_the_workers(planned, school):
    school.language = "en"
    school.save()
    with translation.override("nl"), on(WEDNESDAY):
        sweep()
        assert translation.get_language() == "nl"
    assert mail.outbox[0].subject == "You have 1 talk soon"


def test_a_hostile_school_or_name_reaches_no_header(planned, school, teacher):
    boss = mailed_user(school, "boss@school.example", name="X\r\nBcc: evil@evil.example")
    with on(TUESDAY, 17):
        cases.hand_over(planned.case, boss, by=teacher)
    Case.objects.filter(pk=planned.case.pk).update(code="a\r\nB: c")
    school.name = "S\r\nCc: evil@evil.example"
    school.save()
    with on(WEDNESDAY):
        assert sweep().sent == 1
    assert b"evil" not in mail.outbox[0].message().as_bytes()


def test_people_without_a_part_in_it_get_nothing(planned, school):
    for role in (Membership.TEACHER, Membership.ADMINISTRATOR):
        mailed_user(school, f"{role}@school.example", role=role)
    with on(WEDNESDAY):
        sweep()
    assert {address for message in mail.outbox for address in message.to} == {
        User.objects.get(pk=planned.owner_id).email
    }
