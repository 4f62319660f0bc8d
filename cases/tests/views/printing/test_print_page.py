"""The print page: what fits now, words that are kept, choices that are remembered, pages as
pictures.
"""

import re
import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.models import ClassGroup, GroupMember, JournalEntry, PaperText, PrintJob, School, User
from cases.printing import documents, pdf_merge
from cases.printing.letter_kinds import LETTERS
from cases.printing.pdf_rendering import PaperRefused
from cases.tests.printing.pdf_reader import words
from cases.tests.world import make_pupils, photograph, raw

LETTER_KEYS = list(LETTERS)


@pytest.fixture
def teacher(world):
    return world.client("teacher")


def page_of(world, key):
    return reverse("case-paper", args=[world.mine.case.pk, key])


def file_of(world, key):
    return reverse(
        "case-paper-file", args=[world.mine.case.pk, key, documents.all_documents()[key].filename]
    )


def save(client, world, key, text, *, version=0, place="", language="nl"):
    data = {"text": text, "place": place, "version": version, "language": language}
    return client.post(page_of(world, key), data)


def lines(world, action):
    entries = JournalEntry.objects.filter(case=world.mine.case.pk, action=action).order_by("number")
    return [(entry.thing, entry.fields) for entry in entries]


def test_every_paper_has_its_page_its_preview_and_its_file(world, teacher):
    elsewhere = world.second.secrets() | world.far.secrets()
    for key, paper in documents.all_documents().items():
        html = teacher.get(page_of(world, key)).content.decode()
        assert file_of(world, key) in html and paper.filename in html
        answer = teacher.get(file_of(world, key))
        assert answer.content.startswith(b"%PDF"), key
        assert answer["Content-Disposition"] == f'inline; filename="{paper.filename}"'
        assert answer["Cache-Control"] == "no-store"
        text = words(answer.content)
        assert not [word for word in elsewhere if word in text], key
        noted = [word for word, question in world.mine.walk.written.items() if word in text]
        assert key in ("report", "slips") or not noted, key


def test_a_preview_is_a_picture_of_each_page_with_words_for_who_does_not_see_it(world, teacher):
    url = reverse("case-paper-preview", args=[world.mine.case.pk, "slips"])
    part = teacher.get(url, headers={"HX-Request": "true"}).content.decode()
    whole = teacher.get(url).content.decode()
    pictures = re.findall(
        r'<img\s+class="st-sheet"\s+src="([^"]+)"[^>]*loading="lazy"[^>]*alt="([^"]+)"', part
    )
    assert len(pictures) == 2 and all(alt for _src, alt in pictures)
    assert "<html" not in part and "<html" in whole
    for src, _alt in pictures:
        answer = teacher.get(src)
        assert answer["Content-Type"] == "image/png" and answer.content.startswith(b"\x89PNG")
        assert answer["Cache-Control"] == "no-store"


def test_looking_is_a_view_and_printing_is_a_print(world, teacher):
    for name in ("case-paper-preview", "case-paper-picture"):
        args = [world.mine.case.pk, "invitation"] + ([1] if name.endswith("picture") else [])
        assert teacher.get(reverse(name, args=args)).status_code == 200
    assert not lines(world, "print")
    assert {"preview/invitation", "preview/invitation/1"} <= {
        thing for thing, _fields in lines(world, "view")
    }
    teacher.get(file_of(world, "invitation"))
    teacher.get(file_of(world, "report"))
    (invitation, _fields), (report, parts) = lines(world, "print")
    assert (
        (invitation, report) == ("invitation", "report")
        and "talks" in parts
        and "roles" not in parts
    )


def test_what_happened_names_the_paper(world, teacher):
    teacher.get(file_of(world, "parents"))
    save(teacher, world, "invitation", "Kom je?")
    html = teacher.get(reverse("case", args=[world.mine.case.pk])).content.decode()
    assert (
        "Geprint: Brief aan de ouders" in html and "De woorden van een brief zijn veranderd" in html
    )


