"""What is written in the demo's cases: kind, short, and nothing about what happened."""

FIT = {
    "signs": ["none"],
    "route": "here",
    "why": "We merken het pas kort en willen er samen iets aan doen.",
}

# For a question that must be answered and has no words below: a step that was just added.
NEEDED = "Daar hebben we samen over gepraat."

# "page.question": an answer, or a list with one for each pupil of the support group.
WORDS = {
    "prepare.know": "{name} tekent graag, voetbalt op zaterdag en heeft thuis een oude hond.",
    "prepare.noticed": "Staat in de pauze vaker alleen bij het hek. Was deze maand twee keer ziek "
    "op maandag.",
    "prepare.changed": "Stiller dan voor de vakantie. Steekt minder vaak de vinger op.",
    "prepare.qualities": "Behulpzaam, grappig, en heel precies in alles wat {name} maakt.",
    "prepare.parents": "yes",
    "prepare.parents_why": "Ze vroegen zelf al hoe het ging, en {name} vindt het goed.",
    "talk.observed": "Dat ik de lach mis, en dat {name} in de pauze vaak bij het hek staat.",
    "talk.how": "“Ik tel de uren tot ik naar huis mag. Bij tekenen is het fijn, dan vergeet ik het "
    "even.”",
    "talk.scale": 4,
    "explain.asked": "Of ik zelf iets moet doen. Nee: jij mag gewoon je dag doen.",
    "helpers.friends": "Tess, Mees en Zoë",
    "helpers.others": "Jesse, Fleur en Bram",
    "between.letter": "none",
    "between.may_show": "no",
    "between.not_told": "Dat {name} 's ochtends buikpijn heeft.",
    "group.lead": "self",
    "group.lead_checked": ["trust", "apart", "gets_on"],
    "ready.strength": [
        "Kan goed uitleggen",
        "Ziet het als iemand stil is",
        "Bedenkt altijd een spel",
        "Blijft rustig",
        "Maakt iedereen aan het lachen",
        "Luistert echt",
    ],
    "ready.invited": "personal",
    "ready.colleagues": "Zes leerlingen missen een half uur rekenen. Er is geen toets.",
    "ready.attitude_appreciate": "Ik denk aan wat ik van elk van hen weet dat goed gaat.",
    "ready.attitude_blame": "Rustig ademen en terug naar de vraag: wat helpt?",
    "ready.attitude_help": "Ik zeg eerlijk dat ik het niet alleen kan.",
    "meet.room": ["ready", "circle", "greeted"],
    "meet.note": "Fijne rust in de kring. Thee met een koekje hielp.",
    "tell.told": "Ik maak me zorgen om {name}. Ik zou zo graag zien dat iedereen hier met plezier "
    "binnenkomt.",
    "tell.clear": "yes",
    "reasons.reason": [
        "Jij legt dingen zo uit dat anderen rustig worden.",
        "Jij merkt het als iemand stil is.",
        "Jij verzint altijd iets leuks voor buiten.",
        "Jij blijft kalm, ook als het druk is.",
        "Jij krijgt iedereen aan het lachen.",
        "Jij luistert echt naar een ander.",
    ],
    "ideas.idea": [
        "Ik vraag in de pauze: doe je mee met voetbal?",
        "Ik kies {name} bij gym in mijn team.",
        "Ik breng het huiswerk langs als {name} ziek is.",
        "Ik zeg elke ochtend goedemorgen.",
        "Ik fiets na school samen naar huis.",
        "Ik ga bij het tekenen naast {name} zitten.",
    ],
    "interim.how": "“Gisteren mocht ik meedoen. Dat was leuk.”",
    "interim.scale": 6,
    "pupil.weeks": "“Er wordt vaker goedemorgen gezegd. En ik fiets niet meer alleen.”",
    "pupil.feel": "“Best wel goed. Ik slaap weer.”",
    "pupil.better": "De pauzes, en het omkleden bij gym.",
    "pupil.need": "“Dat het zo blijft.”",
    "pupil.other": "Af en toe even vragen hoe het gaat.",
    "pupil.scale": 8,
    "pupil.verdict": "better",
    "order.where": "In de pauze op het bankje, verdeeld over twee dagen.",
    "member.saw": "“We spelen nu met meer kinderen.”",
    "member.now": "“Ik denk vrolijker.”",
    "member.better": "“De sfeer in de rij.”",
    "member.should": "“Gewoon blijven vragen of {name} meedoet.”",
    "member.group": "“Ik vond het fijn dat iedereen iets mocht zeggen.”",
    "member.self": "“Goed!”",
    "member.verdict": ["better", "better", "little", "better", "better", "better"],
    "close.verdict": "better",
    "close.ending": "better",
    "close.words": "Klein beginnen hielp: één goedemorgen per dag.",
}

NOT_YET = {
    "pupil.weeks": "“De eerste week was leuk. Daarna werd het weer wat stiller.”",
    "pupil.feel": "“Gaat wel.”",
    "pupil.better": "Het fietsen naar huis.",
    "pupil.need": "“Dat ik vaker gevraagd word.”",
    "pupil.scale": 5,
    "pupil.verdict": "little",
    "member.verdict": ["better", "little", "little", "better", "little", "better"],
    "close.verdict": "little",
    "close.ending": "again",
    "close.words": "We komen nog een keer bij elkaar. Het begin is er.",
}

UNSURE = {
    "talk.wish": "unsure",
    "talk.how": "“Ik weet het niet zo goed. Misschien gaat het vanzelf over.”",
}


# How the teacher words the ideas with the name in them, for the slips: in the order of the ideas,
# "" for as it is.
SLIPS = (
    "",
    "Bij gym zeg ik: kom in mijn team!",
    "Is er iemand ziek, dan breng ik het huiswerk langs.",
    "",
    "",
    "Bij het tekenen vraag ik: zullen we naast elkaar zitten?",
)


def words_for(name: str, **more) -> dict:
    """The words with the pupil's first name in them; ``more`` replaces some."""
    return {key: _named(said, name) for key, said in {**WORDS, **more}.items()}


def _named(said, name):
    if isinstance(said, list):
        return [_named(each, name) for each in said]
    return said.replace("{name}", name) if isinstance(said, str) else said
