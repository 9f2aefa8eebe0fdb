"""Questions that come in a query string."""

import uuid

from app.answering import questions
from app.answering.schemas import AUDIENCES, Question
from app.scope import Filters


def question_of(
    text: str, study: str, filters: Filters, audience: str = AUDIENCES[0], thread_id: uuid.UUID | None = None
) -> Question:
    """Make a question of the parameter `q`.

    Raises:
        InvalidInputError: nobody could answer it, whatever the study.
    """
    return questions.question_of(text, study, filters, place="query.q", audience=audience, thread_id=thread_id)
