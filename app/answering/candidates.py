"""What may be quoted, read by its ids: words of participants, who said them where, and what they are tagged with."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from app.vocabulary import Kind, Polarity


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
    """A participant's utterance that may be quoted."""

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


_CANDIDATES = text("""
SELECT utterance.id AS utterance_id, utterance.transcript_id, utterance.index, utterance.language, utterance.text,
  utterance.start_ms, utterance.end_ms, utterance.confidence,
  interview.code AS interview, participant.code AS participant, segment.slug AS segment,
  question.text AS question_before,
  (SELECT recording.id FROM recording WHERE recording.interview_id = interview.id
    ORDER BY recording.label IS NOT DISTINCT FROM utterance.speaker DESC,
      interview.speakers ->> recording.label IN ('participant', participant.code) DESC NULLS LAST, recording.id
    LIMIT 1) AS recording_id,
  (SELECT jsonb_agg(jsonb_build_array(code.code, code.kind, polarity, basis, tagging.confidence, start, "end")
      ORDER BY tagging.confidence DESC, code.code, start)
    FROM tagging JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL
    WHERE tagging.utterance_id = utterance.id) AS tags
FROM quotable AS passage
  JOIN utterance ON utterance.id = passage.utterance_id AND utterance.role = 'participant'
  JOIN interview ON interview.id = passage.interview_id
  JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
  LEFT JOIN utterance AS question ON question.id = passage.question_id
WHERE passage.study_id = :study_id AND passage.utterance_id = ANY(:utterances)
""")


def read_candidates(
    session: Session, study_id: uuid.UUID, utterances: Collection[uuid.UUID]
) -> dict[uuid.UUID, Candidate]:
    """Those of these utterances that may be quoted: published, of participants of the study."""
    found = session.execute(_CANDIDATES, {"study_id": study_id, "utterances": list(utterances)}).mappings()
    return {row["utterance_id"]: _candidate(row) for row in found}


def _candidate(row: RowMapping) -> Candidate:
    tags = tuple(
        Tag(code, Kind(kind), Polarity(polarity), basis, confidence, start, end)
        for code, kind, polarity, basis, confidence, start, end in row["tags"] or ()
    )
    return Candidate(**{**row, "tags": tags})
