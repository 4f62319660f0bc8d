"""The word guard finds what pupils are not to hear, and leaves ordinary words alone (S3.2)."""

import unicodedata

import pytest

from cases.method.wording import forbidden_in
from cases.tests.method.method_texts import DUTCH, PO, heard_by_pupils, said_to_invite, source

HITS = {
    "nl": "pest pesten gepest gepeste pester pesters pestkop pestkoppen pesterij pesterijen "
    "pestgedrag pestte pestend pestleerling pestincident weggepest cyberpesten getreiterd "
    "intimidatie intimideren schuld schuldig schuldige beschuldigen beschuldigd onschuldig "
    "medeschuldig schuldgevoel schuldvraag dader daders mededader slachtoffer slachtoffers "
    "zondebok aanvoerder aanvoerders meeloper meelopers omstander",
    "en": "bully bullies bullied bullying cyberbullying mobbed harassment intimidation intimidated "
    "blame blamed blaming guilt guilty victim victims victimised perpetrator culprit offender "
    "accused scapegoat ringleader bystander bystanders onlookers accomplice",
    "de": "Mobbing Mobber mobben gemobbt Cybermobbing Mobbingopfer schikaniert hänseln gehänselt "
    "Schuld schuldig Schuldige Schuldgefühle beschuldigt mitschuldig Opfer Opfern Täter Taeter "
    "Täterin Mittäter Sündenbock Anführer Anfuehrer Anführerin Rädelsführer Mitläufer Mitlaeufer "
    "Anstifter",
    "fr": "harcèlement harceler harcelé harceleuse harcèle intimider intimidation brimades victime "
    "victimes coupable culpabilité inculper accusé agresseur meneur meneuse suiveurs",
}

FINE = {
    "nl": "geduldig geduld pesto pestosaus pesticiden Boedapest Pestalozzischool feest best "
    "vriendin offer moeder ader nader dadelijk vader meelopen aanvoeren intimiteit "
    "verontschuldiging schud schoolplein verdriet plagen straf helpen kring steentje",
    "en": "tapestry tempest pestle pesticide budapest bull bulletin bulldog mobile mobility "
    "snobbery followers leader afraid worried lonely timid intimate coffee vicar default lamb "
    "blanket quilt guild culture excuse",
    "de": "Schuldirektor Schuldienst Schuldach Schuldigitalisierung Geduld geduldig Entschuldigung "
    "Töpfer Klopfer Vater Tat tapfer führen Führung Anführungszeichen laufen Läufer Blamage Hänsel "
    "Wohltäter Schulhof mobil",
    "fr": "peste tempête intime timide victoire coup couper culture mener suivre arceau harmonie "
    "école chagrin",
}


def words(table):
    return [
        pytest.param(word, id=f"{language}-{word}")
        for language, line in table.items()
        for word in line.split()
    ]


@pytest.mark.inventory("S3.2")
@pytest.mark.parametrize("word", words(HITS))
def test_a_forbidden_word_is_found_in_any_case_and_within_a_sentence(word):
    assert forbidden_in(f"Noor, {word}!") == [word]
    assert forbidden_in(f"'{word.upper()}'.") == [word.upper()]


@pytest.mark.parametrize("word", words(FINE))
def test_an_ordinary_word_is_left_alone(word):
    assert forbidden_in(f"De {word}, the {word.upper()}.") == []


@pytest.mark.parametrize(
    "text",
    [
        "ge\u200bpest",  # zero-width space
        "pe\u00adsten",  # soft hyphen
        "p\u2060esten",  # word joiner
        "\u202epesten",  # direction mark
        "p\u00e9st\u00ebn",
        "p\u034festen",  # combining grapheme joiner
        "\uff50\uff45\uff53\uff54\uff45\uff4e",  # full-width letters
        "PESTEN",
        "_pesten_",
        "anti-pesten",
        "l'intimidation",
        "souffre-douleur",
        "bouc émissaire",
    ],
)
def test_a_typing_trick_does_not_hide_the_word(text):
    assert forbidden_in(text)


def test_accents_may_be_stored_in_either_form():
    for form in ("NFC", "NFD"):
        assert forbidden_in(unicodedata.normalize(form, "Der Täter, le harcèlement")) == [
            "Täter",
            "harcèlement",
        ]


def test_each_word_is_named_once_in_the_order_of_the_text():
    text = "Schuld is niet aan de orde. Geen dader, geen schuld."
    assert forbidden_in(text) == ["Schuld", "dader"]


def test_an_empty_text_has_nothing_in_it():
    assert forbidden_in("") == []
    assert forbidden_in(" \n\u200b ") == []


def test_nothing_that_pupils_hear_or_see_holds_a_forbidden_word():
    texts = [source(text) for text in heard_by_pupils()]
    assert len(texts) > 100
    assert {text: forbidden_in(text) for text in texts if forbidden_in(text)} == {}


@pytest.mark.skipif(not PO.exists(), reason="the Dutch catalogue has not been made yet")
def test_nothing_that_pupils_hear_or_see_in_dutch_holds_a_forbidden_word():
    texts = [DUTCH[source(text)] for text in heard_by_pupils()]
    assert {text: forbidden_in(text) for text in texts if forbidden_in(text)} == {}


def test_the_invitation_gives_neither_the_name_nor_the_reason():
    lines = [source(line) for line in said_to_invite()] + [
        DUTCH[source(line)] for line in said_to_invite() if source(line) in DUTCH
    ]
    assert lines
    for line in lines:
        assert "{name}" not in line
        assert not {"worried", "afraid", "zorgen", "bang", "classmate", "klasgenoot"} & set(
            line.lower().split()
        )
