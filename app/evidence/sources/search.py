"""The search in external documents: what the current versions say, and only where that answers the question."""

import datetime as dt
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
from app.evidence.chance import deviations, everyday_questions, least_deviation
from app.evidence.sources.facts import named_in
from app.fusion import fuse_ranks
from app.text_search import SEARCH_CONFIGURATIONS
from app.vocabulary import SourceKind

LIST_DEPTH = 50
DENSE_WEIGHT = 1.0
LEXICAL_WEIGHT = 0.5

# In standard deviations of chance: what all words of the question in a chunk, and its competitor's name in the
# question, are worth.
SHARE_OF_WORDS = 1.5
NAMED = 1.5

_SCOPE = """
source JOIN source_version ON source_version.id = source.version_id
  JOIN source_chunk ON source_chunk.version_id = source_version.id
WHERE source.study_id = :study_id AND source_chunk.study_id = :study_id
  AND (CAST(:kinds AS text[]) = '{}' OR source.kind = ANY(:kinds))
  AND (CAST(:competitors AS text[]) = '{}' OR source.competitor = ANY(:competitors))"""

_SEARCH = f"""
WITH scope AS MATERIALIZED (
  SELECT source_chunk.id, source_chunk.language, source_chunk.words,
    source_chunk.embedding <=> :vector AS distance FROM {_SCOPE}),
dense AS (
  SELECT id, row_number() OVER (ORDER BY distance, id) AS rank FROM scope
  WHERE distance <> 'NaN' ORDER BY rank LIMIT :depth),
total AS (SELECT language, count(*) AS n FROM scope GROUP BY language),
query_word AS (
  SELECT language, lexeme, n,
    CAST('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''' AS tsquery) AS query
  FROM total LEFT JOIN unnest(CAST(:stemmed AS text[]), CAST(:stemmers AS text[])) AS stemmer(stems, configuration)
      ON stems = language,
    unnest(tsvector_to_array(to_tsvector(CAST(coalesce(configuration, 'simple') AS regconfig), :question))) AS lexeme),
posting AS MATERIALIZED (
  SELECT language, lexeme, scope.id FROM query_word JOIN scope USING (language) WHERE words @@ query),
idf AS (
  SELECT language, lexeme, ln(1 + (n - count(posting.id) + 0.5) / (count(posting.id) + 0.5)) AS weight
  FROM query_word LEFT JOIN posting USING (language, lexeme) GROUP BY language, lexeme, n),
mass AS (SELECT language, sum(weight) AS weight FROM idf GROUP BY language),
lexical AS (
  SELECT posting.id, sum(idf.weight) / max(mass.weight) AS score,
    row_number() OVER (ORDER BY sum(idf.weight) DESC, posting.id) AS rank
  FROM posting JOIN idf USING (language, lexeme) JOIN mass USING (language)
  GROUP BY posting.id ORDER BY rank LIMIT :depth),
found AS (SELECT id FROM dense UNION SELECT id FROM lexical)
SELECT source.code AS source, source.kind, source.competitor, source.title, source.url,
  source_version.version, source_version.date, source_version.seen_at,
  source_chunk.id, source_chunk.version_id, source_chunk.index, source_chunk.start, source_chunk."end",
  source_chunk.heading, source_chunk.language, source_chunk.text,
  CAST(source_chunk.embedding AS real[]) AS embedding, (SELECT count(*) FROM scope) AS in_scope,
  coalesce(dense.rank, 0) AS dense_rank, coalesce(lexical.rank, 0) AS lexical_rank,
  CAST(coalesce(lexical.score, 0) AS float8) AS share_of_words
FROM found JOIN source_chunk USING (id) JOIN source_version ON source_version.id = source_chunk.version_id
  JOIN source ON source.id = source_version.source_id
  LEFT JOIN dense ON dense.id = source_chunk.id LEFT JOIN lexical ON lexical.id = source_chunk.id
ORDER BY source_chunk.id
"""  # noqa: S608 fixed fragments only


