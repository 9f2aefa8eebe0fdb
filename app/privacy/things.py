"""Which study a thing is of that an address or a tool names by its id alone."""

import uuid
from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy import text

from app.database import Database

_TABLES = {
    "answer": "answer",
    "collection": "collection",
    "delivery": "delivery",
    "job": "ingest_run",
    "recording": "recording",
    "review": "tagging_review",
    "tagging": "tagging",
    "utterance": "utterance",
}

_STUDY = "SELECT slug FROM study JOIN {table} AS thing ON thing.study_id = study.id WHERE thing.id = :id"


def study_of_thing(database: Database, named: Mapping[str, object]) -> str | None:
    """The slug of the study that a named thing is of, for the audit alone: whoever asks may not know of it.

    Args:
        database: where all studies are seen.
        named: ids by what they are of (`answer`, `utterance_id`); other names and values count for nothing.
    """
    for name, value in named.items():
        table, id_ = _TABLES.get(name.removesuffix("_id")), _as_id(value)
        if table and id_:
            with database.everywhere() as session:
                slug: str | None = session.scalar(text(_STUDY.format(table=table)), {"id": id_})
                return slug
    return None


def _as_id(value: object) -> uuid.UUID | None:
    with suppress(ValueError):
        return uuid.UUID(str(value))
    return None
