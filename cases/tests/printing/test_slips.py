import re
import unicodedata

import pytest
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.method.wording import forbidden_in
from cases.printing import typefaces
from cases.printing.pdf_rendering import PaperRefused
from cases.printing.printable_text import plain
from cases.printing.sample_documents import slips_in
from cases.printing.slip_formats import FORMATS
from cases.printing.slip_phrases import FRAMES
from cases.printing.slips import Slip, slips_html, task_slips, too_long
from cases.tests.printing.pdf_reader import (
    Ink,
    boxes,
    closed_up,
    fonts,
    open_pdf,
    outline,
    packed,
    pages,
    tags,
    words,
)

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
        found[
            (1 if (left + right) / 2 > 105 else 0) + (2 if (top + bottom) / 2 > 148.5 else 0)
        ].append((left, top, right, bottom, word))
    return found


@pytest.mark.inventory("S6.3")
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
    "name",
    ["Noël", "İbrahim", "Işıl", "Łukasz", "Žygimantas", "Юлия", "Đặng", "Åsa", "Müller-Weiß"],
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
    html = closed_up(html)
    assert 'dir="rtl">محمد' in html and 'dir="ltr">Juf Anna' in html


def test_hidden_signs_are_left_out_and_words_and_pictures_stay():
    html = slips_html(
        [Slip("Ravi🎉", "Hoi 👩‍👧 \u202eadem\u202c \x00 \ud800 samen\n\nspelen ✨")],
        signed="A",
        language="nl",
    )
    assert ">Ravi🎉<" in html and ">Hoi 👩‍👧 adem samen spelen ✨<" in html


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


# Width and height (mm) of a slip of each format, and how many stand beside one another.
CUT = {"a6x4": (105, 148.5, 2), "a6": (105, 148, 1), "a5": (148, 210, 1), "a7x8": (105, 74.25, 2)}
FRAME = 11  # mm that stay free on every side


def test_each_format_has_its_own_measures_here():
    assert set(CUT) == set(FORMATS)


def assert_free_edges(data, format):
    """No ink within 11 mm of where a slip is cut, but for the cut itself and the scissors beside
    it.
    """
    wide, high, beside = CUT[format]
    for number in range(len(pages(data))):
        ink = Ink(data, number)
        for place in range(FORMATS[format].on_a_page):
            left, top = place % beside * wide, place // beside * high
            right, bottom, line = left + wide, top + high, 0.6
            start = max(left + line, 12)  # the scissors stand in front
            assert place or ink.in_(left + FRAME, top + FRAME, right - FRAME, bottom - FRAME)
            assert not ink.in_(start, top + line, right - line, top + FRAME - 0.3)
            assert not ink.in_(start, bottom - FRAME + 0.3, right - line, bottom - line)
            assert not ink.in_(right - FRAME + 0.3, top + line, right - line, bottom - line)
            if left:
                assert not ink.in_(left + line, top + line, left + FRAME - 0.3, bottom - line)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("bigger", [False, True])
@pytest.mark.parametrize("second", [None, "de"])
def test_in_every_size_eleven_millimetres_stay_free(format, bigger, second):
    long = slips_in("nl", True, format=format, bigger=bigger, second=second)[
        : 8 if format == "a7x8" else 4
    ]
    made = {"format": format, "bigger": bigger, "second": second}
    assert_free_edges(print_slips(long, **made), format)
    assert_free_edges(print_slips(CLASS[:2], **made), format)


@pytest.mark.parametrize(
    ("format", "sheets", "size"),
    [
        ("a6x4", 2, (210, 297)),
        ("a6", 5, (105, 148)),
        ("a5", 5, (148, 210)),
        ("a7x8", 1, (210, 297)),
    ],
)
def test_five_pupils_in_every_size(format, sheets, size):
    data = print_slips(CLASS, format=format)
    assert len(pages(data)) == sheets
    assert all(packed(slip.name + slip.idea) in packed(words(data)) for slip in CLASS)
    with open_pdf(data) as pdf:
        box = [float(side) / 72 * 25.4 for side in pdf.pages[0].MediaBox[2:]]
    assert box == pytest.approx(size, abs=0.5)


def test_each_pupil_on_a_sheet_has_another_pebble():
    for format, count in (("a6x4", 4), ("a7x8", 8)):
        for leaf in slips_html(CLASS * 4, signed="A", language="nl", format=format).split(
            '<div class="leaf">'
        )[1:]:
            found = re.findall(r"pebble(\d)", leaf)
            assert len(set(found)) == len(found) and len(found) in (count, 4)


def sizes(html):
    """The size of the idea, in pt, of each slip."""
    return [int(size) for size in re.findall(r'class="idea size(\d+)', html)]


