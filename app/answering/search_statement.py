"""The one statement of the hybrid search, put together for a route and its filters."""

from functools import lru_cache

from sqlalchemy import TextClause, text

from app.scope import QUOTABLE
from app.text_search import SEARCHED_WORDS

_EXACT = "{table}.embedding <=> :vector"
_INDEXED = "CAST({table}.embedding AS halfvec({dimension})) <=> CAST(:vector AS halfvec({dimension}))"

_GIST = """
  SELECT utterance_id, distance, row_number() OVER (ORDER BY distance + 0, utterance_id) AS rank FROM (
    SELECT passage_gist.utterance_id, {distance} AS distance
    FROM passage_gist JOIN quotable AS passage USING (utterance_id)
    WHERE {conditions} ORDER BY distance{tiebreak} LIMIT {depth}) AS nearest
  WHERE distance <> 'NaN'"""
_NO_GIST = "SELECT CAST(NULL AS uuid) AS utterance_id, 0 AS rank WHERE false"

_GIST_SCORE = """CAST(coalesce(1 - (SELECT nullif(passage_gist.embedding <=> :vector, 'NaN') FROM passage_gist
    WHERE passage_gist.utterance_id = utterance.id), -1) AS float8)"""

# Of the words of a question, the rarest are looked up as long as together they are held by few enough passages. The
# others count where a passage was found by these, and they find passages: of a small scope all, else those that hold
# the rarest of them together.
_COMMON_IN_FEW = """
  WITH in_scope AS MATERIALIZED (
    SELECT passage.utterance_id FROM quotable AS passage
    WHERE {conditions} AND (SELECT bool_or(common) FROM query_word))
  SELECT word, utterance.id FROM in_scope JOIN utterance ON utterance.id = utterance_id
    JOIN query_word ON query_word.language = utterance.language AND common AND utterance.words @@ query"""
_COMMON_IN_MANY = """
  SELECT word, held.id FROM (
    SELECT CAST(string_agg(CAST(query AS text), ' & ') || ' & ' || mark AS tsquery) AS query FROM (
      SELECT query, mark, coalesce(lag(together) OVER of_language > :together, true) AS needed FROM (
        SELECT language, lexeme, query, mark, passages,
          n * exp(sum(ln(CAST(greatest(passages, 1) AS float8) / n)) OVER of_language) AS together
        FROM query_word JOIN total USING (language) WHERE common
        WINDOW of_language AS (PARTITION BY language ORDER BY passages, lexeme)) AS word
      WINDOW of_language AS (PARTITION BY language ORDER BY passages, lexeme)) AS word
    WHERE needed GROUP BY mark) AS joint
  CROSS JOIN LATERAL (
    SELECT said.id, said.language, said.words FROM (
      SELECT id, language, words FROM utterance WHERE {searched} @@ joint.query AND role = 'participant'
      LIMIT :looked_at) AS said
    JOIN quotable AS passage ON passage.utterance_id = said.id WHERE {conditions} LIMIT :together) AS held
  JOIN query_word ON query_word.language = held.language AND common AND held.words @@ query_word.query
  UNION SELECT word, utterance.id FROM rare JOIN utterance USING (id)
    JOIN query_word ON query_word.language = utterance.language AND common AND utterance.words @@ query
  WHERE (SELECT bool_or(common) FROM query_word)"""

# Of a small scope the planner finds the best way; of a large one it would read all passages to find those of some words
# (`OFFSET 0` keeps it from that).
_RARE_IN_FEW = """JOIN quotable AS passage ON passage.utterance_id = posting.id WHERE {conditions}"""
_RARE_IN_MANY = """
  WHERE EXISTS (SELECT FROM quotable AS passage WHERE passage.utterance_id = posting.id AND {conditions} OFFSET 0)"""

# The surest taggings of a code: those of a small scope are looked for, in a large one they are read in their order
# until enough of them are in scope (`OFFSET 0` keeps the planner from reading and sorting all).
_TAGGED_IN_FEW = """JOIN quotable AS passage USING (utterance_id)
        WHERE tagging.study_id = :study_id AND tagging.code_id = near_code.id AND {conditions}"""
