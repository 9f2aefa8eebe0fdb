"""The SQL of imports and exports."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import RowMapping, select, text
from sqlalchemy.orm import Session

from app.models import Code
from app.research.exchange.alignment import Spoken, Talk
from app.research.exchange.known_codes import StoredCode
from app.research.exchange.visible import Visible
from app.tagging.store import read_code_names
from app.vocabulary import Kind

_IMPORTED = """
SELECT code, details ->> 'guid' AS guid FROM code_change
WHERE study_id = :study_id AND action = 'import' AND details ? 'guid'
"""

_TALKS = """
SELECT interview.code AS interview, utterance.id, utterance.text, utterance.start_ms, utterance.end_ms,
  passage.utterance_id IS NOT NULL AS may_be_tagged
FROM interview JOIN utterance ON utterance.transcript_id = interview.transcript_id
  LEFT JOIN quotable AS passage ON passage.utterance_id = utterance.id
WHERE interview.study_id = :study_id ORDER BY interview.code, utterance.index
"""

# What was superseded since it was read has no passage any more.
_ADD = """
INSERT INTO tagging (study_id, utterance_id, code_id, start, "end", polarity, author, basis, confidence)
SELECT :study_id, utterance_id, code_id, start, "end", polarity, author, basis, confidence
FROM unnest(CAST(:utterances AS uuid[]), CAST(:codes AS uuid[]), CAST(:starts AS int[]), CAST(:ends AS int[]),
    CAST(:polarities AS text[]), CAST(:authors AS text[]), CAST(:bases AS text[]), CAST(:confidences AS float8[]))
  AS given(utterance_id, code_id, start, "end", polarity, author, basis, confidence)
  JOIN quotable AS passage USING (utterance_id)
WHERE passage.study_id = :study_id ON CONFLICT DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class TaggingRow:
    """A tagging to store."""

    utterance_id: uuid.UUID
    code: str
    start: int
    end: int
    polarity: str
    author: str
    basis: str = "person"
    confidence: float = 1.0


def stored_codes(session: Session, study_id: uuid.UUID) -> tuple[StoredCode, ...]:
    """The codes of a study with all that leads to them."""
    names: dict[uuid.UUID, set[str]] = defaultdict(set)
    for name, code in read_code_names(session, study_id).items():
        names[code.id].add(name)
    imported: dict[str, set[uuid.UUID]] = defaultdict(set)
    for row in session.execute(text(_IMPORTED), {"study_id": study_id}):
        imported[row.code].add(uuid.UUID(row.guid))
    codes = select(Code).where(Code.study_id == study_id, Code.merged_into.is_(None)).order_by(Code.code)
    return tuple(
        StoredCode(
            code=code.code,
            kind=Kind(code.kind),
            labels=code.labels,
            names=frozenset(names[code.id]),
            imported_as=frozenset(guid for name in names[code.id] for guid in imported[name]),
            retired=code.retired_at is not None,
        )
        for code in session.scalars(codes)
    )


def read_talks(session: Session, study_id: uuid.UUID) -> tuple[Talk, ...]:
    """The published transcripts of a study."""
    rows = session.execute(text(_TALKS), {"study_id": study_id})
    return tuple(
        Talk(
            interview,
            tuple(Spoken(row.id, row.may_be_tagged, Visible(row.text), row.start_ms, row.end_ms) for row in said),
        )
        for interview, said in groupby(rows, lambda row: row.interview)
    )


def add_taggings(session: Session, study_id: uuid.UUID, taggings: Sequence[TaggingRow]) -> int:
    """Store taggings on words that are published; how many were not there yet."""
    codes = {name: code.id for name, code in read_code_names(session, study_id).items()}
    parameters = {
        "study_id": study_id,
        "utterances": [each.utterance_id for each in taggings],
        "codes": [codes[each.code] for each in taggings],
        "starts": [each.start for each in taggings],
        "ends": [each.end for each in taggings],
        "polarities": [each.polarity for each in taggings],
        "authors": [each.author for each in taggings],
        "bases": [each.basis for each in taggings],
        "confidences": [each.confidence for each in taggings],
    }
    return len(session.scalars(text(_ADD), parameters).all())


_CODES = """
SELECT code, kind, labels, about, examples FROM code
WHERE study_id = :study_id AND retired_at IS NULL ORDER BY kind, code <> kind, code
"""

_TAGGINGS = """
SELECT interview.code AS interview, participant.code AS participant, segment.slug AS segment, utterance.language,
  tagging.utterance_id AS utterance, tagging.start, tagging."end",
  substr(utterance.text, tagging.start + 1, tagging."end" - tagging.start) AS quote, utterance.start_ms,
  utterance.end_ms, code.code, code.kind, tagging.polarity, tagging.author, tagging.basis, tagging.confidence,
  tagging.created_at
FROM tagging JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL
  JOIN quotable AS passage ON passage.utterance_id = tagging.utterance_id
  JOIN utterance ON utterance.id = passage.utterance_id AND utterance.role = 'participant'
  JOIN interview ON interview.id = passage.interview_id JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
WHERE tagging.study_id = :study_id AND (:with_models OR tagging.basis = 'person')
ORDER BY interview.code, utterance.index, tagging.start, tagging."end", code.code, tagging.author, tagging.id
"""

_SAID = """
SELECT interview.code AS interview, utterance.id, coalesce(participant.code, utterance.role) AS speaker, utterance.text
FROM interview JOIN utterance ON utterance.transcript_id = interview.transcript_id
  LEFT JOIN participant ON participant.id = utterance.participant_id
WHERE interview.study_id = :study_id AND consents_to(interview.consent, 'quotes')
ORDER BY interview.code, utterance.index
"""

_PEOPLE = """
SELECT participant.code, segment.slug AS segment, participant.language, customer.band AS ltv_band,
  customer.abcd_class, ARRAY(
    SELECT interview.code FROM interview JOIN interview_participant ON interview_id = interview.id
    WHERE participant_id = participant.id AND interview.transcript_id IS NOT NULL
      AND consents_to(interview.consent, 'quotes') ORDER BY interview.code) AS interviews
FROM participant LEFT JOIN segment ON segment.id = participant.segment_id
  LEFT JOIN customer ON customer.id = participant.customer_id
WHERE participant.study_id = :study_id ORDER BY participant.code
"""


def exported_codes(session: Session, study_id: uuid.UUID) -> Sequence[RowMapping]:
    """The codes that are in use, the general code of each kind before the study's own."""
    return _rows(session, _CODES, study_id)


def exported_taggings(session: Session, study_id: uuid.UUID, *, with_models: bool) -> Sequence[RowMapping]:
    """The taggings by persons, or by models too, in the order of what was said."""
    return _rows(session, _TAGGINGS, study_id, with_models=with_models)


def exported_utterances(session: Session, study_id: uuid.UUID) -> Sequence[RowMapping]:
    """What is said in published transcripts that may be quoted, in order."""
    return _rows(session, _SAID, study_id)


def exported_people(session: Session, study_id: uuid.UUID) -> Sequence[RowMapping]:
    """The participants with what is known of them, and their interviews among those that are exported."""
    return _rows(session, _PEOPLE, study_id)


def _rows(session: Session, statement: str, study_id: uuid.UUID, **parameters: bool) -> Sequence[RowMapping]:
    return session.execute(text(statement), {"study_id": study_id, **parameters}).mappings().all()
