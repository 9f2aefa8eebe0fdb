"""`verbatim matrix`: which selection criteria who named, for and against, of which option."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from app.commands import options
from app.commands.answers import quote_lines
from app.commands.files import deliver, format_of, picture
from app.commands.opening import local_url, opened
from app.commands.output import Line, line, tell, write, write_json
from app.commands.studies import choose_study
from app.library.pages import PageRequest
from app.library.schemas import QuotePage
from app.research.charts.picture import draw
from app.research.matrix.figures import matrix_chart, matrix_csv
from app.research.matrix.mentions import Wanted
from app.research.matrix.options import ANY
from app.research.matrix.quotes import Cell, read_cell_quotes
from app.research.matrix.read import read_matrix
from app.research.matrix.schemas import Matrix, MatrixCell
from app.services import Services
from app.vocabulary import Stance

app = typer.Typer()

_NAME_WIDTH, _CELL_WIDTH = 34, 16


@app.command()
def matrix(
    study: options.StudyName = None,
    quotes: Annotated[str | None, typer.Option(help="Show the quotes of this criterion or reason, CR4.")] = None,
    segment: Annotated[str | None, typer.Option(help="Of quotes: only people of this segment.")] = None,
    option: Annotated[str, typer.Option(help="Of quotes: any, us, house, or a competitor by its name.")] = ANY,
    side: Annotated[Stance | None, typer.Option(help="Of quotes: those for it, or against it.")] = None,
    cursor: Annotated[str | None, typer.Option(help="Of quotes: go on where `next_cursor` says.")] = None,
    limit: options.Limit = 20,
    tradeoffs: Annotated[bool, typer.Option("--tradeoffs", help="Show trade-offs as rows too.")] = False,
    by_persons: Annotated[bool, typer.Option("--by-persons", help="Count only what persons tagged.")] = False,
    told_in: options.ToldIn = "en",
    file_format: options.FigureFormats = None,
    output: options.Output = None,
    as_json: options.AsJson = False,
) -> None:
    """Show who named which selection criterion, for and against, of us, of competitors, of the house."""
    if quotes is None and (segment or side or cursor or option != ANY):
        raise typer.BadParameter("say of which criterion: give --quotes", param_hint="--segment, --option, --side")
    chosen = format_of(file_format, output, options.FIGURES)
    if chosen and quotes is not None:
        raise typer.BadParameter("a file holds the whole matrix: leave it out", param_hint="--quotes")
    with opened() as services:
        slug = choose_study(services.database, study)
        if quotes is not None:
            cell, page = Cell(quotes, segment, option, side), PageRequest(limit, cursor)
            _show_quotes(services, slug, cell, page, by_persons=by_persons, as_json=as_json)
            return
        with services.database.sessions() as session:
            found = read_matrix(session, slug, Wanted(tradeoffs, by_persons, told_in), services.embedder)
    if chosen == "csv":
        deliver(matrix_csv(found), output)
    elif chosen:
        deliver(picture(draw(matrix_chart(found, told_in)), chosen), output)
    elif as_json:
        write_json(found)
    else:
        write(_lines(found))


def _show_quotes(
    services: Services, study: str, cell: Cell, page: PageRequest, *, by_persons: bool, as_json: bool
) -> None:
    with services.database.sessions() as session:
        found: QuotePage = read_cell_quotes(session, study, cell, page, services.embedder, by_persons=by_persons)
    if as_json:
        write_json(found)
        return
    write(quote_lines(found.quotes, local_url(services.settings.host, services.settings.port)))
    if found.next_cursor:
        tell(f"There are more: go on with `--cursor {found.next_cursor}`.")
    elif not found.quotes:
        tell("Nobody said that.")


def _lines(found: Matrix) -> Iterator[Line]:
    if not found.rows:
        yield line(f"{found.study} has no codes of the kind criterion: add them to its codebook and ingest it again.")
    if not found.rows and not found.reasons:
        return
    names = [segment.segment or segment.label for segment in found.segments]
    yield line((" " * _NAME_WIDTH + "".join(f"{name[: _CELL_WIDTH - 1]:>{_CELL_WIDTH}}" for name in names), "dim"))
    people = [f"{segment.people} people" for segment in found.segments]
    yield line((" " * _NAME_WIDTH + "".join(f"{each:>{_CELL_WIDTH}}" for each in people), "dim"))
    for row in found.rows:
        yield from _row_lines(f"{row.code} {row.label}", row.cells, found)
    if found.rows:
        yield from _row_lines("any criterion", found.totals, found)
    if found.reasons:
        yield line()
        yield line(("Why people choose another", "bold"))
    for reason in found.reasons:
        own = (
            f"{reason.code} {reason.label}"
            if reason.option in reason.label
            else f"{reason.code} ({reason.option}) {reason.label}"
        )
        yield _cells_line(own, reason.cells, indent=0)
    about = "+ named it for, − against; in brackets: asked and did not mention it · never asked"
    yield line((about, "dim"))


def _row_lines(name: str, cells: Sequence[MatrixCell], found: Matrix) -> Iterator[Line]:
    """A line for all options together, and one for each option that anybody named."""
    for option in found.options:
        own = [cell for cell in cells if cell.option == option.option]
        if option.kind == "any":
            yield _cells_line(name, own, indent=0)
        elif any(cell.named_for or cell.named_against for cell in own):
            yield _cells_line(option.label, own, indent=4)


def _cells_line(name: str, cells: Sequence[MatrixCell], indent: int) -> Line:
    width = _NAME_WIDTH - indent
    shown = f"{name[: width - 1]:<{width}}"
    return line((shown, "" if indent else "bold"), *(f"{_cell(cell):>{_CELL_WIDTH}}" for cell in cells), indent=indent)


def _cell(cell: MatrixCell) -> str:
    return f"{cell.named_for}+ {cell.named_against}− ({cell.asked_without_mention}·{cell.never_asked})"
