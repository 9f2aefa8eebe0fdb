"""What a chat model made of an interview: a gist of each passage, and the story of the job; never shown as a quote."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, HalfVectors, created_at, new_id, of_study, one_of
from app.vocabulary import JobField


class PassageGist(Base):
    """One neutral line about a passage in the study's working language, by which it is found and never quoted."""

    __tablename__ = "passage_gist"
    utterance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("utterance.id", ondelete="CASCADE"), primary_key=True)
    study_id: Mapped[uuid.UUID] = of_study()
    text: Mapped[str]
    language: Mapped[str]
    chat_model: Mapped[str]
    prompt: Mapped[str]
    model_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("embedding_model.id"), index=True)
    embedding: Mapped[Any] = mapped_column(HalfVectors)
    created_at: Mapped[datetime] = created_at()


class JobRecord(Base):
    """That a chat model read a transcript for the story of the job, and by which prompt."""

    __tablename__ = "job_record"
    __table_args__ = (UniqueConstraint("transcript_id"),)
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    transcript_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("transcript.id", ondelete="CASCADE"))
    chat_model: Mapped[str]
    prompt: Mapped[str]
    created_at: Mapped[datetime] = created_at()


class JobRecordEntry(Base):
    """One thing in the story of a job: its field, in a few words, and the participant's words that say so."""

    __tablename__ = "job_record_entry"
    __table_args__ = (
        UniqueConstraint("record_id", "field", "place"),
        CheckConstraint('0 <= start AND start < "end"', name="span"),
        one_of("field", JobField),
    )
    id: Mapped[uuid.UUID] = new_id()
    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("job_record.id", ondelete="CASCADE"))
    field: Mapped[str]
    place: Mapped[int]
    statement: Mapped[str]
    utterance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("utterance.id", ondelete="CASCADE"), index=True)
    start: Mapped[int]
    end: Mapped[int]
