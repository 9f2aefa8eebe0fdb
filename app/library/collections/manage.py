"""Lists of quotes: begun, read, added to, taken from; every quote is cut out of the stored text when it is read."""

import uuid

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.answering.quotable import cite_spans
from app.answering.schemas import Citation
from app.errors import Fault, ForbiddenError, InvalidInputError, NotFoundError
from app.library.collections import queries, store
from app.library.collections.schemas import (
    Arrangement,
    CollectedQuote,
    Collection,
    CollectionEntry,
    CollectionPage,
    QuotePlace,
)
from app.library.pages import PageRequest, cut_page, decode_moment, moment_keys
from app.library.queries import find_study
from app.privacy.keys import KeyRole, Principal
from app.text import Span


def list_collections(session: Session, study: str, page: PageRequest) -> CollectionPage:
    """One page of the lists of a study, the newest first.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the cursor is none of this list.
    """
    before = decode_moment(page.cursor)
    found = queries.collections_before(session, find_study(session, study), before, page.limit + 1)
    rows, next_cursor = cut_page(found, page.limit, moment_keys)
    return CollectionPage(collections=tuple(map(_entry, rows)), next_cursor=next_cursor)


def create_collection(session: Session, study: str, title: str, author: Principal) -> CollectionEntry:
    """Begin a list.

    Raises:
        NotFoundError: there is no such study.
    """
    collection_id = store.put_collection(session, find_study(session, study), title, author.name)
    return _entry(queries.collection_by_id(session, collection_id))


def read_collection(session: Session, collection_id: uuid.UUID) -> Collection:
    """A list with its quotes, numbered in their order.

    Raises:
        NotFoundError: there is no such list.
    """
    row = queries.collection_by_id(session, collection_id)
    items = queries.items_of(session, collection_id)
    cited = cite_spans(session, row["study"], row["study_id"], [_place(item) for item in items])
    kept = [(item, quote) for item, quote in zip(items, cited, strict=True) if quote]
    collected = tuple(_collected(item, quote, n) for n, (item, quote) in enumerate(kept, start=1))
    return Collection(**dict(_entry(row)), items=collected, lost=len(items) - len(kept))


def rename_collection(session: Session, collection_id: uuid.UUID, title: str, by: Principal) -> CollectionEntry:
    """Give a list another title.

    Raises:
        NotFoundError: there is no such list.
        ForbiddenError: it is somebody else's, and this is no researcher.
    """
    _may_change(queries.collection_by_id(session, collection_id), by)
    store.rename(session, collection_id, title)
    return _entry(queries.collection_by_id(session, collection_id))


def delete_collection(session: Session, collection_id: uuid.UUID, by: Principal) -> None:
    """Take a list away; raises what `rename_collection` raises."""
    _may_change(queries.collection_by_id(session, collection_id), by)
    store.drop_collection(session, collection_id)


def add_quote(session: Session, collection_id: uuid.UUID, place: QuotePlace, by: Principal) -> CollectionEntry:
    """Add a quote to a list, at its end; the same words again change nothing.

    Raises:
        NotFoundError: there is no such list.
        InvalidInputError: at this place of the list's study nothing may be quoted.
        ConflictError: the list is full.
    """
    row, span = queries.collection_by_id(session, collection_id), Span(*place.span)
    if cite_spans(session, row["study"], row["study_id"], [(place.utterance, span)]) == (None,):
        fault = Fault("utterance", "nothing may be quoted here", "use `utterance` and `span` of a quote of this study")
        raise InvalidInputError("this is no quote", (fault,))
    store.put_quote(session, collection_id, place.utterance, span, by.name)
    return _entry(queries.collection_by_id(session, collection_id))


def arrange_quote(
    session: Session, collection_id: uuid.UUID, item_id: uuid.UUID, arrangement: Arrangement
) -> Collection:
    """Move a quote to another place among those that are shown, or write a note on it.

    Raises:
        NotFoundError: there is no such list, or the quote is not in it.
    """
    queries.collection_by_id(session, collection_id)
    store.hold(session, collection_id)
    shown = [item.id for item in read_collection(session, collection_id).items]
    if item_id not in shown:
        raise NotFoundError("there is no such quote in this collection")
    if "note" in arrangement.model_fields_set:
        store.annotate(session, item_id, arrangement.note or None)
    if arrangement.position is not None:
        shown.remove(item_id)
        order = [item["id"] for item in queries.items_of(session, collection_id) if item["id"] != item_id]
        after = shown[arrangement.position - 1 :]
        order.insert(order.index(after[0]) if after else len(order), item_id)
        store.put_in_order(session, order)
    return read_collection(session, collection_id)


def remove_quote(session: Session, collection_id: uuid.UUID, item_id: uuid.UUID) -> None:
    """Take a quote out of a list.

    Raises:
        NotFoundError: there is no such list, or it is not in it.
    """
    queries.collection_by_id(session, collection_id)
    store.drop_quote(session, collection_id, item_id)


def _may_change(row: RowMapping, by: Principal) -> None:
    if by.role_in(row["study_id"]) is KeyRole.VIEWER and row["author"] != by.name:
        raise ForbiddenError("this list is somebody else's: begin one of your own")


def _entry(row: RowMapping) -> CollectionEntry:
    return CollectionEntry.model_validate({name: row[name] for name in CollectionEntry.model_fields})


def _place(item: RowMapping) -> tuple[uuid.UUID, Span]:
    return item["utterance_id"], Span(item["start"], item["end"])


def _collected(item: RowMapping, quote: Citation, n: int) -> CollectedQuote:
    numbered = quote.model_copy(update={"n": n})
    told = {name: item[name] for name in ("id", "note", "author", "created_at")}
    return CollectedQuote(**told, quote=numbered)
