"""Who brings the money."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.customer_value import ValueScheme
from app.research.charts.picture import draw, stack
from app.research.economics.figures import economics_charts, economics_csv
from app.research.economics.read import Wanted, change_value_scheme, read_economics, read_value_scheme
from app.research.economics.schemas import Economics
from app.rest.dependencies import EditorDep, SessionDep
from app.rest.figures import Figure, FigureFormat, answer_figure, declare_figure
from app.rest.negotiation import require_json
from app.rest.paging import LONGEST_SLUG, StudyParam
from app.rest.routing import Router

router = Router(prefix="/economics", tags=["research"])


class EconomicsQuery(BaseModel):
    """Which economics are wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    planned: int | None = Field(
        None, ge=1, le=10_000, description="how many interviews there will be; invitations are shared out among them"
    )
    told_in: str = Field("en", pattern="^[a-z]{2}$", description="language of the sentences")
    format: FigureFormat | None = Field(None, description="stronger than `Accept`")


@router.get("", name="read_economics", responses=declare_figure(Economics))
def get_economics(request: Request, session: SessionDep, query: Annotated[EconomicsQuery, Query()]) -> Response:
    """Tell which customers bring the money, who of them was interviewed, and whom to invite next."""
    found = read_economics(session, query.study, Wanted(query.planned, query.told_in))
    figure = Figure(
        "economics",
        found,
        table=lambda: economics_csv(found),
        drawing=lambda: stack([draw(chart) for chart in economics_charts(found, query.told_in)]),
    )
    return answer_figure(request, query.format, figure)


@router.get("/scheme", name="read_value_scheme")
def get_scheme(session: SessionDep, study: StudyParam) -> ValueScheme:
    """Read where the LTV bands and ABCD classes of a study end."""
    return read_value_scheme(session, study)


@router.put("/scheme", name="change_value_scheme", dependencies=[Depends(require_json)])
def put_scheme(session: SessionDep, _editor: EditorDep, study: StudyParam, scheme: ValueScheme) -> ValueScheme:
    """Let bands and classes end elsewhere, what is left out where it does by default; customers are valued anew."""
    return change_value_scheme(session, study, scheme)
