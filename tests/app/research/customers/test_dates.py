"""Days as people and programs write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.customers.dates import DateEvidence, read_date
from app.research.customers.settings import DateOrder


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-3-2T10:15:00Z", date(2026, 3, 2)),
        ("2026/03/02 10:15", date(2026, 3, 2)),
        ("20260302", date(2026, 3, 2)),
        ("02.03.2026", date(2026, 3, 2)),
        ("2.3.26", date(2026, 3, 2)),
        ("02.03.2026 10:15:00", date(2026, 3, 2)),
        ("02/03/2026", date(2026, 3, 2)),
        ("31.02.2026", None),
        ("2026-13-01", None),
        ("yesterday", None),
        ("45000", None),
        ("0000-00-00", None),
    ],
)
def test_days_are_read(cell: str, day: date | None) -> None:
    """Year first, German, or with slashes, with a time behind or not; what is no day is none."""
    assert read_date(cell, "dmy") == day


def test_slashes_are_read_in_their_order() -> None:
    """The same cell is another day where the month comes first."""
    assert read_date("02/03/2026", "mdy") == date(2026, 2, 3)
    assert read_date("13/03/2026", "mdy") is None


@pytest.mark.parametrize(
    ("cells", "order", "doubtful"),
    [
        (["01/02/2026", "13/02/2026"], "dmy", 1),
        (["01/02/2026", "02/13/2026"], "mdy", 1),
        (["01/02/2026"], None, 1),
        (["01/01/2026", "2026-05-06", "06.07.2026"], None, None),
    ],
)
def test_cells_show_their_order(cells: list[str], order: DateOrder | None, doubtful: int | None) -> None:
    """A number beyond twelve is the day; where there is none, the first doubtful line is known."""
    evidence = DateEvidence()
    for line, cell in enumerate(cells, start=1):
        evidence.see(line, cell)
    assert (evidence.decide(), evidence.doubtful) == (order, doubtful)


@given(st.text(max_size=20), st.sampled_from(["dmy", "mdy"]))
def test_no_cell_breaks_the_reading(cell: str, order: DateOrder) -> None:
    """Whatever a cell holds, it is a day or it is none."""
    assert isinstance(read_date(cell, order), date | None)
