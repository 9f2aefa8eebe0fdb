"""The pages: studies with a question box, transcripts that citations link to, problems explained, the API's page."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from app.answering.answer import find_answer
from app.answering.schemas import Answer
from app.library.export import spoken_at
from app.library.interviews import read_interview
from app.library.pages import PageRequest
from app.library.studies import list_studies
from app.library.transcript import read_transcript
from app.rest.dependencies import PrincipalDep, ServicesDep, SessionDep
from app.rest.interviews import VersionParam
from app.rest.paging import LONGEST_SLUG, CodeParam, StudyParam
from app.rest.problems import PROBLEM_TYPES
from app.rest.questions import question_of
from app.scope import Filters

MOST_STUDIES = 200
MOST_UTTERANCES = 20_000
# The page of the API loads its pictures from data URLs in its own style sheet.
DOCS_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(Path(__file__).parent / "templates")
templates.env.filters["spoken_at"] = spoken_at


@router.get("/")
def show_index(
    request: Request,
    services: ServicesDep,
    study: Annotated[str | None, Query(max_length=LONGEST_SLUG)] = None,
    q: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """Show the studies with a question box, and the answer to what was asked."""
    answer: Answer | None = None
    if study and q and q.strip():
        answer = find_answer(question_of(q, study, Filters()), services)
    with services.database.sessions.begin() as session:
        studies = list_studies(session, PageRequest(MOST_STUDIES)).studies
    return templates.TemplateResponse(request, "index.html", {"studies": studies, "study": study, "answer": answer})


@router.get("/interviews/{code}")
def show_interview(
    request: Request,
    reader: PrincipalDep,
    session: SessionDep,
    code: CodeParam,
    study: StudyParam,
    version: VersionParam = None,
) -> Response:
    """Show what was said in an interview; `#u-<utterance>` leads to one utterance."""
    transcript = read_transcript(session, study, code, PageRequest(MOST_UTTERANCES), reader, version)
    interview = read_interview(session, study, code)
    return templates.TemplateResponse(request, "interview.html", {"interview": interview, "transcript": transcript})


@router.get("/problems")
def show_problems(request: Request) -> Response:
    """Explain the kinds of problems that the API answers with."""
    return templates.TemplateResponse(request, "problems.html", {"kinds": PROBLEM_TYPES.values()})


@router.get("/docs")
def show_docs(request: Request) -> Response:
    """Show the API, to be tried out; nothing comes from elsewhere."""
    headers = {"Content-Security-Policy": DOCS_POLICY}
    return templates.TemplateResponse(request, "docs.html", headers=headers)
