"""Segments: who belongs to which, and what each is like."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.research.charts.picture import draw
from app.research.segments.cases import Case, Qualification
from app.research.segments.figures import profile_chart, profile_csv
from app.research.segments.profile import list_segments, read_segment
from app.research.segments.qualify import qualify
from app.research.segments.schemas import SegmentList, SegmentProfile
from app.rest.dependencies import ServicesDep, SessionDep
from app.rest.figures import Figure, FigureFormat, answer_figure, declare_figure
from app.rest.negotiation import require_json
from app.rest.paging import LONGEST_SLUG, CodeParam, StudyParam
from app.rest.routing import Router

router = Router(prefix="/segments", tags=["research"])


class ProfileQuery(BaseModel):
    """Of which study a segment is wanted, and how it is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    told_in: str = Field("en", pattern="^[a-z]{2}$", description="language of labels; quotes stay as they are")
    format: FigureFormat | None = Field(None, description="stronger than `Accept`")


@router.get("", name="list_segments")
def get_segments(session: SessionDep, study: StudyParam) -> SegmentList:
    """List the segments of a study with the criteria that qualify for each."""
    return list_segments(session, study)


@router.post("/qualify", name="qualify_customer", dependencies=[Depends(require_json)])
def post_case(case: Case, session: SessionDep, services: ServicesDep) -> Qualification:
    """Say which segment a customer belongs to, by answers, facts or a participant's words, and what to ask next."""
    return qualify(session, case, services.embedder)


@router.get("/{slug}", name="read_segment", responses=declare_figure(SegmentProfile))
def get_segment(
    request: Request, slug: CodeParam, session: SessionDep, query: Annotated[ProfileQuery, Query()]
) -> Response:
    """Tell what the people of a segment say, by kind and beside all others, and how they say it, with their quotes."""
    found = read_segment(session, query.study, slug, query.told_in)
    figure = Figure(
        f"segment-{slug}",
        found,
        table=lambda: profile_csv([found]),
        drawing=lambda: draw(profile_chart(found, query.told_in)),
    )
    return answer_figure(request, query.format, figure)
