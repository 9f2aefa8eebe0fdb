"""Insights: listed with what is stale, read with their quotes, written, edited, linked, imported from boards."""

import uuid
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.evidence.insights.places import Place
from app.library.pages import DEFAULT_LIMIT, LONGEST_CURSOR, MOST_LIMIT, PageRequest
from app.research.insights.boards.reading import MOST_BYTES
from app.research.insights.forms import LONGEST_LINE, EvidenceForm, InsightForm, InsightPatch
from app.research.insights.imports import BoardFile, BoardReport, import_insights
from app.research.insights.manage import create_insight, edit_insight, forget_lost, link_evidence, unlink_evidence
from app.research.insights.read import Wanted, list_insights, read_insight
from app.research.insights.schemas import InsightDetail, InsightPage, InsightState
from app.rest.dependencies import EditorDep, ServicesDep, SessionDep
from app.rest.forms import form_of, place_for_upload
from app.rest.negotiation import require_json
from app.rest.origin import refuse_other_pages
from app.rest.paging import LONGEST_SLUG, CodeParam, StudyParam, link_next
from app.rest.routing import Router
from app.rest.uploads import FILE_FIELD, Memory, receive_form
from app.text import MOST_OFFSET, Span

router = Router(prefix="/insights", tags=["research"])

_CHANGING = [Depends(refuse_other_pages)]
_JSON = [Depends(require_json), *_CHANGING]


class InsightQuery(BaseModel):
    """Which insights are wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    status: InsightState | None = Field(None, description="only insights of this status")
    segment: str | None = Field(None, max_length=LONGEST_SLUG, description="only those for it, or for all customers")
    theme: str | None = Field(None, max_length=LONGEST_LINE, description="only those under this theme")
    stale: bool | None = Field(None, description="whether some of their evidence is lost")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MOST_LIMIT, description="most items of this page")
    cursor: str | None = Field(
        None, max_length=LONGEST_CURSOR, description="`next_cursor` of the page before, unchanged"
    )


class EvidenceQuery(BaseModel):
    """Which evidence of an insight is meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    utterance: uuid.UUID
    start: int = Field(ge=0, le=MOST_OFFSET, description="where the words begin in it")
    end: int = Field(ge=1, le=MOST_OFFSET, description="where they end")


class ImportForm(BaseModel):
    """What is said of a file of a board."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    author: str | None = Field(None, min_length=1, max_length=LONGEST_LINE, description="unset, who sends it")
    dry_run: bool = Field(default=False, description="whether nothing is stored")


_FORM = ImportForm.model_json_schema()
_IMPORT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {FILE_FIELD: {"type": "string", "format": "binary"}, **_FORM["properties"]},
                    "required": [FILE_FIELD, *_FORM["required"]],
                }
            }
        },
    }
}


@router.get("", name="list_insights")
def get_insights(
    request: Request, response: Response, session: SessionDep, query: Annotated[InsightQuery, Query()]
) -> InsightPage:
    """List what researchers concluded, with how much of the evidence stands, and why one is stale."""
    wanted = Wanted(query.status, query.segment, query.theme, query.stale)
    page = list_insights(session, query.study, PageRequest(query.limit, query.cursor), wanted)
    link_next(request, response, page.next_cursor)
    return page


@router.post("", name="create_insight", dependencies=_JSON)
def post_insight(services: ServicesDep, editor: EditorDep, form: InsightForm) -> InsightDetail:
    """Write an insight with the quotes that it rests on; a quote that no participant said is refused."""
    return create_insight(services, form, editor.name)


@router.post("/import", name="import_insights", openapi_extra=_IMPORT, dependencies=_CHANGING)
def post_import(request: Request, services: ServicesDep, editor: EditorDep) -> BoardReport:
    """Import the insights of a board: CSV of Miro, FigJam, Mural or anybody, Markdown, or a note on each line.

    The same file again brings them up to date. A quote that no participant said is told, and never shown as one.
    """
    with place_for_upload(request):
        upload = receive_form(request, Memory(MOST_BYTES))
    form = form_of(ImportForm, upload.fields, "body")
    file = BoardFile(upload.file.name, upload.file.kept, form.author or editor.name)
    return import_insights(services, form.study, file, dry_run=form.dry_run)


@router.get("/{code}", name="read_insight")
def get_insight(session: SessionDep, code: CodeParam, study: StudyParam) -> InsightDetail:
    """Read an insight with the quotes that it rests on, each cut out of the stored transcript."""
    return read_insight(session, study, code)


@router.patch("/{code}", name="edit_insight", dependencies=_JSON)
def patch_insight(
    services: ServicesDep, _editor: EditorDep, code: CodeParam, study: StudyParam, patch: InsightPatch
) -> InsightDetail:
    """Change an insight or its status; what is left out stays."""
    return edit_insight(services, study, code, patch)


@router.post("/{code}/evidence", name="link_evidence", dependencies=_JSON)
def post_evidence(
    session: SessionDep, _editor: EditorDep, code: CodeParam, study: StudyParam, evidence: EvidenceForm
) -> InsightDetail:
    """Let an insight rest on words of a participant, for it or against it."""
    return link_evidence(session, study, code, evidence)


@router.delete("/{code}/evidence", name="unlink_evidence", dependencies=_CHANGING)
def delete_evidence(
    session: SessionDep, _editor: EditorDep, code: CodeParam, query: Annotated[EvidenceQuery, Query()]
) -> InsightDetail:
    """Let an insight rest no more on some words."""
    return unlink_evidence(session, query.study, code, Place(query.utterance, Span(query.start, query.end)))


@router.post("/{code}/forget-lost", name="forget_lost_evidence", dependencies=_CHANGING)
def post_forget_lost(session: SessionDep, _editor: EditorDep, code: CodeParam, study: StudyParam) -> InsightDetail:
    """Let an insight rest on what stands alone, once somebody has seen that this is enough: it is stale no more."""
    return forget_lost(session, study, code)
