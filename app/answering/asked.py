"""Whether interviewers asked about a matter at all: what was never asked cannot have been answered."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    return len(PutQuestions.of(put, services.embedder).near(found.vector))


@dataclass(frozen=True)
class PutQuestions:
    """What interviewers put, to whom, and as vectors, shape (m, dimension), beside those of everyday questions."""

    people: tuple[str, ...]
    vectors: Vectors
    everyday: Vectors

    @classmethod
    def of(cls, put: Sequence[tuple[str, str]], embedder: Embedder) -> "PutQuestions":
        """Embed what was put to whom, the same words once."""
        rows = {text: number for number, text in enumerate(dict.fromkeys(text for text, _ in put))}
        vectors = embedder.embed_passages(list(rows))[[rows[text] for text, _ in put]]
        return cls(tuple(person for _, person in put), vectors, background_of(embedder))

    def near(self, matter: Vector) -> frozenset[str]:
        """The people to whom something was put that comes near to a question, far nearer than everyday questions do."""
        near = nearness(self.vectors, matter[None, :], self.everyday)[:, 0]
        return frozenset(self.people[row] for row in np.flatnonzero(near >= LEAST_DEVIATIONS))

    def about(self, codes: Vectors) -> NDArray[np.bool_]:
        """Whether each is about codes: far nearer to one than everyday questions are, and to no code much nearer.

        Args:
            codes: shape (n, dimension), unit rows: all codes of a study, so that each question finds its own.

        Returns:
            shape (m, n).
        """
        if not self.people or not len(codes):
            return np.zeros((len(self.people), len(codes)), np.bool_)
        near = nearness(self.vectors, codes, self.everyday)
        about: NDArray[np.bool_] = (near >= LEAST_CODE_DEVIATIONS) & (near >= near.max(1, keepdims=True) - MOST_BEHIND)
        return about


def nearness(vectors: Vectors, matters: Vectors, everyday: Vectors) -> NDArray[np.float32]:
    """How much nearer m things are to n matters than everyday questions are, in standard deviations.

    Args:
        vectors: shape (m, dimension), unit rows.
        matters: shape (n, dimension), unit rows.
        everyday: shape (k, dimension), unit rows, k >= 2.

    Returns:
        shape (m, n).
    """
    chance = everyday @ matters.T
    above: NDArray[np.float32] = (vectors @ matters.T - chance.mean(0)) / np.maximum(chance.std(0), 1e-6)
    return above
