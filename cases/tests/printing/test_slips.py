import pytest
from django.utils import translation

from cases.method.wording import forbidden_in
from cases.printing.frames import FRAMES
from cases.printing.render import PaperRefused
from cases.printing.slips import Slip, slips_html, task_slips, too_long
from cases.tests.printing.paper import boxes, fonts, open_pdf, packed, pages, words

CLASS = [
    Slip("Jesse", "Ik kies haar bij gym in mijn team."),
    Slip("Mees", "Ik vraag in de pauze: doe je mee?"),
    Slip("Fleur", "Ik fiets na school samen naar huis."),
    Slip("Bram", "Ik breng het huiswerk langs."),
    Slip("Tess"),
]
WIDE = "W" * 60
LONG_IDEA = "Ik zorg ervoor dat er in de pauze altijd iemand is die mee wil doen. " * 4
HARD = [
    Slip(WIDE, "W" * 140),
    Slip("Maximiliaan-Alexander van der Oudewetering-Schimmelpenninckx", LONG_IDEA[:300]),
    Slip("محمد عبد الله", "سألعب معها في الاستراحة كل يوم. " * 4),
    Slip("W " * 30, "i " * 150),
]


def print_slips(slips, **kwargs):
    return task_slips(slips, **{"signed": "Juf Anna", "language": "nl"} | kwargs)


def quarters(page):
    """The words on a page by the slip they stand on: 0 and 1 above, 2 and 3 below."""
    found = {0: [], 1: [], 2: [], 3: []}
    for left, top, right, bottom, word in page:
        found[(1 if (left + right) / 2 > 105 else 0) + (2 if (top + bottom) / 2 > 148.5 else 0)].append(
            (left, top, right, bottom, word)
        )
    return found


def test_each_pupil_finds_the_own_name_and_idea_on_one_slip():
    first, second = boxes(print_slips(CLASS))
    for place, slip in enumerate(CLASS[:4]):
        text = packed(" ".join(word for *_box, word in quarters(first)[place]))
        assert packed(slip.name + slip.idea) in text
        assert text.endswith("JufAnna")
        assert all(packed(other.idea) not in text for other in CLASS[:4] if other is not slip)
    assert "Tess" in {word for *_box, word in quarters(second)[0]}


def test_four_to_a_sheet_with_spares():
    assert len(pages(print_slips(CLASS[:4]))) == 1
    assert len(pages(print_slips(CLASS))) == 2
    both = print_slips(CLASS[:2], spare=2)
    assert len(pages(both)) == 1 and words(both).count("Juf Anna") == 4
    assert len(pages(print_slips([]))) == 1


@pytest.mark.parametrize("slips", [CLASS[:4], HARD], ids=["plain", "hard"])
@pytest.mark.parametrize("signed", ["Juf Anna", "W" * 60])
def test_all_words_keep_eleven_millimetres_from_where_the_scissors_go(slips, signed):
    (page,) = boxes(print_slips(slips, signed=signed))
    for place, found in quarters(page).items():
        left_edge, top_edge = place % 2 * 105, place // 2 * 148.5
        assert found
        for left, top, right, bottom, word in found:
            assert left >= left_edge + 11 and right <= left_edge + 105 - 11, word
            assert top >= top_edge + 11 and bottom <= top_edge + 148.5 - 11, word


@pytest.mark.parametrize("signed", ["Juf Anna", "W" * 60])
def test_a_long_idea_does_not_run_into_the_thanks(signed):
    (page,) = boxes(print_slips(HARD, signed=signed))
    thanks = FRAMES["nl"].thanks.split()[0]
    for found in quarters(page).values():
        floor = max(top for _l, top, _r, _b, word in found if word == thanks)
        above = [bottom for _l, top, _r, bottom, _w in found if top < floor - 0.5]
        # A box of a word is as high as its font; the ink is within it.
        assert max(above) <= floor + 4


