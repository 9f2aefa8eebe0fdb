"""Questions that come in a query string."""

from pydantic import ValidationError

from app.answering.schemas import Question
from app.errors import Fault, InvalidInputError
from app.scope import Filters


def question_of(text: str, study: str, filters: Filters) -> Question:
    """Make a question of the query parameter `q`.

    Raises:
        InvalidInputError: nobody could answer it, whatever the study.
    """
    try:
        return Question(question=text, study=study, filters=filters)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise InvalidInputError("this cannot be asked", (Fault("query.q", "is no question", reason),)) from error
