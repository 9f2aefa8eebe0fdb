"""The vectors of chunks, made anew by another embedder."""

import uuid
from collections.abc import Callable, Iterator, Sequence

from pgvector import HalfVector
from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.evidence.sources.arrivals import embedded_text
from app.models import Source, SourceChunk, SourceVersion

_BATCH_ROWS = 2048
_FIRST = uuid.UUID(int=0)
_SET_VECTOR = text("UPDATE source_chunk SET embedding = :embedding, model_id = :model_id WHERE id = :id")


def remake_chunk_vectors(
    session: Session, embedder: Embedder, model_id: uuid.UUID, progress: Callable[[str, int, int], None]
) -> int:
    """Embed the chunks of all versions of all sources anew; says how many there are."""
    total, done = session.scalar(select(func.count()).select_from(SourceChunk)) or 0, 0
    for rows in _batches(session):
        vectors = embedder.embed_passages([embedded_text(row.title, row.heading, row.text) for row in rows])
        pairs = zip(rows, vectors, strict=True)
        session.execute(
            _SET_VECTOR,
            [{"id": row.id, "model_id": model_id, "embedding": HalfVector(vector)} for row, vector in pairs],
        )
        done += len(rows)
        progress("chunks of sources", done, total)
    return done


def _batches(session: Session) -> Iterator[Sequence[Row[uuid.UUID, str, str | None, str]]]:
    rows = (
        select(SourceChunk.id, Source.title, SourceChunk.heading, SourceChunk.text)
        .join(SourceVersion, SourceVersion.id == SourceChunk.version_id)
        .join(Source, Source.id == SourceVersion.source_id)
        .order_by(SourceChunk.id)
        .limit(_BATCH_ROWS)
    )
    last = _FIRST
    while batch := session.execute(rows.where(SourceChunk.id > last)).all():
        yield batch
        last = batch[-1].id
