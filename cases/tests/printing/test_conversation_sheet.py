from datetime import date

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.formats.dates import named
from cases.method import METHOD
from cases.method.wording import forbidden_in
from cases.printing import sheet_layout
from cases.printing.conversation_sheet import sheet_for, sheet_html
from cases.tests.printing.pdf_reader import closed_up, fonts, open_pdf, packed, pages, words

LANGUAGES = ("nl", "en")
WINDOW = (date(2026, 10, 9), date(2026, 10, 15))
LONG_NAME = "Maximiliaan-Alexander van der Oudewetering-Schimmelpenninckx"
assert len(LONG_NAME) == 60


@pytest.fixture(scope="module", params=LANGUAGES)
def sheet(request):
    return request.param, sheet_for("talk", name="Noor", language=request.param, window=WINDOW)


def said(aloud=True):
    return [
        say
        for page in METHOD.step("talk").pages
        for say in page.all_say()
        if (say.sheet and say.aloud) is aloud
    ]


def test_every_phrase_that_is_declared_for_the_sheet_is_on_it_and_no_other(sheet):
    language, data = sheet
    paper = packed(words(data))
    with translation.override(language):
        for say in said():
            for line in say.lines:
                assert packed(named(line, "Noor")) in paper
        for say in said(aloud=False):
            for line in say.lines:
                assert packed(named(line, "Noor")) not in paper


def test_the_phrases_follow_the_order_of_the_talk():
    html = sheet_html(name="Noor", language="en")
    with translation.override("en"):
        headings = [str(p.sheet_title) for p in METHOD.step("talk").pages if p.sheet_title]
    html = closed_up(html)
    places = [html.index(f"</span>{heading}</h2>") for heading in headings]
    assert places == sorted(places) and len(places) >= 4


@pytest.mark.parametrize("name", ["Noor", "A" * 60, LONG_NAME, "محمد عبد الله", "İbrahim", None])
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_two_sides_whatever_the_name(name, language):
    found = pages(sheet_for("talk", name=name, language=language, window=WINDOW))
    assert len(found) == 2
    with translation.override(language):
        template = translation.gettext("side %(number)s of %(of)s")
    assert [text.count(template % {"number": n, "of": 2}) for n, text in enumerate(found, 1)] == [
        1,
        1,
    ]


def test_the_name_is_in_the_heading_and_a_blank_sheet_has_none():
    assert packed("Talk with Noor") in packed(words(sheet_for("talk", name="Noor", language="en")))
    blank = words(sheet_for("talk", name=None, language="en"))
    assert "Noor" not in blank and "None" not in blank and "{name}" not in blank
    assert "Talk with ____" in blank


def test_a_name_cannot_bring_markup():
    html = sheet_html(name="<img src=x>{{ 7 }}{name}", language="en")
    assert "<img" not in html and "&lt;img" in html


def test_the_window_is_written_out_only_when_it_is_given():
    assert "Choose a day from Friday 9 to Thursday 15 October." in words(
        sheet_for("talk", name="Noor", language="en", window=WINDOW)
    )
    across = (date(2026, 9, 28), date(2026, 10, 2))
    assert "from Monday 28 September to Friday 2 October." in sheet_html(
        name="Noor", language="en", window=across
    )
    assert "Choose Friday 9 October." in sheet_html(
        name="Noor", language="en", window=(WINDOW[0], WINDOW[0])
    )
    assert "Choose a day" not in sheet_html(name="Noor", language="en")


def test_the_place_for_what_is_not_told_is_an_empty_box():
    html = sheet_html(name="Noor", language="en")
    assert "<b>This I do not pass on:</b></div>" in closed_up(html)


def test_nothing_on_it_is_a_forbidden_word(sheet):
    _language, data = sheet
    assert not forbidden_in(words(data))


def test_it_ends_in_the_shredder_and_names_no_address(sheet):
    language, data = sheet
    with translation.override(language):
        tip = translation.gettext(
            "After the talk: put your notes in Steentje. Then put this sheet through the paper "
            "shredder."
        )
    assert packed(tip) in packed(pages(data)[1])
    assert "http" not in words(data) and "www" not in words(data)


def test_no_text_stands_outside_its_column_or_over_another():
    # What is computed to fit does fit in the PDF: no column runs into the foot of its side.
    from cases.tests.printing.pdf_reader import boxes

    for name in ("Noor", LONG_NAME):
        for page in boxes(sheet_for("talk", name=name, language="en", window=WINDOW)):
            assert all(left >= 12 and right <= 210 - 12 for left, _t, right, _b, _w in page)
            assert all(top >= 10 and bottom <= 297 - 9 for _l, top, _r, bottom, _w in page)
            last = max(
                bottom for _l, _t, _r, bottom, word in page if word not in {"side", "of", "1", "2"}
            )
            assert last <= 297 - 12


def test_the_type_is_never_smaller_than_eleven_points(sheet):
    language, _data = sheet
    html = sheet_html(name="Noor", language=language, window=WINDOW)
    (used,) = [each for each in sheet_layout.TYPES if f'class="sheet {each.css}"' in html]
    assert used.size >= 11


def test_it_is_tagged_and_has_its_language_title_and_fonts(sheet):
    language, data = sheet
    pdf = open_pdf(data)
    assert str(pdf.Root.Lang) == language
    assert pdf.Root.MarkInfo.Marked is True or pdf.Root.MarkInfo.Marked == True  # noqa: E712  (an object of the PDF)
    assert "/StructTreeRoot" in pdf.Root
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with translation.override(language):
        assert str(pdf.docinfo["/Title"]) == translation.gettext("Conversation sheet")
    assert "Noor" not in str(dict(pdf.docinfo))
    embedded = fonts(data)
    assert embedded and all(embedded.values())


@settings(max_examples=40)
@given(
    st.lists(
        st.builds(
            sheet_layout.Cell,
            st.just(
                (("t", ("Some words that make a line, and then a little more than that.",) * 3),)
            ),
            st.just(None)
            | st.builds(
                sheet_layout.Place,
                st.just("lines"),
                st.just("x"),
                lines=st.just(2),
                wanted=st.just(3),
            ),
            st.sampled_from([0, 1]),
            st.just("Title"),
        ),
        min_size=1,
        max_size=18,
    )
)
def test_every_cell_is_placed_once_and_in_order(cells):
    _type, columns = sheet_layout.fit(list(cells), sheet_layout.two_sides(30, 10))
    assert [id(cell) for column in columns for cell in column] == [id(cell) for cell in cells]
    assert len(columns) == 4
