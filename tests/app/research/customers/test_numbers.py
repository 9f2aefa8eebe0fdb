"""Numbers as people and programs write them, read back to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.customers.numbers import Evidence, is_missing, number_of, read_written
from app.research.customers.settings import DecimalMark

AMOUNTS = st.decimals(Decimal(-9_999_999), Decimal(9_999_999), places=2)


@pytest.mark.parametrize(
    ("cell", "mark", "number", "currency"),
    [
        ("1.234,56 €", "comma", "1234.56", "EUR"),
        ("€ 1.234,56", "comma", "1234.56", "EUR"),
        ("$1,234.56", "point", "1234.56", "USD"),
        ("-$5.00", "point", "-5.00", "USD"),
        ("$-5.00", "point", "-5.00", "USD"),
        ("US$ 12", "point", "12", "USD"),
        ("12,00-", "comma", "-12.00", None),
        ("(12.00)", "point", "-12.00", None),
        ("1 234,56", "comma", "1234.56", None),
        ("1\u00a0234\u202f567,8 EUR", "comma", "1234567.8", "EUR"),
        ("1'234.50 CHF", "point", "1234.50", "CHF"),
        ("−5", "point", "-5", None),
        ("1E+05", "point", "100000", None),
        ("1.234.567", "comma", "1234567", None),
        (",5", "comma", "0.5", None),
        ("5 Euro", "comma", "5", "EUR"),
    ],
)
def test_amounts_are_read(cell: str, mark: DecimalMark, number: str, currency: str | None) -> None:
    """Signs, brackets, currencies and thousands in any of the usual ways."""
    written = read_written(cell)
    assert written is not None
    assert (number_of(written, mark), written.currency) == (Decimal(number), currency)


@pytest.mark.parametrize(
    "cell", ["abc", "12%", "--5", "+-5", "", "€", "12 34", "1,2,3 4", "5 apples", "(-5)", "1..2 3"]
)
def test_what_is_no_number_is_none(cell: str) -> None:
    """Nothing is made of what is not written as a number."""
    assert read_written(cell) is None


@pytest.mark.parametrize(
    ("cell", "mark"),
    [("1.234,56", "point"), ("1,234.56", "comma"), ("1.2.3", "point"), ("12.", "point"), ("12345678901", "point")],
)
def test_what_does_not_fit_the_mark_is_none(cell: str, mark: DecimalMark) -> None:
    """Neither is a number read by another mark than its column's, nor one that nobody pays."""
    written = read_written(cell)
    assert written is not None
    assert number_of(written, mark) is None


@given(AMOUNTS, st.sampled_from(["point", "comma"]))
def test_every_amount_is_read_back(amount: Decimal, mark: DecimalMark) -> None:
    """Written with thousands and cents, in either way, with a sign before it."""
    cell = f"{amount:,.2f}"
    if mark == "comma":
        cell = cell.translate(str.maketrans(",.", ".,"))
    written = read_written(cell)
    assert written is not None
    assert number_of(written, mark) == amount


@given(st.text(max_size=20))
def test_no_cell_breaks_the_reading(cell: str) -> None:
    """Whatever a cell holds, it is a number or it is none."""
    written = read_written(cell)
    numbers = [number_of(written, mark) for mark in ("point", "comma")] if written else []
    assert all(number is None or number.is_finite() for number in numbers)


@pytest.mark.parametrize(
    ("cells", "mark", "doubtful"),
    [
        (["12", "1.234", "7,5"], "comma", 2),
        (["12.5", "1,234"], "point", 2),
        (["12", "7"], None, None),
        (["1.234", "12"], None, 1),
        (["0.500"], "point", None),
        (["1.234", "1.234.567"], "comma", 1),
        (["x", "5 apples", "1,5", "2,5", "3.5"], "comma", None),
    ],
)
def test_a_column_shows_its_mark(cells: list[str], mark: DecimalMark | None, doubtful: int | None) -> None:
    """Cells that can be read in one way alone decide; where none can, the first doubtful line is known."""
    evidence = Evidence()
    for line, cell in enumerate(cells, start=1):
        if written := read_written(cell):
            evidence.see(line, written)
    assert (evidence.decide(), evidence.doubtful) == (mark, doubtful)


def test_what_says_that_nothing_is_known() -> None:
    """Empty, a dash, or a word for it."""
    assert all(map(is_missing, ["", "-", "N/A", "NaN", "NULL", "k.A."]))
    assert not any(map(is_missing, ["0", "no", "none of them"]))
