"""Every letter on paper comes from a font of ours, whole; what none of them has is a line to write
on, and is said.
"""

import re

import pytest
from fontTools.ttLib import TTFont

from cases.models import Pupil
from cases.printing import documents, typefaces
from cases.printing.conversation_sheet import sheet_html
from cases.printing.pdf_rendering import pdf, static_folder
from cases.printing.print_choices import Choices
from cases.printing.print_notices import notices
from cases.printing.printable_text import BLANK, missing_in, noting_missing, plain
from cases.printing.sample_documents import SAMPLES
from cases.printing.slips import Slip, slips_html, task_slips
from cases.tests.world import TODAY, at

from .pdf_reader import Ink, fonts, packed, pages, words

# First names and words of pupils, by script; as a teacher copies them from the register.
SCRIPTS = {
    "chinese": ("小明", "我和她一起玩。"),
    "traditional": ("陳怡君", "我們一起踢足球"),
    "japanese": ("さくら", "いっしょにあそぶ"),
    "korean": ("김민준", "저는 친구와 놀아요"),
    "tigrinya": ("ሰላማዊት", "ኣብ ዕረፍቲ ክጻወት እየ።"),
    "arabic": ("محمد علی", "سألعب معها في الاستراحة."),
    "hindi": ("नूर", "मैं कक्षा में खेलूँगी"),
    "bengali": ("বাংলা", "আমি খেলি ক্লাসে"),
    "tamil": ("தமிழ்ச்செல்வி", "நான் விளையாடுகிறேன்"),
    "punjabi": ("ਗੁਰਪ੍ਰੀਤ", "ਮੈਂ ਖੇਡਦਾ ਹਾਂ"),
    "gujarati": ("ગીતા", "હું રમું છું"),
    "telugu": ("సీత", "నేను ఆడతాను"),
    "kannada": ("ಸೀತಾ", "ನಾನು ಆಡುತ್ತೇನೆ"),
    "malayalam": ("സീത", "ഞാൻ കളിക്കും"),
    "sinhala": ("නිමල්", "මම සෙල්ලම් කරමි"),
    "thai": ("มานี", "ฉันเล่นกับน้อง"),
    "lao": ("ສົມຊາຍ", "ຂ້ອຍຫຼິ້ນ"),
    "khmer": ("សុខា", "ខ្ញុំលេង"),
    "burmese": ("အောင်", "ကစားမယ်"),
    "tibetan": ("བཀྲ་ཤིས", "བཀྲ་ཤིས"),
    "hebrew": ("נועה", "אני משחק איתה 5 פעמים (כן)."),
    "yiddish with vowels": ("שָׂרָה", "שָׁלוֹם"),
    "syriac": ("ܝܘܚܢܢ", "ܫܠܡܐ"),
    "georgian": ("ნინო", "მე ვთამაშობ."),
    "armenian": ("Արամ", "Ես խաղում եմ։"),
    "greek": ("Ελένη", "Παίζω μαζί."),
    "cyrillic": ("Қайрат", "Ўзбек, Їжак"),
    "tifinagh": ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "ⴰⵣⵓⵍ"),
    "vietnamese": ("Đặng Thị Thu", "Tôi chơi với bạn ấy"),
    "vietnamese taken apart": ("D\u0323a\u0306\u0323ng", "e\u0302\u0301"),
    "yoruba": ("Ọ̀ṣun", "Ẹ̀gbọ́n"),
    "emoji": ("Ravi 🎉", "Ik voetbal mee ⚽ 👩‍👧 👍🏽 🇳🇱 → ★ ❤️"),
}
NOWHERE = "\U0002b81b"  # a rare Chinese letter of the kind that stands in names
OURS = re.compile(r"Andika|Arabic|Atkinson|Bricolage|Digits|noto-|emoji")


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("format", ["a6x4", "a7x8"])
def test_names_and_ideas_of_every_script_are_printed_in_our_own_fonts(script, format):
    name, idea = SCRIPTS[script]
    assert not missing_in(name) and not missing_in(idea)
    data = task_slips([Slip(name, idea)], signed="Juf Anna", language="nl", format=format)
    assert all(OURS.search(font) for font in fonts(data)), "a font of the machine was used"
    assert all(fonts(data).values())
    # The name leaves ink in its pebble: without it there is less.
    assert _dark(data, format) > _dark(
        task_slips([Slip("")], signed="Juf Anna", language="nl", format=format), format
    )


def _dark(data, format):
    box = (20, 16, 88, 50) if format == "a6x4" else (14, 15, 45, 28)
    ink = Ink(data)
    edges = tuple(round(edge * 72 / 25.4 * ink.scale) for edge in box)
    return sum(ink.picture.crop(edges).histogram()[:100])


def test_no_letter_is_drawn_as_a_box():
    """Each letter that we say can be printed is in the font it comes from: what is missing is glyph
    0, the box.
    """
    text = " ".join(f"{name} {idea}" for name, idea in SCRIPTS.values())
    for script, said in SCRIPTS.items():
        data = task_slips([Slip(*said)], signed="Juf Anna", language="nl", format="a5")
        assert not _boxes(data), script
    assert plain(text) and BLANK not in plain(text)


