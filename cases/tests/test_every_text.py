"""Every page, paper and mail of whole cases: no raw placeholder, and no other days than those of
the school.
"""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from cases import reminder_kinds
from cases.actions import cases, pages, rounds
from cases.actions.page_location import later_location
from cases.formats.dates import named, school_windows, span_of_days
from cases.method import METHOD
from cases.method.grammar import (
    CHECK,
    CHOICE,
    DATE,
    ENCLOSURE,
    GROUP,
    LINE,
    MANY,
    MEMBER,
    PLAN,
    SCALE,
    TEXT,
)
from cases.models import Appointment, DailyMail, School
from cases.next_actions import DRAFT, NEXT_ACTIONS
from cases.printing import conversation_sheet, documents
from cases.printing.letter_kinds import LETTERS
from cases.printing.letters import letter_html
from cases.printing.print_choices import REPORT_PARTS, Choices
from cases.printing.sheet_kinds import all_sheets
from cases.reminders.mail_text import Item, mail_message

LANGUAGES = [code for code, _name in settings.LANGUAGES]
RAW = re.compile(r"\{\w*\}|%\(\w+\)[sd]?|\{\{|\{%")
OWN = {"pupil": [7, 10], "members": [7, 9], "interim": [2, 5], "meeting": [1, 6]}
# How the guide's windows would be said, which this school does not have. That a certain day is 14
# days after the meeting is said of that day only.
GUIDES_DAYS = re.compile(
    r"\b(8|10)\s*(tot|to|t/m|-|–)\s*(en met\s*)?14\b|\b14 (dagen|days)\b(?! (na de|after the))"
    r"|tien dagen|ten days|veertien|fourteen"
    r"|één tot twee weken|one to two weeks",
    re.IGNORECASE,
)


@pytest.fixture(params=LANGUAGES)
def language(request, made, db):
    School.objects.update(language=request.param, windows=OWN)
    return request.param


@pytest.fixture
def world(made, language):
    return made


def readable(html: str) -> str:
    """What is read, aloud too; patterns that a script fills in stand in templates and data-
    attributes.
    """
    html = re.sub(r"<(script|template)\b.*?</\1>|<(link|meta)\b[^>]*>", " ", html, flags=re.DOTALL)
    spoken = re.findall(r'(?:alt|title|aria-label|placeholder|value)="([^"]*)"', html)
    return re.sub(r"<[^>]+>", " ", html) + " " + " ".join(spoken)


def check(text, where):
    assert not RAW.findall(text), f"{where}: {RAW.findall(text)}"
    assert not GUIDES_DAYS.search(text), f"{where}: {GUIDES_DAYS.search(text)}"


def read(client, address, data=None):
    answer = client.get(address) if data is None else client.post(address, data)
    if data is not None and answer.status_code == 302:
        return answer  # nothing on it could be wrong
    assert answer.status_code in (200, 409, 422), f"{address}: {answer.status_code}"
    assert answer["Content-Type"].startswith("text/html")
    check(readable(answer.content.decode()), address)
    return answer


def places(told):
    """Every page of every step: its address and its location."""
    for step in METHOD.steps:
        for page in step.pages:
            for member in told.members[:1] if page.kind == MEMBER else [None]:
                args = [told.case.pk, 1, step.key, page.key, *([member.pk] if member else [])]
                address = reverse("case-talk" if member else "case-step", args=args)
                yield address, told.walk.at(step.key, page.key, member)


def wrong(where):
    """Answers that cannot be kept, at every question: so that each message is shown."""
    bad = {
        DATE: "gisteren",
        CHOICE: "niets",
        MANY: "niets",
        SCALE: "elf",
        TEXT: "a" * 6000,
        LINE: "a" * 300,
        CHECK: "niets",
        PLAN: "niets",
        ENCLOSURE: "niets",
    }
    keys = [(question, question.key) for question in where.page.questions]
    members = where.round.members.all()
    keys += [(question, f"{question.key}:{each.pk}") for question, _key in keys for each in members]
    for question, key in keys:
        assert question.kind in bad, (
            f"{key} is a question of the kind {question.kind!r}: say in wrong(), in "
            "cases/tests/test_every_text.py, which answer it cannot keep"
        )
    return {key: bad[question.kind] for question, key in keys}


def test_every_page_of_a_case(world, language):
    client, told = world.client("teacher"), world.mine
    addresses = [
        reverse(name, args=[told.case.pk]) for name in ("case", "case-print", "case-enclosures")
    ]
    addresses += [
        reverse(name)
        for name in ("home", "case-list", "case-new", "blank-documents", "tomorrow", "settings")
    ]
    addresses += [
        reverse("case-plan", args=[told.case.pk, k])
        for k in ("talk", "meeting", "pupil", "members")
    ]
    addresses += [
        reverse("case-paper", args=[told.case.pk, key]) for key in documents.all_documents()
    ]
    addresses += [reverse("case-check", args=[told.case.pk, 1, step.key]) for step in METHOD.steps]
    for address in addresses:
        read(client, address)
    for address, where in places(told):
        read(client, address)
        read(client, address, {"version": where.record().version, "go": "next", **wrong(where)})
    for address in ("overview", "reminders", "school", "school-windows", "school-settings"):
        answer = world.client("coordinator").get(reverse(address))
        assert not RAW.findall(readable(answer.content.decode())), address


