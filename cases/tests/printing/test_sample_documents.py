"""Every kind of paper there is, in every language, read back as a pupil or a reader of PDF
would.
"""

import pytest

from cases.method.wording import forbidden_in
from cases.printing import sample_documents
from cases.printing.sample_documents import LONG_MEMBERS, MEMBERS, NAME, all_samples, sample
from cases.tests.printing.pdf_reader import boxes, fonts, open_pdf, tags, words

PAPERS = [(name, language) for name, each in all_samples().items() for language in each.spoken()]


@pytest.mark.parametrize(("name", "language"), PAPERS)
def test_every_kind_of_paper_in_every_language(name, language):
    """Its longest: in our own fonts, inside its page, tagged, and without a word that pupils do not
    read.
    """
    data = all_samples()[name].make(language, True)
    text = words(data)
    assert not forbidden_in(text) and "{" not in text
    if name.startswith("slips"):
        assert NAME not in text and not any(char.isdigit() for char in text)
    with open_pdf(data) as pdf:
        sizes = [[float(side) / 72 * 25.4 for side in page.MediaBox[2:]] for page in pdf.pages]
        assert str(pdf.Root.Lang) == language and str(pdf.docinfo["/Title"])
        properties = str({key: str(value) for key, value in pdf.docinfo.items()})
    assert not any(each in properties for each in (NAME, *MEMBERS, *LONG_MEMBERS))
    for page, (wide, high) in zip(boxes(data), sizes, strict=True):
        assert all(left > 8 and right < wide - 8 for left, _t, right, _b, _w in page)
        assert all(top > 8 and bottom < high - 8 for _l, top, _r, bottom, _w in page)
    assert "/H1" in tags(data) and all(fonts(data).values())


def test_a_new_kind_of_paper_comes_along_by_itself(monkeypatch):
    monkeypatch.setattr(sample_documents, "SAMPLES", dict(sample_documents.SAMPLES))

    @sample("card", ["nl"])
    def card(language, longest):
        return b""

    assert all_samples()["card"].spoken() == ("nl",)
    assert {"sheet-talk", "slips-a6x4"} < set(all_samples())
