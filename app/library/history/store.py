"""What readers think of answers, kept."""

import uuid

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.library.history.schemas import Feedback
from app.models import AnswerFeedback


def put_feedback(session: Session, answer_id: uuid.UUID, feedback: Feedback, author: str) -> None:
    """Keep what a reader thinks of an answer now, in place of what they thought before."""
    values = {"answer_id": answer_id, "author": author, **feedback.model_dump()}
    changed = {**feedback.model_dump(), "created_at": func.now()}
    statement = insert(AnswerFeedback).values(values)
    session.execute(statement.on_conflict_do_update(index_elements=["answer_id", "author"], set_=changed))
