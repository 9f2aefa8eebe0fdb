"""What was answered, and the keys of those who may ask."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
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


class ApiKey(Base):
    """A key to the service; only its SHA-256 is stored."""

    __tablename__ = "api_key"
    __table_args__ = (CheckConstraint("role IN ('viewer', 'researcher', 'admin')", name="role"),)
    id: Mapped[uuid.UUID] = new_id()
    identifier: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    secret_sha256: Mapped[str]
    created_at: Mapped[datetime] = created_at()
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