def test_what_fits_the_step_comes_first(world, teacher):
    for step, wanted in (
        ("talk", {"sheet-talk", "card", "parents"}),
        ("gather", {"invitation"}),
        ("ideas", {"slips", "cards"}),
    ):
        type(world.mine.case).objects.filter(pk=world.mine.case.pk).update(step=step)
        answer = teacher.get(reverse("case-print", args=[world.mine.case.pk]))
        assert (
            answer.context["paper"].step == documents.all_documents()[next(iter(wanted))].step
            or step == "gather"
        )
        assert answer.context["groups"][0]["now"]


def test_what_the_pdf_process_refuses_was_not_printed(world, teacher, monkeypatch):
    def refuse(parts):
        raise PaperRefused("Too much.")

    monkeypatch.setattr(pdf_merge, "made", refuse)
    assert teacher.get(file_of(world, "invitation")).status_code == 302
    assert not lines(world, "print")


# --- words ------------------------------------------------------------------------------------


def test_words_are_kept_sealed_and_printed(world, teacher):
    assert (
        save(
            teacher, world, "invitation", "Kom je helpen met\n\niets leuks?", place="lokaal 12"
        ).status_code
        == 302
    )
    kept = PaperText.objects.get(case=world.mine.case)
    assert (kept.version, kept.language, kept.saved_by) == (1, "nl", world.people["teacher"])
    assert b"helpen" not in raw(kept, "text") and b"lokaal" not in raw(kept, "place")
    text = words(teacher.get(file_of(world, "invitation")).content)
    assert text.count("Kom je helpen met") == 6 and text.count("lokaal 12") == 6
    entry = JournalEntry.objects.get(thing="letter/invitation")
    assert set(entry.fields) == {"text", "place"}


def test_each_language_has_words_of_its_own(world, teacher):
    save(teacher, world, "invitation", "Kom je?")
    save(teacher, world, "invitation", "Will you come?", language="en")
    assert "Kom je?" in words(teacher.get(file_of(world, "invitation")).content)
    assert "Will you come?" in words(
        teacher.get(file_of(world, "invitation") + "?language=en").content
    )
    assert teacher.get(page_of(world, "invitation") + "?language=xx").status_code == 200


def test_empty_words_bring_our_own_back_and_our_own_are_not_kept(world, teacher):
    save(teacher, world, "cards", "Tot gauw")
    save(teacher, world, "cards", "", version=1)
    assert PaperText.objects.get().text == ""
    html = teacher.get(page_of(world, "cards")).content.decode()
    ours = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)[1]
    assert ours.strip()
    save(
        teacher,
        world,
        "card",
        teacher.get(page_of(world, "card")).context["words_form"]["text"].value(),
    )
    assert not PaperText.objects.filter(kind="card").exists()


def test_two_people_at_once_lose_nothing(world, teacher):
    teacher.post(
        reverse("case-staff", args=[world.mine.case.pk]),
        {"user": world.people["other"].pk, "what": "add"},
    )
    other = world.client("other")
    assert save(other, world, "parents", "Woorden van Youssef").status_code == 302
    answer = save(teacher, world, "parents", "Woorden van Anna")
    html = answer.content.decode()
    assert (
        answer.status_code == 409 and "Woorden van Youssef" in html and "Woorden van Anna" in html
    )
    assert PaperText.objects.get().text == "Woorden van Youssef"
    assert save(teacher, world, "parents", "Woorden van Anna", version=1).status_code == 302
    assert PaperText.objects.get().text == "Woorden van Anna"
    # The same words twice are no clash.
    assert save(other, world, "parents", "Woorden van Anna", version=1).status_code == 302


def test_two_tabs_of_one_person_are_called_that(world, teacher):
    assert save(teacher, world, "parents", "Woorden uit de ene tab").status_code == 302
    answer = save(teacher, world, "parents", "Woorden uit de andere tab")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "ook in een ander tabblad" in html and "Iemand anders" not in html
    assert "uit de ene tab" in html and "uit de andere tab" in html


