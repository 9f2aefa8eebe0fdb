"""Measures of ranked quotes, of decisions and of labels, as pure functions over plain values."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence


def hit_at(relevant: Sequence[bool], k: int) -> float:
    """1 when one of the first k quotes is relevant, else 0."""
    return float(any(relevant[:k]))


def precision_at(relevant: Sequence[bool], k: int) -> float:
    """Share of the first k quotes (or of all, when fewer were given) that is relevant; 0 without quotes."""
    first = relevant[:k]
    return sum(first) / len(first) if first else 0.0


def reciprocal_rank(relevant: Sequence[bool]) -> float:
    """1 / rank of the first relevant quote, 0 without one (Voorhees, TREC-8 1999)."""
    return next((1 / rank for rank, is_relevant in enumerate(relevant, start=1) if is_relevant), 0.0)


def mean(values: Sequence[float]) -> float | None:
    """Arithmetic mean; `None` of nothing."""
    return sum(values) / len(values) if values else None


def precision_recall(predicted: frozenset[Hashable], true: frozenset[Hashable]) -> tuple[float | None, float | None]:
    """Share of the predicted that is true, and of the true that is predicted; `None` where there is nothing."""
    both = len(predicted & true)
    return (both / len(predicted) if predicted else None, both / len(true) if true else None)


def confusion(true: Sequence[str], predicted: Sequence[str]) -> dict[str, dict[str, int]]:
    """How often each true label was given which label."""
    counts = Counter(zip(true, predicted, strict=True))
    table: dict[str, dict[str, int]] = {}
    for (label, given), count in sorted(counts.items()):
        table.setdefault(label, {})[given] = count
    return table


def accuracy(table: Mapping[str, Mapping[str, int]]) -> float | None:
    """Share of a confusion table that lies on its diagonal."""
    total = sum(sum(row.values()) for row in table.values())
    return sum(row.get(label, 0) for label, row in table.items()) / total if total else None
