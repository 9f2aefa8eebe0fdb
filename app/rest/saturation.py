"""Whether a study can stop."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.research.charts.picture import draw
from app.research.saturation.curves import StoppingRule
from app.research.saturation.figures import groups_csv, saturation_chart, saturation_csv
from app.research.saturation.read import Grouping, Wanted, read_groups, read_saturation
from app.research.saturation.schemas import Saturation, SaturationGroups
from app.rest.dependencies import SessionDep
from app.rest.figures import MEDIA_TYPES, Figure, FigureFormat, answer_figure, as_file, declare_figure
from app.rest.negotiation import choose_media_type
from app.rest.paging import LONGEST_SLUG, faults_in_query
from app.rest.routing import Router

router = Router(prefix="/saturation", tags=["research"])

_PARAMETERS = {"filters.segments": "query.segment", "filters.languages": "query.language"}
_TABLE: dict[int | str, dict[str, Any]] = {
    200: {"model": SaturationGroups, "content": {"text/csv": {"schema": {"type": "string"}}}}
}


class RuleQuery(BaseModel):
    """By which rule a study is judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    base: int = Field(4, ge=1, le=100, description="interviews whose codes are the measure")
    run: int = Field(2, ge=1, le=100, description="interviews that are looked at together")
    threshold: float = Field(0.05, ge=0, le=1, description="most new information of a run, as a share of the base")
    planned: int | None = Field(None, ge=1, le=10_000, description="how many interviews were planned")
    by_persons: bool = Field(default=False, description="whether only taggings by persons count")
    seed: int = Field(0, ge=0, le=2**31, description="of the random orders")
    told_in: str = Field("en", pattern="^[a-z]{2}$", description="language of the sentence")

    def wanted(self) -> Wanted:
        """What the features are asked for."""
        rule = StoppingRule(self.base, self.run, self.threshold)
        return Wanted(None, None, rule, self.planned, self.by_persons, self.seed, self.told_in)


class SaturationQuery(RuleQuery):
    """Which saturation is wanted."""

    segment: str | None = Field(None, max_length=LONGEST_SLUG, description="only interviews with people of it")
    language: str | None = Field(None, max_length=3, description="only what was said in it, ISO 639-1")
    format: FigureFormat | None = Field(None, description="stronger than `Accept`")

    def wanted(self) -> Wanted:
        """What the features are asked for."""
        return replace(super().wanted(), segment=self.segment, language=self.language)


class GroupsQuery(RuleQuery):
    """Of which groups the saturation is wanted."""

    by: Grouping = Field(description="compare all segments, or all languages")
    format: Literal["json", "csv"] | None = Field(None, description="stronger than `Accept`")


@router.get("", name="read_saturation", responses=declare_figure(Saturation))
def get_saturation(request: Request, session: SessionDep, query: Annotated[SaturationQuery, Query()]) -> Response:
    """Tell how much each further interview still brings, and whether the study can stop."""
    with faults_in_query(_PARAMETERS):
        found = read_saturation(session, query.study, query.wanted())
    figure = Figure(
        "saturation",
        found,
        table=lambda: saturation_csv(found),
        drawing=lambda: draw(saturation_chart(found, query.told_in)),
    )
    return answer_figure(request, query.format, figure)


@router.get("/groups", name="read_saturation_groups", responses=_TABLE)
def get_groups(request: Request, session: SessionDep, query: Annotated[GroupsQuery, Query()]) -> Response:
    """Tell of each segment, or of what was said in each language, whether it is saturated."""
    accepted = MEDIA_TYPES[query.format] if query.format else request.headers.get("accept")
    media_type = choose_media_type(accepted, (MEDIA_TYPES["json"], MEDIA_TYPES["csv"]))
    found = read_groups(session, query.study, query.by, query.wanted())
    if media_type == MEDIA_TYPES["json"]:
        return Response(found.model_dump_json(), media_type=media_type, headers={"Vary": "Accept"})
    headers = {"Vary": "Accept"} | as_file("saturation-groups.csv")
    return Response(groups_csv(found), media_type=media_type, headers=headers)
