"""Parquet files, with types of all sorts, and made to harm."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from table_sample import facts_of, problems_of, table_of

from app.errors import InvalidInputError
from app.research.customers import parquet_child


def parquet(**columns: Any) -> bytes:
    """Columns as a Parquet file."""
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def test_types_of_all_sorts() -> None:
    """Ids as floats, decimals of three places, NaN, days with zones, dictionaries; nested columns are left out."""
    content = parquet(
        customer_id=pa.array([1001.0, None, 1003.0]),
        ltv=pa.array([Decimal("331.085"), Decimal(1), Decimal("1.234")], pa.decimal128(12, 3)),
        revenue=pa.array([12.345, 1.0, float("nan")]),
        first_purchase=pa.array(
            [dt.datetime(2025, 1, 2, 3, tzinfo=dt.UTC)] * 3, pa.timestamp("ns", tz="Europe/Berlin")
        ),
        purchases=pa.array([3, 4, None], pa.uint64()),
        nested=pa.array([{"a": 1}] * 3),
        listed=pa.array([[1, 2]] * 3),
        country=pa.array(["DE", "ES", "=1+1"]).dictionary_encode(),
        raw=pa.array([b"caf\xc3\xa9"] * 3),
    )
    table = table_of(content, "base.parquet")
    facts = facts_of(table)
    assert list(facts) == ["1001", "1003"]
    first, last = facts["1001"], facts["1003"]
    assert (first.ltv_eur, first.revenue_eur, first.purchases) == (Decimal("331.09"), Decimal("12.35"), 3)
    assert first.first_purchase == dt.date(2025, 1, 2)
    assert first.attributes == {"country": "DE", "raw": "café"}
    assert (last.ltv_eur, last.revenue_eur, last.purchases) == (Decimal("1.23"), None, None)
    assert (table.unit, problems_of(table)) == ("row", {"missing_id": (2,)})
    assert {note for note in table.notes if "plain" in note} == {
        f"the column {name!r} holds no plain values and was left out" for name in ("nested", "listed")
    }


def test_texts_are_read_as_in_a_table() -> None:
    """A column of texts may have decimal commas, and line breaks in its cells."""
    table = table_of(parquet(kunde=pa.array(["A\nB", "C"]), umsatz=pa.array(["1.234,50 €", "2"])), "x.parquet")
    assert [(each.code, each.revenue_eur) for each in table.told.customers] == [("A B", Decimal("1234.50")), ("C", 2)]


@pytest.mark.parametrize("damage", ["cut", "flipped", "head"])
def test_damaged_files_are_refused(damage: str) -> None:
    """With one message, however they are damaged."""
    content = bytearray(parquet(customer_id=pa.array(["A"] * 100), ltv=pa.array([1.0] * 100)))
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "flipped":
        content[-60:-20] = bytes(40)
    else:
        content = content[:4]
    with pytest.raises(InvalidInputError, match="nothing was changed"):
        table_of(bytes(content), "x.parquet")


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"customer_id": pa.nulls(parquet_child.MOST_ROWS + 1)}, "more than 500,000 rows"),
        ({f"c{number}": pa.array([1]) for number in range(201)}, "more than 200 columns"),
        ({"customer_id": pa.array(["x" * 100_001])}, "a cell has more"),
    ],
)
def test_what_is_too_large_is_refused(columns: dict[str, pa.Array], problem: str) -> None:
    """Before it is unpacked, where the file says so itself."""
    with pytest.raises(InvalidInputError) as refusal:
        table_of(parquet(**columns), "x.parquet")
    assert problem in str(refusal.value.faults[0])


def test_a_small_file_that_unpacks_to_a_large_one_is_refused() -> None:
    """A few kilobytes that hold the same long text many times over."""
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 30_000, pa.int32()), pa.array(["x" * 9_000]))
    content = parquet(customer_id=long)
    assert len(content) < 50_000
    with pytest.raises(InvalidInputError) as refusal:
        table_of(content, "bomb.parquet")
    assert "million characters" in str(refusal.value.faults[0])
