"""Studies."""

from fastapi import Request, Response

from app.library.schemas import StudyDetail, StudyPage
from app.library.studies import list_studies, read_study
from app.rest.dependencies import SessionDep
from app.rest.paging import CodeParam, PageDep, link_next
from app.rest.routing import Router

router = Router(prefix="/studies", tags=["library"])


@router.get("", name="list_studies")
def get_studies(request: Request, response: Response, session: SessionDep, page: PageDep) -> StudyPage:
    """List the studies with their numbers of participants and published interviews."""
    found = list_studies(session, page)
    link_next(request, response, found.next_cursor)
    return found


@router.get("/{slug}", name="read_study")
def get_study(slug: CodeParam, session: SessionDep) -> StudyDetail:
    """Read one study with all that filters can name: segments, codes, team."""
    return read_study(session, slug)