@dataclass(frozen=True)
class SourceQuery:
    """A question to the external documents of a study, or to those of some kinds or about some competitors alone.

    `vector` has shape (dimension,), unit length; `everyday` are the questions of chance, shape (n, dimension).
    """

    text: str
    vector: NDArray[np.float32] = field(repr=False)
    everyday: Vectors = field(repr=False)
    kinds: tuple[SourceKind, ...] = ()
    competitors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundChunk:
    """A chunk of a document that answers: the words at `start` to `end` of the text of this version of the source.

    `score` says by how many standard deviations it is nearer than chance, beyond what chance alone reaches.
    """

    source: str
    kind: SourceKind
    competitor: str | None
    title: str
    url: str | None
    version: int
    version_id: uuid.UUID
    date: dt.date | None
    seen_at: dt.datetime
    id: uuid.UUID
    index: int
    start: int
    end: int
    heading: str | None
    language: str
    text: str
    score: float


def ask_sources(
    question: str,
    vector: NDArray[np.float32],
    embedder: Embedder,
    kinds: Sequence[SourceKind] = (),
    competitors: Sequence[str] = (),
) -> SourceQuery:
    """Make the query of a question that is embedded already."""
    return SourceQuery(question, vector, everyday_questions(embedder), tuple(kinds), tuple(competitors))


def search_sources(session: Session, study_id: uuid.UUID, query: SourceQuery, limit: int) -> tuple[FoundChunk, ...]:
    """Find what the current versions of the sources of a study say to a question, the best first; nothing by chance.

    Where the question names competitors, what is about others is left out.
    """
    rows = _run(session, study_id, query)
    if not rows:
        return ()
    scores = _scores(rows, query)
    ranks = np.array([[row.dense_rank, row.lexical_rank] for row in rows], np.int64).T
    fused = fuse_ranks(ranks, (DENSE_WEIGHT, LEXICAL_WEIGHT))
    found = [place for place in range(len(rows)) if scores[place] >= 0]
    named = {row.competitor for row in (rows[place] for place in found) if _is_named(row, query)}
    kept = [place for place in found if not named or rows[place].competitor in (None, *named)]
    best = sorted(kept, key=lambda place: (-_is_named(rows[place], query), -fused[place], rows[place].id))
    return tuple(_found(rows[place], scores[place]) for place in best[:limit])


def _run(session: Session, study_id: uuid.UUID, query: SourceQuery) -> Sequence[Row[Any]]:
    statement = text(_SEARCH)
    parameters = {
        "study_id": study_id,
        "vector": HalfVector(query.vector),
        "question": query.text,
        "kinds": [str(kind) for kind in query.kinds],
        "competitors": list(query.competitors),
        "stemmed": list(SEARCH_CONFIGURATIONS.by_language),
        "stemmers": list(SEARCH_CONFIGURATIONS.by_language.values()),
        "depth": LIST_DEPTH,
    }
    return session.execute(statement, parameters).all()


def _scores(rows: Sequence[Row[Any]], query: SourceQuery) -> NDArray[np.float64]:
    """How far each chunk is beyond what chance reaches: its deviations, its words, its competitor."""
    nearer = deviations(query.vector, np.array([row.embedding for row in rows], np.float32), query.everyday)
    told = np.array([SHARE_OF_WORDS * row.share_of_words + NAMED * _is_named(row, query) for row in rows])
    scores: NDArray[np.float64] = nearer + told - least_deviation(rows[0].in_scope)
    return scores


def _is_named(row: Row[Any], query: SourceQuery) -> bool:
    return row.competitor is not None and bool(named_in(query.text, [row.competitor]))


def _found(row: Row[Any], score: float) -> FoundChunk:
    fields = [name for name in FoundChunk.__dataclass_fields__ if name not in ("score", "kind")]
    values = {name: getattr(row, name) for name in fields}
    return FoundChunk(**values, kind=SourceKind(row.kind), score=float(score))
