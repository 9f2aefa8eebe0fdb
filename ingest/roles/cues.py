"""The words by which asking and telling are told apart, for each language.

Patterns are matched on text in lower case, but for `formal_address`, which needs the capitals.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Cues:
    """Patterns of one language: how questions open, what prompts, who is spoken of, what renders another's words."""

    connectives: re.Pattern[str]
    opening: re.Pattern[str]
    asking: re.Pattern[str]
    listening: re.Pattern[str]
    answering: re.Pattern[str]
    second_person: re.Pattern[str]
    formal_address: re.Pattern[str]
    first_person: re.Pattern[str]
    reporting: re.Pattern[str]


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b")


def _leading(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"^(?:(?:{'|'.join(alternatives)})\b[\s,.…!:;–—-]*)+")


NEVER = re.compile(r"(?!)")

GERMAN = Cues(
    connectives=_leading(
        "und", "also", "okay", "ok", "gut", "ja", "aber", "dann", "ach so", "ah", "hm", "mhm", "verstehe"
    ),
    opening=_words(
        "was",
        "wann",
        "we[rnm]",
        "wie(?:so|viele?|weit)?",
        "w(?:arum|eshalb|essen)",
        "wo(?:ran|mit|hin|her|rauf|für|rum|durch|nach|von|bei|raus|rüber)?",
        "welche[mnrs]?",
        "inwie(?:fern|weit)",
        r"(?:gab|gibt|gäbe|war|ist|wäre|hat|kam|spielte|geht|ging|lief) (?:es|das|da|dir|ihnen|denn|etwas|dein\w*)",
    ),
    asking=_words(
        "erzähl(?:en sie|e|st du)?",
        "(?:be)?schreib(?:en sie|e) (?:mal|doch|bitte|mir|uns|das|den|die)",
        "schilder(?:n sie|e)",
        "stell(?:en sie sich|e? dich) (?:(?:doch|bitte|kurz|mal) )*vor",
        "n(?:ehmen sie|imm) (?:mich|uns)",
        "(?:haben|hatten|sind|waren|können|könnten|würden|möchten|wollen|wollten|mussten|müssen|dürfen|sollten|hätten|"
        "kennen|nutzen|machen|fühlen|denken|glauben|meinen|merken|schauen|gehen|kommen|finden|sehen|erinnern) sie",
        r"\w{2,}st du",
        "mich (?:würde )?interessier(?:t|en)",
        "würde mich interessieren",
        "beispiel (?:geben|nennen)",
    ),
    listening=_words(
        "das (?:klingt|war bestimmt|kann ich (?:mir )?(?:gut )?(?:verstehen|vorstellen))",
        "(?:ich )?verstehe",
        "(?:das ist (?:ja )?)?(?:spannend|interessant)",
        "(?:vielen|herzlichen) dank",
        "danke,? dass",
    ),
    answering=_words(
        *"ja nein nee nö na naja also klar genau doch ach weil eigentlich tja hm puh".split(),
    ),
    second_person=_words("du", "dich", "dir", r"dein\w*", "ihnen"),
    formal_address=re.compile(r"(?<=[^\W\d_][ ,])(?:Sie|Ihr(?:e[mnrs]?)?)\b|(?<=, )(?:Sie|Ihr(?:e[mnrs]?)?)\b"),
    first_person=_words("ich", "mich", "mir", r"mein\w*", "wir", "uns", r"unser\w*", "hab"),
    reporting=_words("(?:er|sie) (?:sagt|meint|erzählt|findet|möchte wissen|fragt)", "sagt (?:er|sie)"),
)

ENGLISH = Cues(
    connectives=_leading(
        "and", "so", "but", "well", "okay", "ok", "alright", "right", "great", "yeah", "then", "oh", "i see"
    ),
    opening=_words(
        "what(?:'s)?",
        "how(?:'s)?",
        *"when who where why which whose".split(),
        "(?:do|did|does|have|had|has|are|were|was|is|can|could|would|will|should|may) "
        "(?:you|your|there|that|this|it|we|i|anyone|anything|any|the)",
    ),
    asking=_words(
        "tell (?:me|us)",
        "(?:walk|take|talk) (?:me|us)",
        "describe (?:for|to|that|it|your|a|the)",
        "(?:give|share) (?:me|us) (?:an|a)",
        "i'?m (?:curious|wondering)",
        "i(?:'d| would) (?:love|like) to (?:hear|know|understand|ask|talk)",
        "(?:do|did|have|had|are|were|can|could|would|will) you",
        "(?:what|how) about you",
        "let's (?:start|go|talk|move)",
    ),
    listening=_words(
        "(?:that|it) (?:sounds|must have been|makes sense)",
        "i see",
        "got it",
        "understood",
        "interesting",
        "thank you (?:so much|very much|for)",
        "thanks for",
    ),
    answering=_words(*"yes yeah yep no nope well because actually honestly right exactly".split()),
    second_person=_words("you", "your", "yours", "yourself", "you're", "you've", "you'd"),
    formal_address=NEVER,
    first_person=_words("i", "i'm", "i've", "i'd", "i'll", "me", "my", "mine", "myself", "we", "we're", "us", "our"),
    reporting=_words("(?:he|she|they) (?:says?|said|tells|thinks|means|asks?|would like to know|wants to know)"),
)

SPANISH = Cues(
    connectives=_leading(
        *"y e pero entonces vale bueno perfecto claro entiendo ok okay ah pues".split(),
        "muy bien",
    ),
    opening=_words(
        "(?:(?:por|para|a|en|de|con|desde|hacia) )?(?:qué|quién|quiénes|cuál|cuáles|cuándo|cuánt[oa]s?|dónde)",
        "cómo",
        "(?:hubo|había|hay) (?:algún|alguna|algo|alguien|un|una|más|otr[oa])",
        "(?:tiene|tenía|tuvo|ha|había|era|fue|puede|podría|quiere|recuerda|cree|le|se) (?:usted|acuerda)",
    ),
    asking=_words(
        "cu[ée]nt[ae](?:me|nos|melo)",
        "h[áa]bl[ae](?:me|nos)",
        "descr[íi]b[ae](?:me|nos|lo)",
        "expl[íi](?:ca|que)(?:me|nos)",
        "dí(?:me|game|ganos)",
        "ll[ée]v[ae]me",
        "me (?:cuentas?|puede|puedes|podría|podrías)",
        r"(?:quisiera|gustaría|interesa) (?:saber|preguntar\w*|hablar|que)",
        r"(?:hic|pud|tuv|dij|estuv|fu|quis|sup|v|d|pus)iste",
        r"\w{3,}[ai]ste",
    ),
    listening=_words(
        "(?:le |te )?entiendo",
        "(?:eso )?suena",
        "qué (?:bonito|bonita|bueno|maravilla|interesante|curioso)",
        "much(?:as|ísimas) gracias",
        "(?:mil )?gracias por",
    ),
    answering=_words(*"sí no pues bueno claro nada hombre mira uy ay porque".split(), "a ver"),
    second_person=_words(*"usted ustedes tú ti te tu tus contigo su le".split()),
    formal_address=NEVER,
    first_person=_words(*"yo me mi mis mí nos nosotros nosotras tengo".split(), r"nuestr\w*", r"\w{2,}é"),
    reporting=_words("(?:él|ella) (?:dice|pregunta|comenta)", "(?:dice|pregunta|comenta) que"),
)

CUES = {"de": GERMAN, "en": ENGLISH, "es": SPANISH}
