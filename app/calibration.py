"""What a score means in one study: how high questions score that nobody can answer.

Such questions are made of the study's own words in random order: they sound like the study and ask nothing. Their best
scores are the distribution of chance; a real question's evidence is judged by how rarely chance reaches it. The best of
many passages is higher than the best of few, so chance is measured for scopes of several sizes.
"""

import random
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.embedding import Embedder, Vectors
from app.models import Calibration as CalibrationRow
from app.vocabulary import Role

NULL_QUESTIONS = 400
NULL_WORDS = (6, 14)
MOST_PASSAGES = 20_000
STRONG_CHANCE = 0.05
FAIR_CHANCE = 0.50
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Thresholds:
    """Scores that chance reaches in 5 % (`strong`) and in 50 % (`fair`) of the questions that nobody can answer."""

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


def null_questions(texts_by_language: Mapping[str, Sequence[str]], count: int, seed: int = 0) -> list[str]:
    """Make questions that nobody can answer: words of the texts of one language, drawn at random."""
    draw = random.Random(seed)  # noqa: S311 a reproducible sample, no secret
    words = {language: _WORD.findall(" ".join(texts)) for language, texts in sorted(texts_by_language.items())}
    languages = [language for language, found in words.items() if len(found) > NULL_WORDS[1]]
    return [
        " ".join(draw.sample(words[languages[number % len(languages)]], draw.randint(*NULL_WORDS)))
        for number in range(count if languages else 0)
    ]


def calibrate(questions: Vectors, passages: Vectors, seed: int = 0) -> Calibration:
    """Measure how high questions score by chance in scopes of 1, 4, 16 … passages, up to all of them.

    Args:
        questions: shape (n, dimension), unit rows, n >= 1: questions that nobody can answer.
        passages: shape (m, dimension), unit rows, m >= 1.
        seed: which passages make up the smaller scopes.
    """
    order = np.random.default_rng(seed).permutation(len(passages))
    best = np.maximum.accumulate(questions @ passages[order].T, axis=1)
    sizes = [4**power for power in range(16) if 4**power < len(passages)] + [len(passages)]
    quantiles = np.quantile(best[:, [size - 1 for size in sizes]], [1 - STRONG_CHANCE, 1 - FAIR_CHANCE], axis=0)
    strong, fair = (tuple(float(score) for score in row) for row in quantiles)
    return Calibration(tuple(sizes), strong, fair)


def save_calibration(session: Session, study_id: uuid.UUID, model_id: uuid.UUID, embedder: Embedder) -> None:
    """Calibrate a study anew from what is published of it, if anything is."""
    rows = session.execute(
        text(
            "SELECT passage.language, utterance.text, CAST(passage.embedding AS real[]) AS embedding "
            "FROM passage JOIN utterance ON utterance.id = passage.utterance_id AND utterance.role = :role "
            "WHERE passage.study_id = :study_id ORDER BY passage.utterance_id LIMIT :most"
        ),
        {"study_id": study_id, "most": MOST_PASSAGES, "role": Role.PARTICIPANT},
    ).all()
    by_language: dict[str, list[str]] = {}
    for row in rows:
        by_language.setdefault(row.language, []).append(row.text)
    questions = null_questions(by_language, NULL_QUESTIONS)
    if not questions:
        return
    passages = np.array([row.embedding for row in rows], np.float32)
    found = calibrate(embedder.embed_questions(questions), passages)
    values = {"sizes": list(found.sizes), "strong": list(found.strong), "fair": list(found.fair)}
    session.execute(
        upsert(CalibrationRow)
        .values(study_id=study_id, model_id=model_id, **values)
        .on_conflict_do_update(index_elements=["study_id", "model_id"], set_=values)
    )


def read_calibration(session: Session, study_id: uuid.UUID, model_id: uuid.UUID | None) -> Calibration:
    """Read the calibration of a study; without one nothing is evidence."""
    row = session.scalar(
        select(CalibrationRow).where(CalibrationRow.study_id == study_id, CalibrationRow.model_id == model_id)
    )
    return Calibration(tuple(row.sizes), tuple(row.strong), tuple(row.fair)) if row else NOTHING_IS_EVIDENCE
