"""Quotes: searched or browsed; as JSON, CSV, Markdown or a Word document."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session

from app.answering.translate import with_kept_translations
from app.errors import Fault, InvalidInputError
from app.library.export import to_csv
from app.library.pages import DEFAULT_LIMIT, LONGEST_CURSOR, MOST_LIMIT, PageRequest
from app.library.quote_pack import QuotePack, pack_docx, pack_markdown, pack_quotes
from app.library.quotes import browse_quotes, search_quotes
from app.library.schemas import QuotePage
from app.rest.dependencies import ReadingSessionDep, ServicesDep
from app.rest.figures import as_file
from app.rest.negotiation import choose_media_type
from app.rest.origin import origin_of
from app.rest.paging import LONGEST_SLUG, faults_in_query, link_next
from app.rest.questions import question_of
from app.rest.quote_query import BrowseQuery
from app.rest.routing import Router
from app.services import Services

router = Router(prefix="/quotes", tags=["quotes"])

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA_TYPES = {"json": "application/json", "csv": "text/csv", "markdown": "text/markdown", "docx": _DOCX}
_WRITERS: dict[str, Callable[[QuotePack], str | bytes]] = {
    "text/csv": lambda pack: to_csv(pack.quotes, pack.host),
    "text/markdown": pack_markdown,
    _DOCX: pack_docx,
}
_FILES = {"text/csv": "quotes.csv", _DOCX: "quotes.docx"}
_TEXT = {"schema": {"type": "string"}}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FORMATS: dict[int | str, dict[str, Any]] = {
    200: {"model": QuotePage, "content": {"text/csv": _TEXT, "text/markdown": _TEXT, _DOCX: _BINARY}}
}
_PARAMETERS = {
    "filters.segments": "query.segment",
    "filters.languages": "query.language",
    "filters.codes": "query.code",
    "filters.participants": "query.participant",
    "filters.bands": "query.band",
    "interviews": "query.interview",
}


class QuoteQuery(BrowseQuery):
    """Which quotes of a study are wanted, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    q: str | None = Field(
        None, max_length=2000, description="what to search for, in any language; unset, all is listed in order"
    )
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MOST_LIMIT, description="most quotes of this page")
    cursor: str | None = Field(
        None, max_length=LONGEST_CURSOR, description="`next_cursor` of the page before, unchanged; not with `q`"
    )
    format: Literal["json", "csv", "markdown", "docx"] | None = Field(None, description="stronger than `Accept`")
    translate: str | None = Field(
        None,
        pattern="^[a-z]{2}$",
        description="language of the machine translations that are kept, beside the quotes",
    )


@router.get("", name="list_quotes", responses=_FORMATS)
def get_quotes(
    request: Request, query: Annotated[QuoteQuery, Query()], session: ReadingSessionDep, services: ServicesDep
) -> Response:
    """Search what participants said, the best first, or list it in order; every quote is word for word."""
    accepted = MEDIA_TYPES[query.format] if query.format else request.headers.get("accept")
    media_type = choose_media_type(accepted, tuple(MEDIA_TYPES.values()))
    page = _find(query, session, services)
    if query.translate:
        quotes = with_kept_translations(session, page.quotes, query.translate)
        page = page.model_copy(update={"quotes": quotes})
    if media_type == MEDIA_TYPES["json"]:
        content: str | bytes = page.model_dump_json()
    else:
        pack = pack_quotes(session, page, datetime.now(UTC).date(), origin_of(request))
        content = _WRITERS[media_type](pack)
    headers = {"Vary": "Accept"} | (as_file(_FILES[media_type]) if media_type in _FILES else {})
    response = Response(content, media_type=media_type, headers=headers)
    link_next(request, response, page.next_cursor)
    return response


def _find(query: QuoteQuery, session: Session, services: Services) -> QuotePage:
    with faults_in_query(_PARAMETERS):
        if query.q is None:
            return browse_quotes(session, query.study, query.wanted(), PageRequest(query.limit, query.cursor))
        _check_search(query)
        question = question_of(query.q, query.study, query.filters())
        return search_quotes(session, question, query.limit, services)


def _check_search(query: QuoteQuery) -> None:
    """Refuse with a search what only a list can do."""
    faults = [
        Fault(f"query.{name}", "a search is not narrowed by it", "leave it out, or leave `q` out")
        for name in ("interview", "polarity", "words", "order")
        if name in query.model_fields_set
    ]
    if query.cursor is not None:
        faults.append(Fault("query.cursor", "a search has one page", "leave the cursor out, or raise `limit`"))
    if faults:
        raise InvalidInputError("this is no search", tuple(faults))
