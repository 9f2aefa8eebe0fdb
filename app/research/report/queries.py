"""The SQL of the report: which words stand best for a code."""

import uuid
from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

_BEST = """
WITH own AS (
  SELECT code.code, passage.utterance_id, tagging.basis, tagging.confidence, tagging.polarity,
    row_number() OVER (PARTITION BY code.id, passage.participant_id
      ORDER BY tagging.polarity, tagging.basis = 'person' DESC, tagging.confidence DESC, passage.utterance_id) AS turn
  FROM code JOIN tagging ON tagging.code_id = code.id
    JOIN quotable AS passage ON passage.utterance_id = tagging.utterance_id
  WHERE code.study_id = :study_id AND passage.study_id = :study_id AND code.code = ANY(:codes))
SELECT code, utterance_id FROM (
  SELECT code, utterance_id, row_number() OVER (PARTITION BY code
    ORDER BY polarity, basis = 'person' DESC, confidence DESC, utterance_id) AS place
  FROM own WHERE turn = 1) AS ranked
WHERE place <= :most ORDER BY code, place
"""


def best_places(session: Session, study_id: uuid.UUID, codes: Collection[str], most: int) -> dict[str, list[uuid.UUID]]:
    """Up to `most` utterances for each code, one a person: affirmed first, then tagged by persons, then surest."""
    parameters = {"study_id": study_id, "codes": sorted(codes), "most": most}
    places: dict[str, list[uuid.UUID]] = {}
    for row in session.execute(text(_BEST), parameters):
        places.setdefault(row.code, []).append(row.utterance_id)
    return places
