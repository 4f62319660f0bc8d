"""The sheets of every step: what stands on them, for whom, and where the scissors go."""

from itertools import pairwise

import pytest
from django.utils import translation

from cases.formats.dates import named
from cases.method import METHOD
from cases.method.wording import forbidden_in
from cases.printing import conversation_sheet as sheets
from cases.printing.conversation_sheet import sheet_for, sheet_html
from cases.printing.pdf_rendering import PaperRefused
from cases.printing.sample_documents import LONG_MEMBERS, LONG_NAME, MEMBERS, WINDOW
from cases.printing.sheet_kinds import all_sheets
from cases.tests.printing.pdf_reader import (
    Ink,
    boxes,
    fonts,
    open_pdf,
    outline,
    packed,
    pages,
    tags,
    words,
)

LANGUAGES = ("nl", "en")
SHEETS = all_sheets()
EVERY = [(kind, language) for kind in SHEETS for language in LANGUAGES]


def printed(kind, language, name="Noor", members=MEMBERS):
    members = members if SHEETS[kind].needs_members else ()
    return sheet_for(kind, name=name, members=members, language=language, window=WINDOW)


def bare(kind, language):
    return sheet_for(kind, name=None, language=language)


def test_every_step_has_a_sheet():
    assert {step for kind in SHEETS.values() for step in kind.steps} == {
        step.key for step in METHOD.steps
    }


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_it_is_what_was_asked_and_nothing_that_a_pupil_may_not_read(kind, language):
    data = printed(kind, language)
    text = words(data)
    assert "Noor" in text and "{" not in text and "None" not in text
    assert not forbidden_in(text)
    assert not any(sign in text for sign in ("http", "www", "◆", "◇", "○"))
    empty = words(bare(kind, language))
    assert not any(name in empty for name in ("Noor", *MEMBERS))
    assert sheets.BLANK in empty and not forbidden_in(empty)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_phrase_and_label_of_its_pages_is_on_it(kind, language):
    paper = packed(words(printed(kind, language)))
    with translation.override(language):
        for page in SHEETS[kind].pages():
            said = [line for say in page.all_say() if say.sheet and say.aloud for line in say.lines]
            labels = [question.sheet for question in page.questions if question.sheet]
            for text in (*said, *labels):
                assert packed(named(text, "Noor")) in paper, f"{page.key}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_meeting_each_member_has_a_seat_with_lines(language):
    html = sheet_html("meeting", name="Noor", members=MEMBERS, language=language)
    rows = html.partition("<tbody>")[2].split("<tr>")[1:]
    assert [row.partition("<bdi>")[2].partition("</bdi>")[0] for row in rows] == list(MEMBERS)
    with translation.override(language):
        for step, page, key in (("share", "reasons", "reason"), ("ideas", "ideas", "idea")):
            assert f">{METHOD.step(step).page(page).question(key).sheet}</th>" in html
    assert sheet_html("meeting", name=None, language=language).count("<tr>") == 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_of_the_meeting_is_that_of_the_steps(language):
    html = sheet_html("meeting", name="Noor", members=MEMBERS, language=language)
    with translation.override(language):
        titles = [str(p.sheet_title) for p in SHEETS["meeting"].pages() if p.sheet_title]
    places = [
        html.index(f'<span class="number">{at}</span> {title}')
        for at, title in enumerate(titles, 1)
    ]
    assert places == sorted(places) and len(places) >= 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dos_and_donts_of_leading_the_meeting_are_on_its_sheet(language):
    paper = packed(words(printed("meeting", language)))
    minds = [mind for page in SHEETS["meeting"].pages() for mind in page.mind if mind.sheet]
    assert len([mind for mind in METHOD.step("gather").page("ready").mind if mind.sheet]) == 9
    with translation.override(language):
        assert all(packed(str(mind.sheet)) in paper for mind in minds)
        told = METHOD.step("explain").page("tell").mind
        assert all(packed(named(mind.text, "Noor")) not in paper for mind in told if not mind.sheet)


