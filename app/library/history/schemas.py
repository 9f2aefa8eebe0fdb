"""What is told of answers that were given."""

import datetime as dt
import uuid
from typing import Literal

from pydantic import Field

from app.answering.schemas import Status
from app.frozen import Frozen

Verdict = Literal["helpful", "unhelpful"]

LONGEST_REASON = 2_000


class AnswerEntry(Frozen):
    """A question that was answered; `url` is the permanent link of the answer."""

    id: uuid.UUID
    study: str
    question: str
    language: str
    status: Status
    quotes: int
    helpful: int
    unhelpful: int
    thread_id: uuid.UUID | None
    created_at: dt.datetime
    url: str


class AnswerPage(Frozen):
    """Answers of a study, the newest first."""

    answers: tuple[AnswerEntry, ...]
    next_cursor: str | None


class Feedback(Frozen):
    """What a reader thinks of an answer, and why."""

    verdict: Verdict
    reason: str | None = Field(None, max_length=LONGEST_REASON, description="in a reader's own words")


class GivenFeedback(Feedback):
    """What one reader thinks of an answer."""

    author: str
    created_at: dt.datetime


class FeedbackList(Frozen):
    """What the readers of an answer think of it, the newest first."""

    feedback: tuple[GivenFeedback, ...]
