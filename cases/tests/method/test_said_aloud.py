"""What pupils hear and read names no body, no place and no event: each may be what was agreed not
to be told.

"A knot in the stomach" stood on the sheet of the same meeting at which the stomach ache was not to
be told. The everyday words that the method needs stand in EXCUSED, each with the reason.
"""

import re

import pytest
from django.utils import translation

from cases.method import METHOD
from cases.method.grammar import CHOICE, MANY
from cases.printing.letter_kinds import GROUP, LETTERS, PUPIL
from cases.printing.sheet_kinds import all_sheets
from cases.printing.slip_phrases import FRAMES
from cases.tests.method.method_texts import heard_by_pupils, source

# Whole words, or the beginning of a word (*).
WORDS = {
    "en": {
        "body": "body belly stomach* tummy head headache* ache* pain* hurt* arm arms leg legs foot "
        "feet hand hands handshake* face faces eye eyes ear ears hair nose mouth teeth skin back "
        "shoulder* knot blood bruise* scar scars tear tears cry cries crying cried ill illness "
        "sick sickness weight fat thin glasses clothes",
        "place": "playground* schoolyard* yard square corridor* hallway* hall toilet* bathroom* "
        "changing gym* canteen* cafeteria* bus bike* street* home house outside stairs locker* "
        "cloakroom* desk* room rooms classroom* class park field online chat* app apps "
        "phone* internet",
        "event": "break breaks recess lunch* lesson lessons pe trip* camp* party parties birthday* "
        "swim* football* match fight* fought hit kick* push* spat spit test tests exam* yesterday "
        "monday* tuesday* wednesday* thursday* friday* saturday* sunday* morning* afternoon* "
        "evening* weekend* homework",
    },
    "nl": {
        "body": "lichaam lijf buik* maag* hoofd hoofdpijn pijn* *pijn zeer arm armen been benen "
        "voet voeten hand handen gezicht* oog ogen oor oren haren neus mond tand* huid rug "
        "schouder* knoop bloed* blauw* litteken* traan tranen huil* gehuild ziek* dik dun bril* "
        "kleren",
        "place": "schoolplein* plein* speelplaats* hek gang gangen toilet* wc kleedkamer* gymzaal* "
        "zaal aula kantine* overblijf* bus fiets* straat* thuis huis buiten trap trappen kluisje* "
        "kapstok* bureau* tafel* lokaal lokalen klas klassen park veld online app apps appgroep* "
        "groepsapp* chat* telefoon* internet",
        "event": "pauze* speelkwartier lunch* les lessen lestijd gym gymles* schoolreis* uitje* "
        "kamp* feest* *feestje verjaardag* zwem* voetbal* wedstrijd* ruzie* vecht* gevochten sla "
        "slaan geslagen schop* duw* spuug* toets* proefwerk* gisteren maandag* dinsdag* woensdag* "
        "donderdag* vrijdag* zaterdag* zondag* ochtend* *ochtends middag* avond* weekend* huiswerk",
    },
    "de": {
        "body": "körper bauch* kopf* *schmerz* arm bein* fuß hand gesicht* auge* haare krank* "
        "blut* träne* wein*",
        "place": "schulhof* pausenhof* gang flur toilette* umkleide* turnhalle* bus straße* "
        "zuhause klasse*",
        "event": "pause* ausflug* lager feier* geburtstag* schwimm* fußball* streit* schlag* "
        "gestern",
    },
    "fr": {
        "body": "corps ventre* tête* mal douleur* bras jambe* pied main mains visage* œil yeux "
        "malade* sang larme*",
        "place": "cour couloir* toilettes vestiaire* gymnase* bus rue maison classe*",
        "event": "récréation* récré* pause* sortie* fête* anniversaire* piscine* foot* dispute* "
        "coup coups hier",
    },
}

