"""Questions that nobody can answer, and the thresholds read off their scores."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.calibration import calibrate, null_questions
from app.embedding import Vectors, unit_rows


def test_null_questions_are_reproducible_words_of_one_language() -> None:
    """The same seed makes the same questions, each of words of one language only."""
    texts = {"de": ["eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn"]}
    texts["es"] = ["uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"]
    questions = null_questions(texts, 20, seed=3)
    assert questions == null_questions(texts, 20, seed=3)
    vocabularies = [set(found[0].split()) for found in texts.values()]
    assert all(any(set(question.split()) <= words for words in vocabularies) for question in questions)
    assert null_questions({"de": ["zu wenig"]}, 20) == []


def _vectors(draw: np.random.Generator, count: int, dimension: int) -> Vectors:
    return unit_rows(draw.normal(size=(count, dimension)).astype(np.float32))


def test_thresholds_are_quantiles_of_chance() -> None:
    """One in twenty questions reaches strong by chance, one in two reaches fair, in the whole scope."""
    draw = np.random.default_rng(1)
    questions, passages = _vectors(draw, 200, 8), _vectors(draw, 100, 8)
    found = calibrate(questions, passages)
    best = (questions @ passages.T).max(axis=1)
    assert found.sizes == (1, 4, 16, 64, 100)
    whole = found.thresholds(100)
    assert (best >= whole.strong).mean() == 0.05
    assert (best >= whole.fair).mean() == 0.5


@given(st.integers(1, 40), st.integers(1, 60), st.integers(0, 100))
def test_more_passages_need_more_evidence(questions: int, passages: int, rows: int) -> None:
    """Thresholds rise with the scope, and strong is never below fair; any scope has some."""
    draw = np.random.default_rng(questions * passages)
    found = calibrate(_vectors(draw, questions, 4), _vectors(draw, passages, 4))
    assert list(found.fair) == sorted(found.fair)
    assert list(found.strong) == sorted(found.strong)
    thresholds = found.thresholds(rows)
    assert found.fair[0] <= thresholds.fair <= thresholds.strong <= found.strong[-1]
