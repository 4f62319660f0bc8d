"""Letters and cards read back: what was asked is on them, and nothing that does not belong
there.
"""

import datetime
import io

import pytest
from django.conf import settings
from django.utils import translation
from PIL import Image

from cases.actions import print_requests
from cases.method.wording import forbidden_in
from cases.models import Appointment, Pupil, School
from cases.printing import documents, letters
from cases.printing.documents import LETTER_STYLE
from cases.printing.letter_kinds import LETTERS
from cases.printing.letters import Words
from cases.printing.pdf_rendering import PaperRefused, pdf
from cases.printing.print_choices import Choices
from cases.tests.world import TODAY, at
from cases.uploads.images import Photo

from .pdf_reader import boxes, fonts, open_pdf, packed, pages, words

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Şükriyeoğlu"
# With names as long as these: how many characters of text there is room for, and which place.
ROOM = {
    "invitation": (150, "het lokaal naast de gymzaal, eerste verdieping"),
    "card": (25, ""),
    "cards": (25, ""),
}


@pytest.fixture
def case(make_case):
    with at(TODAY):
        yield make_case(until="followup")


def context_of(case, language="nl", **choices):
    case.refresh_from_db()
    return documents.PrintContext(case, case.leader, Choices(**choices), language)


def printed(print_context, key) -> bytes:
    (part,) = documents.document_parts(print_context, documents.all_documents()[key])
    return part.make()


@pytest.mark.inventory("P2.4", "P2.5")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [School.PRIMARY, School.SECONDARY])
def test_an_invitation_asks_each_member_for_help_and_names_nobody_else(case, language, kind):
    School.objects.update(kind=kind)
    case.school.refresh_from_db()
    print_context = context_of(case, language)
    data = printed(print_context, "invitation")
    text = words(data)
    for member in print_context.members:
        assert text.count(member.pupil.first_name) == 1
    assert "Noor" not in text and not forbidden_in(text)
    meeting = print_context.appointment(Appointment.MEETING)
    assert str(meeting.date.day) in text
    assert len(pages(data)) == (6 if kind == School.SECONDARY else 2)
    with translation.override(language):
        body = letters.proposal(LETTERS["invitation"], case, language).split("\n\n")[0]
    assert packed(text).count(packed(body)) == 6
    assert case.leader.for_pupils in text and case.school.name in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_appointment_cards_say_when_and_with_whom_and_not_why(case, language):
    print_context = context_of(case, language)
    own, group = words(printed(print_context, "card")), words(printed(print_context, "cards"))
    assert "Noor" in own and case.leader.for_pupils in own
    assert str(print_context.appointment(Appointment.PUPIL).date.day) in own
    assert "Noor" not in group
    assert all(member.pupil.first_name in group for member in print_context.members)
    assert not any(member.pupil.first_name in own for member in print_context.members)
    assert not forbidden_in(own + group)


def test_lines_instead_of_day_and_time_when_that_is_chosen_or_when_there_is_none(case):
    day = str(context_of(case).appointment(Appointment.PUPIL).date.day)
    assert day not in words(printed(context_of(case, open_day=True), "card"))
    Appointment.objects.filter(case=case, kind=Appointment.PUPIL).delete()
    assert day not in words(printed(context_of(case), "card"))