# Word to why the method needs it; only in texts that hold it do its words go free.
EXCUSED = {
    "en": {
        "class": "the group and the pupil are in one: what is done, is done for the whole class",
        "lesson": "the pupil is taken out of it for the talk (S2.2, S7.7), or may come in the "
        "middle of it (S1.16)",
        "handshake": "how the teacher says goodbye, at this meeting itself (S6.3)",
        "hands": "'in their hands': who does it, not a body",
        "break": "'Break in kindly': to interrupt, not the time between two lessons",
        "back": "'come back': to return, not a part of the body",
        "test": "'It's not a test': what the short talk is not",
        "homework": "a pupil's own idea, said by the pupil a moment before (S5.2)",
        "room": "'Room for everyone' is a turn; the room is made ready for this meeting itself "
        "(S2.1)",
    },
    "nl": {
        "klas": "de groep en de leerling zitten in één klas: wat er gebeurt, is voor de hele klas",
        "les": "de leerling komt voor het gesprek uit de les (S2.2, S7.7), of mag midden in de les "
        "komen (S1.16)",
        "lestijd": "wanneer de bijeenkomst is (P2.6)",
        "hand": "het afscheid van deze bijeenkomst zelf (S6.3)",
        "toets": "'Het is geen toets': wat het korte gesprek niet is",
        "huiswerk": "een idee dat de leerling net zelf noemde (S5.2)",
        "tafel": "hoe de groep bij deze bijeenkomst zelf zit (S2.1)",
    },
}
# In English there are more ways to say 'back' and 'break', so each text is named.
ONLY_IN = {"break": {"Break in kindly."}, "test": {"It's not a test. I'm just curious."}}


def matcher(language):
    parts = " ".join(WORDS[language].values()).split()
    return re.compile(
        "|".join(rf"\b{re.escape(part).replace(chr(92) + '*', chr(92) + 'w*')}\b" for part in parts)
    )


def named_in(text, language, excused=()):
    """The words for a body, a place or an event in a text, but for the excused ones."""
    return [word for word in matcher(language).findall(str(text).lower()) if word not in excused]


def all_that_pupils_meet():
    """Every text that is said to pupils, stands on the talk screen, lies on the table or is handed
    to them.
    """
    yield from heard_by_pupils()
    for page in METHOD.pages():
        yield from (mind.sheet for mind in page.mind if mind.sheet)
        for question in page.questions:
            if question.beside:
                yield question.beside
            if question.sheet and question.kind in (CHOICE, MANY):
                yield from (choice.label for choice in question.choices)
    for kind in all_sheets().values():
        yield from (text for text in (kind.title, kind.heading, kind.lead) if text)
    for letter in LETTERS.values():
        if letter.readers in (GROUP, PUPIL):
            yield from (text for text in (letter.heading, letter.proposal, letter.written) if text)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_nothing_that_pupils_meet_names_a_body_a_place_or_an_event(language):
    found, used = {}, set()
    with translation.override(language):
        for text in all_that_pupils_meet():
            words = named_in(text, language)
            used.update(words)
            wrong = [word for word in words if word not in EXCUSED[language]]
            wrong += [
                word for word in words if source(text) not in ONLY_IN.get(word, {source(text)})
            ]
            if wrong:
                found[str(text)] = wrong
    assert found == {}, "say it otherwise, or excuse the word in EXCUSED, in this file"
    assert set(EXCUSED[language]) <= used, "excused, and in no text any more"


@pytest.mark.parametrize("language", sorted(FRAMES))
def test_the_words_around_an_idea_on_a_slip_neither(language):
    frame = FRAMES[language]
    for text in (frame.to, frame.thanks, frame.soon):
        assert named_in(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "Somebody here walks into school with a knot in the stomach.", "stomach"),
        ("en", "You used to play football every break.", "football"),
        ("en", "I often see you on your own in the playground.", "playground"),
        ("nl", "Er is iemand die hier met buikpijn binnenkomt.", "buikpijn"),
        ("nl", "Eerst voetbalde je elke pauze.", "voetbalde"),
        ("nl", "Ik zie je op het schoolplein vaak in je eentje.", "schoolplein"),
        ("nl", "Leg een briefje op mijn bureau.", "bureau"),
        ("nl", "Over de dagen thuis hoef je niet in te zitten.", "thuis"),
        ("nl", "Gisteren bij gym, en op het feestje.", "feestje"),
    ],
)
def test_what_was_there_before_would_be_found(language, text, word):
    assert word in named_in(text, language)
    assert word not in EXCUSED[language]


@pytest.mark.parametrize(
    "text", ["Het gaat beter. Wat wil je zo houden?", "Daar kunnen we allemaal iets aan doen."]
)
def test_ordinary_words_are_left_alone(text):
    assert named_in(text, "nl") == []
