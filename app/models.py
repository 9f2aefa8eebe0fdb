"""The tables. Migrations make them; these classes map them."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.text_search import SEARCH_CONFIGURATIONS
from app.vocabulary import Kind, Mode, Polarity, Role

Json = dict[str, Any]


class Base(DeclarativeBase):
    """All tables, with one naming convention for constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        list[str]: ARRAY(Text),
        Json: JSONB,
        list[Json]: JSONB,
        list[int]: ARRAY(Integer),
        list[float]: ARRAY(Double),
        datetime: DateTime(timezone=True),
        Decimal: Numeric(14, 2),
    }


def _one_of(column: str, words: type[Role] | type[Mode] | type[Polarity] | type[Kind]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _id() -> Mapped[uuid.UUID]:
    return mapped_column(primary_key=True, default=uuid.uuid4, server_default=func.gen_random_uuid())


def _study() -> Mapped[uuid.UUID]:
    return mapped_column(ForeignKey("study.id", ondelete="CASCADE"), index=True)


def _created() -> Mapped[datetime]:
    return mapped_column(server_default=func.now())


class Study(Base):
    """One research project; nothing of it is visible from another."""

    __tablename__ = "study"
    id: Mapped[uuid.UUID] = _id()
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    languages: Mapped[list[str]]
    product: Mapped[str | None]
    competitors: Mapped[list[str]]
    created_at: Mapped[datetime] = _created()


class TeamMember(Base):
    """A colleague of the study; the knowledge holders of gaps come from here."""

    __tablename__ = "team_member"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    code: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    contact: Mapped[str | None]


class Segment(Base):
    """A group of customers with the criteria that qualify for it."""

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("study_id", "slug"),)
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    slug: Mapped[str]
    labels: Mapped[Json]
    aliases: Mapped[list[str]]
    description: Mapped[str | None]
    criteria: Mapped[list[Json]]


class Customer(Base):
    """A row of the company's customer base; `band` and `abcd_class` come from it alone, never from speech."""

    __tablename__ = "customer"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    code: Mapped[str]
    first_purchase: Mapped[date | None]
    purchases: Mapped[int | None]
    revenue_eur: Mapped[Decimal | None]
    ltv_eur: Mapped[Decimal | None]
    band: Mapped[str | None]
    abcd_class: Mapped[str | None]
    attributes: Mapped[Json]


