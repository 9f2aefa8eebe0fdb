"""Lists of quotes: put together on any page that shows quotes, read under their links."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Form, Query, Request
from starlette.responses import Response

from app.answering.translate import with_kept_translations
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
from app.library.collections.schemas import LONGEST_NOTE, LONGEST_TITLE, Arrangement
from app.library.interviews import read_dates
from app.library.quote_pack import QuotePack
from app.rest.dependencies import SessionDep
from app.rest.origin import origin_of
from app.rest.paging import PageDep
from app.rest.routing import Router
from app.scope import Filters
from app.text import MOST_OFFSET
from app.web.facets import read_facets
from app.web.forms import FORM, LONGEST_ADDRESS, way_back
from app.web.navigation import Destination
from app.web.quote_files import FORMATS, PLACE, PicksForm, QuoteFormat, quote_file, quote_place, read_place
from app.web.view import ViewDep

DESTINATIONS: tuple[Destination, ...] = ()

TakenQuery = Query(pattern=f"^({PLACE})?$")
TitleForm = Annotated[str, Form(min_length=1, max_length=LONGEST_TITLE)]

router = Router(prefix="/collections")


@router.get("")
def show_collections(view: ViewDep, session: SessionDep, page: PageDep) -> Response:
    """Show the lists of a study, the newest first."""
    return view.show("collections/collections.html", page=list_collections(session, view.slug, page))


@router.post("/quotes", dependencies=FORM)
def collect(
    view: ViewDep,
    session: SessionDep,
    pick: PicksForm = [],  # noqa: B006 a form field of FastAPI
    collection: Annotated[uuid.UUID | Literal[""], Form()] = "",
    title: Annotated[str, Form(max_length=LONGEST_TITLE)] = "",
    back: Annotated[str, Form(max_length=LONGEST_ADDRESS)] = "/",
) -> Response:
    """Add the chosen quotes to a list, or to a new one, and lead back to where they were shown."""
    if not pick:
        return view.go(way_back(back), flash="none_chosen")
    wanted = collection or create_collection(session, view.slug, title.strip() or _untitled(view), view.reader).id
    for place in map(read_place, pick):
        add_quote(session, wanted, place, view.reader)
    return view.go(way_back(back), flash="collected")


@router.get("/{collection_id}")
def show_collection(
    collection_id: uuid.UUID, view: ViewDep, session: SessionDep, taken: Annotated[str, TakenQuery] = ""
) -> Response:
    """Show a list with its quotes: the link under which it is shared; what was just `taken` out can be had back."""
    collection = read_collection(session, collection_id)
    view = view.of(collection.study)
    return view.show(
        "collections/collection.html",
        study_stays=False,
        collection=collection,
        taken=taken,
        formats=FORMATS,
        longest_note=LONGEST_NOTE,
        segments=read_facets(session, collection.study, view.catalogue).labels("segment"),
        dates=read_dates(session, collection.study, [item.quote.interview for item in collection.items]),
    )


@router.post("/{collection_id}/title", dependencies=FORM)
def rename(collection_id: uuid.UUID, view: ViewDep, session: SessionDep, title: TitleForm) -> Response:
    """Give a list another title."""
    rename_collection(session, collection_id, title.strip() or _untitled(view), view.reader)
    return view.go(f"/collections/{collection_id}", flash="kept")


@router.post("/{collection_id}/move", dependencies=FORM)
def move(
    collection_id: uuid.UUID,
    view: ViewDep,
    session: SessionDep,
    item: Annotated[uuid.UUID, Form()],
    position: Annotated[int, Form(ge=1, le=MOST_OFFSET)],
) -> Response:
    """Move a quote to another place of its list."""
    arrange_quote(session, collection_id, item, Arrangement(position=position))
    return view.go(f"/collections/{collection_id}#quote-{position}")


@router.post("/{collection_id}/note", dependencies=FORM)
def write_note(
    collection_id: uuid.UUID,
    view: ViewDep,
    session: SessionDep,
    item: Annotated[uuid.UUID, Form()],
    note: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
) -> Response:
    """Write a note on a quote of a list, or take it away."""
    arrange_quote(session, collection_id, item, Arrangement(note=note))
    return view.go(f"/collections/{collection_id}", flash="kept")


@router.post("/{collection_id}/remove", dependencies=FORM)
def take_out(
    collection_id: uuid.UUID, view: ViewDep, session: SessionDep, item: Annotated[uuid.UUID, Form()]
) -> Response:
    """Take a quote out of a list."""
    quotes = {held.id: held.quote for held in read_collection(session, collection_id).items}
    remove_quote(session, collection_id, item)
    taken = quote_place(quotes[item]) if item in quotes else None
    return view.go(view.address(f"/collections/{collection_id}", taken=taken), flash="kept")


@router.get("/{collection_id}/export")
def export(
    request: Request,
    collection_id: uuid.UUID,
    view: ViewDep,
    session: SessionDep,
    wanted: Annotated[QuoteFormat, Query(alias="format")],
) -> Response:
    """Give a list as a file, in its order and under its title."""
    collection = read_collection(session, collection_id)
    quotes = tuple(item.quote for item in collection.items)
    translated = with_kept_translations(session, quotes, view.catalogue.language)
    pack = QuotePack(collection.title, Filters(), datetime.now(UTC).date(), origin_of(request), translated)
    return quote_file(pack, wanted)


@router.post("/{collection_id}/delete", dependencies=FORM)
def take_away(collection_id: uuid.UUID, view: ViewDep, session: SessionDep) -> Response:
    """Take a list away."""
    study = read_collection(session, collection_id).study
    delete_collection(session, collection_id, view.reader)
    return view.go(view.of(study).address("/collections"), flash="kept")


def _untitled(view: ViewDep) -> str:
    return view.catalogue.text("collections.untitled")