_TAGGED_IN_MANY = """
        WHERE tagging.study_id = :study_id AND tagging.code_id = near_code.id
          AND EXISTS (SELECT FROM quotable AS passage
            WHERE passage.utterance_id = tagging.utterance_id AND {conditions} OFFSET 0)"""

_SEARCH = """
WITH {quotable},
dense AS (
  SELECT utterance_id, distance, row_number() OVER (ORDER BY distance + 0, utterance_id) AS rank FROM (
    SELECT passage.utterance_id, {distance} AS distance FROM quotable AS passage
    WHERE {conditions} ORDER BY distance{tiebreak} LIMIT {depth}) AS nearest
  WHERE distance <> 'NaN'),
query_word AS MATERIALIZED (
  SELECT row_number() OVER () AS word, stemmer.language, term AS lexeme, coalesce(lexeme.passages, 0) AS passages,
    CAST('''' || replace(replace(term, '\\', '\\\\'), '''', '''''') || '''' AS tsquery) AS query,
    '''' || CAST(:study_id AS text) || stemmer.language || '''' AS mark,
    sum(coalesce(lexeme.passages, 0)) OVER (ORDER BY coalesce(lexeme.passages, 0), stemmer.language, term) > :postings
      AS common
  FROM unnest(CAST(:study_languages AS text[]), CAST(:configurations AS text[])) AS stemmer(language, configuration)
    CROSS JOIN unnest(tsvector_to_array(to_tsvector(CAST(configuration AS regconfig), :question))) AS term
    LEFT JOIN LATERAL (SELECT passages FROM lexeme
      WHERE study_id = :study_id AND lexeme.language = stemmer.language AND lexeme = term LIMIT 1) AS lexeme ON true),
posting AS MATERIALIZED (
  SELECT word, held.id FROM query_word CROSS JOIN LATERAL (
    SELECT id FROM utterance WHERE {searched} @@ (query && CAST(mark AS tsquery)) AND role = 'participant'
    LIMIT :postings) AS held
  WHERE NOT common),
rare AS MATERIALIZED (
  SELECT DISTINCT posting.id FROM posting {rare}),
total AS (
  SELECT language, passages AS n FROM lexicon WHERE study_id = :study_id
  UNION ALL SELECT language, count(*) FROM quotable AS passage
  WHERE study_id = :study_id AND NOT EXISTS (SELECT FROM lexicon WHERE study_id = :study_id) GROUP BY language),
hit AS (
  SELECT word, id FROM rare JOIN posting USING (id)
  UNION ALL SELECT word, id FROM ({common}) AS common_word),
idf AS MATERIALIZED (
  SELECT word, language, ln(1 + (greatest(n - held, 0) + 0.5) / (held + 0.5)) AS weight FROM (
    SELECT word, language, coalesce(total.n, 0) AS n,
      CASE WHEN common THEN passages ELSE coalesce(counted.held, 0) END AS held
    FROM query_word LEFT JOIN total USING (language)
      LEFT JOIN (SELECT word, count(*) AS held FROM posting GROUP BY word) AS counted USING (word)) AS weighed),
mass AS (SELECT language, sum(weight) AS weight FROM idf GROUP BY language),
lexical AS (
  SELECT utterance_id, held / mass AS score, row_number() OVER (ORDER BY held DESC, utterance_id) AS rank FROM (
    SELECT id AS utterance_id, sum(idf.weight) AS held, max(mass.weight) AS mass
    FROM hit JOIN idf USING (word) JOIN mass USING (language)
    GROUP BY id ORDER BY held DESC, id LIMIT {depth}) AS heaviest),
near_code AS MATERIALIZED (
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
    SELECT utterance_id, max(greatest(similarity, 0) * tagging.confidence) AS score,
      (array_agg(near_code.code ORDER BY general, similarity * tagging.confidence DESC, near_code.code))[1]
        AS nearest_code
    FROM (SELECT DISTINCT surest.utterance_id FROM near_code CROSS JOIN LATERAL (
        SELECT tagging.utterance_id FROM tagging {tagged}
        ORDER BY tagging.confidence DESC, tagging.utterance_id LIMIT :surest) AS surest) AS tagged
      JOIN tagging USING (utterance_id) JOIN near_code ON near_code.id = tagging.code_id
    GROUP BY utterance_id ORDER BY score DESC, utterance_id LIMIT {depth}) AS nearest),
gist AS ({gist}),
listed AS (
  SELECT utterance_id, rank AS dense_rank, 0 AS lexical_rank, 0 AS lexical_score, 0 AS code_rank, 0 AS code_score,
    NULL AS nearest_code, 0 AS gist_rank FROM dense
  UNION ALL SELECT utterance_id, 0, rank, score, 0, 0, NULL, 0 FROM lexical
  UNION ALL SELECT utterance_id, 0, 0, 0, rank, score, nearest_code, 0 FROM coded
  UNION ALL SELECT utterance_id, 0, 0, 0, 0, 0, NULL, rank FROM gist),
found AS (
  SELECT utterance_id, max(dense_rank) AS dense_rank, max(lexical_rank) AS lexical_rank,
    max(lexical_score) AS lexical_score, max(code_rank) AS code_rank, max(code_score) AS code_score,
    max(nearest_code) AS nearest_code, max(gist_rank) AS gist_rank
  FROM listed GROUP BY utterance_id)
SELECT utterance_id, passage.participant_id, utterance.language, utterance.text,
  dense_rank, CAST(1 - ({exact}) AS float8) AS dense_score,
  lexical_rank, CAST(lexical_score AS float8) AS lexical_score,
  code_rank, CAST(code_score AS float8) AS code_score, nearest_code, gist_rank, {gist_score} AS gist_score
FROM found JOIN quotable AS passage USING (utterance_id)
  JOIN utterance ON utterance.id = utterance_id AND utterance.role = 'participant'
"""