@pytest.mark.parametrize("key", LETTER_KEYS)
def test_a_letter_with_a_wrong_word_is_kept_marked_and_not_printed(world, teacher, key):
    save(teacher, world, key, "Er wordt gepest.")
    html = teacher.get(page_of(world, key)).content.decode()
    assert 'id="text-note"' in html and "gepest" in html
    answer = teacher.get(file_of(world, key))
    assert answer.status_code == 302
    said = teacher.get(answer["Location"]).content.decode()
    assert 'role="alert"' in said
    assert not lines(world, "print")
    preview = teacher.get(reverse("case-paper-preview", args=[world.mine.case.pk, key]))
    assert preview.status_code == 200 and "<img class" not in preview.content.decode()
    assert (
        teacher.get(reverse("case-paper-picture", args=[world.mine.case.pk, key, 1])).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("key", "length"), [("cards", 161), ("invitation", 401), ("parents", 4001)]
)
def test_too_much_text_is_said_with_the_text_still_there(world, teacher, key, length):
    answer = save(teacher, world, key, "x" * length)
    html = answer.content.decode()
    assert answer.status_code == 422 and "x" * length in html and str(length) in html
    assert not PaperText.objects.exists()


def test_a_place_that_is_too_long_is_said_at_its_field(world, teacher):
    answer = save(teacher, world, "invitation", "Kom je?", place="y" * 150)
    assert answer.status_code == 422 and "y" * 150 in answer.content.decode()


def test_a_slip_that_is_too_long_is_not_cut(world, teacher):
    member = world.mine.members[0]
    answer = teacher.post(page_of(world, "slips"), {f"slip-{member.pk}": "z" * 301})
    assert answer.status_code == 422 and "z" * 301 in answer.content.decode()


def test_what_was_typed_when_the_sign_in_ended_is_there_again(world, teacher):
    url = page_of(world, "parents")
    note = re.search(r'name="made_for" value="([^"]+)"', teacher.get(url).content.decode())[1]
    teacher.logout()
    data = {"text": "Lang over nagedacht", "version": 0, "language": "nl", "made_for": note}
    assert teacher.post(url, data).status_code == 302
    session = teacher.session
    kept = session["pending_posts"]
    teacher.force_login(world.people["teacher"])
    session = teacher.session
    session["pending_posts"] = kept
    session.save()
    assert "Lang over nagedacht" in teacher.get(url).content.decode()


def test_a_child_can_have_a_slip_in_its_own_language(world, teacher):
    first, second = world.mine.members[:2]
    data = {
        f"language-{first.pk}": "fr",
        f"language-{second.pk}": "xx",
        f"language-{uuid.uuid4()}": "de",
    }
    assert teacher.post(page_of(world, "slips"), data).status_code == 302
    rows = {
        row["member"].pk: row["language"]
        for row in teacher.get(page_of(world, "slips")).context["rows"]
    }
    assert rows[first.pk] == "fr" and rows[second.pk] == ""
    assert lines(world, "change")[-1] == ("slips", ["language"])
    text = words(teacher.get(file_of(world, "slips")).content)
    assert text.count("Merci de ton aide.") == 1
    teacher.post(page_of(world, "slips"), {f"language-{first.pk}": ""})
    assert not PaperText.objects.filter(kind="slip").exists()


# --- choices ----------------------------------------------------------------------------------


def test_choices_are_remembered_for_this_person_only(world, teacher):
    data = {"go": "choices", "format": "a7x8", "bigger": "on", "second": "fr", "spare": "1"}
    assert teacher.post(page_of(world, "slips"), data).status_code == 302
    chosen = User.objects.get(pk=world.people["teacher"].pk).print_choices
    assert (chosen["format"], chosen["bigger"], chosen["second"], chosen["spare"]) == (
        "a7x8",
        True,
        "fr",
        1,
    )
    teacher.post(page_of(world, "report"), {"go": "choices", "parts": ["scale"]})
    chosen = User.objects.get(pk=world.people["teacher"].pk).print_choices
    assert chosen["parts"] == ["scale"] and chosen["format"] == "a7x8"
    assert not User.objects.get(pk=world.people["coordinator"].pk).print_choices


