"""Everything a pupil may come to see, in every language, read with a pupil's eyes.

Paper, the covered screen, the screen of a talk, the letter as large as the screen, the sign-in
page, error pages, titles, addresses, file names and the subjects of mails: no word for what
happened, no blame, no role, nothing that was not to be told, no other pupil.
"""

import io
import re
from html import unescape

import pytest
from django.conf import settings
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation
from pypdf import PdfReader

from cases import reminder_kinds
from cases.accounts import reset_mail
from cases.formats.dates import named
from cases.method import METHOD
from cases.method.wording import forbidden_in
from cases.models import Appointment, Case, DailyMail, Idea, School
from cases.next_actions import NEXT_ACTIONS
from cases.reminders import mail_text
from cases.reminders.mail_text import Item
from cases.tests.world import addresses, pad_text, talks_of

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ROLE_SIGNS = ("M10 1.5L18.5 10 10 18.5", "◆", "◇", "role:", "role-", "st-sign")

# What a page holds that was drawn by chance: any letters may come to stand in it, "mobb" too. Only
# the values of these fields, and the key of a talk in an address.
DRAWN = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")[\w-]+|(?<=name="made_for" value=")[\w:=-]+'
    r'|(?<=name="pad" value=")[\w:=-]+|(?<=/talk/)[\w-]{12}(?=/)'
)


@pytest.fixture(params=LANGUAGES)
def language(request, world):
    School.objects.update(language=request.param)
    return request.param


def readable(html: str) -> str:
    """A page as it is read, aloud too: text, titles, and what stands in attributes."""
    html = re.sub(r"<(script|link|meta)\b[^>]*>", " ", DRAWN.sub("", html))
    spoken = re.findall(
        r'(?:alt|title|aria-label|placeholder|value|href|action|data-[a-z-]+)="([^"]*)"', html
    )
    return re.sub(r"<[^>]+>", " ", html) + " " + " ".join(spoken)


def check(world, text, *, where, allowed=()):
    """Nothing in it that a pupil must not read; ``allowed`` names words of the case that may be
    there.
    """
    found = forbidden_in(DRAWN.sub("", text))
    assert not found, f"{where}: {found}"
    assert not [sign for sign in ROLE_SIGNS if sign in text], where
    for told in (world.mine, world.second, world.far):
        found = {word for word in told.secrets() if word in text} - set(allowed)
        assert not found, f"{where}: {sorted(found)[:4]}"


def words_of(answer) -> str:
    reader = PdfReader(io.BytesIO(answer.content))
    properties = " ".join(str(value) for value in (reader.metadata or {}).values())
    return " ".join(page.extract_text() for page in reader.pages) + " " + properties


def page_url(told, where):
    keys = [told.case.pk, where.round.number, where.step.key, where.page.key]
    if where.member:
        return reverse("case-talk", args=[*keys, where.member.pk])
    return reverse("case-step", args=keys)


def begin_talk(client, url):
    """The screen of the talk of a page, as its button opens it."""
    return client.post(url, {"version": "0", "go": "talk"}, follow=True)


def test_the_guard_finds_what_it_is_to_find(world):
    for text in (
        "gepest",
        "de dader",
        "aanvoerder",
        "victim",
        "meeloper",
        world.mine.pupils[2].first_name,
    ):
        with pytest.raises(AssertionError):
            check(world, f"<p>{text}</p>", where="a trial")


@pytest.mark.parametrize("name", ["csrfmiddlewaretoken", "made_for", "pad"])
def test_the_guard_does_not_read_what_was_drawn_by_chance(world, name):
    drawn = "q9CBSPYrPwMObbzeByenlRTwHJWCfF7x"
    assert forbidden_in(drawn)
    html = (
        f'<input type="hidden" name="{name}" value="{drawn}"><form action="/talk/9mobb-9_9999/1/">'
    )
    assert forbidden_in(html)
    check(world, html, where="a trial")
    check(world, readable(html), where="a trial")
    others = (f'<input name="why" value="{drawn}">', '<a href="/talk/gepest/">', "/talk/9-gepest-2")
    for other in others:
        for text in (html + other, readable(html + other)):
            with pytest.raises(AssertionError):
                check(world, text, where="a trial")


def test_the_covered_screen_says_nothing_of_anybody(world, language):
    client = world.client("teacher")
    back = reverse("case-step", args=[world.mine.case.pk, 1, "explain", "tell"])
    client.post(reverse("privacy-screen-enter"), {"back": back})
    for name in ("privacy-screen", "privacy-screen-leave"):
        answer = client.get(reverse(name))
        assert answer.status_code == 200 and answer["Content-Language"] == language
        told = answer.content.decode() + str(answer.headers)
        check(world, told, where=name)
        assert str(world.mine.case.pk) not in told and world.mine.case.code not in told
        for step in METHOD.steps:
            with translation.override(language):
                assert not [page for page in step.pages if str(page.sheet_title or "-x-") in told]


def test_the_talk_screen_of_every_talk(world, language):
    """Beside each pupil: what is put to this pupil and this talk's pad; no other pad, answer, name
    or role.
    """
    told, seen = world.mine, 0
    for where in talks_of(told):
        client = world.client("teacher")
        answer = begin_talk(client, page_url(told, where))
        html = answer.content.decode()
        own = {told.pupils[0].first_name, pad_text(where, told.walk.filler)}
        check(world, readable(html), where=where.label, allowed=own)
        check(world, html + str(answer.headers), where=where.label, allowed=own)
        assert pad_text(where, told.walk.filler) in html
        assert answer.redirect_chain[-1][0].startswith("/talk/")
        for secret in (
            told.case.code,
            str(told.case.pk),
            *(str(pupil.pk) for pupil in told.pupils),
        ):
            assert secret not in html
        shown = html_said(html)
        with translation.override(language):
            for text in put_to(where.page):
                assert with_name(text, told) in shown, (where.label, text)
            for text in not_put_to(where.page):
                assert with_name(text, told) not in shown, (where.label, text)
        seen += 1
    assert seen >= 10 + len(told.members)


