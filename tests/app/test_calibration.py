"""Questions that nobody can answer, and the thresholds read off their scores."""

import numpy as np

from app.calibration import calibrate, chance_scores, null_questions


def test_null_questions_are_reproducible_words_of_one_language() -> None:
    """The same seed makes the same questions, each of words of one language only."""
    texts = {"de": ["eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn"]}
    texts["es"] = ["uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"]
    questions = null_questions(texts, 20, seed=3)
    assert questions == null_questions(texts, 20, seed=3)
    vocabularies = [set(found[0].split()) for found in texts.values()]
    assert all(any(set(question.split()) <= words for words in vocabularies) for question in questions)
    assert null_questions({"de": ["zu wenig"]}, 20) == []


def test_thresholds_are_quantiles_of_chance() -> None:
    """One in twenty chance scores reaches strong, one in two reaches fair."""
    scores = calibrate(np.arange(1, 101, dtype=np.float32))
    assert scores.strong == np.quantile(np.arange(1, 101), 0.95)
    assert scores.fair == np.quantile(np.arange(1, 101), 0.5)
    best = chance_scores(np.eye(2, dtype=np.float32), np.array([[0.6, 0.8], [1.0, 0.0]], np.float32))
    assert best.tolist() == [1.0, np.float32(0.8)]
