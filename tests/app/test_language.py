"""The language of utterances: whole sentences, single words, and what says nothing by itself."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language import OWN_WORDS, LanguageGuess, identify_document, identify_languages

STUDY = ("de", "es", "en")


def languages_of(texts: list[str], prior: str | None = None, speakers: list[str | None] | None = None) -> list[str]:
    """The languages found among those of the study."""
    return [guess.language for guess in identify_languages(texts, STUDY, prior, speakers)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Das war ein echter Game Changer für uns, full circle sozusagen.", "de"),
        ("Okay, yes, yes, buenos días, os oigo.", "es"),
        ("so I opened the app and there it was", "en"),
        ("y entonces me dije esto no puede seguir así", "es"),
        ("(lacht) Nee, gar nicht.", "de"),
        ("Thank you, thank you, bye-bye!", "en"),
        ("(laughs) Pues mira, la verdad es que no.", "es"),
    ],
)
@pytest.mark.parametrize("prior", [None, "de", "es", "en"])
def test_the_words_of_an_utterance_decide_whatever_the_interview_is_in(
    text: str, language: str, prior: str | None
) -> None:
    """Loan words, greetings and stage directions do not change the language of a sentence, nor does the prior."""
    assert languages_of([text], prior) == [language]


@pytest.mark.parametrize(("text", "language"), [("Ja.", "de"), ("Vale", "es"), ("Yes", "en"), ("Nee, null.", "de")])
def test_a_word_of_one_language_decides_alone(text: str, language: str) -> None:
    """One word that only one of the languages has is enough."""
    assert languages_of([text], None) == [language]


@pytest.mark.parametrize("text", ["OK", "Hm.", "1998", "(lacht)", "…", "No.", ""])
@pytest.mark.parametrize("prior", ["de", "es", "en"])
def test_what_says_nothing_is_in_the_language_of_the_interview(text: str, prior: str) -> None:
    """An utterance without a sign inherits the prior and is not called certain."""
    (guess,) = identify_languages([text], STUDY, prior)
    assert guess.language == prior
    assert guess.confidence < 0.9


def test_what_says_nothing_follows_the_same_speaker() -> None:
    """An interviewer's "OK" in an interpreted interview is in the language that this voice speaks around it."""
    texts = ["How did you decide?", "¿Y cómo se decidió?", "Okay.", "Pues lo hablé con mi hermana.", "And after that?"]
    speakers: list[str | None] = ["Owen", "Interpreter", "Owen", "Rosa", "Owen"]
    assert languages_of(texts, "es", speakers) == ["en", "es", "en", "es", "en"]
    assert languages_of(texts, "es") == ["en", "es", "es", "es", "en"]


def test_regions_are_kept_and_understood() -> None:
    """A study may name its languages with a region; the answer uses the study's own code."""
    guesses = identify_languages(["¿Qué tal todo por ahí?", "Ok"], ["de-AT", "es-MX"], "es")
    assert [guess.language for guess in guesses] == ["es-MX", "es-MX"]


def test_a_single_candidate_is_certain() -> None:
    """Where only one language is spoken there is nothing to find out."""
    assert identify_languages(["anything", ""], ["de"], "de") == (LanguageGuess("de", 1.0), LanguageGuess("de", 1.0))


def test_wrong_arguments_are_refused() -> None:
    """No candidate, or speakers that do not match the texts, are errors of the caller."""
    with pytest.raises(ValueError, match="at least one candidate"):
        identify_languages(["Ja."], [], "de")
    with pytest.raises(ValueError, match="one speaker per text"):
        identify_languages(["Ja."], STUDY, "de", speakers=[])


def test_words_that_decide_belong_to_one_language() -> None:
    """No word counts for two languages."""
    for one, other in combinations(OWN_WORDS.values(), 2):
        assert not one & other


@given(
    st.lists(st.tuples(st.text(), st.none() | st.sampled_from(["A", "B"])), max_size=6),
    st.lists(st.sampled_from(["de", "es", "en", "fr", "xx", "pt-BR"]), min_size=1, max_size=4),
    st.none() | st.sampled_from(["de", "es", "it"]),
)
def test_any_text_gets_one_candidate_each_time_the_same(
    spoken: list[tuple[str, str | None]], candidates: list[str], prior: str | None
) -> None:
    """One guess per text, from the candidates, with a probability, and deterministic."""
    texts, speakers = [text for text, _ in spoken], [speaker for _, speaker in spoken]
    guesses = identify_languages(texts, candidates, prior, speakers)
    assert len(guesses) == len(texts)
    assert all(guess.language in candidates and 0 < guess.confidence <= 1 for guess in guesses)
    assert guesses == identify_languages(texts, candidates, prior, speakers)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le prix de l'abonnement est de cinq euros par mois et il n'y a pas de frais cachés.", "fr"),
        ("Was kostet der Sparplan im Monat und wie lange dauert es?", "de"),
        ("Hello World", "en"),
        ("Gracias a todos", "es"),
        ("| 5,50 € |", "de"),
        ("", "de"),
    ],
)
def test_a_document_may_be_in_any_language_that_its_words_are_surely_in(text: str, language: str) -> None:
    """Few words, or none, are in one of the languages of the study."""
    assert identify_document(text, STUDY) == language
