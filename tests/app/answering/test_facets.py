"""What questions ask for: facets where people are chosen, none where the same words mean a thing."""

import uuid
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.answering.facets import recognise_facets, searchable_text
from app.answering.facets.inflection import inflections
from app.answering.facets.question_text import QuestionText, normal_form
from app.answering.queries import CodeEntry, StudyVocabulary

STUDY = StudyVocabulary(
    study_id=uuid.UUID(int=0),
    slug="bikes",
    languages=("de", "es", "en"),
    segments={
        "careful": ("Careful", "Vorsichtige", "Prudentes", "careful customers", "vorsichtige Kunden", "the cautious"),
        "tinkerer": ("Tinkerers", "Optimierer", "Optimizadores", "optimisers", "garage people", "die Erfahrenen"),
        "starter": ("Starters", "Einsteiger", "Novatos", "beginner", "first-time riders", "los que empiezan"),
    },
    participants=("P07", "P12", "P30"),
    codes={
        "AX1": CodeEntry("AX1", "anxiety", {"en": "Theft"}, "fear that the bicycle is stolen"),
        "TR2": CodeEntry("TR2", "trigger", {"en": "New job"}, "a new job far away"),
        "AH1": CodeEntry("AH1", "aha", {"en": "First hill"}, "the first hill without sweat"),
        "PRICE": CodeEntry("PRICE", "criterion", {"en": "Price"}, "what it costs"),
    },
    bands=("0-50", "200-500", "1000+"),
    classes=("A", "B", "C", "D"),
    tagged_kinds=frozenset({"anxiety", "trigger", "aha"}),
    knowledge_holder=None,
)
SOME_WORDS = (
    "nur only solo die the los bei for de customers Kunden clientes careful vorsichtige Vorsichtigen prudentes "
    "starters Einsteiger novatos spanische Spanish españoles P07 AX1 200-500 LTV A B - , ? ( quotes O-Töne citas of zu "
    "sobre triggers Auslöser not außer menos und y"
).split()

any_question = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(SOME_WORDS), max_size=25).map(" ".join))
any_language = st.sampled_from(["en", "de", "es", "fr"])


def hard(question: str, language: str) -> list[str]:
    """The hard facets of a question, each as `field=value`, in the order of its words."""
    facets = recognise_facets(question, language, STUDY)
    return [f"{facet.field}={facet.value}" for facet in facets if facet.hard]


