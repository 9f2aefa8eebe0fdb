"""Codebooks, taggings and projects as files: in from other tools, and out to them."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import Field

from app.research.exchange.codebook_in import import_codes
from app.research.exchange.codebook_table import export_codebook_table
from app.research.exchange.codes_in import Importing
from app.research.exchange.exports import export_codebook, export_project
from app.research.exchange.project_in import import_project
from app.research.exchange.schemas import CodebookImport, ProjectImport, TaggingsImport
from app.research.exchange.taggings_table import export_taggings_table, import_taggings_table
from app.rest.codebook import OfStudy
from app.rest.dependencies import EditorDep, ServicesDep, SessionDep
from app.rest.figures import as_file
from app.rest.forms import describe_form, faults_of_file, read_file
from app.rest.origin import refuse_other_pages
from app.rest.paging import StudyParam
from app.rest.routing import Router
from app.vocabulary import Kind

MOST_BYTES = 100_000_000

router = Router(tags=["research"])

QDC, QDPX, CSV = "application/xml", "application/zip", "text/csv"

_WRITES = [Depends(refuse_other_pages)]
_FILE = {"schema": {"type": "string", "format": "binary"}}
_TEXT = {"schema": {"type": "string"}}
_CODEBOOK: dict[int | str, dict[str, Any]] = {200: {"description": "the file", "content": {QDC: _TEXT, CSV: _TEXT}}}
_PROJECT: dict[int | str, dict[str, Any]] = {200: {"description": "the file", "content": {QDPX: _FILE}}}
_TABLE: dict[int | str, dict[str, Any]] = {200: {"description": "the file", "content": {CSV: _TEXT}}}

WithModels = Annotated[bool, Query(description="also what models and rules tagged")]


class TaggingsForm(OfStudy):
    """What comes with a file of taggings."""

    dry_run: bool = Field(default=False, description="only tell what would become of it")


class CodesForm(TaggingsForm):
    """What comes with a file that has codes."""

    kind: Kind | None = Field(None, description="kind of new codes that do not say theirs; unset, the nearest")


@router.get("/codebook/export", name="export_codebook", response_class=Response, responses=_CODEBOOK)
def get_codebook(session: SessionDep, study: StudyParam, format: Literal["qdc", "csv"] = "qdc") -> Response:  # noqa: A002 named so in the query
    """Export the codes of a study: as a REFI-QDA codebook, or as CSV."""
    if format == "csv":
        return _answer(export_codebook_table(session, study), f"{study}-codebook.csv", CSV)
    return _answer(export_codebook(session, study), f"{study}.qdc", QDC)


@router.post("/codebook/import", name="import_codebook", openapi_extra=describe_form(CodesForm), dependencies=_WRITES)
def post_codebook(request: Request, services: ServicesDep, editor: EditorDep) -> CodebookImport:
    """Import codes from a REFI-QDA codebook (.qdc) or from CSV, which also changes the codes that it names."""
    form, file = read_file(CodesForm, request, MOST_BYTES)
    by = Importing(editor.name, form.kind, form.dry_run)
    with faults_of_file():
        return import_codes(services, form.study, file.kept, file.name, by)


@router.get("/codebook/project", name="export_project", response_class=Response, responses=_PROJECT)
def get_project(session: SessionDep, study: StudyParam, with_models: WithModels = False) -> Response:
    """Export transcripts, codes and taggings as a REFI-QDA project (.qdpx)."""
    return _answer(export_project(session, study, with_models=with_models), f"{study}.qdpx", QDPX)


@router.post("/codebook/project", name="import_project", openapi_extra=describe_form(CodesForm), dependencies=_WRITES)
def post_project(request: Request, services: ServicesDep, editor: EditorDep) -> ProjectImport:
    """Import codes, and codings on words of published transcripts, from a REFI-QDA project (.qdpx)."""
    form, file = read_file(CodesForm, request, MOST_BYTES)
    with faults_of_file():
        return import_project(services, form.study, file.kept, Importing(editor.name, form.kind, form.dry_run))


@router.get("/taggings/export", name="export_taggings", response_class=Response, responses=_TABLE)
def get_taggings(session: SessionDep, study: StudyParam, with_models: WithModels = False) -> Response:
    """Export taggings as CSV, as a study folder has them, and with where their words stand."""
    table = export_taggings_table(session, study, with_models=with_models)
    return _answer(table, f"{study}-taggings.csv", CSV)


@router.post(
    "/taggings/import", name="import_taggings", openapi_extra=describe_form(TaggingsForm), dependencies=_WRITES
)
def post_taggings(request: Request, services: ServicesDep, editor: EditorDep) -> TaggingsImport:
    """Import taggings from CSV; rows whose words nobody says once are told, and left out."""
    form, file = read_file(TaggingsForm, request, MOST_BYTES)
    by = Importing(editor.name, dry_run=form.dry_run)
    with faults_of_file():
        return import_taggings_table(services, form.study, file.kept, file.name, by)


def _answer(content: str | bytes, name: str, media_type: str) -> Response:
    return Response(content, media_type=media_type, headers=as_file(name))
