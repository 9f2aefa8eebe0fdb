"""The student: one vector per token, found by ridge regression; a text is the sum of the vectors of its tokens."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags  # type: ignore[import-untyped]

from training.teachers import Vectors


@dataclass(frozen=True)
class Fit:
    """How the token vectors are found.

    `damping` makes frequent tokens say little: a token that is the share p of all running text weighs
    damping / (damping + p), once while fitting and once more in the result (smooth inverse frequency; Arora, Liang, Ma,
    ICLR 2017).
    """

    damping: float = 1e-3
    ridge: float = 0.1
    iterations: int = 12


def fit_token_vectors(token_counts: csr_matrix, targets: Vectors, shares: NDArray[np.float64], fit: Fit) -> Vectors:
    """Find token vectors whose weighted sum over a text, scaled to length 1, comes near to the text's target.

    Minimises Σ n |A W - T|² + ridge |W|², where A holds the weighted token counts with rows of length 1 and n is the
    number of tokens of the text over the mean, so that long texts, which are few, are learned as well.

    Args:
        token_counts: shape (n_texts, vocabulary).
        targets: unit rows, shape (n_texts, dimension).
        shares: of each token in running text, shape (vocabulary,), sum 1.
        fit: the settings.

    Returns:
        the vectors with the weights folded in, shape (vocabulary, dimension).
    """
    weights = (fit.damping / (fit.damping + shares)).astype(np.float32)
    tokens = np.asarray(token_counts.sum(axis=1), dtype=np.float32).ravel()
    emphasis = np.sqrt(tokens / tokens.mean())
    design = diags(emphasis) @ _unit_rows(token_counts @ diags(weights))
    folded: Vectors = weights[:, None] ** 2 * _solve_ridge(design, emphasis[:, None] * targets, fit)
    return folded


def token_shares(token_counts: csr_matrix) -> NDArray[np.float64]:
    """Return the share of each token in running text, shape (vocabulary,)."""
    totals = np.asarray(token_counts.sum(axis=0), dtype=np.float64).ravel()
    shares: NDArray[np.float64] = totals / totals.sum()
    return shares


def _unit_rows(matrix: csr_matrix) -> csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return (diags(scale.astype(np.float32)) @ matrix).tocsr()


def _solve_ridge(design: csr_matrix, targets: Vectors, fit: Fit) -> Vectors:
    """Solve (AᵀA + ridge) W = AᵀT by conjugate gradients with a diagonal preconditioner, all columns at once."""
    transposed = design.T.tocsr()
    diagonal = np.asarray(design.multiply(design).sum(axis=0)).ravel() + fit.ridge
    inverse = (1 / diagonal)[:, None].astype(np.float32)
    solution = np.zeros((design.shape[1], targets.shape[1]), np.float32)
    residual = transposed @ targets
    step = inverse * residual
    gain = (residual * step).sum(axis=0)
    for _ in range(fit.iterations):
        image = transposed @ (design @ step) + fit.ridge * step
        length = gain / np.maximum((step * image).sum(axis=0), 1e-12)
        solution += length * step
        residual -= length * image
        preconditioned = inverse * residual
        next_gain = (residual * preconditioned).sum(axis=0)
        step = preconditioned + next_gain / np.maximum(gain, 1e-12) * step
        gain = next_gain
    return solution