def test_the_conflict_page_of_every_page(world, language):
    """A colleague answered everything in one way, I in another."""
    told, client = world.mine, world.client("teacher")
    cases.add_colleague(told.case, world.people["other"], by=told.case.leader)
    for address, where in places(told):
        theirs, mine = {}, {}
        for question in where.page.questions:
            keys = [question.key]
            if question.per_member:
                keys = [f"{question.key}:{member.pk}" for member in told.members]
            for key in keys:
                choices = [choice.key for choice in question.choices]
                if question.kind in (TEXT, LINE):
                    theirs[key], mine[key] = "van de een", "van de ander"
                elif question.kind == CHOICE:
                    theirs[key], mine[key] = choices[0], choices[1]
                elif question.kind == SCALE:
                    theirs[key], mine[key] = 0, "3"
                elif question.kind == CHECK:
                    mine[key] = "on"
        if where.page.kind == GROUP:
            theirs |= {f"role:{member.pupil_id}": "leader" for member in told.members}
            mine |= {f"role-{member.pupil_id}": "follower" for member in told.members}
        if not theirs:
            continue
        before = where.record().version
        pages.save_page(where, dict.fromkeys(theirs), version=before, by=told.case.leader)
        loaded = where.record().version
        pages.save_page(where, theirs, version=loaded, by=world.people["other"])
        answer = read(client, address, {"version": loaded, **mine})
        assert answer.status_code == 409, address


def test_every_later_check(world, language):
    told = world.second
    told.walk.until()
    rounds.begin_aftercare(told.case, by=told.case.leader)
    client = world.client("teacher")
    read(client, reverse("case", args=[told.case.pk]))
    for page in METHOD.later[:4]:
        address = reverse("case-later", args=[told.case.pk, page.key])
        read(client, address)
        read(client, address, {"version": 0, "go": "finish"})
        read(client, reverse("case-plan", args=[told.case.pk, page.key]))
        where = later_location(told.case, told.round, page.key)
        check(named(where.page.title, "Noor"), page.key)


def test_every_paper(world, language):
    told = world.mine
    case = told.case
    case.school.refresh_from_db()
    name, members = case.pupil.first_name, [member.pupil.first_name for member in told.members]
    for kind in all_sheets():
        for asked in ({"name": name, "members": members}, {"name": None}):
            html = conversation_sheet.sheet_html(
                kind, language=language, spans=case.school.spans(), **asked
            )
            check(readable(html), f"sheet {kind}")
    for kind in ("primary", "secondary"):
        case.school.kind = kind
        print_context = documents.PrintContext(
            case, case.leader, Choices(parts=REPORT_PARTS), language
        )
        for each in LETTERS.values():
            made = print_context.addressed(each)
            made.readers = made.readers or [""]
            check(readable(letter_html(made, language)), f"letter {each.key}")
    asked = documents.case_report.Asked(
        (*REPORT_PARTS, "roles"), language, "Anna", case.school.today()
    )
    for html in documents.case_report.documents(case, asked):
        check(readable(html), "report")


def test_the_papers_of_a_case_and_blank_documents_are_made_with_the_days_of_the_school(
    world, language, monkeypatch
):
    """What the PDF process is asked for, for a case and for blank documents."""
    given = []
    monkeypatch.setattr(
        conversation_sheet, "pdf", lambda html, **more: given.append(html) or b"%PDF-1.7"
    )
    client, told = world.client("teacher"), world.mine
    client.get(reverse("blank-sheet-of", args=["meeting"]))
    told.case.school.refresh_from_db()
    print_context = documents.PrintContext(told.case, told.case.leader, Choices(), language)
    for part in documents.document_parts(print_context, documents.all_documents()["sheet-meeting"]):
        part.make()
    with translation.override(language):
        days = span_of_days(*OWN["members"])
    assert len(given) == 2
    assert all(days in readable(html) for html in given)


def test_every_mail(world, language):
    told = world.mine
    subjects = [kind for kind, _label in Appointment.KINDS] + [
        kind for kind in NEXT_ACTIONS if kind != DRAFT
    ]
    mail = DailyMail(recipient=told.case.leader, date=told.case.school.today())
    for kind in reminder_kinds.KINDS:
        found = [Item(kind, subject, told.case, mail.date, None, late=2) for subject in subjects]
        message = mail_message(mail, found, language)
        check(message.subject + message.body + readable(message.alternatives[0][0]), kind)


def test_the_days_of_the_school_are_said_where_the_guides_were(world, language):
    client, told = world.client("teacher"), world.mine
    with translation.override(language):
        pupil, members = span_of_days(*OWN["pupil"]), span_of_days(*OWN["members"])
    case = client.get(reverse("case", args=[told.case.pk])).content.decode()
    again = client.get(
        reverse("case-step", args=[told.case.pk, 1, "talk", "again"])
    ).content.decode()
    trust = client.get(
        reverse("case-step", args=[told.case.pk, 1, "trust", "trust"])
    ).content.decode()
    letter_page = client.get(reverse("case-paper", args=[told.case.pk, "parents"])).content.decode()
    assert members in case and pupil in again
    assert trust.count(members) == 2
    assert pupil in letter_page


def test_one_day_and_several(language):
    with translation.override("nl"), school_windows({"pupil": (1, 1), "members": (10, 10)}):
        assert named("{pupil_days}, {members_days}, {name}", "Noor") == "1 dag, 10 dagen, Noor"
    with translation.override("nl"):
        assert named("{pupil_days}", "Noor") == "8 tot 14 dagen"
