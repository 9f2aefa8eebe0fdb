"""External documents, which are never counted as people: versions of each, cut into chunks that can be found."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, HalfVectors, created_at, new_id, of_study, one_of
from app.text_search import SEARCH_CONFIGURATIONS
from app.vocabulary import SourceKind


class Source(Base):
    """An external document under a code of its study; `version_id` is the version that questions see.

    `problem` is why it could not be read when that was tried last.
    """

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("study_id", "code"), one_of("kind", SourceKind))
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    code: Mapped[str]
    kind: Mapped[str]
    competitor: Mapped[str | None]
    title: Mapped[str]
    url: Mapped[str | None]
    problem: Mapped[str | None]
    version_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("source_version.id", ondelete="SET NULL", use_alter=True), index=True
    )
    created_at: Mapped[datetime] = created_at()


class SourceVersion(Base):
    """What a document said at a time: its bytes and their text, which a trigger keeps from ever changing."""

    __tablename__ = "source_version"
    __table_args__ = (UniqueConstraint("source_id", "version"), UniqueConstraint("source_id", "sha256"))
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    version: Mapped[int]
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    text: Mapped[str] = mapped_column(deferred=True)
    language: Mapped[str]
    extractor: Mapped[str]
    date: Mapped[date | None]
    seen_at: Mapped[datetime] = created_at()
    created_at: Mapped[datetime] = created_at()


class SourceChunk(Base):
    """A stretch of a version's text, `text[start:end]` of it (code points), as it is searched and cited."""

    __tablename__ = "source_chunk"
    __table_args__ = (
        UniqueConstraint("version_id", "index"),
        CheckConstraint('0 <= start AND start < "end"', name="span"),
        Index("ix_source_chunk_words", "words", postgresql_using="gin"),
    )
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("source_version.id", ondelete="CASCADE"))
    index: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    heading: Mapped[str | None]
    language: Mapped[str]
    text: Mapped[str]
    model_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("embedding_model.id"), index=True)
    embedding: Mapped[Any] = mapped_column(HalfVectors)
    words: Mapped[Any] = mapped_column(TSVECTOR, Computed(SEARCH_CONFIGURATIONS.words_expression, persisted=True))
