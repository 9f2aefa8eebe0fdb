"""Codebooks, taggings and projects as files: in from other tools, and out to them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Response, UploadFile

from app.research.exchange.codebook_in import import_codes
from app.research.exchange.codebook_table import export_codebook_table
from app.research.exchange.codes_in import Importing
from app.research.exchange.exports import export_codebook, export_project
from app.research.exchange.project_in import import_project
from app.research.exchange.schemas import CodebookImport, ProjectImport, TaggingsImport
from app.research.exchange.taggings_table import export_taggings_table, import_taggings_table
from app.rest.dependencies import EditorDep, ServicesDep, SessionDep
from app.rest.files import answer_file, faults_of_file, name_file
from app.rest.origin import refuse_other_pages
from app.rest.paging import LONGEST_SLUG, StudyParam
from app.vocabulary import Kind

router = APIRouter(tags=["research"])

QDC, QDPX, CSV = "application/xml", "application/zip", "text/csv"

_WRITES = [Depends(refuse_other_pages)]
_FILE = {"schema": {"type": "string", "format": "binary"}}
_TEXT = {"schema": {"type": "string"}}
_CODEBOOK: dict[int | str, dict[str, Any]] = {200: {"description": "the file", "content": {QDC: _TEXT, CSV: _TEXT}}}
_PROJECT: dict[int | str, dict[str, Any]] = {200: {"description": "the file", "content": {QDPX: _FILE}}}
_TABLE: dict[int | str, dict[str, Any]] = {200: {"description": "the file", "content": {CSV: _TEXT}}}

StudyForm = Annotated[str, Form(min_length=1, max_length=LONGEST_SLUG, description="slug of the study")]
KindForm = Annotated[Kind | None, Form(description="kind of new codes that do not say theirs; unset, the nearest")]
DryRunForm = Annotated[bool, Form(description="only tell what would become of it")]
WithModels = Annotated[bool, Query(description="also what models and rules tagged")]


@router.get("/codebook/export", name="export_codebook", response_class=Response, responses=_CODEBOOK)
def get_codebook(session: SessionDep, study: StudyParam, format: Literal["qdc", "csv"] = "qdc") -> Response:  # noqa: A002 named so in the query
    """Export the codes of a study: as a REFI-QDA codebook, or as CSV."""
    if format == "csv":
        return answer_file(export_codebook_table(session, study).encode(), f"{study}-codebook.csv", CSV)
    return answer_file(export_codebook(session, study), f"{study}.qdc", QDC)


@router.post("/codebook/import", name="import_codebook", dependencies=_WRITES)
def post_codebook(
    file: UploadFile,
    study: StudyForm,
    services: ServicesDep,
    editor: EditorDep,
    kind: KindForm = None,
    dry_run: DryRunForm = False,
) -> CodebookImport:
    """Import codes from a REFI-QDA codebook (.qdc) or from CSV, which also changes the codes that it names."""
    by = Importing(editor.name, kind, dry_run)
    with faults_of_file():
        return import_codes(services, study, file.file.read(), name_file(file, "codebook"), by)


@router.get("/codebook/project", name="export_project", response_class=Response, responses=_PROJECT)
def get_project(session: SessionDep, study: StudyParam, with_models: WithModels = False) -> Response:
    """Export transcripts, codes and taggings as a REFI-QDA project (.qdpx)."""
    return answer_file(export_project(session, study, with_models=with_models), f"{study}.qdpx", QDPX)


@router.post("/codebook/project", name="import_project", dependencies=_WRITES)
def post_project(
    file: UploadFile,
    study: StudyForm,
    services: ServicesDep,
    editor: EditorDep,
    kind: KindForm = None,
    dry_run: DryRunForm = False,
) -> ProjectImport:
    """Import codes, and codings on words of published transcripts, from a REFI-QDA project (.qdpx)."""
    with faults_of_file():
        return import_project(services, study, file.file.read(), Importing(editor.name, kind, dry_run))


@router.get("/taggings/export", name="export_taggings", response_class=Response, responses=_TABLE)
def get_taggings(session: SessionDep, study: StudyParam, with_models: WithModels = False) -> Response:
    """Export taggings as CSV, as a study folder has them, and with where their words stand."""
    table = export_taggings_table(session, study, with_models=with_models)
    return answer_file(table.encode(), f"{study}-taggings.csv", CSV)


@router.post("/taggings/import", name="import_taggings", dependencies=_WRITES)
def post_taggings(
    file: UploadFile, study: StudyForm, services: ServicesDep, editor: EditorDep, dry_run: DryRunForm = False
) -> TaggingsImport:
    """Import taggings from CSV; rows whose words nobody says once are told, and left out."""
    by = Importing(editor.name, dry_run=dry_run)
    with faults_of_file():
        return import_taggings_table(services, study, file.file.read(), name_file(file, "taggings"), by)
