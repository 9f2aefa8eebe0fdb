"""The SQL that reads what no code of a study names."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, RowMapping, text
from sqlalchemy.orm import Session

from app.research.codebook.tagging_queries import WORDS

MOST_PASSAGES = 20_000
LEAST_WORDS = 5

# In an order that has nothing to do with who said it or when, where not all can be read.
_UNNAMED = """
SELECT passage.utterance_id, participant.code AS person, segment.slug AS segment, passage.language,
  CAST(passage.embedding AS real[]) AS vector
FROM quotable AS passage JOIN utterance ON utterance.id = passage.utterance_id AND utterance.role = 'participant'
  JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
WHERE passage.study_id = :study_id AND passage.model_id = :model_id
  AND array_length(regexp_split_to_array(btrim(utterance.text), '\\s+'), 1) >= :words
  AND NOT EXISTS (SELECT FROM tagging JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL
    WHERE tagging.utterance_id = passage.utterance_id AND code.code <> code.kind)
ORDER BY md5(CAST(passage.utterance_id AS text)), passage.utterance_id LIMIT :most
"""

_PEOPLE = "SELECT count(DISTINCT participant_id) FROM quotable AS passage WHERE study_id = :study_id"

_SAID = f"""
SELECT {WORDS}
FROM quotable AS passage JOIN utterance ON utterance.id = passage.utterance_id AND utterance.role = 'participant'
  JOIN interview ON interview.id = passage.interview_id JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
  LEFT JOIN utterance AS question ON question.id = passage.question_id
WHERE passage.study_id = :study_id AND passage.utterance_id = ANY(:ids)
"""  # noqa: S608 fixed fragments only


def unnamed_passages(session: Session, study_id: uuid.UUID, model_id: uuid.UUID) -> Sequence[Row[Any]]:
    """What participants say in some words that no code of the study's own names, up to a limit."""
    parameters = {"study_id": study_id, "model_id": model_id, "words": LEAST_WORDS, "most": MOST_PASSAGES}
    return session.execute(text(_UNNAMED), parameters).all()


def count_people(session: Session, study_id: uuid.UUID) -> int:
    """Count the participants whose words may be quoted."""
    return session.scalar(text(_PEOPLE), {"study_id": study_id}) or 0


def said_by_id(session: Session, study_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, RowMapping]:
    """Published utterances of participants by their ids."""
    rows = session.execute(text(_SAID), {"study_id": study_id, "ids": list(ids)}).mappings()
    return {row["utterance"]: row for row in rows}
