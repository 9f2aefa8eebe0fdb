"""Which utterances render their neighbours in the other language, and which are rendered by them.

Two utterances are compared by an embedder, else by what survives translation: numbers, names and cognates.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ingest.roles.attribution import Embed

TOKEN = re.compile(r"\d+|[^\W\d_]+")
STEM_LETTERS = 4
COGNATE_LETTERS = 5

# Turns at the near end of the neighbouring run that a rendition may belong to.
REACH = 4
# Nats per standard deviation of likeness; utterances of fewer words than FULL_WORDS say proportionally less.
LIKENESS_WEIGHT = 0.8
FULL_WORDS = 6
LIMIT = 4.0

# Surface stems are hashed into this many columns, and no more turns than SAMPLE are all compared with each other.
DIMENSION = 1024
SAMPLE = 400


def rendition_evidence(
    texts: Sequence[str], foreign: NDArray[np.bool_], words: NDArray[np.float64], embed: Embed | None
) -> NDArray[np.float64]:
    """Log-odds that each turn renders what was said before rather than being rendered by what comes after.

    A rendition is like something in the run of the other language before it; an original, like something in the run
    after it. Likeness is measured against that of utterances which are not neighbours.

    Args:
        texts: the turns, in order.
        foreign: shape (n_turns,); whether each turn is in another language than the participant's.
        words: shape (n_turns,); length of each turn.
        embed: gives unit vectors, one row a text, near each other for translations.

    Returns:
        shape (n_turns,), nats, range [-LIMIT, LIMIT].
    """
    runs = _runs(foreign)
    if len(runs) < 2:
        return np.zeros(len(texts))
    vectors = surface_vectors(texts) if embed is None else np.asarray(embed(texts), dtype=np.float64)
    across = {side: vectors[foreign != side].mean(axis=0) for side in (False, True)}
    spread = _spread(vectors, foreign)
    evidence = np.zeros(len(texts))
    for place, run in enumerate(runs):
        before = runs[place - 1][-REACH:] if place else []
        after = runs[place + 1][:REACH] if place + 1 < len(runs) else []
        for turn in run:
            level = float(vectors[turn] @ across[bool(foreign[turn])])
            back, forth = (_nearest(vectors, turn, side) - level if side else 0.0 for side in (before, after))
            evidence[turn] = (back - forth) / spread
    evidence *= LIKENESS_WEIGHT * np.minimum(words / FULL_WORDS, 1.0)
    return evidence.clip(-LIMIT, LIMIT)


def surface_vectors(texts: Sequence[str]) -> NDArray[np.float64]:
    """Vectors of what survives translation: digits, names, the beginnings of long words; the rarer, the heavier.

    Returns:
        shape (n_texts, DIMENSION), rows of length 1, or 0 where a text shares nothing with any other.
    """
    stems = [_stems(text) for text in texts]
    holders = Counter(stem for held in stems for stem in held)
    vectors = np.zeros((len(texts), DIMENSION))
    for row, held in enumerate(stems):
        for stem in held:
            if holders[stem] > 1:
                vectors[row, crc32(stem.encode()) % DIMENSION] += np.log(1 + len(texts) / holders[stem])
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(lengths > 0, lengths, 1.0)
    return vectors


def _stems(text: str) -> frozenset[str]:
    letters = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return frozenset(
        token if token.isdigit() else token[:STEM_LETTERS].lower()
        for token in TOKEN.findall(letters)
        if token.isdigit() or len(token) >= COGNATE_LETTERS or token[0].isupper()
    )


def _nearest(vectors: NDArray[np.float64], turn: int, others: Sequence[int]) -> float:
    return float((vectors[others] @ vectors[turn]).max())


def _spread(vectors: NDArray[np.float64], foreign: NDArray[np.bool_]) -> float:
    """Standard deviation of likeness across languages, over an even sample of the turns."""
    step = len(vectors) // SAMPLE + 1
    sample, side = vectors[::step], foreign[::step]
    across = (sample @ sample.T)[np.not_equal.outer(side, side)]
    return (float(across.std()) if len(across) else 0.0) or 1.0


def _runs(foreign: NDArray[np.bool_]) -> list[list[int]]:
    """The turns grouped into runs of one language."""
    runs: list[list[int]] = []
    for turn, is_foreign in enumerate(foreign):
        if runs and is_foreign == foreign[runs[-1][-1]]:
            runs[-1].append(turn)
        else:
            runs.append([turn])
    return runs
