"""The hybrid search: one statement brings the dense, lexical, code and gist lists, each with its ranks."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import Row, bindparam, text
from sqlalchemy.orm import Session

from app.scope import Filters, filter_parameters, passage_conditions
from app.text_search import SEARCH_CONFIGURATIONS
from app.vocabulary import Kind, Polarity

LIST_DEPTH = 50
CODE_DEPTH = 5
CODE_NEARNESS = 0.6
KIND_HINT = 0.15
HNSW_SEARCH = 100


Side = tuple[str, Polarity]
"""A code in one polarity."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be searched: its words, its unit vector and the scope.

    `vector` has shape (dimension,); `languages` are those of the study; `scope_rows` counts the passages that the
    filters leave, up to one more than `exact_scan_rows`; codes of `hinted_kinds` count as nearer; `sides` leave only
    what is tagged with one of them; each list is up to `depth` long. `gists` is whether the study has any.
    """

    text: str
    vector: NDArray[np.float32]
    study_id: uuid.UUID
    languages: tuple[str, ...]
    filters: Filters
    scope_rows: int
    exact_scan_rows: int
    hinted_kinds: tuple[Kind, ...] = ()
    sides: tuple[Side, ...] = ()
    depth: int = LIST_DEPTH
    gists: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A code on a span of a candidate."""

    code: str
    kind: Kind
    polarity: Polarity
    basis: str
    confidence: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A participant's utterance that may answer; ranks are 1-based, 0 where a list does not hold it.

    `dense_score` is the cosine to the question, in [-1, 1]; `lexical_score` the share of the question's idf mass that
    the utterance's words carry, in [0, 1]; `code_score` the weighted cosine of its nearest code, in [0, 1];
    `gist_score` the cosine of its gist, -1 where it has none.
    """

    utterance_id: uuid.UUID
    transcript_id: uuid.UUID
    recording_id: uuid.UUID | None
    interview: str
    index: int
    participant: str
    segment: str | None
    language: str
    text: str
    question_before: str | None
    start_ms: int | None
    end_ms: int | None
    confidence: float | None
    tags: tuple[Tag, ...]
    dense_rank: int
    dense_score: float
    lexical_rank: int
    lexical_score: float
    code_rank: int
    code_score: float
    nearest_code: str | None
    gist_rank: int = 0
    gist_score: float = -1.0


_EXACT = "{table}.embedding <=> :vector"
_INDEXED = "CAST({table}.embedding AS halfvec({dimension})) <=> CAST(:vector AS halfvec({dimension}))"

_GIST = """
  SELECT utterance_id, distance, row_number() OVER (ORDER BY distance, utterance_id) AS rank FROM (
    SELECT passage_gist.utterance_id, {distance} AS distance FROM passage_gist JOIN passage USING (utterance_id)
    WHERE {conditions} ORDER BY distance{tiebreak} LIMIT :depth) AS nearest
  WHERE distance <> 'NaN'"""
_NO_GIST = "SELECT CAST(NULL AS uuid) AS utterance_id, 0 AS rank WHERE false"

_GIST_SCORE = """CAST(coalesce(1 - (SELECT nullif(passage_gist.embedding <=> :vector, 'NaN') FROM passage_gist
    WHERE passage_gist.utterance_id = utterance.id), -1) AS float8)"""

_SEARCH = """
WITH dense AS (
  SELECT utterance_id, distance, row_number() OVER (ORDER BY distance, utterance_id) AS rank FROM (
    SELECT passage.utterance_id, {distance} AS distance FROM passage
    WHERE {conditions} ORDER BY distance{tiebreak} LIMIT :depth) AS nearest
  WHERE distance <> 'NaN'),
query_word AS (
  SELECT language, lexeme,
    CAST('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''' AS tsquery) AS query
  FROM unnest(CAST(:study_languages AS text[]), CAST(:configurations AS text[])) AS stemmer(language, configuration),
    unnest(tsvector_to_array(to_tsvector(CAST(configuration AS regconfig), :question))) AS lexeme),
posting AS MATERIALIZED (
  SELECT query_word.language, lexeme, utterance.id
  FROM query_word JOIN utterance ON utterance.words @@ query AND utterance.language = query_word.language
    AND utterance.role = 'participant' AND utterance.study_id = :study_id),
total AS (SELECT language, count(*) AS n FROM passage WHERE study_id = :study_id GROUP BY language),
idf AS (
  SELECT query_word.language, query_word.lexeme,
    ln(1 + (max(total.n) - count(posting.id) + 0.5) / (count(posting.id) + 0.5)) AS weight
  FROM query_word JOIN total USING (language) LEFT JOIN posting USING (language, lexeme)
  GROUP BY query_word.language, query_word.lexeme),
