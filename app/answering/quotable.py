"""What may be quoted without being asked for: by its ids, at spans of it."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from app.answering.cite import Quoted, cite
from app.answering.queries import StoredUtterance, stored_utterances
from app.answering.rank import Ranked
from app.answering.retrieve import Candidate, read_tags
from app.answering.schemas import Citation
from app.answering.verify import verify
from app.text import Span
from app.vocabulary import Polarity

_QUOTABLE = """
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
"""


def quotable_by_ids(
    session: Session, study_id: uuid.UUID, utterances: Collection[uuid.UUID]
) -> dict[uuid.UUID, Candidate]:
    """Those of these utterances that may be quoted: published, of participants of the study."""
    found = session.execute(text(_QUOTABLE), {"study_id": study_id, "utterances": list(utterances)}).mappings()
    return {row["utterance_id"]: _candidate(row) for row in found}


def cite_spans(
    session: Session, study: str, study_id: uuid.UUID, spans: Sequence[tuple[uuid.UUID, Span]]
) -> tuple[Citation | None, ...]:
    """Cite spans of utterances, each in its place; nothing in the place of what may not be quoted any more."""
    candidates = quotable_by_ids(session, study_id, {utterance_id for utterance_id, _ in spans})
    stored = stored_utterances(session, list(candidates))
    return tuple(
        _cite(n, candidates.get(utterance_id), span, stored, study)
        for n, (utterance_id, span) in enumerate(spans, start=1)
    )


def _cite(
    n: int, candidate: Candidate | None, span: Span, stored: Mapping[uuid.UUID, StoredUtterance], study: str
) -> Citation | None:
    if candidate is None:
        return None
    quoted = Quoted(Ranked(candidate, 0.0, "fair", None), span, Polarity.AFFIRMED)
    kept, _ = verify([quoted], stored)
    citation = cite(n, quoted, stored[candidate.utterance_id], study) if kept else None
    return citation and citation.model_copy(update={"relevance": None})


def _candidate(row: RowMapping) -> Candidate:
    """A candidate that no list ranks, since nothing was asked."""
    return Candidate(
        **{**row, "tags": read_tags(row["tags"])},
        dense_rank=0,
        dense_score=0.0,
        lexical_rank=0,
        lexical_score=0.0,
        code_rank=0,
        code_score=0.0,
        nearest_code=None,
    )
