"""The SQL of segments: their criteria, how many people say what, the most typical quotes, the words themselves."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.library.marks import Mark
from app.research.queries import current_codes
from app.research.segments.criteria import Segment, read_criteria
from app.text_search import SEARCH_CONFIGURATIONS
from app.vocabulary import Kind, Polarity

_SEGMENTS = """
SELECT slug, labels, aliases, description, criteria,
  (SELECT count(*) FROM participant WHERE participant.segment_id = segment.id) AS participants
FROM segment WHERE study_id = :study_id ORDER BY slug
"""

_COUNTS = """
SELECT code.code, code.kind, code.labels,
  count(DISTINCT passage.participant_id) FILTER (WHERE inside AND polarity = 'affirmed') AS affirmed,
  count(DISTINCT passage.participant_id) FILTER (WHERE inside AND polarity = 'denied') AS denied,
  count(DISTINCT passage.participant_id) FILTER (WHERE NOT inside AND polarity = 'affirmed') AS affirmed_elsewhere,
  count(DISTINCT passage.participant_id) FILTER (WHERE NOT inside AND polarity = 'denied') AS denied_elsewhere
FROM quotable AS passage JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
  CROSS JOIN LATERAL (SELECT segment.slug IS NOT DISTINCT FROM :slug AS inside) AS side
  JOIN tagging ON tagging.utterance_id = passage.utterance_id
  JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL
WHERE passage.study_id = :study_id AND code.kind = ANY(:kinds)
  AND (code.code <> code.kind OR NOT EXISTS (SELECT FROM code AS own
    WHERE own.study_id = :study_id AND own.kind = code.kind AND own.code <> own.kind AND own.retired_at IS NULL))
GROUP BY code.id HAVING count(*) FILTER (WHERE inside) > 0
ORDER BY affirmed DESC, denied DESC, code.code
"""

# Of each person the words that are nearest to the code, those first that a person tagged; affirmed ones before denied.
_TYPICAL = """
SELECT code, utterance_id, start, "end", polarity FROM (
  SELECT *, row_number() OVER (PARTITION BY code ORDER BY NOT affirmed, NOT by_person, distance, utterance_id) AS place
  FROM (
    SELECT DISTINCT ON (code.id, passage.participant_id) code.code, tagging.utterance_id, tagging.start, tagging."end",
      tagging.polarity, tagging.polarity = 'affirmed' AS affirmed, tagging.basis = 'person' AS by_person,
      passage.embedding <=> code.embedding AS distance
    FROM quotable AS passage JOIN participant ON participant.id = passage.participant_id
      JOIN segment ON segment.id = participant.segment_id
      JOIN tagging ON tagging.utterance_id = passage.utterance_id JOIN code ON code.id = tagging.code_id
    WHERE passage.study_id = :study_id AND segment.slug = :slug AND code.code = ANY(:codes)
    ORDER BY code.id, passage.participant_id, affirmed DESC, by_person DESC, distance, tagging.utterance_id, tagging.id
  ) AS of_people) AS ranked
WHERE place <= :most ORDER BY code, place
"""

_WORDS = """
SELECT participant.code AS person, segment.slug IS NOT DISTINCT FROM :slug AS inside, passage.language,
  utterance.id, utterance.text
FROM quotable AS passage JOIN utterance ON utterance.id = passage.utterance_id AND utterance.role = 'participant'
  JOIN participant ON participant.id = passage.participant_id LEFT JOIN segment ON segment.id = participant.segment_id
WHERE passage.study_id = :study_id ORDER BY participant.code, utterance.id
"""

_CONTENT_WORDS = """
SELECT word FROM unnest(CAST(:words AS text[])) AS word
WHERE to_tsvector(CAST(:configuration AS regconfig), word) <> ''
"""


@dataclass(frozen=True)
class CodeCount:
    """A code with the people of a segment who affirm or deny it, and those elsewhere."""

    code: str
    kind: Kind
    labels: dict[str, str]
    affirmed: int
    denied: int
    affirmed_elsewhere: int
    denied_elsewhere: int


_VOICES = """
SELECT segment.slug, count(DISTINCT participant.id) AS people, count(*) AS quotes
FROM quotable AS passage JOIN participant ON participant.id = passage.participant_id
  JOIN segment ON segment.id = participant.segment_id
WHERE passage.study_id = :study_id GROUP BY segment.slug ORDER BY segment.slug
"""


@dataclass(frozen=True)
class Voices:
    """How many people of a segment may be quoted, and in how many places they say something."""

    people: int
    quotes: int


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says, in the segment in question or elsewhere."""

    person: str
    inside: bool
    language: str
    utterance_id: uuid.UUID
    text: str


def read_segments(session: Session, study_id: uuid.UUID) -> tuple[Segment, ...]:
    """Read the segments of a study with their criteria."""
    codes = current_codes(session, study_id)
    return tuple(
        Segment(
            row.slug,
            row.labels,
            tuple(row.aliases),
            row.description,
            row.participants,
            read_criteria(row.slug, row.criteria, codes),
        )
        for row in session.execute(text(_SEGMENTS), {"study_id": study_id})
    )


def count_voices(session: Session, study_id: uuid.UUID) -> dict[str, Voices]:
    """Count what may be quoted of each segment, by its slug; a segment that nobody spoke for is left out."""
    rows = session.execute(text(_VOICES), {"study_id": study_id})
    return {row.slug: Voices(row.people, row.quotes) for row in rows}


def count_codes(session: Session, study_id: uuid.UUID, slug: str, kinds: Collection[Kind]) -> tuple[CodeCount, ...]:
    """Count the people who say something of codes of some kinds, most in the segment first.

    The general code of a kind counts only where the study has no codes of that kind.
    """
    parameters = {"study_id": study_id, "slug": slug, "kinds": [str(kind) for kind in kinds]}
    rows = session.execute(text(_COUNTS), parameters).mappings()
    return tuple(CodeCount(**{**row, "kind": Kind(row["kind"])}) for row in rows)


def typical_marks(
    session: Session, study_id: uuid.UUID, slug: str, codes: Sequence[str], most: int
) -> dict[str, list[Mark]]:
    """The most typical words of people of a segment for codes, up to `most` people each."""
    parameters = {"study_id": study_id, "slug": slug, "codes": list(codes), "most": most}
    marks: dict[str, list[Mark]] = {}
    for row in session.execute(text(_TYPICAL), parameters):
        mark = Mark(row.utterance_id, row.start, row.end, Polarity(row.polarity))
        marks.setdefault(row.code, []).append(mark)
    return marks


def read_words(session: Session, study_id: uuid.UUID, slug: str) -> tuple[Words, ...]:
    """Read everything that participants of a study say, with whether they are of a segment."""
    rows = session.execute(text(_WORDS), {"study_id": study_id, "slug": slug})
    return tuple(Words(row.person, row.inside, row.language, row.id, row.text) for row in rows)


def content_words(session: Session, words: Collection[str], language: str) -> frozenset[str]:
    """The words that are no stop words of their language, as Postgres knows them."""
    parameters = {"words": sorted(words), "configuration": SEARCH_CONFIGURATIONS.of(language)}
    return frozenset(session.scalars(text(_CONTENT_WORDS), parameters))