def _boxes(data):
    """The fonts in which glyph 0 is written on a page."""
    import pikepdf

    from .pdf_reader import open_pdf

    found = []
    with open_pdf(data) as pdf:
        for page in pdf.pages:
            font = ""
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    font = str(operands[0])
                if str(operator) in ("Tj", "TJ"):
                    parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                    for part in parts:
                        raw = bytes(part) if isinstance(part, pikepdf.String) else b""
                        if any(raw[at : at + 2] == b"\0\0" for at in range(0, len(raw), 2)):
                            found.append(font)
    return found


@pytest.mark.parametrize(
    ("typed", "printed", "missing"),
    [
        (f"小{NOWHERE}明", f"小{BLANK}明", [NOWHERE]),
        ("Ik zeg (\u0378\u0378), hoi", f"Ik zeg ({BLANK}), hoi", ["\u0378\u0378"]),
        ("\ue000Noor speelt", f"{BLANK} speelt", ["\ue000Noor"]),
        ("𓀀", BLANK, ["𓀀"]),
        ("No\u200b\u202eor", "Noor", []),
        ("علی\u200cرضا", "علی\u200cرضا", []),
        ("❤\ufe0f 1\ufe0f\u20e3", "❤ 1", []),
        ("", "", []),
    ],
)
def test_a_word_with_a_letter_of_no_font_is_a_line_and_is_named(typed, printed, missing):
    with noting_missing() as found:
        assert plain(typed) == printed
    assert found == missing


def without_spaces(path):
    """The text of a style sheet with no white space beside punctuation."""
    return re.sub(r"\s*([,:;{}])\s*", r"\1", path.read_text())


def test_every_list_of_fonts_ends_alike_so_that_a_letter_is_printed_on_every_paper():
    css = static_folder() / "css"
    shared = without_spaces(css / "print-fonts.css")
    (rest,) = re.findall(r"--rest:([^;}]+)", shared)
    named = {
        "andika-latin-ext": "Andika X",
        "andika-cyrillic": "Andika C",
        "andika-vietnamese": "Andika V",
    }
    named |= {"noto-sans-arabic": "Arabic P", "noto-emoji": "emoji"}
    assert [each.strip('"') for each in rest.split(",")] == [
        named.get(each, each) for each in typefaces.REST
    ]
    for path in css.glob("print*.css"):
        for stack in re.findall(r"font(?:-family)?:([^;}]*sans-serif)", without_spaces(path)):
            if path.name == "print-fonts.css":
                continue  # a font by name, for letters that get their marks from another
            # Running heads hold words of ours and numbers, and the name of who printed it.
            whole = stack.endswith('"Andika P",var(--rest),sans-serif') or stack.endswith(
                f'"Andika P",{rest},sans-serif'
            )
            assert whole or stack.endswith('"Atkinson P",sans-serif'), (path.name, stack)


def test_the_fonts_are_there_with_a_space_and_their_licence_and_are_no_larger_than_need_be():
    folder = static_folder() / "fonts"
    assert sum(path.stat().st_size for path in folder.glob("noto-*.woff2")) < 6_000_000
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL-noto.txt").read_text()
    for name in typefaces.FAMILIES["andika"]:
        for weight in (400, 700):
            path = folder / f"{name}-{typefaces.weight_of(name, weight)}.woff2"
            with TTFont(path, lazy=True) as font:
                assert name in typefaces.LATIN[1:] or " " in map(chr, font.getBestCmap()), name


def test_ordinary_paper_asks_for_no_other_font():
    assert (
        typefaces.needed(slips_html([Slip("Zoë", "Ik help – “mee”.")], signed="A", language="nl"))
        == []
    )
    assert typefaces.needed("<p>小明 김 q ⚽") == ["noto-emoji", "noto-sans-cjk"]


def test_a_name_from_right_to_left_turns_nothing_beside_it():
    html = sheet_html("talk", name="محمد", language="nl")
    assert "\u2068محمد\u2069" in html
    assert "\u2068" not in sheet_html("talk", name="Noor", language="nl")
    assert "محمد" in packed(words(pdf(html, language="nl", title="t"))) or pages(
        pdf(html, language="nl", title="t")
    )


@pytest.fixture
def case(make_case):
    with at(TODAY):
        case = make_case(until="followup")
        Pupil.objects.filter(pk=case.pupil_id).update(first_name=f"{NOWHERE}明")
        member = case.rounds.get().members.first()
        Pupil.objects.filter(pk=member.pupil_id).update(
            first_name="\u0378", last_name="𓀀", search_key="x", sort_key="x"
        )
        case.refresh_from_db()
        yield case


def test_each_paper_says_which_words_it_cannot_print_and_prints_a_line(case):
    """What is said before is what becomes a line when it is made."""
    print_context = documents.PrintContext(case, case.leader, Choices(), "nl")
    seen = 0
    for paper in documents.all_documents().values():
        if not documents.available(print_context, paper):
            continue
        with noting_missing() as lines:
            data = [part.make() for part in documents.document_parts(print_context, paper)]
        said = " ".join(each.text for each in notices(print_context, paper))
        assert all(word in said for word in lines), paper.key
        assert bool(lines) == ("kunnen we niet afdrukken" in said or "cannot be printed" in said), (
            paper.key
        )
        assert not any(_boxes(each) for each in data)
        seen += bool(lines)
    assert seen >= 8 and SAMPLES
