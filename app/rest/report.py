"""The report of a study."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.research.report.read import Wanted, read_report
from app.research.report.render import STYLE, report_html, report_markdown
from app.rest.dependencies import ServicesDep, SessionDep
from app.rest.figures import as_file, policy_of
from app.rest.negotiation import choose_media_type
from app.rest.origin import origin_of
from app.rest.paging import LONGEST_SLUG
from app.rest.routing import Router

router = Router(prefix="/report", tags=["research"])

MEDIA_TYPES = {"html": "text/html", "markdown": "text/markdown"}
_TEXT = {"schema": {"type": "string"}}
_PAGES: dict[int | str, dict[str, Any]] = {200: {"content": dict.fromkeys(MEDIA_TYPES.values(), _TEXT)}}


class ReportQuery(BaseModel):
    """Which report is wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    language: Literal["en", "de", "es"] = Field("en", description="of the report; quotes stay as they are")
    format: Literal["html", "markdown"] | None = Field(None, description="stronger than `Accept`")


@router.get("", name="read_report", responses=_PAGES, response_class=Response)
def get_report(
    request: Request, session: SessionDep, services: ServicesDep, query: Annotated[ReportQuery, Query()]
) -> Response:
    """Tell what a study comes to in one HTML file, which needs nothing else and fetches nothing, or in Markdown."""
    accepted = MEDIA_TYPES[query.format] if query.format else request.headers.get("accept")
    media_type = choose_media_type(accepted, tuple(MEDIA_TYPES.values()))
    wanted = Wanted(query.language, origin_of(request), datetime.now(UTC).date())
    found = read_report(session, query.study, wanted, services.embedder)
    if media_type == MEDIA_TYPES["html"]:
        headers = {"Vary": "Accept", "Content-Security-Policy": policy_of(STYLE)}
        return Response(report_html(found), media_type=media_type, headers=headers)
    headers = {"Vary": "Accept"} | as_file(f"report-{query.study}.md")
    return Response(report_markdown(found), media_type=media_type, headers=headers)
