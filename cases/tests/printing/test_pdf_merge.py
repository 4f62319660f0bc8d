"""Finished PDFs laid behind each other and shown as pictures."""

import io

import pikepdf
import pytest
from PIL import Image

from cases.printing import conversation_sheet, pdf_merge, slips
from cases.printing.documents import DocumentPart
from cases.printing.pdf_rendering import PaperRefused
from cases.printing.slips import Slip

from .pdf_reader import pages


@pytest.fixture(scope="module")
def papers():
    return (
        conversation_sheet.sheet_for(
            "talk", name="Noor", language="nl", school_name="De Kiezelhof"
        ),
        slips.task_slips([Slip("Amina", "Samen fietsen")], signed="juf Anna", language="nl"),
        slips.task_slips([Slip("Bram", "Samen lezen")], signed="juf Anna", language="nl"),
    )


def test_each_paper_begins_on_a_leaf_of_its_own(papers):
    first, second, third = papers
    text = pages(pdf_merge.merged([second, first, third]))
    assert "Amina" in text[0] and text[1] == "" and "Noor" in text[2] and "Bram" in text[4]
    assert len(text) == 5


def test_nothing_stands_in_the_properties_of_what_was_merged(papers):
    data = pdf_merge.merged(list(papers))
    pdf = pikepdf.open(io.BytesIO(data))
    assert {key: str(value) for key, value in pdf.docinfo.items()} == {"/Title": "Steentje"}
    assert not pdf.check_pdf_syntax()


def test_one_paper_stays_as_it_is_with_its_tags(papers):
    assert pdf_merge.merged([papers[0]]) == papers[0]


def test_a_picture_of_each_page_and_of_no_other(papers):
    (wide, high), _back = pdf_merge.sizes(papers[0])
    picture = Image.open(io.BytesIO(pdf_merge.picture(papers[0], 2)))
    assert picture.format == "PNG" and abs(picture.height - high) <= 1 and picture.width == wide
    assert len(picture.getcolors(256)) > 3  # not an empty page
    for number in (0, 3, 10**12):
        with pytest.raises(IndexError):
            pdf_merge.picture(papers[0], number)


def test_the_same_paper_is_made_once_for_one_look_and_anew_when_it_changed(papers):
    made = []

    def part(digest):
        return DocumentPart("x", 1, digest, lambda: made.append(digest) or papers[1])

    assert pdf_merge.made([part("one-look")]) == pdf_merge.made([part("one-look")])
    pdf_merge.made([part("another-look")])
    assert made == ["one-look", "another-look"]
    with pytest.raises(PaperRefused):
        pdf_merge.made([])
