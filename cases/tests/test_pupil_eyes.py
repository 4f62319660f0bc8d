"""Everything a pupil may come to see, in every language, read with a pupil's eyes.

Paper, the calm pages, the letter as large as the screen, the sign-in page, error pages, titles,
addresses, file names and the subjects of mails: no word for what happened, no blame, no role, nothing
that was not to be told, no other pupil.
"""

import io
import re

import pytest
from django.conf import settings
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation
from pypdf import PdfReader

from cases.method import METHOD
from cases.method.wording import forbidden_in
from cases.models import Appointment, DailyMail, Idea, Reminder, School
from cases.reminders import letters
from cases.reminders.digest import Item
from cases.views.labels import NEXT

from .views.world import addresses, standing

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ROLE_SIGNS = ("M10 1.5L18.5 10 10 18.5", "◆", "◇", "role:", "role-", "st-sign")


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with standing(django_db_blocker) as world:
        yield world


@pytest.fixture
def world(made, db):
    return made


@pytest.fixture(params=LANGUAGES)
def language(request, world):
    School.objects.update(language=request.param)
    return request.param


def readable(html: str) -> str:
    """A page as it is read, aloud too: text, titles, and what stands in attributes."""
    html = re.sub(r"<(script|link|meta)\b[^>]*>", " ", html)
    spoken = re.findall(
        r'(?:alt|title|aria-label|placeholder|value|href|action|data-[a-z-]+)="([^"]*)"', html
    )
    return re.sub(r"<[^>]+>", " ", html) + " " + " ".join(spoken)


def check(world, text, *, where, allowed=()):
    """Nothing in it that a pupil must not read; ``allowed`` names words of the case that may be there."""
    assert not forbidden_in(text), f"{where}: {forbidden_in(text)}"
    assert not [sign for sign in ROLE_SIGNS if sign in text], where
    for told in (world.mine, world.second, world.far):
        found = {word for word in told.secrets() if word in text} - set(allowed)
        assert not found, f"{where}: {sorted(found)[:4]}"


def words_of(answer) -> str:
    reader = PdfReader(io.BytesIO(answer.content))
    properties = " ".join(str(value) for value in (reader.metadata or {}).values())
    return " ".join(page.extract_text() for page in reader.pages) + " " + properties


def covered(world, back):
    client = world.client("teacher")
    client.post(reverse("privacy-screen-enter"), {"back": back})
    return client


def test_the_guard_finds_what_it_is_to_find(world):
    for text in ("gepest", "de dader", "aanvoerder", "victim", "meeloper", world.mine.pupils[2].first_name):
        with pytest.raises(AssertionError):
            check(world, f"<p>{text}</p>", where="a trial")


def test_the_calm_page_of_every_page_of_every_step(world, language):
    told = world.mine
    for step in METHOD.steps:
        places = [("case-check", [told.case.pk, 1, step.key])]
        for page in step.pages:
            member = [told.members[0].pk] if page.kind == "member" else []
            name = "case-talk" if member else "case-step"
            places.append((name, [told.case.pk, 1, step.key, page.key, *member]))
        for name, args in places:
            client = covered(world, reverse(name, args=args))
            others = (
                (reverse("privacy-screen") + "?day=1", reverse("privacy-screen-leave"))
                if name == "case-check"
                else ()
            )
            for address in (reverse("privacy-screen"), *others):
                answer = client.get(address)
                html = answer.content.decode()
                assert answer.status_code == 200 and answer["Content-Language"] == language
                own = (
                    {told.pupils[0].first_name, "kwettereenscratch"}
                    if address == reverse("privacy-screen")
                    else ()
                )
                check(world, readable(html), where=f"{address} from {args}", allowed=own)


def test_the_calm_page_says_the_phrases_of_the_page_one_came_from(world):
    answer = covered(world, reverse("case-step", args=[world.mine.case.pk, 1, "talk", "talk"])).get(
        reverse("privacy-screen")
    )
    with translation.override("nl"):
        said = [
            str(line) for say in METHOD.step("talk").page("talk").all_say() if say.aloud for line in say.lines
        ]
    html = answer.content.decode()
    assert sum(line[:25] in html for line in said if "{" not in line and "'" not in line) >= 3


