"""What a score means in one study: how high questions score that nobody can answer.

Such questions are made of the study's own words in random order: they sound like the study and ask nothing. Their best
scores are the distribution of chance; a real question's evidence is judged by how rarely chance reaches it.
"""

import random
import re
import uuid
from collections.abc import Sequence
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
class Calibration:
    """Scores that chance reaches in 5 % (`strong`) and in 50 % (`fair`) of the questions that nobody can answer."""

    strong: float
    fair: float


def null_questions(texts_by_language: dict[str, Sequence[str]], count: int, seed: int = 0) -> list[str]:
    """Make questions that nobody can answer: words of the texts of one language, drawn at random."""
    draw = random.Random(seed)  # noqa: S311 a reproducible sample, no secret
    words = {language: _WORD.findall(" ".join(texts)) for language, texts in sorted(texts_by_language.items())}
    languages = [language for language, found in words.items() if len(found) > NULL_WORDS[1]]
    return [
        " ".join(draw.sample(words[languages[number % len(languages)]], draw.randint(*NULL_WORDS)))
        for number in range(count if languages else 0)
    ]


def chance_scores(questions: Vectors, passages: Vectors) -> Vectors:
    """The best cosine of each question over all passages.

    Args:
        questions: shape (n, dimension), unit rows.
        passages: shape (m, dimension), unit rows, m >= 1.

    Returns:
        shape (n,), in [-1, 1].
    """
    best: Vectors = (questions @ passages.T).max(axis=1)
    return best


def calibrate(chance: Vectors) -> Calibration:
    """Read the thresholds off the scores that chance reached, shape (n,), n >= 1."""
    strong, fair = np.quantile(chance, [1 - STRONG_CHANCE, 1 - FAIR_CHANCE])
    return Calibration(float(strong), float(fair))


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
    questions = null_questions({language: texts for language, texts in by_language.items()}, NULL_QUESTIONS)
    if not questions:
        return
    passages = np.array([row.embedding for row in rows], np.float32)
    found = calibrate(chance_scores(embedder.embed_questions(questions), passages))
    values = {"strong": found.strong, "fair": found.fair}
    session.execute(
        upsert(CalibrationRow)
        .values(study_id=study_id, model_id=model_id, **values)
        .on_conflict_do_update(index_elements=["study_id", "model_id"], set_=values)
    )


def read_calibration(session: Session, study_id: uuid.UUID, model_id: uuid.UUID) -> Calibration:
    """Read the calibration of a study; without one nothing is evidence."""
    row = session.scalar(
        select(CalibrationRow).where(CalibrationRow.study_id == study_id, CalibrationRow.model_id == model_id)
    )
    return Calibration(row.strong, row.fair) if row else Calibration(float("inf"), float("inf"))
