"""Tables of boards: with a header, as Mural, plugins of FigJam and people write them, or without one, as Miro does."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.csv_records import NotCsvError, read_records
from app.research.insights.boards.columns import Column, find_columns
from app.research.insights.boards.refusal import board_refused
from app.research.insights.boards.stickies import GivenWords, Sticky, given_words
from app.vocabulary import Stance

MOST_ROWS = 20_000
MOST_ROWS_ABOVE = 10
HEADING_WORDS = 6
"""A short row by itself, that ends no sentence, is the title of the frame whose notes follow."""

_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]{0,300}>", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:][\"'”“’»)]*$")
_QUOTED = re.compile(r"[\"“”„«»]")
_SEPARATORS = re.compile(r"[,;|\n]")


@dataclass(frozen=True)
class Row:
    """The cells of a row and the line that it begins in."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of a board: the places of its columns, the names that they have there, and its notes."""

    columns: Mapping[Column, str]
    stickies: tuple[Sticky, ...]


def read_table(text: str) -> Table:
    """Read the notes of a table; raise `InvalidInputError` where it is none."""
    rows = list(_rows(text))
    head = _head(rows)
    if head is None:
        return Table({}, tuple(_without_header(rows)))
    columns = find_columns(rows[head].cells)
    named = {column: rows[head].cells[place].strip() for column, place in columns.items()}
    return Table(named, tuple(_with_header(rows[head + 1 :], columns)))


def _head(rows: Sequence[Row]) -> int | None:
    """Which row is the header: the first, or one that names two columns below the title of a board and the like."""
    found = (number for number, row in enumerate(rows[:MOST_ROWS_ABOVE]) if len(find_columns(row.cells)) >= 2)
    return 0 if rows and find_columns(rows[0].cells) else next(found, None)


def read_lines(text: str) -> Table:
    """Read notes that were copied as text, one a line, as FigJam gives them."""
    lines = enumerate(text.split("\n"), start=1)
    return Table({}, tuple(_without_header([Row(line, (words,)) for line, words in lines if words.strip()])))


def _rows(text: str) -> Iterator[Row]:
    try:
        for number, (line, cells) in enumerate(read_records(text)):
            if number > MOST_ROWS:
                raise board_refused(line, f"more than {MOST_ROWS:,} rows", "split the table")
            if any(cells):
                yield Row(line, tuple(map(_plain, cells)))
    except NotCsvError as error:
        raise board_refused(error.line, f"no CSV: {error}", "export the board again as CSV") from error


def _plain(cell: str) -> str:
    """A cell as people see it: boards write line breaks and marks as HTML."""
    if "<" not in cell and "&" not in cell:
        return cell.strip()
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", cell))).strip()


def _with_header(rows: Sequence[Row], columns: Mapping[Column, int]) -> Iterator[Sticky]:
    for row in rows:

        def cell(column: Column, cells: Sequence[str] = row.cells) -> str:
            place = columns.get(column)
            return cells[place] if place is not None and place < len(cells) else ""

        evidence = [*given_words(cell(Column.EVIDENCE), row.line), *_against(cell(Column.AGAINST), row.line)]
        text = cell(Column.STATEMENT)
        if text or evidence:
            labels = [*_SEPARATORS.split(cell(Column.SEGMENT)), *_SEPARATORS.split(cell(Column.TAGS))]
            yield Sticky(
                line=row.line,
                text=text,
                theme=cell(Column.THEME) or None,
                code=cell(Column.CODE) or None,
                author=cell(Column.AUTHOR) or None,
                date=cell(Column.DATE) or None,
                labels=tuple(label.strip() for label in labels if label.strip()),
                evidence=tuple(evidence),
            )


def _against(text: str, line: int) -> Iterator[GivenWords]:
    return (GivenWords(given.words, given.line, Stance.AGAINST) for given in given_words(text, line))


def _without_header(rows: Sequence[Row]) -> Iterator[Sticky]:
    """The first text of each row is a note, what follows it are its labels; titles of frames head those below them."""
    theme = None
    for row in rows:
        filled = [cell for cell in row.cells if cell]
        if len(filled) == 1 and _is_heading(filled[0]):
            theme = filled[0]
        else:
            yield Sticky(row.line, filled[0], theme, labels=tuple(filled[1:]))


def _is_heading(text: str) -> bool:
    short = len(text.split()) <= HEADING_WORDS and "\n" not in text
    return short and not _SENTENCE_END.search(text) and not _QUOTED.search(text)