@pytest.mark.parametrize(
    ("language", "question", "segment"),
    [
        ("en", "What do the careful customers say about locks?", "careful"),
        ("en", "locks: only careful people please", "careful"),
        ("en", "What do the careful say?", "careful"),
        ("en", "Do the cautious worry about theft?", "careful"),
        ("en", "quotes about hills, careful segment", "careful"),
        ("en", "segment: careful. What about rain?", "careful"),
        ("en", "What do starters say about hills?", "starter"),
        ("en", "A beginner, what does she ask first?", "starter"),
        ("en", "Do optimizers ride in the rain?", "tinkerer"),
        ("en", "How do the garage people mend a tyre?", "tinkerer"),
        ("en", "first-time riders and the rain", "starter"),
        ("de", "Was nervt die Vorsichtigen am Schloss?", "careful"),
        ("de", "O-Töne zum Berg, nur vorsichtige Kunden", "careful"),
        ("de", "was sagen die vorsichtigen?", "careful"),
        ("de", "Haben Einsteiger Angst vor Regen?", "starter"),
        ("de", "haben einsteiger angst vor regen?", "starter"),
        ("de", "Was fragen Einsteiger*innen zuerst?", "starter"),
        ("de", "Ärger bei den Einsteigern?", "starter"),
        ("de", "Was raten erfahrene Kundinnen?", "tinkerer"),
        ("es", "¿Qué temen los prudentes?", "careful"),
        ("es", "una clienta prudente pregunta por el candado", "careful"),
        ("es", "solo novatos: ¿qué les sorprendió?", "starter"),
        ("es", "¿Qué piensan los que empiezan?", "starter"),
        ("es", "los optimizadores y la lluvia", "tinkerer"),
    ],
)
def test_a_segment_is_recognised_where_people_are_chosen(language: str, question: str, segment: str) -> None:
    """By slug, label or alias, in singular and plural, any case and gender, with or without a word for customers."""
    assert hard(question, language) == [f"segments={segment}"]


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "What should people be careful with?"),
        ("en", "Are customers careful with the lock?"),
        ("en", "Is anyone bothered that the cautious mode is slower?"),
        ("en", "the careful, slow service annoys whom?"),
        ("en", "For starters, what do people say?"),
        ("en", "Is the starter kit too expensive?"),
        ("en", "What do they keep in the garage?"),
        ("en", "everybody but the starters: what about rain?"),
        ("en", "not only starters: who fears theft?"),
        ("en", "Do their careful customers agree?"),
        ("de", "Gibt es das auch als Starter-Paket?"),
        ("de", "Gibt es ein Starter Paket?"),
        ("de", "Niedrige Einstiegshürde: wem war das wichtig?"),
        ("de", "Wann wollten sie einsteigen?"),
        ("de", "Sind Kunden vorsichtig mit dem Schloss?"),
        ("de", "Vorsichtig gefragt: mögen sie uns?"),
        ("de", "Einsteiger-Rad: wer will das?"),
        ("de", "Alle außer den Vorsichtigen?"),
        ("es", "¿Son los clientes prudentes con el candado?"),
        ("es", "¿Cómo de prudentes son en la lluvia?"),
        ("es", "los problemas que empiezan el lunes"),
        ("es", "Todos menos los novatos"),
        ("es", "errores de novato, ¿cuáles?"),
    ],
)
def test_the_same_words_about_things_choose_nobody(language: str, question: str) -> None:
    """Everyday uses, parts of other words, predicates, exclusions and other people's customers are no segment."""
    assert hard(question, language) == []


@pytest.mark.parametrize(
    ("language", "question", "spoken"),
    [
        ("en", "What do Spanish customers say?", "es"),
        ("en", "Do Germans lock it?", "de"),
        ("en", "How do the Spanish feel about rain?", "es"),
        ("en", "German-speaking riders and customers: no, German-speaking customers", "de"),
        ("en", "quotes about rain in Spanish", "es"),
        ("en", "what put them off (Spanish)", "es"),
        ("en", "complaints from Spain about the lock", "es"),
        ("de", "Über welche Wörter stolpern die Spanier?", "es"),
        ("de", "spanische O-Töne zum Schloss", "es"),
        ("de", "haben die spanier angst vor regen?", "es"),
        ("de", "O-Töne auf Spanisch zum Schloss", "es"),
        ("de", "Was sagen Kundinnen aus Deutschland?", "de"),
        ("es", "¿Y los alemanes?", "de"),
        ("es", "clientes españoles y la lluvia", "es"),
        ("es", "frases en español sobre la lluvia", "es"),
        ("es", "¿Qué dice la gente de Alemania?", "de"),
    ],
)
def test_speakers_are_recognised(language: str, question: str, spoken: str) -> None:
    """By what they are called, by the language of their words, by their country."""
    assert hard(question, language) == [f"languages={spoken}"]


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "What is wrong with the Spanish version of the app?"),
        ("en", "Do people complain about Spanish taxes?"),
        ("en", "Do they want support in Spanish?"),
        ("en", "Do they want German-speaking support?"),
        ("en", "the Spanish is full of mistakes"),
        ("en", "Answer in German: what do they fear?"),
        ("en", "quotes about taxes in Spain"),
        ("de", "die spanische Version der App"),
        ("de", "Wer war bei der Deutschen Bank?"),
        ("de", "Wer will Hilfe auf Spanisch?"),
        ("es", "la versión en español tiene errores"),
        ("es", "¿El banco alemán paga impuestos?"),
        ("es", "los bancos españoles cobran más"),
        ("en", "What do French customers say?"),
    ],
)
def test_things_that_have_a_language_are_no_speakers(language: str, question: str) -> None:
    """Versions, taxes, banks and support are not people; nor is a language that the study does not have."""
    assert hard(question, language) == []