def test_paper(world, language):
    """Both sheets and the slips; on a slip neither the supported pupil nor anyone but who takes it along."""
    client, told = world.client("teacher"), world.mine
    name = told.pupils[0].first_name
    for number, idea in enumerate(Idea.objects.filter(member__round=told.round)):
        idea.text = (
            f"Met {name} naar huis fietsen",
            f"{name} vragen mee te doen",
            f"Naast {name.upper()} zitten",
        )[number % 3]
        idea.save()
    answer = client.get(reverse("case-sheet", args=[told.case.pk]))
    check(world, words_of(answer) + str(answer.headers), where="sheet", allowed={name})
    blank = client.get(reverse("blank-sheet"))
    check(world, words_of(blank) + str(blank.headers), where="blank sheet")
    slips = client.get(reverse("case-slips", args=[told.case.pk]))
    members = {member.pupil.first_name for member in told.members}
    check(world, words_of(slips) + str(slips.headers), where="slips", allowed=members)
    assert name.lower() not in words_of(slips).lower()
    assert len(PdfReader(io.BytesIO(slips.content)).pages) == 2
    for each in (answer, blank, slips):
        assert told.case.code not in words_of(each) + str(each.headers)


@pytest.mark.parametrize("kind", [School.PRIMARY, School.SECONDARY])
def test_letters_and_cards(world, language, kind):
    """What the group, the pupil and the parents get in their hands, and what lies in the staff room."""
    client, told = world.client("teacher"), world.mine
    School.objects.update(kind=kind)
    name, group = told.pupils[0].first_name, {member.pupil.first_name for member in told.members}
    papers = {
        "invitation": group,
        "cards": group,
        "card": {name},
        "parents": {name},
        "colleagues": group | {"Kwartel" + told.walk.filler},
    }
    for key, allowed in papers.items():
        filename = "brief.pdf" if key in ("parents", "colleagues") else "kaartjes.pdf"
        answer = client.get(reverse("case-paper-file", args=[told.case.pk, key, filename]))
        text = words_of(answer) + str(answer.headers)
        check(world, text, where=key, allowed=allowed)
        assert told.case.code not in text and "http" not in text, key
    blank = client.get(reverse("blank-slips"))
    check(world, words_of(blank) + str(blank.headers), where="empty slips")


def test_everything_for_tomorrow(world, language):
    client, told = world.client("teacher"), world.mine
    day = world.school.calendar().next_school_day(world.school.today(), inclusive=False)
    Appointment.objects.filter(round=told.round, kind=Appointment.PUPIL).update(on=day)
    Appointment.objects.create(
        school=world.school,
        case=world.second.case,
        round=world.second.round,
        kind=Appointment.EXTRAS[0],
        on=day,
        owner=world.people["teacher"],
    )
    Appointment.objects.filter(round=told.round, kind=Appointment.TALK).delete()
    Appointment.objects.create(
        school=world.school,
        case=told.case,
        round=told.round,
        kind=Appointment.TALK,
        on=day,
        owner=world.people["teacher"],
    )
    answer = client.get(reverse("tomorrow-file"))
    names = {told.pupils[0].first_name, world.second.pupils[0].first_name}
    check(world, words_of(answer) + str(answer.headers), where="tomorrow", allowed=names)
    assert told.case.code not in words_of(answer) + str(answer.headers)


def test_a_slip_with_a_word_that_pupils_do_not_read_stays_empty(world):
    client, told = world.client("teacher"), world.mine
    member = told.members[0]
    for text in ("Niet meer pesten", "De dader aanspreken", "Tegen de aanvoerder zeggen"):
        client.post(reverse("case-paper", args=[told.case.pk, "slips"]), {f"slip-{member.pk}": text})
        slips = client.get(reverse("case-slips", args=[told.case.pk]))
        assert not forbidden_in(words_of(slips)), text


