"""Passages: which question each participant's utterance answers, and the vector of both together."""

from collections.abc import Sequence

from app.embedding import Embedder, Vectors, unit_rows
from app.tagging.targets import embed_asked
from app.vocabulary import Role

QUESTION_WEIGHT = 0.3
LEAST_QUESTION_WORDS = 3


def questions_before(roles: Sequence[Role], texts: Sequence[str]) -> tuple[int | None, ...]:
    """Find the interviewer's utterance that each utterance answers.

    It is the last thing the interviewer said before, acknowledgements ("Mhm, okay.") left out while something longer
    was said since the participant spoke; a participant who goes on still answers the same question.

    Returns:
        shape (n,): index of the question, `None` where the interviewer has not spoken yet.
    """
    questions: list[int | None] = []
    current: int | None = None
    answered = True
    for index, (role, text) in enumerate(zip(roles, texts, strict=True)):
        questions.append(current)
        if role is Role.PARTICIPANT:
            answered = True
        elif role is Role.INTERVIEWER and (answered or len(text.split()) >= LEAST_QUESTION_WORDS):
            current, answered = index, False
    return tuple(questions)


def embed_with_questions(embedder: Embedder, texts: Sequence[str], questions: Sequence[str | None]) -> Vectors:
    """Embed utterances in the light of the questions they answer.

    vector = unit(embed(utterance) + 0.3 · embed(question))

    Returns:
        shape (n, dimension), unit rows.
    """
    return with_questions(embedder.embed_passages(texts), embed_asked(questions, embedder))


def with_questions(utterances: Vectors, questions: Vectors) -> Vectors:
    """The vectors of utterances in the light of those of the questions they answer, zero without one."""
    return unit_rows(utterances + QUESTION_WEIGHT * questions)
