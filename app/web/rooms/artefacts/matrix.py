"""The matrix: who named which selection criterion, for and against, of which option; each cell opens its quotes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from app.library.pages import LONGEST_CURSOR, PageRequest
from app.library.studies import read_study
from app.research.charts.drawing import Link
from app.research.charts.grid import GridCell, GridChart, GridRow
from app.research.matrix.figures import ShownRow, matrix_chart, shown_rows
from app.research.matrix.mentions import Wanted
from app.research.matrix.options import ANY
from app.research.matrix.quotes import Cell, read_cell_quotes
from app.research.matrix.read import read_matrix
from app.research.matrix.schemas import Matrix, MatrixCell
from app.rest.dependencies import ServicesDep, SessionDep
from app.rest.paging import LONGEST_CODE, LONGEST_SLUG
from app.rest.routing import Router
from app.vocabulary import Stance
from app.web.beside import beside_quotes
from app.web.figures import show_figure
from app.web.navigation import Destination
from app.web.options import Options
from app.web.view import View, ViewDep

HERE = "/matrix"
QUOTES_AT_ONCE = 30
DESTINATIONS = (Destination("matrix", HERE),)

router = Router()


class MatrixOptions(Options):
    """Which rows, by whose taggings."""

    tradeoffs: bool = False
    by_persons: bool = False


class CellOptions(Options):
    """Of which cell the quotes are shown."""

    criterion: str = Field(max_length=LONGEST_CODE)
    segment: str | None = Field(None, max_length=LONGEST_SLUG)
    option: str = Field(ANY, max_length=300)
    side: Stance | None = None
    by_persons: bool = False
    cursor: str | None = Field(None, max_length=LONGEST_CURSOR)


@router.get(HERE)
def show_matrix(
    view: ViewDep, session: SessionDep, services: ServicesDep, chosen: Annotated[MatrixOptions, Query()]
) -> Response:
    """Show criteria by segments, below each the options that anybody named it of, and reasons to choose another."""
    language = view.catalogue.language
    wanted = Wanted(chosen.tradeoffs, chosen.by_persons, language)
    matrix = read_matrix(session, view.slug, wanted, services.embedder)
    rows = tuple(shown_rows(matrix, language))
    source = urlencode({"study": view.slug, "told_in": language, **chosen.parameters()})
    figure = show_figure([_chart(view, matrix, rows)], f"/v1/matrix?{source}") if rows else None
    return view.show(
        "matrix/matrix.html", here=HERE, matrix=matrix, chosen=chosen, rows=rows, figure=figure, page_of=page_of
    )


@router.get(HERE + "/quotes")
def show_cell(
    view: ViewDep,
    session: SessionDep,
    services: ServicesDep,
    cell: Annotated[CellOptions, Query()],
) -> Response:
    """Show what the people of a cell said."""
    wanted = Cell(cell.criterion, cell.segment, cell.option, cell.side)
    page = PageRequest(QUOTES_AT_ONCE, cell.cursor)
    found = read_cell_quotes(session, view.slug, wanted, page, services.embedder, by_persons=cell.by_persons)
    codes = {code.code: view.catalogue.label(code.labels) for code in read_study(session, view.slug).codes}
    return view.show(
        "matrix/cell.html",
        here=HERE,
        cell=cell,
        label=codes[cell.criterion],
        quotes=found.quotes,
        next_cursor=found.next_cursor,
        **beside_quotes(session, view, found.quotes),
    )


def _chart(view: View, matrix: Matrix, rows: Iterable[ShownRow]) -> GridChart:
    """The grid, each cell with a link to its quotes."""
    chart = matrix_chart(matrix, view.catalogue.language)
    linked = (
        replace(drawn, cells=tuple(replace(cell, link=_link(view, row, of)) for cell, of in _pairs(drawn, row)))
        for drawn, row in zip(chart.rows, rows, strict=True)
    )
    return replace(chart, rows=tuple(linked))


def _pairs(drawn: GridRow, row: ShownRow) -> Iterator[tuple[GridCell, MatrixCell]]:
    return zip(drawn.cells, row.cells, strict=True)


def _link(view: View, row: ShownRow, cell: MatrixCell) -> Link | None:
    if cell.quotes is None:
        return None
    said = view.catalogue.text("matrix.cell", cell.of, given=cell.named_for, against=cell.named_against)
    return Link(page_of(cell.quotes), f"{row.label}: {said}")


def page_of(address: str) -> str:
    """The page that shows what an address of the API lists: it has the same path and parameters."""
    return address.removeprefix("/v1")