@pytest.mark.parametrize(
    ("language", "question", "facets"),
    [
        ("en", "What did P07 and p12 say?", ["participants=P07", "participants=P12"]),
        ("en", "What did P7 say, and participant 30?", ["participants=P07", "participants=P30"]),
        ("en", "everything except P07", []),
        ("en", "P99 or 30 minutes", []),
        ("en", "quotes for AX1 and for ax1", ["codes=AX1"]),
        ("en", "the PRICE is high", []),
        ("en", "What stands under code PRICE?", ["codes=PRICE"]),
        ("en", "What do 200-500 customers say?", ["bands=200-500"]),
        ("en", "between 200 and 500 euros LTV: what do they fear?", ["bands=200-500"]),
        ("en", "customers over 1000 euros LTV", ["bands=1000+"]),
        ("en", "Who pays between 200 and 500 euros a month?", []),
        ("en", "between 200 and 500 customers complained", []),
        ("en", "customers with an LTV of 30 to 40 euros", []),
        ("de", "Kunden zwischen 200 und 500 Euro: was stört?", ["bands=200-500"]),
        ("de", "LTV-Band 200–500: was war der Anlass?", ["bands=200-500"]),
        ("es", "clientes de 200 a 500 euros de LTV", ["bands=200-500"]),
        ("en", "What do A and B customers fear?", ["classes=A", "classes=B"]),
        ("en", "A customer asks about rain", []),
        ("en", "Do plan A users ride?", []),
        ("en", "class A shares, did anyone ask?", []),
        ("de", "Was sagen A- und B-Kunden?", ["classes=A", "classes=B"]),
        ("de", "Klasse C: was fehlt?", ["classes=C"]),
        ("es", "clientes A sobre la lluvia", ["classes=A"]),
        ("es", "A clientes de la ciudad, ¿qué les molesta?", []),
    ],
)
def test_identifiers_bands_and_classes(language: str, question: str, facets: list[str]) -> None:
    """They are recognised where they can only mean customers of the study, and nowhere else."""
    assert hard(question, language) == facets


@pytest.mark.parametrize(
    ("language", "question", "facets"),
    [
        ("en", "Spanish optimiser, any trouble with the lock?", ["languages=es", "segments=tinkerer"]),
        ("en", "lines about hills, Spanish, careful segment", ["languages=es", "segments=careful"]),
        ("en", "careful or experienced? careful and Spanish customers", ["segments=careful", "languages=es"]),
        ("de", "Ärger bei den spanischen Einsteigern?", ["languages=es", "segments=starter"]),
        ("de", "Zeig mir alles von Einsteigern aus Spanien", ["segments=starter", "languages=es"]),
        (
            "en",
            "careful customers from Spain with 200-500 euros LTV",
            ["segments=careful", "languages=es", "bands=200-500"],
        ),
        ("de", "deutsche und spanische Kunden", ["languages=de", "languages=es"]),
        ("es", "clientes prudentes españoles", ["segments=careful", "languages=es"]),
        ("es", "novatos y prudentes: no, los novatos y los prudentes", ["segments=starter", "segments=careful"]),
    ],
)
def test_facets_share_a_noun(language: str, question: str, facets: list[str]) -> None:
    """Adjectives in a row, joined by a comma or "and", choose the same people."""
    assert hard(question, language) == facets


