"""Any file of a board to its notes: its name and its header tell how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from app.documents.encoding import decode_text
from app.documents.refusal import DocumentError
from app.research.insights.boards.markdown import read_markdown
from app.research.insights.boards.refusal import board_refused
from app.research.insights.boards.stickies import Sticky
from app.research.insights.boards.tables import read_lines, read_table

MOST_BYTES = 10_000_000
MOST_INSIGHTS = 5_000
SUFFIXES = (".csv", ".tsv", ".md", ".markdown", ".txt")

Format = Literal["mural", "table", "notes", "markdown"]


@dataclass(frozen=True)
class Board:
    """The notes of a file, how it was read, and what each column was taken for, by its name there."""

    format: Format
    columns: Mapping[str, str]
    stickies: tuple[Sticky, ...]


def read_board(data: bytes, name: str) -> Board:
    """Read the notes of a board: of a CSV table, of Markdown, or of text with a note on each line.

    Raises:
        InvalidInputError: the file is none of these, broken or too large, or has no notes.
    """
    if len(data) > MOST_BYTES:
        raise board_refused(0, f"{len(data):,} bytes, more than {MOST_BYTES:,}", "split the file")
    try:
        text = decode_text(data).text
    except DocumentError as error:
        raise board_refused(0, error.faults[0].problem, error.faults[0].remedy) from error
    board = _read(text, PurePath(name).suffix.lower())
    if not board.stickies:
        raise board_refused(0, "no notes", "export the board with its sticky notes")
    if len(board.stickies) > MOST_INSIGHTS:
        raise board_refused(0, f"more than {MOST_INSIGHTS:,} notes", "split the file")
    return board


def _read(text: str, suffix: str) -> Board:
    if suffix in (".md", ".markdown"):
        return Board("markdown", {}, read_markdown(text))
    if suffix == ".txt":
        return Board("notes", {}, read_lines(text).stickies)
    if suffix not in SUFFIXES:
        raise board_refused(0, f"a {suffix or 'nameless'} file", f"give one of {', '.join(SUFFIXES)}")
    table = read_table(text)
    columns = {str(column): header for column, header in table.columns.items()}
    if not columns:
        return Board("notes", {}, table.stickies)
    return Board("mural" if "sticky type" in text.split("\n", 1)[0].lower() else "table", columns, table.stickies)
