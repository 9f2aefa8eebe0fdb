"""What makes words findable: embedding models, passages, codes, taggings, calibrations."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, HalfVectors, Json, created_at, new_id, of_study, one_of
from app.vocabulary import Kind, Polarity


class EmbeddingModel(Base):
    """Where vectors come from. One model is active; vectors of another are never compared with its questions."""

    __tablename__ = "embedding_model"
    __table_args__ = (
        UniqueConstraint("name", "revision", "dimension"),
        Index("uq_embedding_model_active", "active", unique=True, postgresql_where=text("active")),
    )
    id: Mapped[uuid.UUID] = new_id()
    name: Mapped[str]
    revision: Mapped[str]
    dimension: Mapped[int]
    active: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = created_at()


class Passage(Base):
    """What is embedded: a participant's utterance together with the question it answers.

    Passages exist for published transcripts only; what has no passage cannot be found.
    """

    __tablename__ = "passage"
    utterance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("utterance.id", ondelete="CASCADE"), primary_key=True)
    study_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("utterance.id", ondelete="SET NULL"))
    language: Mapped[str]
    model_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("embedding_model.id"), index=True)
    embedding: Mapped[Any] = mapped_column(HalfVectors)
    __table_args__ = (
        Index("ix_passage_scope", "study_id", "language"),
        Index("ix_passage_people", "study_id", "participant_id", "language"),
    )


class Lexicon(Base):
    """How many passages a study had in a language when their words were counted last."""

    __tablename__ = "lexicon"
    study_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    passages: Mapped[int]


class Lexeme(Base):
    """How many passages of a study in a language hold a word, stemmed; words that few of them hold are not listed."""

    __tablename__ = "lexeme"
    __table_args__ = (
        ForeignKeyConstraint(["study_id", "language"], ["lexicon.study_id", "lexicon.language"], ondelete="CASCADE"),
    )
    study_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    lexeme: Mapped[str] = mapped_column(primary_key=True)
    passages: Mapped[int]


class Calibration(Base):
    """What relevance scores mean in a study under an embedder: the scores that chance rarely, or often, reaches.

    One threshold for each size of scope (number of passages), ascending.
    """

    __tablename__ = "calibration"
    study_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"), primary_key=True)
    model_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("embedding_model.id"), primary_key=True)
    sizes: Mapped[list[int]]
    strong: Mapped[list[float]]
    fair: Mapped[list[float]]


class Code(Base):
    """A tag of the study's codebook, under one of the kinds.

    What has `retired_at` is neither searched, nor tagged, nor counted any more; if it was merged, its taggings are at
    `merged_into`. References by `former_names` lead to it. What a person edited has `edited_at`, and no study folder
    changes it any more.
    """

    __tablename__ = "code"
    __table_args__ = (UniqueConstraint("study_id", "code"), one_of("kind", Kind))
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    code: Mapped[str]
    kind: Mapped[str]
    labels: Mapped[Json]
    about: Mapped[str]
    examples: Mapped[list[str]]
    former_names: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    retired_at: Mapped[datetime | None]
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("code.id", ondelete="SET NULL"), index=True)
    edited_at: Mapped[datetime | None]
    model_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("embedding_model.id"))
    embedding: Mapped[Any] = mapped_column(HalfVectors)


class Tagging(Base):
    """A code on a span of an utterance, affirmed or denied, by a person, a rule or a model."""

    __tablename__ = "tagging"
    __table_args__ = (
        UniqueConstraint("utterance_id", "code_id", "author", "start", "end"),
        CheckConstraint('0 <= start AND start < "end"', name="span"),
        CheckConstraint("basis IN ('person', 'rule', 'model')", name="basis"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        one_of("polarity", Polarity),
        Index("ix_tagging_confidence", "study_id", "confidence", "id"),
        Index("ix_tagging_of_code", "study_id", "code_id", text("confidence DESC"), "utterance_id"),
    )
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    utterance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("utterance.id", ondelete="CASCADE"))
    code_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("code.id", ondelete="CASCADE"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    polarity: Mapped[str]
    author: Mapped[str]
    basis: Mapped[str]
    confidence: Mapped[float]
    created_at: Mapped[datetime] = created_at()
