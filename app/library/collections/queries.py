"""The SQL of collections."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.isolation import is_open

_COLLECTIONS = """
SELECT collection.id, study.slug AS study, collection.study_id, collection.title, collection.author,
  collection.created_at, '/collections/' || collection.id AS url,
  (SELECT count(*) FROM collected_quote WHERE collected_quote.collection_id = collection.id) AS quotes
FROM collection JOIN study ON study.id = collection.study_id
WHERE {condition}
ORDER BY collection.created_at DESC, collection.id DESC LIMIT :limit
"""
_BEFORE = "collection.study_id = :study_id AND (collection.created_at, collection.id) < (:at, :id)"

_ITEMS = """
SELECT id, utterance_id, start, "end", note, author, created_at FROM collected_quote
WHERE collection_id = :collection_id
ORDER BY place, created_at, id
"""


def collections_before(
    session: Session, study_id: uuid.UUID, before: tuple[dt.datetime, uuid.UUID], limit: int
) -> Sequence[RowMapping]:
    """Up to `limit` collections of a study that are older than (time, id), the newest first."""
    at, identifier = before
    return _rows(session, _COLLECTIONS.format(condition=_BEFORE), study_id=study_id, at=at, id=identifier, limit=limit)


def collection_by_id(session: Session, collection_id: uuid.UUID) -> RowMapping:
    """One collection.

    Raises:
        NotFoundError: there is no such collection.
    """
    rows = _rows(session, _COLLECTIONS.format(condition="collection.id = :id"), id=collection_id, limit=1)
    if not rows or not is_open(session, rows[0]["study_id"]):
        raise NotFoundError("there is no such collection")
    return rows[0]


def items_of(session: Session, collection_id: uuid.UUID) -> Sequence[RowMapping]:
    """Where the words of a collection stand, in its order."""
    return _rows(session, _ITEMS, collection_id=collection_id)


def _rows(session: Session, statement: str, **parameters: Any) -> Sequence[RowMapping]:
    return session.execute(text(statement), parameters).mappings().all()
