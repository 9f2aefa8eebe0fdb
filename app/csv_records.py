"""CSV text, record by record, with the line that each begins in."""

import csv
from collections.abc import Iterator
from io import StringIO

_DELIMITERS = ",;\t"


class NotCsvError(Exception):
    """A record cannot be taken apart; `line` is where it begins."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def read_records(text: str) -> Iterator[tuple[int, list[str]]]:
    """List the records of a CSV text, the header first, with the line that each begins in.

    The delimiter is the comma, semicolon or tab that the header has most of. Cells come without the white space around
    them, records without the empty cells at their end that spreadsheets write.

    Raises:
        NotCsvError: while a record is read that cannot be.
    """
    header = text.split("\n", 1)[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=header.count), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, _trim(cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise NotCsvError(line, str(error)) from error


def _trim(cells: list[str]) -> list[str]:
    trimmed = [cell.strip() for cell in cells]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed
