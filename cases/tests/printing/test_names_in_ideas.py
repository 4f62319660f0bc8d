import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.printing.names_in_ideas import names_in, parts, words_that_name

SURE, MAYBE, NONE = True, False, None


def verdict(idea, name, *, closely=True):
    """Whether the name stands in an idea for certain, perhaps, or not."""
    found = names_in(
        idea, () if closely else {name}, closely={name} if closely else (), language="nl"
    )
    return any(each.sure for each in found) if found else None


@pytest.mark.parametrize(
    ("idea", "name", "expected"),
    [
        ("Ik kies Noor bij gym in mijn team.", "Noor", SURE),
        ("ik fiets naast noor", "Noor", SURE),
        ("Ik help NOOR met rekenen", "Noor", SURE),
        ("Ik draag Noor's tas", "Noor", SURE),
        ("Ik draag Noor’s tas", "Noor", SURE),
        ("Ik zwaai (naar Noor).", "Noor", SURE),
        ("Noor\u200b, doe je mee?", "Noor", SURE),
        ("Ik speel met No\u200dor", "Noor", SURE),
        ("Ik zeg--Noor--hoi", "Noor", SURE),
        ("Le dessin d'Anne", "Anne", SURE),
        # with or without accents, composed or not, with or without a hyphen
        ("Ik speel met Noel", "Noël", SURE),
        ("Ik speel met Noe\u0308l", "Noël", SURE),
        ("Ik speel met Noël", "Noel", SURE),
        ("Ik zit naast ibrahim", "İbrahim", SURE),
        ("Ik zit naast ISIL", "Işıl", SURE),
        ("Ik speel met Anne Marie", "Anne-Marie", SURE),
        ("Ik speel met annemarie", "Anne-Marie", SURE),
        ("Ik speel met Jan Willem", "Jan Willem", SURE),
        ("Ik help D’Haïti", "D'Haiti", SURE),
        ("ألعب مع محمد", "محمد", SURE),
        ("我和小明一起玩", "小明", SURE),
        ("मैं नूर के साथ खेलूँगी", "नूर", SURE),
        ("ฉันเล่นกับมานี", "มานี", SURE),
        # the possessive, endearments, a part of the name, a short form: perhaps
        ("Ik draag Noors tas", "Noor", MAYBE),
        ("Ik zit naast noortje", "Noor", MAYBE),
        ("Le dessin d'Anne-Marie", "Anne-Marie", SURE),
        ("Ik ga naar Jantje", "Jan", MAYBE),
        # a space that was forgotten
        ("Ik speel metNoor", "Noor", MAYBE),
        ("Ik speel metZoë", "Zoë", MAYBE),
        ("Noor2 en ik", "Noor", MAYBE),
        ("Ik speel met Anne", "Anne-Marie", MAYBE),
        ("Ik speel met Anne-Marie", "Anne", MAYBE),
        ("Ik vraag Max mee", "Maximiliaan", MAYBE),
        # names that are words
        ("Ik speel met Roos", "Roos", SURE),
        ("Ik geef een roos", "Roos", MAYBE),
        ("Roos, doe je mee?", "Roos", MAYBE),
        ("Ik loop met Mees naar huis", "Mees", SURE),
        ("Er zit een mees in de boom", "Mees", MAYBE),
        # in small letters too, whatever word it is: it is the pupil nobody may read about
        ("Ik wil helpen", "Wil", MAYBE),
        ("Ik kies sem bij gym in mijn team.", "Sem", MAYBE),
        ("Ik loop met mark mee", "Mark", MAYBE),
        ("Ik zit naast ben", "Ben", MAYBE),
        ("Ik vraag dan mee", "Dan", MAYBE),
        ("Ik draag sem's tas", "Sem", MAYBE),
        # what is not seen: inside the name, or between two words
        ("Ik speel met No\u200bor", "Noor", SURE),
        ("Ik speel met No\u00ad\u00ador", "Noor", SURE),
        ("Ik speel met \u2068Noor\u2069", "Noor", SURE),
        ("Ik speel met\u200bNoor", "Noor", MAYBE),
        ("ik speel met\u200bnoor", "Noor", MAYBE),
        ("ik speel met\u200b\ufeffnoor mee", "Noor", MAYBE),
        ("我和小\u200b明一起玩", "小明", SURE),
        ("Wil je met mij spelen?", "Wil", MAYBE),
        ("Ik vraag Wil", "Wil", SURE),
        # not the name at all
        ("Wij gaan in januari schaatsen", "Jan", NONE),
        ("De noordkant is voor ons", "Noor", NONE),
        ("Ik help", "", NONE),
        ("", "Noor", NONE),
    ],
)
def test_a_name_is_found_however_it_is_written_and_in_doubt_it_is_asked(idea, name, expected):
    assert verdict(idea, name) is expected


@pytest.mark.parametrize(
    ("idea", "name", "expected"),
    [
        ("Ik speel met Tess", "Tess", SURE),
        ("Ik pak Jesses bal", "Jesse", MAYBE),
        ("Ik speel metTess", "Tess", MAYBE),
        ("ik dans mee", "Dan", NONE),
        ("ik wil dan helpen", "Wil", NONE),
        ("ik wil dan helpen", "Dan", NONE),
        ("ik speel met sem", "Sem", MAYBE),
        ("ik loop met mark", "Mark", MAYBE),
        ("Ik vraag Max mee", "Maximiliaan", NONE),
    ],
)
def test_of_others_in_the_class_less_is_guessed(idea, name, expected):
    assert verdict(idea, name, closely=False) is expected


def test_of_others_an_everyday_word_is_one_of_the_language_of_the_sheet():
    assert not names_in("I mark the line", {"Mark"}, language="en-gb")
    assert names_in("ik loop met mark", {"Mark"}, language="nl")
    assert names_in("I play with wil", {"Wil"}, language="en")


def test_what_is_not_seen_stays_in_the_text_that_is_shown():
    text = "Ik kies No\u200bor, met\u200bnoor."
    found = names_in(text, (), closely={"Noor"})
    assert [each.word for each in found] == ["No\u200bor", "noor"]
    assert "".join(piece for piece, _named in parts(text, found)) == text


def test_the_name_is_pointed_out_where_it_stands():
    text = "Ik kies Noor, en Noors zus."
    found = names_in(text, {"Tess"}, closely={"Noor"})
    assert parts(text, found) == [
        ("Ik kies ", False),
        ("Noor", True),
        (", en ", False),
        ("Noors", True),
        (" zus.", False),
    ]


@given(
    st.text(max_size=80),
    st.sampled_from(["Noor", "Noël", "Jan Willem", "İbo", "D'Haïti", "小明", "🙂", "\u0301"]),
)
def test_whatever_is_typed_nothing_is_lost_and_a_name_between_spaces_is_found(text, name):
    idea = f"{text} {name} {text}"
    found = names_in(idea, {"Tess"}, closely={name})
    assert "".join(piece for piece, _named in parts(idea, found)) == idea
    assert any(each.name == name or each.word == name for each in found) or name == "\u0301"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("met noor naar huis", "noor"),
        ("NOOR helpen", "NOOR"),
        ("Ik vraag jesse mee", "jesse"),
        ("op jesses fiets", "jesses"),
        ("Noors tas", "Noors"),
        ("Is metNoor afgesproken?", "metNoor"),
        ("Noor-Anne komt ook", "Noor-Anne"),
        ("het huis van No\u00ador", "No\u00ador"),
        ("Ik speel met Dan.", "Dan"),
    ],
)
def test_a_letter_holds_no_word_that_may_be_a_name(text, word):
    assert words_that_name(text, {"Noor", "Jesse", "Dan"}, language="nl") == [word]


def test_in_a_letter_an_everyday_word_in_small_letters_is_the_word():
    names = {"Dan", "Wil", "Roos"}
    assert words_that_name("Ik help je dan, wil je dat? Een roos.", names, language="nl") == []
    assert words_that_name("Een roos.", (), closely={"Roos"}, language="nl") == []
