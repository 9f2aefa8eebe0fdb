"""Collections: lists of quotes, shared by their link with whoever may read the study."""

import uuid

from fastapi import Depends, Request, Response

from app.library.collections.manage import (
    add_quote,
    arrange_quote,
    create_collection,
    delete_collection,
    list_collections,
    read_collection,
    remove_quote,
    rename_collection,
)
from app.library.collections.schemas import (
    Arrangement,
    Collection,
    CollectionEntry,
    CollectionPage,
    CollectionTitle,
    NewCollection,
    QuotePlace,
)
from app.rest.dependencies import PrincipalDep, SessionDep
from app.rest.negotiation import require_json
from app.rest.origin import refuse_other_pages
from app.rest.paging import PageDep, StudyParam, link_next
from app.rest.routing import Router

router = Router(prefix="/collections", tags=["quotes"])

_JSON = [Depends(require_json)]
_DELETING = [Depends(refuse_other_pages)]


@router.get("", name="list_collections")
def get_collections(
    request: Request, response: Response, session: SessionDep, study: StudyParam, page: PageDep
) -> CollectionPage:
    """List the collections of a study, the newest first."""
    found = list_collections(session, study, page)
    link_next(request, response, found.next_cursor)
    return found


@router.post("", name="create_collection", status_code=201, dependencies=_JSON)
def post_collection(form: NewCollection, session: SessionDep, principal: PrincipalDep) -> CollectionEntry:
    """Begin a list of quotes."""
    return create_collection(session, form.study, form.title, principal)


@router.get("/{collection_id}", name="read_collection")
def get_collection(collection_id: uuid.UUID, session: SessionDep) -> Collection:
    """Read a list with its quotes, each word for word; those that may not be quoted any more are counted."""
    return read_collection(session, collection_id)


@router.patch("/{collection_id}", name="rename_collection", dependencies=_JSON)
def patch_collection(
    collection_id: uuid.UUID, form: CollectionTitle, session: SessionDep, principal: PrincipalDep
) -> CollectionEntry:
    """Give a list another title; a viewer may do so with lists of their own."""
    return rename_collection(session, collection_id, form.title, principal)


@router.delete("/{collection_id}", name="delete_collection", status_code=204, dependencies=_DELETING)
def forget_collection(collection_id: uuid.UUID, session: SessionDep, principal: PrincipalDep) -> None:
    """Take a list away; the quotes stay where they were said."""
    delete_collection(session, collection_id, principal)


@router.post("/{collection_id}/quotes", name="collect_quote", dependencies=_JSON)
def post_quote(
    collection_id: uuid.UUID, place: QuotePlace, session: SessionDep, principal: PrincipalDep
) -> CollectionEntry:
    """Add a quote at the end of a list, by `utterance` and `span` of its citation; the same again changes nothing."""
    return add_quote(session, collection_id, place, principal)


@router.patch("/{collection_id}/quotes/{item_id}", name="arrange_quote", dependencies=_JSON)
def patch_quote(
    collection_id: uuid.UUID, item_id: uuid.UUID, form: Arrangement, session: SessionDep, _principal: PrincipalDep
) -> Collection:
    """Move a quote of a list to another place, or write a note on it."""
    return arrange_quote(session, collection_id, item_id, form)


@router.delete("/{collection_id}/quotes/{item_id}", name="remove_quote", status_code=204, dependencies=_DELETING)
def forget_quote(collection_id: uuid.UUID, item_id: uuid.UUID, session: SessionDep, _principal: PrincipalDep) -> None:
    """Take a quote out of a list."""
    remove_quote(session, collection_id, item_id)
