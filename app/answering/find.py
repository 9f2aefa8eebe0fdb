"""From a question to its ranked candidates: what answers and quote lists have in common."""

import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.answering.candidates import read_candidates
from app.answering.queries import StudyVocabulary, check_filters, count_scope, read_vocabulary
from app.answering.rank import Ranked, RankedHit, rank, with_candidates
from app.answering.retrieve import LIST_DEPTH, Query, Side, search
from app.answering.schemas import Question
from app.answering.understand import Understanding, understand
from app.calibration import Calibration, Thresholds, read_calibration
from app.index import active_model_id
from app.scope import Filters
from app.services import Services

Vector = NDArray[np.float32]


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
    vector: Vector
    ranked: tuple[Ranked, ...]


def read_question(session: Session, question: Question) -> tuple[StudyVocabulary, Understanding]:
    """Understand a question by what its study knows by name.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the filters name things that the study does not have.
    """
    vocabulary = read_vocabulary(session, question.study)
    check_filters(vocabulary, question.filters)
    return vocabulary, understand(question, vocabulary)


def find(session: Session, question: Question, services: Services, most: int, stopwatch: Stopwatch) -> Found:
    """Understand a question and rank up to `most` candidates.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the filters name things that the study does not have.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    with stopwatch.stage("understand"):
        vocabulary, understanding = read_question(session, question)
        vector = services.embedder.embed_questions([understanding.matter])[0]
    with stopwatch.stage("retrieve"):
        scope = read_scope(session, vocabulary, understanding.filters, services)
        hits = search(session, scope.query(understanding.matter, vector, understanding))
    with stopwatch.stage("rank"):
        ranked = read_ranked(session, vocabulary.study_id, rank(hits, scope.thresholds, most))
    return Found(vocabulary, understanding, vector, ranked)


def read_ranked(session: Session, study_id: uuid.UUID, ranked: Sequence[RankedHit]) -> tuple[Ranked, ...]:
    """Read what was said where the ranked hits are, and what it is tagged with."""
    candidates = read_candidates(session, study_id, [item.hit.utterance_id for item in ranked])
    return tuple(with_candidates(ranked, candidates))


@dataclass(frozen=True)
class Scope:
    """The passages that some filters leave: how many, up to one more than are scanned exactly, and if gists exist."""

    vocabulary: StudyVocabulary
    calibration: Calibration
    filters: Filters
    rows: int
    exact_scan_rows: int
    gists: bool = False

    @property
    def thresholds(self) -> Thresholds:
        """What scores mean among so many passages."""
        return self.calibration.thresholds(self.rows)

    def query(
        self,
        text: str,
        vector: Vector,
        understanding: Understanding,
        *,
        sides: tuple[Side, ...] = (),
        depth: int = LIST_DEPTH,
    ) -> Query:
        """A search of these passages; `vector` has shape (dimension,), unit length."""
        return Query(
            text=text,
            vector=vector,
            study_id=self.vocabulary.study_id,
            languages=self.vocabulary.languages,
            filters=self.filters,
            scope_rows=self.rows,
            exact_scan_rows=self.exact_scan_rows,
            hinted_kinds=understanding.hinted_kinds,
            sides=sides,
            depth=depth,
            gists=self.gists,
        )

    def within(self, session: Session, language: str | None) -> Self:
        """What of it was said in a language; all of it without one."""
        if language is None:
            return self
        filters = self.filters.model_copy(update={"languages": (language,)})
        rows = count_scope(session, self.vocabulary.study_id, filters, self.exact_scan_rows + 1)
        return replace(self, filters=filters, rows=rows)


def read_scope(session: Session, vocabulary: StudyVocabulary, filters: Filters, services: Services) -> Scope:
    """Read what the filters leave.

    Raises:
        MixedIndexError: the stored vectors were made by another embedder.
    """
    model_id = active_model_id(session, services.embedder.identity)
    exact_scan_rows = services.settings.exact_scan_rows
    rows = count_scope(session, vocabulary.study_id, filters, exact_scan_rows + 1)
    calibration = read_calibration(session, vocabulary.study_id, model_id)
    return Scope(vocabulary, calibration, filters, rows, exact_scan_rows, vocabulary.has_gists)
