"""What was said: interviews, recordings, transcript versions, utterances, and their way in."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, created_at, new_id, of_study, one_of
from app.text_search import SEARCH_CONFIGURATIONS
from app.vocabulary import Mode, Role


class Interview(Base):
    """One conversation. `transcript_id` is the version that questions see; `None` until it is published.

    `consent` is what holds, `consent_told` what the study folder said last: what it says anew holds from then on.
    """

    __tablename__ = "interview"
    __table_args__ = (UniqueConstraint("study_id", "code"), one_of("mode", Mode))
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    code: Mapped[str]
    date: Mapped[date | None]
    mode: Mapped[str]
    interviewer: Mapped[str | None]
    interviewer_language: Mapped[str | None]
    speakers: Mapped[Json]
    consent: Mapped[Json]
    consent_told: Mapped[Json | None]
    transcript_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("transcript.id", ondelete="SET NULL", use_alter=True), index=True
    )
    published_at: Mapped[datetime | None]


class ConsentChange(Base):
    """What consent somebody entered here for an interview, and when."""

    __tablename__ = "consent_change"
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    consent: Mapped[Json]
    author: Mapped[str]
    created_at: Mapped[datetime] = created_at()


class InterviewParticipant(Base):
    """Who was interviewed in an interview: one person, sometimes several."""

    __tablename__ = "interview_participant"
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Recording(Base):
    """An audio or video file; its identity is the SHA-256 of its bytes. `label` names the one speaker of a track."""

    __tablename__ = "recording"
    __table_args__ = (UniqueConstraint("interview_id", "sha256"),)
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    sha256: Mapped[str]
    name: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str | None]
    duration_ms: Mapped[int | None]
    label: Mapped[str | None]


class Transcript(Base):
    """One immutable version of what was said in an interview, with the file that it was made from, byte for byte.

    A version in which a person put words right has the file of the one that it `corrects`, and the `corrected_words`.
    """

    __tablename__ = "transcript"
    __table_args__ = (UniqueConstraint("interview_id", "version"), UniqueConstraint("interview_id", "fingerprint"))
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    version: Mapped[int]
    maker: Mapped[str]
    source_name: Mapped[str]
    source_sha256: Mapped[str]
    source: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    fingerprint: Mapped[str]
    corrects: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("transcript.id", ondelete="CASCADE"), index=True)
    corrected_words: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = created_at()


class Alignment(Base):
    """What was heard in the recordings of an interview of which somebody gave the transcript: its times come from it.

    `made_from` tells which recordings were heard, and how; `heard` is the transcription that `maker` made of them.
    """

    __tablename__ = "alignment"
    transcript_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("transcript.id", ondelete="CASCADE"), primary_key=True)
    study_id: Mapped[uuid.UUID] = of_study()
    made_from: Mapped[str]
    maker: Mapped[str]
    heard: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = created_at()


class Utterance(Base):
    """One turn of one speaker. Its words never change (a trigger holds that); role, speaker and times may be corrected.

    `cues` maps the text back to the cues of the file: `[cue, start, end, start_ms, end_ms]`, offsets half-open; where
    the times come from the recording, each word is an entry.
    """

    __tablename__ = "utterance"
    __table_args__ = (
        UniqueConstraint("transcript_id", "index"),
        one_of("role", Role),
        CheckConstraint("role <> 'participant' OR participant_id IS NOT NULL", name="participant_is_known"),
        Index(
            "ix_utterance_search",
            text("(words || array_to_tsvector(ARRAY[CAST(study_id AS text) || language]))"),
            postgresql_using="gin",
            postgresql_where=text("role = 'participant'"),
        ),
        Index(
            "ix_utterance_asked",
            text("(words || array_to_tsvector(ARRAY[CAST(study_id AS text) || language]))"),
            postgresql_using="gin",
            postgresql_where=text("role IN ('interviewer', 'interpreter')"),
        ),
    )
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
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


class IngestRun(Base):
    """The way of one transcript file, or of an interview's recordings, to its published interview.

    It holds the stage, the lease and, if it failed, why; `done` of `total` seconds of audio are transcribed. What was
    published has `warnings`.
    """

    __tablename__ = "ingest_run"
    __table_args__ = (
        UniqueConstraint("interview_id", "fingerprint"),
        CheckConstraint("status IN ('queued', 'running', 'published', 'failed', 'cancelled')", name="status"),
    )
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    fingerprint: Mapped[str]
    status: Mapped[str]
    stage: Mapped[str]
    done: Mapped[int] = mapped_column(server_default=text("0"))
    total: Mapped[int] = mapped_column(server_default=text("0"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None]
    warnings: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    lease_token: Mapped[uuid.UUID | None]
    lease_until: Mapped[datetime | None]
    updated_at: Mapped[datetime] = created_at()
