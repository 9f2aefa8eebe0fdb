"""Bands and classes of customers, on hand-checked numbers."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.customer_value import abcd_classes, band_of


def test_bands_include_their_lower_limit() -> None:
    """199.99 is below 200, 200 is in the band that begins there; nothing known stays unclassified."""
    assert [band_of(Decimal(value)) for value in ("0", "199.99", "200", "499.99", "500", "1000", "4711")] == [
        "0-50",
        "100-200",
        "200-500",
        "200-500",
        "500-1000",
        "1000+",
        "1000+",
    ]
    assert band_of(None) is None


def test_classes_by_cumulative_revenue() -> None:
    """A ends where half of the revenue is reached, B at 80 %, C at 95 %; who brought nothing has no class."""
    revenues = [Decimal(value) for value in (50, 30, 15, 5)] + [None, Decimal(0), Decimal(-3)]
    assert abcd_classes(revenues) == ["A", "B", "C", "D", None, None, None]


@given(st.lists(st.decimals(Decimal("0.01"), Decimal(10_000), places=2), min_size=1, max_size=60))
def test_no_customer_of_a_better_class_brings_less(revenues: list[Decimal]) -> None:
    """Sorting by revenue sorts by class, and the first customer is always A."""
    classes = abcd_classes(revenues)
    order = sorted(range(len(revenues)), key=lambda row: -revenues[row])
    assert [classes[row] for row in order] == sorted(str(label) for label in classes)
    assert classes[order[0]] == "A"
