"""How a question becomes filters, matter and language."""

import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.answer import find_answer
from app.answering.numerals import numbered_languages
from app.answering.phrases import phrases, say, worded_languages
from app.answering.queries import CodeEntry, StudyVocabulary, read_vocabulary
from app.answering.schemas import Answer, Question
from app.answering.understand import Understanding, asked_language, understand
from app.scope import MOST_VALUES, Filters
from app.services import Services

STUDY = StudyVocabulary(
    study_id=uuid.UUID(int=0),
    slug="bikes",
    languages=("de", "es"),
    segments={"careful": ("Careful", "Vorsichtige", "Prudentes"), "starter": ("Starters", "Einsteiger", "Novatos")},
    participants=("P07",),
    codes={"AX1": CodeEntry("AX1", "anxiety", {"en": "Theft"}, "fear that the bicycle is stolen")},
    bands=("200-500",),
    classes=("A",),
    tagged_kinds=frozenset({"anxiety"}),
    knowledge_holder=None,
)
QUESTIONS = (
    "What did careful Spanish customers fear about the lock?",
    "Was stört die Einsteiger am Schloss?",
    "¿Qué dicen los prudentes y los novatos del candado?",
    "Show me the anxieties of the careful",
    "What do A customers and P07 say about AX1?",
    "Who fears theft?",
)


def ask(question: str, **fields: object) -> Understanding:
    """Understand a question to the invented study."""
    return understand(Question.model_validate({"question": question, "study": "bikes", **fields}), STUDY)


def test_facets_become_filters_and_leave_the_matter() -> None:
    """Hard facets fill the filters; their words are not searched; what was asked stays."""
    understood = ask(QUESTIONS[0])
    assert understood.filters == Filters(segments=("careful",), languages=("es",))
    assert [facet.words for facet in understood.facets] == ["careful", "Spanish customers", "fear"]
    assert (understood.text, understood.matter) == (QUESTIONS[0], "What did fear about the lock?")


def test_a_hint_of_a_kind_filters_nothing() -> None:
    """A kind that is only hinted at is shown, and stays out of the filters."""
    understood = ask(QUESTIONS[5])
    assert understood.filters == Filters()
    assert [(facet.field, facet.value, facet.hard) for facet in understood.facets] == [("kinds", "anxiety", False)]


def test_given_filters_win_over_the_words() -> None:
    """A field that is given is not filled from the question, and words that contradict it are still searched."""
    understood = ask(QUESTIONS[0], filters={"segments": ["starter"]})
    assert understood.filters == Filters(segments=("starter",), languages=("es",))
    assert {facet.field for facet in understood.facets} == {"languages", "kinds"}
    assert "careful" in understood.matter


def test_words_that_a_given_filter_repeats_are_not_searched() -> None:
    """The filter does their work already."""
    understood = ask(QUESTIONS[1], filters={"segments": ["starter"]})
    assert understood.facets == ()
    assert understood.matter == "Was stört am Schloss?"


@pytest.mark.parametrize("question", QUESTIONS)
def test_recognising_can_be_switched_off(question: str) -> None:
    """Then the given filters are all there is, and no words but requests are left out."""
    understood = ask(question, recognise=False, filters={"participants": ["P07"]})
    assert understood.filters == Filters(participants=("P07",))
    assert understood.facets == ()
    assert understood.matter == question


@pytest.mark.parametrize(
    ("question", "given", "language"),
    [
        ("Was stört die Einsteiger?", None, "de"),
        ("¿Qué les frenó?", None, "es"),
        ("What put people off?", None, "en"),
        ("What put people off?", "de", "de"),
    ],
)
def test_the_answer_speaks_the_language_of_the_question(question: str, given: str | None, language: str) -> None:
    """Also where nobody in the study speaks it; unless another language is asked for."""
    assert ask(question, language=given).language == language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Qu'est-ce qui les a fait hésiter avant de payer ?", "fr"),
        ("Che cosa li ha fatti esitare prima di pagare?", "it"),
        ("De que é que as pessoas tinham receio quando abriram a conta?", "pt"),
        ("Wat deed hen twijfelen voordat ze betaalden?", "nl"),
        ("Prix ?", "en"),
        ("Angst vor Verlust?", "de"),
    ],
)
def test_a_question_may_come_in_another_language(question: str, language: str) -> None:
    """In one that the service has words in, where the question leaves no doubt; few words do not."""
    assert asked_language(question, ("de", "es")) == language


def test_every_language_of_the_service_has_all_its_words() -> None:
    """Phrases and number words: an answer in it is worded, and its numbers are checked."""
    assert {"en", "de", "es"} <= set(worded_languages()) == set(numbered_languages())
    names = "gave of asked topic name question group customers share revenue ltv interviewed author title counts"
    for phrase in phrases():
        english = say(phrase, "en", **dict.fromkeys(names.split(), "«»"))
        for language in worded_languages():
            said = say(phrase, language, **dict.fromkeys(names.split(), "«»"))
            assert said
            assert said.count("«»") == english.count("«»")


def test_the_grammar_is_that_of_the_question_not_of_the_answer() -> None:
    """A German question with an English answer is read as German."""
    understood = ask("Was stört die Vorsichtigen?", language="en")
    assert (understood.language, understood.filters.segments) == ("en", ("careful",))


def test_more_facets_than_a_filter_holds_are_cut() -> None:
    """A question that names hundreds of people is asked of the first of them."""
    codes = tuple(f"P{number}" for number in range(1, 200))
    question = Question(question=" ".join(codes), study="bikes")
    understood = understand(question, replace(STUDY, participants=codes))
    assert understood.filters.participants == codes[:MOST_VALUES]
    assert tuple(facet.value for facet in understood.facets) == codes[:MOST_VALUES]


@given(st.sampled_from(QUESTIONS) | st.text(min_size=1, max_size=200).filter(lambda text: any(map(str.isalnum, text))))
def test_understanding_again_with_what_was_understood_changes_nothing(question: str) -> None:
    """The filters of an answer, given with its question, lead to the same filters and the same matter."""
    understood = ask(question)
    again = ask(question, filters=understood.filters.model_dump())
    assert again.filters == understood.filters
    assert again.matter == understood.matter


def _answer(services: Services, **fields: object) -> Answer:
    question = {
        "question": "¿Qué les molestaba a los prudentes españoles del documento para Hacienda?",
        "study": "nido",
        **fields,
    }
    return find_answer(Question.model_validate(question), services)


def test_an_answer_shows_its_facets(nido: Services) -> None:
    """Facets stand beside the filters that they became, and every quote keeps to them."""
    answer = _answer(nido)
    assert [(facet.field, facet.value) for facet in answer.facets if facet.hard] == [
        ("segments", "careful"),
        ("languages", "es"),
    ]
    assert answer.filters == Filters(segments=("careful",), languages=("es",))
    assert answer.citations
    assert {(citation.segment, citation.language) for citation in answer.citations} == {("careful", "es")}


def test_facets_can_be_removed(nido: Services) -> None:
    """Asked again without recognising, an answer has no facets and the whole study in scope."""
    answer = _answer(nido, recognise=False)
    assert (answer.facets, answer.filters) == ((), Filters())


def test_the_vocabulary_knows_classes_and_tagged_kinds(nido: Services) -> None:
    """Classes come from the customers, tagged kinds from the taggings."""
    with nido.database.sessions() as session:
        vocabulary = read_vocabulary(session, "nido")
    assert vocabulary.classes == ("A", "B", "C", "D")
    assert vocabulary.tagged_kinds <= {code.kind for code in vocabulary.codes.values()}
    assert "trigger" in vocabulary.tagged_kinds
