"""Participants."""

from fastapi import Request, Response

from app.library.participants import list_participants, read_participant
from app.library.schemas import ParticipantEntry, ParticipantPage
from app.rest.dependencies import SessionDep
from app.rest.paging import CodeParam, PageDep, StudyParam, link_next
from app.rest.routing import Router

router = Router(prefix="/participants", tags=["library"])


@router.get("", name="list_participants")
def get_participants(
    request: Request, response: Response, session: SessionDep, study: StudyParam, page: PageDep
) -> ParticipantPage:
    """List the participants of a study, under their codes."""
    found = list_participants(session, study, page)
    link_next(request, response, found.next_cursor)
    return found


@router.get("/{code}", name="read_participant")
def get_participant(code: CodeParam, session: SessionDep, study: StudyParam) -> ParticipantEntry:
    """Read one participant of a study."""
    return read_participant(session, study, code)
