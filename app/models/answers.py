"""What was answered."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, created_at, new_id, of_study


class Answer(Base):
    """A given answer under its permanent link."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_thread", "study_id", text("(body ->> 'thread_id')"), "created_at"),)
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    question: Mapped[str]
    body: Mapped[Json]
    created_at: Mapped[datetime] = created_at()


class AnswerCitation(Base):
    """Which utterance an answer quotes, so that corrections and erasure find the answer."""

    __tablename__ = "answer_citation"
    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    utterance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("utterance.id", ondelete="CASCADE"), index=True)