class Participant(Base):
    """A person who was interviewed, under a pseudonymous code."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    code: Mapped[str]
    customer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"), index=True)
    segment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("segment.id", ondelete="SET NULL"), index=True)
    language: Mapped[str | None]
    attributes: Mapped[Json]


class Interview(Base):
    """One conversation. `transcript_id` is the version that questions see; `None` until it is published."""

    __tablename__ = "interview"
    __table_args__ = (UniqueConstraint("study_id", "code"), _one_of("mode", Mode))
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    code: Mapped[str]
    date: Mapped[date | None]
    mode: Mapped[str]
    interviewer: Mapped[str | None]
    interviewer_language: Mapped[str | None]
    speakers: Mapped[Json]
    consent: Mapped[Json]
    transcript_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("transcript.id", ondelete="SET NULL", use_alter=True), index=True
    )
    published_at: Mapped[datetime | None]


class InterviewParticipant(Base):
    """Who was interviewed in an interview: one person, sometimes several."""

    __tablename__ = "interview_participant"
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Recording(Base):
    """An audio or video file; its identity is the SHA-256 of its bytes."""

    __tablename__ = "recording"
    __table_args__ = (UniqueConstraint("interview_id", "sha256"),)
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    sha256: Mapped[str]
    name: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)


class Transcript(Base):
    """One immutable version of what was said in an interview, with the file that it was made from, byte for byte."""

    __tablename__ = "transcript"
    __table_args__ = (UniqueConstraint("interview_id", "version"), UniqueConstraint("interview_id", "fingerprint"))
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    version: Mapped[int]
    maker: Mapped[str]
    source_name: Mapped[str]
    source_sha256: Mapped[str]
    source: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    fingerprint: Mapped[str]
    created_at: Mapped[datetime] = _created()


class Utterance(Base):
    """One turn of one speaker. Its words never change (a trigger holds that); role and speaker may be corrected.

    `cues` maps the text back to the cues of the file: `[cue, start, end, start_ms, end_ms]`, offsets half-open.
    """

    __tablename__ = "utterance"
    __table_args__ = (
        UniqueConstraint("transcript_id", "index"),
        _one_of("role", Role),
        CheckConstraint("role <> 'participant' OR participant_id IS NOT NULL", name="participant_is_known"),
        Index("ix_utterance_words", "words", postgresql_using="gin", postgresql_where=text("role = 'participant'")),
    )
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    transcript_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("transcript.id", ondelete="CASCADE"))
    participant_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    index: Mapped[int]
    speaker: Mapped[str | None]
    role: Mapped[str]
    role_basis: Mapped[str]
    role_confidence: Mapped[float]
    language: Mapped[str]
    language_confidence: Mapped[float]
    text: Mapped[str]
    start_ms: Mapped[int | None]
    end_ms: Mapped[int | None]
    confidence: Mapped[float | None]
    cues: Mapped[list[Json]]
    words: Mapped[Any] = mapped_column(TSVECTOR, Computed(SEARCH_CONFIGURATIONS.words_expression, persisted=True))


class EmbeddingModel(Base):
    """Where vectors come from. One model is active; vectors of another are never compared with its questions."""

    __tablename__ = "embedding_model"
    __table_args__ = (
        UniqueConstraint("name", "revision", "dimension"),
        Index("uq_embedding_model_active", "active", unique=True, postgresql_where=text("active")),
    )
    id: Mapped[uuid.UUID] = _id()
    name: Mapped[str]
    revision: Mapped[str]
    dimension: Mapped[int]
    active: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = _created()


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
    embedding: Mapped[Any] = mapped_column(HALFVEC)
    __table_args__ = (Index("ix_passage_scope", "study_id", "language"),)


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
    """A tag of the study's codebook, under one of the kinds."""

    __tablename__ = "code"
    __table_args__ = (UniqueConstraint("study_id", "code"), _one_of("kind", Kind))
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    code: Mapped[str]
    kind: Mapped[str]
    labels: Mapped[Json]
    about: Mapped[str]
    examples: Mapped[list[str]]
    model_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("embedding_model.id"))
    embedding: Mapped[Any] = mapped_column(HALFVEC)


class Tagging(Base):
    """A code on a span of an utterance, affirmed or denied, by a person, a rule or a model."""

    __tablename__ = "tagging"
    __table_args__ = (
        UniqueConstraint("utterance_id", "code_id", "author", "start", "end"),
        CheckConstraint('0 <= start AND start < "end"', name="span"),
        CheckConstraint("basis IN ('person', 'rule', 'model')", name="basis"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        _one_of("polarity", Polarity),
    )
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    utterance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("utterance.id", ondelete="CASCADE"))
    code_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("code.id", ondelete="CASCADE"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    polarity: Mapped[str]
    author: Mapped[str]
    basis: Mapped[str]
    confidence: Mapped[float]
    created_at: Mapped[datetime] = _created()


class IngestRun(Base):
    """The way of one transcript file to its published interview: stage, lease and, if it failed, why."""

    __tablename__ = "ingest_run"
    __table_args__ = (
        UniqueConstraint("interview_id", "fingerprint"),
        CheckConstraint("status IN ('queued', 'running', 'published', 'failed')", name="status"),
    )
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    fingerprint: Mapped[str]
    status: Mapped[str]
    stage: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None]
    lease_token: Mapped[uuid.UUID | None]
    lease_until: Mapped[datetime | None]
    updated_at: Mapped[datetime] = _created()


class Answer(Base):
    """A given answer under its permanent link."""

    __tablename__ = "answer"
    id: Mapped[uuid.UUID] = _id()
    study_id: Mapped[uuid.UUID] = _study()
    question: Mapped[str]
    body: Mapped[Json]
    created_at: Mapped[datetime] = _created()


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
    id: Mapped[uuid.UUID] = _id()
    identifier: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    secret_sha256: Mapped[str]
    created_at: Mapped[datetime] = _created()
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
