"""Several ranked lists made into one."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def fuse_ranks(ranks: NDArray[np.int64], weights: ArrayLike, k: int = 60) -> NDArray[np.float64]:
    """Fuse ranked lists by weighted reciprocal rank.

    score[i] = sum over the lists r that hold i of weights[r, i] / (k + ranks[r, i])

    Args:
        ranks: shape (n_lists, n_items); 1-based, 0 means absent.
        weights: shape (n_lists,), or (n_lists, n_items) where a list is surer of some items; each >= 0.
        k: damping constant, > 0, unitless.

    Returns:
        shape (n_items,), range [0, sum over lists of their greatest weight / (k + 1)], higher is better.

    Raises:
        ValueError: k <= 0, wrong shape, or a negative rank or weight.

    Source: Cormack, Clarke, Buettcher, SIGIR 2009.
    """
    weight = np.asarray(weights, np.float64)
    if k <= 0 or ranks.ndim != 2 or weight.shape not in ((len(ranks),), ranks.shape):
        raise ValueError("k must be positive, ranks of shape (n_lists, n_items), a weight for each list or place in it")
    if (ranks < 0).any() or (weight < 0).any():
        raise ValueError("ranks and weights must not be negative")
    contributions = np.where(ranks > 0, 1.0 / (k + ranks), 0.0)
    fused: NDArray[np.float64] = (weight.reshape((*weight.shape, 1)[:2]) * contributions).sum(axis=0)
    return fused
