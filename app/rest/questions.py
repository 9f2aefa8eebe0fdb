"""Questions that come in a query string."""

import uuid

from app.answering import questions
from app.answering.schemas import Question
from app.scope import Filters


def question_of(text: str, study: str, filters: Filters, thread_id: uuid.UUID | None = None) -> Question:
    """Make a question of the parameter `q`.

    Raises:
        InvalidInputError: nobody could answer it, whatever the study.
    """
    return questions.question_of(text, study, filters, place="query.q", thread_id=thread_id)
