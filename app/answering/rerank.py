"""An optional second look at what was gathered: a cross-encoder reads the question and each passage together."""

from collections.abc import Sequence
from dataclasses import replace

from app.answering.rank import Ranked
from app.cross_encoder import load_relevance


def rerank(question: str, ranked: Sequence[Ranked], model: str | None) -> list[Ranked]:
    """Order candidates by what a cross-encoder says, named by its id or path; without one they stay as they are.

    How relevant each is called stays too: that is what the study's own calibration says.

    Raises:
        UnavailableError: the cross-encoder cannot be loaded.
    """
    if model is None or not ranked:
        return list(ranked)
    scores = load_relevance(model)([(question, _passage(item)) for item in ranked])
    scored = [replace(item, score=float(score)) for item, score in zip(ranked, scores, strict=True)]
    return sorted(scored, key=lambda item: (-item.score, str(item.candidate.utterance_id)))


def _passage(item: Ranked) -> str:
    """What a participant said, with the question before it."""
    candidate = item.candidate
    return f"{candidate.question_before}\n{candidate.text}" if candidate.question_before else candidate.text