@pytest.mark.parametrize("members", [MEMBERS, MEMBERS[:5], MEMBERS[:1]])
def test_each_member_has_half_a_page_in_the_order_given(members):
    found = boxes(printed("members", "nl", members=members))
    assert len(found) == -(-(len(members) + 1) // 2)  # and one half to round off
    halves = [
        " ".join(word for _l, top, _r, _b, word in page if (top > 148.5) is lower)
        for page in found
        for lower in (False, True)
    ]
    for half, member in zip(halves, members, strict=False):
        assert half.startswith(f"Een kort gesprek met {member} ")
        assert not any(other in half for other in members if other != member)


@pytest.mark.parametrize("kind", [key for key, kind in SHEETS.items() if not kind.sides])
@pytest.mark.parametrize("language", LANGUAGES)
def test_on_halves_all_words_keep_eleven_millimetres_from_the_cut(kind, language):
    data = printed(kind, language, LONG_NAME, LONG_MEMBERS)
    for number, page in enumerate(pages(data)):
        ink = Ink(data, number)
        assert page and ink.in_(12, 20, 198, 137)
        assert not ink.in_(12, 148.5 - 11, 210, 148) and not ink.in_(12, 149, 210, 148.5 + 11)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_nothing_runs_off_its_side_with_the_longest_names(kind, language):
    found = boxes(printed(kind, language, LONG_NAME, LONG_MEMBERS))
    if SHEETS[kind].sides:
        assert len(found) == SHEETS[kind].sides
    for page in found:
        assert all(left >= 12 and right <= 210 - 12 for left, _t, right, _b, _w in page)
        assert all(top >= 10 and bottom <= 297 - 9 for _l, top, _r, bottom, _w in page)


@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.parametrize("name", ["W" * 120, "W" * 40, "i " * 60])
def test_a_name_without_an_end_stays_inside_the_page_or_is_refused(kind, name):
    try:
        data = printed(kind, "nl", name, [name] * 3)
    except PaperRefused:
        return
    for page in boxes(data):
        assert all(left >= 12 and right <= 210 - 12 for left, _t, right, _b, _w in page)
        assert all(bottom <= 297 - 9 for _l, _t, _r, bottom, _w in page)


@pytest.mark.parametrize("count", [1, 8, 12])
def test_a_group_of_any_size_has_its_seats_on_the_leaf(count):
    (first, second) = boxes(printed("meeting", "nl", LONG_NAME, (LONG_MEMBERS * 2)[:count]))
    assert all(bottom <= 297 - 9 for _l, _t, _r, bottom, _w in second)
    assert all(bottom <= 297 - 9 for _l, _t, _r, bottom, _w in first)


@pytest.mark.parametrize(
    ("name", "members"), [("x" * 5000, ()), ("Noor", ["x" * 121]), ("Noor", ["Tess"] * 13)]
)
def test_what_does_not_fit_is_refused(name, members):
    with pytest.raises(PaperRefused) as refused:
        sheet_for("meeting", name=name, members=members, language="nl")
    assert str(refused.value.message).endswith(".")


@pytest.mark.parametrize(
    "hostile", ["<img src=file:///etc/passwd>", "\u202eNoor\x00\ud800", "{{ 7 }}{name}"]
)
def test_a_name_is_only_a_name(hostile):
    text = words(sheet_for("meeting", name=hostile, members=[hostile], language="nl"))
    assert "root:" not in text
    assert packed(
        hostile.replace("\u202e", "").replace("\x00", "").replace("\ud800", "")
    ) in packed(text)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_it_is_tagged_in_order_with_bookmarks_and_its_fonts(kind, language):
    data = printed(kind, language)
    with open_pdf(data) as pdf:
        assert str(pdf.Root.Lang) == language and pdf.Root.ViewerPreferences.DisplayDocTitle
        with translation.override(language):
            assert str(pdf.docinfo["/Title"]) == str(SHEETS[kind].title)
        assert not any(name in str(dict(pdf.docinfo)) for name in ("Noor", *MEMBERS))
    headings = [tag for tag in tags(data) if tag in ("/H1", "/H2", "/H3")]
    assert headings[0] == "/H1"
    levels = [int(tag[2]) for tag in headings]
    if SHEETS[kind].sides == 2:
        assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {"/L", "/LI", "/P"} <= set(tags(data))
    assert outline(data) and len(outline(data)) == len(headings)
    assert all(fonts(data).values())
    if kind == "meeting":
        assert {"/Table", "/TH", "/TD"} <= set(tags(data))


def test_no_heading_stands_alone_at_the_foot_of_a_column():
    for kind in SHEETS:
        for language in LANGUAGES:
            html = sheet_html(kind, name=LONG_NAME, members=(), language=language, window=WINDOW)
            for column in html.split('<div class="column">')[1:]:
                last = column.rpartition('<div class="cell">')[2].partition('<div class="column">')[
                    0
                ]
                assert any(
                    sign in last for sign in ("<li>", "rule", "box", "tick", "dateline", "scale")
                ), kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_sheet_of_half_a_page_serves_every_later_check(language):
    """They say and ask the same, so that a page that would ask something else cannot go unseen on
    paper.
    """
    assert len(METHOD.later) > 1 and SHEETS["later"].pages() == METHOD.later[:1]
    data = printed("later", language)
    paper = packed(words(data))
    with translation.override(language):
        heading = named(SHEETS["later"].heading, "Noor")
        assert packed(heading) in paper
        for page in METHOD.later:
            assert packed(named(page.title, "Noor")) not in paper  # it names no moment
            said = [str(line) for say in page.all_say() if say.aloud for line in say.lines]
            asked = [str(question.sheet) for question in page.questions if question.sheet]
            assert said and asked
            for text in (*said, *asked):
                assert packed(named(text, "Noor")) in paper, f"{page.key}: {text}"
    assert len(pages(data)) == 1 and paper.count(packed(heading)) == 2  # a half for two checks each


def test_one_leaf_of_two_sides_says_which_side_is_which():
    for number, text in enumerate(pages(printed("meeting", "en")), 1):
        assert f"side {number} of 2" in text
