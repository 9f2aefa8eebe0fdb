"""The SQL that reads codebooks and what was done to them."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

# What has no passage is superseded, or may not be quoted, and is counted nowhere.
_CODES = """
SELECT code.code, code.kind, code.labels, code.about, code.examples, code.code = code.kind AS general,
  CASE WHEN code.merged_into IS NOT NULL THEN 'merged' WHEN code.retired_at IS NOT NULL THEN 'retired'
    ELSE 'live' END AS state,
  target.code AS merged_into, code.former_names, used.*
FROM code LEFT JOIN code AS target ON target.id = code.merged_into, LATERAL (
  SELECT count(DISTINCT participant_id) FILTER (WHERE polarity = 'affirmed') AS affirmed_by,
    count(DISTINCT participant_id) FILTER (WHERE polarity = 'denied') AS denied_by,
    count(*) FILTER (WHERE basis = 'person') AS by_persons, count(*) FILTER (WHERE basis <> 'person') AS by_models
  FROM tagging JOIN quotable AS passage ON passage.utterance_id = tagging.utterance_id
  WHERE tagging.code_id = code.id) AS used
WHERE code.study_id = :study_id AND {condition} ORDER BY code.code LIMIT :limit
"""

_STATES = {
    "live": "code.retired_at IS NULL",
    "retired": "code.retired_at IS NOT NULL AND code.merged_into IS NULL",
    "merged": "code.merged_into IS NOT NULL",
    "all": "true",
}

_CHANGES = """
SELECT id, code, action, details - 'moved' - 'doubled' AS details, author, created_at FROM code_change
WHERE study_id = :study_id AND (CAST(:code AS text) IS NULL OR code = :code)
  AND (created_at, id) < (:before, :before_id)
ORDER BY created_at DESC, id DESC LIMIT :limit
"""


def codes_after(
    session: Session, study_id: uuid.UUID, state: str, kinds: Sequence[str], code: str, limit: int
) -> Sequence[RowMapping]:
    """Up to `limit` codes of a state and of some kinds, or of any, after a name."""
    of_kinds = "AND code.kind = ANY(:kinds)" if kinds else ""
    condition = f"{_STATES[state]} {of_kinds} AND code.code > :code"
    parameters = {"study_id": study_id, "kinds": list(kinds), "code": code, "limit": limit}
    return session.execute(text(_CODES.format(condition=condition)), parameters).mappings().all()


def code_by_name(session: Session, study_id: uuid.UUID, code: str) -> RowMapping | None:
    """One code by its present name."""
    statement = text(_CODES.format(condition="code.code = :code"))
    return session.execute(statement, {"study_id": study_id, "code": code, "limit": 1}).mappings().one_or_none()


def changes_before(
    session: Session, study_id: uuid.UUID, code: str | None, before: tuple[datetime, uuid.UUID], limit: int
) -> Sequence[RowMapping]:
    """Up to `limit` changes, of one code or of all, before a time and id, the newest first."""
    parameters: dict[str, Any] = {"study_id": study_id, "code": code, "limit": limit}
    parameters["before"], parameters["before_id"] = before
    return session.execute(text(_CHANGES), parameters).mappings().all()
