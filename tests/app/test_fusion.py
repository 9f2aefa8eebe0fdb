"""The fusion of ranked lists, as a pure function."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fusion import fuse_ranks

ranks = st.integers(1, 4).flatmap(
    lambda lists: st.lists(st.lists(st.integers(0, 80), min_size=lists, max_size=lists), min_size=1, max_size=20)
)


def test_fusion_is_the_published_formula() -> None:
    """Two lists, one item in both, one in each: the sums of 1 / (60 + rank)."""
    fused = fuse_ranks(np.array([[1, 2, 0], [3, 0, 1]]), (1.0, 1.0))
    assert fused == pytest.approx([1 / 61 + 1 / 63, 1 / 62, 1 / 61])


@given(ranks)
def test_fusion_stays_in_its_range_and_never_punishes_another_list(rows: list[list[int]]) -> None:
    """A score lies between 0 and the sum of the weights over k + 1, and a further list only ever adds."""
    table = np.array(rows, np.int64).T
    fused = fuse_ranks(table, [1.0] * len(table))
    assert (fused >= 0).all()
    assert (fused <= len(table) / 61 + 1e-12).all()
    assert (fused >= fuse_ranks(table[:-1], [1.0] * (len(table) - 1)) - 1e-12).all()


@given(ranks)
def test_a_list_that_weighs_nothing_is_as_if_it_held_nothing(rows: list[list[int]]) -> None:
    """A weight for each place scales that place alone."""
    table = np.array(rows, np.int64).T
    weights = np.ones(table.shape)
    weights[-1, ::2] = 0
    emptied = table.copy()
    emptied[-1, ::2] = 0
    assert fuse_ranks(table, weights) == pytest.approx(fuse_ranks(emptied, [1.0] * len(table)))


@pytest.mark.parametrize(
    ("table", "weights", "k"),
    [
        ([[1]], [1.0], 0),
        ([[-1]], [1.0], 60),
        ([[1]], [-1.0], 60),
        ([[1]], [1.0, 1.0], 60),
        ([1], [1.0], 60),
        ([[1]], [[1.0, 1.0]], 60),
    ],
)
def test_fusion_refuses_what_has_no_meaning(table: list[object], weights: list[float], k: int) -> None:
    """A wrong k, shape, rank or weight is an error, not a number."""
    with pytest.raises(ValueError, match="must"):
        fuse_ranks(np.array(table), weights, k)