mass AS (SELECT language, sum(weight) AS weight FROM idf GROUP BY language),
lexical AS (
  SELECT passage.utterance_id, sum(idf.weight) / max(mass.weight) AS score,
    row_number() OVER (ORDER BY sum(idf.weight) DESC, passage.utterance_id) AS rank
  FROM posting JOIN idf USING (language, lexeme) JOIN mass USING (language)
    JOIN passage ON passage.utterance_id = posting.id
  WHERE {conditions} GROUP BY passage.utterance_id ORDER BY rank LIMIT :depth),
near_code AS (
  SELECT id, code, general, similarity FROM (
    SELECT code.id, code.code, code.code = code.kind AS general,
      1 - (code.embedding <=> :vector) + :hint * CAST(kind = ANY(:hinted_kinds) AS int)
      AS similarity FROM code
    WHERE code.study_id = :study_id AND code.retired_at IS NULL AND (code.embedding <=> :vector) <> 'NaN'
    ORDER BY similarity DESC, code.id LIMIT :code_depth) AS nearest
  WHERE similarity >= :code_nearness * (SELECT 1 - min(embedding <=> :vector) FROM code
    WHERE study_id = :study_id AND retired_at IS NULL)),
coded AS (
  SELECT utterance_id, score, nearest_code, row_number() OVER (ORDER BY score DESC, utterance_id) AS rank FROM (
    SELECT passage.utterance_id, max(greatest(similarity, 0) * tagging.confidence) AS score,
      (array_agg(near_code.code ORDER BY general, similarity * tagging.confidence DESC, near_code.code))[1]
        AS nearest_code
    FROM near_code JOIN tagging ON tagging.code_id = near_code.id
      JOIN passage ON passage.utterance_id = tagging.utterance_id
    WHERE {conditions} GROUP BY passage.utterance_id ORDER BY score DESC, utterance_id LIMIT :depth) AS tagged),
gist AS ({gist}),
found AS (
  SELECT utterance_id FROM dense UNION SELECT utterance_id FROM lexical UNION SELECT utterance_id FROM coded
  UNION SELECT utterance_id FROM gist)
SELECT utterance.id, utterance.transcript_id, utterance.index, utterance.language, utterance.text,
  utterance.start_ms, utterance.end_ms, utterance.confidence,
  interview.code AS interview, participant.code AS participant, segment.slug AS segment,
  question.text AS question_before,
  (SELECT recording.id FROM recording WHERE recording.interview_id = interview.id
    ORDER BY recording.label IS NOT DISTINCT FROM utterance.speaker DESC,
      interview.speakers ->> recording.label IN ('participant', participant.code) DESC NULLS LAST, recording.id
    LIMIT 1) AS recording_id,
  (SELECT jsonb_agg(jsonb_build_array(code.code, code.kind, polarity, basis, tagging.confidence, start, "end")
      ORDER BY tagging.confidence DESC, code.code)
    FROM tagging JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL
    WHERE tagging.utterance_id = utterance.id) AS tags,
  coalesce(dense.rank, 0) AS dense_rank, CAST(1 - ({exact}) AS float8) AS dense_score,
  coalesce(lexical.rank, 0) AS lexical_rank, CAST(coalesce(lexical.score, 0) AS float8) AS lexical_score,
  coalesce(coded.rank, 0) AS code_rank, CAST(coalesce(coded.score, 0) AS float8) AS code_score, nearest_code,
  coalesce(gist.rank, 0) AS gist_rank, {gist_score} AS gist_score
FROM found JOIN passage USING (utterance_id)
  JOIN utterance ON utterance.id = utterance_id AND utterance.role = 'participant'
  JOIN interview ON interview.id = passage.interview_id JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
  LEFT JOIN utterance AS question ON question.id = passage.question_id
  LEFT JOIN dense USING (utterance_id) LEFT JOIN lexical USING (utterance_id) LEFT JOIN coded USING (utterance_id)
  LEFT JOIN gist USING (utterance_id)
