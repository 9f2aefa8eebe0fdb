"""What a statement comes to: which codes of the study it is about, and whether it affirms them or denies them."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.answering.support import background_of
from app.embedding import Embedder
from app.language import primary_language
from app.research.queries import CodeVectors
from app.tagging.negation import NEGATIONS, Negation
from app.tagging.polarity import polarity_of
from app.vocabulary import Polarity

MOST_CODES = 3

# Chosen on 45 invented statements about the sample study in three languages. Of 24 further ones 12 of the 16 that are
# about a code find it, and none of them finds another one; 7 of the 8 that are about no code find none.
LEAST_DEVIATIONS = 3.5
LEAST_DEVIATIONS_OF_FEW = 5.0
LEAST_OUTSTANDING = 3.0
MANY_CODES = 12
NEARLY_AS_NEAR = 0.9

_NOBODY = re.compile(r"\b(?:nobody|no one|neither|niemand\w*|nichts|nadie|ningun[oa]?s?|ningún)\b")


def find_codes(statement: NDArray[np.float32], codes: CodeVectors, embedder: Embedder) -> tuple[str, ...]:
    """Find the codes that a statement is about, the nearest first; none where no code stands out.

    The nearest code must be far nearer than everyday questions are, and, where there are many codes, an outlier among
    them. Those that are nearly as near count too.

    Args:
        statement: shape (dimension,), unit length.
        codes: of the study.
        embedder: the one that made their vectors.
    """
    if not codes.names:
        return ()
    near = codes.vectors @ statement
    everyday = background_of(embedder) @ statement
    order = np.argsort(-near, kind="stable")
    best = float(near[order[0]])
    deviations = (best - float(everyday.mean())) / max(float(everyday.std()), 1e-6)
    if not _stands_out(best, near[order[1:]], deviations):
        return ()
    return tuple(codes.names[column] for column in order[:MOST_CODES] if near[column] >= NEARLY_AS_NEAR * best)


def statement_polarity(statement: str, language: str, labels: Iterable[str]) -> Polarity:
    """Whether a statement affirms codes with these labels or denies them.

    "Customers do not care about fees" denies; "They do not understand the fees" affirms a problem; "Starters have no
    routine" affirms what the code "No routine" is called. In languages without rules all is affirmed.
    """
    negation = NEGATIONS.get(primary_language(language))
    if negation is None or not _negates(statement, language, negation):
        return Polarity.AFFIRMED
    is_in_label = any(each.short_negation.search(label.lower()) for each in NEGATIONS.values() for label in labels)
    return Polarity.AFFIRMED if is_in_label else Polarity.DENIED


def _stands_out(best: float, others: Sequence[float] | NDArray[np.float32], deviations: float) -> bool:
    if len(others) + 1 < MANY_CODES:
        return deviations >= LEAST_DEVIATIONS_OF_FEW
    outstanding = (best - float(np.mean(others))) / max(float(np.std(others)), 1e-6)
    return deviations >= LEAST_DEVIATIONS and outstanding >= LEAST_OUTSTANDING


def _negates(statement: str, language: str, negation: Negation) -> bool:
    plain = statement.lower()
    if negation.double.search(plain) or negation.complaint.search(plain):
        return False
    if negation.short_negation.search(plain) or _NOBODY.search(plain):
        return True
    return polarity_of(statement, language, None).polarity is Polarity.DENIED
