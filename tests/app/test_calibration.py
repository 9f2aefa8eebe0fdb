"""Questions from elsewhere, and the thresholds read off their scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calibration import best_mean, calibrate, evidence, evidence_score, questions_from_elsewhere
from app.embedding import Vectors, unit_rows


def _vectors(draw: np.random.Generator, count: int, dimension: int) -> Vectors:
    return unit_rows(draw.normal(size=(count, dimension)).astype(np.float32))


def test_questions_come_in_the_languages_of_the_study() -> None:
    """A German study is asked in German; one in a language without questions is asked in all three."""
    german, both = questions_from_elsewhere(["de"]), questions_from_elsewhere(["de", "es"])
    assert set(german) < set(both)
    assert len(questions_from_elsewhere(["fi"])) == len(questions_from_elsewhere(["de", "es", "en"])) >= 500
    assert all(question.endswith("?") for question in both)


def test_evidence_is_scored_as_answering_does() -> None:
    """The cosine of the passage plus the share of its best tagged code, by hand."""
    questions = np.array([[1.0, 0.0]], np.float32)
    passages = np.array([[0.6, 0.8], [0.0, 1.0], [1.0, 0.0]], np.float32)
    codes = np.array([[1.0, 0.0], [0.8, 0.6], [-1.0, 0.0]], np.float32)
    tagged = np.array([[0.5, 1.0, 1.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]], np.float32)
    scores = evidence(questions, passages, np.zeros_like(passages), codes, tagged)[0]
    assert scores == pytest.approx([evidence_score(0.6, 0.8), evidence_score(0.0, 0.0), evidence_score(1.0, 0.0)])


def test_a_gist_that_is_nearer_than_the_words_counts() -> None:
    """The nearer of both is scored; a passage without a gist is scored by its words, even against them."""
    questions = np.array([[1.0, 0.0]], np.float32)
    passages = np.array([[0.6, 0.8], [0.6, 0.8], [-0.6, 0.8]], np.float32)
    gists = np.array([[0.8, 0.6], [0.0, 1.0], [0.0, 0.0]], np.float32)
    nothing = np.zeros((0, 2), np.float32)
    scores = evidence(questions, passages, gists, nothing, np.zeros((3, 0), np.float32))[0]
    assert scores == pytest.approx([0.8, 0.6, -0.6])


def test_thresholds_are_quantiles_of_chance() -> None:
    """One in fifty questions reaches strong by chance, one in five reaches fair, in the whole scope."""
    scores = np.random.default_rng(1).normal(size=(400, 100)).astype(np.float32)
    found = calibrate(scores)
    assert found.sizes == (1, 4, 16, 64, 100)
    whole = found.thresholds(100)
    assert (best_mean(scores) >= whole.strong).mean() == pytest.approx(0.02)
    assert (best_mean(scores) >= whole.fair).mean() == pytest.approx(0.2)


@given(st.integers(1, 40), st.integers(1, 60), st.integers(0, 100))
def test_more_passages_need_more_evidence(questions: int, passages: int, rows: int) -> None:
    """Thresholds never fall as the scope grows, and strong is never below fair; any scope has some."""
    draw = np.random.default_rng(questions * passages)
    found = calibrate(_vectors(draw, questions, 4) @ _vectors(draw, passages, 4).T)
    assert list(found.fair) == sorted(found.fair)
    assert list(found.strong) == sorted(found.strong)
    thresholds = found.thresholds(rows)
    assert found.fair[0] <= thresholds.fair <= thresholds.strong <= found.strong[-1]
