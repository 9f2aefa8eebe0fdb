"""How relevant hits are, on a scale whose meaning is known: how often chance alone scores as high."""

from collections.abc import Sequence

import numpy as np

from app.answering.retrieve import Hit
from app.answering.schemas import Relevance
from app.calibration import Thresholds, best_mean, evidence_score


def relevances(hits: Sequence[Hit], thresholds: Thresholds) -> list[Relevance]:
    """Place each hit between chance and certainty.

    Where the best three together do not pass for evidence, none of them does: a question that nobody answered brushes
    one passage by chance sooner than three.
    """
    scores = [evidence_score(max(each.dense_score, each.gist_score), each.code_score) for each in hits]
    if not scores or best_mean(np.array([scores], np.float32))[0] < thresholds.fair:
        return ["weak"] * len(scores)
    return [_relevance(score, thresholds) for score in scores]


def _relevance(score: float, thresholds: Thresholds) -> Relevance:
    if score >= thresholds.strong:
        return "strong"
    return "fair" if score >= thresholds.fair else "weak"