ORDER BY utterance.id
"""


_OF_SIDE = """{conditions} AND EXISTS (SELECT FROM tagging JOIN code ON code.id = tagging.code_id
    JOIN unnest(CAST(:side_codes AS text[]), CAST(:side_polarities AS text[])) AS side(code, polarity)
      ON side.code = code.code AND side.polarity = tagging.polarity
    WHERE tagging.utterance_id = passage.utterance_id)"""


def search(session: Session, query: Query) -> tuple[Candidate, ...]:
    """Find candidates: exactly when few passages are in scope, else by the vector index.

    The index may return too few rows under a filter; then the scope is scanned exactly, so that no list is short while
    matching rows exist.
    """
    if query.scope_rows <= query.exact_scan_rows:
        return _run(session, query, indexed=False)
    session.execute(text(f"SET LOCAL hnsw.ef_search = {HNSW_SEARCH}"))
    session.execute(text("SET LOCAL hnsw.iterative_scan = 'strict_order'"))
    candidates = _run(session, query, indexed=True)
    if sum(candidate.dense_rank > 0 for candidate in candidates) < query.depth:
        return _run(session, query, indexed=False)
    return candidates


def _run(session: Session, query: Query, *, indexed: bool) -> tuple[Candidate, ...]:
    conditions = passage_conditions(query.filters)
    conditions = _OF_SIDE.format(conditions=conditions) if query.sides else conditions
    distance = _INDEXED if indexed else _EXACT

    def nearest(table: str) -> dict[str, str]:
        return {
            "distance": distance.format(table=table, dimension=len(query.vector)),
            "tiebreak": "" if indexed else ", utterance_id",
            "conditions": conditions,
        }

    statement = text(
        _SEARCH.format(
            exact=_EXACT.format(table="passage"),
            gist=_GIST.format(**nearest("passage_gist")) if query.gists else _NO_GIST,
            gist_score=_GIST_SCORE if query.gists else "CAST(-1 AS float8)",
            **nearest("passage"),
        )
    ).bindparams(bindparam("vector", type_=HALFVEC(len(query.vector))))
    parameters = {
        "question": query.text,
        "vector": HalfVector(query.vector),
        "study_id": query.study_id,
        "study_languages": list(query.languages),
        "configurations": [SEARCH_CONFIGURATIONS.of(language) for language in query.languages],
        "depth": query.depth,
        "hint": KIND_HINT,
        "hinted_kinds": [str(kind) for kind in query.hinted_kinds],
        "code_depth": CODE_DEPTH,
        "code_nearness": CODE_NEARNESS,
        "side_codes": [code for code, _ in query.sides],
        "side_polarities": [str(polarity) for _, polarity in query.sides],
        **filter_parameters(query.filters),
    }
    return tuple(_candidate(row) for row in session.execute(statement, parameters))


def _candidate(row: Row[Any]) -> Candidate:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 the documented way to a row's columns by name
    return Candidate(
        utterance_id=values.pop("id"),
        tags=read_tags(values.pop("tags")),
        **values,
    )


def read_tags(rows: Sequence[Sequence[Any]] | None) -> tuple[Tag, ...]:
    """The tags of an utterance, as a statement gathered them."""
    return tuple(
        Tag(code, Kind(kind), Polarity(polarity), basis, confidence, start, end)
        for code, kind, polarity, basis, confidence, start, end in rows or ()
    )


_QUESTIONS = """
WITH asked AS (
  SELECT language,
    CAST(string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | ') AS tsquery) AS query
  FROM unnest(CAST(:study_languages AS text[]), CAST(:configurations AS text[])) AS stemmer(language, configuration),
    unnest(tsvector_to_array(to_tsvector(CAST(configuration AS regconfig), :question))) AS lexeme
  GROUP BY language),
scope AS (SELECT DISTINCT interview_id, participant_id FROM passage WHERE {conditions})
SELECT utterance.text, participant.code AS participant
FROM scope JOIN interview ON interview.id = scope.interview_id JOIN participant ON participant.id = scope.participant_id
  JOIN utterance ON utterance.transcript_id = interview.transcript_id AND role IN ('interviewer', 'interpreter')
  JOIN asked ON asked.language = utterance.language AND utterance.words @@ asked.query
ORDER BY ts_rank(utterance.words, asked.query) DESC, utterance.id, participant.code LIMIT :depth
"""


def search_questions(session: Session, query: Query) -> list[tuple[str, str]]:
    """Find what interviewers said in words of a question to the people in scope: their words, and to whom."""
    parameters = {
        "question": query.text,
        "study_id": query.study_id,
        "study_languages": list(query.languages),
        "configurations": [SEARCH_CONFIGURATIONS.of(language) for language in query.languages],
        "depth": LIST_DEPTH,
        **filter_parameters(query.filters),
    }
    rows = session.execute(text(_QUESTIONS.format(conditions=passage_conditions(query.filters))), parameters)
    return [(row.text, row.participant) for row in rows]
