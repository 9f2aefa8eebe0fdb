"""The measures, on numbers checked by hand."""

import pytest

from app.evaluation.align import align
from app.evaluation.metrics import (
    accuracy,
    confusion,
    hit_at,
    mean,
    precision_at,
    precision_recall,
    reciprocal_rank,
)


def test_ranked_measures() -> None:
    """A first relevant quote at rank three: hit, precision 2/5, reciprocal rank 1/3."""
    relevant = [False, False, True, False, True, True]
    assert hit_at(relevant, 5) == 1
    assert hit_at(relevant, 2) == 0
    assert precision_at(relevant, 5) == pytest.approx(0.4)
    assert precision_at([True], 5) == 1
    assert reciprocal_rank(relevant) == pytest.approx(1 / 3)
    assert reciprocal_rank([]) == precision_at([], 5) == hit_at([], 5) == 0


def test_nothing_to_measure_is_none_not_zero() -> None:
    """An empty set has no mean, no precision and no recall."""
    assert mean([]) is None
    assert precision_recall(frozenset(), frozenset("a")) == (None, 0)
    assert precision_recall(frozenset("a"), frozenset()) == (0, None)
    assert precision_recall(frozenset("ab"), frozenset("bcde")) == (0.5, 0.25)


def test_confusion_and_accuracy() -> None:
    """Three of four labels are right."""
    table = confusion(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    assert table == {"a": {"a": 1, "b": 1}, "b": {"b": 2}}
    assert accuracy(table) == pytest.approx(0.75)
    assert accuracy({}) is None


def test_merged_and_split_turns_find_their_gold() -> None:
    """Turns that a platform split or merged go to the turn that fills most of them."""
    turns = ["Guten Tag, wie geht es?", "Gut, danke. Ich bin Krankenschwester in Leipzig.", "Und dann kam der Brief?"]
    texts = [turns[0], "Gut, danke.", "Ich bin Krankenschwester in Leipzig. Und dann", "kam der Brief?"]
    assert align(turns, texts) == (0, 1, 1, 2)
    assert align(turns, turns) == (0, 1, 2)
    assert align(turns, ["zzz"]) == (None,)
    assert align([], ["a"]) == (None,)
