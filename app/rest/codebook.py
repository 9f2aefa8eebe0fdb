"""The codebook of a study: its codes, what was done to them, how coders agree, and what no code names yet."""

import uuid
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.library.pages import DEFAULT_LIMIT, LONGEST_CURSOR, MOST_LIMIT, PageRequest
from app.research.codebook.agreement_schemas import CoderAgreement
from app.research.codebook.codes import create_code, edit_code
from app.research.codebook.moves import merge_codes, restore_code, retire_code, split_code
from app.research.codebook.read import ListedState, list_codes, read_code, read_history
from app.research.codebook.read_agreement import By, WantedAgreement, read_agreement
from app.research.codebook.read_themes import name_theme, read_themes
from app.research.codebook.schemas import (
    CodebookEntry,
    CodebookPage,
    CodeEdit,
    HistoryPage,
    Identifier,
    MovedTaggings,
    NewCode,
    Split,
)
from app.research.codebook.theme_schemas import MOST_THEMES, NamedTheme, ThemeNaming, Themes
from app.rest.dependencies import EditorDep, ServicesDep, SessionDep
from app.rest.negotiation import require_json
from app.rest.paging import LONGEST_CODE, LONGEST_SLUG, CodeParam, PageDep, StudyParam, link_next
from app.rest.routing import Router
from app.vocabulary import Kind

router = Router(prefix="/codebook", tags=["research"])

_WRITES = [Depends(require_json)]


class OfStudy(BaseModel):
    """Which study something is done in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])


class CodeQuery(OfStudy):
    """Which codes are wanted."""

    state: ListedState = Field("live", description="`live` codes are in use")
    kind: tuple[Kind, ...] = Field((), description="kind of the codebook; repeat it for more")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MOST_LIMIT, description="most codes of this page")
    cursor: str | None = Field(None, max_length=LONGEST_CURSOR, description="`next_cursor` of the page before")


class CodeCreation(OfStudy, NewCode):
    """A code to create, and its study."""


class CodePatch(OfStudy, CodeEdit):
    """What is changed of a code, and its study."""


class CodeMerge(OfStudy):
    """The code that another is merged into."""

    into: Identifier = Field(examples=["AX1"])


class CodeSplit(OfStudy, Split):
    """Which taggings go to a new code, and the study."""


class NamingOfTheme(OfStudy, ThemeNaming):
    """The code that a theme becomes, and the study."""


class AgreementQuery(OfStudy):
    """Whose agreement is wanted."""

    author: tuple[Annotated[str, Field(max_length=LONGEST_CODE)], ...] = Field(
        (), max_length=20, description="who coded, or `verbatim-tagger`; repeat it; unset, all persons"
    )
    by: By = Field("code", description="whether single codes are compared, or their kinds")


@router.get("", name="list_codes")
def get_codes(
    request: Request, response: Response, query: Annotated[CodeQuery, Query()], session: SessionDep
) -> CodebookPage:
    """List the codes of a study with how many people affirm and deny each."""
    found = list_codes(session, query.study, PageRequest(query.limit, query.cursor), query.state, query.kind)
    link_next(request, response, found.next_cursor)
    return found


@router.post("", name="create_code", status_code=201, dependencies=_WRITES)
def post_code(creation: CodeCreation, session: SessionDep, services: ServicesDep, editor: EditorDep) -> CodebookEntry:
    """Create a code; it is found and searched at once, and tagged with `verbatim retag`."""
    return create_code(session, creation.study, creation, editor.name, services.embedder)


@router.get("/history", name="read_codebook_history")
def get_history(
    request: Request,
    response: Response,
    session: SessionDep,
    study: StudyParam,
    page: PageDep,
    code: Annotated[str | None, Query(max_length=LONGEST_CODE, description="only of what was called so")] = None,
) -> HistoryPage:
    """List what was done to the codebook, by whom and when, the newest first."""
    found = read_history(session, study, page, code)
    link_next(request, response, found.next_cursor)
    return found


@router.get("/agreement", name="read_agreement")
def get_agreement(services: ServicesDep, query: Annotated[AgreementQuery, Query()]) -> CoderAgreement:
    """Tell how well coders agree, persons with each other or with the tagger: Cohen's kappa, Krippendorff's alpha."""
    return read_agreement(services, query.study, WantedAgreement(query.author, query.by))


@router.get("/themes", name="read_themes")
def get_themes(
    services: ServicesDep,
    study: StudyParam,
    limit: Annotated[int, Query(ge=1, le=MOST_THEMES, description="most themes")] = 20,
) -> Themes:
    """List what several people speak of alike, in whatever language, and no code names yet."""
    return read_themes(services, study, limit)


@router.post("/themes/{theme_id}/name", name="name_theme", dependencies=_WRITES)
def post_name(theme_id: uuid.UUID, naming: NamingOfTheme, services: ServicesDep, editor: EditorDep) -> NamedTheme:
    """Make a theme a code and tag its passages, once that is confirmed; else tell what would be tagged."""
    return name_theme(services, naming.study, theme_id, naming, editor.name)


@router.get("/{code}", name="read_code")
def get_code(code: CodeParam, session: SessionDep, study: StudyParam) -> CodebookEntry:
    """Read one code, also one that was retired or merged; a former name leads to it."""
    return read_code(session, study, code)


@router.patch("/{code}", name="edit_code", dependencies=_WRITES)
def patch_code(
    code: CodeParam, patch: CodePatch, session: SessionDep, services: ServicesDep, editor: EditorDep
) -> CodebookEntry:
    """Rename a code, or change its labels, examples, kind or what it is about; what is not given stays."""
    return edit_code(session, patch.study, code, patch, editor.name, services.embedder)


@router.post("/{code}/merge", name="merge_codes", dependencies=_WRITES)
def post_merge(code: CodeParam, merge: CodeMerge, session: SessionDep, editor: EditorDep) -> MovedTaggings:
    """Merge a code into another: its taggings go there, and references by its name lead there."""
    return merge_codes(session, merge.study, code, merge.into, editor.name)


@router.post("/{code}/split", name="split_code", dependencies=_WRITES)
def post_split(
    code: CodeParam, split: CodeSplit, session: SessionDep, services: ServicesDep, editor: EditorDep
) -> MovedTaggings:
    """Split a code: some of its taggings go to a new code."""
    return split_code(session, split.study, code, split, editor.name, services.embedder)


@router.post("/{code}/retire", name="retire_code", dependencies=_WRITES)
def post_retire(code: CodeParam, of: OfStudy, session: SessionDep, editor: EditorDep) -> CodebookEntry:
    """Retire a code: it is neither searched, nor tagged, nor counted any more; its taggings stay stored."""
    return retire_code(session, of.study, code, editor.name)


@router.post("/{code}/restore", name="restore_code", dependencies=_WRITES)
def post_restore(code: CodeParam, of: OfStudy, session: SessionDep, editor: EditorDep) -> CodebookEntry:
    """Take back that a code was retired or merged."""
    return restore_code(session, of.study, code, editor.name)
