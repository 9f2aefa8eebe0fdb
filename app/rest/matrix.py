"""Which selection criteria who named, and the quotes behind each cell."""

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.library.pages import DEFAULT_LIMIT, LONGEST_CURSOR, MOST_LIMIT, PageRequest
from app.library.schemas import QuotePage
from app.research.charts.picture import draw
from app.research.matrix.figures import matrix_chart, matrix_csv
from app.research.matrix.mentions import Wanted
from app.research.matrix.options import ANY
from app.research.matrix.quotes import Cell, read_cell_quotes
from app.research.matrix.read import read_matrix
from app.research.matrix.schemas import Matrix
from app.rest.dependencies import ServicesDep, SessionDep
from app.rest.figures import Figure, FigureFormat, answer_figure, declare_figure
from app.rest.paging import LONGEST_CODE, LONGEST_SLUG, link_next
from app.rest.routing import Router
from app.vocabulary import Stance

router = Router(prefix="/matrix", tags=["research"])


class MatrixQuery(BaseModel):
    """Which matrix is wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    tradeoffs: bool = Field(default=False, description="whether trade-offs are rows too")
    by_persons: bool = Field(default=False, description="whether only taggings by persons count")
    told_in: str = Field("en", pattern="^[a-z]{2}$", description="language of labels")
    format: FigureFormat | None = Field(None, description="stronger than `Accept`")


class CellQuery(BaseModel):
    """Of which cell the quotes are wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    criterion: str = Field(max_length=LONGEST_CODE, description="code of a criterion or a reason", examples=["CR4"])
    segment: str | None = Field(None, max_length=LONGEST_SLUG, description="segment; unset, everybody")
    option: str = Field(ANY, max_length=300, description="`any`, `us`, `house`, or a competitor by its name")
    side: Stance | None = Field(None, description="who named it for, or against; unset, both")
    by_persons: bool = Field(default=False, description="whether only taggings by persons count")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MOST_LIMIT, description="most quotes of this page")
    cursor: str | None = Field(None, max_length=LONGEST_CURSOR, description="`next_cursor` of the page before")


@router.get("", name="read_matrix", responses=declare_figure(Matrix))
def get_matrix(
    request: Request, query: Annotated[MatrixQuery, Query()], session: SessionDep, services: ServicesDep
) -> Response:
    """Count who named which criterion, for and against, by segment and option, and why people choose a competitor."""
    wanted = Wanted(query.tradeoffs, query.by_persons, query.told_in)
    found = read_matrix(session, query.study, wanted, services.embedder)
    figure = Figure(
        "matrix",
        found,
        table=lambda: matrix_csv(found),
        drawing=lambda: draw(matrix_chart(found, query.told_in)),
    )
    return answer_figure(request, query.format, figure)


@router.get("/quotes", name="list_matrix_quotes")
def get_matrix_quotes(
    request: Request,
    response: Response,
    query: Annotated[CellQuery, Query()],
    session: SessionDep,
    services: ServicesDep,
) -> QuotePage:
    """List what the people of a cell said, word for word."""
    cell, page = Cell(query.criterion, query.segment, query.option, query.side), PageRequest(query.limit, query.cursor)
    found = read_cell_quotes(session, query.study, cell, page, services.embedder, by_persons=query.by_persons)
    link_next(request, response, found.next_cursor)
    return found
