"""What readers keep: lists of quotes, and what they think of an answer."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, created_at, new_id


def _put_in_order() -> Mapped[datetime]:
    """When a row came to be, also within a transaction: what is put in later stands later."""
    return mapped_column(server_default=func.clock_timestamp())


class Collection(Base):
    """A list of quotes of one study under a link of its own."""

    __tablename__ = "collection"
    __table_args__ = (Index(None, "study_id", "created_at"),)
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    title: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[datetime] = _put_in_order()


class CollectedQuote(Base):
    """Words of a participant in a collection, half-open in their utterance; `place` orders them."""

    __tablename__ = "collected_quote"
    __table_args__ = (
        UniqueConstraint("collection_id", "utterance_id", "start", "end"),
        CheckConstraint('0 <= start AND start < "end"', name="span"),
    )
    id: Mapped[uuid.UUID] = new_id()
    collection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("collection.id", ondelete="CASCADE"))
    utterance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("utterance.id", ondelete="CASCADE"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    place: Mapped[int] = mapped_column(server_default=text("0"))
    note: Mapped[str | None]
    author: Mapped[str]
    created_at: Mapped[datetime] = _put_in_order()


class AnswerFeedback(Base):
    """What one reader thinks of an answer, and why; who changes their mind has one opinion still."""

    __tablename__ = "answer_feedback"
    __table_args__ = (CheckConstraint("verdict IN ('helpful', 'unhelpful')", name="verdict"),)
    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True)
    author: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = created_at()
