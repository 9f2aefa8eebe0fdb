"""What is nearer to a question than chance, on numbers that can be checked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evidence.chance import deviations, least_deviation, shares_of_words


def test_deviations_by_hand() -> None:
    """Everyday questions at cosines 0 and 1 to an item: mean 1/2, deviation 1/2; the question at 1 is one above."""
    items = np.array([[1, 0], [0, 1], [0, 0]], np.float32)
    everyday = np.array([[1, 0], [0, 1]], np.float32)
    assert deviations(np.array([1, 0], np.float32), items, everyday) == pytest.approx([1.0, -1.0, 0.0])
    assert deviations(np.array([0.6, 0.8], np.float32), items, everyday) == pytest.approx([0.2, 0.6, 0.0])


def test_what_has_to_be_reached_grows_with_the_number_of_items() -> None:
    """Of one item 2.878 deviations (the 99.8 % quantile of the normal distribution), of a hundred 4.107."""
    assert least_deviation(1) == pytest.approx(2.878, abs=1e-3)
    assert least_deviation(100) == pytest.approx(4.107, abs=1e-3)
    assert least_deviation(0) == least_deviation(1)


@given(st.integers(1, 10_000))
def test_more_items_never_make_it_easier(items: int) -> None:
    """The threshold only rises."""
    assert least_deviation(items) <= least_deviation(items + 1)


def test_shares_of_words_by_hand() -> None:
    """Of two texts one has `bonus` (weight ln 2), both have `wallet` (ln 1.2), none has `robot` (ln 6)."""
    one, all_, none = math.log(1 + 1.5 / 1.5), math.log(1 + 0.5 / 2.5), math.log(1 + 2.5 / 0.5)
    found = shares_of_words("Bonus, wallet: a robot?", ["The bonus is in the WALLET.", "A wallet."])
    total = one + all_ + none
    assert found == pytest.approx([(one + all_) / total, all_ / total])
    assert shares_of_words("ab", ["ab"]) == [0.0]
    assert shares_of_words("bonus", []) == []


@given(st.text(), st.lists(st.text(), max_size=5))
def test_shares_stay_in_their_range(question: str, texts: list[str]) -> None:
    """Between nothing and everything."""
    assert all(0 <= share <= 1 + 1e-9 for share in shares_of_words(question, texts))
