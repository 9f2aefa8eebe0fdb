"""The SQL of the matrix: its codes, and the words that are tagged with them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.library.marks import Mark
from app.vocabulary import Kind, Polarity

_CODES = """
SELECT code, kind, labels FROM code
WHERE study_id = :study_id AND kind = ANY(:kinds) AND code <> kind AND retired_at IS NULL AND merged_into IS NULL
ORDER BY array_position(CAST(:kinds AS text[]), kind), code
"""

_MENTIONS = """
SELECT participant.code AS person, segment.slug AS segment, code.code, interview.code AS interview,
  utterance.index AS place, utterance.id AS utterance_id, tagging.start, tagging."end", tagging.polarity,
  utterance.text, question.text AS question_before,
  ARRAY(SELECT DISTINCT rival.code FROM tagging AS other JOIN code AS rival ON rival.id = other.code_id
    WHERE other.utterance_id = utterance.id AND other.polarity = 'affirmed' AND rival.code = ANY(:rivals)
      AND other.start < tagging."end" AND tagging.start < other."end"
      AND (NOT :by_persons OR other.basis = 'person')) AS beside
FROM quotable AS passage JOIN utterance ON utterance.id = passage.utterance_id AND utterance.role = 'participant'
  JOIN tagging ON tagging.utterance_id = utterance.id JOIN code ON code.id = tagging.code_id
  JOIN interview ON interview.id = passage.interview_id JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id LEFT JOIN utterance AS question ON question.id = question_id
WHERE passage.study_id = :study_id AND code.study_id = :study_id AND code.code = ANY(:codes)
  AND (NOT :by_persons OR tagging.basis = 'person')
ORDER BY interview.code, utterance.index, code.code, tagging.start, tagging.id
"""


@dataclass(frozen=True)
class MatrixCode:
    """A code of the matrix."""

    code: str
    kind: Kind
    labels: dict[str, str]


@dataclass(frozen=True)
class Mention:
    """Words that are tagged with a code, the question before them, and the codes of alternatives that they affirm."""

    person: str
    segment: str | None
    code: str
    interview: str
    place: int
    mark: Mark
    text: str
    question_before: str | None
    beside: tuple[str, ...]


def read_codes(session: Session, study_id: uuid.UUID, kinds: Collection[Kind]) -> tuple[MatrixCode, ...]:
    """Read the codes of some kinds that are in use, in the order of the kinds."""
    rows = session.execute(text(_CODES), {"study_id": study_id, "kinds": [str(kind) for kind in kinds]})
    return tuple(MatrixCode(row.code, Kind(row.kind), row.labels) for row in rows)


def read_mentions(
    session: Session, study_id: uuid.UUID, codes: Collection[str], rivals: Collection[str], *, by_persons: bool
) -> tuple[Mention, ...]:
    """Read the words that are tagged with codes, in the order of interviews and utterances."""
    parameters = {"study_id": study_id, "codes": sorted(codes), "rivals": sorted(rivals), "by_persons": by_persons}
    return tuple(
        Mention(
            row.person,
            row.segment,
            row.code,
            row.interview,
            row.place,
            Mark(row.utterance_id, row.start, row.end, Polarity(row.polarity)),
            row.text,
            row.question_before,
            tuple(row.beside),
        )
        for row in session.execute(text(_MENTIONS), parameters)
    )
