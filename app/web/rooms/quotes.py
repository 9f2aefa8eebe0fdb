"""Quotes: everything that participants said, narrowed facet by facet, chosen, taken along."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Form, Query, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.answering.quotable import cite_spans
from app.answering.translate import with_kept_translations
from app.library.browse.counts import count_quotes
from app.library.browse.wanted import WantedQuotes
from app.library.collections.manage import list_collections
from app.library.interviews import read_dates
from app.library.pages import LONGEST_CURSOR, PageRequest
from app.library.queries import find_study
from app.library.quote_pack import pack_quotes
from app.library.quotes import browse_quotes, gather_quotes, search_quotes
from app.library.schemas import QuotePage
from app.rest.dependencies import ServicesDep, SessionDep
from app.rest.origin import origin_of
from app.rest.questions import question_of
from app.rest.quote_query import BrowseQuery
from app.rest.routing import Router
from app.services import Services
from app.text import Span
from app.web.facets import read_facets
from app.web.forms import FORM
from app.web.navigation import Destination
from app.web.quote_facets import counted_facets
from app.web.quote_files import FORMATS, PicksForm, QuoteFormat, quote_file, read_place
from app.web.view import ViewDep

DESTINATIONS = (Destination("quotes", "/quotes"),)
QUOTES_AT_ONCE = 30
MOST_BY_MEANING = 50
MOST_EXPORTED = 5_000
MOST_LISTS = 100
ORDERS = ("said", "newest", "longest", "shortest")

router = Router(prefix="/quotes")


class QuotesQuery(BrowseQuery):
    """What the address of the page wants: quotes with these words, or, by meaning, the best first."""

    by: Literal["words", "meaning"] = "words"
    cursor: str | None = Field(None, max_length=LONGEST_CURSOR)

    @property
    def is_search(self) -> bool:
        """Whether quotes are searched by what they mean."""
        return self.by == "meaning" and any(map(str.isalnum, self.words))


QueryDep = Annotated[QuotesQuery, Query()]


@router.get("")
def show_quotes(view: ViewDep, session: SessionDep, services: ServicesDep, query: QueryDep) -> Response:
    """Show what participants said, with what it can be narrowed by."""
    page = _find(session, view.slug, query, PageRequest(QUOTES_AT_ONCE, query.cursor), services)
    quotes = with_kept_translations(session, page.quotes, view.catalogue.language)
    narrowing = _narrowing(query)
    counts = count_quotes(session, view.slug, narrowing)
    known = read_facets(session, view.slug, view.catalogue)
    facets = counted_facets(known, view.catalogue, narrowing, counts)
    return view.show(
        "quotes/quotes.html",
        here="/quotes",
        query=query,
        orders=ORDERS,
        formats=FORMATS,
        quotes=quotes,
        next_cursor=page.next_cursor,
        counts=counts,
        facets=[facet for facet in facets if not query.is_search or facet.name not in ("polarity", "interview")],
        segments=known.labels("segment"),
        dates=read_dates(session, view.slug, [quote.interview for quote in quotes]),
        collections=list_collections(session, view.slug, PageRequest(MOST_LISTS)).collections,
    )


@router.post("/export", dependencies=FORM)
def export(
    request: Request,
    view: ViewDep,
    session: SessionDep,
    services: ServicesDep,
    query: QueryDep,
    wanted: Annotated[QuoteFormat, Form(alias="format")],
    pick: PicksForm = [],  # noqa: B006 a form field of FastAPI
) -> Response:
    """Give the chosen quotes as a file, or, where none is chosen, all that the address narrows to."""
    if pick:
        page = _picked(session, view.slug, pick)
    else:
        page = _find(session, view.slug, query, PageRequest(MOST_EXPORTED), services)
    quotes = with_kept_translations(session, page.quotes, view.catalogue.language)
    page = page.model_copy(update={"quotes": quotes})
    return quote_file(pack_quotes(session, page, datetime.now(UTC).date(), origin_of(request)), wanted)


def _find(session: Session, study: str, query: QuotesQuery, page: PageRequest, services: Services) -> QuotePage:
    if query.is_search:
        return search_quotes(session, question_of(query.words, study, query.filters()), MOST_BY_MEANING, services)
    find = browse_quotes if page.limit == QUOTES_AT_ONCE else gather_quotes
    return find(session, study, query.wanted(), page)


def _narrowing(query: QuotesQuery) -> WantedQuotes:
    """What facets count under: a search by meaning is not narrowed by its words."""
    wanted = query.wanted()
    return replace(wanted, words="", interviews=(), polarities=()) if query.is_search else wanted


def _picked(session: Session, study: str, picks: list[str]) -> QuotePage:
    places = [(place.utterance, Span(*place.span)) for place in map(read_place, picks)]
    cited = cite_spans(session, study, find_study(session, study), places)
    quotes = tuple(quote for quote in cited if quote)
    return QuotePage(study=study, filters=WantedQuotes().filters, quotes=quotes, next_cursor=None)
