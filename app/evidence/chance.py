"""Whether something answers a question, or is only as near to it as to any: measured against everyday questions.

Questions from elsewhere (app/questions_from_elsewhere.tsv) say for each item how near chance alone comes to it.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from app.calibration import questions_from_elsewhere
from app.embedding import Embedder, Vectors
from app.memory import loaded_once

CHANCE = 0.002
"""How often a question that has nothing to do with some items may find one of them.

Measured on the sources and insights of the sample study: of 40 everyday questions 2 find a source and 4 an insight; of
31 questions that they answer 29 find something, and 27 the right thing first.
"""

_WORD = re.compile(r"\w{3,}")


@loaded_once
def everyday_questions(embedder: Embedder) -> Vectors:
    """Everyday questions in three languages, embedded once for each embedder."""
    return embedder.embed_questions(questions_from_elsewhere(()))


def deviations(question: NDArray[np.float32], items: Vectors, everyday: Vectors) -> NDArray[np.float64]:
    """How much nearer a question is to each item than everyday questions are.

    deviation[i] = (items[i] · question - mean(items[i] · everyday)) / standard deviation(items[i] · everyday)

    Args:
        question: shape (dimension,), unit length.
        items: shape (n, dimension), unit rows.
        everyday: shape (m, dimension), unit rows, m >= 2.

    Returns:
        shape (n,), standard deviations; 0 where the everyday questions do not vary.
    """
    chance = items @ everyday.T
    spread = chance.std(axis=1)
    above = items @ question - chance.mean(axis=1)
    found: NDArray[np.float64] = np.divide(above, spread, out=np.zeros(len(items)), where=spread > 0)
    return found


def least_deviation(items: int) -> float:
    """What the best of so many items has to reach, so that chance alone reaches it in `CHANCE` of the questions.

    The deviations of chance are taken for normal, and the items for independent (Bonferroni).
    """
    return NormalDist().inv_cdf(1 - CHANCE / max(items, 1))


def shares_of_words(question: str, texts: Sequence[str]) -> list[float]:
    """How much of a question's words each text has, words that few of the texts have counting more (idf); in [0, 1]."""
    asked = set(_words(question))
    found = [asked.intersection(_words(text)) for text in texts]
    texts_with = Counter(word for words in found for word in words)
    weights = {
        word: math.log(1 + (len(texts) - texts_with[word] + 0.5) / (texts_with[word] + 0.5)) for word in sorted(asked)
    }
    total = sum(weights.values())
    return [sum(weights[word] for word in sorted(words)) / total if total else 0.0 for words in found]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
