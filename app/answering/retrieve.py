"""The hybrid search: one statement brings the dense, lexical, code and gist lists, each with its ranks."""

import uuid
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.answering.search_statement import search_statement
from app.scope import Filters, filter_parameters, passage_conditions
from app.text_search import SEARCH_CONFIGURATIONS, SEARCHED_WORDS
from app.vocabulary import Kind, Polarity

LIST_DEPTH = 50
CODE_DEPTH = 5
CODE_NEARNESS = 0.6
KIND_HINT = 0.15
HNSW_SEARCH = 800
POSTINGS = 2_000
"""So many passages are read for the words of a question, the rarest words first; of a small scope at least all."""
TOGETHER = 500
"""So many passages of a language are enough that hold common words together."""
LOOKED_AT = 5_000
"""So many passages of a language that hold common words together are looked at for those in scope."""
SUREST = 4
"""Taggings that are read of each near code, for each place of the list: one utterance may have several."""


Side = tuple[str, Polarity]
"""A code in one polarity."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be searched: its words, its unit vector and the scope.

    `vector` has shape (dimension,); `languages` are those of the study; `scope_rows` counts the passages that the
    filters leave, up to one more than `exact_scan_rows`; codes of `hinted_kinds` count as nearer; `sides` leave only
    what is tagged with one of them; each list is up to `depth` long. `gists` is whether the study has any.
    So many `postings` are read for words before the most common of these are no longer looked up by themselves.
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
    postings: int = POSTINGS


@dataclass(frozen=True, slots=True)
class Hit:
    """A participant's utterance that may answer; ranks are 1-based, 0 where a list does not hold it.

    `dense_score` is the cosine to the question, in [-1, 1]; `lexical_score` the share of the question's idf mass that
    the utterance's words carry, in [0, 1]; `code_score` the weighted cosine of its nearest code, in [0, 1];
    `gist_score` the cosine of its gist, -1 where it has none.
    """

    utterance_id: uuid.UUID
    participant_id: uuid.UUID
    language: str
    text: str
    dense_rank: int
    dense_score: float
    lexical_rank: int
    lexical_score: float
    code_rank: int
    code_score: float
    nearest_code: str | None
    gist_rank: int = 0
    gist_score: float = -1.0


def search(session: Session, query: Query) -> tuple[Hit, ...]:
    """Find passages: exactly when few passages are in scope, else by the vector index.

    The index may return too few rows under a filter; then the scope is scanned exactly, so that no list is short while
    matching rows exist.
    """
    if query.scope_rows > query.exact_scan_rows:
        session.execute(_BY_INDEX)
        hits = _run(session, query, indexed=True)
        if sum(hit.dense_rank > 0 for hit in hits) >= query.depth:
            return hits
    return _run(session, query, indexed=False)


_BY_INDEX = text(f"""
SELECT set_config('hnsw.ef_search', '{HNSW_SEARCH}', true), set_config('hnsw.iterative_scan', 'relaxed_order', true)
""")
_PLANNED_ONCE = text("SET LOCAL plan_cache_mode = force_generic_plan")
_PLANNED_ANEW = text("SET LOCAL plan_cache_mode = force_custom_plan")
_AS_POSTGRES_PLANS = text("SET LOCAL plan_cache_mode = auto")


def _depends_on_values(query: Query, *, indexed: bool) -> bool:
    """Whether a search is planned anew; else its plan is kept, since to make one takes as long as an exact search.

    What is tagged with some codes may be nearly all or nearly nothing; and among so many passages that the vector index
    is used, a plan that knows the words is sooner made than one that does not is run.
    """
    return bool(indexed or query.sides or query.filters.codes or query.filters.kinds)


def _run(session: Session, query: Query, *, indexed: bool) -> tuple[Hit, ...]:
    session.execute(_PLANNED_ANEW if _depends_on_values(query, indexed=indexed) else _PLANNED_ONCE)
    languages = query.filters.languages or query.languages
    statement = search_statement(
        passage_conditions(query.filters),
        len(query.vector),
        query.depth,
        indexed=indexed,
        gists=query.gists,
        narrowed=bool(query.sides),
    )
    parameters = {
        "question": query.text,
        "vector": HalfVector(query.vector),
        "study_id": query.study_id,
        "study_languages": list(languages),
        "configurations": [SEARCH_CONFIGURATIONS.of(language) for language in languages],
        "postings": query.postings if indexed else max(query.postings, query.scope_rows),
        "together": TOGETHER,
        "looked_at": LOOKED_AT,
        "surest": SUREST * query.depth,
        "hint": KIND_HINT,
        "hinted_kinds": [str(kind) for kind in query.hinted_kinds],
        "code_depth": CODE_DEPTH,
        "code_nearness": CODE_NEARNESS,
        "side_codes": [code for code, _ in query.sides],
        "side_polarities": [str(polarity) for _, polarity in query.sides],
        **filter_parameters(query.filters),
    }
    rows = session.execute(statement, parameters).all()
    session.execute(_AS_POSTGRES_PLANS)
    return tuple(Hit(*row) for row in rows)


_QUESTIONS = f"""
WITH asked AS (
  SELECT '''' || CAST(:study_id AS text) || language || '''' AS mark,
    CAST(string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | ') AS tsquery) AS query
  FROM unnest(CAST(:study_languages AS text[]), CAST(:configurations AS text[])) AS stemmer(language, configuration),
    unnest(tsvector_to_array(to_tsvector(CAST(configuration AS regconfig), :question))) AS lexeme
  GROUP BY language),
said AS MATERIALIZED (
  SELECT utterance.id, utterance.text, utterance.transcript_id, ts_rank(utterance.words, asked.query) AS score
  FROM asked CROSS JOIN utterance WHERE role IN ('interviewer', 'interpreter')
    AND {SEARCHED_WORDS.format(table="utterance")} @@ (asked.query && CAST(mark AS tsquery))),
conversation AS MATERIALIZED (
  SELECT DISTINCT transcript_id, interview.id AS interview_id, participant_id, participant.code AS participant
  FROM said JOIN interview USING (transcript_id)
    JOIN interview_participant ON interview_participant.interview_id = interview.id
    JOIN participant ON participant.id = participant_id),
heard AS MATERIALIZED (
  SELECT transcript_id, participant FROM conversation CROSS JOIN LATERAL (SELECT FROM quotable AS passage
    WHERE passage.interview_id = conversation.interview_id AND passage.participant_id = conversation.participant_id
      AND {{conditions}} LIMIT 1) AS held)
SELECT text, participant FROM said JOIN heard USING (transcript_id)
ORDER BY score DESC, id, participant LIMIT :depth
"""  # noqa: S608 fixed fragments only


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