@pytest.mark.parametrize(
    ("language", "question", "kind", "is_hard"),
    [
        ("en", "Show me the triggers", "trigger", True),
        ("en", "quotes of kind anxiety about the lock", "anxiety", True),
        ("en", "Give me the aha moments, only careful customers", "aha", True),
        ("en", "What were the aha moments?", "aha", False),
        ("en", "What put people off?", "anxiety", False),
        ("en", "quotes about triggers of the alarm", "trigger", False),
        ("de", "Gib mir O-Töne zum Aha-Moment", "aha", True),
        ("de", "Was war der Auslöser für den Kauf?", "trigger", False),
        ("de", "wovor hatten sie Angst", "anxiety", False),
        ("es", "Muéstrame los detonantes de los novatos", "trigger", True),
        ("es", "¿Qué les frenó?", "anxiety", False),
        ("en", "Show me the criteria", "criterion", False),
    ],
)
def test_a_kind_narrows_only_where_it_is_asked_for_by_name(
    language: str, question: str, kind: str, is_hard: bool
) -> None:
    """Otherwise it is a hint; so is one that nothing is tagged with."""
    kinds = [facet for facet in recognise_facets(question, language, STUDY) if facet.field == "kinds"]
    assert [(facet.value, facet.hard) for facet in kinds] == [(kind, is_hard)]


@pytest.mark.parametrize(
    ("language", "question", "matter"),
    [
        ("de", "Gib mir bitte O-Töne zur Angst vor Regen, nur vorsichtige Kunden", "Angst vor Regen"),
        ("de", "Hallo zusammen, kurze Frage: was stört die Spanier am Schloss? Danke!", "was stört am Schloss?"),
        ("de", "Zitate von Leuten, die stolz sind, für den Newsletter", "stolz sind"),
        ("en", "need 3-4 quotes from folks who gave up", "gave up"),
        ("en", "for the FAQ: what happens in the rain?", "what happens in the rain?"),
        ("en", "caller asks whether the lock rusts", "the lock rusts"),
        ("en", "Hi team, can you find me some lines about theft please", "theft"),
        ("en", "what did P07 and the careful customers from Spain think of hills?", "what did think of hills?"),
        ("es", "Frases para una campaña sobre la lluvia", "la lluvia"),
        ("es", "¿Los prudentes llegaron a mirar el candado?", "¿llegaron a mirar el candado?"),
        ("es", "Hola, una pregunta: ¿qué les molesta? Gracias", "¿qué les molesta?"),
        ("en", "Who fears theft?", "Who fears theft?"),
        ("en", "What do careful customers say?", "What do careful customers say?"),
        ("en", "please", "please"),
    ],
)
def test_the_matter_is_what_is_left(language: str, question: str, matter: str) -> None:
    """Requests, greetings and the words of facets go; where nothing would be left the question stays as it is."""
    assert searchable_text(question, recognise_facets(question, language, STUDY), language) == matter


@given(any_question, any_language)
@example("- " * 500, "de")
@example("P07–P12 ß İ ǅ e\u0301 ﷺ", "es")
def test_facets_point_at_their_words_and_name_values_of_the_study(question: str, language: str) -> None:
    """Whatever is asked: spans lie in the question, hard ones overlap only as values of one field, none is twice."""
    facets = recognise_facets(question, language, STUDY)
    known = {
        "segments": set(STUDY.segments),
        "languages": set(STUDY.languages),
        "participants": set(STUDY.participants),
        "codes": set(STUDY.codes),
        "bands": set(STUDY.bands),
        "classes": set(STUDY.classes),
        "kinds": {code.kind for code in STUDY.codes.values()},
    }
    spans = [facet.span for facet in facets if facet.span is not None]
    assert len(spans) == len(facets)
    assert [facet.words for facet in facets] == [question[start:end] for start, end in spans]
    assert all(facet.words for facet in facets)
    assert all(facet.value in known[facet.field] for facet in facets)
    assert len({(facet.field, facet.value) for facet in facets}) == len(facets)
    assert all(facet.hard or facet.field == "kinds" for facet in facets)
    hard = sorted(span for facet, span in zip(facets, spans, strict=True) if facet.hard)
    assert all(one_end <= start for (_, one_end), (start, _) in pairwise(hard))


