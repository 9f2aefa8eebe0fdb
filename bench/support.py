"""How well likeness tells the quotes that bear a claim out from others, and where to draw the line.

Run by `python -m bench.support`. The labels and descriptions of the sample study's codes stand for claims: their true
quotes are cut out of turns that gold tags with the code, the others out of turns that it tags with other codes, both
where they come nearest to the claim, as answering would cut them.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.answering.cite import best_run
from app.answering.support import LEAST_DEVIATIONS, background_of, deviations
from app.embedding import Embedder, load_embedder
from app.evaluation.gold import GoldTurn, read_gold
from app.text import split_sentences
from app.vocabulary import Role
from ingest.manifest import read_study

NIDO = Path(__file__).resolve().parent.parent / "examples" / "nido"
DRAWS = 10
LINES = (1.0, 1.5, 2.0, 2.5)

Vectors = NDArray[np.float32]


def measure(embedder: Embedder, quotes_each: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Deviations of claims with this many quotes: true ones, and others."""
    turns = [turn for own in read_gold(NIDO / "gold.yaml").interviews.values() for turn in own if _is_coded(turn)]
    draw = random.Random(7)  # noqa: S311
    true: list[float] = []
    other: list[float] = []
    for code, claim in _claims():
        vector = embedder.embed_passages([claim])[0]
        tagged = [turn for turn in turns if code in turn.affirmed]
        untagged = [turn for turn in turns if code not in turn.affirmed | turn.denied]
        for found, kind in ((true, tagged), (other, untagged)):
            for _ in range(DRAWS if len(kind) >= quotes_each else 0):
                quotes = [_quote(turn, vector, embedder) for turn in draw.sample(kind, quotes_each)]
                found.append(deviations(vector, embedder.embed_passages(quotes), background_of(embedder)))
    return np.array(true), np.array(other)


def _is_coded(turn: GoldTurn) -> bool:
    return turn.role is Role.PARTICIPANT and bool(turn.affirmed | turn.denied)


def _claims() -> Iterator[tuple[str, str]]:
    for code in read_study(NIDO).codebook:
        yield from ((code.code, text) for text in (*code.labels.values(), code.about) if text)


def _quote(turn: GoldTurn, claim: Vectors, embedder: Embedder) -> str:
    sentences = split_sentences(turn.text, turn.language)
    vectors = embedder.embed_passages([turn.text[span.start : span.end] for span in sentences])
    span = best_run(turn.text, sentences, vectors, claim)
    return turn.text[span.start : span.end]


def _report(quotes_each: int, true: NDArray[np.float64], other: NDArray[np.float64]) -> Sequence[str]:
    area = (true[:, None] > other).mean()
    lines = (f"line {line}: keeps {(true >= line).mean():.3f}, marks {(other < line).mean():.3f}" for line in LINES)
    return (f"{quotes_each} quotes a claim: area under the curve {area:.3f}", *lines)


if __name__ == "__main__":
    bundled = load_embedder("bundled")
    sys.stdout.write(f"in force: {LEAST_DEVIATIONS}\n")
    for number in (1, 2, 3):
        sys.stdout.write("\n  ".join(_report(number, *measure(bundled, number))) + "\n")
