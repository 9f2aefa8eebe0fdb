"""Several ranked lists made into one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def fuse_ranks(ranks: NDArray[np.int64], weights: Sequence[float], k: int = 60) -> NDArray[np.float64]:
    """Fuse ranked lists by weighted reciprocal rank.

    score[i] = sum over the lists r that hold i of weights[r] / (k + ranks[r, i])

    Args:
        ranks: shape (n_lists, n_items); 1-based, 0 means absent.
        weights: length n_lists, each >= 0.
        k: damping constant, > 0, unitless.

    Returns:
        shape (n_items,), range [0, sum(weights) / (k + 1)], higher is better.

    Raises:
        ValueError: k <= 0, wrong shape, or a negative rank or weight.

    Source: Cormack, Clarke, Buettcher, SIGIR 2009.
    """
    if k <= 0 or ranks.ndim != 2 or len(weights) != len(ranks):
        raise ValueError("k must be positive, ranks of shape (n_lists, n_items), one weight for each list")
    if (ranks < 0).any() or any(weight < 0 for weight in weights):
        raise ValueError("ranks and weights must not be negative")
    contributions = np.where(ranks > 0, 1.0 / (k + ranks), 0.0)
    fused: NDArray[np.float64] = np.asarray(weights, np.float64) @ contributions
    return fused
