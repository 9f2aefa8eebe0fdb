"""The matrix as a table and as a grid: who named which criterion of which option."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.library.export import write_table
from app.research.charts.grid import GridCell, GridChart, GridRow
from app.research.matrix.schemas import Matrix, MatrixCell
from app.research.phrases import fill

COLUMNS = (
    "about",
    "code",
    "label",
    "segment",
    "option",
    "of",
    "named_for",
    "named_against",
    "named_both",
    "asked_without_mention",
    "never_asked",
)

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "title": {
        "en": "Who named which selection criterion",
        "de": "Wer welches Auswahlkriterium nannte",
        "es": "Quién nombró qué criterio de elección",
    },
    "note": {
        "en": "People who name it for / against; the stronger the shade, the larger their share. "
        "–: some were asked, nobody mentioned it; hatched: nobody was asked.",
        "de": "Personen dafür / dagegen; je kräftiger, desto größer ihr Anteil. "
        "–: manche wurden gefragt, niemand erwähnte es; schraffiert: niemand wurde gefragt.",
        "es": "Personas a favor / en contra; cuanto más intenso, mayor proporción. "
        "–: se preguntó, nadie lo mencionó; rayado: no se preguntó a nadie.",
    },
    "any_criterion": {"en": "any criterion", "de": "irgendein Kriterium", "es": "algún criterio"},
    "reasons": {
        "en": "Why people choose another",
        "de": "Warum Menschen andere wählen",
        "es": "Por qué se elige a otro",
    },
    "nothing": {
        "en": "The codebook has no codes of the kind criterion.",
        "de": "Das Codebuch hat keine Codes der Art criterion.",
        "es": "El libro de códigos no tiene códigos del tipo criterion.",
    },
}
ANY_CRITERION = "any_criterion"


def matrix_csv(matrix: Matrix) -> str:
    """One line for each cell, of criteria, of whoever named any, and of reasons to choose another."""
    return write_table(COLUMNS, _lines(matrix))


def matrix_chart(matrix: Matrix, language: str) -> GridChart:
    """Criteria by segments, below each the options that anybody named it of; a shade says which share of people did."""
    shown = shown_rows(matrix, language)
    rows = tuple(GridRow(row.label, tuple(map(_cell, row.cells)), row.inside) for row in shown)
    columns = tuple(f"{each.label} ({each.people})" for each in matrix.segments)
    title = fill(_PHRASES["title" if rows else "nothing"], language)
    note = fill(_PHRASES["note"], language) if rows else ""
    told = "; ".join(
        f"{row.label}: " + ", ".join(f"{column} {cell.text}" for column, cell in zip(columns, row.cells, strict=True))
        for row in rows
        if row.cells
    )
    return GridChart("matrix", title, f"{note} {told}".strip(), columns, rows, note)


@dataclass(frozen=True)
class ShownRow:
    """A row as it is shown, with a cell for each segment; without cells a heading, `inside` one option of the above."""

    label: str
    cells: tuple[MatrixCell, ...]
    inside: bool = False


def shown_rows(matrix: Matrix, language: str) -> Iterator[ShownRow]:
    """Criteria, whoever named any, and reasons to choose another; below each the options that anybody named it of."""
    for row in matrix.rows:
        yield from _rows_of(f"{row.code} {row.label}", row.cells, matrix)
    if matrix.rows:
        yield from _rows_of(fill(_PHRASES[ANY_CRITERION], language), matrix.totals, matrix)
    if matrix.reasons:
        yield ShownRow(fill(_PHRASES["reasons"], language), ())
    for reason in matrix.reasons:
        yield ShownRow(f"{reason.code} {reason.label}", reason.cells)


def _rows_of(name: str, cells: Sequence[MatrixCell], matrix: Matrix) -> Iterator[ShownRow]:
    for option in matrix.options:
        own = tuple(cell for cell in cells if cell.option == option.option)
        if option.kind == "any":
            yield ShownRow(name, own)
        elif any(cell.named_for or cell.named_against for cell in own):
            yield ShownRow(option.label, own, inside=True)


def _cell(cell: MatrixCell) -> GridCell:
    named = cell.named_for + cell.named_against - cell.named_both
    if named:
        return GridCell(f"{cell.named_for} / {cell.named_against}", named / cell.of)
    return GridCell("–" if cell.asked_without_mention else "", is_open=cell.never_asked == cell.of)


def _lines(matrix: Matrix) -> Iterator[Sequence[object]]:
    told = [
        *((row.kind, row.code, row.label, row.cells) for row in matrix.rows),
        *([(ANY_CRITERION, None, None, matrix.totals)] if matrix.rows else []),
        *(("competitor_reason", reason.code, reason.label, reason.cells) for reason in matrix.reasons),
    ]
    for about, code, label, cells in told:
        for cell in cells:
            values = cell.model_dump()
            yield [about, code, label, *(values[column] for column in COLUMNS[3:])]
