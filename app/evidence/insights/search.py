"""The search among insights: those whose statement answers a question, each with the words that it rests on."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.embedding import Embedder, Vectors
from app.evidence.chance import deviations, everyday_questions, least_deviation, shares_of_words
from app.evidence.insights.links import Balance, Link, weigh
from app.evidence.insights.store import links_of
from app.fusion import fuse_ranks

DEPTH = 200
DENSE_WEIGHT = 1.0
LEXICAL_WEIGHT = 0.5
SHARE_OF_WORDS = 1.5
"""In standard deviations of chance: what all words of the question in a statement are worth."""

_SEARCH = """
SELECT id, code, author, segments, theme, statement, status, evidence_given, evidence_linked,
  CAST(embedding AS real[]) AS embedding, count(*) OVER () AS in_scope
FROM insight
WHERE study_id = :study_id AND status <> 'retired' AND (embedding <=> :vector) <> 'NaN'
  AND (CAST(:segments AS text[]) = '{}' OR segments = '{}' OR segments && :segments)
ORDER BY embedding <=> :vector, id LIMIT :depth
"""


@dataclass(frozen=True)
class InsightQuery:
    """A question to the insights of a study; of some segments alone, and of those for all customers, if any are given.

    `vector` has shape (dimension,), unit length; `everyday` are the questions of chance, shape (n, dimension).
    """

    text: str
    vector: NDArray[np.float32] = field(repr=False)
    everyday: Vectors = field(repr=False)
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundInsight:
    """An insight that answers, with the words of participants that may be quoted for it and against it.

    It is stale where `balance` has losses: evidence was superseded, withdrawn, erased or never found. One without any
    words left is a conclusion that nothing bears out any more. `score` says by how many standard deviations it is
    nearer than chance, beyond what chance alone reaches.
    """

    id: uuid.UUID
    code: str
    author: str
    segments: tuple[str, ...]
    theme: str | None
    statement: str
    status: str
    quotes: tuple[Link, ...]
    balance: Balance
    score: float

    @property
    def is_stale(self) -> bool:
        """Whether some of its evidence is not there any more, or never was."""
        return bool(self.balance.losses)


def ask_insights(
    question: str, vector: NDArray[np.float32], embedder: Embedder, segments: Sequence[str] = ()
) -> InsightQuery:
    """Make the query of a question that is embedded already."""
    return InsightQuery(question, vector, everyday_questions(embedder), tuple(segments))


def search_insights(session: Session, study_id: uuid.UUID, query: InsightQuery, limit: int) -> tuple[FoundInsight, ...]:
    """Find the insights of a study that answer a question, the best first; retired ones never, none by chance."""
    statement = text(_SEARCH)
    parameters = {"study_id": study_id, "vector": HalfVector(query.vector), "segments": list(query.segments)}
    rows = session.execute(statement, {**parameters, "depth": DEPTH}).all()
    if not rows:
        return ()
    shares = np.array(shares_of_words(query.text, [row.statement for row in rows]))
    nearer = deviations(query.vector, np.array([row.embedding for row in rows], np.float32), query.everyday)
    scores = nearer + SHARE_OF_WORDS * shares - least_deviation(rows[0].in_scope)
    ranks = np.array([np.arange(1, len(rows) + 1), _ranks(shares)], np.int64)
    fused = fuse_ranks(ranks, (DENSE_WEIGHT, LEXICAL_WEIGHT))
    found = [place for place in range(len(rows)) if scores[place] >= 0]
    best = sorted(found, key=lambda place: (-fused[place], rows[place].code))[:limit]
    links = links_of(session, study_id, [rows[place].id for place in best])
    return tuple(_found(rows[place], links[rows[place].id], scores[place]) for place in best)


def _ranks(shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """The 1-based ranks of shares, the highest first; 0 where there is none."""
    ranks = np.zeros(len(shares), np.int64)
    order = np.argsort(-shares, kind="stable")
    ranks[order] = np.arange(1, len(shares) + 1)
    return np.where(shares > 0, ranks, 0)


def _found(row: Row[Any], links: Sequence[Link], score: float) -> FoundInsight:
    return FoundInsight(
        row.id,
        row.code,
        row.author,
        tuple(row.segments),
        row.theme,
        row.statement,
        row.status,
        tuple(link for link in links if link.stands),
        weigh(links, row.evidence_given, row.evidence_linked),
        float(score),
    )
