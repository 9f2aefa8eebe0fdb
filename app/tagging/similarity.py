"""Similarities as numbers that mean the same under every embedder: centred, in units of their spread."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.embedding import Vectors, unit_rows

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]

DRAWN_ROWS = 20.0


@dataclass(frozen=True)
class Scale:
    """How likeness to targets is measured among some texts: from their mean, in units of the spread of similarities."""

    targets: Vectors
    mean: Vectors
    spread: float

    def likeness(self, vectors: Vectors) -> Numbers:
        """How like each target texts are, about 0 where they are no more so than others.

        likeness[i, j] = cos(vectors[i] - mean, targets[j]) / spread

        Args:
            vectors: shape (n, dimension); a row of zeros is like nothing.

        Returns:
            shape (n, m).
        """
        return _similarities(vectors, self.mean, self.targets) / self.spread


@dataclass(frozen=True)
class Targets:
    """What texts are compared with: m centred unit rows, and how like them texts are that have nothing to do with them.

    `general_mean` has shape (dimension,); `general_variance` is that of the similarities of such texts.
    """

    centred: Vectors
    general_mean: Vectors
    general_variance: float

    @classmethod
    def of(cls, targets: Vectors, like_targets: Vectors, other_texts: Vectors) -> "Targets":
        """Prepare targets.

        Args:
            targets: shape (m, dimension), m >= 0.
            like_targets: shape (k, dimension), k >= 1; texts of the sort of the targets, which their mean is drawn to.
            other_texts: shape (l, dimension), l >= 2; texts of the sort that will be compared.
        """
        centred = centre(targets, drawn_mean(targets, like_targets.mean(axis=0)))
        general_mean = other_texts.mean(axis=0)
        similarities = _similarities(other_texts, general_mean, centred)
        return cls(centred, general_mean, float(similarities.var()) if similarities.size else 1.0)

    def measure(self, vectors: Vectors) -> tuple[Numbers, Scale]:
        """Measure how like each target the texts at hand are, and give the scale for others that belong to them.

        Taking away the mean removes the frequent directions that make some texts near to everything (hubness). Few
        texts say little about their mean and spread, so that both are drawn to the general ones, which count as twenty.

        Args:
            vectors: shape (n, dimension), n >= 0.

        Returns:
            the likeness, shape (n, m), and its scale.

        Source: Suzuki et al., "Centering similarity measures to reduce hubs", EMNLP 2013.
        """
        mean = drawn_mean(vectors, self.general_mean)
        similarities = _similarities(vectors, mean, self.centred)
        variance = similarities.var() if similarities.size else 0.0
        rows = len(vectors)
        drawn = (rows * variance + DRAWN_ROWS * self.general_variance) / (rows + DRAWN_ROWS)
        scale = Scale(self.centred, mean, max(float(np.sqrt(drawn)), 1e-6))
        return similarities / scale.spread, scale


def mean_of_best(likeness: Numbers, groups: Sequence[Indices], best: int) -> Numbers:
    """The mean of the highest values in each group of columns.

    Args:
        likeness: shape (n, m).
        groups: the columns of each of g groups.
        best: how many values count, >= 1; all where a group has fewer.

    Returns:
        shape (n, g); 0 where a group is empty.
    """
    means = np.zeros((len(likeness), len(groups)))
    for number, columns in enumerate(groups):
        if len(columns):
            means[:, number] = np.sort(likeness[:, columns], axis=1)[:, -best:].mean(axis=1)
    return means


def highest_of_each(values: Numbers, owners: Indices, count: int) -> Numbers:
    """The highest value in each column among the rows of each owner.

    Args:
        values: shape (s, m).
        owners: shape (s,), in [0, count); the owner of each row.
        count: how many owners there are.

    Returns:
        shape (count, m); 0 for an owner without rows.
    """
    highest = np.full((count, values.shape[1]), -np.inf)
    np.maximum.at(highest, owners, values)
    return np.where(np.isneginf(highest), 0.0, highest)


def spread_of_unlike(vectors: Vectors) -> float:
    """How similarities of rows spread that have nothing in common.

    These lie around 0, and only those of rows that have something in common lie higher: so it is the root of the mean
    square of the similarities below 0.

    Args:
        vectors: shape (n, dimension), unit rows from their mean.

    Returns:
        in [0, 1]; 0 where there are none.
    """
    apart = (vectors @ vectors.T)[~np.eye(len(vectors), dtype=bool)]
    below = apart[apart < 0].astype(np.float64)
    return float(np.sqrt((below**2).mean())) if below.size else 0.0


def _similarities(vectors: Vectors, mean: Vectors, centred: Vectors) -> Numbers:
    return (centre(vectors, mean) @ centred.T).astype(np.float64)


def centre(vectors: Vectors, mean: Vectors) -> Vectors:
    """Unit rows from the mean, shape (n, dimension); a row of zeros stays."""
    known = vectors.any(axis=1, keepdims=True)
    centred: Vectors = unit_rows(np.where(known, vectors - mean, 0).astype(np.float32))
    return centred


def drawn_mean(vectors: Vectors, general_mean: Vectors) -> Vectors:
    """The mean of rows, drawn to a general one that counts as twenty rows: shape (n, dimension) to (dimension,)."""
    total = vectors.sum(axis=0) + DRAWN_ROWS * general_mean
    mean: Vectors = (total / (len(vectors) + DRAWN_ROWS)).astype(np.float32)
    return mean
