"""A table as it came: named columns, and rows of text with the number of the line, or row, that each begins in."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Literal

from app.documents.encoding import decode_text
from app.documents.refusal import DocumentError
from app.errors import Fault, InvalidInputError
from app.research.customers.parquet import MAGIC, Unpacked, unpack
from app.text import normalise

MOST_BYTES = 50_000_000
MOST_ROWS = 500_000
MOST_COLUMNS = 200
_ARCHIVE = b"PK\x03\x04"
_DELIMITERS = ",;\t|"
_QUOTED = re.compile('"[^"]*"')
_DECLARED = re.compile(r"\s*sep=(.)\s*", re.IGNORECASE)


Unit = Literal["line", "row"]


@dataclass(frozen=True)
class Sheet:
    """A table of which each row is read when it is needed; `unit` is what its rows are counted in.

    `exact` are the columns whose numbers have a decimal point and whose dates are year-month-day, by their type.
    """

    name: str
    columns: tuple[str, ...]
    text: str
    delimiter: str
    unit: Unit = "line"
    exact: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    header_lines: int = field(default=0)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row that is not empty, without the header, cells without outer white space.

        Raises:
            InvalidInputError: a row cannot be taken apart, or there are too many.
        """
        records = _records(self.name, self.text, self.delimiter, self.header_lines)
        next(records, None)
        count = 0
        for place, (line, cells) in enumerate(records, start=1):
            trimmed = [cell.strip() for cell in cells]
            if not any(trimmed):
                continue
            count += 1
            if count > MOST_ROWS:
                raise refused(self.name, f"there are more than {MOST_ROWS:,} rows", "split the file")
            yield (line if self.unit == "line" else place), trimmed


def read_sheet(name: str, content: bytes) -> Sheet:
    """Read a CSV or Parquet file; the content tells which it is.

    Raises:
        InvalidInputError: it is neither, empty, or too large.
    """
    if len(content) > MOST_BYTES:
        raise refused(name, f"the file has more than {MOST_BYTES // 1_000_000} MB", "split it")
    if not content.strip():
        raise refused(name, "the file is empty", "export it again, with its header")
    if content.startswith(MAGIC):
        return _sheet_of(name, unpack(name, content))
    if content.startswith(_ARCHIVE):
        raise refused(name, "this is an Excel workbook, or another archive", "save the sheet as CSV")
    try:
        decoded = decode_text(content)
    except DocumentError as error:
        (fault,) = error.faults
        place = f"{name}, {fault.place}" if fault.place else name
        raise refused(place, fault.problem, "export it as CSV in UTF-8, or as Parquet") from error
    return _read_csv(name, decoded.text, decoded.warnings)


def refused(place: str, problem: str, remedy: str) -> InvalidInputError:
    """The error of a file of which nothing is used."""
    return InvalidInputError("the customers cannot be imported; nothing was changed", (Fault(place, problem, remedy),))


def _sheet_of(name: str, unpacked: Unpacked) -> Sheet:
    columns = tuple(normalise(column).strip() for column in unpacked.columns)
    exact = frozenset(column for column, is_exact in zip(columns, unpacked.exact, strict=True) if is_exact)
    text = normalise(unpacked.text)
    return _checked(Sheet(name, columns, text, ",", unit="row", exact=exact, notes=unpacked.notes))


def _read_csv(name: str, text: str, notes: tuple[str, ...]) -> Sheet:
    """The delimiter is the one that Excel declares in a first line, else the one that the header has most of."""
    skipped, declared = 0, None
    first, _, rest = text.partition("\n")
    if found := _DECLARED.fullmatch(first):
        text, skipped, declared = rest, 1, found[1]
    content = text.lstrip("\n")
    skipped += len(text) - len(content)
    header = _QUOTED.sub("", content.partition("\n")[0])
    delimiter = declared or max(_DELIMITERS, key=header.count)
    _, cells = next(_records(name, content, delimiter, skipped), (1, []))
    while cells and not cells[-1].strip():
        cells.pop()
    columns = tuple(cell.strip() for cell in cells)
    return _checked(Sheet(name, columns, content, delimiter, notes=notes, header_lines=skipped))


def _checked(sheet: Sheet) -> Sheet:
    if not any(sheet.columns):
        raise refused(sheet.name, "there is no header", "write the names of the columns into the first line")
    if len(sheet.columns) > MOST_COLUMNS:
        raise refused(sheet.name, f"there are more than {MOST_COLUMNS} columns", "leave out those that nobody needs")
    return sheet


def _records(name: str, text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV text with the line that each begins in."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = skipped + 1
    try:
        for cells in reader:
            yield line, cells
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        remedy = 'put a cell that holds a quote in quotes, and double the quote inside: `"so ""called"""`'
        raise refused(f"{name}:{line}", f"this is not CSV: {error}", remedy) from error
