"""Questions made of what somebody wrote, with a message for what nobody could answer."""

import uuid

from pydantic import ValidationError

from app.answering.schemas import AUDIENCES, Question
from app.errors import Fault, InvalidInputError
from app.scope import Filters


def question_of(
    text: str,
    study: str,
    filters: Filters,
    *,
    place: str = "question",
    audience: str = AUDIENCES[0],
    limit: int = 8,
    thread_id: uuid.UUID | None = None,
) -> Question:
    """Make a question of what was written at a place of the input.

    Raises:
        InvalidInputError: nobody could answer it, whatever the study.
    """
    try:
        return Question.model_validate(
            {
                "question": text,
                "study": study,
                "filters": filters,
                "audience": audience,
                "limit": limit,
                "thread_id": thread_id,
            }
        )
    except ValidationError as error:
        fault = error.errors()[0]
        reason = fault["msg"].removeprefix("Value error, ")
        where = place if fault["loc"][0] == "question" else str(fault["loc"][0])
        raise InvalidInputError("this cannot be asked", (Fault(where, "is no question", reason),)) from error