_OF_SIDE = """{conditions} AND EXISTS (SELECT FROM tagging JOIN code ON code.id = tagging.code_id
    JOIN unnest(CAST(:side_codes AS text[]), CAST(:side_polarities AS text[])) AS side(code, polarity)
      ON side.code = code.code AND side.polarity = tagging.polarity
    WHERE tagging.utterance_id = passage.utterance_id)"""


@lru_cache(128)
def search_statement(
    conditions: str, dimension: int, depth: int, *, indexed: bool, gists: bool, narrowed: bool
) -> TextClause:
    """Put together the search; its columns are the fields of a `Hit`.

    Args:
        conditions: those on `passage`.
        dimension: of the vectors.
        depth: of each list; a plan that is kept has to know it.
        indexed: whether the vector index is used, in place of reading all vectors in scope.
        gists: whether the study has gists.
        narrowed: whether only what is tagged with one of `:side_codes` in one of `:side_polarities` is wanted.
    """
    conditions = _OF_SIDE.format(conditions=conditions) if narrowed else conditions
    distance = _INDEXED if indexed else _EXACT

    def nearest(table: str) -> dict[str, str]:
        return {
            "distance": distance.format(table=table, dimension=dimension),
            "tiebreak": "" if indexed else ", utterance_id",
            "conditions": conditions,
            "depth": str(depth),
        }

    searched = SEARCHED_WORDS.format(table="utterance")
    statement = _SEARCH.format(
        quotable=QUOTABLE,
        searched=searched,
        exact=_EXACT.format(table="passage"),
        common=(_COMMON_IN_MANY if indexed else _COMMON_IN_FEW).format(conditions=conditions, searched=searched),
        rare=(_RARE_IN_MANY if indexed else _RARE_IN_FEW).format(conditions=conditions),
        tagged=(_TAGGED_IN_MANY if indexed else _TAGGED_IN_FEW).format(conditions=conditions),
        gist=_GIST.format(**nearest("passage_gist")) if gists else _NO_GIST,
        gist_score=_GIST_SCORE if gists else "CAST(-1 AS float8)",
        **nearest("passage"),
    )
    return text(statement)
