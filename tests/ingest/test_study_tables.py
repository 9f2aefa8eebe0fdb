"""CSV tables: every cell, and the line that its row begins in, whatever the cells hold."""

import csv
import tempfile
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Fault
from ingest.study_faults import FaultLog
from ingest.study_fields import Known
from ingest.study_files import TABLE, StudyFile
from ingest.study_parts import Insight
from ingest.study_tables import Table, read_table, validate_rows

COLUMNS = ["id", "author", "statement"]
CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\",;'"), max_size=10)


def read(text: str) -> tuple[Table | None, tuple[Fault, ...]]:
    """Read a table of insights from a file of its own."""
    faults = FaultLog()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "insights.csv"
        path.write_text(text, encoding="utf-8", newline="")
        table = read_table(StudyFile("insights.csv", path, TABLE), Insight, faults)
    return table, faults.in_order("")


@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=6), delimiter=st.sampled_from(",;\t"))
def test_cells_and_lines_survive(rows: list[tuple[str, str]], delimiter: str) -> None:
    """What the csv module writes is read back, without white space around it, with the line that each row begins in."""
    text = StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    expected = []
    for number, cells in enumerate(rows):
        line = text.getvalue().count("\n") + 1
        writer.writerow([f"N{number}", *cells])
        filled = {name: cell.strip() for name, cell in zip(COLUMNS[1:], cells, strict=True) if cell.strip()}
        expected.append((line, {"id": f"N{number}"} | filled))
    table, faults = read(text.getvalue())
    assert faults == ()
    assert table is not None
    assert [(row.line, row.cells) for row in table.rows] == expected


@pytest.mark.parametrize(
    ("text", "place", "problem", "remedy"),
    [
        ("id,author\nN1,anna\n", "insights.csv:1", "the column `statement` is missing", "id,author,date,segment"),
        ("id,autor,statement\n", "insights.csv:1", "`autor` is not a column here", "write `author`"),
        ("id,author,statement,colour\n", "insights.csv:1", "`colour` is not a column here", "write one of `id`"),
        ("id,id,author,statement\n", "insights.csv:1", "`id` is there twice", "rename"),
        ("id,,author,statement\n", "insights.csv:1", "column 2 has no name", "name it"),
        (",".join(map(str, range(101))) + "\n", "insights.csv:1", "more than 100 columns", "leave out"),
        ('id,author,statement\nN1,a,b\nN2,"a,b\nN3,a,b\n', "insights.csv:3", "this is not CSV", "double the quote"),
        ('id,author,statement\nN1,"a"b,c\n', "insights.csv:2", "this is not CSV", "double the quote"),
        (f"id,author,statement\nN1,{'x' * 200_000},b\n", "insights.csv:2", "field larger than", "quotes"),
    ],
)
def test_a_table_that_cannot_be_followed_is_one_message(text: str, place: str, problem: str, remedy: str) -> None:
    """Wrong columns are reported at the header, broken notation where the row begins; no row is then used."""
    table, (fault,) = read(text)
    assert table is None
    assert fault.place == place
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_a_row_with_cells_too_many_is_reported_once() -> None:
    """Shifted cells are one fault, not one for each cell that then looks wrong; the id is still known."""
    table, (fault,) = read("id,author,date,statement\nN1,anna,so,2026-01-01,yes\nN2,anna,2026-01-01,yes\n")
    assert fault.place == "insights.csv:2"
    assert table is not None
    faults = FaultLog()
    validate_rows(table, Insight, Known(Path()), faults)
    assert faults.in_order("") == ()
    assert [row.cells["id"] for row in table.rows] == ["N1", "N2"]


def test_empty_cells_at_the_end_are_no_cells() -> None:
    """The trailing delimiters of a spreadsheet's export are neither columns nor cells too many."""
    table, faults = read("id,author,statement,,\nN1,anna,yes,,,\n,,,,\n")
    assert faults == ()
    assert table is not None
    assert [row.cells for row in table.rows] == [{"id": "N1", "author": "anna", "statement": "yes"}]