@pytest.mark.parametrize(
    "name", ["Noël", "İbrahim", "Işıl", "Łukasz", "Žygimantas", "Юлия", "Đặng", "Åsa", "Müller-Weiß"]
)
def test_names_of_many_languages_are_printed_whole_in_our_own_fonts(name):
    data = print_slips([Slip(name)])
    assert name in words(data)
    assert all(any(own in font for own in ("Andika", "Arabic")) for font in fonts(data)), (
        "a letter fell back on a font of the machine"
    )


def test_an_arabic_name_comes_from_its_own_font_and_runs_from_right_to_left():
    data = print_slips([Slip("محمد", "سألعب معها.")])
    assert any("Arabic" in font for font in fonts(data)) and all(fonts(data).values())
    html = slips_html([Slip("محمد", "سألعب معها.")], signed="Juf Anna", language="nl")
    assert 'dir="rtl">محمد' in html and 'dir="ltr">Juf Anna' in html


def test_pictures_and_hidden_signs_are_left_out_and_the_words_stay():
    html = slips_html(
        [Slip("Ravi🎉", "Hoi 👩‍👧 \u202eadem\u202c \x00 \ud800 samen\n\nspelen ✨")],
        signed="A",
        language="nl",
    )
    assert ">Ravi<" in html and ">Hoi adem samen spelen<" in html


def test_no_date_no_box_no_score_no_address():
    data = words(print_slips(CLASS, school_name="De Vlieger"))
    assert not any(char.isdigit() for char in data)
    assert not any(sign in data for sign in ("☐", "□", "http", "www", "De Vlieger", "Noor"))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_nothing_on_it_is_a_forbidden_word(language):
    assert not forbidden_in(words(print_slips([Slip("Jesse")], language=language)))


def test_its_properties_are_neutral_and_it_is_tagged():
    data = print_slips(CLASS, school_name="De Vlieger", language="nl")
    pdf = open_pdf(data)
    info = {key: str(value) for key, value in pdf.docinfo.items()}
    with translation.override("nl"):
        assert info["/Title"] == translation.gettext("Slips")
    assert info["/Author"] == "De Vlieger"
    assert "/CreationDate" not in info and "/ModDate" not in info
    assert "Jesse" not in str(info) and b"static:" not in data and b"/static" not in data
    assert str(pdf.Root.Lang) == "nl" and pdf.Root.MarkInfo.Marked and "/StructTreeRoot" in pdf.Root
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert all(fonts(data).values())


@pytest.mark.parametrize(
    ("length", "verdict"),
    [(0, ""), (90, ""), (91, "smaller"), (140, "smaller"), (141, "long"), (300, "long")],
)
def test_too_long_says_what_will_happen(length, verdict):
    assert too_long("x" * length) == verdict


@pytest.mark.parametrize(("length", "most"), [(40, 22), (91, 18), (141, 15)])
def test_a_longer_idea_is_printed_smaller(length, most):
    idea = ("ik doe mee " * 30)[: length - 1] + "!"
    html = slips_html([Slip("Mees", idea)], signed="A", language="nl")
    size = int(html.split('class="idea size')[1].split('"')[0].split()[0])
    assert size == most


@pytest.mark.parametrize(
    ("slips", "kwargs"),
    [
        ([Slip("Mees", "x" * 301)], {}),
        ([Slip("Mees", "regel\n" * 10_000)], {}),
        ([Slip("x" * 5_000)], {}),
        ([Slip("Mees")], {"signed": "x" * 5_000}),
        ([Slip("Mees")] * 61, {}),
        ([], {"spare": 10**9}),
        ([], {"spare": -1}),
    ],
)
def test_too_much_is_refused_with_a_word_of_advice(slips, kwargs):
    with pytest.raises(PaperRefused) as refused:
        print_slips(slips, **kwargs)
    assert str(refused.value.message).endswith(".")
