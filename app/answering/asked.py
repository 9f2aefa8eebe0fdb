"""Whether interviewers asked about a matter at all: what was never asked cannot have been answered."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.answering.find import Found, Vector, read_scope
from app.answering.retrieve import search_questions
from app.answering.support import background_of
from app.embedding import Embedder
from app.services import Services

# Deviations above the cosines of a question to everyday questions. Measured on the sample study: of the gold questions
# that nobody was asked, 12 of 13 stay below it.
LEAST_DEVIATIONS = 6.0


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
    everyday = background_of(embedder) @ question
    cosines = embedder.embed_passages([text for text, _ in put]) @ question
    least = everyday.mean() + LEAST_DEVIATIONS * everyday.std()
    return frozenset(person for (_, person), cosine in zip(put, cosines, strict=True) if cosine >= least)