@pytest.mark.parametrize("format", FORMATS)
def test_a_bigger_letter_is_at_least_thirty_percent_bigger(format):
    short = [Slip("Tess", "Ik help mee.")]
    asked = {"signed": "A", "language": "nl", "format": format}
    (plain_size,) = sizes(slips_html(short, **asked))
    (bigger,) = sizes(slips_html(short, bigger=True, **asked))
    assert bigger >= 1.3 * plain_size
    small = boxes(print_slips(short, format=format))[0]
    large = boxes(print_slips(short, format=format, bigger=True))[0]
    for word in ("Voor", "Tess", "help", "Dank"):
        height = {
            at: next(b - t for _l, t, _r, b, w in page if w == word)
            for at, page in enumerate((small, large))
        }
        assert height[1] >= 1.29 * height[0], word


@pytest.mark.parametrize("format", FORMATS)
def test_fewer_words_fit_in_a_bigger_letter_and_it_says_so(format):
    idea = "Ik vraag in de pauze of zij mee wil doen met voetbal."
    assert too_long(idea, format=format) == ""
    assert too_long(idea, format=format, bigger=True) in ("smaller", "long")
    assert too_long(idea, format="a7x8", bigger=True, second="de") == "long"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("bigger", [False, True])
def test_what_is_not_too_long_stands_at_its_full_size(format, bigger):
    full = FORMATS[format].fit(bigger=bigger).sizes[0]
    idea = "ik doe elke keer mee " * 20
    while too_long(idea, format=format, bigger=bigger):
        idea = idea[:-1]
    (size,) = sizes(
        slips_html([Slip("A", idea)], signed="A", language="nl", format=format, bigger=bigger)
    )
    assert size >= full * 0.85


def test_each_child_has_its_own_language_and_a_second_one_below():
    slips = [
        Slip("Jesse", "Ik help."),
        Slip("Lena", "Ich helfe.", "de"),
        Slip("Léa", "J'aide.", "fr"),
    ]
    found = pages(print_slips(slips, second="en", format="a6"))
    for place, code in enumerate(("nl", "de", "fr")):
        text = packed(found[place])
        frame, second = FRAMES[code], FRAMES["en"]
        assert packed(f"{frame.to}·{second.to}{slips[place].name}{slips[place].idea}") in text
        assert packed(frame.thanks + frame.soon + second.thanks + second.soon) in text
        assert text.endswith("JufAnna")
        assert not any(
            packed(FRAMES[other].thanks) in text for other in {"nl", "de", "fr"} - {code}
        )
    assert (
        words(print_slips([Slip("Tom", "I help.")], language="en", second="en")).count("Thank you")
        == 1
    )
    assert 'lang="de"' in slips_html(slips, signed="A", language="nl")


@pytest.mark.parametrize("language", FRAMES)
def test_the_words_around_an_idea_are_fit_for_a_pupil_in_every_language(language):
    text = words(print_slips([Slip("Jesse")], language=language))
    frame = FRAMES[language]
    assert all(packed(part) in packed(text) for part in (frame.to, frame.thanks, frame.soon))
    assert not forbidden_in(text) and not any(char.isdigit() for char in text)
    assert all(vars(frame).values())


@pytest.mark.parametrize("format", FORMATS)
def test_the_slips_have_tags_and_a_bookmark_for_each_pupil(format):
    data = print_slips(CLASS, format=format)
    assert tags(data).count("/H1") == len(CLASS) and "/Figure" not in tags(data)
    assert [slip.name in title for slip, title in zip(CLASS, outline(data), strict=True)] == [
        True
    ] * 5


OWN = {"L", "N", "P", "S", "Z"}  # letters, digits, punctuation: what a person types


def ours(char):
    """Whether our own fonts have the letter: of others a reader of PDF may get nothing back."""
    return typefaces.font_for(char) is not None and char != "_"


typed = st.text(
    st.characters(max_codepoint=0x24F) | st.sampled_from("محمدعبدالرحمنЮлияĐặngışğİ"), max_size=160
)


@settings(max_examples=60)
@given(
    idea=typed | st.text(max_size=320) | st.text("WiI \n", max_size=300),
    name=typed.map(lambda text: text[:60]) | st.text(max_size=60),
    format=st.sampled_from(sorted(FORMATS)),
    bigger=st.booleans(),
    second=st.sampled_from([None, "de"]),
)
@example("<style>@import 'http://127.0.0.1/x.css';</style>", "<b>", "a6x4", False, None)
@example("e" + "\u0301" * 200, "a" + "\u0300" * 60, "a7x8", False, None)
@example("\u202e\u2066omgekeerd\u2069", "\x00\ud800", "a6", True, "de")
def test_whatever_is_typed_is_printed_inside_its_page_or_refused(
    idea, name, format, bigger, second
):
    try:
        data = print_slips([Slip(name, idea)], format=format, bigger=bigger, second=second)
    except PaperRefused:
        return
    assert_free_edges(data, format)
    for text in (plain(idea), plain(name)):
        kept = [
            char for char in unicodedata.normalize("NFKC", text) if char.isalnum() and ours(char)
        ]
        if kept == [char for char in unicodedata.normalize("NFKC", text) if not char.isspace()]:
            read = unicodedata.normalize("NFKC", packed(words(data)))
            # From right to left the order in the file is the reader's affair.
            assert not set(kept) - set(read)