@pytest.mark.parametrize(
    "wrong",
    [{"format": "a3"}, {"spare": "-1"}, {"spare": "veel"}, {"spare": "99"}, {"second": "xx"}, {}],
)
def test_a_wrong_choice_is_said_and_nothing_is_remembered(world, teacher, wrong):
    data = (
        {"go": "choices", "format": "a6x4", "second": "", "spare": ""}
        if wrong
        else {"go": "choices"}
    )
    answer = teacher.post(page_of(world, "slips"), data | wrong)
    assert answer.status_code == 422 and "invalid-feedback" in answer.content.decode()
    assert not User.objects.get(pk=world.people["teacher"].pk).print_choices


def test_the_name_stays_in_an_idea_only_where_the_school_allows_it(world, teacher):
    name = world.mine.pupils[0].first_name
    idea = world.mine.members[0].ideas.first() or world.mine.members[0].ideas.model(
        school=world.school, member=world.mine.members[0]
    )
    idea.text = f"Met {name} naar huis fietsen"
    idea.save()
    choose = {"go": "choices", "format": "a6x4", "second": "", "spare": "", "shows_name": "on"}
    teacher.post(page_of(world, "slips"), choose)
    assert name not in words(teacher.get(file_of(world, "slips")).content)
    School.objects.filter(pk=world.school.pk).update(slip_shows_name=True)
    assert name not in words(teacher.get(file_of(world, "slips")).content)
    teacher.post(page_of(world, "slips"), choose)
    assert name in words(teacher.get(file_of(world, "slips")).content)


# --- much paper, many pupils --------------------------------------------------------------------


def test_much_paper_is_made_by_the_worker_and_noted_when_it_is_fetched(world, teacher, monkeypatch):
    monkeypatch.setattr(settings, "PRINT_DIRECT_PAGES", 1)
    answer = teacher.get(file_of(world, "slips"))
    assert answer.status_code == 302 and not lines(world, "print")
    html = teacher.get(page_of(world, "slips")).content.decode()
    assert reverse("case-paper-order", args=[world.mine.case.pk, "slips"]) in html
    order = reverse("case-paper-order", args=[world.mine.case.pk, "slips"])
    key = str(uuid.uuid4())
    for _press in range(2):
        answer = teacher.post(order, {"client_key": key})
    job = PrintJob.objects.get(client_key=key)
    assert answer["Location"] == reverse("print-job", args=[job.pk])
    assert not lines(world, "print")
    PrintJob.objects.filter(pk=job.pk).update(state=PrintJob.DONE, finished_at=timezone.now())
    assert teacher.get(reverse("print-job-file", args=[job.pk, job.filename])).status_code == 200
    assert lines(world, "print") == [("slips/6", [])]
    assert "Quirinda" not in str(job.order)


@pytest.mark.parametrize("key", ["", "nonsense", "\x00"])
def test_an_order_without_a_key_asks_for_one_more_press(world, teacher, key):
    before = photograph()
    order = reverse("case-paper-order", args=[world.mine.case.pk, "slips"])
    assert teacher.post(order, {"client_key": key}).status_code == 302
    assert photograph() == before


@pytest.mark.parametrize("key", ["slips", "invitation", "report", "sheet-talk"])
def test_a_group_of_thirty_costs_no_more_queries(world, teacher, key):
    def count():
        teacher.get(page_of(world, key))
        with CaptureQueriesContext(connection) as seen:
            assert teacher.get(page_of(world, key)).status_code == 200
        return len(seen)

    before = count()
    group = ClassGroup.objects.get(school=world.school, name="7zebra")
    for position, pupil in enumerate(
        make_pupils(world.school, group.name, *(f"Erbij{n}" for n in range(24)))
    ):
        GroupMember.objects.create(
            school=world.school,
            round=world.mine.round,
            pupil=pupil,
            role="other",
            position=position + 7,
        )
    assert count() <= before + 1
