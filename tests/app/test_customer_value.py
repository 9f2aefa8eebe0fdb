"""Bands and classes of customers, on hand-checked numbers."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.customer_value import CLASS_SHARES, ValueScheme, abcd_classes, band_of, class_by_limit

REVENUES = st.lists(st.decimals(Decimal("0.01"), Decimal(10_000), places=2), min_size=1, max_size=60)


def decimals(*values: str | int | None) -> list[Decimal | None]:
    """Euros, or nothing."""
    return [None if value is None else Decimal(value) for value in values]


def test_bands_include_their_lower_limit() -> None:
    """199.99 is below 200, 200 is in the band that begins there; what is not known, or below zero, is unclassified."""
    assert [band_of(value) for value in decimals("0", "199.99", "200", "499.99", "500", "1000", "4711")] == [
        "0-50",
        "100-200",
        "200-500",
        "200-500",
        "500-1000",
        "1000+",
        "1000+",
    ]
    assert [band_of(value) for value in decimals(None, "-0.01")] == [None, None]


def test_classes_by_cumulative_revenue() -> None:
    """A ends where half of the revenue is reached, B at 80 %, C at 95 %; who brought nothing has no class."""
    assert abcd_classes(decimals(50, 30, 15, 5, None, 0, -3)) == ["A", "B", "C", "D", None, None, None]


def test_of_equal_revenues_the_first_is_of_the_better_class() -> None:
    """Four times 25 of 100: 0 and 25 are below 50, 50 and 75 below 80; ten times 10: 5 A, 3 B, 2 C."""
    assert abcd_classes(decimals(25, 25, 25, 25)) == ["A", "A", "B", "B"]
    assert abcd_classes(decimals(*[10] * 10)) == [*"AAAAABBBCC"]


@pytest.mark.parametrize(("revenues", "classes"), [([], []), ([7], ["A"]), ([None], [None]), ([0, -5], [None, None])])
def test_one_customer_and_nobody(revenues: list[int | None], classes: list[str | None]) -> None:
    """One earning customer is A; without earnings there are no classes."""
    assert abcd_classes(decimals(*revenues)) == classes


def test_classes_by_limits_include_them() -> None:
    """From 500 on A, from 200 on B, below them C, the next class; what is unknown or below zero is unclassified."""
    limits: dict[Any, int] = {"A": 500, "B": 200}
    values = decimals("500", "499.99", "200", "199.99", "0", None, "-1")
    assert [class_by_limit(value, limits) for value in values] == ["A", "B", "B", "C", "C", None, None]


@given(REVENUES)
def test_no_customer_of_a_better_class_brings_less(revenues: list[Decimal]) -> None:
    """Sorting by revenue sorts by class, and the first customer is always A."""
    classes = abcd_classes(revenues)
    order = sorted(range(len(revenues)), key=lambda row: -revenues[row])
    assert [classes[row] for row in order] == sorted(str(label) for label in classes)
    assert classes[order[0]] == "A"


@given(REVENUES, st.randoms(use_true_random=False))
def test_the_order_of_customers_does_not_matter(revenues: list[Decimal], random: Any) -> None:
    """However they are shuffled, so many of each class bring so much."""
    shuffled = list(revenues)
    random.shuffle(shuffled)
    pairs = [sorted(zip(each, abcd_classes(each), strict=True), key=str) for each in (revenues, shuffled)]
    assert pairs[0] == pairs[1]


def test_a_scheme_names_its_bands_and_has_one_way_to_class() -> None:
    """Limits give one band more than there are; without shares and limits the shares are those by default."""
    assert ValueScheme().bands == ("0-50", "50-100", "100-200", "200-500", "500-1000", "1000+")
    assert ValueScheme(bands_eur=(30,)).bands == ("0-30", "30+")
    assert ValueScheme().class_shares == CLASS_SHARES
    by_limit = ValueScheme.model_validate({"class_limits_eur": {"B": 10, "A": 20}})
    assert by_limit.classes(decimals(1, 2), decimals(20, 10)) == ["A", "B"]
    assert ValueScheme.model_validate_json(by_limit.model_dump_json(exclude_none=True)) == by_limit


@pytest.mark.parametrize(
    ("given_scheme", "problem"),
    [
        ({"bands_eur": []}, "0 limits"),
        ({"bands_eur": [100, 50]}, "do not rise"),
        ({"bands_eur": [50, 50]}, "do not rise"),
        ({"bands_eur": [0, 50]}, "out of range"),
        ({"bands_eur": [10**6]}, "out of range"),
        ({"bands_eur": list(range(1, 30))}, "29 limits"),
        ({"class_shares": {"A": "0.5", "B": "0.4"}}, "not 1 together"),
        ({"class_shares": {"A": "1.5", "B": "-0.5"}}, "not 1 together"),
        ({"class_shares": {"A": "0.5", "C": "0.5"}}, "left out"),
        ({"class_shares": {"A": "0.5", "E": "0.5"}}, "'A', 'B', 'C' or 'D'"),
        ({"class_limits_eur": {"A": 50, "B": 200}}, "do not fall"),
        ({"class_limits_eur": {"B": 50}}, "left out"),
        ({"class_limits_eur": {"A": 5, "B": 4, "C": 3, "D": 2}}, "left out"),
        ({"class_limits_eur": {}}, "left out"),
        ({"class_shares": {"A": "1"}, "class_limits_eur": {"A": 5}}, "shares and limits"),
        ({"bands": [50]}, "not permitted"),
    ],
)
def test_a_scheme_that_makes_no_sense_is_refused(given_scheme: dict[str, Any], problem: str) -> None:
    """Each with what is wrong."""
    with pytest.raises(ValidationError, match=problem):
        ValueScheme.model_validate(given_scheme)
