"""Tables that come in as CSV: rows with their lines, checked all at once before any of them is stored."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from app.csv_records import NotCsvError, read_records
from app.errors import Fault, InvalidInputError, suggest_name
from app.library.export import read_cell

MOST_ROWS = 200_000
MOST_TABLE_BYTES = 64 * 1024 * 1024
MOST_FAULTS = 100

_MESSAGE = "the table cannot be read"
_LABEL = re.compile(r"label(?:_(?P<language>\w+))?")

Values = TypeVar("Values", bound=BaseModel)


@dataclass(frozen=True)
class Row(Generic[Values]):
    """A row that is right, and where it stands: `taggings.csv:7`."""

    place: str
    values: Values


def read_rows(data: bytes, name: str, model: type[Values], told: Sequence[str] = ()) -> list[Row[Values]]:
    """Read the rows that a model describes; empty cells are values that nobody gives.

    Args:
        data: the bytes of the file.
        name: what the file is called.
        model: its fields are the columns; `label` and `label_en` are gathered where it has a field `labels`.
        told: further columns that are only told, and not read.

    Raises:
        InvalidInputError: rows or columns are wrong; each fault has its line.
    """
    records = _records(_decode(data, name), name)
    _, columns = next(records, (1, []))
    _check_columns(columns, name, model, told)
    rows: list[Row[Values]] = []
    faults: list[Fault] = []
    for line, cells in records:
        place = f"{name}:{line}"
        if len(rows) + len(faults) >= MOST_ROWS:
            raise _refused(Fault(place, f"there are more than {MOST_ROWS:,} rows", "split the table"))
        if len(cells) > len(columns):
            remedy = "put cells that hold the delimiter in quotes"
            faults.append(Fault(place, f"{len(cells)} cells, and {len(columns)} columns", remedy))
        elif cells:
            given = zip(columns, cells, strict=False)
            filled = {column: read_cell(cell) for column, cell in given if cell and column not in told}
            rows += _row(place, _gathered(filled, model), model, faults)
    if faults:
        raise _refused(*faults[:MOST_FAULTS])
    return rows


def _decode(data: bytes, name: str) -> str:
    if len(data) > MOST_TABLE_BYTES:
        raise _refused(Fault(name, f"more than {MOST_TABLE_BYTES // 2**20} MB", "split the table"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(Fault(f"{name}:{line}", "this is not UTF-8", "save the file as CSV in UTF-8")) from error


def _records(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from read_records(text)
    except NotCsvError as error:
        remedy = 'put a cell that holds a quote in quotes, and double the quote inside: `"so ""called"""`'
        raise _refused(Fault(f"{name}:{error.line}", f"this is not CSV: {error}", remedy)) from error


def _check_columns(columns: Sequence[str], name: str, model: type[BaseModel], told: Sequence[str]) -> None:
    known = [*model.model_fields, *told]
    faults = [
        Fault(f"{name}:1", f"{column!r} is no column here", suggest_name(column, known))
        for column in columns
        if column not in known and not ("labels" in model.model_fields and _LABEL.fullmatch(column))
    ]
    faults += [
        Fault(f"{name}:1", f"the column {column!r} is there twice", "delete one of the two")
        for column in sorted(set(columns))
        if columns.count(column) > 1
    ]
    faults += [
        Fault(f"{name}:1", f"the column {column!r} is missing", f"add it to the first line: {','.join(known)}")
        for column, about in model.model_fields.items()
        if about.is_required() and column not in columns
    ]
    if faults:
        raise _refused(*faults[:MOST_FAULTS])


def _gathered(cells: dict[str, str], model: type[BaseModel]) -> dict[str, object]:
    """The cells of a row by field, its labels by language."""
    if "labels" not in model.model_fields:
        return dict(cells)
    found = {name: _LABEL.fullmatch(name) for name in cells}
    labels = {match["language"] or "und": cells[name] for name, match in found.items() if match}
    return {name: cell for name, cell in cells.items() if not found[name]} | {"labels": labels}


def _row(place: str, cells: dict[str, object], model: type[Values], faults: list[Fault]) -> Iterator[Row[Values]]:
    try:
        yield Row(place, model.model_validate(cells))
    except ValidationError as error:
        for fault in error.errors():
            column = ".".join(str(part) for part in fault["loc"]) or "row"
            problem = fault["msg"].removeprefix("Value error, ")
            faults.append(Fault(place, f"{column}: {problem}", "put this cell right"))


def _refused(*faults: Fault) -> InvalidInputError:
    return InvalidInputError(_MESSAGE, faults)