def test_the_letter_as_large_as_the_screen(world, language):
    client, told = world.client("teacher"), world.mine
    for name in ("case-enclosure", "case-enclosure-image"):
        answer = client.get(reverse(name, args=addresses(told)[name]))
        assert answer.status_code == 200
        text = readable(answer.content.decode("latin-1")) if name == "case-enclosure" else ""
        check(world, text + str(answer.headers), where=name)


def test_a_letter_that_may_not_be_shown_is_not_on_the_screen(world):
    client, told = world.client("teacher"), world.mine
    url = reverse("case-step", args=[told.case.pk, 1, "talk", "between"])
    client.post(url, {"version": "99", "letter": "drawing", "may_show": "no"})
    version = client.get(url).context["record"].version
    client.post(url, {"version": version, "letter": "drawing", "may_show": "no"})
    html = client.get(reverse("case-enclosure", args=addresses(told)["case-enclosure"])).content.decode()
    shown = re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)
    assert "<img" not in shown


def test_sign_in_errors_and_the_day_screen(world, language):
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    pages = {
        "sign in": client.get(reverse("account_login")),
        "wrong password": client.post(reverse("account_login"), {"login": "a@b.example", "password": "x"}),
        "reset": client.get(reverse("account_reset_password")),
        "after a post": client.post(reverse("case", args=[world.mine.case.pk]), {"x": "y"}, follow=True),
    }
    teacher = world.client("teacher")
    pages["404"] = teacher.get("/there-is-no-such-page/")
    pages["404 of a case"] = world.client("other").get(reverse("case", args=[world.mine.case.pk]))
    pages["403"] = teacher.get(reverse("overview"))
    pages["password"] = teacher.get(reverse("account_change_password"))
    pages["sign out"] = teacher.get(reverse("account_logout"))
    for where, answer in pages.items():
        assert answer.status_code < 500
        check(world, readable(answer.content.decode()), where=where)
    with translation.override(language):
        check(world, readable(render_to_string("500.html")), where="500")
        check(
            world, readable(render_to_string("403_csrf.html", {"kept": True, "back": "/"})), where="403_csrf"
        )


def test_titles_of_all_pages(world, language):
    """The title of a tab is in sight on any screen: never a full name, a role or what it is about."""
    client = world.client("teacher")
    urls = [reverse(name, args=args) for name, args in addresses(world.mine).items() if "sheet" not in name]
    urls += [reverse(name) for name in ("home", "case-list", "case-new")]
    urls += [
        reverse("case-step", args=[world.mine.case.pk, 1, step.key, page.key])
        for step in METHOD.steps
        for page in step.pages
        if page.kind != "member"
    ]
    titles = set()
    for url in urls:
        answer = client.get(url)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            titles.add(re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)[1])
    assert len(titles) > 10
    for title in titles:
        check(world, title, where="title")


def test_addresses_and_file_names(world):
    def patterns(resolver, before=""):
        for each in resolver.url_patterns:
            path = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from patterns(each, path)
            else:
                yield path

    keys = [step.key for step in METHOD.steps] + [page.key for page in METHOD.pages()]
    for text in (*patterns(get_resolver()), *keys):
        words = re.sub(r"<[^>]*>|[-_/.]", " ", text)
        assert not forbidden_in(words), text


def test_mails_say_nothing(world, language):
    """Subject and text, for whoever reads along on a telephone."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.post(reverse("account_reset_password"), {"email": world.people["teacher"].email})
    for message in mail.outbox:
        check(world, message.subject + " " + message.body, where="mail")
    assert mail.outbox
    today, case = world.school.today(), world.mine.case
    row = DailyMail(to=world.people["teacher"], on=today)
    for kind, _label in Reminder.KINDS:
        for subject in (*dict(Appointment.KINDS), *NEXT):
            message = letters.letter(row, [Item(kind, subject, case, today, late=2)], language)
            text = " ".join([message.subject, message.body, readable(message.alternatives[0][0])])
            check(world, text, where=f"mail {kind} {subject}")
            assert case.code not in message.subject
