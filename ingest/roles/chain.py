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
    """One pass over the turns under each of r regimes.

    Posteriors of states, shape (n, r, s), and of transitions, shape (n - 1, r, s, s); the fit, shape (r,).
    """

    posteriors: NDArray[np.float64]
    steps: NDArray[np.float64]
    log_likelihood: NDArray[np.float64]


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
    posteriors, fits = _adapt(likelihood, np.stack(regimes), pauses)
    blended: NDArray[np.float64] = np.average(posteriors, axis=1, weights=np.exp(fits - fits.max()))
    return blended


def _adapt(
    likelihood: NDArray[np.float64], prior_counts: NDArray[np.float64], pauses: NDArray[np.int_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """State posteriors under each regime after Baum-Welch, and the log-likelihood of the turns before it."""
    regimes = len(prior_counts)
    within, between = (np.tile(prior, (regimes, 1)) for prior in (PAUSES_WITHIN, PAUSES_BETWEEN))
    estimate = _forward_backward(likelihood, _steps(prior_counts, within, between, pauses))
    fits = estimate.log_likelihood
    heard = pauses >= 0
    for _ in range(ITERATIONS):
        staying = np.trace(estimate.steps, axis1=2, axis2=3)[heard]
        within = _count(PAUSES_WITHIN, pauses[heard], staying)
        between = _count(PAUSES_BETWEEN, pauses[heard], 1 - staying)
        counts = prior_counts + estimate.steps.sum(axis=0)
        estimate = _forward_backward(likelihood, _steps(counts, within, between, pauses))
    return estimate.posteriors, fits


def _count(prior: NDArray[np.float64], pauses: NDArray[np.int_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Counts of pauses by regime, shape (r, 5); `weights` has shape (n - 1, r)."""
    return np.stack([prior + np.bincount(pauses, own, minlength=len(prior)) for own in weights.T])


def _steps(
    counts: NDArray[np.float64],
    within: NDArray[np.float64],
    between: NDArray[np.float64],
    pauses: NDArray[np.int_],
) -> NDArray[np.float64]:
    """Likelihood of each transition at each step, shape (n_turns - 1, n_regimes, n_states, n_states)."""
    transitions = counts / counts.sum(axis=2, keepdims=True)
    same = np.eye(counts.shape[-1], dtype=bool)
    stay, change = _of_pauses(within, pauses), _of_pauses(between, pauses)
    likelihood: NDArray[np.float64] = transitions * np.where(same, stay, change)
    return likelihood


def _of_pauses(counts: NDArray[np.float64], pauses: NDArray[np.int_]) -> NDArray[np.float64]:
    """The share of each pause under each regime, 1 where it is not known: shape (n_turns - 1, n_regimes, 1, 1)."""
    shares = np.column_stack([counts / counts.sum(axis=1, keepdims=True), np.ones(len(counts))])
    return shares.T[pauses][:, :, None, None]


def _forward_backward(likelihood: NDArray[np.float64], steps: NDArray[np.float64]) -> _Estimate:
    n_turns, n_states = likelihood.shape
    forward = np.empty((n_turns, steps.shape[1], n_states))
    backward = np.ones_like(forward)
    scales = np.empty((n_turns, steps.shape[1], 1))
    for turn in range(n_turns):
        arriving = np.vecmat(forward[turn - 1], steps[turn - 1]) if turn else np.full(forward.shape[1:], 1.0 / n_states)
        joint = arriving * likelihood[turn]
        scales[turn] = joint.sum(axis=1, keepdims=True)
        forward[turn] = joint / scales[turn]
    leaving = np.repeat(likelihood[:, None], steps.shape[1], axis=1)
    for turn in range(n_turns - 2, -1, -1):
        leaving[turn + 1] *= backward[turn + 1]
        backward[turn] = np.matvec(steps[turn], leaving[turn + 1])
        backward[turn] /= backward[turn].sum(axis=1, keepdims=True)
    pairs = forward[:-1, :, :, None] * steps * leaving[1:, :, None, :]
    posteriors = forward * backward
    return _Estimate(
        posteriors / posteriors.sum(axis=2, keepdims=True),
        pairs / pairs.sum(axis=(2, 3), keepdims=True),
        np.ascontiguousarray(np.log(scales[:, :, 0]).T).sum(axis=1),
    )
