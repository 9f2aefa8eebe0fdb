"""CSV tables of a study folder, row by row with the line that each begins in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from app.csv_records import NotCsvError, read_records
from ingest.study_faults import FaultLog, Place, closest, report, shown, suggest
from ingest.study_fields import Known
from ingest.study_files import StudyFile, read_text

MAX_ROWS = 200_000
MAX_COLUMNS = 100
_ADDED = {"attributes", "place"}
"""Fields of a row that are no columns: the cells of further columns, and where the row stands."""

_Row = TypeVar("_Row", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row that hold something, by column."""

    file: str
    line: int
    cells: dict[str, str]
    spoiled: bool = False
    how_to_add: str = "fill in the column `{name}`"

    def locate(self, steps: Sequence[int | str]) -> Place:
        """Find a cell: all of a row are in the line that it begins in."""
        return Place(self.line, str(steps[0]) if steps else "row", self.spoiled)


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file, read."""

    file: str
    rows: tuple[Row, ...]


def read_table(file: StudyFile, model: type[BaseModel], faults: FaultLog) -> Table | None:
    """Read the table whose rows a model describes; report what is wrong with its notation and its columns."""
    text = read_text(file, faults)
    if text is None:
        return None
    records = read_records(text)
    try:
        _, columns = next(records, (1, []))
        wrong_columns = list(_column_faults(columns, model))
        for problem, remedy in wrong_columns:
            faults.add(file.name, 1, problem, remedy)
        return None if wrong_columns else Table(file.name, tuple(_rows(file.name, records, columns, faults)))
    except NotCsvError as error:
        remedy = 'put a cell that holds a quote in quotes, and double the quote inside: `"so ""called"""`'
        faults.add(file.name, error.line, f"this is not CSV: {error}", remedy)
        return None


def validate_rows(table: Table, model: type[_Row], known: Known, faults: FaultLog) -> tuple[_Row, ...]:
    """Make a model of each row that is right; report the others."""
    columns, made = _columns(model), []
    for row in table.rows:
        if faults.is_full(table.file):
            break
        content: dict[str, object] = {name: cell for name, cell in row.cells.items() if name in columns}
        if "attributes" in model.model_fields:
            content["attributes"] = {name: cell for name, cell in row.cells.items() if name not in columns}
        if "place" in model.model_fields:
            content["place"] = f"{row.file}:{row.line}"
        try:
            made.append(model.model_validate(content, context=known))
        except ValidationError as error:
            report(error, model, row, faults)
    return tuple(made)


def _columns(model: type[BaseModel]) -> list[str]:
    return [name for name in model.model_fields if name not in _ADDED]


def _column_faults(columns: list[str], model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """State problem and remedy of columns that are missing, unknown, nameless or there twice."""
    if len(columns) > MAX_COLUMNS:
        yield f"there are more than {MAX_COLUMNS} columns", "leave out those that nobody needs"
        return
    if "" in columns:
        yield f"column {columns.index('') + 1} has no name", "name it, or delete it"
    for name in sorted({name for name in columns if name and columns.count(name) > 1}):
        yield f"the column {shown(name)} is there twice", "rename or delete one of the two"
    known = _columns(model)
    absent = [name for name in known if name not in columns]
    for stranger in (name for name in columns if name and name not in known):
        if meant := closest(stranger, absent):
            absent.remove(meant)
        if meant or "attributes" not in model.model_fields:
            yield f"{shown(stranger)} is not a column here", suggest(stranger, [meant] if meant else known)
    for name in (name for name in absent if model.model_fields[name].is_required()):
        yield f"the column {shown(name)} is missing", f"add it to the first line: `{','.join(known)}`"


def _rows(file: str, records: Iterable[tuple[int, list[str]]], columns: list[str], faults: FaultLog) -> Iterator[Row]:
    """List the rows that are not empty."""
    for number, (line, cells) in enumerate(records):
        if number >= MAX_ROWS:
            faults.add(file, line, f"there are more than {MAX_ROWS} rows", "split the table or leave out old rows")
            return
        shifted = len(cells) > len(columns)
        if shifted:
            problem = f"the row has {len(cells)} cells, the first line {len(columns)}"
            faults.add(file, line, problem, "put cells that hold the delimiter in quotes")
        if cells:
            filled = {name: cell for name, cell in zip(columns, cells, strict=False) if cell}
            yield Row(file, line, filled, spoiled=shifted)