@given(any_question, any_language)
def test_recognising_depends_on_the_words_alone(question: str, language: str) -> None:
    """The same question has the same facets again, and a study without names has none."""
    facets = recognise_facets(question, language, STUDY)
    assert recognise_facets(question, language, STUDY) == facets
    nothing = replace(STUDY, languages=(), segments={}, participants=(), codes={}, bands=(), classes=())
    assert recognise_facets(question, language, nothing) == ()


@given(any_question, any_language)
def test_the_matter_holds_words_of_the_question_in_their_order(question: str, language: str) -> None:
    """Nothing is invented or moved, and something is left wherever something was."""
    matter = searchable_text(question, recognise_facets(question, language, STUDY), language)
    left = iter(QuestionText(question).tokens)
    assert all(any(token.normal == other.normal for other in left) for token in QuestionText(matter).tokens)
    assert bool(matter.strip()) == bool(question.strip())


@given(st.text(max_size=100))
def test_tokens_cover_every_visible_character_once(text: str) -> None:
    """Tokens follow each other; what lies between them is white space."""
    question, end = QuestionText(text), 0
    for token in question.tokens:
        assert token.start >= end
        assert not text[end : token.start].strip()
        end = token.end
    assert not text[end:].strip()


@pytest.mark.parametrize(
    ("word", "language", "form", "is_form"),
    [
        ("Einsteiger", "de", "Einsteigerinnen", True),
        ("Einsteiger", "de", "einsteigen", False),
        ("Starter", "de", "Start", False),
        ("Vorsichtige", "de", "vorsichtigen", True),
        ("Anfänger", "de", "Anfaengern", True),
        ("optimiser", "en", "optimizers", True),
        ("family", "en", "families", True),
        ("Plus", "en", "plu", False),
        ("alemán", "es", "alemanas", True),
        ("inglés", "es", "ingleses", True),
        ("Novatos", "es", "novata", True),
    ],
)
def test_names_take_the_forms_of_the_language(word: str, language: str, form: str, is_form: bool) -> None:
    """Plural, case and gender, but no other word that happens to begin alike."""
    assert (normal_form(form) in inflections(word, language)) is is_form


COMPARED = replace(STUDY, participants=("P01", "P02", "P03"), competitors={"Valora": ("P01", "P03"), "Kapitalo": ()})


@pytest.mark.parametrize(
    ("language", "question", "words"),
    [
        ("en", "What did people who compared with Valora like?", "people who compared with Valora"),
        ("en", "Fees: what do customers who also looked at Valora say?", "customers who also looked at Valora"),
        ("de", "Was sagen Kunden, die auch Valora verglichen haben?", "Kunden, die auch Valora verglichen haben"),
        ("es", "¿Qué dicen los clientes que compararon Nido con Valora?", "clientes que compararon Nido con Valora"),
        ("es", "¿Qué les gustó a quienes probaron Valora?", "quienes probaron Valora"),
    ],
)
def test_people_are_chosen_by_the_competitor_they_compared_with(language: str, question: str, words: str) -> None:
    """They become the participants whose words are searched, and the question's words say so."""
    found = [facet for facet in recognise_facets(question, language, COMPARED) if facet.hard]
    assert [(facet.field, facet.value) for facet in found] == [("participants", "P01"), ("participants", "P03")]
    assert {facet.words for facet in found} == {words}


@pytest.mark.parametrize(
    "question",
    [
        "Valora",
        "Who had Valora on the shortlist?",
        "What do people think of Valora?",
        "What did people who compared with Kapitalo like?",
        "What do people who like savings plans say, and what of Valora?",
    ],
)
def test_a_competitor_alone_chooses_nobody(question: str) -> None:
    """A question about a competitor is asked of everybody, and so is one of people whom nobody is tagged as."""
    assert not [facet for facet in recognise_facets(question, "en", COMPARED) if facet.hard]
