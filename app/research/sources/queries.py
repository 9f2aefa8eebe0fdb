"""The SQL of external sources. Every statement names the study."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, select, text
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.models import Source

_SOURCES = """
SELECT source.code, source.kind, source.competitor, source.title, source.url, source.problem,
  source_version.version, source_version.language, source_version.date, source_version.seen_at,
  (SELECT count(*) FROM source_version AS every WHERE every.source_id = source.id) AS versions,
  (SELECT count(*) FROM source_chunk WHERE source_chunk.version_id = source.version_id) AS chunks
FROM source LEFT JOIN source_version ON source_version.id = source.version_id
WHERE source.study_id = :study_id AND {condition}
ORDER BY source.code LIMIT :limit
"""

_FILTERS = """source.code > :code
  AND (CAST(:kind AS text) IS NULL OR source.kind = :kind)
  AND (CAST(:competitor AS text) IS NULL OR lower(source.competitor) = lower(:competitor))"""

_VERSIONS = """
SELECT source_version.version, source_version.name, media_type, size_bytes, sha256, source_version.language, extractor,
  date, seen_at, source_version.created_at,
  (SELECT count(*) FROM source_chunk WHERE source_chunk.version_id = source_version.id) AS chunks
FROM source_version JOIN source ON source.id = source_version.source_id
WHERE source.study_id = :study_id AND source_version.study_id = :study_id AND source.code = :code
ORDER BY source_version.version
"""

_TEXT = """
SELECT source_version.text FROM source_version JOIN source ON source.id = source_version.source_id
WHERE source.study_id = :study_id AND source_version.study_id = :study_id AND source.code = :code AND version = :version
"""


def sources_after(
    session: Session, study_id: uuid.UUID, code: str, kind: str | None, competitor: str | None, limit: int
) -> Sequence[RowMapping]:
    """Up to `limit` sources of a study after a code, of a kind or about a competitor alone, where one is given."""
    statement = _SOURCES.format(condition=_FILTERS)
    return _rows(session, statement, study_id, code=code, kind=kind, competitor=competitor, limit=limit)


def source_by_code(session: Session, study_id: uuid.UUID, code: str) -> RowMapping:
    """One source of a study.

    Raises:
        NotFoundError: the study has no such source.
    """
    rows = _rows(session, _SOURCES.format(condition="source.code = :code"), study_id, code=code, limit=1)
    if not rows:
        raise NotFoundError("there is no such source in this study")
    return rows[0]


def codes_with_address(session: Session, study_id: uuid.UUID) -> tuple[str, ...]:
    """The codes of the sources of a study that have an address."""
    found = select(Source.code).where(Source.study_id == study_id, Source.url.is_not(None))
    return tuple(session.scalars(found.order_by(Source.code)))


def versions_of(session: Session, study_id: uuid.UUID, code: str) -> Sequence[RowMapping]:
    """The versions of a source, the oldest first."""
    return _rows(session, _VERSIONS, study_id, code=code)


def text_of(session: Session, study_id: uuid.UUID, code: str, version: int) -> str:
    """The text of a version of a source; empty where there is no such version."""
    parameters = {"study_id": study_id, "code": code, "version": version}
    return session.scalar(text(_TEXT), parameters) or ""


def _rows(session: Session, statement: str, study_id: uuid.UUID, **parameters: Any) -> Sequence[RowMapping]:
    return session.execute(text(statement), {"study_id": study_id, **parameters}).mappings().all()
