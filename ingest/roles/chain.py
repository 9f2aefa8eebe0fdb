"""A hidden Markov chain over the turns of one interview, which teach it who follows whom and after what pause.

Source: Rabiner, "A tutorial on hidden Markov models", Proc. IEEE 77(2), 1989: scaled forward-backward, Baum-Welch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ITERATIONS = 4
TINY = 1e-12

# Pseudo-counts of pauses up to 0.2, 0.6, 1.2, 2.5 s and longer, where the state stays and where it changes.
PAUSE_EDGES_MS = (200, 600, 1_200, 2_500)
PAUSES_WITHIN = np.array([4.5, 2.5, 1.8, 0.9, 0.3])
PAUSES_BETWEEN = np.array([1.5, 2.0, 3.0, 2.5, 1.0])


@dataclass(frozen=True)
class _Estimate:
    """One pass over the turns: posteriors of states, shape (n, s), and of transitions, shape (n - 1, s, s); the fit."""

    posteriors: NDArray[np.float64]
    steps: NDArray[np.float64]
    log_likelihood: float


def state_posteriors(
    evidence: NDArray[np.float64], regimes: Sequence[NDArray[np.float64]], pauses_ms: Sequence[int | None]
) -> NDArray[np.float64]:
    """The probability of each state at each turn, given all turns, averaged over regimes of turn-taking.

    A regime is a prior belief about who speaks after whom, say "turns alternate" or "turns come in pieces". Baum-Welch
    adapts each to the interview, and the pauses with it; the better a regime explains the turns, the more it weighs.

    Args:
        evidence: shape (n_turns, n_states); log-likelihood of each turn under each state, `-inf` where impossible.
        regimes: each of shape (n_states, n_states), > 0; pseudo-counts of the transitions from row to column.
        pauses_ms: the pause before each turn but the first, `None` where the transcript has no times.

    Returns:
        shape (n_turns, n_states), rows sum to 1.
    """
    likelihood = np.exp(evidence - evidence.max(axis=1, keepdims=True)) + TINY
    pauses = np.array(
        [-1 if pause is None else np.searchsorted(PAUSE_EDGES_MS, pause) for pause in pauses_ms], dtype=int
    )
    outcomes = [_adapt(likelihood, counts, pauses) for counts in regimes]
    fits = np.array([fit for _, fit in outcomes])
    blended: NDArray[np.float64] = np.average(
        [posteriors for posteriors, _ in outcomes], axis=0, weights=np.exp(fits - fits.max())
    )
    return blended


def _adapt(
    likelihood: NDArray[np.float64], prior_counts: NDArray[np.float64], pauses: NDArray[np.int_]
) -> tuple[NDArray[np.float64], float]:
    """State posteriors after Baum-Welch, and the log-likelihood of the turns before it."""
    estimate = _forward_backward(likelihood, _steps(prior_counts, PAUSES_WITHIN, PAUSES_BETWEEN, pauses))
    fit = estimate.log_likelihood
    for _ in range(ITERATIONS):
        staying = np.trace(estimate.steps, axis1=1, axis2=2)
        heard = pauses >= 0
        within = _count(PAUSES_WITHIN, pauses[heard], staying[heard])
        between = _count(PAUSES_BETWEEN, pauses[heard], 1 - staying[heard])
        counts = prior_counts + estimate.steps.sum(axis=0)
        estimate = _forward_backward(likelihood, _steps(counts, within, between, pauses))
    return estimate.posteriors, fit


def _count(prior: NDArray[np.float64], pauses: NDArray[np.int_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    counts: NDArray[np.float64] = prior + np.bincount(pauses, weights, minlength=len(prior))
    return counts


def _steps(
    counts: NDArray[np.float64],
    within: NDArray[np.float64],
    between: NDArray[np.float64],
    pauses: NDArray[np.int_],
) -> NDArray[np.float64]:
    """Likelihood of each transition at each step, shape (n_turns - 1, n_states, n_states)."""
    transitions = counts / counts.sum(axis=1, keepdims=True)
    stay = np.append(within / within.sum(), 1.0)[pauses]
    change = np.append(between / between.sum(), 1.0)[pauses]
    same = np.eye(len(counts), dtype=bool)
    likelihood: NDArray[np.float64] = transitions * np.where(same, stay[:, None, None], change[:, None, None])
    return likelihood


def _forward_backward(likelihood: NDArray[np.float64], steps: NDArray[np.float64]) -> _Estimate:
    n_turns, n_states = likelihood.shape
    forward = np.empty_like(likelihood)
    backward = np.ones_like(likelihood)
    scales = np.empty(n_turns)
    for turn in range(n_turns):
        arriving = forward[turn - 1] @ steps[turn - 1] if turn else np.full(n_states, 1.0 / n_states)
        joint = arriving * likelihood[turn]
        scales[turn] = joint.sum()
        forward[turn] = joint / scales[turn]
    leaving = likelihood.copy()
    for turn in range(n_turns - 2, -1, -1):
        leaving[turn + 1] *= backward[turn + 1]
        backward[turn] = steps[turn] @ leaving[turn + 1]
        backward[turn] /= backward[turn].sum()
    pairs = forward[:-1, :, None] * steps * leaving[1:, None, :]
    posteriors = forward * backward
    return _Estimate(
        posteriors / posteriors.sum(axis=1, keepdims=True),
        pairs / pairs.sum(axis=(1, 2), keepdims=True),
        float(np.log(scales).sum()),
    )
