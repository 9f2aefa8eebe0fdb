"""Whether interviewers asked about a matter at all: what was never asked cannot have been answered."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.answering.find import Found, Vector, read_scope
from app.answering.retrieve import search_questions
from app.answering.support import background_of
from app.embedding import Embedder, Vectors
from app.services import Services

# Deviations above the cosines of a question to everyday questions. Measured on the sample study: of the gold questions
# that nobody was asked, 12 of 13 stay below it.
LEAST_DEVIATIONS = 6.0

# Codes are described, not asked. Of the gold questions of the sample study that somebody answered with a plain no, 76 %
# are found to be about the code that was denied; all codes together are found in 175 pairs of question and code.
LEAST_CODE_DEVIATIONS = 4.0
MOST_BEHIND = 1.0


def count_asked(session: Session, found: Found, services: Services) -> int:
    """Count the people in scope whom an interviewer asked something that comes near to the question.

    Looked at are the questions before the nearest passages and those that share words with what is asked.
    """
    understanding = found.understanding
    scope = read_scope(session, found.vocabulary, understanding.filters, services)
    put = search_questions(session, scope.query(understanding.matter, found.vector, understanding))
    put += [
        (item.candidate.question_before, item.candidate.participant)
        for item in found.ranked
        if item.candidate.question_before
    ]
    return len(near_people(put, found.vector, services.embedder))


def near_people(put: Sequence[tuple[str, str]], question: Vector, embedder: Embedder) -> frozenset[str]:
    """The people to whom something was put that comes near to a question, far nearer than everyday questions do.

    Args:
        put: what was said to whom.
        question: shape (dimension,), unit length.
        embedder: the one that made the question's vector.
    """
    near = deviations_of([text for text, _ in put], question[None, :], embedder)[:, 0]
    return frozenset(person for (_, person), deviation in zip(put, near, strict=True) if deviation >= LEAST_DEVIATIONS)


def asked_about(questions: Sequence[str], codes: Vectors, embedder: Embedder) -> NDArray[np.bool_]:
    """Whether questions are about codes: far nearer to one than everyday questions are, and to no code much nearer.

    Args:
        questions: m of them, as they were put.
        codes: shape (n, dimension), unit rows: all codes of a study, so that each question finds its own.
        embedder: the one that made their vectors.

    Returns:
        shape (m, n).
    """
    if not questions or not len(codes):
        return np.zeros((len(questions), len(codes)), np.bool_)
    near = deviations_of(questions, codes, embedder)
    about: NDArray[np.bool_] = (near >= LEAST_CODE_DEVIATIONS) & (near >= near.max(1, keepdims=True) - MOST_BEHIND)
    return about


def deviations_of(texts: Sequence[str], matters: Vectors, embedder: Embedder) -> NDArray[np.float32]:
    """How much nearer m texts are to n matters than everyday questions are, in standard deviations, shape (m, n)."""
    rows = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    everyday = background_of(embedder) @ matters.T
    near = embedder.embed_passages(list(rows)) @ matters.T - everyday.mean(0)
    deviations: NDArray[np.float32] = near / np.maximum(everyday.std(0), 1e-6)
    of_texts: NDArray[np.float32] = deviations[[rows[text] for text in texts]]
    return of_texts