def html_said(html):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "|", html)))


def with_name(text, told):
    return "|" + named(text, told.pupils[0].first_name) + "|"


def put_to(page):
    """What the method lets stand beside a pupil."""
    yield page.sheet_title
    yield from (question.beside for question in page.questions if question.beside)
    yield from (line for say in page.all_say() if say.on_talk_screen for line in say.lines)


def not_put_to(page):
    """Labels, choices and hints are about the pupil, for the teacher; so is what to mind and when
    to say what.
    """
    spoken = {str(text) for text in put_to(page)}
    yield from (mind.text for mind in page.mind)
    for question in page.questions:
        yield from (
            text for text in (question.label, question.hint) if text and str(text) not in spoken
        )
        yield from (choice.label for choice in question.choices)
    yield from (line for say in page.all_say() if not say.on_talk_screen for line in say.lines
                if str(line) not in spoken)  # fmt: skip
    yield from (say.title for say in page.all_say() if str(say.title) not in spoken)


def test_the_talk_screen_of_a_later_check(world, language):
    told = world.mine
    Case.objects.filter(pk=told.case.pk).update(status=Case.AFTERCARE)
    client = world.client("teacher")
    answer = begin_talk(client, reverse("case-later", args=[told.case.pk, "weeks6"]))
    assert answer.redirect_chain[-1][0].startswith("/talk/")
    check(world, answer.content.decode(), where="later", allowed={told.pupils[0].first_name})


def test_the_six_questions_of_the_short_talks_and_the_five_of_the_pupil_are_there(world):
    told = world.mine
    for page, covers, number in (("member", "S7.8", 6), ("pupil", "S7.1", 5)):
        where = next(each for each in talks_of(told) if each.page.key == page)
        shown = html_said(
            begin_talk(world.client("teacher"), page_url(told, where)).content.decode()
        )
        with translation.override("nl"):
            asked = [
                question.beside for question in where.page.questions if covers in question.covers
            ]
            assert len([text for text in asked if with_name(text, told) in shown]) == number


def test_no_talk_is_offered_where_only_the_teacher_looks(world):
    client, told = world.client("teacher"), world.mine
    for step in METHOD.steps:
        for page in step.pages:
            if page.audience or page.kind == "member":
                continue
            url = reverse("case-step", args=[told.case.pk, 1, step.key, page.key])
            assert 'value="talk"' not in client.get(url).content.decode(), page.key
            assert not begin_talk(client, url).redirect_chain[-1][0].startswith("/talk/"), page.key


def test_paper(world, language):
    """Both sheets and the slips; on a slip neither the supported pupil nor anyone but who takes it
    along.
    """
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
    """What the group, the pupil and the parents get in their hands, and what lies in the staff
    room.
    """
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
    Appointment.objects.filter(round=told.round, kind=Appointment.PUPIL).update(date=day)
    Appointment.objects.create(
        school=world.school,
        case=world.second.case,
        round=world.second.round,
        kind=Appointment.EXTRAS[0],
        date=day,
        owner=world.people["teacher"],
    )
    Appointment.objects.filter(round=told.round, kind=Appointment.TALK).delete()
    Appointment.objects.create(
        school=world.school,
        case=told.case,
        round=told.round,
        kind=Appointment.TALK,
        date=day,
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
        idea = Idea.objects.get(member=member)
        now = {f"said-{member.pk}": idea.text, f"was-{member.pk}": idea.slip or idea.text}
        answer = client.post(
            reverse("case-paper", args=[told.case.pk, "slips"]), now | {f"slip-{member.pk}": text}
        )
        assert answer.status_code == 302
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
    html = client.get(
        reverse("case-enclosure", args=addresses(told)["case-enclosure"])
    ).content.decode()
    shown = re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)
    assert "<img" not in shown


def test_sign_in_errors_and_the_day_screen(world, language):
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    pages = {
        "sign in": client.get(reverse("account_login")),
        "wrong password": client.post(
            reverse("account_login"), {"login": "a@b.example", "password": "x"}
        ),
        "reset": client.get(reverse("account_reset_password")),
        "after a post": client.post(
            reverse("case", args=[world.mine.case.pk]), {"x": "y"}, follow=True
        ),
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
            world,
            readable(render_to_string("403_csrf.html", {"kept": True, "back": "/"})),
            where="403_csrf",
        )


def test_titles_of_all_pages(world, language):
    """The title of a tab is in sight on any screen: never a full name, a role or what it is
    about.
    """
    client = world.client("teacher")
    urls = [
        reverse(name, args=args)
        for name, args in addresses(world.mine).items()
        if "sheet" not in name
    ]
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
    School.objects.filter(pk=world.school.pk).update(language=language)
    client.post(reverse("account_reset_password"), {"email": world.people["teacher"].email})
    reset_mail.send_waiting()
    for message in mail.outbox:
        check(world, message.subject + " " + message.body, where="mail")
    assert mail.outbox
    today, case = world.school.today(), world.mine.case
    row = DailyMail(recipient=world.people["teacher"], date=today)
    for kind in reminder_kinds.KINDS:
        for subject in (*dict(Appointment.KINDS), *NEXT_ACTIONS):
            message = mail_text.mail_message(
                row, [Item(kind, subject, case, today, late=2)], language
            )
            text = " ".join([message.subject, message.body, readable(message.alternatives[0][0])])
            check(world, text, where=f"mail {kind} {subject}")
            assert case.code not in message.subject
