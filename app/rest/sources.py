"""External sources: listed, read, compared over time; taken in as files or from the web, refreshed, removed."""

from functools import cache
from importlib import import_module
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.days import Day
from app.documents.extraction import MOST_BYTES
from app.documents.pages import Web
from app.library.pages import DEFAULT_LIMIT, LONGEST_CURSOR, MOST_LIMIT, PageRequest
from app.research.sources.form import SourceForm
from app.research.sources.manage import refresh, remove, take_file, take_page
from app.research.sources.read import Wanted, list_sources, read_changes, read_source
from app.research.sources.schemas import Changes, SourceDetail, SourcePage, TakenSource
from app.rest.dependencies import EditorDep, ServicesDep, SessionDep
from app.rest.forms import form_of, place_for_upload, read_json
from app.rest.origin import refuse_other_pages
from app.rest.paging import LONGEST_SLUG, CodeParam, StudyParam, link_next
from app.rest.routing import Router
from app.rest.uploads import FILE_FIELD, Memory, is_form, receive_form
from app.vocabulary import SourceKind

router = Router(prefix="/sources", tags=["research"])

_FORM = SourceForm.model_json_schema(ref_template="#/components/schemas/{model}")
_KINDS = _FORM.pop("$defs")["SourceKind"]
_FORM["properties"]["kind"] = {**_KINDS, **{k: v for k, v in _FORM["properties"]["kind"].items() if k != "$ref"}}
_WITH_FILE = {
    "type": "object",
    "properties": {FILE_FIELD: {"type": "string", "format": "binary"}, **_FORM["properties"]},
    "required": [FILE_FIELD, *_FORM["required"]],
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"multipart/form-data": {"schema": _WITH_FILE}, "application/json": {"schema": _FORM}},
    }
}
_CHANGING = [Depends(refuse_other_pages)]


@cache
def reached_web() -> Web:
    """The part of the web that pages are fetched from."""
    web: Web = import_module("app.documents.web").PublicWeb()
    return web


WebDep = Annotated[Web, Depends(reached_web)]


class SourceQuery(BaseModel):
    """Which sources are wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    kind: SourceKind | None = Field(None, description="only sources of this kind")
    competitor: str | None = Field(None, max_length=100, description="only sources about this competitor")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MOST_LIMIT, description="most items of this page")
    cursor: str | None = Field(
        None, max_length=LONGEST_CURSOR, description="`next_cursor` of the page before, unchanged"
    )


class VersionQuery(BaseModel):
    """Which text of a source is wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    version: int | None = Field(None, ge=1, le=2**31 - 1, description="unset, the one that questions see")
    cursor: str | None = Field(
        None, max_length=LONGEST_CURSOR, description="`next_cursor` of the page of text before, unchanged"
    )


class ChangesQuery(BaseModel):
    """Which versions of a source are compared."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    before: int | None = Field(None, alias="from", ge=1, le=2**31 - 1, description="unset, the version before `to`")
    after: int | None = Field(None, alias="to", ge=1, le=2**31 - 1, description="unset, the one that questions see")
    since: Day | None = Field(None, description="instead of `from`: the version that was known on this day")


@router.get("", name="list_sources")
def get_sources(
    request: Request, response: Response, session: SessionDep, query: Annotated[SourceQuery, Query()]
) -> SourcePage:
    """List the external sources of a study: what they are and say, never counted as people."""
    page = list_sources(session, query.study, PageRequest(query.limit, query.cursor), query.kind, query.competitor)
    link_next(request, response, page.next_cursor)
    return page


@router.post("", name="add_source", openapi_extra=_BODY, dependencies=_CHANGING)
def post_source(request: Request, services: ServicesDep, _editor: EditorDep, web: WebDep) -> TakenSource:
    """Take a document in, as a file of a form, or fetched from the address in a JSON body.

    It is HTML, PDF, Word (.docx), Markdown or text. The same bytes again change nothing; other bytes from the same
    address are the next version of the same source.
    """
    with place_for_upload(request):
        if not is_form(request):
            return take_page(services, read_json(SourceForm, request), web)
        upload = receive_form(request, Memory(MOST_BYTES))
    return take_file(services, form_of(SourceForm, upload.fields, "body"), upload.file.name, upload.file.kept)


@router.get("/{code}", name="read_source")
def get_source(session: SessionDep, code: CodeParam, query: Annotated[VersionQuery, Query()]) -> SourceDetail:
    """Read a source with its versions, and the text of one of them page by page."""
    return read_source(session, query.study, code, query.version, query.cursor)


@router.get("/{code}/changes", name="read_source_changes")
def get_changes(session: SessionDep, code: CodeParam, query: Annotated[ChangesQuery, Query()]) -> Changes:
    """Compare two versions of a source sentence by sentence, with the numbers and prices that changed."""
    return read_changes(session, query.study, code, Wanted(query.before, query.after, query.since))


@router.post("/{code}/refresh", name="refresh_source", dependencies=_CHANGING)
def post_refresh(
    services: ServicesDep, _editor: EditorDep, web: WebDep, code: CodeParam, study: StudyParam
) -> TakenSource:
    """Fetch a source again; where its words are others than before, that is its next version."""
    return refresh(services, study, code, web)


@router.delete("/{code}", name="delete_source", status_code=204, dependencies=_CHANGING)
def delete_source(session: SessionDep, _editor: EditorDep, code: CodeParam, study: StudyParam) -> None:
    """Remove a source with all that it ever said."""
    remove(session, study, code)
