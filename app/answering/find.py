"""From a question to its ranked candidates: what answers and quote lists have in common."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.answering.queries import StudyVocabulary, check_filters, count_scope, read_vocabulary
from app.answering.rank import Ranked, rank
from app.answering.retrieve import Query, search
from app.answering.schemas import Question
from app.answering.understand import Understanding, understand
from app.calibration import read_calibration
from app.index import active_model_id
from app.services import Services


class Stopwatch:
    """How long each stage took, in milliseconds."""

    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage."""
        start = time.perf_counter()
        yield
        self.timings_ms[name] = round((time.perf_counter() - start) * 1000, 3)


@dataclass(frozen=True)
class Found:
    """A question understood, and who may answer it, best first; `vector` has shape (dimension,), unit length."""

    vocabulary: StudyVocabulary
    understanding: Understanding
    vector: NDArray[np.float32]
    ranked: tuple[Ranked, ...]


def find(session: Session, question: Question, services: Services, most: int, stopwatch: Stopwatch) -> Found:
    """Understand a question and rank up to `most` candidates.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the filters name things that the study does not have.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    with stopwatch.stage("understand"):
        vocabulary = read_vocabulary(session, question.study)
        check_filters(vocabulary, question.filters)
        understanding = understand(question, vocabulary)
        vector = services.embedder.embed_questions([understanding.matter])[0]
    with stopwatch.stage("retrieve"):
        model_id = active_model_id(session, services.embedder.identity)
        exact_scan_rows = services.settings.exact_scan_rows
        query = Query(
            text=understanding.matter,
            vector=vector,
            study_id=vocabulary.study_id,
            languages=vocabulary.languages,
            filters=understanding.filters,
            scope_rows=count_scope(session, vocabulary.study_id, understanding.filters, exact_scan_rows + 1),
            exact_scan_rows=exact_scan_rows,
            hinted_kinds=understanding.hinted_kinds,
        )
        candidates = search(session, query)
    with stopwatch.stage("rank"):
        thresholds = read_calibration(session, vocabulary.study_id, model_id).thresholds(query.scope_rows)
        ranked = tuple(rank(candidates, thresholds, most))
    return Found(vocabulary, understanding, vector, ranked)
