"""The report of a study."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from app.research.report.read import Wanted, read_report
from app.research.report.render import STYLE, render_report
from app.rest.dependencies import SessionDep
from app.rest.figures import policy_of
from app.rest.origin import origin_of
from app.rest.paging import StudyParam

router = APIRouter(prefix="/report", tags=["research"])

_PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}

Language = Annotated[Literal["en", "de", "es"], Query(description="of the report; quotes stay as they are")]


@router.get("", name="read_report", responses=_PAGE, response_class=Response)
def get_report(request: Request, session: SessionDep, study: StudyParam, language: Language = "en") -> Response:
    """Tell what a study comes to in one HTML file, which needs nothing else and fetches nothing."""
    found = read_report(session, study, Wanted(language, origin_of(request), datetime.now(UTC).date()))
    headers = {"Content-Security-Policy": policy_of(STYLE)}
    return Response(render_report(found, language), media_type="text/html", headers=headers)
