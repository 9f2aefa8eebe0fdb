"""What is written of collections."""

import uuid
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.errors import ConflictError, NotFoundError
from app.models import CollectedQuote, Collection
from app.text import Span

MOST_QUOTES = 500


def put_collection(session: Session, study_id: uuid.UUID, title: str, author: str) -> uuid.UUID:
    """Begin a collection."""
    collection = Collection(study_id=study_id, title=title, author=author)
    session.add(collection)
    session.flush()
    return collection.id


def rename(session: Session, collection_id: uuid.UUID, title: str) -> None:
    """Give a collection another title."""
    session.execute(update(Collection).where(Collection.id == collection_id).values(title=title))


def drop_collection(session: Session, collection_id: uuid.UUID) -> None:
    """Take a collection away; the quotes stay where they were said."""
    session.execute(delete(Collection).where(Collection.id == collection_id))


def hold(session: Session, collection_id: uuid.UUID) -> None:
    """Let nobody else change a collection until the transaction ends."""
    session.execute(select(Collection.id).where(Collection.id == collection_id).with_for_update())


def annotate(session: Session, item_id: uuid.UUID, note: str | None) -> None:
    """Write a note on words of a collection, or take it away."""
    session.execute(update(CollectedQuote).where(CollectedQuote.id == item_id).values(note=note))


def put_in_order(session: Session, items: Sequence[uuid.UUID]) -> None:
    """Give the words of a collection their places."""
    session.execute(update(CollectedQuote), [{"id": item, "place": place} for place, item in enumerate(items, 1)])


def put_quote(session: Session, collection_id: uuid.UUID, utterance_id: uuid.UUID, span: Span, author: str) -> None:
    """Add words to a collection, at its end; the same again change nothing.

    Raises:
        ConflictError: the collection is full.
    """
    hold(session, collection_id)
    held = select(func.count()).where(CollectedQuote.collection_id == collection_id)
    if (session.scalar(held) or 0) >= MOST_QUOTES:
        raise ConflictError(f"this list holds {MOST_QUOTES} quotes already: begin another one")
    last = select(func.coalesce(func.max(CollectedQuote.place), 0) + 1)
    place = last.where(CollectedQuote.collection_id == collection_id).scalar_subquery()
    values = {"collection_id": collection_id, "utterance_id": utterance_id, "author": author, "place": place}
    session.execute(insert(CollectedQuote).values(start=span.start, end=span.end, **values).on_conflict_do_nothing())


def drop_quote(session: Session, collection_id: uuid.UUID, item_id: uuid.UUID) -> None:
    """Take words out of a collection.

    Raises:
        NotFoundError: they are not in it.
    """
    condition = (CollectedQuote.collection_id == collection_id, CollectedQuote.id == item_id)
    if session.scalar(delete(CollectedQuote).where(*condition).returning(CollectedQuote.id)) is None:
        raise NotFoundError("there is no such quote in this collection")
