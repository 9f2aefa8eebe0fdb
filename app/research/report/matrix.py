"""The matrix as a grid and as a table: who named which criterion of which option."""

from collections.abc import Iterator, Sequence

from app.library.export import write_table
from app.research.charts.grid import GridCell, GridChart, GridRow
from app.research.report.inputs import MatrixCell, MatrixCounts

COLUMNS = (
    "code",
    "label",
    "segment",
    "option",
    "of",
    "named_for",
    "named_against",
    "asked_without_mention",
    "never_asked",
)


def matrix_csv(matrix: MatrixCounts) -> str:
    """One line for each cell."""
    return write_table(COLUMNS, _rows(matrix))


def matrix_chart(matrix: MatrixCounts, title: str, note: str, everybody: str) -> GridChart:
    """The options of each segment beside each other; a shade says which share of the people named a criterion."""
    segments = {each.segment: each.label if each.segment else everybody for each in matrix.segments}
    options = {each.option: each.label for each in matrix.options}
    places = [(segment, option) for segment in segments for option in options]
    rows = []
    for row in matrix.rows:
        cells = {(cell.segment, cell.option): cell for cell in row.cells}
        rows.append(GridRow(row.label, tuple(_cell(cells.get(place)) for place in places)))
    columns = tuple(f"{segments[segment]} {options[option]}" for segment, option in places)
    told = "; ".join(
        f"{row.label}: " + ", ".join(f"{column} {cell.text}" for column, cell in zip(columns, row.cells, strict=True))
        for row in rows
    )
    return GridChart("matrix", title, f"{note}. {told}", columns, tuple(rows), note)


def _cell(cell: MatrixCell | None) -> GridCell:
    if cell is None or not cell.of:
        return GridCell("")
    if cell.named_for or cell.named_against:
        return GridCell(f"{cell.named_for} / {cell.named_against}", max(cell.named_for, cell.named_against) / cell.of)
    return GridCell("–", is_open=cell.never_asked == cell.of)


def _rows(matrix: MatrixCounts) -> Iterator[Sequence[object]]:
    for row in matrix.rows:
        for cell in row.cells:
            values = cell.model_dump()
            yield [row.code, row.label, *(values[column] for column in COLUMNS[2:])]
