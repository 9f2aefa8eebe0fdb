"""Interviews: what was said in them, where citations lead."""

from fastapi import APIRouter
from starlette.responses import Response

from app.library.interviews import read_interview
from app.library.pages import PageRequest
from app.library.transcript import read_transcript
from app.rest.dependencies import PrincipalDep, SessionDep
from app.rest.interviews import VersionParam
from app.rest.paging import CodeParam, StudyParam
from app.web.navigation import Destination
from app.web.view import ViewDep

MOST_UTTERANCES = 20_000

DESTINATIONS: tuple[Destination, ...] = ()

router = APIRouter()


@router.get("/interviews/{code}")
def show_interview(
    view: ViewDep,
    reader: PrincipalDep,
    session: SessionDep,
    code: CodeParam,
    study: StudyParam,
    version: VersionParam = None,
) -> Response:
    """Show what was said in an interview; `#u-<utterance>` leads to one utterance."""
    transcript = read_transcript(session, study, code, PageRequest(MOST_UTTERANCES), reader, version)
    interview = read_interview(session, study, code)
    return view.show("interviews/interview.html", interview=interview, transcript=transcript)