@pytest.mark.inventory("P2.6", "P2.7")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_note_to_colleagues_says_who_is_away_and_when_without_why(case, language):
    Appointment.objects.filter(case=case, kind=Appointment.MEETING).update(
        time=datetime.time(13, 15)
    )
    print_context = context_of(case, language)
    text = words(printed(print_context, "colleagues"))
    assert all(str(member.pupil) in text for member in print_context.members)
    assert "13.15–14.00" in text or "13:15–14:00" in text
    assert "Noor" not in text and not forbidden_in(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_to_parents_names_their_child_only_and_blames_nobody(case, language):
    print_context = context_of(case, language)
    text = words(printed(print_context, "parents"))
    assert text.count("Noor") >= 3 and not forbidden_in(text)
    assert not any(member.pupil.first_name in text for member in print_context.members)
    assert case.leader.name in text


@pytest.mark.inventory("P1.5")
def test_there_is_a_letter_to_parents_only_when_they_are_told(make_case):
    with at(TODAY):
        case = make_case(until="gather", words={"prepare.parents": "no"})
    print_context = context_of(case)
    assert not documents.available(print_context, documents.all_documents()["parents"])
    with pytest.raises(PaperRefused):
        documents.document_parts(print_context, documents.all_documents()["parents"])


@pytest.mark.parametrize("key", LETTERS)
@pytest.mark.parametrize(
    "text",
    ["Kom je? Het gaat over pesten.", "Voor de dader.", "Vraag het aan Zoë.", "Amina komt ook."],
)
def test_a_forbidden_word_or_the_name_of_another_pupil_keeps_a_letter_off_paper(case, key, text):
    print_context, letter = context_of(case), LETTERS[key]
    found = letters.problems(letter, Words(text), case, print_context.around, "nl")
    assert found["text"], (key, text)


@pytest.mark.parametrize("key", ["invitation", "cards", "colleagues"])
@pytest.mark.parametrize(
    "text", ["Het gaat over Noor.", "het is voor NOOR", "Noors fiets", "bij noor"]
)
def test_the_supported_pupil_is_not_named_to_the_group_or_to_colleagues(case, key, text):
    print_context = context_of(case)
    assert letters.problems(LETTERS[key], Words(text), case, print_context.around, "nl")["text"]
    assert letters.problems(LETTERS[key], Words("", text), case, print_context.around, "nl")[
        "place"
    ]


def test_a_pupil_who_is_called_like_a_word_of_ours_does_not_stop_our_own_letter(case):
    group = case.pupil.group
    Pupil.objects.create(school=case.school, group=group, first_name="Wil", last_name="Steen")
    Pupil.objects.create(school=case.school, group=group, first_name="Will", last_name="Steen")
    for language in LANGUAGES:
        print_context = context_of(case, language)
        for key, letter in LETTERS.items():
            wrong = letters.problems(
                letter, print_context.words(letter), case, print_context.around, language
            )
            assert not any(wrong.values()), (key, language)


@pytest.mark.parametrize("key", ["invitation", "card", "cards"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_names_and_words_stay_on_their_card(case, key, language):
    Pupil.objects.filter(
        pk__in=[case.pupil_id, *case.rounds.get().members.values_list("pupil", flat=True)]
    ).update(first_name=LONG_NAME)
    case.leader.spoken_name = "mevrouw Van den Bovenkamp-Oosterhuis"
    case.leader.save()
    print_context, letter = context_of(case, language), LETTERS[key]
    text = "Donaudampfschiffahrt ğüşöç " * 20
    length, place = ROOM[key]
    made = print_context.addressed(letter, Words(text[:length], place))
    assert letters.fits(made, language)
    data = pdf(
        letters.letter_html(made, language), language=language, title="Kaartjes", style=LETTER_STYLE
    )
    high = {"cards4": 148.5, "cards8": 74.25}[letter.shape_for(case.school)]
    for page in boxes(data):
        for left, top, right, bottom, word in page:
            assert (
                left % 105 > 10.5 and right % 105 < 94.6 and int(left // 105) == int(right // 105)
            ), word
            assert (
                top % high > 10
                and bottom % high < high - 10.4
                and int(top // high) == int(bottom // high)
            ), word


@pytest.mark.parametrize("length", range(200, 420, 20))
def test_the_day_takes_one_line_however_long_it_is_called(case, length):
    """So the size of the text does not hang on the day, and no text is refused because of it."""
    made = letters.Addressed(
        LETTERS["invitation"], case, [], Words(("woord " * 80)[:length], "lokaal 12"), signed="juf"
    )
    sizes = set()
    for day in (
        datetime.date(2026, 12, 1),
        datetime.date(2026, 12, 10),
        datetime.date(2026, 9, 30),
    ):
        made.appointment = Appointment(date=day, time=datetime.time(10, 15))
        with translation.override("nl"):
            sizes.add(letters._part(made, "cards4", "Tess")["size"])
    assert len(sizes) == 1


def test_a_text_that_does_not_fit_is_refused_and_not_cut(case):
    print_context = context_of(case)
    made = print_context.addressed(LETTERS["cards"], Words("Zo lang dat het niet past. " * 30))
    assert not letters.fits(made, "nl")
    assert not letters.fits(
        print_context.addressed(LETTERS["invitation"], Words("kort\n\n" * 66)), "nl"
    )


def test_what_is_typed_is_text_and_never_markup(case):
    print_context = context_of(case)
    nasty = '<img src="file:///etc/passwd"> <style>@import "http://x"</style> {{ 7|add:7 }}'
    made = print_context.addressed(LETTERS["parents"], Words(nasty))
    data = pdf(letters.letter_html(made, "nl"), language="nl", title="Brief", style=LETTER_STYLE)
    assert packed('src="file:///etc/passwd"') in packed(words(data))


@pytest.mark.parametrize("key", LETTERS)
def test_letters_are_tagged_with_language_and_a_title_that_says_nothing(case, key):
    data = printed(context_of(case), key)
    pdf = open_pdf(data)
    assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "nl"
    assert str(pdf.docinfo["/Title"]) in ("Brief", "Kaartjes")
    assert not {"/Creator", "/CreationDate", "/ModDate", "/Subject", "/Keywords"} & set(pdf.docinfo)
    assert all(fonts(data).values())


def test_arabic_and_turkish_names_are_written_their_own_way(case):
    member = case.rounds.get().members.first()
    Pupil.objects.filter(pk=member.pupil_id).update(first_name="İpek Gülşah")
    Pupil.objects.filter(pk=case.pupil_id).update(first_name="محمد")
    assert "İpek Gülşah" in words(printed(context_of(case), "cards"))
    html = letters.letter_html(context_of(case).addressed(LETTERS["card"]), "nl")
    assert "محمد" in html


@pytest.mark.parametrize("key", LETTERS)
def test_the_logo_has_its_words_for_who_does_not_see_it(case, anna, key, caplog):
    out = io.BytesIO()
    Image.new("RGB", (60, 20), "white").save(out, "PNG")
    print_requests.set_logo(case.school, Photo(out.getvalue(), "image/png", 60, 20), by=anna)
    with open_pdf(printed(context_of(case), key)) as pdf_:
        figures = [
            each
            for each in pdf_.objects
            if getattr(each, "get", None) and each.get("/S") == "/Figure"
        ]
        assert all(str(each.Alt) == case.school.name for each in figures)
    assert not caplog.records
