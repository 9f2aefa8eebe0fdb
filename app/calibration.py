"""What a score means in one study: how high questions score that nobody in it can have answered.

Everyday questions from elsewhere (questions_from_elsewhere.tsv: Tatoeba, CC BY 2.0, see training/pairs) are asked of
every study when it changes. Their scores are the distribution of chance; a real question's evidence is judged by how
rarely chance reaches it. The best of many passages is higher than the best of few, so chance is measured for scopes of
several sizes.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.embedding import Embedder, Vectors
from app.models import Calibration as CalibrationRow

MOST_PASSAGES = 20_000
STRONG_CHANCE = 0.02
FAIR_CHANCE = 0.2
CODE_SHARE = 0.4
NEAR_CODES = 5
BEST_OF = 3
_ELSEWHERE = Path(__file__).with_name("questions_from_elsewhere.tsv")


@dataclass(frozen=True)
class Thresholds:
    """Scores that chance reaches in 2 % (`strong`) and in 20 % (`fair`) of the questions from elsewhere."""

    strong: float
    fair: float


@dataclass(frozen=True)
class Calibration:
    """Thresholds for scopes of `sizes` passages, ascending; shapes (n,), n >= 1."""

    sizes: tuple[int, ...]
    strong: tuple[float, ...]
    fair: tuple[float, ...]

    def thresholds(self, scope_rows: int) -> Thresholds:
        """Thresholds for a scope of that many passages, interpolated over the logarithm of the size."""
        place, sizes = np.log(max(scope_rows, 1)), np.log(self.sizes)
        return Thresholds(float(np.interp(place, sizes, self.strong)), float(np.interp(place, sizes, self.fair)))


NOTHING_IS_EVIDENCE = Calibration((1,), (float("inf"),), (float("inf"),))


def evidence_score(dense_score: float, code_score: float) -> float:
    """Join the cosine of a passage, or of its gist, with the weighted cosine of the nearest code it is tagged with."""
    return dense_score + CODE_SHARE * code_score


def questions_from_elsewhere(languages: Sequence[str]) -> list[str]:
    """Everyday questions in these languages, or in all of German, Spanish and English when there are none."""
    rows = [line.split("\t", 1) for line in _ELSEWHERE.read_text(encoding="utf-8").splitlines()]
    return [question for language, question in rows if language in languages] or [question for _, question in rows]


def evidence(
    questions: Vectors, passages: Vectors, gists: Vectors, codes: Vectors, tagged: NDArray[np.float32]
) -> Vectors:
    """Score every passage as evidence for every question, as answering does.

    Args:
        questions: shape (n, dimension), unit rows.
        passages: shape (m, dimension), unit rows.
        gists: shape (m, dimension), unit rows; zero where a passage has none.
        codes: shape (k, dimension), unit rows.
        tagged: shape (m, k), confidence of the tagging of a passage with a code, 0 for none.

    Returns:
        shape (n, m).
    """
    near = np.maximum(questions @ codes.T, 0)
    if near.shape[1] > NEAR_CODES:
        near[near < np.partition(near, -NEAR_CODES, axis=1)[:, -NEAR_CODES, None]] = 0
    code_scores = np.zeros((len(questions), len(passages)), np.float32)
    for code in range(len(codes)):
        rows = np.flatnonzero(tagged[:, code])
        code_scores[:, rows] = np.maximum(code_scores[:, rows], near[:, [code]] * tagged[rows, code])
    near_gists = np.where(gists.any(axis=1), questions @ gists.T, -1)
    scores: Vectors = np.maximum(questions @ passages.T, near_gists) + CODE_SHARE * code_scores
    return scores


def calibrate(scores: Vectors, seed: int = 0) -> Calibration:
    """Measure how high questions score by chance in scopes of 1, 4, 16 … passages, up to all of them.

    A question's score is the mean of its best three passages in scope.

    Args:
        scores: shape (n, m), n >= 1, m >= 1: evidence of each passage for each question that nobody can answer.
        seed: which passages make up the smaller scopes.
    """
    shuffled = scores[:, np.random.default_rng(seed).permutation(scores.shape[1])]
    sizes = [4**power for power in range(16) if 4**power < scores.shape[1]] + [scores.shape[1]]
    best = np.stack([best_mean(shuffled[:, :size]) for size in sizes])
    quantiles = np.maximum.accumulate(np.quantile(best, [1 - STRONG_CHANCE, 1 - FAIR_CHANCE], axis=1), axis=1)
    strong, fair = (tuple(float(score) for score in row) for row in quantiles)
    return Calibration(tuple(sizes), strong, fair)


def best_mean(scores: Vectors) -> Vectors:
    """Mean of the best three scores of each row, of all when there are fewer: shape (n, m) to (n,)."""
    count = min(BEST_OF, scores.shape[1])
    means: Vectors = np.partition(scores, scores.shape[1] - count, axis=1)[:, -count:].mean(axis=1)
    return means


_PASSAGES = """
SELECT passage.utterance_id, CAST(passage.embedding AS real[]) AS embedding FROM passage
WHERE study_id = :study_id AND model_id = :model_id ORDER BY utterance_id LIMIT :most
"""
_CODES = """
SELECT id, CAST(embedding AS real[]) AS embedding FROM code
WHERE study_id = :study_id AND retired_at IS NULL ORDER BY code
"""
_TAGGINGS = """
SELECT utterance_id, code_id, confidence FROM tagging JOIN code ON code.id = code_id AND retired_at IS NULL
WHERE tagging.study_id = :study_id
"""
_GISTS = """
SELECT utterance_id, CAST(embedding AS real[]) AS embedding FROM passage_gist
WHERE study_id = :study_id AND model_id = :model_id ORDER BY utterance_id LIMIT :most
"""

_CALIBRATION = text("SELECT sizes, strong, fair FROM calibration WHERE study_id = :study_id AND model_id = :model_id")


def save_calibration(session: Session, study_id: uuid.UUID, model_id: uuid.UUID, embedder: Embedder) -> None:
    """Calibrate a study anew from what is published of it, if anything is."""
    of_study = {"study_id": study_id, "model_id": model_id, "most": MOST_PASSAGES}
    passages = session.execute(text(_PASSAGES), of_study).all()
    if not passages:
        return
    codes = session.execute(text(_CODES), of_study).all()
    tagged = np.zeros((len(passages), len(codes)), np.float32)
    row_of = {row.utterance_id: place for place, row in enumerate(passages)}
    column_of = {row.id: place for place, row in enumerate(codes)}
    for tagging in session.execute(text(_TAGGINGS), of_study):
        if tagging.utterance_id in row_of:
            place = row_of[tagging.utterance_id], column_of[tagging.code_id]
            tagged[place] = max(tagged[place], tagging.confidence)
    languages = session.scalars(text("SELECT unnest(languages) FROM study WHERE id = :study_id"), of_study).all()
    questions = embedder.embed_questions(questions_from_elsewhere(languages))
    gists = np.zeros((len(passages), questions.shape[1]), np.float32)
    for gist in session.execute(text(_GISTS), of_study):
        if gist.utterance_id in row_of:
            gists[row_of[gist.utterance_id]] = gist.embedding
    scores = evidence(questions, _matrix(passages, questions), gists, _matrix(codes, questions), tagged)
    found = calibrate(scores)
    values = {"sizes": list(found.sizes), "strong": list(found.strong), "fair": list(found.fair)}
    session.execute(
        upsert(CalibrationRow)
        .values(study_id=study_id, model_id=model_id, **values)
        .on_conflict_do_update(index_elements=["study_id", "model_id"], set_=values)
    )


def read_calibration(session: Session, study_id: uuid.UUID, model_id: uuid.UUID | None) -> Calibration:
    """Read the calibration of a study; without one nothing is evidence."""
    row = session.execute(_CALIBRATION, {"study_id": study_id, "model_id": model_id}).one_or_none()
    return Calibration(tuple(row.sizes), tuple(row.strong), tuple(row.fair)) if row else NOTHING_IS_EVIDENCE


def is_calibrated(session: Session, study_id: uuid.UUID) -> bool:
    """Whether a study has been calibrated for the vectors that are stored."""
    statement = text(
        "SELECT 1 FROM calibration JOIN embedding_model ON id = model_id WHERE study_id = :study_id AND active"
    )
    return session.scalar(statement, {"study_id": study_id}) is not None


def _matrix(rows: Sequence[Row[Any]], like: Vectors) -> Vectors:
    return np.array([row.embedding for row in rows], np.float32).reshape(len(rows), like.shape[1])
